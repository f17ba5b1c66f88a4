"""A month's money against a plain count, and what must hold for any month whatever."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from yanglao.engines.ltcfund.settling import (
    REASONS,
    Plan,
    Prices,
    Service,
    Span,
    Standing,
    settle_month,
    split_fee,
)

ALL = Span(date(2026, 1, 1), None)
PRICES = Prices(
    hour_fen=5000,
    day_fen=7000,
    share={"home": 70, "institution": 65},
    ceiling={("home", 3): 70_000, ("home", 4): 90_000, ("institution", 3): 120_000},
    day_minutes=240,
)


def visit(pk: int, day: int, start: int, minutes: int, *, paid: bool = False) -> Service:
    """A visit of the first person at home in October."""
    return Service(pk, 1, "home", date(2026, 10, day), start, minutes, paid)


def due_of(*services: Service, standing: Standing | None = None, plan: int = 1200):
    plans = [Plan(1, 1, ALL, "home", 3, plan)]
    known = standing or Standing(benefits=(ALL,))
    (due,) = settle_month(services, plans, {1: known}, ALL, PRICES)
    return due


def test_minutes_are_added_and_priced_once() -> None:
    """Three visits of 20 minutes are an hour: not three times a rounded third."""
    due = due_of(visit(1, 1, 480, 20), visit(2, 2, 480, 20), visit(3, 3, 480, 20))
    assert (due.fee_fen, due.fund_fen, due.person_fen) == (5000, 3500, 1500)


def test_what_is_over_the_plan_is_flagged_and_not_paid() -> None:
    due = due_of(visit(1, 1, 480, 100), visit(2, 2, 480, 100), plan=150)
    assert (due.claimed, due.approved, due.payable) == (200, 150, 150)
    assert due.verdicts == {1: (100, ""), 2: (50, "over_plan")}
    assert [(d.code, d.amount) for d in due.deductions] == [("over_plan", 50)]


def test_the_dead_the_absent_and_the_unentitled_are_not_paid_for() -> None:
    known = Standing(
        died_on=date(2026, 10, 20),
        benefits=(Span(date(2026, 10, 5), None),),
        absences=(Span(date(2026, 10, 10), date(2026, 10, 12)),),
    )
    days = (4, 5, 10, 12, 13, 20, 21)
    due = due_of(*(visit(d, d, 480, 60) for d in days), standing=known)
    told = {pk: reason for pk, (_amount, reason) in due.verdicts.items()}
    assert told == {4: "no_benefit", 5: "", 10: "absent", 12: "absent", 13: "", 20: "", 21: "dead"}


def test_two_at_once_neither_is_paid_unless_one_was_paid_before() -> None:
    rival = Service(9, 1, "home", date(2026, 10, 1), 500, 60)
    known = Standing(benefits=(ALL,), others=(rival,))
    assert due_of(visit(1, 1, 480, 60), standing=known).verdicts[1] == (0, "two_providers")
    assert due_of(visit(1, 1, 480, 60, paid=True), standing=known).verdicts[1] == (60, "")
    settled = Standing(benefits=(ALL,), others=(Service(9, 1, "home", rival.day, 500, 60, True),))
    assert due_of(visit(1, 1, 480, 60, paid=True), standing=settled).payable == 0


def test_touching_visits_do_not_overlap_and_a_day_in_a_home_is_whole() -> None:
    due = due_of(visit(1, 1, 480, 60), visit(2, 1, 540, 60), visit(3, 1, 599, 10))
    assert [due.verdicts[pk][1] for pk in (1, 2, 3)] == ["", "", "twice"]
    inside = Service(9, 1, "institution", date(2026, 10, 1), 0, 1)
    known = Standing(benefits=(ALL,), others=(inside,))
    assert due_of(visit(1, 1, 480, 60), standing=known).verdicts[1] == (0, "two_providers")


def test_without_plan_or_contract_nothing_is_paid() -> None:
    record = [visit(1, 1, 480, 60)]
    (due,) = settle_month(record, [], {1: Standing(benefits=(ALL,))}, ALL, PRICES)
    assert (due.plan, due.fee_fen, due.verdicts[1]) == (0, 0, (0, "no_plan"))
    ended = Span(date(2026, 1, 1), date(2026, 9, 30))
    plans = [Plan(1, 1, ALL, "home", 3, 600)]
    (due,) = settle_month(record, plans, {1: Standing(benefits=(ALL,))}, ended, PRICES)
    assert due.verdicts[1] == (0, "no_contract")


def test_the_ceiling_holds_for_the_person_not_for_the_plan() -> None:
    plans = [
        Plan(1, 1, Span(date(2026, 10, 1), date(2026, 10, 15)), "home", 3, 6000),
        Plan(2, 1, Span(date(2026, 10, 16), None), "home", 3, 6000),
    ]
    services = [visit(d, d, 480, 240) for d in range(1, 29)]
    dues = settle_month(services, plans, {1: Standing(benefits=(ALL,), used_fen=500)}, ALL, PRICES)
    assert sum(due.fund_fen for due in dues) == 70_000 - 500
    assert dues[1].over_ceiling_fen > 0


@given(fee=st.integers(0, 10**9), share=st.integers(0, 100), left=st.integers(-1000, 10**9))
def test_fund_and_person_are_the_fee_and_never_negative(fee: int, share: int, left: int) -> None:
    fund, person, over = split_fee(fee, share, left)
    assert fund + person == fee
    assert fund >= 0
    assert person >= 0
    assert 0 <= over <= person
    assert fund <= max(0, left)
    assert abs(fund + over - fee * share / 100) <= 0.5


@st.composite
def _months(draw: st.DrawFn) -> tuple[list[Service], list[Plan], dict[int, Standing]]:
    days = st.integers(1, 31).map(lambda day: date(2026, 10, day))
    services = [
        Service(
            pk,
            draw(st.integers(1, 3)),
            draw(st.sampled_from(["home", "home", "home", "institution"])),
            draw(days),
            draw(st.integers(0, 23)) * 60,
            draw(st.integers(1, 300)),
        )
        for pk in range(1, draw(st.integers(1, 25)))
    ]
    services = [
        s if s.place == "home" else Service(s.id, s.person, s.place, s.day, 0, 1) for s in services
    ]
    plans = [
        Plan(pk, draw(st.integers(1, 3)), Span(draw(days), None), place, 3, draw(amounts))
        for pk, (place, amounts) in enumerate(
            [("home", st.integers(0, 900)), ("institution", st.integers(0, 31))] * 2, 1
        )
    ]
    people = {
        pk: Standing(
            died_on=draw(st.none() | days),
            benefits=(Span(draw(days), None),),
            absences=tuple(Span(day, day) for day in draw(st.lists(days, max_size=2))),
            used_fen=draw(st.integers(0, 90_000)),
        )
        for pk in (1, 2)
    }
    return services, plans, people


@given(month=_months(), turn=st.randoms())
def test_any_month_balances_and_knows_no_order(month, turn) -> None:
    """Claim = fee + deductions; nobody's fund part passes the ceiling; no overlap is paid twice."""
    services, plans, people = month
    dues = settle_month(services, plans, people, ALL, PRICES)
    shuffled = list(services)
    turn.shuffle(shuffled)
    assert settle_month(shuffled, plans, people, ALL, PRICES) == dues
    told = {pk: verdict for due in dues for pk, verdict in due.verdicts.items()}
    assert set(told) == {one.id for one in services}
    for due in dues:
        assert due.fund_fen + due.person_fen == due.fee_fen
        assert min(due.fee_fen, due.fund_fen, due.person_fen) >= 0
        claim = PRICES.fee(due.place, due.claimed)
        assert claim == due.fee_fen + sum(one.fen for one in due.deductions)
        assert due.claimed == due.payable + sum(one.amount for one in due.deductions)
        assert {one.code for one in due.deductions} <= set(REASONS)
        assert due.payable <= due.approved or not due.plan
    for person in (1, 2, 3):
        spent = sum(due.fund_fen for due in dues if due.person == person)
        used = people.get(person, Standing()).used_fen
        assert spent <= max(0, 120_000 - used)
        paid = [s for s in services if s.person == person and told[s.id][0]]
        assert not any(a.overlaps(b) for a in paid for b in paid if a.id < b.id)
