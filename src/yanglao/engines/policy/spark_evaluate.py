"""Everybody against everything on Spark: the same conditions, keys and meanings as on DuckDB.

People are packed into a few whole numbers; each distinct combination is asked once, by the SQL of
the compiled pack; what a key means is worked out here, by the code that does it for DuckDB; then
the answers are joined to the people. Only SQL runs on the cluster, and only combinations (some ten
thousand for a million people) ever come to the driver.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyarrow as pa

from yanglao.engines.policy.compile import Compiled
from yanglao.engines.policy.outcomes import Outcome, tell_meanings
from yanglao.engines.policy.packing import pack_columns, unpack_columns
from yanglao.engines.policy.spark_sql import to_spark

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


@dataclass(frozen=True, slots=True, eq=False)
class SparkAnswers:
    """What Spark found.

    Attributes:
        outcomes: What answers mean, each once, as ``evaluate`` gives them.
        rows: ``person_id``, what was carried along, and ``answers``: numbers of ``outcomes``, in
            the pack's order of items. People without any answer have no row.
    """

    outcomes: list[Outcome]
    rows: "DataFrame"


@contextmanager
def evaluate_on_spark(
    spark: "SparkSession",
    compiled: Compiled,
    facts: str,
    *,
    also: tuple[str, ...] = (),
    with_no: bool = False,
) -> Iterator[SparkAnswers]:
    """Answer for everybody in a view of facts; what was found holds within the ``with`` block.

    Args:
        facts: View, one row a person, with ``person_id`` and the columns of ``facts_needed``.
        also: Further columns to carry along to the answers.
        with_no: Give every no too, with its reason.
    """
    numbers = [f"k{n}" for n in range(len(pack_columns(compiled)))]
    names = ", ".join(numbers)
    spark.sql(kinds_sql(compiled, facts, also)).createOrReplaceTempView("policy_kind")
    kinds = spark.sql(f"SELECT DISTINCT {names} FROM policy_kind").persist()
    kinds.createOrReplaceTempView("policy_asked")
    keys = spark.sql(keys_sql(compiled, with_no=with_no)).persist()
    keys.createOrReplaceTempView("policy_key")
    try:
        words = ", ".join(f"w{n}" for n in range(compiled.words))
        found = sorted(
            tuple(row)
            for row in spark.sql(
                f"SELECT DISTINCT position, status, {words} FROM policy_key"
            ).collect()
        )
        outcomes, meant = tell_meanings(compiled, found)
        _keep_meanings(spark, compiled, found, meant)
        match = " AND ".join(f"k.w{n} = m.w{n}" for n in range(compiled.words))
        spark.sql(
            f"SELECT {names}, transform(sort_array(collect_list(struct(k.position, m.no))), "
            "a -> a.no) AS answers FROM policy_key k JOIN policy_meaning m "
            f"ON k.position = m.position AND {match} GROUP BY {names}"
        ).createOrReplaceTempView("policy_answer")
        carried = "".join(f", {name}" for name in also)
        rows = spark.sql(
            f"SELECT /*+ BROADCAST(policy_answer) */ person_id{carried}, answers "
            f"FROM policy_kind JOIN policy_answer USING ({names})"
        )
        yield SparkAnswers(outcomes, rows)
    finally:
        keys.unpersist()
        kinds.unpersist()


def kinds_sql(compiled: Compiled, facts: str, also: tuple[str, ...] = ()) -> str:
    """Spark SQL of one row a person, its conditions packed into ``k0``, ``k1`` …"""
    packed = ", ".join(f"{text} AS k{n}" for n, text in enumerate(pack_columns(compiled)))
    carried = "".join(f", {name}" for name in also)
    conditions = compiled.select(facts, also=also)
    return to_spark(f"SELECT person_id{carried}, {packed} FROM ({conditions}) AS conditions")


def keys_sql(compiled: Compiled, *, with_no: bool = False) -> str:
    """Spark SQL of one row a combination and item: its numbers, position, status and key."""
    numbers = ", ".join(f"k{n}" for n in range(len(pack_columns(compiled))))
    conditions = ", ".join(f"{text} AS {name}" for name, text in unpack_columns(compiled).items())
    met = ", ".join(f"{one.status_sql} AS met{one.position}" for one in compiled.items)
    inner = to_spark(
        f"SELECT *, {met} FROM (SELECT {numbers}, {conditions} FROM policy_asked) AS conditions"
    )
    structs = ", ".join(_key_struct(compiled, position) for position in range(len(compiled.items)))
    keep = "" if with_no else " WHERE key.status <> 0"
    words = ", ".join(f"key.w{n}" for n in range(compiled.words))
    return (
        f"SELECT {numbers}, key.position, key.status, {words} "
        f"FROM ({inner}) LATERAL VIEW explode(array({structs})) AS key{keep}"
    )


def _key_struct(compiled: Compiled, position: int) -> str:
    """One item's position, status and key as a Spark struct."""
    one = compiled.items[position]
    met = f"met{position}"
    words = "".join(f", 'w{n}', {to_spark(text)}" for n, text in enumerate(one.key_sql))
    return (
        f"named_struct('position', {position}, 'status', "
        f"CASE WHEN {met} THEN 1 WHEN {met} IS NULL THEN 2 ELSE 0 END{words})"
    )


def _keep_meanings(
    spark: "SparkSession", compiled: Compiled, found: Sequence[Sequence[int]], meant: list[int]
) -> None:
    """Make the view ``policy_meaning`` from key to number of outcome."""
    columns = {
        "position": pa.array([row[0] for row in found], pa.int32()),
        "no": pa.array(meant, pa.int32()),
    }
    columns |= {
        f"w{n}": pa.array([row[2 + n] for row in found], pa.int64()) for n in range(compiled.words)
    }
    spark.createDataFrame(pa.table(columns)).createOrReplaceTempView("policy_meaning")
