"""Which kind of list a sheet is, where its header stands, which column is what.

And what the title says: the month and the place.
The kind follows from the columns: a sheet is of a kind only if all its required columns are there.
If several kinds fit, the one whose own columns are matched best wins; a title decides between
equals; if nothing does, a person must say.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from yanglao.engines.intake.headers import (
    REASON_HEADER,
    find_column,
    header_key,
    header_text,
    mapped_keys,
    rank_of,
)
from yanglao.engines.intake.kinds import EVIDENCE, KINDS, Column, ListKind
from yanglao.engines.intake.workbook import Sheet
from yanglao.kernel.characters import half_width, without_blanks

#: The header stands in one of the first so many rows.
DEEPEST_HEADER = 20
_REASON_KEY = header_key(REASON_HEADER)
# Running numbers are extra columns, but nobody needs to be told of them.
_RUNNING_NUMBER = frozenset(("序号", "编号", "no", "行号", "顺序号", "序"))
_TITLE_POINTS = 2
# Columns that say nothing about the kind: lists of every kind describe people with them.
_ANY_LIST = frozenset(
    [column.name for column in EVIDENCE]
    + ["姓名", "公民身份号码", "民族", "婚姻状况", "户籍地区划代码", "户籍地址"]
)

_MONTH = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年|[-./])(1[0-2]|0?[1-9])(?!\d)月?")
_SIX_DIGITS = re.compile(r"(?<!\d)(20\d{2})(0[1-9]|1[0-2])(?!\d)")
_HAN_MONTH = re.compile(r"([一二三四五六七八九〇零○]{4})年(十[一二]?|[一二三四五六七八九])月")
_HAN_DIGITS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_PLACE = re.compile(
    r"(?:填报单位|报送单位|单位|地区|名称)?[::]?"
    r"((?:[\u4e00-\u9fff]{1,12}?(?:自治区|自治州|地区|自治县|兵团|街道办事处|街道|社区|[省市州盟县区旗乡镇村团连]))+)"
)
# A line above the header with several cells is a title only if it says something: 单位：…, 2026年.
_SAYS = re.compile("[:：0-9]")
_NOT_IN_PLACE = re.compile(
    r"(?:19|20)\d{2}年度?(?:第?[一二三四1-4]季度|\d{1,2}月(?:份|\d{1,2}日)?)?|关于|截至|截止|统计表|表\d*"
)


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a sheet is.

    Attributes: kind: Code of the kind, or None when the sheet is not taken in; `reason` then says
    why, in Chinese. header_row: Excel row (from 1) of the last header line, None without header;
    data begin in the row after it. header_lines: How many lines the header has, 1 or 2. headers:
    The header of every sheet column as received, "" when blank; "upper\\nlower" where it has two
    lines. columns: Sheet column (from 0) to the column of the kind that it holds, or to the name of
    an extra one. title: What stands above the header, blanks between. title_month: First day of the
    month named there or in the sheet's name. title_place: The division named there, as written
    ("和田市"); "" when none is. missing_required: Required columns that were not found, of
    `nearest`. unknown_columns: Headers that mean nothing to us (kept as extra columns); for a
    mapping. nearest: The kind that fits best, even when it does not fit. score: How well it fits;
    only good for comparing. reason: Why the sheet is not taken in; empty when it is.
    """

    kind: str | None
    header_row: int | None
    columns: dict[int, Column | str]
    title: str = ""
    title_month: date | None = None
    title_place: str = ""
    missing_required: tuple[str, ...] = ()
    unknown_columns: tuple[str, ...] = ()
    nearest: str | None = None
    score: int = 0
    reason: str = ""
    header_lines: int = 1
    headers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Fit:
    """One kind held against one header."""

    kind: ListKind
    row: int  # index of the last header line
    lines: int
    headers: tuple[str, ...]
    columns: dict[int, Column | str]
    missing: tuple[str, ...]
    matched: int  # how well the header fits, every column counted
    score: int  # how well the kind fits, only what tells kinds apart counted
    found: int  # required columns found
    unknown: tuple[str, ...] = field(default=())

    @property
    def order(self) -> tuple[bool, int, int, int]:
        return (not self.missing, self.matched, -self.lines, -self.row)


def recognise(
    sheet: Sheet, mapping: Mapping[str, str] | None = None, kind: str | None = None
) -> Recognition:
    """Recognise a sheet.

    Args: sheet: The sheet as read. mapping: A clerk's names: foreign header to canonical column
    name, or to "" to keep it as an extra column. kind: Take it as this kind and no other; required
    columns must still be there.

    Raises KeyError for an unknown kind. A sheet that cannot be taken in is a recognition with
    `kind` None and a reason.
    """
    wanted = (KINDS[kind],) if kind else tuple(KINDS.values())
    if not any(any(row) for row in sheet.rows):
        return Recognition(None, None, {}, reason=f"工作表“{sheet.name}”是空的")
    if sheet.hidden:
        return Recognition(
            None, None, {}, reason=f"工作表“{sheet.name}”是隐藏的，没有读取；如需读取，请先取消隐藏"
        )
    candidates = _candidates(sheet)
    keys = mapped_keys(mapping)
    fits = [
        max(
            (_fit(one, row, lines, headers, keys) for row, lines, headers in candidates),
            key=lambda fit: fit.order,
        )
        for one in wanted
        if candidates
    ]
    if not fits:
        return Recognition(None, None, {}, reason=_no_header(sheet))
    return _decide(sheet, fits)


def month_in(text: str) -> date | None:
    """The first day of the first month named in a text.

    2026年10月, 2026-10, 202610, 二〇二六年十月.
    """
    tidy = without_blanks(half_width(text))
    if found := _MONTH.search(tidy) or _SIX_DIGITS.search(tidy):
        return date(int(found[1]), int(found[2]), 1)
    if found := _HAN_MONTH.search(tidy):
        month = found[2].replace("十", "1" if len(found[2]) == 2 else "10").translate(_HAN_DIGITS)
        year = int(found[1].translate(_HAN_DIGITS))
        return date(year, int(month), 1) if 1900 <= year <= 2100 else None
    return None


def place_in(text: str) -> str:
    """The division named first in a title, as written; "" when none is.

    "和田市2026年10月特困人员花名册" gives 和田市.
    """
    tidy = _NOT_IN_PLACE.sub(" ", without_blanks(half_width(text)))
    for part in re.split(r"[\s()\[\],、。_\-]+", tidy):
        if found := _PLACE.match(part):
            return found[1]
    return ""


def _decide(sheet: Sheet, fits: Sequence[_Fit]) -> Recognition:
    title = _title(sheet, max(fits, key=lambda fit: fit.order))
    named = without_blanks(half_width(f"{title} {sheet.name}"))
    ranked = sorted(fits, key=lambda fit: (-len(fit.missing), _total(fit, named)), reverse=True)
    best = ranked[0]
    whole = [fit for fit in ranked if not fit.missing]
    reason = ""
    if best.missing:
        reason = _why_not(sheet, best, alone=len(fits) == 1)
    elif len(whole) > 1 and _total(whole[0], named) == _total(whole[1], named):
        labels = f"既像“{whole[0].kind.label}”，又像“{whole[1].kind.label}”"
        reason = f"工作表“{sheet.name}”{labels}，请指定名单种类"
    if best.missing and best.found < 2 and len(fits) > 1:
        return Recognition(None, None, {}, title=title, reason=_no_header(sheet))
    title = _title(sheet, best)
    return Recognition(
        kind=None if reason else best.kind.code,
        header_row=best.row + 1,
        columns=best.columns,
        title=title,
        title_month=month_in(title) or month_in(sheet.name),
        title_place=place_in(title) or place_in(sheet.name),
        missing_required=best.missing,
        unknown_columns=best.unknown,
        nearest=best.kind.code,
        score=best.score,
        reason=reason,
        header_lines=best.lines,
        headers=best.headers,
    )


def _total(fit: _Fit, named: str) -> int:
    return fit.score + _points(fit, named)


def _points(fit: _Fit, named: str) -> int:
    return _TITLE_POINTS if any(word in named for word in fit.kind.title_words) else 0


def _why_not(sheet: Sheet, best: _Fit, *, alone: bool) -> str:
    missing = "、".join(best.missing)
    if alone:
        return f"工作表“{sheet.name}”缺少“{best.kind.label}”必需的列：{missing}"
    return (
        f"工作表“{sheet.name}”不像任何一种名单；最接近“{best.kind.label}”，"
        f"但缺少必需的列：{missing}。如果列名不同，请建立列名对应"
    )


def _no_header(sheet: Sheet) -> str:
    where = f"工作表“{sheet.name}”的前 {DEEPEST_HEADER} 行中"
    return f"{where}没有找到名单的表头，可能是说明页，没有读取"


def _candidates(sheet: Sheet) -> list[tuple[int, int, tuple[str, ...]]]:
    """Rows that may be a header: (index of its last line, number of lines, the header texts)."""
    found: list[tuple[int, int, tuple[str, ...]]] = []
    for index, row in enumerate(sheet.rows[:DEEPEST_HEADER]):
        texts = tuple(header_text(cell) if isinstance(cell, str) else "" for cell in row)
        if sum(map(bool, texts)) < 2:
            continue
        found.append((index, 1, texts))
        if index + 1 < len(sheet.rows):
            found.append((index + 1, 2, _joined(texts, sheet.rows[index + 1])))
    return found


def _joined(upper: tuple[str, ...], lower_row: Sequence[object]) -> tuple[str, ...]:
    """The headers of two lines, "upper\\nlower".

    A title over several columns counts for each of them.
    """
    lower = [header_text(cell) if isinstance(cell, str) else "" for cell in lower_row]
    group, joined = "", []
    for top, bottom in zip(upper, lower, strict=True):
        group = top or group
        joined.append(
            f"{group}\n{bottom}" if bottom and group and bottom != group else bottom or top
        )
    return tuple(joined)


def _fit(
    kind: ListKind, row: int, lines: int, headers: tuple[str, ...], mapped: Mapping[str, str]
) -> _Fit:
    taken: dict[str, tuple[int, int]] = {}  # canonical name -> (rank, sheet column)
    for index, header in enumerate(headers):
        hit = _meaning(kind, header, mapped)
        if hit is not None:
            column, rank = hit
            if column.name not in taken or rank < taken[column.name][0]:
                taken[column.name] = (rank, index)
    columns: dict[int, Column | str] = {}
    unknown: list[str] = []
    held = {index: name for name, (_, index) in taken.items()}
    for index, header in enumerate(headers):
        own = kind.column(held[index]) if index in held else None
        shown = _shown(header, index, columns)
        if own is not None:
            columns[index] = own
        elif header_key(shown) != _REASON_KEY:
            columns[index] = shown
            if header and header_key(header) not in _RUNNING_NUMBER:
                unknown.append(shown)
    matched = sum(3 - min(rank, 1) for rank, _ in taken.values())
    score = sum(
        _weight(column, taken[column.name][0]) for column in kind.columns if column.name in taken
    )
    missing = tuple(column.name for column in kind.required if column.name not in taken)
    found = len(kind.required) - len(missing)
    return _Fit(kind, row, lines, headers, columns, missing, matched, score, found, tuple(unknown))


def _weight(column: Column, rank: int) -> int:
    """What a column that was found says for its kind: nothing when any list may carry it."""
    if column.name in _ANY_LIST:
        return int(column.required and column.kind == "code")
    return 3 - min(rank, 1) + 2 * column.required


def _meaning(kind: ListKind, header: str, mapped: Mapping[str, str]) -> tuple[Column, int] | None:
    """The column that a header means and how well it says so.

    0 by mapping or name, 1 by a variant, 2 in two lines.
    """
    upper, _, lower = header.rpartition("\n")
    for text, penalty in ((lower, 0), (upper + lower, 1)) if upper else ((header, 0),):
        key = header_key(text)
        if not key:
            continue
        if key in mapped:
            column = kind.column(mapped[key]) if mapped[key] else None
            return None if column is None else (column, 0)
        column = find_column(kind, key)
        if column is not None:
            return column, rank_of(column, key) + penalty
    return None


def _shown(header: str, index: int, columns: Mapping[int, Column | str]) -> str:
    """The name of an extra column: as received, told apart from others of the same name."""
    name = header.replace("\n", " ") or f"第 {index + 1} 列"
    others = {column if isinstance(column, str) else column.name for column in columns.values()}
    shown, number = name, 2
    while shown in others:
        shown, number = f"{name}（{number}）", number + 1
    return shown


def _title(sheet: Sheet, fit: _Fit) -> str:
    """What stands above the header, each text once; a line of group headings is left out."""
    above = sheet.rows[: fit.row - fit.lines + 1]
    lines = []
    for row in above:
        texts = list(
            dict.fromkeys(
                filter(None, (header_text(cell) for cell in row if cell not in ("", None)))
            )
        )
        groups = row is above[-1] and len(texts) > 1 and not any(map(_SAYS.search, texts))
        if texts and not groups:
            lines.append(" ".join(texts))
    return " ".join(lines)
