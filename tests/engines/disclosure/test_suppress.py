"""Hidden small counts cannot be got back: neither by subtraction nor by bounds."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yanglao.engines.disclosure.suppress import SMALLEST, Suppressed, suppress

TABLES = st.integers(1, 6).flatmap(
    lambda width: st.lists(
        st.lists(st.one_of(st.integers(0, 8), st.integers(0, 400)), min_size=width, max_size=width),
        min_size=1,
        max_size=7,
    )
)

#: A machine that is busy with other tests is no reason to fail.
QUIET = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def grid(told: Suppressed) -> list[list[int | None]]:
    """Return all that is published, totals as last column and row."""
    rows = [[*line, total] for line, total in zip(told.cells, told.row_totals, strict=True)]
    return [*rows, [*told.column_totals, told.total]]


def equations(told: list[list[int | None]]) -> tuple[list[dict[tuple[int, int], int]], list[int]]:
    """Return what an attacker knows: for each line, hidden cells with sign, and their sum."""
    height, width = len(told), len(told[0])
    lines = [[(r, c) for c in range(width)] for r in range(height)]
    lines += [[(r, c) for r in range(height)] for c in range(width)]
    signs, sums = [], []
    for line in lines:
        unknown: dict[tuple[int, int], int] = {}
        known = 0
        for at, cell in enumerate(line):
            sign = -1 if at == len(line) - 1 else 1
            value = told[cell[0]][cell[1]]
            if value is None:
                unknown[cell] = sign
            else:
                known += sign * value
        signs.append(unknown)
        sums.append(-known)
    return signs, sums


def bounds(told: list[list[int | None]]) -> dict[tuple[int, int], tuple[int, int | None]]:
    """Tighten bounds of hidden cells line by line until nothing moves (counts are not negative)."""
    signs, sums = equations(told)
    found: dict[tuple[int, int], tuple[int, int | None]] = {
        cell: (0, None) for line in signs for cell in line
    }
    for _ in range(60):
        before = dict(found)
        for line, total in zip(signs, sums, strict=True):
            for cell, sign in line.items():
                low: int | None = sign * total
                high: int | None = sign * total
                for other, its in line.items():
                    if other == cell:
                        continue
                    least, most = found[other]
                    if sign * its > 0:
                        low = None if low is None or most is None else low - most
                        high = None if high is None else high - least
                    else:
                        low = None if low is None else low + least
                        high = None if high is None or most is None else high + most
                least, most = found[cell]
                least = max(least, low if low is not None else 0)
                most = high if most is None else most if high is None else min(most, high)
                found[cell] = (least, most)
        if found == before:
            break
    return found


def determined(told: list[list[int | None]]) -> set[tuple[int, int]]:
    """Return hidden cells that the equations alone pin down (elimination over fractions)."""
    signs, _sums = equations(told)
    cells = sorted({cell for line in signs for cell in line})
    rows = [[Fraction(line.get(cell, 0)) for cell in cells] for line in signs]
    lead = 0
    for column in range(len(cells)):
        pivot = next((r for r in range(lead, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[lead], rows[pivot] = rows[pivot], rows[lead]
        rows[lead] = [value / rows[lead][column] for value in rows[lead]]
        for r in range(len(rows)):
            if r != lead and rows[r][column]:
                factor = rows[r][column]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[lead], strict=True)]
        lead += 1
    alone = [[at for at, value in enumerate(row) if value] for row in rows]
    return {cells[one[0]] for one in alone if len(one) == 1}


@QUIET
@given(TABLES)
def test_no_small_count_is_got_back(cells: list[list[int]]) -> None:
    told = grid(suppress(cells))
    whole = grid(suppress(cells, smallest=1))
    small = {
        (r, c)
        for r, line in enumerate(whole)
        for c, v in enumerate(line)
        if 0 < (v or 0) < SMALLEST
    }
    assert all(told[r][c] is None for r, c in small)
    assert not small & determined(told), "by subtraction"
    for cell, (low, high) in bounds(told).items():
        if cell in small:
            assert high is None or high - low >= SMALLEST, ("by bounds", cell, low, high)


@QUIET
@given(TABLES)
def test_what_is_told_is_true_and_nothing_is_hidden_without_need(cells: list[list[int]]) -> None:
    told = suppress(cells)
    for line, real in zip(told.cells, cells, strict=True):
        assert all(value is None or value == count for value, count in zip(line, real, strict=True))
    if all(v == 0 or v >= SMALLEST for line in cells for v in line):
        assert told.small == told.other == 0 and told.total == sum(map(sum, cells))


def test_few_are_hidden_in_an_ordinary_table() -> None:
    cells = [[120, 30, 9], [80, 3, 12], [400, 60, 33], [90, 25, 10]]
    told = suppress(cells)
    assert (told.small, told.other) == (1, 3)
    assert told.total == sum(map(sum, cells)) and None not in told.row_totals
    assert told.cells[1][1] is None


@pytest.mark.parametrize("cells", [[], [[]], [[1], [1, 2]], [[-1]]])
def test_tables_that_are_none_are_refused(cells: list[list[int]]) -> None:
    with pytest.raises(ValueError):
        suppress(cells)


def test_the_threshold_is_a_parameter() -> None:
    hidden = [suppress([[4, 8, 30], [50, 60, 70]], smallest=n).small for n in (1, 5, 10)]
    assert hidden == [0, 1, 2] and all(a <= b for a, b in pairwise(hidden))
