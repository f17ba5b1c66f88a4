"""A slow evaluator of facts in plain Python: one person, one fact at a time, from the sentences.

Written from lists.md and hetian-reading.md, not from the SQL. It knows tables only as rows.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from yanglao.domain.people.models import ENTRY_MODELS, Coverage, Mention, Person
from yanglao.domain.people.types import Kind
from yanglao.kernel.dates import anniversary
from yanglao.kernel.division import contains

NO_DAY = date(1, 1, 1)
Rank = tuple[date, int]


@dataclass
class World:
    """All rows of all tables, read once."""

    people: list[Person]
    entries: dict[tuple[int, str], list[Any]]
    covers: list[Coverage]
    mentions: list[Mention]

    @classmethod
    def read(cls) -> "World":
        """Read the whole database."""
        entries: dict[tuple[int, str], list[Any]] = {}
        for kind, model in ENTRY_MODELS.items():
            for entry in model.objects.order_by("id"):
                entries.setdefault((entry.person_id, kind.value), []).append(entry)
        return cls(
            list(Person.objects.order_by("id")),
            entries,
            list(Coverage.objects.order_by("batch")),
            list(Mention.objects.order_by("id")),
        )

    def facts(self, person: Person, as_of: date) -> dict[str, Any]:
        """Return every fact of a person on a day."""
        return _Person(self, person, as_of).facts()


def rank(entry: Any) -> Rank:
    """Return the place of the last list that said so, in the order of lists."""
    return (entry.seen_to, entry.last_batch)


def later(days: Iterable[date | None]) -> date:
    """Return the latest of the days that are told; the first day of all when none is."""
    return max((day for day in days if day), default=NO_DAY)


class _Person:
    def __init__(self, world: World, person: Person, as_of: date) -> None:
        self.world = world
        self.person = person
        self.day = as_of
        codes = (person.place_code, person.hukou_code, person.residence_code)
        self.codes = [code for code in codes if code and code.isdigit()]

    # --- lists -------------------------------------------------------------------------------

    def rows(self, kind: str) -> list[Any]:
        """Return the statements of a kind that hold on the day, by their own date."""
        rows = self.world.entries.get((self.person.pk, kind), [])
        return [row for row in rows if row.holds_from is None or row.holds_from <= self.day]

    def covers(self, kind: str) -> list[Coverage]:
        """Return the full lists of the person's places known on the day."""
        return [
            cover
            for cover in self.world.covers
            if cover.kind == kind
            and cover.full
            and cover.month <= self.day
            and any(contains(cover.division_code, code) for code in self.codes)
        ]

    def only_went_back(self, kind: str) -> bool:
        """Say whether a row of the person went back since the last full list came, or with it."""
        last = max(((c.month, c.batch) for c in self.covers(kind)), default=None)
        ranks = [
            (mention.month, mention.batch)
            for mention in self.world.mentions
            if mention.person_id == self.person.pk and mention.kind == kind
        ]
        return last is not None and any(one >= last for one in ranks)

    def place_of(self, batch: int) -> str | None:
        """Return the division a batch spoke for."""
        found = [cover.division_code for cover in self.world.covers if cover.batch == batch]
        return found[-1] if found else None

    def ended(self, kind: str, row: Any) -> bool:
        """Say whether a full list that came later has left the statement out."""
        if self.only_went_back(kind):
            return False
        source = self.place_of(row.last_batch)
        for cover in self.covers(kind):
            one, other = cover.division_code, source
            touches = other is None or contains(one, other) or contains(other, one)
            if touches and (cover.month, cover.batch) > rank(row):
                return True
        return False

    def live(self, kind: str) -> list[Any]:
        """Return the statements that hold and stand."""
        return [row for row in self.rows(kind) if not self.ended(kind, row)]

    def absent(self, kind: str) -> bool:
        """Say whether the person is known not to stand on the lists of a kind."""
        return bool(self.covers(kind)) and not self.only_went_back(kind) and not self.live(kind)

    def told(
        self, kind: str, key: Callable[[Any], Any], value: Callable[[Any], Any], none: Any
    ) -> Any:
        """Return a value of the statement in force, ``none`` if absence says so, else unknown."""
        live = self.live(kind)
        if live:
            return value(max(live, key=key))
        return none if self.absent(kind) else None

    # --- facts -------------------------------------------------------------------------------

    def facts(self) -> dict[str, Any]:
        """Return all of them."""
        person = self.person
        return {
            "person_id": person.pk,
            "place_code": person.place_code,
            "birth_date": person.birth_date,
            "sex": person.sex,
            **self.household(),
            **self.pension(),
            **self.assistance(),
            **self.disability(),
            **self.health(),
            **self.ltci(),
            "special_contribution": self.told(
                "veterans",
                lambda row: (*rank(row), row.pk),
                lambda row: row.special_contribution,
                False,
            ),
            **self.assessment(),
            **self.survey(),
            "in_relief": self.told(
                "relief",
                lambda row: (row.relief_on, *rank(row), row.pk),
                lambda row: row.in_relief,
                False,
            ),
        }

    def pension(self) -> dict[str, Any]:
        def key(row: Any) -> Any:
            going = row.pension_status != "terminated"
            return (*rank(row), row.began_on or NO_DAY, going, row.pk)

        return {
            name: self.told("pension", key, lambda row, name=name: getattr(row, name), "")
            for name in ("pension_kind", "pension_status")
        }

    def assistance(self) -> dict[str, Any]:
        def key(row: Any) -> Any:
            return (*rank(row), row.holds_from or NO_DAY, row.pk)

        def helped(row: Any) -> bool:
            return row.holds_to is None or row.holds_to >= self.day

        def of_tekun(name: str) -> Callable[[Any], Any]:
            return lambda row: (
                (getattr(row, name) or None) if helped(row) and row.assistance == "tekun" else ""
            )

        return {
            "assistance": self.told(
                "assistance", key, lambda row: row.assistance if helped(row) else "", ""
            ),
            "support_mode": self.told("assistance", key, of_tekun("support_mode"), ""),
            "tekun_care": self.told("assistance", key, of_tekun("tekun_care"), ""),
        }

    def disability(self) -> dict[str, Any]:
        def key(row: Any) -> Any:
            return (*rank(row), row.issued_on or NO_DAY, row.card_status != "cancelled", row.pk)

        def held(name: str, none: Any) -> Any:
            return self.told(
                "disability",
                key,
                lambda row: none if row.card_status == "cancelled" else getattr(row, name),
                none,
            )

        return {
            "disability_category": held("disability_category", -1),
            "disability_grade": held("disability_grade", -1),
            "needs_long_term_care": held("needs_long_term_care", False),
        }

    def health(self) -> dict[str, Any]:
        def key(row: Any) -> Any:
            return (row.health_checked_on, *rank(row), row.pk)

        diagnosed = [row for row in self.rows("health") if row.dementia is not None]
        return {
            "health_checked_on": self.told(
                "health", key, lambda row: row.health_checked_on, NO_DAY
            ),
            "dementia": max(diagnosed, key=key).dementia if diagnosed else None,
        }

    def ltci(self) -> dict[str, Any]:
        def key(row: Any) -> Any:
            return (*rank(row), row.assessed_on or NO_DAY, row.pk)

        def level(row: Any) -> int | None:
            known = row.assessed_on is None or row.assessed_on <= self.day
            value = row.ltci_level if known else None
            return -1 if value is None and not row.ltci_insured else value

        def assessed(row: Any) -> date | None:
            return row.assessed_on if (row.assessed_on or NO_DAY) <= self.day else None

        return {
            "ltci_insured": self.told("ltci", key, lambda row: row.ltci_insured, False),
            "ltci_level": self.told("ltci", key, level, -1),
            "ltci_receiving": self.told(
                "ltci", key, lambda row: row.ltci_receiving if row.ltci_insured else False, False
            ),
            "ltci_assessed_on": self.told("ltci", key, assessed, NO_DAY),
        }

    def assessment(self) -> dict[str, Any]:
        made = [
            row
            for row in self.world.entries.get((self.person.pk, "assessment"), [])
            if row.assessed_on <= self.day
        ]
        if not made:
            return {"ability_level": None, "assessed_on": None}
        last = max(made, key=lambda row: (row.assessed_on, *rank(row), row.pk))
        valid = self.day < anniversary(last.assessed_on, 1)
        return {
            "ability_level": last.ability_level if valid else None,
            "assessed_on": last.assessed_on,
        }

    def survey(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name in ("residence_code", "living", "supporter", "family_planning_special"):
            said = [row for row in self.rows("survey") if getattr(row, name) not in {"", None}]
            newest = max(said, key=lambda row: (*rank(row), row.pk), default=None)
            found[name] = getattr(newest, name) if newest else None
        return found

    # --- register and death --------------------------------------------------------------------

    def household(self) -> dict[str, Any]:
        words = self.words()
        dead = self.reported_dead() or any(self.stands_as_dead(word, words) for word in words)
        alive: bool | None = None
        if dead:
            alive = False
        elif words or self.dies_later() or self.known_not_dead():
            alive = True
        if not words:
            blank = {"hukou_code": None, "household_id": None, "marital": None}
            return {"alive": alive, **blank}
        stays = [word for word in words if self.status(word) != "moved"]
        moves = [word for word in words if self.status(word) == "moved"]
        shown: Any
        if stays:
            shown = max(
                stays,
                key=lambda w: (w.seen_to, w.status_on or NO_DAY, *rank(w), w.pk),
            )
            away = any(self.displaces(move, shown) for move in moves)
        else:
            shown = max(
                moves,
                key=lambda w: (w.seen_to, w.status_on or NO_DAY, *rank(w), w.pk),
            )
            away = True
        return {
            "alive": alive,
            "hukou_code": "elsewhere" if away else shown.hukou_code,
            "household_id": shown.household_id or None,
            "marital": shown.marital or None,
        }

    def status(self, row: Any) -> str:
        """Return what the register says on the day: what is to come has not happened."""
        return "normal" if (row.status_on or NO_DAY) > self.day else row.status

    def words(self) -> list[Any]:
        """Return the last word of each list, then of each place."""
        rows = [
            row
            for row in self.world.entries.get((self.person.pk, "household"), [])
            if row.holds_from is None
            or row.holds_from <= self.day
            or (row.status_on is not None and row.status_on <= self.day)
        ]

        def key(row: Any) -> Any:
            return (*rank(row), row.status_on or NO_DAY, row.pk)

        of_list: dict[Any, list[Any]] = {}
        for row in rows:
            of_list.setdefault(row.last_list_id or f"row {row.pk}", []).append(row)
        of_place: dict[str, list[Any]] = {}
        for group in of_list.values():
            word = max(group, key=key)
            of_place.setdefault(word.hukou_code, []).append(word)
        return [max(group, key=key) for group in of_place.values()]

    def displaces(self, move: Any, stay: Any) -> bool:
        """Say whether a move is newer than a place's own last word."""
        if move.status_on is None:
            return bool(move.seen_to > stay.seen_to)
        next_month = (stay.seen_to.replace(day=1) + timedelta(days=32)).replace(day=1)
        return bool(move.status_on >= next_month)

    def stands_as_dead(self, word: Any, words: list[Any]) -> bool:
        """Say whether a word says dead and no later word takes it back."""
        if self.status(word) != "dead":
            return False
        for other in words:
            if self.status(other) != "normal":
                continue
            same_month = other.seen_to == word.seen_to
            told = other.status_on if (other.status_on or NO_DAY) <= self.day else None
            if other.seen_to > word.seen_to:
                return False
            if same_month and told and word.status_on and told > word.status_on:
                return False
        return True

    def reported(self) -> list[Any]:
        """Return reports of death that no list of the same month has corrected."""
        rows = self.world.entries.get((self.person.pk, "deaths"), [])
        return [row for row in rows if not self.corrected(row)]

    def corrected(self, row: Any) -> bool:
        source = self.place_of(row.last_batch)
        for cover in self.world.covers:
            if cover.kind != "deaths" or not cover.full or cover.month != row.seen_to:
                continue
            if cover.batch <= row.last_batch:
                continue
            mine = any(contains(cover.division_code, code) for code in self.codes)
            one, other = cover.division_code, source
            touches = other is None or contains(one, other) or contains(other, one)
            went_back = any(
                m.person_id == self.person.pk
                and m.kind == "deaths"
                and m.month == cover.month
                and m.batch >= cover.batch
                for m in self.world.mentions
            )
            if mine and touches and not went_back:
                return True
        return False

    def reported_dead(self) -> bool:
        return any(row.died_on <= self.day for row in self.reported())

    def dies_later(self) -> bool:
        return any(row.died_on > self.day for row in self.reported())

    def known_not_dead(self) -> bool:
        return bool(self.covers("deaths")) and not self.only_went_back("deaths")


def kinds() -> list[str]:
    """Return all list kinds."""
    return [kind.value for kind in Kind]
