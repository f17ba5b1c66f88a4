"""One person's facts with where each came from: the same pass as for everybody, with one row."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yanglao.domain.people.facts.columns import FACT_SOURCES
from yanglao.domain.people.facts.load import load_facts
from yanglao.domain.people.models import ENTRY_MODELS, Coverage, Merge, Person, SetAside
from yanglao.domain.people.types import (
    FACT_LABELS,
    KIND_SENDERS,
    KINDS_WITH_ABSENCE,
    FactLine,
    Kind,
    field_label,
    value_label,
    with_laid_in,
)
from yanglao.domain.places.public import full_names_of, names_of
from yanglao.foundation.analytics import AnalyticSession
from yanglao.foundation.few_rows import session_of_thread
from yanglao.foundation.scoping import EVERYWHERE, Reader, area_range
from yanglao.kernel.dates import whole_years

_FROM_NUMBER = "公民身份号码"
#: What tells a fact when it is known by absence: fact to list kind.
_ABSENCE_KINDS = {
    "alive": Kind.DEATHS,
    "pension_kind": Kind.PENSION,
    "pension_status": Kind.PENSION,
    "assistance": Kind.ASSISTANCE,
    "support_mode": Kind.ASSISTANCE,
    "tekun_care": Kind.ASSISTANCE,
    "disability_category": Kind.DISABILITY,
    "disability_grade": Kind.DISABILITY,
    "needs_long_term_care": Kind.DISABILITY,
    "health_checked_on": Kind.HEALTH,
    "ltci_insured": Kind.LTCI,
    "ltci_level": Kind.LTCI,
    "ltci_receiving": Kind.LTCI,
    "ltci_assessed_on": Kind.LTCI,
    "special_contribution": Kind.VETERANS,
    "in_relief": Kind.RELIEF,
}


def person_facts(reader: Reader, person: Person, as_of: date) -> list[FactLine]:
    """Return every fact of a person on a day, unknown ones too, in the order of the file page.

    The values are those that the match sees: both come from :func:`load_facts`.

    Raises:
        PermissionError: If the person is served outside the reader's area.
    """
    if not reader.reaches(person.pk, person.place_code):
        raise PermissionError("只能查看自己辖区内的人员。")
    with session_of_thread("facts") as session:
        load_facts(session, as_of=as_of, region=EVERYWHERE, person_ids=[person.pk], sources=True)
        session.con.execute("SELECT * FROM facts")
        names = [column[0] for column in session.con.description or ()]
        rows = session.con.fetchall()
    values: dict[str, Any] = dict(zip(names, rows[0], strict=True)) if rows else {}
    values["age"] = whole_years(person.birth_date, as_of)
    return _Lines(person, as_of, values).lines()


def facts_of_many(
    reader: Reader, people: Sequence[Person], session: AnalyticSession, as_of: date
) -> dict[int, list[FactLine]]:
    """Return :func:`person_facts` of many people, with ``facts`` of all left in the session.

    Raises:
        PermissionError: If one of them is served outside the reader's area.
    """
    if not all(reader.reaches(one.pk, one.place_code) for one in people):
        raise PermissionError("只能查看自己辖区内的人员。")
    ids = [one.pk for one in people]
    load_facts(session, as_of=as_of, region=EVERYWHERE, person_ids=ids, sources=True)
    session.con.execute("SELECT * FROM facts")
    names = [column[0] for column in session.con.description or ()]
    rows = {row[0]: row for row in session.con.fetchall()}
    found = {}
    for person in people:
        values: dict[str, Any] = dict(zip(names, rows.get(person.pk, ()), strict=False))
        values["age"] = whole_years(person.birth_date, as_of)
        found[person.pk] = _Lines(person, as_of, values).lines()
    return found


def _entries_told(values: Mapping[str, Any]) -> dict[str, tuple[Kind, int]]:
    """Return which statement each fact followed from."""
    found = {
        fact: (Kind(kind), values[column])
        for fact, (kind, column) in FACT_SOURCES.items()
        if values.get(column) is not None
    }
    # A report of death comes before the register's word about the same.
    for kind, column in ((Kind.DEATHS, "from_deaths"), (Kind.HOUSEHOLD, "from_register")):
        if values.get(column) is not None:
            found.setdefault("alive", (kind, values[column]))
    return found


class _Lines:
    """Puts values and their sources together, with few queries for any number of facts."""

    def __init__(
        self,
        person: Person,
        as_of: date,
        values: Mapping[str, Any],
    ) -> None:
        self.person = person
        self.values = values
        self.entry_of = _entries_told(values)
        wanted: dict[Kind, set[int]] = {}
        for kind, entry in self.entry_of.values():
            wanted.setdefault(kind, set()).add(entry)
        self.entries: dict[tuple[Kind, int], Any] = {}
        for kind, ids in wanted.items():
            for one in ENTRY_MODELS[kind].objects.filter(pk__in=ids).order_by("pk"):
                self.entries[kind, one.pk] = one
        self.full_lists = _last_full_lists(person, as_of)
        self.division_of = _divisions_of({entry.last_batch for entry in self.entries.values()})
        divisions = {
            *self.division_of.values(),
            *(c.division_code for c in self.full_lists.values()),
        }
        self.names = names_of(divisions)
        self.not_counted = _not_counted(person)
        codes = {values.get("hukou_code"), values.get("residence_code")} - {None}
        self.places = full_names_of(str(code) for code in codes)

    def lines(self) -> list[FactLine]:
        """Return a line for every fact that a page shows."""
        lines = [self._line(name) for name in FACT_LABELS]
        told = self.not_counted
        return [
            replace(one, not_counted=told[one.name]) if one.name in told else one for one in lines
        ]

    def _line(self, name: str) -> FactLine:
        value = self.values.get(name)
        label, words = field_label(name), value_label(name, value)
        if name in {"hukou_code", "residence_code"} and value in self.places:
            words = self.places[value]
        if name in {"birth_date", "sex", "age"}:
            return FactLine(name, label, value, words, known=True, source=_FROM_NUMBER)
        entry_key = self.entry_of.get(name)
        if value is not None and entry_key in self.entries:
            return self._from_entry(name, label, value, words, entry_key[0])
        cover = self.full_lists.get(_ABSENCE_KINDS.get(name, ""))
        if value is not None and cover is not None:
            source = self._source(cover.kind, cover.division_code, cover.month)
            return FactLine(
                name,
                label,
                value,
                words,
                known=True,
                holds_from=cover.month,
                source=f"{source} 完整名单上没有此人",
                absent=True,
            )
        return FactLine(name, label, value, words, known=value is not None)

    def _from_entry(self, name: str, label: str, value: Any, words: str, kind: str) -> FactLine:
        entry = self.entries[self.entry_of[name]]
        division = self.division_of.get(entry.last_batch, "")
        by_hand = entry.last_list_id is None and entry.entered_by
        source = (
            f"手工录入 {entry.seen_to.isoformat()}"
            if by_hand
            else self._source(kind, division, entry.seen_to)
        )
        return FactLine(
            name,
            label,
            value,
            words,
            known=True,
            holds_from=entry.holds_from,
            holds_to=getattr(entry, "holds_to", None),
            source=source,
            list_id=entry.last_list_id,
            row=entry.last_row,
            entered_by=entry.entered_by,
        )

    def _source(self, kind: str, division: str, month: date) -> str:
        place = self.names.get(division, "")
        return f"{place}{KIND_SENDERS[Kind(kind)]} {month:%Y-%m}"


def _not_counted(person: Person) -> dict[str, str]:
    """Return, by fact, what some list says of a person and does not count, and why."""
    files = with_laid_in([person.pk], Merge.laid_in_files())
    found: dict[str, str] = {}
    for row in SetAside.objects.filter(person_id__in=files).order_by("id"):
        kind = Kind(row.kind)
        who = _("按规则") if row.by_rule else row.decided_by
        words = _("%(sender)s名单的说法没有采信：%(day)s %(who)s以“%(instead)s”为准") % {
            "sender": KIND_SENDERS[kind],
            "day": row.decided_on.isoformat(),
            "who": who,
            "instead": row.instead,
        }
        words += f"（{row.reason}）" if row.reason else ""
        for fact in _facts_of(kind, row.value):
            found[fact] = words
    return found


def _facts_of(kind: Kind, value: str) -> list[str]:
    """Return the facts that follow from a kind of list, or from one value of it."""
    if kind is Kind.DEATHS:
        return ["alive"]
    return [
        fact for fact, (own, _column) in FACT_SOURCES.items() if own == kind and value in {"", fact}
    ]


def _last_full_lists(person: Person, as_of: date) -> dict[str, Coverage]:
    """Return the last full list of each kind that covers the person."""
    codes = [person.place_code, person.hukou_code, person.residence_code]
    found: dict[str, Coverage] = {}
    rows = Coverage.objects.filter(full=True, month__lte=as_of, kind__in=sorted(KINDS_WITH_ABSENCE))
    for cover in rows.order_by("month", "batch"):
        low, high = area_range(cover.division_code)
        if any(low <= code < high for code in codes):
            found[cover.kind] = cover
    return found


def _divisions_of(batches: set[int]) -> dict[int, str]:
    rows = Coverage.objects.filter(batch__in=batches).order_by("batch")
    return dict(rows.values_list("batch", "division_code"))
