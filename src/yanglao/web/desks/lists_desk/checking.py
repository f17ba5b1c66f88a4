"""What an upload would bring, as the page before the confirmation shows it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yanglao.domain.exchange.public import ListState, ReceivedList, lists
from yanglao.flows.hold_uploads import HeldUpload
from yanglao.foundation.scoping import Reader
from yanglao.kernel.idnumber import mask_id_number
from yanglao.kernel.names import mask_name
from yanglao.web.desks.lists_desk.words import joined, kind_label, month_words
from yanglao.web.kit.formats import moment
from yanglao.web.kit.parts import Stat, Status

#: A suggestion this alike is chosen beforehand; less alike ones are left to the clerk.
_LIKELY = 0.6
_SHOWN_COLUMNS = 8
_ID_COLUMNS = {"公民身份号码", "残疾人证号"}


@dataclass(frozen=True, slots=True)
class AskedColumn:
    """A column whose meaning the clerk says: field name, header, first values, what may be said."""

    field: str
    header: str
    samples: str
    options: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True, slots=True)
class CheckedSheet:
    """A sheet of a file, ready to show."""

    seen: dict[str, Any]
    kind: str
    status: Status
    where: str
    asked: tuple[AskedColumn, ...]
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    warnings: tuple[str, ...]

    @property
    def asks_first(self) -> bool:
        """Whether something must be said, or something likely was found to be confirmed."""
        return bool(self.seen["missing"]) or any(one["suggestion"] for one in self.seen["unknown"])

    @property
    def good_words(self) -> str:
        """How the rows divide, in one line."""
        seen = self.seen
        parts = [
            _("收到 %(n)s 行") % {"n": f"{seen['received']:,}"},
            _("没有问题 %(n)s 行") % {"n": f"{seen['good']:,}"},
            _("要退回 %(n)s 行") % {"n": f"{seen['bad']:,}"} if seen["bad"] else "",
            _("其中新建档案约 %(n)s 人") % {"n": f"{seen['new']:,}"} if seen["new"] else "",
            _("%(n)s 行没有可用的证件号，要靠姓名、生日和地点找人") % {"n": f"{seen['to_link']:,}"}
            if seen["to_link"]
            else "",
        ]
        return joined(parts)


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A file of an upload, ready to show."""

    name: str
    size: int
    refusal: str
    before: str
    sheets: tuple[CheckedSheet, ...]

    @property
    def unknown(self) -> bool:
        """Whether it went back only because nobody can tell what it is."""
        told = any(sheet.seen["kind"] or sheet.seen["nearest"] for sheet in self.sheets)
        return bool(self.refusal and self.sheets) and not told


@dataclass(frozen=True, slots=True)
class Checked:
    """A whole upload, ready to show."""

    files: tuple[CheckedFile, ...]
    stats: tuple[Stat, ...]
    good: int
    asks: bool
    needs_answer: bool
    asks_kind: bool


def checked(upload: HeldUpload, reader: Reader, place: str) -> Checked:
    """Return the page of an upload; one query for files that came before.

    Args:
        upload: With what was seen in it.
        reader: Whose page it is.
        place: Full name of the place that the clerk chose.
    """
    seen = upload.seen["files"]
    before = _before(upload, reader)
    names = iter(range(10_000))
    files = tuple(
        CheckedFile(
            name=one["name"],
            size=one["size"],
            refusal=one["refusal"],
            before=before.get(kept.hash, ""),
            # A whole file of somebody else's kind: there is nothing to look at or to say.
            sheets=()
            if one["refusal"] and any(sheet["kind"] for sheet in one["sheets"])
            else tuple(_sheet(sheet, upload, place, names) for sheet in one["sheets"]),
        )
        for one, kept in zip(seen, upload.files, strict=True)
    )
    sheets = [sheet for file in files for sheet in file.sheets]
    good = sum(sheet.seen["good"] for file in files for sheet in file.sheets if not file.refusal)
    asks_kind = any(file.unknown for file in files)
    return Checked(
        files=files,
        stats=_stats(files, good),
        good=good,
        asks=asks_kind or any(sheet.asked for sheet in sheets),
        needs_answer=any(sheet.seen["missing"] and sheet.asked for sheet in sheets),
        asks_kind=asks_kind,
    )


def answered(upload: HeldUpload, data: Any, reader: Reader) -> dict[str, str]:
    """Return what a posted form says about columns: header to our column, ``""`` for neither.

    Only headers that were asked about and names that were offered count.
    """
    found: dict[str, str] = {}
    for file in checked(upload, reader, "").files:
        for sheet in file.sheets:
            for column in sheet.asked:
                said = data.get(column.field)
                if said is not None and said in {value for value, _words, _on in column.options}:
                    found[column.header] = said
    return found


def _before(upload: HeldUpload, reader: Reader) -> dict[str, str]:
    """Return, for files that came in before, when and for which month."""
    rows: Iterable[ReceivedList] = lists(reader).filter(
        file_hash__in=[file.hash for file in upload.files], state=ListState.TAKEN_IN
    )
    found: dict[str, str] = {}
    for row in rows:
        batch = row.batch
        same = (batch.division_code, batch.month, batch.full) == (
            upload.asked.division,
            upload.asked.month,
            upload.asked.full,
        )
        words = _("这份文件 %(when)s 收过") % {"when": moment(batch.taken_at)}
        if same:
            words = _("%(words)s，再收一次什么都不会变。") % {"words": words}
        else:
            words = _("%(words)s，那次是%(month)s，请确认这次没有选错。") % {
                "words": words,
                "month": month_words(batch.month) or _("没有写月份的"),
            }
        found.setdefault(row.file_hash, words)
    return found


def _sheet(
    seen: dict[str, Any], upload: HeldUpload, place: str, names: "Iterable[int]"
) -> CheckedSheet:
    shown = [column["header"] for column in seen["columns"]][:_SHOWN_COLUMNS]
    at = [seen["headers"].index(header) for header in shown if header in seen["headers"]]
    meant = {column["header"]: column["name"] for column in seen["columns"]}
    return CheckedSheet(
        seen=seen,
        kind=seen["kind_label"] or (kind_label(seen["nearest"]) if seen["nearest"] else ""),
        status=_status(seen),
        where=_where(seen),
        asked=tuple(_asked(column, seen, upload, names) for column in seen["unknown"])
        if seen["choices"]
        else (),
        heads=tuple(meant[header] for header in shown),
        rows=tuple(
            tuple(_cell(row, index, meant[seen["headers"][index]]) for index in at)
            for row in seen["first_rows"]
        ),
        warnings=tuple(_warnings(seen, upload, place)),
    )


def _cell(row: Sequence[str], index: int, name: str) -> str:
    text = str(row[index]) if index < len(row) else ""
    if name in _ID_COLUMNS:
        return mask_id_number(text) if text else ""
    return mask_name(text).replace("*", "＊") if name == "姓名" and text else text


def _status(seen: dict[str, Any]) -> Status:
    if not seen["kind"]:
        return Status(_("没有认出"), "error" if seen["nearest"] else "neutral")
    if seen["bad"]:
        return Status(_("有要退回的行"), "warning")
    return Status(_("没有问题"), "success")


def _where(seen: dict[str, Any]) -> str:
    month = date.fromisoformat(seen["month"]) if seen["month"] else None
    return joined(
        [
            _("第 %(row)s 行是表头") % {"row": seen["header_row"]} if seen["header_row"] else "",
            _("标题：%(title)s") % {"title": seen["title"]} if seen["title"] else "",
            _("标题写的是 %(month)s") % {"month": month_words(month)} if month else "",
        ]
    )


def _asked(
    column: dict[str, Any], seen: dict[str, Any], upload: HeldUpload, names: "Iterable[int]"
) -> AskedColumn:
    said = upload.asked.mapping.get(column["header"])
    taken = {one["name"] for one in seen["columns"]}
    chosen = said
    if chosen is None:
        chosen = column["suggestion"] if column["likeness"] >= _LIKELY else ""
    offered = [name for name in seen["choices"] if name not in taken or name == chosen]
    required = set(seen["missing"])
    options = [("", _("不是哪一列，原样保存"), not chosen)]
    options += [
        (name, _("%(name)s（必需）") % {"name": name} if name in required else name, name == chosen)
        for name in offered
    ]
    return AskedColumn(
        field=f"column-{next(iter(names))}",
        header=column["header"],
        samples="、".join(str(value) for value in column["samples"][:3] if value),
        options=tuple(options),
    )


def _warnings(seen: dict[str, Any], upload: HeldUpload, place: str) -> Iterable[str]:
    asked = upload.asked
    if not seen["kind"]:
        return
    if seen["month"] and asked.month and seen["month"] != asked.month.isoformat():
        yield _("标题写的是 %(title)s，您选的是 %(asked)s。") % {
            "title": month_words(date.fromisoformat(seen["month"])),
            "asked": month_words(asked.month),
        }
    own = place.split(" ")[-1]
    if asked.full and seen["place"] and own and own not in seen["place"]:
        yield _(
            "标题写的是%(title)s，您选的是%(place)s的完整名单："
            "接收以后，%(place)s里不在上面的人都视为没有。"
        ) % {"title": seen["place"], "place": own}


def _stats(files: Sequence[CheckedFile], good: int) -> tuple[Stat, ...]:
    refused = sum(1 for file in files if file.refusal)
    taken = [sheet for file in files for sheet in file.sheets if not file.refusal]
    bad = sum(sheet.seen["bad"] for sheet in taken)
    return (
        Stat(_("收到"), good + bad, _("还没有写入"), unit=_("行")),
        Stat(_("没有问题"), good, unit=_("行")),
        Stat(
            _("要退回"),
            bad,
            _("接收以后可以下载，改好再报"),
            tone="accent" if bad else "",
            unit=_("行"),
        ),
        Stat(_("整份退回"), refused, tone="accent" if refused else "", unit=_("份")),
    )
