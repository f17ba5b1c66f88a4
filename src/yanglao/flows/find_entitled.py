"""Services find people: everybody of a region against the whole list, in one pass.

``find_entitled`` asks the pack in force on a day, compares with what stands, and writes the
differences and their leads in one transaction. ``recheck_people`` is the same for a few people.
A day before that of the run that stands is a trial: counted and exported, nothing is replaced.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from yanglao.domain.catalogue.public import items_by_id
from yanglao.domain.entitlements.public import (
    RUN_LOCK,
    Answers,
    NewOutcome,
    Run,
    RunStart,
    StaleRun,
    WrittenRun,
    finish_run,
    last_done_run,
    load_standing,
    newest_run_id,
    write_run,
)
from yanglao.domain.entitlements.public import release_item as let_out
from yanglao.domain.exchange.public import batches
from yanglao.domain.leads.public import LeadWork, Occasion, open_and_close
from yanglao.flows.ask_alike_once import ask_alike_once
from yanglao.flows.ask_on_spark import ask_on_spark
from yanglao.flows.export_findings import export_findings
from yanglao.flows.load_seen_facts import load_seen_facts
from yanglao.flows.open_pack import (
    NoPackInForce,
    OpenPack,
    lead_rules,
    open_pack,
    open_version,
    run_rules,
)
from yanglao.flows.prove_leads import load_awaiting, prove_by_lists, sort_awaiting_leads
from yanglao.flows.standing_region import standing_region
from yanglao.foundation import audit, clock, outbox
from yanglao.foundation.analytics import AnalyticSession, analytic_session
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.scoping import Reader, system_reader
from yanglao.foundation.staging import one_writer, refresh_statistics
from yanglao.kernel.division import contains

__all__ = [
    "NoPackInForce",
    "Released",
    "RunSummary",
    "export_findings",
    "find_entitled",
    "recheck_people",
    "release_item",
]

_STEPS = 5
_ENGINES = ("duckdb", "spark")
#: From so many changed people on, the planner is told how tables are filled now.
_MANY = 1000


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run in numbers.

    Attributes:
        run_id: The run. trial: It was only counted.
        people: People looked at.
        yes, possible: Answers, one a person and item.
        new, lost, changed: Differences to what stood.
        held: One line an item that waits for a person, with its name and why.
        leads: What became of leads.
        seconds: From start to commit. timings: Seconds per step.
    """

    run_id: int
    trial: bool
    people: int
    yes: int
    possible: int
    new: int
    lost: int
    changed: int
    held: tuple[str, ...]
    leads: LeadWork
    seconds: float
    timings: dict[str, float] = field(default_factory=dict)

    @property
    def leads_opened(self) -> int:
        """Leads opened by this run."""
        return self.leads.opened


def find_entitled(
    *,
    region: str,
    as_of: date,
    acting: Reader,
    report: Progress = silent,
    trial: bool | None = None,
    engine: str = "duckdb",
) -> RunSummary:
    """Match everybody of a region against the pack in force, and write what differs.

    Safe to run again: a run in which nothing changed writes only itself and its counts.

    Args:
        region: 12-digit division.
        as_of: The day.
        acting: Who asks for it; must cover the region.
        report: Called with steps done, all steps, and what is going on.
        trial: Count only, replace nothing. When not said, a day before that of the run that
            stands is a trial, unless that run had looked ahead of today.
        engine: ``"duckdb"``, or ``"spark"`` where it is installed; the tables come out the same.

    Raises:
        ValueError: For another engine.
        PermissionError: When the region lies outside the acting area.
        yanglao.flows.open_pack.NoPackInForce: When no pack is in force on the day.
    """
    if not acting.covers(region):
        raise PermissionError("只能比对自己辖区内的老人。")
    if engine not in _ENGINES:
        raise ValueError(f"没有计算引擎“{engine}”：请写 {' 或 '.join(_ENGINES)}。")
    opened = open_pack(as_of, region)
    before = last_done_run(region)
    if trial is None:
        trial = before is not None and as_of < min(before.as_of, clock.today())
    work = _Work(opened, region, as_of, acting, report, trial=trial, people=None)
    work.engine = engine
    return work.run()


def recheck_people(
    person_ids: Sequence[int], *, as_of: date, acting: Reader, report: Progress = silent
) -> RunSummary:
    """Match a few people again, after a fact of theirs changed.

    The day is never before that of the run that stands: an officer's entry must not turn birthdays
    back.
    """
    region = standing_region(as_of)
    before = last_done_run(region)
    day = max(as_of, before.as_of) if before else as_of
    work = _Work(
        open_pack(day, region), region, day, acting, report, trial=False, people=list(person_ids)
    )
    return work.run()


@dataclass(frozen=True, slots=True)
class Released:
    """A held result that was let out: which item, and how many leads opened."""

    item: str
    leads_opened: int


def release_item(*, run_item_id: int, acting: Reader, reason: str = "") -> Released:
    """Release a held result and open its leads.

    Raises:
        RunItem.DoesNotExist: When there is none, or it is outside the acting area.
        ValueError: When it is not held (any more).
    """
    with transaction.atomic(), analytic_session(step="放行比对结果") as session:
        row = let_out(run_item_id=run_item_id, acting=acting, reason=reason)
        opened = open_version(row.run.pack_version, row.run.as_of, row.run.region_code)
        load_standing(session, item_id=row.item_id, region=row.run.region_code)
        load_awaiting(session, opened, row.run.as_of)
        work = open_and_close(
            session=session,
            occasion=Occasion(row.run_id, row.run.as_of, again=False),
            rules=lead_rules(opened),
            acting=acting,
        )
    return Released(row.item.name, work.opened)


class _Work:
    """One pass, from reading to the committed run."""

    def __init__(
        self,
        opened: OpenPack,
        region: str,
        as_of: date,
        acting: Reader,
        report: Progress,
        *,
        trial: bool,
        people: list[int] | None,
    ) -> None:
        self.opened = opened
        self.region = region
        self.as_of = as_of
        self.acting = acting
        self.report = report
        self.trial = trial
        self.people = people
        self.engine = "duckdb"
        self.started_at = clock.now()
        self.timings: dict[str, float] = {}
        self._begin = self._last = time.perf_counter()

    def run(self) -> RunSummary:
        """Read without holding anybody up; when another run came between, read again inside."""
        try:
            return self._once(inside=False)
        except StaleRun:
            return self._once(inside=True)

    def _once(self, *, inside: bool) -> RunSummary:
        with analytic_session(step="比对清单") as session:
            if inside:
                with transaction.atomic():
                    one_writer(RUN_LOCK)
                    seen, answers = newest_run_id(), self._look(session)
                    return self._write(session, answers, seen)
            seen, answers = newest_run_id(), self._look(session)
            with transaction.atomic():
                self._refuse_stale()
                return self._write(session, answers, seen)

    def _refuse_stale(self) -> None:
        """Refuse to write what was found in data that has changed since."""
        if not self.seen.still_so() or _newest_batch() != self.batch:
            raise StaleRun

    def _look(self, session: AnalyticSession) -> Answers:
        """Read facts, ask the rules, read what stands."""
        self._step(0, "读取每位老人的情况")
        self.batch = _newest_batch()
        self.seen = load_seen_facts(
            session,
            as_of=self.as_of,
            region=self.region,
            months=self.opened.assessment_months,
            person_ids=self.people,
        )
        self._done("facts")
        self._step(1, "按清单逐条比对")
        ask = ask_on_spark if self.engine == "spark" else ask_alike_once
        found = ask(session.con, self.opened.compiled)
        self._done("evaluate")
        self._step(2, "汇总结果")
        ids = self.opened.item_ids
        answers = Answers(
            session,
            [
                NewOutcome(
                    one.key,
                    ids[one.item],
                    one.status,
                    one.tier,
                    one.amount_fen,
                    one.delivered,
                    one.reason,
                    one.used,
                    one.missing,
                )
                for one in found
            ],
        )
        answers.read_current(self.people)
        self._done("group")
        return answers

    def _write(self, session: AnalyticSession, answers: Answers, seen: int) -> RunSummary:
        """Write the run and its leads; in the caller's transaction."""
        self._step(3, "写入结果和差异")
        before = last_done_run(self.region)
        version = self.opened.version
        written = write_run(
            answers=answers,
            start=RunStart(
                pack_version_id=version.pk,
                pack_hash=version.hash,
                as_of=self.as_of,
                region_code=self.region,
                whole_region=self.people is None,
                started_at=self.started_at,
                trial=self.trial,
                closes_strays=contains(self.region, version.region_code),
                up_to_batch=self.batch,
                facts_key=self.seen.key,
                facts_file=self.seen.file,
            ),
            rules=run_rules(self.opened, other_hash=before.pack_hash if before else None),
            seen_run=seen,
            acting=self.acting,
        )
        self._done("write")
        self._step(4, "生成和更新线索")
        work = LeadWork() if self.trial else self._follow(session, written, before)
        self._done("leads")
        if self.people is None:
            audit.record(
                self.acting,
                "match_run",
                subject="run",
                subject_id=written.run_id,
                place_code=self.region,
                detail={"as_of": self.as_of.isoformat(), "people": written.people},
            )
        if written.moved >= _MANY:
            refresh_statistics()
        if not self.trial and (written.new or written.lost or written.changed):
            outbox.append("findings_changed", place_code=self.region, run=written.run_id)
        finish_run(run_id=written.run_id, timings=self.timings, acting=self.acting)
        self._step(_STEPS, "完成")
        return self._summary(written, work)

    def _follow(
        self, session: AnalyticSession, written: WrittenRun, before: Run | None
    ) -> LeadWork:
        """Bring leads in line."""
        occasion = Occasion(written.run_id, self.as_of, held=frozenset(written.held))
        work = LeadWork()
        if written.moved:
            load_awaiting(session, self.opened, self.as_of)
            work = open_and_close(
                session=session,
                occasion=occasion,
                rules=lead_rules(self.opened),
                acting=self.acting,
                prove=prove_by_lists(self.opened),
            )
        if before is not None and self.people is None and self.batch > before.up_to_batch:
            sort_awaiting_leads(session, self.opened, occasion, self.region, self.acting)
        return work

    def _summary(self, written: WrittenRun, work: LeadWork) -> RunSummary:
        names = items_by_id(written.held)
        return RunSummary(
            run_id=written.run_id,
            trial=self.trial,
            people=written.people,
            yes=written.yes,
            possible=written.possible,
            new=written.new,
            lost=written.lost,
            changed=written.changed,
            held=tuple(
                f"{names[item].code} {names[item].name}：{reason}"
                for item, reason in sorted(written.held.items())
            ),
            leads=work,
            seconds=time.perf_counter() - self._begin,
            timings=dict(self.timings),
        )

    def _step(self, number: int, what: str) -> None:
        self.report(number, _STEPS, what)

    def _done(self, name: str) -> None:
        """Note the seconds since the last step."""
        moment = time.perf_counter()
        self.timings[name] = round(moment - self._last, 3)
        self._last = moment


def _newest_batch() -> int:
    """Return the last batch of lists that has come in, 0 before the first."""
    newest = batches(system_reader()).first()
    return newest.pk if newest else 0
