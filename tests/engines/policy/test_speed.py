"""Everybody in seconds: limits far above what is seen, to notice when work grows out of hand."""

import time
from datetime import date

import duckdb
import pytest

from tests.engines.policy.crowd import make_crowd
from yanglao.engines.policy.compile import compile_pack
from yanglao.engines.policy.evaluate import evaluate
from yanglao.engines.policy.explain import explain
from yanglao.engines.policy.pack import Pack


@pytest.mark.slow
def test_two_hundred_thousand_people(hetian: Pack) -> None:
    """All items of everybody, and one person out of them; seen: 1 s and 0.03 s on two cores."""
    with duckdb.connect(":memory:", config={"threads": 2}) as con:
        make_crowd(con, hetian.vocabulary, 200_000)
        compiled = compile_pack(hetian, date(2026, 11, 1))
        begun = time.perf_counter()
        outcomes = evaluate(con, compiled)
        taken = time.perf_counter() - begun
        rows = con.execute("SELECT count(*) FROM result").fetchone()
        begun = time.perf_counter()
        explain(con, compiled, "facts", 100_000)
        one = time.perf_counter() - begun
    assert rows is not None
    assert rows[0] > 1_000_000
    assert len(outcomes) < 5_000, "answers of different people should be the same answers"
    assert taken < 20
    assert one < 1
