"""Writing a run: one transaction, in which a run without differences writes only its counts."""

from collections.abc import Mapping
from dataclasses import dataclass

from yanglao.domain.entitlements.actions.answers import Answers, ItemCounts
from yanglao.domain.entitlements.actions.by_hand import adjust_tallies
from yanglao.domain.entitlements.actions.causes import Causes
from yanglao.domain.entitlements.actions.compare import Comparison
from yanglao.domain.entitlements.checks import why_held
from yanglao.domain.entitlements.models import Run, RunItem, Tally
from yanglao.domain.entitlements.queries import (
    baseline_counts,
    facts_files,
    held_items,
    last_done_run,
    live_runs,
    newest_run_id,
)
from yanglao.domain.entitlements.types import (
    RUN_LOCK,
    ChangeKind,
    FactWords,
    HoldLimits,
    ItemRule,
    RunStart,
    StaleRun,
    WrittenRun,
)
from yanglao.foundation import clock, snapshots
from yanglao.foundation.analytics import bulk_insert
from yanglao.foundation.scoping import Reader, area_range, system_reader
from yanglao.foundation.staging import one_writer, run_sql, staged
from yanglao.kernel.division import contains

_CHANGE = (
    "run_id",
    "person_id",
    "place_code",
    "item_id",
    "kind",
    "before_id",
    "after_id",
    "cause",
)


@dataclass(frozen=True, slots=True)
class RunRules:
    """What the pack says about comparing: rules and words of facts, limits, how to name it."""

    items: Mapping[int, ItemRule]
    words: Mapping[str, FactWords]
    limits: HoldLimits
    pack_note: str


def write_run(
    *,
    answers: Answers,
    start: RunStart,
    rules: RunRules,
    seen_run: int,
    acting: Reader,
) -> WrittenRun:
    """Write a pass: the run, its counts, what it replaced and why. Call it in a transaction.

    Leaves ``item_change`` and ``moved`` in the session, for what follows from the differences.

    Args:
        answers: The pass, with ``current`` read.
        start: What the run is about.
        rules: What the pack says about comparing and holding.
        seen_run: :func:`newest_run_id` from before ``current`` was read.
        acting: On whose behalf.

    Raises:
        StaleRun: When another run was written since; read again.
    """
    one_writer(RUN_LOCK)
    if newest_run_id() != seen_run:
        raise StaleRun
    before = last_done_run(start.region_code)
    run = _make_run(start, answers, before, acting)
    if start.trial:
        return _write_trial(run, answers, rules)
    comparison = Comparison(
        answers,
        region=start.region_code,
        close_strays=start.whole_region and start.closes_strays,
    )
    moved = comparison.size
    kinds: dict[int, dict[str, int]] = {}
    if run.first or not moved:
        answers.session.con.execute(
            "CREATE TABLE change_cause (person_id BIGINT, item_id BIGINT, cause VARCHAR)"
        )
    if moved:
        comparison.by_item(only_undelivered=run.first)
        if not run.first:
            kinds = _write_changes(run, answers, rules)
        _replace(run, answers)
        _forget_by_hand(answers)
    else:
        comparison.nothing_changed()
    answers.count()
    held = _held(run, answers, rules)
    counters = _Counters(run, answers, rules, kinds, held)
    if start.whole_region:
        counters.write_items()
        counters.write_tallies()
    elif moved:
        counters.adjust(acting)
    _keep_facts(run, answers)
    return counters.written(moved)


def _write_trial(run: Run, answers: Answers, rules: RunRules) -> WrittenRun:
    """Count, keep what was seen, and replace nothing."""
    answers.count()
    counters = _Counters(run, answers, rules, {}, {})
    counters.write_items()
    _keep_facts(run, answers)
    return counters.written(0)


def finish_run(*, run_id: int, timings: Mapping[str, float], acting: Reader) -> None:
    """Note how long a run took, at the end of its transaction; ``acting`` has begun it."""
    Run.objects.filter(pk=run_id).update(finished_at=clock.now(), timings=dict(timings))


def _make_run(start: RunStart, answers: Answers, before: Run | None, acting: Reader) -> Run:
    return Run.objects.create(
        pack_version_id=start.pack_version_id,
        pack_hash=start.pack_hash,
        as_of=start.as_of,
        region_code=start.region_code,
        whole_region=start.whole_region,
        up_to_batch=start.up_to_batch,
        facts_key=start.facts_key,
        facts_file=start.facts_file,
        people=answers.people,
        state=Run.State.TRIAL if start.trial else Run.State.DONE,
        started_at=start.started_at,
        finished_at=clock.now(),
        run_by_id=acting.user_id,
        run_by=acting.name,
        timings=start.timings,
        first=before is None,
        compared_with=before,
    )


def _write_changes(run: Run, answers: Answers, rules: RunRules) -> dict[int, dict[str, int]]:
    """Write what changed and why; return how many of each kind by item."""
    session = answers.session
    causes = Causes(
        session,
        words=rules.words,
        rules=list(rules.items.values()),
        as_of=run.as_of,
        pack_note=rules.pack_note,
    )
    names = facts_files(run.region_code)
    causes.tell(with_facts=snapshots.load_before(session.con, names=names))
    kind = (
        f"CASE WHEN before_id IS NULL THEN '{ChangeKind.NEW}' "
        f"WHEN after_id IS NULL THEN '{ChangeKind.LOST}' ELSE '{ChangeKind.CHANGED}' END"
    )
    session.con.execute(
        f"""SELECT {run.pk}, person_id, place_code, item_id, {kind}, before_id, after_id,
            coalesce(cause, '')
        FROM item_change LEFT JOIN change_cause USING (person_id, item_id)
        ORDER BY person_id, item_id"""
    )
    bulk_insert("entitlements_change", _CHANGE, session.con)
    counted: dict[int, dict[str, int]] = {}
    for item, word, number in session.rows(
        f"SELECT item_id, {kind} AS kind, count(*) FROM item_change GROUP BY ALL"
    ):
        counted.setdefault(item, {})[word] = number
    return counted


def _replace(run: Run, answers: Answers) -> None:
    """Keep the rows that stood, and put the new ones in their place."""
    con = answers.session.con
    con.execute(
        f"""SELECT person_id, old_place, old_set, run_from_id, {run.pk} FROM moved
        WHERE old_set IS NOT NULL ORDER BY person_id"""
    )
    columns = ["person_id", "place_code", "answer_set_id", "run_from_id", "run_to_id"]
    bulk_insert("entitlements_pastanswers", columns, con)
    con.execute(
        """SELECT person_id, place_code, new_set FROM moved
        WHERE old_set IS NOT NULL AND new_set IS NOT NULL ORDER BY person_id"""
    )
    kinds = {"person_id": "int", "place_code": "text", "answer_set_id": "int"}
    with staged("staged_answers", kinds, con) as count:
        if count:
            run_sql(
                """UPDATE entitlements_currentanswers SET place_code = s.place_code,
                answer_set_id = s.answer_set_id, run_from_id = %s
                FROM staged_answers AS s WHERE s.person_id = entitlements_currentanswers.person_id
                """,
                (run.pk,),
            )
    con.execute("SELECT person_id FROM moved WHERE new_set IS NULL ORDER BY person_id")
    with staged("staged_gone", {"person_id": "int"}, con) as count:
        if count:
            run_sql(
                "DELETE FROM entitlements_currentanswers "
                "WHERE person_id IN (SELECT person_id FROM staged_gone)"
            )
    con.execute(
        f"""SELECT person_id, place_code, new_set, {run.pk} FROM moved
        WHERE old_set IS NULL ORDER BY person_id"""
    )
    bulk_insert("entitlements_currentanswers", columns[:4], con)


def _forget_by_hand(answers: Answers) -> None:
    """Let officers' words end for answers that are gone or are something else now.

    ``had_before`` keeps them for the counts; ``had`` is what still holds.
    """
    con = answers.session.con
    con.execute("CREATE TABLE had_before AS SELECT * FROM had")
    con.execute(
        """CREATE TEMP TABLE had_ended AS
        SELECT had.id FROM had JOIN item_change USING (person_id, item_id)
        LEFT JOIN known_outcome AS b ON b.id = before_id
        LEFT JOIN known_outcome AS a ON a.id = after_id
        WHERE after_id IS NULL OR (b.status = 1 AND a.status = 1
            AND (b.tier <> a.tier OR b.amount_fen IS DISTINCT FROM a.amount_fen))"""
    )
    con.execute("DELETE FROM had WHERE id IN (SELECT id FROM had_ended)")
    con.execute("SELECT id FROM had_ended ORDER BY id")
    with staged("staged_ended", {"id": "int"}, con) as count:
        if count:
            run_sql(
                "DELETE FROM entitlements_handdelivery WHERE id IN (SELECT id FROM staged_ended)"
            )


def _held(run: Run, answers: Answers, rules: RunRules) -> dict[int, str]:
    """Return the items that wait for a person, with the reason."""
    if not run.whole_region:
        waiting = held_items(system_reader(run.region_code))
        return {row.item_id: row.held_reason for row in waiting}
    baseline = baseline_counts(run.region_code)
    found: dict[int, str] = {}
    for item_id, counts in answers.counts().items():
        reason = why_held(
            yes=counts.yes,
            people=answers.living,
            universal=rules.items[item_id].universal,
            baseline=baseline.get(item_id),
            limits=rules.limits,
        )
        if reason:
            found[item_id] = reason
    return found


def _keep_facts(run: Run, answers: Answers) -> None:
    """Keep what the run saw, unless an earlier run saw the same; the run names the file."""
    if run.facts_file:
        return
    run.facts_file = snapshots.new_name(run.pk)
    run.save(update_fields=["facts_file"])
    snapshots.keep(answers.session.con, name=run.facts_file, run_id=run.pk, as_of=run.as_of)


class _Counters:
    """The counts of a run, and writing them."""

    def __init__(
        self,
        run: Run,
        answers: Answers,
        rules: RunRules,
        kinds: Mapping[int, Mapping[str, int]],
        held: Mapping[int, str],
    ) -> None:
        self.run = run
        self.answers = answers
        self.con = answers.session.con
        self.items = rules.items
        self.counts = answers.counts()
        self.kinds = kinds
        self.held = held

    def write_items(self) -> None:
        """Write one row an item."""
        rows = []
        for item_id in self.items:
            counts = self.counts.get(item_id, ItemCounts())
            kinds = self.kinds.get(item_id, {})
            rows.append(
                RunItem(
                    run=self.run,
                    item_id=item_id,
                    yes=counts.yes,
                    possible=counts.possible,
                    delivered=counts.delivered,
                    new=counts.yes + counts.possible if self.run.first else kinds.get("new", 0),
                    lost=kinds.get("lost", 0),
                    changed=kinds.get("changed", 0),
                    held_reason=self.held.get(item_id, ""),
                )
            )
        RunItem.objects.bulk_create(rows)

    def write_tallies(self) -> None:
        """Write the counts by place, here and in the newest run of every wider region."""
        low, high = area_range(self.run.region_code)
        wider = [
            run
            for run in live_runs()
            if run.pk != self.run.pk
            and run.region_code != self.run.region_code
            and contains(run.region_code, self.run.region_code)
        ]
        Tally.objects.filter(run__in=wider, place_code__gte=low, place_code__lt=high).delete()
        columns = ["run_id", "place_code", "item_id", "status", "delivered", "people"]
        for run in [self.run, *wider]:
            self.con.execute(
                f"""SELECT {run.pk}, place_code, item_id, status, delivered, people
                FROM tally_now ORDER BY place_code, item_id, status, delivered"""
            )
            bulk_insert("entitlements_tally", columns, self.con)

    def adjust(self, acting: Reader) -> None:
        """Put the difference of a few people on the counts that stand now."""
        differences = self.con.execute(
            """SELECT place, item_id, status, had, sum(n) FROM (
                SELECT place_code AS place, o.item_id, o.status,
                    coalesce(o.delivered, FALSE) OR h.id IS NOT NULL AS had, 1 AS n
                FROM moved JOIN set_answer ON answer_set_id = new_set
                JOIN known_outcome AS o ON o.id = outcome_id
                LEFT JOIN had AS h ON h.person_id = moved.person_id AND h.item_id = o.item_id
                UNION ALL
                SELECT old_place, o.item_id, o.status,
                    coalesce(o.delivered, FALSE) OR h.id IS NOT NULL, -1
                FROM moved JOIN set_answer ON answer_set_id = old_set
                JOIN known_outcome AS o ON o.id = outcome_id
                LEFT JOIN had_before AS h
                    ON h.person_id = moved.person_id AND h.item_id = o.item_id)
            GROUP BY ALL HAVING sum(n) <> 0 ORDER BY ALL"""
        ).fetchall()
        adjust_tallies(
            differences=[(*difference[:4], int(difference[4])) for difference in differences],
            acting=acting,
        )

    def written(self, moved: int) -> WrittenRun:
        """Return the run in numbers."""
        every = {word: sum(k.get(word, 0) for k in self.kinds.values()) for word in _KINDS}
        yes = sum(counts.yes for counts in self.counts.values())
        possible = sum(counts.possible for counts in self.counts.values())
        return WrittenRun(
            run_id=self.run.pk,
            first=self.run.first,
            people=self.run.people,
            yes=yes,
            possible=possible,
            new=yes + possible if self.run.first else every["new"],
            lost=every["lost"],
            changed=every["changed"],
            held=dict(self.held),
            moved=moved,
        )


_KINDS = ("new", "lost", "changed")
