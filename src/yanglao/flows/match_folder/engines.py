"""Choosing the engine: DuckDB on this machine, or Spark where it is installed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yanglao.flows.match_folder.on_duckdb import OnDuckDB
from yanglao.flows.match_folder.on_spark import OnSpark
from yanglao.flows.open_spark import open_spark
from yanglao.foundation.duck import open_duckdb

ENGINES = ("duckdb", "spark")

Engine = OnDuckDB | OnSpark


@contextmanager
def open_engine(name: str, *, spill: Path, memory: str = "") -> Iterator[Engine]:
    """Open an engine for the length of a ``with`` block.

    Args:
        name: One of :data:`ENGINES`.
        spill: Folder of this machine for what Spark does not keep in memory; DuckDB spills where
            the installation lets it (:mod:`yanglao.foundation.duck`).
        memory: Such as ``"4GB"``, ``"2g"``; as the machine allows when not given (Spark 2g).

    Raises:
        ValueError: For another name, or a memory that cannot be read.
        yanglao.foundation.duck.NotEnoughMemory: When DuckDB's work does not fit.
        yanglao.flows.open_spark.NoSpark: When Spark cannot run here.
    """
    if name == "duckdb":
        with open_duckdb(step="比对文件夹里的老人", memory=memory) as con:
            yield OnDuckDB(con)
    elif name == "spark":
        with open_spark(memory=memory, spill=spill) as spark:
            engine = OnSpark(spark)
            try:
                yield engine
            finally:
                engine.close()
    else:
        raise ValueError(f"没有计算引擎“{name}”：请写 {' 或 '.join(ENGINES)}。")
