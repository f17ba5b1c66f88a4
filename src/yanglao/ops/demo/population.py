"""Make the people of a month: households in villages, then everybody's circumstances.

A first month is made from the seed; a later month is it with the months between let pass over it.
Counties have random generators of their own, so that one does not move another.
"""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from yanglao.kernel.dates import first_of_month
from yanglao.ops.demo import rates
from yanglao.ops.demo.allocation import Ages, Cell, elders_by_cell, share_out, younger_by_cell
from yanglao.ops.demo.circumstances import Circumstances
from yanglao.ops.demo.identity import OTHER_AREAS, IdNumbers, Settlement, any_name
from yanglao.ops.demo.passing import month_after, month_passes, move_house
from yanglao.ops.demo.person import Person, Population
from yanglao.ops.demo.tables import County, counties

FIRST_MONTH = "2026-10"
Draft = tuple[str, date]  # sex, birth date


def settlements(seed: int) -> dict[str, Settlement]:
    """Return the villages of every county with their points."""
    return {county.code: Settlement(county, seed) for county in counties()}


def make_population(
    elders: int, seed: int, month: str = FIRST_MONTH, as_of: date | None = None
) -> Population:
    """Return new people as the lists of a month find them; `elders` live and are 60 or over.

    `as_of` is a day of the month or the first day after it (the default); ages are told for it.
    """
    first = first_of_month(month)
    as_of = as_of or month_after(first)
    people: list[Person] = []
    numbers = IdNumbers()
    cells = elders_by_cell(elders) | younger_by_cell(round(elders * rates.EXTRA_55_TO_59))
    dead = share_out(
        round(elders * rates.EXTRA_DEAD),
        {cell: count * (cell[2] - 50) ** 2 for cell, count in elders_by_cell(10**6).items()},
    )
    ages = Ages(as_of)
    places = settlements(seed)
    for county in counties():
        maker = _CountyMaker(county, places[county.code], seed, ages, numbers)
        people += maker.make(cells, dead)
    _mark_rare(people, seed, as_of, places)
    return Population(seed, elders, f"{first:%Y-%m}", f"{first:%Y-%m}", as_of, people)


def until(population: Population, month: str, as_of: date | None = None) -> Population:
    """Return the population with the months up to a month let pass over it.

    `as_of` is a day of the last month or the first day after it (the default).
    Raises ValueError for a month that is not after the population's own.
    """
    wanted = f"{first_of_month(month):%Y-%m}"
    if wanted <= population.month:
        raise ValueError(f"上一期名单是 {population.month}，下一期应在其后，收到的是 {wanted}")
    places = settlements(population.seed)
    while population.month < wanted:
        following = f"{month_after(first_of_month(population.month)):%Y-%m}"
        population = month_passes(population, places, as_of if following == wanted else None)
    return population


class _CountyMaker:
    """Makes the people of one county."""

    def __init__(
        self, county: County, place: Settlement, seed: int, ages: Ages, numbers: IdNumbers
    ) -> None:
        self.county = county
        self.place = place
        self.rng = Random(f"{seed}/people/{county.code}")  # noqa: S311  reproducible, not secret
        self.ages = ages
        self.numbers = numbers
        self.fate = Circumstances(self.rng, ages.as_of)
        self.households = 0

    def make(self, cells: dict[Cell, int], dead: dict[Cell, int]) -> list[Person]:
        """Return everybody of the county, village by village, the dead among them."""
        people: list[Person] = []
        for household in self._households(self._drafts(cells)):
            people += self._settle(household)
        for sex, born in self._drafts(dead):
            person = self._settle([(sex, born)])[0]
            self._die(person)
            people.append(person)
        people.sort(key=lambda person: (person.village, person.household_no))
        return people

    def _drafts(self, cells: dict[Cell, int]) -> list[Draft]:
        """Return sex and birth date of everybody in the cells of the county."""
        drafts = []
        for cell, count in cells.items():
            if cell[0] == self.county.code:
                drafts += [(cell[1], self.ages.born(self.rng, cell)) for _ in range(count)]
                if count > 2:
                    drafts[-2:] = [(cell[1], day) for day in self.ages.edges(cell)]
        return drafts

    def _households(self, drafts: list[Draft]) -> list[list[Draft]]:
        """Group people under roofs of one to three elders; couples are of like age."""
        drafts = sorted(drafts, key=lambda draft: draft[1])
        men = [draft for draft in drafts if draft[0] == "M"]
        women = [draft for draft in drafts if draft[0] == "F"]
        step = len(women) / max(1, len(men))
        married: dict[int, int] = {}
        for i in range(len(men)):
            if self.rng.random() < rates.COUPLES and women:
                married[min(len(women) - 1, int(i * step))] = i
        couples = [[men[i], women[j]] for j, i in married.items()]
        taken = set(married.values())
        alone = [[man] for i, man in enumerate(men) if i not in taken]
        widows = [woman for j, woman in enumerate(women) if j not in married]
        for couple in couples:
            # The oldest widows come first; one of them may be the man's mother.
            older = bool(widows) and (couple[0][1] - widows[0][1]).days > 17 * 365
            if older and self.rng.random() < rates.THIRD_ELDER:
                couple.append(widows.pop(0))
        return couples + alone + [[widow] for widow in widows]

    def _settle(self, household: list[Draft]) -> list[Person]:
        """Give a household a village, its people names, numbers and circumstances."""
        rng = self.rng
        chance = rng.random
        minority = chance() * 100 < self.county.minority_percent
        ethnic = ("回族" if chance() < 0.012 else "维吾尔族") if minority else "汉族"
        town_share = self.county.urban_percent / 100
        urban = chance() < (town_share if minority else min(0.9, town_share + 0.4))
        village = self.place.draw(rng, urban=urban).code
        self.households += 1
        outsider = len(household) == 1 and chance() < rates.OUTSIDE_REGISTER * 1.9
        people = []
        for i, (sex, born) in enumerate(household):
            elsewhere = outsider or (not minority and chance() < 0.5)
            area = OTHER_AREAS[int(chance() * len(OTHER_AREAS))] if elsewhere else ""
            person = Person(
                id_number=self.numbers.new(rng, area or self.county.id_area, born, sex),
                name=any_name(rng, ethnic, sex),
                sex=sex,
                born=born,
                county=self.county.code,
                village=village,
                urban=urban,
                minority=minority,
                ethnic=ethnic,
                household_no=f"{self.county.code[4:]}{self.households:07d}",
                relation=("户主", "配偶", "母亲")[i],
                marital="已婚" if i < 2 <= len(household) else rates.MARITAL_ALONE[sex](chance()),
                companions=len(household) - 1,
                in_register=not outsider,
            )
            if not outsider:
                digits = rates.CODE_PRECISION(chance())
                person.hukou_code = village[:digits].ljust(12, "0")
            self.fate.fill(person, self.place)
            people.append(person)
        return people

    def _die(self, person: Person) -> None:
        """Let a person have died this year; the register mostly knows."""
        fate = self.fate
        so_far = (fate.last_day - fate.year_start).days
        person.died_on = fate.days_before(fate.last_day, so_far)
        person.in_register = True
        person.hukou_code = person.hukou_code or person.village
        if self.rng.random() < 0.85:
            person.status, person.status_on = "dead", person.died_on
        if person.pension and self.rng.random() < 0.8:
            person.pension = person.pension._replace(status="terminated")
        person.checks = tuple(c for c in person.checks if c.checked_on < person.died_on)
        person.assessments = tuple(a for a in person.assessments if a.assessed_on < person.died_on)


def _mark_rare(people: list[Person], seed: int, as_of: date, places: dict[str, Settlement]) -> None:
    """Make the few: deaths that have not happened, stays in a relief station, moves."""
    rng = Random(f"{seed}/rare")  # noqa: S311  reproducible, not secret
    fate = Circumstances(rng, as_of)
    living = [p for p in people if p.died_on is None and p.in_register and not p.veteran]
    away = max(1, round(len(living) * rates.MOVED_AWAY))
    within = max(1, round(len(living) * rates.MOVED_WITHIN))
    some = iter(rng.sample(living, min(len(living), 12 + away + within)))
    for _, person in zip(range(3), some, strict=False):  # a day to come: a slip of the pen
        person.died_on = as_of + timedelta(days=7 + int(rng.random() * 40))
    for i, person in zip(range(9), some, strict=False):
        person.reliefs = fate.relief(in_station=i < 6)
    for _, person in zip(range(away), some, strict=False):
        person.status, person.status_on = "moved", fate.days_before(fate.last_day, 280)
        if rng.random() < 0.5:
            person.survey = None
    for person in some:
        move_house(person, places, rng, fate)
