"""Entitlements: who gets what, why, and what changed since the last run.

A run asks the catalogue in force on a day about everybody of a region. An answer is ``yes`` with
tier or amount, or ``possible`` with the facts that are missing; "no" is not stored. Answers are
kept once and shared (``Outcome``, ``AnswerSet``); ``Finding`` shows them as one row a person and
item. A run that counts replaces answers and writes each difference with its cause; a trial only
counts. Pages count with ``tallies``, in one query.
"""

from yanglao.domain.entitlements.models import Change, Finding, Outcome, Run, RunItem
from yanglao.domain.entitlements.queries import (
    answers_at,
    baseline_counts,
    change_counts,
    changes,
    changes_of,
    finding_of,
    findings,
    findings_of,
    get_run,
    held_items,
    last_done_run,
    latest_run,
    newest_run_id,
    outcome_ids,
    outcomes,
    run_items,
    runs,
    tallies,
)
from yanglao.domain.entitlements.types import (
    ChangeKind,
    NewOutcome,
    RunStart,
    StaleRun,
    Status,
    TallyRow,
)

__all__ = [
    "Change",
    "ChangeKind",
    "Finding",
    "NewOutcome",
    "Outcome",
    "Run",
    "RunItem",
    "RunStart",
    "StaleRun",
    "Status",
    "TallyRow",
    "answers_at",
    "baseline_counts",
    "change_counts",
    "changes",
    "changes_of",
    "finding_of",
    "findings",
    "findings_of",
    "get_run",
    "held_items",
    "last_done_run",
    "latest_run",
    "newest_run_id",
    "outcome_ids",
    "outcomes",
    "run_items",
    "runs",
    "tallies",
]
