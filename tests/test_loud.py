"""The machinery that makes wrong code fail does fail."""

import socket
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import DataError, connection
from django.db.models import CharField, DateField, JSONField, TextField
from django.template import Context, Template
from django.test import Client

from tests.loud import OutsideCall
from yanglao.foundation.models import AuditEntry


def test_a_test_cannot_reach_another_machine() -> None:
    """A socket to any address but this machine's raises before a packet leaves."""
    with socket.socket() as door, pytest.raises(OutsideCall):
        door.connect(("192.0.2.1", 80))


def test_a_test_may_reach_this_machine() -> None:
    """The browser walk and the servers of this machine stay reachable."""
    with socket.socket() as server, socket.socket() as door:
        server.bind(("127.0.0.1", 0))
        server.listen()
        door.connect(server.getsockname())


def test_a_moment_in_a_date_column_fails() -> None:
    """Django alone would cut the moment to a day, in its own zone."""
    field = DateField()
    field.set_attributes_from_name("born_on")
    field.model = Group
    with pytest.raises(TypeError, match="takes a day"):
        field.get_prep_value(datetime(2026, 11, 1, tzinfo=UTC))
    assert field.get_prep_value(date(2026, 11, 1)) == date(2026, 11, 1)


def test_a_null_in_a_text_fails() -> None:
    """SQLite would take what PostgreSQL refuses, in a text and in JSON."""
    for field, value in (
        (CharField(), "甲\x00"),
        (TextField(), "甲\x00"),
        (JSONField(), {"甲": ["\x00"]}),
    ):
        with pytest.raises(DataError, match="NUL"):
            field.get_db_prep_value(value, connection)


@pytest.mark.django_db
def test_a_moment_without_a_zone_fails() -> None:
    """Django warns when a naive datetime goes into the database, and warnings are errors here."""
    naive = datetime(2026, 11, 1)  # noqa: DTZ001 - the fault that is looked for
    with pytest.raises(RuntimeWarning, match="naive datetime"):
        AuditEntry.objects.create(at=naive, user_name="测试", action="none")


def test_an_unknown_template_variable_fails() -> None:
    """A renamed variable would otherwise leave a hole in the page."""
    with pytest.raises(pytest.fail.Exception, match="Undefined template variable"):
        Template("{{ nobody_gave_this }}").render(Context({}))


@pytest.mark.django_db
def test_rows_without_an_order_come_in_no_order() -> None:
    """Code that leans on the order of an unordered query is found out here, not on PostgreSQL."""
    Group.objects.bulk_create(Group(name=f"组 {n}") for n in range(20))
    orders = {tuple(Group.objects.values_list("name", flat=True)) for _ in range(5)}
    assert len(orders) > 1
    assert {len(set(order)) for order in orders} == {20}


@pytest.mark.django_db
def test_shuffling_leaves_counts_and_unions_alone() -> None:
    """Counting, DISTINCT and UNION give what they gave."""
    Group.objects.create(name="组")
    rows = Group.objects.all()
    assert rows.count() == 1
    assert list(rows.values_list("name", flat=True).distinct()) == ["组"]
    assert len(rows.union(Group.objects.all())) == 1
    assert rows.filter(pk__in=Group.objects.filter(name="组")).exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "role", ["system_admin", "audit_admin", "prefecture", "county", "town", "village", "clerk"]
)
def test_every_role_can_sign_in(role: str, client_as: Callable[..., Client]) -> None:
    """``client_as`` gives a client with a session for each role."""
    assert "_auth_user_id" in client_as(role, "653200000000").session


def test_a_reader_carries_the_permissions_of_the_role(reader_for: Callable[..., Any]) -> None:
    """``reader_for`` asks the same table as production."""
    clerk = reader_for("clerk", "653200000000", "police")
    assert clerk.can("take_in_lists")
    assert not clerk.can("see_people")
    assert "household" in clerk.kinds


@pytest.mark.django_db
def test_growing_queries_are_found_out(
    same_number_of_queries: Callable[[Callable[[], Any], Callable[[], Any]], int],
) -> None:
    """A call that asks the database once per row does not pass."""

    def ask(times: int) -> Callable[[], None]:
        return lambda: [Group.objects.exists() for _ in range(times)] and None

    assert same_number_of_queries(ask(1), ask(1)) == 1
    with pytest.raises(AssertionError, match="1 queries with few rows, 3 with many"):
        same_number_of_queries(ask(1), ask(3))
