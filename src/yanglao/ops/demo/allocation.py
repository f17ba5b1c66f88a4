"""How many people of which county, sex and age: the census shares, to the person.

The census of 2020 is the last count there is, so its shares by county, sex and five-year age are
kept for 2026 and the birth years move along: a group of 60 to 64 stays a group of 60 to 64.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from yanglao.kernel.dates import anniversary
from yanglao.ops.demo.rates import Chooser
from yanglao.ops.demo.tables import BANDS, census, counties

K = TypeVar("K")
Cell = tuple[str, str, int]  # county, sex, first age of the group


def share_out(total: int, weights: Mapping[K, int]) -> dict[K, int]:
    """Share a total out in proportion to weights, exactly (largest remainder; ties by order)."""
    whole = sum(weights.values())
    parts = {key: total * weight // whole for key, weight in weights.items()}
    left = total - sum(parts.values())
    by_remainder = sorted(weights, key=lambda key: -(total * weights[key] % whole))
    for key in by_remainder[:left]:
        parts[key] += 1
    return parts


def elders_by_cell(elders: int) -> dict[Cell, int]:
    """Share out people of 60 and over by county, sex and five-year age."""
    counted = {cell: people for cell, people in census().items() if cell[2] >= 60}
    return share_out(elders, counted)


def younger_by_cell(people: int) -> dict[Cell, int]:
    """Share out people of 55 to 59 by county and sex."""
    return share_out(people, {cell: n for cell, n in census().items() if cell[2] == 55})


def _single_years(cell: Cell) -> Chooser[int]:
    """Return the single years of a five-year group, falling off as the next group does."""
    county, sex, first = cell
    table = census()
    if first == BANDS[-1]:
        return Chooser(*((85 + year, 0.80**year) for year in range(21)))
    after = table[county, sex, first + 5] / (1 if first < 80 else 1.55)
    falling = min(1.06, max(0.8, after / max(1, table[county, sex, first]))) ** 0.2
    return Chooser(*((first + year, falling**year) for year in range(5)))


class Ages:
    """Birth dates for the cells of the census, as of a day."""

    def __init__(self, as_of: date) -> None:
        self.as_of = as_of
        self.years = {
            (county.code, sex, first): _single_years((county.code, sex, first))
            for county in counties()
            for sex in "MF"
            for first in BANDS
        }
        # The last birth date of each age: whoever was born that day has his birthday on the day.
        self.latest = {age: anniversary(as_of, -age) for age in range(0, 120)}

    def born(self, rng: Random, cell: Cell) -> date:
        """Return a birth date of somebody of a cell."""
        age = self.years[cell](rng.random())
        youngest = self.latest[age]
        span = (youngest - self.latest[age + 1]).days
        return youngest - timedelta(days=int(rng.random() * span))

    def edges(self, cell: Cell) -> tuple[date, date]:
        """Return the birth dates at the two ends of a group: just old enough, still young enough.

        The first has the birthday that brings him into the group on the day itself; the second
        has the birthday that would take him out of it on the day after.
        """
        first = cell[2]
        after = 85 + 20 if first == BANDS[-1] else first + 5
        return self.latest[first], self.latest[after] + timedelta(days=1)
