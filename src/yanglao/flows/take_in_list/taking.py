"""One batch goes in: read outside the transaction, then everything or nothing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from yanglao.domain.exchange.public import (
    Batch,
    Counts,
    ListHead,
    ListState,
    ReceivedList,
    earlier_lists,
    record_batch,
    record_list,
    record_rows,
    remember_mapping,
)
from yanglao.domain.linkage.public import put_waiting
from yanglao.domain.people.public import (
    KIND_LABELS,
    Kind,
    create_people,
    declare_coverage,
    find_by_numbers,
    number_indexes,
    record_contacts,
    record_mentions,
    refresh_people,
    seen_month,
    take_statements,
)
from yanglao.domain.places.public import known_codes, place_named
from yanglao.engines.intake.collection import collection_paused
from yanglao.flows.read_linkage_rules import linkage_thresholds
from yanglao.flows.take_in_list.asking import (
    READ_SHARE,
    Asked,
    KeptFile,
    check_asked,
    read_files,
)
from yanglao.flows.take_in_list.linking import Linker, ListPlace, Verdicts
from yanglao.flows.take_in_list.reading import ListRows
from yanglao.flows.take_in_list.storing import counts_of, notes_of, phones_of, statements_of
from yanglao.flows.take_in_list.twins import put_twins
from yanglao.flows.take_in_list.types import KIND_ORDER, TakenIn, TakenList
from yanglao.flows.take_in_list.waiting import link_lines, waiting_rows
from yanglao.foundation import audit, outbox
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.scoping import Reader
from yanglao.foundation.staging import one_writer
from yanglao.kernel.dates import zh_month


@dataclass(slots=True)
class _OpenList:
    """A list on its way in."""

    file: KeptFile
    rows: ListRows
    place: ListPlace
    record: ReceivedList
    verdicts: Verdicts
    counts: Counts = field(default_factory=Counts)


def take_in(
    files: Sequence[tuple[str, bytes]],
    *,
    acting: Reader,
    division: str,
    month: date | None,
    full: bool,
    sender: str = "",
    mapping: Mapping[str, str] | None = None,
    kind: str | None = None,
    report: Progress = silent,
    links: bool = False,
) -> TakenIn:
    """Take in the files of one batch, in one transaction.

    A file that cannot be read goes back whole and the others go in; a row that cannot be taken
    goes back and the others go in; a file that came before changes nothing.

    Args:
        files: Names and contents.
        acting: Who hands them in. A clerk hands in his department's kinds only; rows of people
            outside the area go back.
        division: Of which place the lists are, 2 to 12 digits.
        month: Of which month (any day of it); ``None``: as the titles say, else of today.
        full: The lists are complete for their kinds, place and month: who is not on them, is
            known not to be.
        sender: Who made the lists; its own column names are remembered.
        mapping: Foreign column name to canonical name (empty: keep as it is), for this batch,
            and for the sender from now on.
        kind: Take every sheet as this kind.
        report: Called with percent done, 100, and what is going on.
        links: Say of every row whose it is and how likely (``TakenList.links``).

    Raises:
        CannotTakeIn: When the batch is asked for wrongly.
        PermissionError: When the acting person may not take in lists, or not for this place.
    """
    asked = check_asked(acting, division, month, full, sender, mapping, kind, files)
    with collection_paused():
        read = read_files(files, asked, kind, report)
        taken = _write(asked, read, report, links=links)
    report(100, 100, "完成")
    return taken


def _write(asked: Asked, read: Sequence[KeptFile], report: Progress, *, links: bool) -> TakenIn:
    """Write the batch; nobody else changes people meanwhile."""
    with transaction.atomic():
        one_writer("people")
        batch = record_batch(
            sender=asked.sender,
            division_code=asked.division,
            month=asked.month,
            full=asked.full,
            acting=asked.acting,
        )
        taken = _Taking(asked, batch, report, links=links).take(read)
        audit.record(
            asked.acting,
            "batch_taken_in",
            subject="batch",
            subject_id=batch.pk,
            place_code=asked.division,
            detail={"received": taken.received, "returned": taken.returned, "full": asked.full},
        )
        outbox.append(
            "list_taken_in",
            place_code=asked.division,
            batch=batch.pk,
            kinds=sorted({one.kind for one in taken.lists if one.kind}),
            received=taken.received,
            accepted=taken.accepted,
            returned=taken.returned,
        )
    return taken


class _Taking:
    """One batch inside its transaction."""

    def __init__(self, asked: Asked, batch: Batch, report: Progress, *, links: bool) -> None:
        self.links = links
        self.asked = asked
        self.batch = batch
        self.report = report
        self.acting = asked.acting
        self.open: list[_OpenList] = []
        self.answers: list[tuple[int, TakenList]] = []
        self.notices: dict[int, list[str]] = {}
        self.refused_kinds: set[str] = set()
        self.linker: Linker

    def take(self, files: Sequence[KeptFile]) -> TakenIn:
        """Take everything in."""
        seen: set[str] = set()
        for file in files:
            self._sort_out(file, seen)
            seen.add(file.file_hash)
        self._remember_mapping()
        self.open.sort(key=lambda one: KIND_ORDER.index(one.rows.kind))
        self._open_files()
        self._store()
        self._conclude()
        lists = [answer for _, answer in sorted(self.answers, key=lambda pair: pair[0])]
        return TakenIn(self.batch.pk, tuple(lists))

    # --- what goes in, what goes back whole ---------------------------------------------------

    def _sort_out(self, file: KeptFile, seen: set[str]) -> None:
        if file.read.refusal:
            if file.read.refused_kind:
                self.refused_kinds.add(file.read.refused_kind)
            self._answer_whole(file, file.read.name, ListState.REFUSED, file.read.refusal)
            return
        if file.file_hash in seen or self._came_before(file):
            for rows in file.read.lists:
                self._answer_whole(file, file.read.name, ListState.REPEATED, "", rows)
            return
        for rows in file.read.lists:
            place = self._place_of(rows)
            head = self._head(file, file.read.name, ListState.TAKEN_IN, "", rows, place.code)
            record = record_list(batch=self.batch, head=head, acting=self.acting)
            verdicts = Verdicts(people=[None] * len(rows))
            self.open.append(_OpenList(file, rows, place, record, verdicts))
            self.notices[record.pk] = self._first_notices(file, rows)
        for sheet, reason in file.read.unread:
            self._answer_whole(file, f"{file.read.name}〔{sheet}〕", ListState.REFUSED, reason)

    def _came_before(self, file: KeptFile) -> bool:
        """Say whether the same file came with the same words about it, and was read the same."""
        earlier = earlier_lists(file.file_hash, self.batch)
        before = {(one.kind, _shape(one.sheets)) for one in earlier}
        return all(
            (rows.kind.value, _shape([sheet.description() for sheet in rows.sheets])) in before
            for rows in file.read.lists
        )

    def _answer_whole(
        self,
        file: KeptFile,
        name: str,
        state: ListState,
        refusal: str,
        rows: ListRows | None = None,
    ) -> None:
        kind = rows.kind.value if rows else file.read.refused_kind
        head = self._head(file, name, state, refusal, rows, self.asked.division, kind)
        record = record_list(batch=self.batch, head=head, acting=self.acting)
        self._answer(record, Counts())

    def _head(
        self,
        file: KeptFile,
        name: str,
        state: ListState,
        refusal: str,
        rows: ListRows | None,
        place_code: str,
        kind: str = "",
    ) -> ListHead:
        return ListHead(
            kind=rows.kind.value if rows else kind,
            place_code=place_code,
            file_name=name,
            file_hash=file.file_hash,
            state=state,
            refusal=refusal,
            sheets=[sheet.description() for sheet in rows.sheets] if rows else [],
        )

    def _place_of(self, rows: ListRows) -> ListPlace:
        named = place_named(rows.title_place, self.asked.division) if rows.title_place else ""
        return ListPlace(self.asked.division, named)

    def _first_notices(self, file: KeptFile, rows: ListRows) -> list[str]:
        found = list(file.read.ignored)
        titled = rows.title_month
        if titled and self.asked.month and titled != self.asked.month:
            asked = zh_month(self.asked.month)
            found.append(f"标题写的是 {zh_month(titled)}，按所选的 {asked} 接收，请核对")
        return found

    def _remember_mapping(self) -> None:
        if not (self.asked.sender and self.asked.mapping):
            return
        for kind in {one.rows.kind for one in self.open}:
            headers = {
                header
                for one in self.open
                if one.rows.kind is kind
                for sheet in one.rows.sheets
                for header in sheet.recognition.headers
            }
            own = {name: to for name, to in self.asked.mapping.items() if name in headers}
            if own:
                remember_mapping(
                    sender=self.asked.sender, kind=kind.value, mapping=own, acting=self.acting
                )

    # --- people -------------------------------------------------------------------------------

    def _open_files(self) -> None:
        """Look up everybody by number, and open files for those who have none."""
        self.report(READ_SHARE, 100, "核对人员")
        wanted = sorted({number for one in self.open for number in one.rows.numbers if number})
        # Made once, for looking up and for opening files.
        indexes = dict(zip(wanted, number_indexes(wanted), strict=True))
        known = find_by_numbers(wanted, indexes=indexes)
        self.linker = Linker(
            acting=self.acting,
            known=known,
            codes=known_codes(),
            sender=self.asked.sender,
            thresholds=linkage_thresholds(),
        )
        for one in self.open:
            new = self.linker.newcomers(one.rows, one.place, one.record.pk, one.verdicts)
            if not new:
                continue
            self.linker.opened(new, create_people(new, acting=self.acting, indexes=indexes))
            if one.rows.kind is not Kind.HOUSEHOLD:
                self._warn_of_twins(one, self.linker.twins(new))

    def _warn_of_twins(self, one: _OpenList, twins: Mapping[str, str]) -> None:
        if not twins:
            return
        put_twins([self.linker.known[number].id for number in twins], acting=self.acting)
        for position, number in enumerate(one.rows.numbers):
            if number is not None and number in twins and position not in one.rows.problems:
                one.verdicts.remark(position, twins[number])

    # --- statements ---------------------------------------------------------------------------

    def _store(self) -> None:
        whole = sum(len(one.rows) for one in self.open) or 1
        done = 0
        changed: set[int] = set()
        register = [one for one in self.open if one.rows.kind is Kind.HOUSEHOLD]
        for one in self.open:
            label = f"写入{KIND_LABELS[one.rows.kind]}名单 {one.file.read.name}"
            self.report(READ_SHARE + (99 - READ_SHARE) * done // whole, 100, label)
            told = self._store_list(one)
            if one.rows.kind in {Kind.HOUSEHOLD, Kind.SURVEY, Kind.DEATHS}:
                changed |= told
            done += len(one.rows)
            if register and one is register[-1]:
                self._follow_register(changed, register)
                changed = set()
        refresh_people(changed, acting=self.acting)

    def _store_list(self, one: _OpenList) -> frozenset[int]:
        self.linker.link(one.rows, one.place, one.verdicts)
        month = self._month_of(one.rows)
        statements = statements_of(one.rows, one.verdicts, list_id=one.record.pk, month=month)
        stored = take_statements(statements, batch=self.batch.pk, acting=self.acting)
        record_contacts(
            phones_of(one.rows, one.verdicts),
            kind=one.rows.kind.value,
            list_id=one.record.pk,
            acting=self.acting,
        )
        waiting = waiting_rows(
            one.rows, one.verdicts, list_id=one.record.pk, month=month, batch=self.batch.pk
        )
        put_waiting(waiting, acting=self.acting)
        one.counts = counts_of(one.rows, one.verdicts, stored)
        record_rows(
            received_list=one.record,
            counts=one.counts,
            notes=notes_of(one.rows, one.verdicts),
            acting=self.acting,
        )
        return stored.changed

    def _follow_register(self, changed: set[int], register: Iterable[_OpenList]) -> None:
        """Bring people's names and places up to date before other lists are linked to them."""
        rows_of: dict[int, int] = {}
        dead: set[int] = set()
        for one in register:
            statuses = one.rows.values.get("status") or [None] * len(one.rows)
            for person, status in zip(one.verdicts.people, statuses, strict=True):
                if person is not None:
                    rows_of[person] = rows_of.get(person, 0) + 1
                    if status == "dead":
                        dead.add(person)
        # A file opened from the person's only row is right already.
        plain = {pk for pk, count in rows_of.items() if count == 1 and pk in self.linker.made}
        touched = changed - (plain - dead)
        if refresh_people(touched, acting=self.acting):
            by_id = self.linker.by_id
            numbers = [by_id[pk].id_number for pk in touched if pk in by_id]
            self.linker.renew(find_by_numbers(numbers))

    def _month_of(self, rows: ListRows) -> date | None:
        return self.asked.month or rows.title_month

    # --- what follows for those who are not on the lists ----------------------------------------

    def _conclude(self) -> None:
        """Say which places the batch spoke for, note who must not be counted absent, answer."""
        mentioned: dict[tuple[Kind, date], set[int]] = {}
        covered: dict[tuple[Kind, date], bool] = {}
        for one in self.open:
            kind = one.rows.kind
            key = (kind, seen_month(kind, self._month_of(one.rows)))
            mentioned.setdefault(key, set()).update(one.verdicts.mentioned)
            empty_handed = one.counts.received > 0 and one.counts.accepted == 0
            full = self.asked.full and kind.value not in self.refused_kinds and not empty_handed
            covered[key] = covered.get(key, True) and full
            if self.asked.full and not full:
                self.notices[one.record.pk].append(_why_not_full(empty_handed))
        for (kind, month), full in covered.items():
            declare_coverage(
                kind=kind,
                division_code=self.asked.division,
                month=month,
                batch=self.batch.pk,
                full=full,
                acting=self.acting,
            )
        done: set[tuple[Kind, int]] = set()
        for (kind, month), people in mentioned.items():
            fresh = {pk for pk in people if (kind, pk) not in done}
            done |= {(kind, pk) for pk in fresh}
            record_mentions(
                kind=kind, person_ids=fresh, month=month, batch=self.batch.pk, acting=self.acting
            )
        for one in self.open:
            self._answer(one.record, one.counts, one)

    def _answer(self, record: ReceivedList, counts: Counts, one: _OpenList | None = None) -> None:
        label = str(KIND_LABELS[Kind(record.kind)]) if record.kind else ""
        answer = TakenList(
            name=record.file_name,
            kind=record.kind,
            kind_label=label,
            state=str(record.state),
            received=counts.received,
            accepted=counts.accepted,
            returned=counts.returned,
            flagged=counts.flagged,
            refusal=record.refusal,
            notices=tuple(self.notices.get(record.pk, ())),
            list_id=record.pk,
            people_new=counts.people_new,
            facts_new=counts.facts_new,
            facts_same=counts.facts_same,
            waiting=len(one.verdicts.waiting) if one else 0,
            links=link_lines(one.rows, one.verdicts, self.linker.by_id)
            if one and self.links
            else (),
        )
        self.answers.append((record.pk, answer))


def _why_not_full(empty_handed: bool) -> str:
    if empty_handed:
        return "全部行都退回了，这份名单没有作为完整名单使用：不在名单上的人不视为没有"
    return "同类名单中有一份整份退回，这类名单没有作为完整名单使用：不在名单上的人不视为没有"


def _shape(sheets: Sequence[Mapping[str, object]]) -> str:
    """Return how sheets were read: kind, header and columns, as one text to compare."""
    return repr([(s["name"], s["kind"], s["header_row"], s["columns"]) for s in sheets])
