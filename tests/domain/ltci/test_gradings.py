"""From the application to the result: who may do what, in which order, and what stays on record."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.domain.ltci.conftest import AS_OF, COUNTY, MAKER, OTHER, Office
from yanglao.domain.accounts.public import Account, name_own_person, reader_of
from yanglao.domain.ltci.public import (
    GRADING_MOVES,
    Grading,
    GradingState,
    WrongStep,
    ask_grading,
    close_grading,
    get_grading,
    grading_counts,
    gradings,
    hold_grading,
    my_gradings,
    object_grading,
    overrule_objection,
    plan_grading,
    publish_grading,
    save_sheet,
    send_back_sheet,
    sign_sheet,
)
from yanglao.domain.people.models import Person
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import Reader

pytestmark = pytest.mark.django_db

ANSWERS = {"adl_1": 0, "adl_2": 5}
UNTIL = date(2028, 5, 31)


def asked(office: Office, person: Person | None = None, **more: object) -> Grading:
    """Take an application."""
    return ask_grading(
        person_id=(person or office.elder()).pk,
        acting=office.maker,
        as_of=AS_OF,
        **{"kind": "first", "applicant": "family", **more},  # type: ignore[arg-type]
    )


@pytest.fixture
def graders(account_for: Callable[..., Account]) -> list[Account]:
    """Four assessors of the county."""
    return [account_for("assessor", COUNTY) for _ in range(4)]


def graded(office: Office, graders: list[Account], row: Grading, level: int = 4) -> Grading:
    """Plan, fill in, sign twice."""
    one, two = graders[:2]
    plan_grading(grading_id=row.pk, graders=(one.pk, two.pk), planned_on=AS_OF, acting=office.maker)
    save_sheet(grading_id=row.pk, answers=ANSWERS, acting=reader_of(one), edition="2021")
    for who in (one, two):
        row = signed(row, who, level)
    return row


def signed(row: Grading, who: Account, level: int = 4) -> Grading:
    """Sign as one of the two."""
    return sign_sheet(
        grading_id=row.pk,
        answers=ANSWERS,
        level=level,
        sums={"adl": 5},
        reasons=["为什么"],
        acting=reader_of(who),
        as_of=AS_OF,
    )


def test_the_whole_way_to_a_result_that_holds(office: Office, graders: list[Account]) -> None:
    row = graded(office, graders, asked(office))
    assert row.state == GradingState.SIGNED
    publish_grading(grading_id=row.pk, days=7, acting=office.maker, as_of=AS_OF)
    with pytest.raises(WrongStep, match="公示到 2026-11-07"):
        hold_grading(grading_id=row.pk, valid_to=UNTIL, acting=MAKER, as_of=date(2026, 11, 7))
    held = hold_grading(grading_id=row.pk, valid_to=UNTIL, acting=MAKER, as_of=date(2026, 11, 8))
    assert (held.state, held.level, held.valid_to) == (GradingState.HELD, 4, UNTIL)
    assert [step.act for step in held.steps.order_by("id")] == [
        "ask",
        "plan",
        "sign",
        "sign",
        "publish",
        "hold",
    ]
    again = hold_grading(grading_id=row.pk, valid_to=UNTIL, acting=MAKER, as_of=AS_OF)
    assert again.steps.count() == 6


def test_every_act_writes_one_entry_that_says_who_and_what(office: Office) -> None:
    before = AuditEntry.objects.count()
    row = asked(office)
    entry = AuditEntry.objects.order_by("-id").first()
    assert entry is not None
    assert AuditEntry.objects.count() == before + 1
    assert (entry.action, entry.user_name, entry.subject_id) == (
        "ltci_grading_moved",
        "经办",
        str(row.pk),
    )


def test_asking_twice_is_once(office: Office) -> None:
    row = asked(office)
    assert asked(office, row.person).pk == row.pk


def test_the_dead_are_not_graded(office: Office) -> None:
    person = office.elder()
    Person.objects.filter(pk=person.pk).update(died_on=date(2026, 10, 1))
    with pytest.raises(WrongStep, match="去世"):
        asked(office, person)


def test_two_graders_two_signatures_one_sheet(office: Office, graders: list[Account]) -> None:
    row = asked(office)
    one, two, other = graders[:3]
    with pytest.raises(WrongStep, match="同一个人"):
        plan_grading(
            grading_id=row.pk, graders=(one.pk, one.pk), planned_on=AS_OF, acting=office.maker
        )
    plan_grading(grading_id=row.pk, graders=(one.pk, two.pk), planned_on=AS_OF, acting=office.maker)
    with pytest.raises(WrongStep, match="别的评估员"):
        save_sheet(grading_id=row.pk, answers=ANSWERS, acting=reader_of(other), edition="2021")
    save_sheet(grading_id=row.pk, answers=ANSWERS, acting=reader_of(one), edition="2021")
    signed(row, one)
    with pytest.raises(WrongStep, match="已经签过"):
        signed(row, one)
    # The other changes an answer: what was signed is not what stands there any more.
    save_sheet(
        grading_id=row.pk, answers={**ANSWERS, "adl_3": 5}, acting=reader_of(two), edition="2021"
    )
    fresh = get_grading(MAKER, row.pk)
    assert fresh.one_signed_at is None
    assert fresh.level is None
    with pytest.raises(WrongStep, match="改过"):
        signed(row, one)


def test_nobody_grades_his_own_family(office: Office, graders: list[Account]) -> None:
    row = asked(office)
    name_own_person(account_id=graders[0].pk, person_id=row.person_id, acting=office.maker)
    with pytest.raises(WrongStep, match="回避"):
        plan_grading(
            grading_id=row.pk,
            graders=(graders[0].pk, graders[1].pk),
            planned_on=AS_OF,
            acting=office.maker,
        )


def test_a_review_is_made_by_others_and_replaces(office: Office, graders: list[Account]) -> None:
    row = graded(office, graders, asked(office))
    publish_grading(grading_id=row.pk, days=7, acting=office.maker, as_of=AS_OF)
    object_grading(
        grading_id=row.pk, words="评得轻了", last_days=15, acting=office.maker, as_of=AS_OF
    )
    review = asked(office, row.person, kind="review", review_of=row.pk)
    with pytest.raises(WrongStep, match="复评要换人"):
        plan_grading(
            grading_id=review.pk,
            graders=(graders[0].pk, graders[2].pk),
            planned_on=AS_OF,
            acting=office.maker,
        )
    with pytest.raises(WrongStep, match="复评还没有办完"):
        overrule_objection(
            grading_id=row.pk, valid_to=UNTIL, acting=MAKER, as_of=AS_OF, reason="维持"
        )
    review = graded(office, graders[2:], review, level=5)
    publish_grading(grading_id=review.pk, days=7, acting=office.maker, as_of=AS_OF)
    later = AS_OF + timedelta(days=7)
    hold_grading(grading_id=review.pk, valid_to=UNTIL, acting=MAKER, as_of=later)
    assert get_grading(MAKER, row.pk).state == GradingState.REPLACED


def test_an_objection_comes_in_time_and_says_why(office: Office, graders: list[Account]) -> None:
    row = graded(office, graders, asked(office))
    publish_grading(grading_id=row.pk, days=7, acting=office.maker, as_of=AS_OF)
    hold_grading(grading_id=row.pk, valid_to=UNTIL, acting=MAKER, as_of=date(2026, 11, 8))
    with pytest.raises(WrongStep, match="写明原因"):
        object_grading(grading_id=row.pk, words=" ", last_days=15, acting=MAKER, as_of=AS_OF)
    late = date(2026, 11, 24)
    with pytest.raises(WrongStep, match="超过 15 天"):
        object_grading(grading_id=row.pk, words="重了", last_days=15, acting=MAKER, as_of=late)


def test_a_form_sent_back_must_be_signed_anew(office: Office, graders: list[Account]) -> None:
    row = graded(office, graders, asked(office))
    send_back_sheet(grading_id=row.pk, acting=office.maker, reason="第 3 项再看")
    fresh = get_grading(MAKER, row.pk)
    assert (fresh.state, fresh.one_signed_at, fresh.two_signed_at) == ("grading", None, None)


def test_a_move_that_the_table_does_not_allow_is_refused(office: Office) -> None:
    row = asked(office)
    close_grading(grading_id=row.pk, to_state="refused", acting=office.maker, reason="没有参保")
    for act in (
        lambda: publish_grading(grading_id=row.pk, days=7, acting=MAKER, as_of=AS_OF),
        lambda: close_grading(grading_id=row.pk, to_state="withdrawn", acting=MAKER, reason="x"),
    ):
        with pytest.raises(WrongStep, match="不能转到"):
            act()


@given(st.sampled_from(GradingState.values))
def test_the_table_names_every_state_and_ends(state: str) -> None:
    assert set(GRADING_MOVES) == set(GradingState.values)
    assert set(GRADING_MOVES[state]) <= set(GradingState.values)


def test_everybody_sees_the_own_area_only(
    office: Office, reader_for: Callable[..., Reader]
) -> None:
    row = asked(office)
    here, there = reader_for("county", COUNTY), reader_for("county", OTHER)
    assert list(gradings(here)) == [row]
    assert list(gradings(there)) == []
    assert grading_counts(there, AS_OF)["asked"] == 0
    with pytest.raises(Grading.DoesNotExist):
        get_grading(there, row.pk)
    with pytest.raises(Grading.DoesNotExist):
        close_grading(grading_id=row.pk, to_state="refused", acting=there, reason="x")
    with pytest.raises(PermissionError):
        close_grading(
            grading_id=row.pk,
            to_state="refused",
            acting=replace(here, permissions=frozenset()),
            reason="x",
        )


def test_a_grader_sees_his_own_sheets(office: Office, graders: list[Account]) -> None:
    row = asked(office)
    plan_grading(
        grading_id=row.pk,
        graders=(graders[0].pk, graders[1].pk),
        planned_on=AS_OF,
        acting=office.maker,
    )
    assert list(my_gradings(reader_of(graders[0]))) == [row]
    assert list(my_gradings(reader_of(graders[2]))) == []


def test_health_lies_in_envelopes(office: Office, graders: list[Account]) -> None:
    row = graded(office, graders, asked(office, wish="卧床三年"))
    stored = Grading.objects.filter(pk=row.pk).values().get()
    text = repr(stored)
    assert "卧床三年" not in text
    assert "adl_1" not in text
    assert get_grading(MAKER, row.pk).answers == ANSWERS
