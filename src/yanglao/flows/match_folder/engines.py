"""Choosing the engine: DuckDB on this machine, or Spark where it is installed."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yanglao.flows.match_folder.on_duckdb import OnDuckDB
from yanglao.flows.match_folder.on_spark import OnSpark
from yanglao.flows.open_spark import open_spark

ENGINES = ("duckdb", "spark")

Engine = OnDuckDB | OnSpark


@contextmanager
def open_engine(name: str, *, spill: Path, memory: str = "") -> Iterator[Engine]:
    """Open an engine for the length of a ``with`` block.

    Args:
        name: One of :data:`ENGINES`.
        spill: Folder for what does not fit into memory.
        memory: ``"2500MB"`` for DuckDB, ``"2g"`` for Spark; a default when not given.

    Raises:
        ValueError: For another name.
        yanglao.flows.open_spark.NoSpark: When Spark cannot run here.
    """
    engine: Engine
    if name == "duckdb":
        engine = OnDuckDB(memory=memory or "2500MB", spill=spill)
        try:
            yield engine
        finally:
            engine.close()
    elif name == "spark":
        with open_spark(memory=memory, spill=spill) as spark:
            engine = OnSpark(spark)
            try:
                yield engine
            finally:
                engine.close()
    else:
        raise ValueError(f"没有计算引擎“{name}”：请写 {' 或 '.join(ENGINES)}。")
