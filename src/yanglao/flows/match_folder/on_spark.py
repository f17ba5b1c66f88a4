"""A folder on Spark: the same SQL and the same meanings, on as many machines as there are.

Every machine must see the folder under the same path. Only SQL runs there.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from yanglao.engines.policy.compile import Compiled
from yanglao.engines.policy.spark_evaluate import evaluate_on_spark
from yanglao.engines.policy.spark_sql import to_spark
from yanglao.engines.policy.tables import ANSWER_COLUMNS, outcome_table
from yanglao.foundation.partitions import LEVELS, name_parts

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

_TYPES = {"VARCHAR": "STRING", "VARCHAR[]": "ARRAY<STRING>"}


class OnSpark:
    """Reads, asks, compares and writes with Spark."""

    name = "spark"

    def __init__(self, spark: "SparkSession") -> None:
        """Work on an open session; it stays open."""
        self.spark = spark
        self._kept: list[DataFrame] = []

    def close(self) -> None:
        """Let go of what was kept; views of this run mean nothing to the next."""
        for kept in self._kept:
            kept.unpersist()

    def read(
        self, view: str, files: Mapping[str, Path], base: Path, columns: Mapping[str, str]
    ) -> None:
        """Make a view over the files of counties; see ``OnDuckDB.read``."""
        wanted = dict(columns) | dict.fromkeys(LEVELS, "VARCHAR")
        schema = ", ".join(f"`{name}` {_TYPES.get(kind, kind)}" for name, kind in wanted.items())
        if files:
            reader = self.spark.read.schema(schema).option("basePath", str(base))
            found = reader.parquet(*(str(path) for path in files.values()))
        else:
            found = self.spark.createDataFrame([], schema)
        found.createOrReplaceTempView(view)

    def keep(self, name: str, sql: str) -> None:
        """Work out a relation once, for several uses."""
        kept = self.spark.sql(to_spark(sql)).persist()
        kept.createOrReplaceTempView(name)
        self._kept.append(kept)

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a small result."""
        return [tuple(row) for row in self.spark.sql(to_spark(sql)).collect()]

    def write_answers(
        self,
        compiled: Compiled,
        files: Mapping[str, Path],
        base: Path,
        columns: Mapping[str, str],
        folder: Path,
        *,
        with_no: bool,
    ) -> None:
        """Answer for everybody and write the answers, one file a county, below a folder."""
        self.read("facts", files, base, columns)
        levels = tuple(LEVELS)
        with evaluate_on_spark(self.spark, compiled, "facts", also=levels, with_no=with_no) as made:
            # Narrow rows go to their county and are sorted there; words are looked up after that,
            # in a step that keeps the order, so that nothing wide is ever sorted.
            made.rows.repartition("county").createOrReplaceTempView("policy_placed")
            outcomes = self.spark.createDataFrame(outcome_table(made.outcomes))
            outcomes.createOrReplaceTempView("policy_outcome")
            # Levels that cannot be NULL: else Spark sorts again before it writes.
            known = ", ".join(f"coalesce({name}, '') AS {name}" for name in levels)
            order = ", ".join(levels)
            words = (
                "(SELECT transform(array_sort(collect_list(struct(no, struct("
                f"{', '.join(ANSWER_COLUMNS)}) AS told))), one -> one.told) FROM policy_outcome)"
            )
            told = self.spark.sql(
                f"SELECT person_id, element_at({words}, no + 1) AS told, {order} FROM ("
                f"SELECT * FROM (SELECT person_id, explode(answers) AS no, {known} "
                f"FROM policy_placed) SORT BY {order}, person_id, no)"
            )
            told.createOrReplaceTempView("policy_told")
            fields = ", ".join(f"told.{name}" for name in ANSWER_COLUMNS)
            self._put(
                self.spark.sql(f"SELECT person_id, {fields}, {order} FROM policy_told"), folder
            )

    def write(self, sql: str, columns: Sequence[str], folder: Path) -> None:
        """Write the rows of a query, one file a county, below a folder."""
        found = self.spark.sql(to_spark(sql)).select(*columns, *LEVELS)
        placed = found.repartition("county")
        self._put(placed.sortWithinPartitions(*LEVELS, "person_id", "item"), folder)

    @staticmethod
    def _put(rows: "DataFrame", folder: Path) -> None:
        rows.write.partitionBy(*LEVELS).parquet(str(folder))
        name_parts(folder)
