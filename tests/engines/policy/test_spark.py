"""Spark beside DuckDB: each piece of SQL, any rule, every item of everybody, row for row."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from syrupy.assertion import SnapshotAssertion

from tests.engines.policy.conftest import POLICIES
from tests.engines.policy.oracle import ITEMS, Answer, answer
from tests.engines.policy.people import invent_people
from tests.engines.policy.random_rules import RULES
from tests.engines.policy.test_answers import AMOUNTS
from yanglao.engines.policy import rules, spark_session
from yanglao.engines.policy.compile import Compiled, compile_pack
from yanglao.engines.policy.evaluate import evaluate
from yanglao.engines.policy.outcomes import STATUS_WORDS, Outcome
from yanglao.engines.policy.pack import Pack, load_pack
from yanglao.engines.policy.packing import pack_columns, unpack_columns
from yanglao.engines.policy.people import make_facts
from yanglao.engines.policy.spark_evaluate import evaluate_on_spark, keys_sql, kinds_sql
from yanglao.engines.policy.spark_sql import to_spark
from yanglao.engines.policy.sql import age_column, leaf_sql, months_since
from yanglao.engines.policy.trees import grow, tree_sql

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

# Sending rows to a Spark that seals its files goes through a socket which pyspark leaves to the
# collector (pyspark/core/context.py, _serialize_to_jvm); there is no handle on it here.
pytestmark = pytest.mark.filterwarnings(
    r"ignore:Exception ignored in. <socket\.socket:pytest.PytestUnraisableExceptionWarning",
    r"ignore:unclosed <socket\.socket:ResourceWarning",
)

DAYS = (date(2026, 11, 1), date(2024, 2, 29), date(2025, 3, 1))
Rows = dict[tuple[int, str], Outcome]


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator["SparkSession"]:
    """Spark on this machine; the tests are skipped, with the reason, where it cannot run."""
    why = spark_session.why_no_spark()
    if why:
        pytest.skip(f"Spark is NOT tested: {why}")
    settings = {
        "spark.local.dir": str(tmp_path_factory.mktemp("spill")),
        "spark.sql.shuffle.partitions": "2",
        # Small tests end before the better compiler would pay.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }
    with spark_session.spark_session(master="local[2]", memory="1g", settings=settings) as session:
        yield session


# Pieces

_EDGES = """
    SELECT i, b, c, n, s, p, d FROM
    (SELECT unnest(range(9)) AS i) JOIN
    (SELECT unnest([TRUE, FALSE, NULL]) AS b, unnest([0, 1, 2]) AS j) ON TRUE JOIN
    (SELECT unnest([TRUE, FALSE, NULL]) AS c, unnest([0, 1, 2]) AS k) ON i = j * 3 + k JOIN
    (SELECT unnest([-1, 0, 2, 3, 4, 255, NULL, 1, 9]) AS n, unnest(range(9)) AS i1) ON i1 = i JOIN
    (SELECT unnest(['', 'dibao', 'it''s', 'a\\b', '𠮷田', ' x ', NULL, '%_', 'DIBAO']) AS s,
        unnest(range(9)) AS i2) ON i2 = i JOIN
    (SELECT unnest(['65', '650000000000', '6532', '653201001001', '653200000000', 'elsewhere',
        NULL, '', '110101001001']) AS p, unnest(range(9)) AS i3) ON i3 = i JOIN
    (SELECT unnest([DATE '0001-01-01', DATE '1964-02-29', DATE '1964-03-01', DATE '2026-11-01',
        DATE '2025-11-01', DATE '2025-11-02', NULL, DATE '2024-02-29', DATE '1926-12-31']) AS d,
        unnest(range(9)) AS i4) ON i4 = i
"""
_LEAVES: dict[str, rules.Leaf] = {
    "truth": rules.BoolFact("alive"),
    "known": rules.Known("assistance"),
    "none is not small": rules.Compare("disability_grade", "<=", rules.Literal(2)),
    "none is not early": rules.Compare("ltci_assessed_on", "<", rules.Literal(date(2026, 1, 1))),
    "not equal": rules.Compare("assistance", "<>", rules.Literal("dibao")),
    "quotes": rules.Compare("assistance", "=", rules.Literal("it's")),
    "backslash": rules.Compare("assistance", "=", rules.Literal("a\\b")),
    "one of": rules.In("assistance", (rules.Literal("dibao"), rules.Literal("tekun"))),
    "between": rules.Between("disability_grade", rules.Literal(1), rules.Literal(3)),
    "in a prefecture": rules.Within("hukou_code", rules.Literal("6532")),
    "in a province": rules.Within("hukou_code", rules.Literal("65")),
    "in a village": rules.Within("hukou_code", rules.Literal("653201001001")),
    "same year": rules.SameYear("ltci_assessed_on"),
    "recent": rules.Recent("ltci_assessed_on", rules.Literal(12)),
}
_TEXTS = {
    "and": "b AND c",
    "or": "b OR c",
    "not": "NOT b",
    "not false": "b IS NOT FALSE",
    "different": "b IS DISTINCT FROM c",
    "place as number": "CAST(CASE WHEN starts_with(p, '6532') THEN 7 ELSE 0 END AS UINTEGER)",
    "truth as number": "coalesce(CAST(b AS UTINYINT), 2)",
    "number out of a number": "CASE ((n >> 1) & 3) WHEN 1 THEN TRUE WHEN 0 THEN FALSE END",
    "nullif": "nullif(n, 255)",
    "big number": "CAST(coalesce(n, 0) AS BIGINT) * 4503599627370496",
    "joined": "'「' || s || '」' || ' → ' || coalesce(p, '未知')",
    "joined without the unknown": "concat_ws('；', s, p, CASE WHEN b THEN 'ja''wohl\\n' END)",
    "first letters": "left(s || '😀😀', 3)",
    "as text": "CAST(b AS VARCHAR) || CAST(n AS VARCHAR)",
    "day as text": "CAST(d AS VARCHAR)",
    "day written": "strftime(d, '%Y-%m-%d')",
    "word by value": "CASE s WHEN '' THEN '无' WHEN 'it''s' THEN '它' ELSE coalesce(s, '未知') END",
    "county": "substr((coalesce(p, '') || '000000'), 1, 6)",
}


def _pieces() -> dict[str, str]:
    """Every piece by name, over the columns of the edges."""
    facts = {
        "alive": "b",
        "assistance": "s",
        "disability_grade": "n",
        "hukou_code": "p",
        "ltci_assessed_on": "d",
    }
    vocabulary = load_pack("hetian", POLICIES).vocabulary
    found = dict(_TEXTS)
    for name, leaf in _LEAVES.items():
        text = leaf_sql(leaf, vocabulary, DAYS[0])
        found[name] = text.replace(f'"{leaf.fact}"', facts[leaf.fact])
    for day in (*DAYS, date(2025, 2, 28)):
        found[f"age on {day}"] = age_column(day).replace("birth_date", "d")
        found[f"months to {day}"] = months_since("d", day)
    return found


PIECES = _pieces()


@pytest.fixture(scope="module")
def both(
    spark: "SparkSession", tmp_path_factory: pytest.TempPathFactory
) -> dict[str, tuple[list[Any], list[Any]]]:
    """What both engines say of every piece, for every edge; asked in one query each."""
    file = tmp_path_factory.mktemp("edges") / "edges.parquet"
    with duckdb.connect(":memory:") as con:
        con.execute(f"COPY ({_EDGES}) TO '{file}' (FORMAT parquet)")
        con.execute(f"CREATE VIEW edges AS SELECT * FROM '{file}'")
        spark.read.parquet(str(file)).createOrReplaceTempView("edges")
        columns = ", ".join(f"({text}) AS c{n}" for n, text in enumerate(PIECES.values()))
        query = f"SELECT {columns} FROM edges ORDER BY i"
        ours = con.execute(query).fetchall()
    theirs = [tuple(row) for row in spark.sql(to_spark(query)).collect()]
    assert len(ours) == len(theirs) == 9
    return {
        name: ([row[n] for row in ours], [row[n] for row in theirs])
        for n, name in enumerate(PIECES)
    }


@pytest.mark.parametrize("name", PIECES)
def test_a_piece_means_the_same(both: dict[str, tuple[list[Any], list[Any]]], name: str) -> None:
    """For unknown, none, 29 February, coarse places, quotes, letters beyond the usual plane."""
    ours, theirs = both[name]
    assert theirs == ours
    assert len({repr(value) for value in ours}) > 1, "the edges do not try this piece"


# Rules and people


@pytest.fixture(scope="module")
def crowds(
    spark: "SparkSession", hetian: Pack, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Tables ``crowd0`` … of 1200 people each, known by the same names to both engines."""
    folder = tmp_path_factory.mktemp("crowds")
    with duckdb.connect(":memory:") as con:
        for number, day in enumerate(DAYS):
            people = invent_people(hetian.vocabulary, 1200, day, seed=day.toordinal())
            make_facts(con, hetian.vocabulary, people, as_of=day, table=f"crowd{number}")
            file = folder / f"{number}.parquet"
            con.execute(f"COPY crowd{number} TO '{file}' (FORMAT parquet)")
            spark.read.parquet(str(file)).createOrReplaceTempView(f"crowd{number}")
        yield con


@given(many=st.lists(RULES, min_size=40, max_size=40))
@settings(
    max_examples=2,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.large_base_example, HealthCheck.too_slow],
)
def test_any_rule_says_the_same(
    hetian: Pack,
    spark: "SparkSession",
    crowds: duckdb.DuckDBPyConnection,
    many: list[rules.Node],
) -> None:
    """Random rules on random people, asked forty at a time."""
    day = DAYS[1]
    texts = []
    for rule in many:
        leaves = list(dict.fromkeys(rules.leaves_of(rule)))
        conditions = [leaf_sql(leaf, hetian.vocabulary, day) for leaf in leaves]
        texts.append(tree_sql(grow(rule, leaves.index), conditions.__getitem__))
    columns = ", ".join(f"({text}) AS r{n}" for n, text in enumerate(texts))
    query = (
        f"SELECT {columns} FROM (SELECT *, {age_column(day)} AS age FROM crowd1 "
        "WHERE person_id <= 200) AS people ORDER BY person_id"
    )
    ours = crowds.execute(query).fetchall()
    assert [tuple(row) for row in spark.sql(to_spark(query)).collect()] == ours


def _on_duckdb(con: duckdb.DuckDBPyConnection, compiled: Compiled, facts: str) -> Rows:
    meanings = {one.key: one for one in evaluate(con, compiled, facts, with_no=True)}
    rows = con.execute("SELECT person_id, item, outcome_key FROM result").fetchall()
    return {(person, item): meanings[key] for person, item, key in rows}


def _on_spark(
    spark: "SparkSession", compiled: Compiled, facts: str, *, with_no: bool = True
) -> Rows:
    with evaluate_on_spark(spark, compiled, facts, with_no=with_no) as made:
        found = [
            (row.person_id, made.outcomes[number])
            for row in made.rows.collect()
            for number in row.answers
        ]
    rows = {(person, one.item): one for person, one in found}
    assert len(rows) == len(found), "somebody has two answers for one item"
    return rows


@pytest.mark.parametrize("number", range(len(DAYS)), ids=map(str, DAYS))
def test_everybody_gets_the_same_row(
    hetian: Pack, spark: "SparkSession", crowds: duckdb.DuckDBPyConnection, number: int
) -> None:
    """Yes, no, possible, tier, money, delivered, missing and reason; and the slow oracle agrees."""
    day = DAYS[number]
    compiled = compile_pack(hetian, day)
    ours = _on_duckdb(crowds, compiled, f"crowd{number}")
    theirs = _on_spark(spark, compiled, f"crowd{number}")
    assert theirs == ours
    people = invent_people(hetian.vocabulary, 1200, day, seed=day.toordinal())
    seen = set()
    for at, person in enumerate(people, start=1):
        for item in ITEMS:
            one = theirs[at, item]
            found = Answer(
                STATUS_WORDS[one.status],
                one.tier,
                one.amount_fen,
                one.delivered,
                frozenset(one.missing),
            )
            assert found == answer(item, person, day), (item, person)
            assert one.reason
            seen.add((item, one.status))
    assert len(seen) == 3 * len(ITEMS)


def test_without_no_the_others_stay(
    hetian: Pack, spark: "SparkSession", crowds: duckdb.DuckDBPyConnection
) -> None:
    """What a run keeps is what it finds of yes and possible."""
    compiled = compile_pack(hetian, DAYS[0])
    every = _on_duckdb(crowds, compiled, "crowd0")
    kept = {key: one for key, one in every.items() if one.status}
    assert _on_spark(spark, compiled, "crowd0", with_no=False) == kept
    assert 0 < len(kept) < len(every)


def test_money_by_place_is_the_same(
    spark: "SparkSession", write_pack: Callable[..., Path], tmp_path: Path
) -> None:
    """Amounts by place and age band: the widest keys."""
    who = "age >= 60\n    amount: {parameter: allowance, per: month}"
    pack = load_pack("try", write_pack({"01": who}, try__parameters__amounts=AMOUNTS), cases=False)
    day = date(2026, 12, 1)
    people = [
        {"alive": True, "hukou_code": "653201001001", "age": age, "place_code": place}
        for age in (59, 79, 80, 89, 90, None)
        for place in ("653201001001", "653221001001", "6532", "110101001001", None)
    ]
    file = tmp_path / "people.parquet"
    with duckdb.connect(":memory:") as con:
        make_facts(con, pack.vocabulary, people, as_of=day)
        con.execute(f"COPY facts TO '{file}' (FORMAT parquet)")
        spark.read.parquet(str(file)).createOrReplaceTempView("paid")
        compiled = compile_pack(pack, day)
        ours = _on_duckdb(con, compiled, "facts")
    assert _on_spark(spark, compiled, "paid") == ours
    assert {one.amount_fen for one in ours.values()} == {None, 5000, 7000, 10000}


def test_nobody_has_no_answer(
    hetian: Pack, spark: "SparkSession", crowds: duckdb.DuckDBPyConnection
) -> None:
    """A county without elders is no failure."""
    spark.sql("SELECT * FROM crowd0 WHERE FALSE").createOrReplaceTempView("nobody")
    assert _on_spark(spark, compile_pack(hetian, DAYS[0]), "nobody") == {}


# Without Spark


def test_packing_loses_nothing(hetian: Pack) -> None:
    """Condition columns come out of the numbers as they went in, unknown included."""
    compiled = compile_pack(hetian, DAYS[0])
    numbers = ", ".join(f"{text} AS k{n}" for n, text in enumerate(pack_columns(compiled)))
    names = ", ".join(compiled.columns)
    taken = ", ".join(f"{text} AS {name}" for name, text in unpack_columns(compiled).items())
    people = invent_people(hetian.vocabulary, 2000, DAYS[0], seed=11)
    with duckdb.connect(":memory:") as con:
        make_facts(con, hetian.vocabulary, people, as_of=DAYS[0])
        con.execute(f"CREATE TABLE put AS {compiled.select('facts')}")
        before = con.execute(f"SELECT {names} FROM put ORDER BY person_id").fetchall()
        after = con.execute(
            f"SELECT {names} FROM (SELECT person_id, {taken} "
            f"FROM (SELECT person_id, {numbers} FROM put)) ORDER BY person_id"
        ).fetchall()
    assert after == before


def test_compiled_spark_sql(hetian: Pack, snapshot: SnapshotAssertion) -> None:
    """What Spark is asked, to be read in review when a rule or sqlglot changes."""
    compiled = compile_pack(hetian, DAYS[0])
    assert {one.item.code: to_spark(one.sql) for one in compiled.items} == snapshot(name="items")
    assert kinds_sql(compiled, "facts", ("county",)).replace(", ", ",\n") == snapshot(name="kinds")
    assert keys_sql(compiled).replace(", ", ",\n") == snapshot(name="keys")


@pytest.mark.parametrize(
    ("said", "version"),
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_421"', 1),
        ('openjdk version "21" 2023-09-19', 21),
        ("no such thing", 0),
    ],
)
def test_java_says_how_old_it_is(
    said: str, version: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From ``java -version``, which speaks on the error channel."""
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert spark_session.java_version() == version


def test_without_spark_one_line_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    """No traceback of an import or of a Java that is not there."""
    monkeypatch.setattr(spark_session, "find_spec", lambda name: None)
    with (
        pytest.raises(spark_session.NoSpark, match=r"tools/set-up spark"),
        spark_session.spark_session(),
    ):
        pass
    monkeypatch.setattr(spark_session, "find_spec", lambda name: name)
    monkeypatch.setattr(spark_session, "java_version", lambda: 11)
    assert "Java 17" in spark_session.why_no_spark()
