"""A payment month of the bench against the slow reckoning, and that the reckoning bites."""

import json
import sqlite3
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from tests.ops.conftest import Instance
from yanglao.ops.bench import reckoning

_PEOPLE = "2500"
#: A fen more on a line, a payment that is gone, a check that was not made, one that nobody asked.
_TAMPERED = (
    "UPDATE settlement_line SET fen = fen + 1 WHERE id = (SELECT max(id) FROM settlement_line)",
    "DELETE FROM settlement_difference WHERE id = (SELECT min(id) FROM settlement_difference)",
    "UPDATE settlement_finding SET code = 'dead' WHERE id = "
    "(SELECT min(id) FROM settlement_finding WHERE code = 'no_account')",
    "UPDATE settlement_payment SET person_id = 99999999 WHERE id = "
    "(SELECT max(id) FROM settlement_payment)",
)


def step(instance: Instance, *words: str) -> dict[str, Any]:
    """Run a measurement; return what it printed."""
    done = instance.run(*words, module="yanglao.ops.bench.step")
    assert done.returncode == 0, done.stderr[-3000:]
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_every_line_is_as_reckoned_slowly(
    kind: str, empty_instance: Callable[[str], Instance]
) -> None:
    """Lines, payments, findings, differences, claims and both bank files; then one fen more."""
    instance = empty_instance(kind)
    instance.home.mkdir(mode=0o750, exist_ok=True)
    paid = step(instance, "payments", _PEOPLE)
    told = step(instance, "payments_oracle")
    assert told["equal"], told["shown"]
    assert told["rows"]["lines of run 2"] > 3_000 < told["rows"]["lines of file 2"]
    assert told["rows"]["findings of run 2"] > 5 < told["rows"]["differences of run 2"]
    assert told["fen"]["file 1"] == paid["first"]["fen"]
    assert told["fen"]["file 2"] == paid["fen"]
    tamper(instance)
    told = step(instance, "payments_oracle")
    shown = "\n".join(told["shown"])
    for what in ("lines of run 2", "differences of run 1", "findings of run 1", "not in the regi"):
        assert what in shown, shown
    assert not told["equal"]


def tamper(instance: Instance) -> None:
    """Change a few stored rows past the program."""
    if instance.url:
        with psycopg.connect(instance.url, autocommit=True) as database:
            for text in _TAMPERED:
                assert database.execute(text).rowcount == 1
        return
    with sqlite3.connect(instance.home / "yanglao.sqlite3") as database:
        for text in _TAMPERED:
            assert database.execute(text).rowcount == 1


def test_what_is_unknown_is_tried_both_ways() -> None:
    """The higher of two waits for the other's answer; what no answer changes is paid."""
    row = reckoning.Row("HIGHER_OF", "a")
    table = reckoning.TableOfMonth(["a", "b", "c"], {frozenset("ab"): row})
    pay = reckoning.pay_for_sure
    assert pay(table, {"a": (True, 200), "b": (False, 100)}) == {"a": 200, "b": 0}
    assert pay(table, {"a": (True, 100), "b": (False, 200)}) == {"a": None, "b": None}
    assert pay(table, {"a": (True, 100), "c": (False, 200)}) == {"a": 100, "c": None}
    assert pay(table, {"a": (True, 100), "b": (True, None)}) == {"a": None, "b": None}
