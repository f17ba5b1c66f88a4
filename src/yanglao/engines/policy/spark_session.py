"""Opening Spark: on this machine (``local[2]``) or on a cluster (``spark://…``, ``yarn``, ``k8s://``).

Spark is an extra: nothing else needs it, and it needs Java 17. No Python runs on its workers: all
work is SQL, so a cluster needs Spark and nothing of this program.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

OLDEST_JAVA = 17
#: Where Spark runs and how much memory its driver may take, when not told otherwise.
MASTER, MEMORY = "local[*]", "2g"

_SETTINGS = {
    "spark.app.name": "yanglao",
    "spark.log.level": "ERROR",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.sql.session.timeZone": "UTC",
    # A number that does not fit is an error, never another number; division codes stay text.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.sources.partitionColumnTypeInference.enabled": "false",
    # "Known none" of a day is 0001-01-01: the calendar is the same before 1582.
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.compression.codec": "zstd",
    # A file holds a county: no success marks or checksums are needed beside it.
    "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
}
_LOCAL = {
    "spark.driver.host": "127.0.0.1",
    # What is shuffled or does not fit is written to disk sealed; the key lives in this process.
    "spark.io.encryption.enabled": "true",
    "spark.io.encryption.keySizeBits": "256",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.sql.shuffle.partitions": "8",
}


class NoSpark(Exception):
    """Spark cannot run here; the message says what is missing and what to do."""


def why_no_spark() -> str:
    """Say in Chinese why Spark cannot run on this machine; ``""`` when it can."""
    if find_spec("pyspark") is None:
        return "没有装 Spark（可选组件）：请运行 tools/set-up spark。"
    version = java_version()
    if version < OLDEST_JAVA:
        found = f"只有 Java {version}" if version else "没有 Java"
        return f"{found}，Spark 需要 Java {OLDEST_JAVA} 或更新的版本。"
    return ""


def java_version() -> int:
    """Return the major version of the Java that Spark would take; 0 without one."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin") if home else shutil.which("java")
    if java is None:
        return 0
    asked = [java, "-version"]
    told = subprocess.run(asked, capture_output=True, text=True, check=False)  # noqa: S603
    found = re.search(r'version "(\d+)', told.stderr + told.stdout)
    return int(found[1]) if found else 0


@contextmanager
def spark_session(
    *, master: str = MASTER, memory: str = MEMORY, settings: Mapping[str, str] | None = None
) -> Iterator["SparkSession"]:
    """Open Spark for the length of a ``with`` block; a session that is open is used and left open.

    Args:
        master: Where it runs.
        memory: Of the driver; in ``local[…]`` that is all of it.
        settings: Spark's own settings, above those of this program.

    Raises:
        NoSpark: When it is not installed, or Java is missing or too old.
    """
    why = why_no_spark()
    if why:
        raise NoSpark(why)
    from pyspark.sql import SparkSession

    there = SparkSession.getActiveSession()
    if there is not None:
        for name, value in _SETTINGS.items():
            if name.startswith("spark.sql."):
                there.conf.set(name, value)
        yield there
        return
    wanted = dict(_SETTINGS)
    if master.startswith("local"):
        wanted |= _LOCAL
    wanted |= {"spark.driver.memory": memory} | dict(settings or {})
    builder = SparkSession.builder.master(master)
    for name, value in wanted.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    try:
        yield session
    finally:
        session.stop()
