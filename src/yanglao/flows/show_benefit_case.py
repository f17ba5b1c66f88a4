"""One case for a page: what it rests on, what months give, and why something is not paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from yanglao.domain.benefits.public import (
    Approval,
    Case,
    CaseAlert,
    CaseStep,
    Dispute,
    Evidence,
    PayAccount,
    Spell,
    Suspension,
    accounts_of,
    alerts_of,
    approvals_of,
    cases_of,
    disputes_of,
    get_case,
    spells_of,
    steps_of_case,
    suspensions_of,
)
from yanglao.engines.payments import entitlement as engine
from yanglao.engines.payments.choosing import Choice, Claim, choose, explain
from yanglao.engines.payments.months import Month, month_of, month_words
from yanglao.flows.benefit_terms import BenefitTerms, benefit_terms
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader

_MONTHS_SHOWN = 6
#: Of a case that came without a judgement: from an older program, or laid in by another.
_NOTHING_TOLD: dict[str, Any] = {
    "reason": "",
    "sentence": "",
    "clause": "",
    "missing": (),
    "amount_words": "",
}
_BEFORE = frozenset({"before_approval", "before_start", "not_approved", "not_eligible"})


@dataclass(frozen=True, slots=True)
class MonthLine:
    """What a month gives of the benefit of a case.

    Attributes:
        due: ``payable``, ``not_payable``, ``held``. code: Why, as the payment engine says.
        fen: Of the benefit alone; paid: after the choice among benefits of the month.
        words: Of the month; choice: of the choice.
    """

    month: str
    due: str
    code: str
    fen: int | None
    paid: int
    words: str
    choice: str


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as its page shows it."""

    case: Case
    judged: dict[str, Any]
    evidence: tuple[Evidence, ...]
    steps: list[CaseStep]
    approvals: list[Approval]
    suspensions: list[Suspension]
    disputes: list[Dispute]
    alerts: list[CaseAlert]
    accounts: list[PayAccount]
    others: list[Case]
    spells: list[Spell]
    months: tuple[MonthLine, ...]
    unverified: bool
    clause: str
    start_words: str


def show_case(reader: Reader, pk: int, as_of: date) -> CaseFile:
    """Return one case with everything about it, and note that it was looked at.

    Raises:
        Case.DoesNotExist: When there is none in the area.
    """
    case = get_case(reader, pk)
    audit.read(
        reader,
        "benefit_case_opened",
        subject="benefit_case",
        subject_id=case.pk,
        place_code=case.place_code,
        purpose="办理待遇",
    )
    judged = {**_NOTHING_TOLD, **case.judged}
    others = [one for one in cases_of(reader, case.person_id) if one.pk != case.pk]
    spells = spells_of(reader, case.person_id)
    try:
        terms: BenefitTerms | None = benefit_terms(case.place_code[:4].ljust(12, "0"))
    except LookupError:
        terms = None
    months: tuple[MonthLine, ...] = ()
    if terms is not None and approvals_of(case):
        months = months_of(reader, case, terms, as_of)
    rule = terms.terms.in_force(case.benefit, month_of(as_of)) if terms else None
    return CaseFile(
        case=case,
        judged=judged,
        evidence=tuple(Evidence(**one) for one in judged.get("evidence", ())),
        steps=steps_of_case(case),
        approvals=approvals_of(case),
        suspensions=suspensions_of(case),
        disputes=disputes_of(case),
        alerts=alerts_of(case),
        accounts=accounts_of(reader, case.person_id),
        others=others,
        spells=[one for one in spells if one.benefit == case.benefit],
        months=months,
        unverified=rule is not None and not rule.verified,
        clause=rule.clause if rule is not None else "",
        start_words=_start_words(rule),
    )


_BASIS = {
    "approval": "从审批的当月起发",
    "application": "从申请的当月起发",
    "eligibility": "从符合条件的当月起发，审批前的月份补发",
    "none": "不在这里发放",
}


def _start_words(rule: Any) -> str:
    if rule is None:
        return ""
    words = _BASIS[rule.basis]
    return words.replace("当月", "次月") if rule.start + rule.basis_start else words


def months_of(
    reader: Reader, case: Case, terms: BenefitTerms, as_of: date
) -> tuple[MonthLine, ...]:
    """Return the last months of a case, the newest first, each with the choice made in it."""
    history = person_history(reader, case.person_id)
    this = month_of(as_of)
    lines = [_month(history, case, terms, month) for month in range(this, this - _MONTHS_SHOWN, -1)]
    # Months before it began say nothing but that; the first of them is enough.
    while len(lines) > 1 and lines[-1].code in _BEFORE and lines[-2].code in _BEFORE:
        lines.pop()
    return tuple(lines)


def person_history(reader: Reader, person_id: int) -> engine.History:
    """Return a person's spells, approvals and suspensions as the payment engine reads them."""
    own = cases_of(reader, person_id)
    return engine.History(
        answers=tuple(
            engine.Answer(
                one.benefit,
                one.version,
                one.first,
                one.end,
                one.known,
                one.fen,
                one.tier,
                one.ended_by,
            )
            for one in spells_of(reader, person_id)
        ),
        approvals=tuple(
            engine.Approval(one.benefit, one.applied_on, one.approved_on, one.revoked_on)
            for case in own
            for one in approvals_of(case)
        ),
        suspensions=tuple(
            engine.Suspension(one.benefit, one.first, one.end, one.cleared)
            for case in own
            for one in suspensions_of(case)
        ),
        died_on=own[0].person.died_on if own else None,
    )


def _month(history: engine.History, case: Case, terms: BenefitTerms, month: Month) -> MonthLine:
    versions = terms.catalogue_versions
    benefits = sorted({case.benefit, *(one.benefit for one in history.answers)})
    found = {
        code: engine.month_entitlement(history, code, month, terms.terms, versions)
        for code in benefits
    }
    own = found[case.benefit]
    choices = chosen(list(found.values()), terms, month)
    choice = choices.get(case.benefit)
    name = terms.compatibility.benefits[case.benefit].name
    words = explain(choice, terms.compatibility.benefits) if choice else ""
    return MonthLine(
        month=month_words(month),
        due=own.due,
        code=own.code,
        fen=own.fen,
        paid=choice.paid if choice else 0,
        words=engine.explain_month(own, name),
        choice=words if choice and choice.code != "alone" else "",
    )


def chosen(
    found: Sequence[engine.MonthAnswer], terms: BenefitTerms, month: Month
) -> dict[str, Choice]:
    """Return what becomes of each benefit of a month that is due or may be."""
    claims = [
        Claim(one.benefit, one.code != "unknown", one.fen)
        for one in found
        if one.due in {"payable", "held"}
    ]
    return {one.benefit: one for one in choose(claims, terms.compatibility.in_force(month))}
