"""An assessment from the application to the fact: states, rules, computed levels, disputes."""

from datetime import date, timedelta

import pytest

from tests.flows import assessing as a
from tests.flows import population as p
from yanglao.domain.assessments.models import Assessment, Result, SheetEdit
from yanglao.domain.assessments.public import (
    AssessmentState,
    Edit,
    PlannedPair,
    ResultState,
    WrongMove,
    get_sheet,
    history_of,
    record_edits,
    settle_conflict,
    sign_sheet,
    take_dispute,
)
from yanglao.domain.assessments.public import order_review as order
from yanglao.domain.people.models import AssessmentEntry
from yanglao.flows.assessment_rules import assessment_rules
from yanglao.flows.conclude_assessment import close_notices, conclude_assessment
from yanglao.flows.plan_assessments import accept_plan
from yanglao.foundation import clock
from yanglao.foundation.models import Job
from yanglao.foundation.scoping import system_reader


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.setenv("YANGLAO_TODAY", a.TODAY.isoformat())
    p.publish()


def test_from_application_to_fact() -> None:
    """The level is computed, waits for the notice, becomes a fact, and who pays is told."""
    team = a.team()
    person = p.elder(1, date(1944, 3, 5))
    sheet = a.planned(person, team.pair)
    a.fill_and_finish(sheet, team, points=1, a4_diagnoses=["dementia"])
    result = conclude_assessment(assessment_id=sheet.assessment_id, acting=a.OFFICER, as_of=a.TODAY)
    assert (result.preliminary, result.level, result.state) == (2, 3, ResultState.NOTICE)
    assert "痴呆" in " ".join(result.told["reasons"])
    assert close_notices(acting=a.OFFICER, as_of=a.TODAY + timedelta(days=6)) == []
    [final] = close_notices(acting=a.OFFICER, as_of=a.TODAY + timedelta(days=7))
    assert final.state == ResultState.FINAL
    entry = AssessmentEntry.objects.get(person=person)
    assert (entry.ability_level, entry.assessed_on) == (3, a.TODAY)
    assert entry.agency == "测试评估中心"
    assert Job.objects.get(name="follow_benefits").arguments["people"] == [person.pk]
    assert Assessment.objects.get().state == AssessmentState.FINAL
    assert final.valid_to == date(2027, 11, 4)
    # Twice is once.
    assert close_notices(acting=a.OFFICER, as_of=a.TODAY + timedelta(days=8)) == []
    assert AssessmentEntry.objects.count() == 1


def test_two_devices_that_differ_wait_for_a_person() -> None:
    """Both answers are kept and shown; nobody can sign; a choice closes it; history has all."""
    team = a.team()
    sheet = a.planned(p.elder(1), team.pair)
    first, second = team.readers
    [one] = a.edits({"b1_1": 4}, "甲")
    [other] = a.edits({"b1_1": 2}, "乙")
    assert record_edits(sheet_id=sheet.pk, edits=[one], acting=first).conflicts == ()
    outcome = record_edits(sheet_id=sheet.pk, edits=[other], acting=second)
    assert [choice["value"] for choice in outcome.conflicts[0].choices] == [4, 2]
    with pytest.raises(WrongMove, match="选定"):
        sign_sheet(sheet_id=sheet.pk, signature_png=a.PNG, at=clock.now(), place=None, acting=first)
    again = record_edits(sheet_id=sheet.pk, edits=[one, other], acting=first)
    assert again.accepted == (one.edit_id, other.edit_id)
    assert SheetEdit.objects.count() == 2
    settled = settle_conflict(
        sheet_id=sheet.pk, field="b1_1", keep_edit_id=other.edit_id, acting=first
    )
    assert settled.conflicts == ()
    assert settled.fields["b1_1"].value == 2
    settle_conflict(sheet_id=sheet.pk, field="b1_1", keep_edit_id=other.edit_id, acting=first)
    assert [edit.value for edit in history_of(first, sheet.pk)] == [2, 2, 4]


def test_a_change_makes_signatures_void() -> None:
    """A signature is put under the answers as they were."""
    team = a.team()
    sheet = a.planned(p.elder(1), team.pair)
    first, second = team.readers
    record_edits(sheet_id=sheet.pk, edits=a.edits(a.answers()), acting=first)
    for reader in (first, second):
        sign_sheet(
            sheet_id=sheet.pk, signature_png=a.PNG, at=clock.now(), place=None, acting=reader
        )
    assert all(one.valid for one in get_sheet(first, sheet.pk).signatures)
    record_edits(sheet_id=sheet.pk, edits=a.edits({"b1_1": 3}, base=1), acting=first)
    assert not any(one.valid for one in get_sheet(first, sheet.pk).signatures)


def test_what_the_scale_does_not_offer_is_refused_with_a_reason() -> None:
    """And never stops the other answers."""
    from yanglao.flows.read_assessment_form import ability_form

    team = a.team()
    sheet = a.planned(p.elder(1), team.pair)
    wrong = a.edits({"b1_1": 5, "b2_4": 4, "nothing": 1, "b1_2": 3})
    outcome = record_edits(
        sheet_id=sheet.pk,
        edits=wrong,
        acting=team.readers[0],
        refuses=ability_form(a.TODAY).refuses,
    )
    assert [one.edit_id for one in outcome.refused] == [edit.edit_id for edit in wrong[:3]]
    assert list(outcome.fields) == ["b1_2"]


def test_rules_of_pairs() -> None:
    """Each has its words; all are told at once."""
    team = a.team()
    person = p.elder(1)
    [one] = a.accepted(person)
    lone, _account = a.assessor("又一社工", team.body, "social_work")

    def plan(*numbers: int) -> str:
        with pytest.raises(WrongMove) as refusal:
            accept_plan(
                plans=[PlannedPair(one.pk, numbers, a.TODAY)],
                acting=a.OFFICER,
                as_of=a.TODAY,
            )
        return str(refusal.value)

    assert "两名不同" in plan(team.nurse.pk)
    assert "医疗或护理" in plan(team.social.pk, lone.pk)
    elsewhere = a.team("别县", "653201000000")
    assert "两名不同" in plan(team.nurse.pk, elsewhere.social.pk)


def test_review_needs_others_and_overturns() -> None:
    """An objection leads to a review by others; its result takes the place of the first."""
    team, others = a.team(), a.team("另一评估中心")
    person = p.elder(1)
    sheet = a.planned(person, team.pair)
    a.fill_and_finish(sheet, team, points=1)
    result = conclude_assessment(assessment_id=sheet.assessment_id, acting=a.OFFICER, as_of=a.TODAY)
    clocks = assessment_rules(a.TODAY).clocks
    dispute = take_dispute(
        result_id=result.pk,
        objector="家属",
        phone="",
        words="比实际轻",
        acting=a.OFFICER,
        as_of=a.TODAY,
        clocks=clocks,
    )
    assert close_notices(acting=a.OFFICER, as_of=a.TODAY + timedelta(days=30)) == []
    review = order(dispute_id=dispute.pk, acting=a.OFFICER, as_of=a.TODAY, clocks=clocks)
    with pytest.raises(WrongMove, match="复评要换人"):
        accept_plan(
            plans=[PlannedPair(review.pk, team.pair, a.TODAY)], acting=a.OFFICER, as_of=a.TODAY
        )
    accept_plan(
        plans=[PlannedPair(review.pk, others.pair, a.TODAY)], acting=a.OFFICER, as_of=a.TODAY
    )
    review.refresh_from_db()
    a.fill_and_finish(review.sheet, others, points=3)
    conclude_assessment(assessment_id=review.pk, acting=a.OFFICER, as_of=a.TODAY)
    [final] = close_notices(acting=system_reader(), as_of=a.TODAY + timedelta(days=8))
    assert final.assessment_id == review.pk
    dispute.refresh_from_db()
    assert dispute.state == "upheld"
    assert Result.objects.get(pk=result.pk).state == ResultState.OVERTURNED


def test_edits_in_any_order_of_two_devices_end_alike_in_the_tables() -> None:
    """As the pure merge says, so the tables: six orders of the same four edits."""
    team = a.team()
    orders = ["AABB", "ABAB", "ABBA", "BAAB", "BABA", "BBAA"]
    ends = set()
    for number, order_ in enumerate(orders, 1):
        sheet = a.planned(p.elder(number), team.pair)
        chains = {
            "A": [_edit(number, "A", 1, 4), _edit(number, "A", 2, 3)],
            "B": [_edit(number, "B", 3, 2), _edit(number, "B", 4, 1)],
        }
        for device in order_:
            record_edits(sheet_id=sheet.pk, edits=[chains[device].pop(0)], acting=team.readers[0])
        view = get_sheet(team.readers[0], sheet.pk)
        values = sorted(choice["value"] for choice in view.conflicts[0].choices)
        ends.add((view.fields["b1_1"].value, tuple(values)))
    assert ends == {(1, (1, 3))}


def _edit(number: int, device: str, minute: int, value: int) -> Edit:
    moment = clock.start_of(a.TODAY) + timedelta(hours=9, minutes=minute)
    return Edit(f"{number}-{device}-{minute}", "b1_1", value, moment, 0, device)
