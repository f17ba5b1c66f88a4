"""One person, whole: facts with their sources, what happened, and every item with its reasons.

The answers are the same evaluation as the run over everybody, with one row.
"""

import threading
from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from yanglao.domain.leads.public import Lead, leads_of
from yanglao.domain.people.public import (
    ContactLine,
    FactLine,
    HouseholdMember,
    Person,
    TimelineEvent,
    contacts_of,
    household_members,
    person_facts,
    person_timeline,
    reachable_person,
)
from yanglao.engines.policy.catalogue import CYCLE_WORDS, Item
from yanglao.engines.policy.explain import ItemAnswer, LeafAnswer, explain
from yanglao.engines.policy.people import facts_columns, make_facts
from yanglao.flows.open_pack import NoPackInForce, OpenPack, open_pack
from yanglao.flows.standing_region import standing_region
from yanglao.foundation.duck import connect
from yanglao.foundation.scoping import Reader

_of_thread = threading.local()


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One item for one person: the answer, why, the words of the catalogue, and the lead.

    Attributes:
        item_id, code, name: The item.
        status: ``"yes"``, ``"possible"`` or ``"no"``.
        tier, amount_fen: What, when it is a yes. per: how often, in words (``"每月"``).
        delivered: Has it already; ``None`` when only an officer can say.
        reason: One line in Chinese.
        missing: Labels of the facts that are missing. missing_facts: their names.
        leaves: Every condition with its truth and the person's own value.
        object, content, kind, standard, funder, department, clause, mode, reading: From the
            catalogue; ``department`` leads the item.
        lead: The newest lead for the item, ``None`` without one.
    """

    item_id: int
    code: str
    name: str
    status: str
    tier: str
    amount_fen: int | None
    per: str
    delivered: bool | None
    reason: str
    missing: tuple[str, ...]
    missing_facts: tuple[str, ...]
    leaves: tuple[LeafAnswer, ...]
    object: str
    content: str
    kind: str
    standard: str
    funder: str
    department: str
    clause: str
    mode: str
    reading: str
    lead: Lead | None

    @property
    def has_it(self) -> bool:
        """Whether the person has it, by a list or by an officer's word."""
        return bool(self.delivered) or (self.lead is not None and self.lead.state == "delivered")


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person's file as of a day. ``answers`` is empty while no pack is in force."""

    person: Person
    as_of: date
    facts: list[FactLine]
    timeline: list[TimelineEvent]
    answers: list[AnswerLine]
    household: list[HouseholdMember]
    contacts: list[ContactLine]
    pack_title: str

    def answered(self, status: str) -> list[AnswerLine]:
        """Return the answers of one status: ``"yes"``, ``"possible"`` or ``"no"``."""
        return [line for line in self.answers if line.status == status]


def look_up(reader: Reader, pk: int, as_of: date, *, masked: Container[str] = ()) -> PersonView:
    """Return a person's file.

    Raises:
        Person.DoesNotExist: When the reader may not look at such a person.
    """
    person = reachable_person(reader, pk)
    facts = person_facts(reader, person, as_of)
    try:
        opened = open_pack(as_of, standing_region(as_of))
    except NoPackInForce:
        opened = None
    return PersonView(
        person=person,
        as_of=as_of,
        facts=facts,
        timeline=person_timeline(reader, person, masked),
        answers=_answers(reader, person, facts, opened) if opened else [],
        household=household_members(reader, person),
        contacts=contacts_of(reader, person),
        pack_title=opened.version.title if opened else "",
    )


def _answers(
    reader: Reader, person: Person, facts: list[FactLine], opened: OpenPack
) -> list[AnswerLine]:
    found = explain_one(opened, _row(person, facts, opened))
    newest: dict[int, Lead] = {}
    for lead in leads_of(reader, person.pk):
        newest.setdefault(lead.item_id, lead)
    return [
        _line(opened, opened.pack.items[one.item], one, newest.get(opened.item_ids[one.item]))
        for one in found
    ]


def explain_one(opened: OpenPack, row: Mapping[str, Any]) -> list[ItemAnswer]:
    """Ask the rules about one row of facts; what it does not say is unknown."""
    con = _scratch()
    try:
        make_facts(con, opened.pack.vocabulary, [row], as_of=opened.compiled.as_of)
        return explain(con, opened.compiled, "facts", 1)
    finally:
        con.execute("DROP TABLE IF EXISTS facts")


def _scratch() -> duckdb.DuckDBPyConnection:
    """Return this thread's own DuckDB for one row at a time; opening one takes 30 ms.

    Nothing stays in it: the row goes when its question is answered.
    """
    if not hasattr(_of_thread, "con"):
        _of_thread.con = connect(memory="256MB", threads=1, spilling=False).con
        # One row: planning a question well takes longer than asking it.
        _of_thread.con.execute("PRAGMA disable_optimizer")
    con: duckdb.DuckDBPyConnection = _of_thread.con
    return con


def _row(person: Person, facts: list[FactLine], opened: OpenPack) -> dict[str, Any]:
    """Return the facts as rules see them."""
    wanted = set(facts_columns(opened.pack.vocabulary))
    row = {line.name: line.value for line in facts if line.name in wanted}
    return row | {
        "person_id": 1,
        "place_code": person.place_code,
        "birth_date": person.birth_date,
    }


def _line(opened: OpenPack, item: Item, one: ItemAnswer, lead: Lead | None) -> AnswerLine:
    vocabulary = opened.pack.vocabulary
    return AnswerLine(
        item_id=opened.item_ids[item.code],
        code=item.code,
        name=item.name,
        status=one.status,
        tier=one.tier,
        amount_fen=one.amount_fen,
        per=CYCLE_WORDS.get(item.cycle, ""),
        delivered=one.delivered,
        reason=one.reason,
        missing=tuple(vocabulary[fact].ask_for for fact in one.missing),
        missing_facts=one.missing,
        leaves=one.leaves,
        object=item.object,
        content=item.content,
        kind=item.kind,
        standard=item.standard,
        funder=item.funder,
        department=item.lead,
        clause=item.clause,
        mode=item.mode,
        reading=item.reading,
        lead=lead,
    )
