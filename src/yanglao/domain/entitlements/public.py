"""Entitlements: who gets what, why, and what changed since the last run.

A run asks the catalogue in force on a day about everybody of a region. An answer is ``yes`` with
tier or amount, or ``possible`` with the facts that are missing; "no" is not stored. Answers are
kept once and shared (``Outcome``, ``AnswerSet``); ``Finding`` shows them as one row a person and
item. A run that counts replaces answers and writes each difference with its cause; a trial only
counts. Pages count with ``tallies``, in one query.
"""

from yanglao.domain.entitlements.actions.answers import Answers
from yanglao.domain.entitlements.actions.by_hand import tell_delivered, untell_delivered
from yanglao.domain.entitlements.actions.record import RunRules, finish_run, write_run
from yanglao.domain.entitlements.actions.release import release_item
from yanglao.domain.entitlements.facts import (
    cause_sql,
    load_answers_at,
    load_current,
    load_standing,
    told_parts,
    told_sql,
)
from yanglao.domain.entitlements.models import Change, Finding, Outcome, Run, RunItem
from yanglao.domain.entitlements.queries import (
    answers_at,
    baseline_counts,
    change_counts,
    change_counts_of,
    changes,
    changes_of,
    finding_of,
    findings,
    findings_of,
    get_run,
    held_items,
    last_done_run,
    latest_run,
    live_runs,
    newest_run_id,
    outcome_ids,
    outcomes,
    pulled_changes,
    pulled_findings,
    run_items,
    runs,
    standing_regions,
    tallies,
    told_items,
)
from yanglao.domain.entitlements.types import (
    RUN_LOCK,
    ChangeKind,
    FactWords,
    HoldLimits,
    ItemRule,
    NewOutcome,
    RunStart,
    StaleRun,
    Status,
    TallyRow,
    WrittenRun,
)

__all__ = [
    "RUN_LOCK",
    "Answers",
    "Change",
    "ChangeKind",
    "FactWords",
    "Finding",
    "HoldLimits",
    "ItemRule",
    "NewOutcome",
    "Outcome",
    "Run",
    "RunItem",
    "RunRules",
    "RunStart",
    "StaleRun",
    "Status",
    "TallyRow",
    "WrittenRun",
    "answers_at",
    "baseline_counts",
    "cause_sql",
    "change_counts",
    "change_counts_of",
    "changes",
    "changes_of",
    "finding_of",
    "findings",
    "findings_of",
    "finish_run",
    "get_run",
    "held_items",
    "last_done_run",
    "latest_run",
    "live_runs",
    "load_answers_at",
    "load_current",
    "load_standing",
    "newest_run_id",
    "outcome_ids",
    "outcomes",
    "pulled_changes",
    "pulled_findings",
    "release_item",
    "run_items",
    "runs",
    "standing_regions",
    "tallies",
    "tell_delivered",
    "told_items",
    "told_parts",
    "told_sql",
    "untell_delivered",
    "write_run",
]
