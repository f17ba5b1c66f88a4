"""Wrong code fails loudly in tests, instead of quietly in an office.

Besides what is here: warnings are errors (``pyproject.toml``), so a naive datetime on its way to
the database fails; a template variable that does not exist fails (pytest-django, turned on in
``tests/conftest.py``); tests run in random order (pytest-randomly).
"""

import ipaddress
import socket
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest


class OutsideCall(RuntimeError):
    """A test tried to reach another machine."""


def refuse_outside(patch: pytest.MonkeyPatch) -> None:
    """Let sockets reach this machine only: the program must work without any network."""

    def guard(name: str) -> None:
        real = getattr(socket.socket, name)

        def checked(self: socket.socket, address: Any) -> Any:
            if self.family in {socket.AF_INET, socket.AF_INET6} and not _is_here(address[0]):
                raise OutsideCall(f"a test tried to reach {address[0]}; tests stay on this machine")
            return real(self, address)

        patch.setattr(socket.socket, name, checked)

    guard("connect")
    guard("connect_ex")


def _is_here(host: str) -> bool:
    if host in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def refuse_moments_as_days(patch: pytest.MonkeyPatch) -> None:
    """Fail when a datetime goes into a date column: Django would cut it in the wrong zone."""
    from django.db.models import DateField, DateTimeField

    real = DateField.get_prep_value

    def checked(self: DateField, value: Any) -> Any:
        if isinstance(value, datetime) and not isinstance(self, DateTimeField):
            raise TypeError(
                f"{self.model.__name__}.{self.name} takes a day, not a moment: {value!r}"
            )
        return real(self, value)

    patch.setattr(DateField, "get_prep_value", checked)


def refuse_null_in_texts(patch: pytest.MonkeyPatch) -> None:
    """Fail when a NUL goes into a text or into JSON: PostgreSQL holds none, SQLite takes it."""
    from django.db import DataError
    from django.db.models import CharField, Field, JSONField, TextField

    def guard(kind: type[Field], name: str, has_null: Callable[[Any], bool]) -> None:
        real = getattr(kind, name)

        def checked(self: Field, value: Any, *rest: Any, **named: Any) -> Any:
            if has_null(value):
                raise DataError(f"{self.name} cannot contain NUL, says PostgreSQL")
            return real(self, value, *rest, **named)

        patch.setattr(kind, name, checked)

    for kind in (CharField, TextField):
        guard(kind, "get_prep_value", lambda value: isinstance(value, str) and "\x00" in value)
    guard(JSONField, "get_db_prep_value", _null_in_json)


def _null_in_json(value: Any) -> bool:
    if isinstance(value, str):
        return "\x00" in value
    if isinstance(value, dict):
        return any(_null_in_json(one) for pair in value.items() for one in pair)
    return isinstance(value, list | tuple) and any(_null_in_json(one) for one in value)


def shuffle_unordered_queries(patch: pytest.MonkeyPatch) -> None:
    """Return the rows of a query that says no order in random order.

    A database owes no order to a query that does not ask for one; code that leans on what SQLite
    happens to return breaks on PostgreSQL. Left alone: DISTINCT, GROUP BY, UNION, subqueries.
    """
    from django.db.models.expressions import OrderBy
    from django.db.models.functions import Random
    from django.db.models.sql.compiler import SQLCompiler

    real_pairs = SQLCompiler._order_by_pairs
    real_union = SQLCompiler.get_combinator_sql

    def pairs(self: SQLCompiler) -> Iterator[tuple[Any, bool]]:
        found = list(real_pairs(self))
        if not found and _may_shuffle(self.query):
            found = [(OrderBy(Random()), False)]
        yield from found

    def union(self: SQLCompiler, combinator: str, all_rows: bool) -> Any:
        for part in self.query.combined_queries:
            part.part_of_union = True
        return real_union(self, combinator, all_rows)

    patch.setattr(SQLCompiler, "_order_by_pairs", pairs)
    patch.setattr(SQLCompiler, "get_combinator_sql", union)


def _may_shuffle(query: Any) -> bool:
    return not (
        query.subquery
        or query.distinct
        or query.combinator
        or query.group_by is not None
        or getattr(query, "part_of_union", False)
        or any(getattr(part, "contains_aggregate", False) for part in query.annotations.values())
    )


def refuse_writes_in_reading_screens(patch: pytest.MonkeyPatch) -> None:
    """Make the guard of ``web.kit.screens`` raise where production would write a log line."""
    from django.conf import settings

    patch.setattr(settings, "KIT_GUARD_READS", True, raising=False)


def hash_passwords_fast(patch: pytest.MonkeyPatch) -> None:
    """Use a cheap password hash: hundreds of accounts are opened in one run."""
    from django.conf import settings

    patch.setattr(settings, "PASSWORD_HASHERS", ["django.contrib.auth.hashers.MD5PasswordHasher"])


def let_tests_empty_the_record(patch: pytest.MonkeyPatch) -> None:
    """Lift the guards of the record of acts while Django empties the tables between tests.

    Only there: a test that wants to change the record has to get past the guards like anybody.
    """
    from django.db.backends.base.operations import BaseDatabaseOperations

    from yanglao.foundation.audit.guards import guard_statements, lift_statements

    real = BaseDatabaseOperations.execute_sql_flush

    def emptied(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        vendor = self.connection.vendor
        real(self, [*lift_statements(vendor), *sql_list, *guard_statements(vendor)])

    patch.setattr(BaseDatabaseOperations, "execute_sql_flush", emptied)


def let_many_requests_through(patch: pytest.MonkeyPatch) -> None:
    """Set no limit to requests a minute: all tests of a process come from one address."""
    from django.conf import settings

    patch.setattr(settings, "REQUESTS_A_MINUTE", {"account": 0, "address": 0})
