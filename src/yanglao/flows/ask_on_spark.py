"""Everybody against everything on Spark, for a run on the database: other engine, same tables."""

import duckdb

from yanglao.engines.policy.compile import Compiled
from yanglao.engines.policy.evaluate import Outcome
from yanglao.engines.policy.spark_evaluate import evaluate_on_spark
from yanglao.engines.policy.sql import named, quoted
from yanglao.engines.policy.tables import outcome_table
from yanglao.flows.open_spark import open_spark
from yanglao.foundation.home import home_folder
from yanglao.foundation.partitions import staging


def ask_on_spark(con: duckdb.DuckDBPyConnection, compiled: Compiled) -> list[Outcome]:
    """Answer for everybody in ``facts``; makes the same tables as ``ask_alike_once``.

    Facts go out and answers come back as Parquet in the state folder, without names or numbers.

    Args:
        con: Connection that holds ``facts``.
        compiled: The pack for the day.

    Raises:
        yanglao.flows.open_spark.NoSpark: When Spark cannot run here.
    """
    columns = ", ".join(named(name) for name in ("person_id", *compiled.facts_needed))
    with staging(home_folder("spark")) as folder, open_spark(spill=folder / "spill") as spark:
        facts, answers = folder / "facts.parquet", folder / "answers"
        con.execute(f"COPY (SELECT {columns} FROM facts) TO {quoted(str(facts))} (FORMAT parquet)")
        spark.read.parquet(str(facts)).createOrReplaceTempView("facts")
        with evaluate_on_spark(spark, compiled, "facts") as made:
            made.rows.write.parquet(str(answers))
            found = made.outcomes
        con.register("meaning", outcome_table(found))
        statuses = "CASE m.status WHEN 'yes' THEN 1 ELSE 2 END"
        con.execute(
            f"CREATE TABLE result AS SELECT person_id, m.item, ({statuses})::TINYINT AS status, "
            "m.outcome_key FROM (SELECT person_id, unnest(answers) AS no "
            f"FROM read_parquet({quoted(str(answers / '*.parquet'))})) JOIN meaning AS m USING (no)"
        )
        con.unregister("meaning")
    con.execute("CREATE TABLE alike AS SELECT person_id, person_id AS stands_for FROM facts")
    return found
