"""Merging two files and taking it back, whatever lists said of either before and meanwhile."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.flows.conftest import MONTH, REGION
from tests.flows.list_rows import HandIn, assistance, household, number, pension, survey
from yanglao.domain.people.public import Person, load_facts, merge_files, undo_merge
from yanglao.foundation.analytics import analytic_session
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db

CLERK = system_reader(REGION, name="测试")
ORDERS = (1, 3)
SENT = tuple[list[dict[str, Any]], date, bool]


def surveyed(order: int, living: str) -> dict[str, Any]:
    """Return a row of a survey with a number."""
    return survey(公民身份号码=number(order), 居住状况=living)


def rows_of_one_kind() -> st.SearchStrategy[list[dict[str, Any]]]:
    """Lists with rows of one file, of the other, or of both."""
    order = st.sampled_from(ORDERS)
    kinds: list[st.SearchStrategy[dict[str, Any]]] = [
        st.builds(household, order, 户籍地址=st.sampled_from(["一号", "二号"])),
        st.builds(pension, order, 待遇状态=st.sampled_from(["正常", "暂停"])),
        st.builds(assistance, order, 保障起始日期=st.sampled_from(["2020-01-01", "2024-01-01"])),
        st.builds(surveyed, order, st.sampled_from(["独居", "空巢"])),
    ]
    return st.sampled_from(kinds).flatmap(lambda kind: st.lists(kind, min_size=1, max_size=3))


def lists(*months: date) -> st.SearchStrategy[list[SENT]]:
    """Some lists, of one of these months, whole or not."""
    sent = st.tuples(rows_of_one_kind(), st.sampled_from(months), st.booleans())
    return st.lists(sent, min_size=1, max_size=4)


def facts() -> list[tuple[Any, ...]]:
    """Return the whole row of facts of everybody."""
    with analytic_session(memory="512MB") as session:
        load_facts(session, as_of=date(2026, 12, 31), region=REGION)
        return session.rows("SELECT * FROM facts ORDER BY person_id")


def undone(doing: Callable[[], list[tuple[Any, ...]]]) -> list[tuple[Any, ...]]:
    """Return what it gives, and leave the database as before."""
    with transaction.atomic():
        found = doing()
        transaction.set_rollback(True)
    return found


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    before=lists(MONTH),
    meanwhile=lists(date(2026, 11, 1), date(2026, 12, 1)),
    goes_on=st.sampled_from(ORDERS),
)
def test_a_merge_taken_back_was_never_there(
    before: list[SENT], meanwhile: list[SENT], goes_on: int, hand_in: HandIn
) -> None:
    """Facts equal: at once, and after lists that came in while the files were one."""

    def send(sent: list[SENT]) -> None:
        for rows, month, full in sent:
            hand_in(rows, month=month, full=full)

    def merged() -> int:
        files = {one.id_number: one.pk for one in Person.objects.all()}
        right, wrong = goes_on, next(order for order in ORDERS if order != goes_on)
        return merge_files(
            goes_on=files[number(right)], laid_in=files[number(wrong)], acting=CLERK, reason="试"
        ).pk

    def merged_and_taken_back(*, lists_meanwhile: bool) -> list[tuple[Any, ...]]:
        merge = merged()
        if lists_meanwhile:
            send(meanwhile)
        assert len(facts()) == 1
        undo_merge(merge_id=merge, acting=CLERK, reason="")
        return facts()

    def never_merged() -> list[tuple[Any, ...]]:
        send(meanwhile)
        return facts()

    with transaction.atomic():
        hand_in([household(1), household(3)])
        send(before)
        known = facts()
        assert len(known) == len(ORDERS)
        assert undone(lambda: merged_and_taken_back(lists_meanwhile=False)) == known
        later = undone(lambda: merged_and_taken_back(lists_meanwhile=True))
        assert later == undone(never_merged)
        transaction.set_rollback(True)
