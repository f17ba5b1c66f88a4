"""Words and tones of payments: one place, so that list, page and sheet say the same."""

from typing import Any

from django.utils.translation import gettext as _

from yanglao.domain.places.public import names_of, town_and_village
from yanglao.domain.settlement.public import (
    AttemptState,
    ClaimState,
    Decision,
    ElsewhereState,
    FileState,
    PaymentRun,
    PaymentState,
    RunState,
    Verdict,
)
from yanglao.flows.explain_payments import DIFFERENCE_WORDS, benefit_names, named
from yanglao.kernel.money import format_yuan
from yanglao.web.kit.parts import Status

_RUN_TONES = {
    RunState.DRAFT: "plain",
    RunState.FROZEN: "warning",
    RunState.CHECKED: "info",
    RunState.SUBMITTED: "accent",
    RunState.APPROVED: "info",
    RunState.SENT: "info",
    RunState.RETURNED: "info",
    RunState.CLOSED: "success",
    RunState.CANCELLED: "neutral",
}
_PAYMENT_TONES = {
    PaymentState.READY: "info",
    PaymentState.HELD: "warning",
    PaymentState.OWED: "info",
    PaymentState.OPEN: "info",
    PaymentState.PAID: "success",
    PaymentState.FAILED: "error",
    PaymentState.SETTLED: "neutral",
}
_CLAIM_TONES = {
    ClaimState.PROPOSED: "plain",
    ClaimState.OPEN: "warning",
    ClaimState.AGREED: "info",
    ClaimState.SETTLED: "success",
}
_DECISION_TONES = {Decision.HELD: "warning", Decision.RELEASED: "success"}
_ATTEMPT_TONES = {
    AttemptState.OPEN: "info",
    AttemptState.PAID: "success",
    AttemptState.FAILED: "error",
    AttemptState.RETURNED: "error",
}
_FILE_TONES = {
    FileState.MADE: "warning",
    FileState.HANDING: "accent",
    FileState.HANDED: "info",
    FileState.ANSWERED: "success",
}
_ELSEWHERE_TONES = {
    ElsewhereState.WAITING: "accent",
    ElsewhereState.CURRENT: "success",
    ElsewhereState.REPLACED: "neutral",
    ElsewhereState.UNDONE: "neutral",
    ElsewhereState.DROPPED: "neutral",
}
_VERDICT_TONES = {Verdict.PAID: "success", Verdict.AGAIN: "plain", Verdict.FAILED: "warning"}
_DIFFERENCE_TONES = {"new": "success", "stopped": "neutral", "changed": "info", "same": "plain"}


def run_status(state: str) -> Status:
    """Return the badge of a run's state."""
    return Status(RunState(state).label, _RUN_TONES[RunState(state)])


def payment_status(state: str) -> Status:
    """Return the badge of a payment's state."""
    return Status(PaymentState(state).label, _PAYMENT_TONES[PaymentState(state)])


def claim_status(state: str) -> Status:
    """Return the badge of a claim's state."""
    return Status(ClaimState(state).label, _CLAIM_TONES[ClaimState(state)])


def attempt_status(state: str) -> Status:
    """Return the badge of an attempt."""
    return Status(AttemptState(state).label, _ATTEMPT_TONES[AttemptState(state)])


def file_status(state: str) -> Status:
    """Return the badge of a bank file."""
    return Status(FileState(state).label, _FILE_TONES[FileState(state)])


def elsewhere_status(state: str) -> Status:
    """Return the badge of another payer's list."""
    return Status(ElsewhereState(state).label, _ELSEWHERE_TONES[ElsewhereState(state)])


def verdict_status(verdict: str) -> Status:
    """Return the badge of a returned line."""
    found = Verdict(verdict)
    return Status(found.label, _VERDICT_TONES.get(found, "error"))


def decision_status(decision: str, stops: bool) -> Status:
    """Return the badge of what a person said of a finding."""
    if decision:
        return Status(Decision(decision).label, _DECISION_TONES[Decision(decision)])
    return Status(_("须处理") if stops else _("仅提示"), "accent" if stops else "plain")


def difference_status(difference: str) -> Status:
    """Return the badge of a difference to last month."""
    words = DIFFERENCE_WORDS.get(difference, difference)
    return Status(words, _DIFFERENCE_TONES.get(difference, "plain"))


def yuan(fen: int) -> str:
    """Return money for a sentence."""
    return _("%(yuan)s 元") % {"yuan": format_yuan(fen)}


def title_of(run: PaymentRun) -> str:
    """Return what a run is called: 2026 年 11 月 墨玉县."""
    place = names_of([run.region_code]).get(run.region_code, run.region_code)
    return f"{month_title(run.month)} {place}"


def month_title(month: int) -> str:
    """Return a month for reading."""
    return _("%(year)d 年 %(month)d 月") % {"year": month // 12, "month": month % 12 + 1}


def benefit_words(run: PaymentRun) -> str:
    """Return the benefits of a run in words."""
    return named(run.codes, benefit_names(run.region_code))


def with_places(rows: list[Any]) -> list[tuple[Any, str]]:
    """Return rows, each with its place in words."""
    words = town_and_village(row.place_code for row in rows)
    return [(row, words[row.place_code]) for row in rows]
