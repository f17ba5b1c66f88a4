"""Proposals keep every rule, keep villages together, spread the work, and say why they can't."""

from datetime import date, timedelta
from itertools import count

from hypothesis import given
from hypothesis import strategies as st

from yanglao.domain.assessments.models import Assessment, Assessor, Body
from yanglao.domain.assessments.public import Conflicts, check_pair
from yanglao.flows.plan_assessments import propose, workdays

_MONDAY = date(2026, 11, 2)
_COUNTY = "653222000000"


def _assessors(backgrounds: list[str]) -> list[Assessor]:
    """Unsaved assessors: a proposal looks at them only."""
    body = Body(pk=1, name="中心", place_code=_COUNTY, assesses=True, active=True)
    return [
        Assessor(
            pk=number,
            name=f"评估员{number}",
            body=body,
            background=background,
            place_code=_COUNTY,
            active=True,
        )
        for number, background in enumerate(backgrounds, 1)
    ]


def _waiting(villages: list[int]) -> list[Assessment]:
    numbers = count(1)
    return [
        Assessment(
            pk=number,
            person_id=number,
            place_code=f"653222100{village:03d}",
            due_on=_MONDAY + timedelta(days=30),
            asked_on=_MONDAY,
        )
        for village, number in zip(villages, numbers, strict=False)
    ]


@given(
    backgrounds=st.lists(st.sampled_from(["nursing", "medicine", "care", "other"]), max_size=5),
    villages=st.lists(st.integers(0, 3), max_size=12),
    away=st.dictionaries(st.integers(1, 12), st.integers(1, 5), max_size=4),
    most=st.integers(1, 4),
)
def test_every_proposal_keeps_every_rule(
    backgrounds: list[str], villages: list[int], away: dict[int, int], most: int
) -> None:
    """Whoever is proposed passes the check of planning; nobody has more than a day holds."""
    candidates, waiting = _assessors(backgrounds), _waiting(villages)
    known = {one.pk: one for one in candidates}
    conflicts = {
        one.pk: Conflicts(family=frozenset({away[one.pk]} if one.pk in away else ()))
        for one in waiting
    }
    days = workdays(_MONDAY, 3)
    plans = propose(waiting, candidates, conflicts, days=days, busy={}, most_a_day=most)
    assert sorted(plan.assessment_id for plan in plans) == [one.pk for one in waiting]
    load: dict[tuple[int, date], int] = {}
    for plan in plans:
        if plan.on is None:
            assert plan.why
            assert plan.assessors == ()
            continue
        pair = [known[number] for number in plan.assessors]
        place = waiting[plan.assessment_id - 1].place_code
        against = check_pair(pair, conflicts[plan.assessment_id], place_code=place, as_of=plan.on)
        assert against == []
        for number in plan.assessors:
            load[number, plan.on] = load.get((number, plan.on), 0) + 1
    assert all(number <= most for number in load.values())


def test_a_village_is_visited_by_one_pair_and_work_is_spread() -> None:
    """Two villages, two pairs: each village has one pair, and both pairs work."""
    candidates = _assessors(["nursing", "care", "medicine", "care"])
    waiting = _waiting([1, 2, 1, 2, 1, 2])
    plans = propose(
        waiting,
        candidates,
        {one.pk: Conflicts() for one in waiting},
        days=workdays(_MONDAY, 5),
        busy={},
        most_a_day=12,
    )
    of = {one.pk: one.place_code for one in waiting}
    pairs: dict[str, set[tuple[int, ...]]] = {}
    for plan in plans:
        pairs.setdefault(of[plan.assessment_id], set()).add(plan.assessors)
    assert all(len(found) == 1 for found in pairs.values())
    assert len(set.union(*pairs.values())) == 2


def test_why_nobody_can_go() -> None:
    """Each reason in words."""
    [one] = _waiting([1])
    days = workdays(_MONDAY, 2)

    def why(backgrounds: list[str], conflicts: Conflicts, most: int = 1) -> str:
        candidates = _assessors(backgrounds)
        busy = {(number, day): 1 for number in range(1, 5) for day in days} if not most else {}
        [plan] = propose(
            [one], candidates, {1: conflicts}, days=days, busy=busy, most_a_day=most or 1
        )
        return plan.why

    assert "没有医疗、护理背景" in why(["care", "other"], Conflicts())
    assert "提供服务" in why(["nursing", "care"], Conflicts(delivering=frozenset({1})))
    assert "同一户" in why(["nursing", "care"], Conflicts(family=frozenset({2})))
    assert "复评要换人" in why(["nursing", "care"], Conflicts(earlier=frozenset({1})))
    assert "排满" in why(["nursing", "care"], Conflicts(), most=0)


def test_workdays_leave_weekends_out() -> None:
    """From Friday on: Friday, Monday, Tuesday."""
    friday = date(2026, 11, 6)
    assert workdays(friday, 3) == [friday, date(2026, 11, 9), date(2026, 11, 10)]
