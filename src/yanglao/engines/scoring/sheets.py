"""Many answer sheets at once: rows of cells in, lines of CSV out, one for one, in order.

Usual rows are looked up cell by cell; a row in which one cell is unusual goes through
``score_ability`` or ``score_ltc`` like a form. Levels and reasons come from ``conclude`` and
``grade`` in both cases, kept by what they depend on, of which there is little.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from yanglao.engines.scoring.ability import conclude, hints_of, score_ability
from yanglao.engines.scoring.answers import (
    Fault,
    slices_of,
    spellings,
)
from yanglao.engines.scoring.ltc import grade, score_ltc
from yanglao.engines.scoring.tables import AbilityScale, LtcScale

ID = "id"
_ID_NAMES = (ID, "编号", "评估编号", "序号")
_SIGNS = re.compile(r"[\s._\-—–/、，,（）()《》:：\ufeff\u200b]+")
_JOINED = "；"
#: Whether a text needs no quotes in CSV. An empty one needs none either.
_PLAIN = re.compile(r'[^",\r\n]*').fullmatch
# Sums and circumstances repeat; counts of events need not.
_MOST_KEPT = 100_000


@dataclass(slots=True)
class Layout:
    """What a header says.

    Attributes:
        identity: Position of the column ``id``; None without one.
        positions: Position of each known column by code.
        missing: Codes of columns that the header lacks. twice: Codes that it has twice.
        unknown: Names in the header that are no column; they are left aside.
        width: Number of cells of the header.
    """

    identity: int | None
    positions: dict[str, int]
    missing: tuple[str, ...]
    twice: tuple[str, ...]
    unknown: tuple[str, ...]
    width: int


@dataclass(slots=True)
class Counts:
    """What became of the rows so far."""

    sheets: int = 0
    with_level: int = 0
    blank_lines: int = 0
    faulty_columns: Counter[str] = field(default_factory=Counter)


def output_header(scale: AbilityScale | LtcScale) -> list[str]:
    """The header of what ``score_rows`` gives."""
    sums = [dimension.code for dimension in scale.dimensions]
    if isinstance(scale, AbilityScale):
        return [ID, *sums, "total", "preliminary", "final", "reasons"]
    return [ID, *sums, "level", "reasons"]


def read_header(scale: AbilityScale | LtcScale, header: Sequence[str]) -> Layout:
    """Find the columns of a scale in a header: by code, clause or Chinese name, in any order."""
    known: dict[str, str] = {}
    for column in scale.columns:
        for name in column.names:
            known.setdefault(_folded(name), column.code)
    known |= {_folded(name): ID for name in _ID_NAMES}
    positions: dict[str, int] = {}
    twice, unknown = [], []
    for position, name in enumerate(header):
        code = known.get(_folded(name))
        if code is None:
            if name.strip():
                unknown.append(name.strip())
        elif code in positions:
            twice.append(code)
        else:
            positions[code] = position
    # 序号 beside id is a running number, not a second id.
    identity = next(
        (
            position
            for wanted in _ID_NAMES
            for position, name in enumerate(header)
            if _folded(name) == _folded(wanted)
        ),
        None,
    )
    positions.pop(ID, None)
    missing = [column.code for column in scale.columns if column.code not in positions]
    again = [code for code in dict.fromkeys(twice) if code != ID]
    return Layout(identity, positions, tuple(missing), tuple(again), tuple(unknown), len(header))


def score_rows(
    scale: AbilityScale | LtcScale, layout: Layout, rows: Iterable[list[str]], counts: Counts
) -> Iterator[str]:
    """Score rows one after the other, into lines of CSV with their line ends.

    A row with a fault has no level and says which column.

    Args:
        scale: The version in force.
        layout: Of the header, from ``read_header``.
        rows: Cells as they stand. Rows without anything in them are left out and counted.
        counts: Filled while the rows run through.
    """
    slow = _slow(scale, layout, counts)
    if layout.missing or layout.twice or layout.identity is None:
        for cells in rows:
            yield from _unless_blank(cells, slow, counts)
        return
    quick = _quick_ability(scale) if isinstance(scale, AbilityScale) else _quick_ltc(scale)
    pick = itemgetter(*(layout.positions[column.code] for column in scale.columns))
    tables = [spellings(column) for column in scale.columns]
    identity, width, look_up = layout.identity, layout.width, dict.__getitem__
    for cells in rows:
        if len(cells) == width:
            try:
                points = list(map(look_up, tables, pick(cells)))
            except KeyError:
                yield from _unless_blank(cells, slow, counts)
                continue
            counts.sheets += 1
            counts.with_level += 1
            name = cells[identity]
            yield f"{name if _PLAIN(name) else csv_cell(name)},{quick(points)}"
        else:
            yield from _unless_blank(cells, slow, counts)


def _unless_blank(
    cells: list[str], slow: Callable[[list[str]], list[Any]], counts: Counts
) -> Iterator[str]:
    if any(cell and not cell.isspace() for cell in cells):
        yield csv_line(slow(cells))
    else:
        counts.blank_lines += 1


def csv_cell(value: object) -> str:
    """A cell of CSV, quoted where it must be; None is empty."""
    text = "" if value is None else str(value)
    return text if _PLAIN(text) else '"' + text.replace('"', '""') + '"'


def csv_line(values: Iterable[object]) -> str:
    """A line of CSV with its line end."""
    return ",".join(map(csv_cell, values)) + "\n"


def _quick_ability(scale: AbilityScale) -> Callable[[list[int]], str]:
    """Answers in the order of the columns to the line behind ``id``."""
    parts = list(slices_of(scale))
    count = len(scale.items)
    codes = list(scale.items)
    # Answers that a hint may hang on are part of what a result depends on.
    watched = [codes.index(rule.expects.item) for rule in scale.adjustments if rule.expects]
    names = [column.code for column in scale.columns]
    kept: dict[tuple[int, ...], str] = {}

    def score(points: list[int]) -> str:
        sums = [sum(points[part]) for part in parts]
        total = sum(sums)
        key = (total, *points[count:], *[points[place] for place in watched])
        tail = kept.get(key)
        if tail is None:
            good = dict(zip(names, points, strict=True))
            found = conclude(scale, total, good)
            reasons = _JOINED.join((*found.reasons, *hints_of(scale, good)))
            tail = csv_line((total, found.preliminary, found.final, reasons))
            if len(kept) < _MOST_KEPT:
                kept[key] = tail
        return f"{','.join(map(str, sums))},{tail}"

    return score


def _quick_ltc(scale: LtcScale) -> Callable[[list[int]], str]:
    """Answers in the order of the columns to the line behind ``id``."""
    parts = list(slices_of(scale))
    names = [dimension.code for dimension in scale.dimensions]
    kept: dict[tuple[int, ...], str] = {}

    def score(points: list[int]) -> str:
        sums = tuple([sum(points[part]) for part in parts])
        line = kept.get(sums)
        if line is None:
            found = grade(scale, dict(zip(names, sums, strict=True)))
            line = kept[sums] = csv_line((*sums, found.level, _JOINED.join(found.reasons)))
        return line

    return score


def _slow(
    scale: AbilityScale | LtcScale, layout: Layout, counts: Counts
) -> Callable[[list[str]], list[Any]]:
    """A row that is unusual somewhere, scored like a form, with every fault told."""
    said = {code: "文件里没有这一列" for code in layout.missing}
    said |= {code: "文件里有两列，不能确定用哪一列" for code in layout.twice}
    absent = {
        column.code: Fault(column.code, f"{column.told}：{said[column.code]}")
        for column in scale.columns
        if column.code in said
    }
    places = [(code, place) for code, place in layout.positions.items() if code not in absent]

    def score(cells: list[str]) -> list[Any]:
        counts.sheets += 1
        # A cell too many: which answer belongs to which column is not certain any more.
        shifted = any(cell.strip() for cell in cells[layout.width :])
        answers = {
            code: cells[place] for code, place in places if place < len(cells) and not shifted
        }
        values, reasons, faults = _scored(scale, answers)
        if faults:
            faults = tuple(absent.get(fault.column, fault) for fault in faults)
            counts.faulty_columns.update([] if shifted else [fault.column for fault in faults])
            reasons = tuple(fault.says for fault in faults)
            if shifted:
                reasons = ("这一行的格数比表头多，各列可能错位，所有答案都不能确定",)
        else:
            counts.with_level += 1
        has_name = layout.identity is not None and layout.identity < len(cells)
        name = cells[layout.identity or 0] if has_name else ""
        return [name, *values, _JOINED.join(reasons)]

    return score


def _scored(
    scale: AbilityScale | LtcScale, answers: dict[str, str]
) -> tuple[list[Any], tuple[str, ...], tuple[Fault, ...]]:
    """Sums and levels (None for nothing), reasons and hints, faults."""
    if isinstance(scale, AbilityScale):
        one = score_ability(scale, answers)
        values = [*one.sums.values(), one.total, one.preliminary, one.final]
        return values, one.reasons + one.hints, one.faults
    other = score_ltc(scale, answers)
    return [*other.sums.values(), other.level], other.reasons, other.faults


def _folded(name: str) -> str:
    return _SIGNS.sub("", name).lower()
