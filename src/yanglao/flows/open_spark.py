"""Spark as this installation wants it: where it runs and how much memory, from the environment."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from yanglao.engines.policy.spark_session import MASTER, MEMORY, NoSpark, spark_session

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

__all__ = ["ENV_MASTER", "ENV_MEMORY", "NoSpark", "open_spark"]

#: Where Spark runs (``spark://…``, ``yarn``; default all cores of this machine), and its memory.
ENV_MASTER, ENV_MEMORY = "YANGLAO_SPARK_MASTER", "YANGLAO_SPARK_MEMORY"


@contextmanager
def open_spark(*, spill: Path, memory: str = "") -> Iterator["SparkSession"]:
    """Open Spark for the length of a ``with`` block.

    Args:
        spill: Folder for what does not fit into memory (on this machine; a cluster has its own).
        memory: Such as ``"4g"``; as the environment says when not given.

    Raises:
        NoSpark: When it is not installed, or Java is missing or too old.
    """
    master = os.environ.get(ENV_MASTER) or MASTER
    with spark_session(
        master=master,
        memory=memory or os.environ.get(ENV_MEMORY) or MEMORY,
        settings={"spark.local.dir": str(spill)} if master.startswith("local") else {},
    ) as spark:
        yield spark
