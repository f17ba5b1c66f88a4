"""The one place where DuckDB SQL becomes Spark SQL; the rules themselves are written once.

sqlglot knows the names of types and functions and how texts are escaped. What both sides must mean
alike (three truth values, days, whole numbers, texts) is held by a test for each piece.
"""

from functools import lru_cache

import sqlglot
from sqlglot import exp

#: Numbers without a sign, which Spark does not have: the next wider one.
_WIDER = {exp.DataType.Type.UTINYINT: "smallint", exp.DataType.Type.UINT: "bigint"}


@lru_cache(maxsize=512)
def to_spark(sql: str) -> str:
    """Spark SQL that means what a DuckDB statement or expression means.

    Raises:
        sqlglot.errors.SqlglotError: For SQL that cannot be said in Spark.
    """
    tree = sqlglot.parse_one(sql, read="duckdb")
    return tree.transform(_spark_means).sql(
        dialect="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )


def _spark_means(node: exp.Expression) -> exp.Expression:
    """Say differently what the two would read differently."""
    if isinstance(node, exp.DataType) and node.this in _WIDER:
        return exp.DataType.build(_WIDER[node.this])
    if isinstance(node, exp.BitwiseRightShift):
        return exp.Anonymous(this="shiftright", expressions=[node.this, node.expression])
    return node
