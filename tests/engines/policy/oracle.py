"""Hetian's seventeen items once more, slowly and by hand, from the reading and not from the pack.

Plain Python over one person's facts. A truth comes with the facts it hangs on when it is unknown
(Kleene's logic: an AND or OR that is unknown hangs on its unknown parts). Nothing of
``yanglao.engines.policy`` is used here: this is the second opinion that the set-based pass must
agree with.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

NONE_TEXT, NONE_INT, NONE_DATE = "", -1, date(1, 1, 1)


class Truth(NamedTuple):
    """True, False or None (unknown); and what is missing when unknown."""

    value: bool | None
    missing: frozenset[str] = frozenset()


class Answer(NamedTuple):
    """What must come out for one item."""

    status: str
    tier: str
    amount: int | None
    delivered: bool | None
    missing: frozenset[str]


Facts = Mapping[str, object]


def both(*parts: Truth) -> Truth:
    """All of them."""
    if any(part.value is False for part in parts):
        return Truth(False)
    unknown = [part for part in parts if part.value is None]
    if unknown:
        return Truth(None, frozenset().union(*(part.missing for part in unknown)))
    return Truth(True)


def either(*parts: Truth) -> Truth:
    """At least one of them."""
    if any(part.value is True for part in parts):
        return Truth(True)
    unknown = [part for part in parts if part.value is None]
    if unknown:
        return Truth(None, frozenset().union(*(part.missing for part in unknown)))
    return Truth(False)


def negated(part: Truth) -> Truth:
    """Not."""
    return part if part.value is None else Truth(not part.value)


def look(facts: Facts, name: str, test: Callable[[object], bool]) -> Truth:
    """A test of one fact; of a known none no test is true."""
    value = facts.get(name)
    if value is None:
        return Truth(None, frozenset({name}))
    if value in (NONE_TEXT, NONE_DATE) or (value == NONE_INT and not isinstance(value, bool)):
        return Truth(False)
    return Truth(test(value))


def yes(facts: Facts, name: str) -> Truth:
    """A yes-or-no fact."""
    return look(facts, name, lambda value: value is True)


def one_of(facts: Facts, name: str, *words: str) -> Truth:
    """A fact that is one of some words."""
    return look(facts, name, lambda value: value in words)


def at_least(facts: Facts, name: str, number: int) -> Truth:
    """A number that reaches a limit."""
    return look(facts, name, lambda value: int(str(value)) >= number)


def in_area(facts: Facts, name: str, area: str) -> Truth:
    """A place in an area."""
    return look(facts, name, lambda value: str(value).startswith(area))


def years(born: date, on: date) -> int:
    """Whole years; who is born on 29 February waits for 1 March in other years."""
    try:
        birthday = born.replace(year=on.year)
    except ValueError:
        birthday = date(on.year, 3, 1)
    return on.year - born.year - (1 if on < birthday else 0)


def months_later(day: date, months: int) -> date:
    """The same day so many months later; where there is none, the first of the month after."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    try:
        return date(year, month + 1, day.day)
    except ValueError:
        return date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)


class Person:
    """The notions of the reading, for one person on one day."""

    def __init__(self, facts: Facts, as_of: date) -> None:
        self.facts, self.as_of = facts, as_of
        self.age: int | None = None
        born = facts.get("birth_date")
        if isinstance(born, date):
            self.age = years(born, as_of)

    def aged(self, limit: int) -> Truth:
        """age ≥ limit."""
        if self.age is None:
            return Truth(None, frozenset({"age"}))
        return Truth(self.age >= limit)

    @property
    def served(self) -> Truth:
        """alive, and 户籍地 or 常住地 lies in 6532."""
        return both(
            yes(self.facts, "alive"),
            either(
                in_area(self.facts, "hukou_code", "6532"),
                in_area(self.facts, "residence_code", "6532"),
            ),
        )

    @property
    def hardship(self) -> Truth:
        """assistance is tekun, dibao, dibao_margin or expense."""
        return one_of(self.facts, "assistance", "tekun", "dibao", "dibao_margin", "expense")

    @property
    def disabled(self) -> Truth:
        """失能: ability_level ≥ 1 or ltci_level ≥ 1."""
        return either(
            at_least(self.facts, "ability_level", 1), at_least(self.facts, "ltci_level", 1)
        )

    @property
    def not_in_institution(self) -> Truth:
        """not living in an institution."""
        return negated(one_of(self.facts, "living", "institution"))

    @property
    def severe(self) -> Truth:
        """disability_grade ≤ 2."""
        return look(self.facts, "disability_grade", lambda value: int(str(value)) <= 2)

    def pension(self, kind: str) -> Truth:
        """age ≥ 60, pension of this kind, status not 终止."""
        return both(
            self.served,
            self.aged(60),
            one_of(self.facts, "pension_kind", kind),
            negated(one_of(self.facts, "pension_status", "terminated")),
        )

    def tekun(self, mode: str) -> Truth:
        """age ≥ 60, tekun, in this mode."""
        return both(
            self.served,
            self.aged(60),
            one_of(self.facts, "assistance", "tekun"),
            one_of(self.facts, "support_mode", mode),
        )

    @property
    def band(self) -> str:
        """60–64, 65–79, 80 and over."""
        if self.age is None:
            return ""
        return "60-64" if self.age < 65 else "65-79" if self.age < 80 else "80+"

    @property
    def assessor(self) -> str:
        """By 医保 if insured, else by 民政."""
        insured = self.facts.get("ltci_insured")
        return {None: "", True: "医保", False: "民政"}[insured]  # type: ignore[index]

    @property
    def assessed(self) -> bool:
        """A valid assessment, or for the insured an LTC assessment within 12 months."""
        if self.facts.get("ability_level") is not None:
            return True
        day = self.facts.get("ltci_assessed_on")
        if self.facts.get("ltci_insured") is not True or not isinstance(day, date):
            return False
        return day != NONE_DATE and day <= self.as_of < months_later(day, 12)

    @property
    def checked_this_year(self) -> bool:
        """Checked within the calendar year."""
        day = self.facts.get("health_checked_on")
        return isinstance(day, date) and day.year == self.as_of.year


def answer(item: str, facts: Facts, as_of: date) -> Answer:
    """The answer for one item and person."""
    person = Person(facts, as_of)
    truth = _RULES[item](person)
    status = {True: "yes", False: "no", None: "possible"}[truth.value]
    if status == "no":
        return Answer("no", "", None, None, frozenset())
    tier = {"03": person.band, "04": person.assessor}.get(item, "")
    amount = 11000 if item in ("16a", "16b") else None
    return Answer(status, tier, amount, _delivered(item, person, status), truth.missing)


def _delivered(item: str, person: Person, status: str) -> bool | None:
    """Whether the person has it; None when an officer says so."""
    if item in ("01", "02"):
        return person.facts.get("pension_status") == "normal"
    if item == "03":
        return True
    if item == "04":
        return person.assessed
    if item == "05":
        return person.checked_this_year
    if item in ("11", "12", "13", "17"):
        return status == "yes"
    return None


def _item_14(person: Person) -> Truth:
    alone = one_of(person.facts, "living", "alone")
    return both(
        person.served,
        person.aged(60),
        person.not_in_institution,
        either(alone, person.disabled, person.severe),
    )


def _item_16a(person: Person) -> Truth:
    return both(
        person.served,
        person.aged(60),
        in_area(person.facts, "hukou_code", "65"),
        look(person.facts, "disability_grade", lambda value: int(str(value)) in (1, 2, 3, 4)),
        one_of(person.facts, "assistance", "dibao"),
    )


def _item_16b(person: Person) -> Truth:
    return both(
        person.served,
        person.aged(60),
        in_area(person.facts, "hukou_code", "65"),
        person.severe,
        yes(person.facts, "needs_long_term_care"),
    )


def _cannot_care(person: Person) -> Truth:
    return either(
        at_least(person.facts, "ability_level", 3), one_of(person.facts, "tekun_care", "full")
    )


_RULES: dict[str, Callable[[Person], Truth]] = {
    "01": lambda p: p.pension("employee"),
    "02": lambda p: p.pension("resident"),
    "03": lambda p: both(p.served, p.aged(60)),
    "04": lambda p: both(p.served, p.aged(65)),
    "05": lambda p: both(p.served, p.aged(65), in_area(p.facts, "residence_code", "6532")),
    "06": lambda p: both(p.served, p.aged(80)),
    "07": lambda p: both(p.served, p.aged(60), p.hardship),
    "08": lambda p: both(p.served, p.aged(60), p.hardship, p.not_in_institution),
    "09": lambda p: both(p.served, p.aged(60), p.hardship, _cannot_care(p)),
    "10": lambda p: both(p.served, p.aged(60), p.disabled, p.not_in_institution),
    "11": lambda p: both(p.served, p.aged(60), one_of(p.facts, "assistance", "dibao")),
    "12": lambda p: p.tekun("dispersed"),
    "13": lambda p: p.tekun("central"),
    "14": _item_14,
    "15": lambda p: both(
        p.served,
        p.aged(60),
        yes(p.facts, "special_contribution"),
        one_of(p.facts, "supporter", "none", "unable"),
    ),
    "16a": _item_16a,
    "16b": _item_16b,
    "17": lambda p: both(yes(p.facts, "alive"), p.aged(60), yes(p.facts, "in_relief")),
}
ITEMS = tuple(_RULES)
