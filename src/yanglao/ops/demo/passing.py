"""Let a month pass over the people: birthdays come by themselves, the rest happens to some.

Deaths, moves, pensions claimed, aid granted and ended, checks, assessments, visits: what makes the
lists of the next month differ, and proves that services found in this one were delivered.
"""

from __future__ import annotations

from copy import copy
from datetime import date, timedelta
from random import Random

from yanglao.kernel.dates import anniversary, first_of_month, whole_years
from yanglao.ops.demo import rates
from yanglao.ops.demo.circumstances import Circumstances
from yanglao.ops.demo.identity import Settlement
from yanglao.ops.demo.person import Aid, Person, Population


def month_after(first: date) -> date:
    """Return the first day of the month after the one that a day lies in."""
    return (first.replace(day=1) + timedelta(days=31)).replace(day=1)


def month_passes(
    population: Population, places: dict[str, Settlement], as_of: date | None = None
) -> Population:
    """Return the people a month later; the given ones stay as they are.

    `as_of` is a day of that month, or the first day after it (the default): nothing happens from
    it on.
    """
    first = month_after(first_of_month(population.month))
    month = f"{first:%Y-%m}"
    rng = Random(f"{population.seed}/{month}")  # noqa: S311  reproducible, not secret
    passing = _Passing(rng, first, as_of or month_after(first), places)
    people = [copy(person) for person in population.people]
    for person in people:
        passing.over(person)
    return Population(
        population.seed, population.elders, population.made_in, month, passing.as_of, people
    )


def move_house(
    person: Person, places: dict[str, Settlement], rng: Random, fate: Circumstances
) -> None:
    """Let a person move to another county here: the old register reports it, the new one too."""
    old, person.county = (
        person.county,
        rng.choice([code for code in places if code != person.county]),
    )
    new = places[person.county]
    person.moved_from = person.hukou_code or f"{old}000000"
    person.village = new.draw(rng, urban=person.urban).code
    person.hukou_code = person.village
    person.status_on = fate.days_before(fate.last_day, 20)
    person.survey = fate.survey(person, new) if person.survey else None


class _Passing:
    """One month, and what happens in it."""

    def __init__(
        self, rng: Random, first: date, as_of: date, places: dict[str, Settlement]
    ) -> None:
        self.rng = rng
        self.first = first
        self.as_of = as_of
        self.days = max(1, (as_of - first).days)
        self.last_day = as_of - timedelta(days=1)
        self.places = places
        self.fate = Circumstances(rng, self.as_of)

    def over(self, person: Person) -> None:
        """Let the month pass over one person."""
        chance = self.rng.random
        person.moved_from = ""
        if person.died_on is not None:
            self._told_of_death(person)
            return
        age = whole_years(person.born, self.as_of)
        if chance() < rates.mortality(age) / 12:
            person.died_on = self._some_day()
            if chance() < 0.5:
                self._told_of_death(person)
            return
        self._pension(person, age)
        self._aid(person, age)
        self._health(person, age)
        self._home(person)

    def _some_day(self) -> date:
        return self.first + timedelta(days=int(self.rng.random() * self.days))

    def _told_of_death(self, person: Person) -> None:
        """Let the register and the pension office learn of a death, after it."""
        if person.died_on is None or person.died_on > self.last_day:
            return
        if person.in_register and person.status == "normal":
            person.status, person.status_on = "dead", person.died_on
        if person.pension:
            person.pension = person.pension._replace(status="terminated")

    def _pension(self, person: Person, age: int) -> None:
        pension = person.pension
        if pension is None or pension.status not in ("unclaimed", "suspended"):
            return
        starts = 55 if pension.kind == "employee" and person.sex == "F" else 60
        if age < starts or self.rng.random() >= rates.CLAIMED_PENSION:
            return
        fen = pension.monthly_fen or (312000 if pension.kind == "employee" else 22000)
        began = pension.began_on or self.first
        person.pension = pension._replace(status="normal", monthly_fen=fen, began_on=began)

    def _aid(self, person: Person, age: int) -> None:
        chance = self.rng.random
        last = person.aids[-1] if person.aids else None
        helped = last is not None and (last.holds_to is None or last.holds_to >= self.as_of)
        if not helped and age >= 60 and chance() < rates.NEW_AID:
            person.aids = (*person.aids, Aid("dibao", "", "", self._some_day(), None))
        elif last is not None and last.holds_to is None and chance() < rates.ENDED_AID:
            ended = last._replace(holds_to=max(last.holds_from, self.last_day))
            person.aids = (*person.aids[:-1], ended)

    def _health(self, person: Person, age: int) -> None:
        chance = self.rng.random
        if person.card is None and chance() < rates.NEW_CARD:
            person.card = self.fate.card(age)._replace(issued_on=self._some_day())
        if age < 65:
            return
        checked = person.checks[-1].checked_on if person.checks else None
        if (checked is None or checked < self.fate.year_start) and chance() < rates.NEW_CHECK:
            person.checks = (*person.checks[-1:], self.fate.check(self._some_day(), age))
        latest = person.assessments[-1] if person.assessments else None
        due = latest is None or anniversary(latest.assessed_on, 1) <= self.as_of
        ending = latest is not None and anniversary(latest.assessed_on, 1) <= month_after(
            self.as_of
        )
        again = rates.NEW_ASSESSMENT if due else rates.RENEWED_ASSESSMENT if ending else 0.0
        if chance() < again:
            fresh = self.fate.assessments(age, latest.level if latest else self._level(age))
            kept = fresh[-1] if fresh else latest
            if kept:
                new = kept._replace(assessed_on=self._some_day())
                person.assessments = (*person.assessments[-1:], new)

    def _level(self, age: int) -> int:
        return rates.by_age(rates.ABILITY, age)(self.rng.random())

    def _home(self, person: Person) -> None:
        chance = self.rng.random
        if person.survey is None and person.status != "moved" and chance() < rates.NEW_SURVEY:
            person.survey = self.fate.survey(person, self.places[person.county])
        if not person.in_register or person.status != "normal":
            return
        if chance() < rates.NEW_MOVE:
            person.status, person.status_on = "moved", self._some_day()
        elif chance() < rates.NEW_MOVE_WITHIN:
            move_house(person, self.places, self.rng, self.fate)
