"""The outlook against a plain simulation, and what follows when something is changed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.engines.ltcfund.outlook import (
    Band,
    Outlook,
    Supposition,
    look_out,
    share_interval,
)

BANDS = (Band("60-79", 60, 79), Band("80+", 80, None))
PEOPLE = {("M", 60): 100, ("F", 79): 80, ("F", 85): 40}
NEED = {"60-79": (0.01, 0.02, 0.03), "80+": (0.1, 0.2, 0.3)}


def dying(sex: str, age: int, factor: float) -> float:
    return min(1.0, (0.01 if sex == "F" else 0.02) * (2 if age >= 80 else 1) * factor)


def supposed(**changed: object) -> Supposition:
    given = {
        "need": NEED,
        "cost_fen": 100_000.0,
        "cost_growth": 0.0,
        "income_fen": 9_000.0,
        "entrants": {"M": 10.0, "F": 10.0},
        "dying_spread": 0.1,
    }
    return Supposition(**{**given, **changed})  # type: ignore[arg-type]


def look(balance: int = 10_000_000, **changed: object) -> Outlook:
    return look_out(
        PEOPLE,
        BANDS,
        supposed(**changed),
        dying,
        balance_fen=balance,
        first=date(2026, 11, 1),
        years=5,
        reserve_months=6,
    )


def test_the_first_year_against_a_count_by_hand() -> None:
    months = look().months
    assert len(months) == 60
    need = (100 + 80) * 0.02 + 40 * 0.2
    assert months[0].in_need == pytest.approx(need)
    assert months[0].spending_fen == round(need * 100_000)
    assert months[0].income_fen == round(220 * 9_000 / 12)
    assert months[0].balance_fen == 10_000_000 + round(220 * 750 - need * 100_000)
    # After a year: everybody one older, some dead, ten of each sex new; one was 79 and is 80.
    year = 100 * 0.98 * 0.02 + 20 * 0.02 + 80 * 0.99 * 0.2 + 40 * 0.98 * 0.2
    assert months[12].in_need == pytest.approx(year)


def test_the_month_in_which_the_reserve_is_too_small() -> None:
    found = look(balance=12_000_000)
    assert found.short is not None
    at = next(m for m in found.months if m.first == found.short)
    assert at.balance_fen < 6 * at.spending_fen
    before = [m for m in found.months if m.first < found.short]
    assert all(m.balance_fen >= 6 * m.spending_fen for m in before)
    assert found.short_early is not None
    assert found.short_early <= found.short
    assert look(balance=10**12).short is None


@given(balance=st.integers(-(10**9), 10**10), growth=st.floats(0, 0.2))
def test_the_interval_holds_the_middle_and_widens(balance: int, growth: float) -> None:
    months = look(balance, cost_growth=growth).months
    assert all(m.low_fen <= m.balance_fen <= m.high_fen for m in months)
    widths = [m.high_fen - m.low_fen for m in months]
    assert widths == sorted(widths)


def test_more_need_costs_more_and_more_income_helps() -> None:
    last = look().months[-1].balance_fen
    more = {band: (low * 1.2, mid * 1.2, high * 1.2) for band, (low, mid, high) in NEED.items()}
    assert look(need=more).months[-1].balance_fen < last
    assert look(income_fen=10_000.0).months[-1].balance_fen > last


@given(insured=st.integers(1, 10**6), part=st.floats(0, 1))
def test_the_share_lies_in_its_interval(insured: int, part: float) -> None:
    in_need = round(insured * part)
    low, share, high = share_interval(in_need, insured)
    assert 0 <= low <= share <= high <= 1
    if insured < 100:
        assert high - low > 0.01


def test_nothing_is_known_of_nobody() -> None:
    assert share_interval(0, 0) == (0.0, 0.0, 0.0)
