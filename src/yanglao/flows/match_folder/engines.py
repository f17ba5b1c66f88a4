"""Choosing the engine: DuckDB on this machine, or Spark where it is installed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from yanglao.engines.policy.spark_session import MASTER, MEMORY, spark_session
from yanglao.flows.match_folder.on_duckdb import OnDuckDB
from yanglao.flows.match_folder.on_spark import OnSpark

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

ENGINES = ("duckdb", "spark")
#: Where Spark runs (``spark://…``, ``yarn``; default all cores of this machine), and its memory.
ENV_MASTER, ENV_MEMORY = "YANGLAO_SPARK_MASTER", "YANGLAO_SPARK_MEMORY"

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
        yanglao.engines.policy.spark_session.NoSpark: When Spark cannot run here.
    """
    if name not in ENGINES:
        raise ValueError(f"没有计算引擎“{name}”：请写 {' 或 '.join(ENGINES)}。")
    engine: Engine
    if name == "duckdb":
        engine = OnDuckDB(memory=memory or "2500MB", spill=spill)
        try:
            yield engine
        finally:
            engine.close()
        return
    with spark_on_settings(memory=memory, spill=spill) as spark:
        engine = OnSpark(spark)
        try:
            yield engine
        finally:
            engine.close()


@contextmanager
def spark_on_settings(*, memory: str = "", spill: Path) -> Iterator["SparkSession"]:
    """Open Spark where the environment says."""
    with spark_session(
        master=os.environ.get(ENV_MASTER) or MASTER,
        memory=memory or os.environ.get(ENV_MEMORY) or MEMORY,
        settings={"spark.local.dir": str(spill)},
    ) as spark:
        yield spark
