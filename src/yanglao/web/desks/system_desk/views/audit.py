"""操作记录: who did what, when, from where, to which thing, why, and with what result."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.places.public import children, names_of
from yanglao.foundation import audit as record
from yanglao.foundation.audit.words import (
    ACTS,
    SUBJECTS,
    act_words,
    detail_words,
    subject_words,
)
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.pager import query_without
from yanglao.web.kit.parts import Status
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_SIZE = 50
_LARGEST_KEY = 18


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as listed."""

    entry: AuditEntry
    place: str

    @property
    def act(self) -> str:
        """What was done."""
        return act_words(self.entry.action)

    @property
    def subject(self) -> str:
        """To what."""
        return subject_words(self.entry)

    @property
    def result(self) -> Status:
        """With what result."""
        if self.entry.result == "refused":
            return Status(_("被拒绝"), "accent")
        return (
            Status(_("查看"), "plain") if self.entry.kind == "read" else Status(_("完成"), "plain")
        )

    @property
    def detail(self) -> str:
        """What changed, what was seen."""
        return detail_words(self.entry)

    @property
    def origin(self) -> str:
        """From where."""
        return self.entry.address or str(_("平台自己"))


AUDIT = TableSpec(
    key="audit",
    caption=gettext_lazy("操作记录"),
    columns=(
        Column("entry.at", gettext_lazy("时间"), kind="moment", fixed=True),
        Column("entry.user_name", gettext_lazy("谁"), note=lambda line: line.origin),
        Column("act", gettext_lazy("做了什么"), note=lambda line: line.detail, wide=True),
        Column("subject", gettext_lazy("对象"), note=lambda line: line.place),
        Column("entry.reason", gettext_lazy("为什么"), wide=True),
        Column("result", gettext_lazy("结果"), kind="status"),
        Column("origin", gettext_lazy("来自"), hidden=True),
        Column("entry.device", gettext_lazy("设备"), hidden=True, wide=True),
        Column("detail", gettext_lazy("细节"), hidden=True, wide=True),
        Column("entry.id", gettext_lazy("编号"), kind="num", hidden=True),
    ),
    page_size=_SIZE,
)


def _bar(request: HttpRequest) -> FilterBar:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    below = [(place.code, place.name) for place in children(reader.area)]
    return bind_filters(
        request,
        (
            Filter("who", gettext_lazy("谁"), "text", hint=gettext_lazy("姓名")),
            Filter("act", gettext_lazy("做了什么"), choices=tuple(ACTS.items())),
            Filter("subject", gettext_lazy("对象"), choices=tuple(SUBJECTS.items())),
            Filter("number", gettext_lazy("对象编号"), "text"),
            Filter(
                "result",
                gettext_lazy("结果"),
                choices=(("done", gettext_lazy("完成")), ("refused", gettext_lazy("被拒绝"))),
            ),
            Filter(
                "kind",
                gettext_lazy("看还是办"),
                choices=(("read", gettext_lazy("查看")), ("write", gettext_lazy("办理"))),
            ),
            Filter("at", gettext_lazy("地点"), choices=below),
            Filter("since", gettext_lazy("从哪天起"), "date"),
            Filter("until", gettext_lazy("到哪天为止"), "date"),
        ),
        part_id="audit-list",
    )


def _only(bar: FilterBar) -> record.EntryFilter:
    return record.EntryFilter(
        who=bar["who"],
        action=bar["act"],
        subject=bar["subject"],
        subject_id=bar["number"],
        result=bar["result"],
        kind=bar["kind"],
        place=bar["at"],
        since=bar.day("since"),
        until=bar.day("until"),
    )


@screen(Permission.SEE_AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """List what was done, newest first, page by page by key."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    bar = _bar(request)
    page = record.entries_page(
        reader,
        _only(bar),
        before=_key(request, "before"),
        after=_key(request, "after"),
        size=_SIZE,
    )
    table = AUDIT.bind(
        request,
        _lines(page.entries),
        total=len(page.entries),
        export_url=reverse("system_desk:audit-export"),
        part_id="audit-list",
        empty={"title": _("没有这样的记录"), "text": _("换一个条件再找。")},
    )
    keep = query_without(request, "before", "after", "page")
    context = {
        "bar": bar,
        "table": table,
        "older": f"?{keep}before={page.older}" if page.older else "",
        "newer": f"?{keep}after={page.newer}" if page.newer else "",
        "state": record.chain_state(),
    }
    return render_page_or_part(
        request, "system_desk/audit.html", "system_desk/parts/audit.html", context
    )


@screen(Permission.SEE_AUDIT, leaves_trace=True)
def export(request: HttpRequest) -> HttpResponseBase:
    """Give the chosen records as a sheet; that is on record too."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    bar = _bar(request)
    return excel_response(request, AUDIT, _all(reader, _only(bar)), title=_("操作记录"))


def _lines(entries: tuple[AuditEntry, ...]) -> list[Line]:
    names = names_of({entry.place_code for entry in entries} - {""})
    return [Line(entry, names.get(entry.place_code, entry.place_code)) for entry in entries]


def _all(reader: Reader, only: record.EntryFilter) -> Iterator[Line]:
    for entry in record.export_entries(reader, only):
        yield Line(entry, entry.place_code)


def _key(request: HttpRequest, name: str) -> int:
    text = request.GET.get(name, "") or "0"
    if not (text.isascii() and text.isdigit() and len(text) <= _LARGEST_KEY):
        raise BadRequest(_("页码读不懂。"))
    return int(text)
