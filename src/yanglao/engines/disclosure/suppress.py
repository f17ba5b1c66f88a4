"""Which cells of a table of counts must not be published.

A count of one to four people in a small place tells about persons. Hiding only those cells is not
enough: with the totals beside them a subtraction brings them back. So for every hidden small cell
three more cells are chosen (the corners of a rectangle, totals are cells too) along which the
table could be shifted: the small cell up by as much as counts as small, its neighbours down, and
every published number would be the same. Whoever reads the table can then not tell the cell within
that range, by subtraction or by any linear bound, whatever he tries.
"""

from collections.abc import Sequence
from dataclasses import dataclass

#: Counts from 1 to one less than this are small.
SMALLEST = 5
_TOTAL_COST = 10**9
_GRAND_COST = 10**12

Cell = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A table ready to publish; hidden cells are ``None``.

    Attributes:
        cells: Row by row. row_totals, column_totals, total: Sums as they may be told.
        small: How many cells are hidden because they are small. other: How many besides.
    """

    cells: tuple[tuple[int | None, ...], ...]
    row_totals: tuple[int | None, ...]
    column_totals: tuple[int | None, ...]
    total: int | None
    small: int
    other: int


def suppress(cells: Sequence[Sequence[int]], *, smallest: int = SMALLEST) -> Suppressed:
    """Hide small cells, and as few others as keep them hidden.

    Args:
        cells: Counts, not negative, row by row, all rows equally long; without totals.
        smallest: The least count that is told; 0 is told as well.

    Raises:
        ValueError: For a ragged or empty table, or a negative count.
    """
    table = _with_totals(cells)
    small = {
        (row, column)
        for row, line in enumerate(table)
        for column, value in enumerate(line)
        if 0 < value < smallest
    }
    hidden = set(small)
    for cell in sorted(small, key=lambda one: (table[one[0]][one[1]], one)):
        hidden |= _corners(table, cell, hidden, smallest)
    told = [
        [None if (row, column) in hidden else value for column, value in enumerate(line)]
        for row, line in enumerate(table)
    ]
    return Suppressed(
        cells=tuple(tuple(line[:-1]) for line in told[:-1]),
        row_totals=tuple(line[-1] for line in told[:-1]),
        column_totals=tuple(told[-1][:-1]),
        total=told[-1][-1],
        small=len(small),
        other=len(hidden) - len(small),
    )


def _with_totals(cells: Sequence[Sequence[int]]) -> list[list[int]]:
    if not cells or not cells[0] or len({len(line) for line in cells}) != 1:
        raise ValueError("a table needs rows, equally long")
    if any(value < 0 for line in cells for value in line):
        raise ValueError("counts are not negative")
    table = [[*line, sum(line)] for line in cells]
    return [*table, [sum(column) for column in zip(*table, strict=True)]]


def _corners(table: list[list[int]], cell: Cell, hidden: set[Cell], shift: int) -> set[Cell]:
    """Return the cheapest other corners of a rectangle along which a cell can go up by ``shift``.

    The corner in the same row and that in the same column go down, unless they are totals of the
    cell's own row or column, which go up with it; a rectangle of totals only always exists.
    """
    row, column = cell
    best: tuple[int, list[Cell]] | None = None
    for other_row in range(len(table)):
        if other_row == row:
            continue
        for other_column in range(len(table[0])):
            if other_column == column:
                continue
            corners = [(row, other_column), (other_row, column), (other_row, other_column)]
            if not _can_shift(table, cell, corners, shift):
                continue
            cost = sum(_cost(table, one) for one in corners if one not in hidden)
            if best is None or (cost, corners) < best:
                best = (cost, corners)
    if best is None:
        raise AssertionError("the rectangle of totals always shifts")
    return set(best[1])


def _can_shift(table: list[list[int]], cell: Cell, corners: list[Cell], shift: int) -> bool:
    """Say whether every corner that goes down holds at least ``shift``."""
    height, width = len(table), len(table[0])
    in_row, in_column, across = corners
    # In the line of a total the sign turns: parts minus total is nothing.
    row_turns = (cell[1] == width - 1) != (in_row[1] == width - 1)
    column_turns = (cell[0] == height - 1) != (in_column[0] == height - 1)
    moves = {
        in_row: 1 if row_turns else -1,
        in_column: 1 if column_turns else -1,
        across: (1 if row_turns else -1) * (1 if column_turns else -1),
    }
    return all(move > 0 or table[one[0]][one[1]] >= shift for one, move in moves.items())


def _cost(table: list[list[int]], cell: Cell) -> int:
    """Return how much is lost with a cell: people told of, totals much more."""
    height, width = len(table), len(table[0])
    value = table[cell[0]][cell[1]] + 1
    totals = (cell[0] == height - 1) + (cell[1] == width - 1)
    return value + (0, _TOTAL_COST, _GRAND_COST)[totals]
