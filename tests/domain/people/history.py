"""Little histories of one or a few people, written straight into the tables."""

from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

from yanglao.domain.people.facts import load_facts
from yanglao.domain.people.models import ENTRY_MODELS, Coverage, Mention, Person
from yanglao.domain.people.types import OWN_DATES, Kind
from yanglao.foundation.analytics import analytic_session
from yanglao.foundation.clock import start_of
from yanglao.foundation.scoping import EVERYWHERE
from yanglao.kernel.idnumber import check_digit

HETIAN, MOYU, PISHAN = "653200000000", "653222000000", "653223000000"
MOYU_VILLAGE, PISHAN_VILLAGE = "653222102208", "653223100201"
ELSEWHERE_CODE = "510104000000"

_orders = count(1)

#: What a row of each kind says when a test does not care.
USUAL: dict[str, dict[str, Any]] = {
    "household": {"name": "某人", "hukou_code": MOYU_VILLAGE, "status": "normal"},
    "pension": {"pension_kind": "resident", "pension_status": "normal"},
    "assistance": {"assistance": "dibao", "holds_from": date(2020, 1, 1)},
    "disability": {
        "card_number": "1",
        "disability_category": 4,
        "disability_grade": 2,
        "needs_long_term_care": True,
        "card_status": "valid",
        "issued_on": date(2015, 6, 1),
    },
    "health": {"health_checked_on": date(2026, 3, 1)},
    "ltci": {"ltci_insured": True, "ltci_level": 2, "ltci_receiving": True},
    "veterans": {"special_contribution": True},
    "assessment": {"assessed_on": date(2026, 5, 1), "ability_level": 3},
    "survey": {"residence_code": MOYU_VILLAGE, "living": "alone", "supporter": "none"},
    "relief": {"relief_on": date(2026, 8, 1), "in_relief": True},
    "deaths": {"died_on": date(2026, 8, 20)},
}


def month(text: str) -> date:
    """Return the first day of ``2026-10``."""
    return date.fromisoformat(f"{text}-01")


@dataclass
class History:
    """What lists said about one person."""

    place: str = MOYU_VILLAGE
    hukou: str = MOYU_VILLAGE
    residence: str = ""
    born: date = date(1940, 3, 5)
    person: Person = field(init=False)

    def __post_init__(self) -> None:
        """Open the person's file."""
        order = next(_orders)
        area = 653222 + order // 1000
        first = f"{area}{self.born:%Y%m%d}{order % 1000:03}"
        number = first + check_digit(first)
        self.person = Person.objects.create(
            id_number=number,
            name="某人",
            name_fold="某人",
            sex="M" if int(number[16]) % 2 else "F",
            birth_date=self.born,
            place_code=self.place,
            hukou_code=self.hukou,
            residence_code=self.residence,
            created_at=start_of(date(2026, 1, 1)),
        )

    def said(
        self, kind: str, when: str, batch: int = 1, *, until: str = "", **values: Any
    ) -> "History":
        """Let a list of a month (and all lists until another) say something."""
        whole = {**USUAL[kind], **values}
        own = OWN_DATES.get(Kind(kind))
        holds = whole.get(own) if own else None
        if kind == "assistance":
            whole.pop("holds_from")
        ENTRY_MODELS[Kind(kind)].objects.create(
            person=self.person,
            holds_from=holds or month(when),
            seen_from=month(when),
            seen_to=month(until or when),
            last_batch=batch,
            digest=repr(sorted(map(repr, whole.items())))[:32],
            **whole,
        )
        return self

    def mentioned(self, kind: str, when: str, batch: int) -> "History":
        """Let a row of the person go back."""
        Mention.objects.create(person=self.person, kind=kind, month=month(when), batch=batch)
        return self

    def facts(self, as_of: str = "2026-11-01", **more: Any) -> dict[str, Any]:
        """Return the person's facts on a day."""
        return facts_of([self.person.pk], date.fromisoformat(as_of), **more)[self.person.pk]


def listed(
    kind: str, when: str, batch: int = 1, *, division: str = HETIAN, full: bool = True
) -> None:
    """Let a batch have brought a list of a kind for a place and month."""
    Coverage.objects.create(
        kind=kind,
        division_code=division,
        month=month(when),
        batch=batch,
        full=full,
        declared_at=start_of(date(2026, 1, 1)),
    )


def facts_of(
    person_ids: list[int] | None, as_of: date, *, region: str = EVERYWHERE, **more: Any
) -> dict[int, dict[str, Any]]:
    """Return the rows of ``facts`` by person."""
    with analytic_session(memory="256MB") as session:
        load_facts(session, as_of=as_of, region=region, person_ids=person_ids, **more)
        session.con.execute("SELECT * FROM facts")
        names = [column[0] for column in session.con.description or ()]
        return {row[0]: dict(zip(names, row, strict=True)) for row in session.con.fetchall()}
