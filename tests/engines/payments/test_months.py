"""One person: the month's entitlement, by worked dates and against the slow reckoning."""

from datetime import date
from random import Random

import pytest

from tests.engines.payments.histories import (
    BENEFITS,
    PAYMENT_TERMS,
    TERMS,
    VERSIONS,
    random_history,
)
from yanglao.engines.payments.entitlement import (
    Answer,
    Approval,
    History,
    Suspension,
    explain_month,
    month_entitlement,
    split_by_age,
    version_in_force,
)
from yanglao.engines.payments.months import month_text, read_month
from yanglao.engines.payments.reading import TermsErrors
from yanglao.engines.payments.terms import read_terms, refuse_rewriting
from yanglao.ops.bench import reckoning as oracle

MONTHS = range(read_month("2024-01"), read_month("2026-01"))


def _ask(history: History, benefit: str, month: str):
    return month_entitlement(history, benefit, read_month(month), PAYMENT_TERMS, VERSIONS)


def test_every_month_of_random_histories() -> None:
    """Payable, held or not, and the amount, as walked through slowly."""
    random = Random(5)
    seen = set()
    for _ in range(1500):
        history = random_history(random)
        for benefit in BENEFITS:
            for month in MONTHS:
                answer = month_entitlement(history, benefit, month, PAYMENT_TERMS, VERSIONS)
                pair = (month // 12, month % 12 + 1)
                rule = PAYMENT_TERMS.in_force(benefit, month)
                expected = oracle.due(history, rule, version_in_force(VERSIONS, month), pair)
                got = {
                    "payable": ("payable", answer.fen),
                    "held": ("held", None),
                    "not_payable": ("no", 0),
                }[answer.due]
                assert got == expected, (history, benefit, month_text(month), answer)
                seen.add(answer.code)
    assert seen >= {
        *("payable", "after_death", "after_move", "after_grade", "before_start", "not_eligible"),
        *("not_approved", "before_approval", "revoked", "suspended", "unknown", "amount_unknown"),
    }


def test_an_allowance_from_the_eightieth_birthday_until_the_month_of_death() -> None:
    """Born 15 March 1944: March 2024 is the first month; died in May: May is the last."""
    whole = Answer("age", "v1", date(2020, 1, 1), None, True, None)
    parts = split_by_age(whole, date(1944, 3, 15), {"80-89": (80, 5000), "90+": (90, 10000)})
    assert [(p.tier, p.first, p.fen) for p in parts] == [
        ("80-89", date(2024, 3, 15), 5000),
        ("90+", date(2034, 3, 15), 10000),
    ]
    history = History(
        parts, (Approval("age", date(2024, 4, 1), date(2024, 4, 20)),), (), date(2024, 5, 31)
    )
    codes = {m: _ask(history, "age", m).code for m in ("2024-02", "2024-03", "2024-05", "2024-06")}
    assert codes == {
        "2024-02": "before_start",
        "2024-03": "payable",
        "2024-05": "payable",
        "2024-06": "after_death",
    }
    assert "已去世" in explain_month(_ask(history, "age", "2024-06"), "高龄津贴")


def test_a_later_version_says_nothing_of_an_earlier_month() -> None:
    """Answers of v2 that reach back to 2024 are not looked at before 2025."""
    v1 = Answer("age", "v1", date(2024, 1, 1), None, True, 5000)
    v2 = Answer("age", "v2", date(2020, 1, 1), None, True, 9000)
    approval = (Approval("age", date(2023, 1, 1), date(2023, 1, 1)),)
    before = History((v1,), approval)
    after = History((v1, v2), approval)
    for month in MONTHS:
        if month < read_month("2025-01"):
            one = month_entitlement(before, "age", month, PAYMENT_TERMS, VERSIONS)
            other = month_entitlement(after, "age", month, PAYMENT_TERMS, VERSIONS)
            assert one == other
    assert _ask(after, "age", "2025-02").fen == 9000


def test_days_of_a_month_are_prorated_once_and_rounded_half_up() -> None:
    """11 of 29 days at 100.00 and 5 at 200.01: (110000 + 100005) / 29 = 7241.55 → 72.42 yuan."""
    history = History(
        (
            Answer("tekun", "v1", date(2024, 2, 1), date(2024, 2, 12), True, 10000),
            Answer("tekun", "v1", date(2024, 2, 12), date(2024, 2, 17), True, 20001),
        ),
        (Approval("tekun", date(2024, 1, 1), date(2024, 1, 1)),),
    )
    answer = _ask(history, "tekun", "2024-02")
    assert (answer.fen, answer.days) == (7242, 16)
    assert "按 16 天折算" in explain_month(answer, "特困供养")


def test_a_cleared_suspension_is_paid_afterwards() -> None:
    """Suspended in April, lifted in August: May to July, unless nothing was found wrong."""
    base = (Answer("nursing", "v1", date(2024, 1, 1), None, True, 5000),)
    approval = (Approval("nursing", date(2023, 11, 1), date(2023, 12, 1)),)
    for cleared, code in ((False, "suspended"), (True, "payable")):
        stop = Suspension("nursing", date(2024, 4, 9), date(2024, 8, 1), cleared)
        history = History(base, approval, (stop,))
        assert _ask(history, "nursing", "2024-04").code == "payable"
        assert _ask(history, "nursing", "2024-07").code == code
        assert _ask(history, "nursing", "2024-08").code == "payable"


def test_terms_say_what_is_wrong_and_where() -> None:
    """Unknown benefit, offsets together with days, a version out of order."""
    wrong = TERMS.replace("  outside:", "  outsidde:").replace(
        "basis_start: 0\n      change: 0\n      stop: {death: 0, move: 0, grade: 0, admission: 0",
        "basis_start: 1\n      change: 0\n      stop: {death: 0, move: 0, grade: 0, admission: 0",
    )
    with pytest.raises(TermsErrors) as told:
        read_terms(wrong, "t/payments.yaml", BENEFITS)
    text = str(told.value)
    assert "不认识的事项“outsidde”" in text and "按天折算" in text
    assert all(problem.line > 0 for problem in told.value.problems)


def test_a_new_file_may_not_rewrite_closed_months() -> None:
    """Changing what 2024 said is refused; a version from an open month is not."""
    changed = TERMS.replace("recover_percent: 30", "recover_percent: 40", 1)
    new = read_terms(changed, "t/payments.yaml", BENEFITS)
    with pytest.raises(TermsErrors, match="已经发放的月份"):
        refuse_rewriting(PAYMENT_TERMS, new, read_month("2024-05"), "t/payments.yaml")
    refuse_rewriting(PAYMENT_TERMS, new, read_month("2024-01"), "t/payments.yaml")
    refuse_rewriting(PAYMENT_TERMS, PAYMENT_TERMS, read_month("2026-01"), "t/payments.yaml")
