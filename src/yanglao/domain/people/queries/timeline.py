"""What happened in a person's life and file, from all statements ever made."""

from collections.abc import Callable, Container, Iterator
from datetime import date
from typing import Any

from yanglao.domain.people.models import ENTRY_MODELS, Coverage, Entry, Person
from yanglao.domain.people.queries.merging import files_of
from yanglao.domain.people.types import (
    KIND_LABELS,
    KIND_SENDERS,
    KINDS_WITH_ABSENCE,
    Kind,
    TimelineEvent,
    field_label,
    value_label,
)
from yanglao.domain.places.public import full_names_of, names_of
from yanglao.foundation.scoping import Reader, area_range

#: (day or None for "that month", what happened, details as fact names)
_Moment = tuple[date | None, str, tuple[str, ...]]


def person_timeline(
    reader: Reader, person: Person, masked: Container[str] = ()
) -> list[TimelineEvent]:
    """Return everything that happened, the newest first; values of ``masked`` fields are covered.

    Beginnings and ends of facts, checks, assessments, moves, births and deaths; leaving a list by
    not being on the next full one; and where each is known from.

    Raises:
        PermissionError: If the person is served outside the reader's area.
    """
    if not reader.reaches(person.pk, person.place_code):
        raise PermissionError("只能查看自己辖区内的人员。")
    files = files_of([person.pk])
    entries = {
        kind: list(model.objects.filter(person_id__in=files).order_by("seen_from", "id"))
        for kind, model in ENTRY_MODELS.items()
    }
    covers = _full_lists_of(person)
    teller = _Teller(entries, covers, masked)
    events = [TimelineEvent(person.birth_date, "出生", source="公民身份号码")]
    for kind, of_kind in entries.items():
        for entry in of_kind:
            events += teller.told(kind, entry)
        events += teller.left(kind, of_kind)
    return sorted(events, key=lambda event: (event.on, event.title), reverse=True)


class _Teller:
    """Turns statements into events; names of places are asked for once."""

    def __init__(
        self,
        entries: dict[Kind, list[Any]],
        covers: dict[Kind, list[Coverage]],
        masked: Container[str],
    ) -> None:
        self.covers = covers
        self.masked = masked
        batches = {entry.last_batch for of_kind in entries.values() for entry in of_kind}
        rows = Coverage.objects.filter(batch__in=batches).order_by("batch")
        self.division_of = dict(rows.values_list("batch", "division_code"))
        codes = {entry.hukou_code for entry in entries[Kind.HOUSEHOLD]}
        codes |= {entry.residence_code for entry in entries[Kind.SURVEY]}
        self.places = full_names_of(codes - {""})
        of_lists = {cover.division_code for lists in covers.values() for cover in lists}
        self.names = names_of(of_lists | set(self.division_of.values()))

    def told(self, kind: Kind, entry: Entry) -> Iterator[TimelineEvent]:
        """Give the events of one statement."""
        for on, title, details in _MOMENTS[kind](entry):
            words = [self._words(entry, name) for name in details]
            yield TimelineEvent(
                on=on or entry.holds_from or entry.seen_from,
                title=title,
                detail="，".join(word for word in words if word),
                source=self._source(kind, entry),
                list_id=entry.first_list_id,
                row=entry.first_row,
                kind=kind.value,
                by_month=on is None,
            )

    def left(self, kind: Kind, entries: list[Any]) -> Iterator[TimelineEvent]:
        """Give the event of not standing on the next full list, after each last standing."""
        if kind is Kind.DEATHS or not entries:
            return
        gone: set[int] = set()
        for month_seen, batch_seen in sorted({(e.seen_to, e.last_batch) for e in entries}):
            after = [
                c
                for c in self.covers.get(kind, ())
                if (c.month, c.batch) > (month_seen, batch_seen)
            ]
            back = [e.seen_from for e in entries if e.seen_from > month_seen]
            if not after or after[0].pk in gone or (back and min(back) <= after[0].month):
                continue
            gone.add(after[0].pk)
            yield TimelineEvent(
                on=after[0].month,
                title=f"不再在{KIND_LABELS[kind]}名单上",
                source=f"{self._list_name(kind, after[0].division_code, after[0].month)} 完整名单",
                kind=kind.value,
                by_month=True,
            )

    def _words(self, entry: Entry, name: str) -> str:
        value = getattr(entry, name)
        if value is None or value == "":
            return ""
        if name in self.masked:
            return f"{field_label(name)}已遮盖"
        if name in {"hukou_code", "residence_code"}:
            return self.places.get(value, value)
        return value_label(name, value)

    def _source(self, kind: Kind, entry: Entry) -> str:
        if entry.entered_by and entry.first_list_id is None:
            return f"手工录入：{entry.entered_by}"
        return self._list_name(kind, self.division_of.get(entry.last_batch, ""), entry.seen_from)

    def _list_name(self, kind: Kind, division: str, month: date) -> str:
        return f"{self.names.get(division, '')}{KIND_SENDERS[kind]} {month:%Y-%m}"


def _full_lists_of(person: Person) -> dict[Kind, list[Coverage]]:
    codes = [person.place_code, person.hukou_code, person.residence_code]
    found: dict[Kind, list[Coverage]] = {}
    rows = Coverage.objects.filter(full=True, kind__in=sorted(KINDS_WITH_ABSENCE))
    for cover in rows.order_by("month", "batch"):
        low, high = area_range(cover.division_code)
        if any(low <= code < high for code in codes):
            found.setdefault(Kind(cover.kind), []).append(cover)
    return found


def _household(entry: Any) -> Iterator[_Moment]:
    yield None, "户籍登记", ("hukou_code", "address", "marital", "relation")
    if entry.status == "moved":
        yield entry.status_on, "户籍迁出", ()
    if entry.status == "dead":
        yield entry.status_on, "户籍登记死亡", ()


def _pension(entry: Any) -> Iterator[_Moment]:
    yield None, "养老保险", ("pension_kind", "pension_status", "monthly_fen")
    if entry.began_on and entry.pension_status != "unclaimed":
        yield entry.began_on, "开始领取养老待遇", ("pension_kind",)


def _assistance(entry: Any) -> Iterator[_Moment]:
    yield entry.holds_from, "开始享受社会救助", ("assistance", "support_mode", "tekun_care")
    if entry.holds_to:
        yield entry.holds_to, "社会救助到期", ("assistance",)


def _disability(entry: Any) -> Iterator[_Moment]:
    details = ("disability_category", "disability_grade")
    if entry.card_status == "cancelled":
        yield None, "残疾人证注销", details
    else:
        yield entry.issued_on, "办理残疾人证", details


def _health(entry: Any) -> Iterator[_Moment]:
    yield entry.health_checked_on, "健康管理", ("chronic", "doctor")


def _ltci(entry: Any) -> Iterator[_Moment]:
    if entry.assessed_on:
        yield entry.assessed_on, "长护险失能评估", ("ltci_level",)
    yield None, "参加长期护理保险" if entry.ltci_insured else "未参加长期护理保险", ()


def _veterans(entry: Any) -> Iterator[_Moment]:
    title = "享受定期抚恤补助" if entry.special_contribution else "优抚登记"
    yield None, title, ("veteran_category",)


def _assessment(entry: Any) -> Iterator[_Moment]:
    yield entry.assessed_on, "能力评估", ("ability_level", "agency")


def _survey(entry: Any) -> Iterator[_Moment]:
    yield None, "入户调查", ("residence_code", "living", "supporter")


def _relief(entry: Any) -> Iterator[_Moment]:
    yield entry.relief_on, "进入救助站" if entry.in_relief else "离开救助站", ()


def _deaths(entry: Any) -> Iterator[_Moment]:
    yield entry.died_on, "去世", ()


_MOMENTS: dict[Kind, Callable[[Any], Iterator[_Moment]]] = {
    Kind.HOUSEHOLD: _household,
    Kind.PENSION: _pension,
    Kind.ASSISTANCE: _assistance,
    Kind.DISABILITY: _disability,
    Kind.HEALTH: _health,
    Kind.LTCI: _ltci,
    Kind.VETERANS: _veterans,
    Kind.ASSESSMENT: _assessment,
    Kind.SURVEY: _survey,
    Kind.RELIEF: _relief,
    Kind.DEATHS: _deaths,
}
