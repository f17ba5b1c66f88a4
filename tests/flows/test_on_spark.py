"""Runs on Spark leave what runs on DuckDB leave: in folders row for row, in the database too."""

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import TestCase

from tests.flows import population as p
from tests.flows.folders import FIRST, SECOND, write_two_months, written
from tests.flows.test_match_folder import change
from yanglao.domain.entitlements.models import Change, Run, RunItem, Tally
from yanglao.domain.entitlements.public import findings
from yanglao.domain.leads.models import Lead
from yanglao.engines.policy.spark_session import spark_session, why_no_spark
from yanglao.flows.find_entitled import find_entitled
from yanglao.flows.match_folder import match_folder, open_engine, open_folder_pack
from yanglao.foundation.scoping import system_reader

READER = system_reader(p.REGION, name="测试")

# Sending rows to a Spark that seals its files goes through a socket which pyspark leaves to the
# collector (pyspark/core/context.py, _serialize_to_jvm); there is no handle on it here.
pytestmark = pytest.mark.filterwarnings(
    r"ignore:Exception ignored in. <socket\.socket:pytest.PytestUnraisableExceptionWarning",
    r"ignore:unclosed <socket\.socket:ResourceWarning",
)


@pytest.fixture(scope="module")
def _spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One Spark for all; runs use the session that is open."""
    why = why_no_spark()
    if why:
        pytest.skip(f"Spark is NOT tested: {why}")
    settings = {
        "spark.local.dir": str(tmp_path_factory.mktemp("spill")),
        "spark.sql.shuffle.partitions": "2",
        # Small tests end before the better compiler would pay.
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    }
    with spark_session(master="local[2]", memory="1g", settings=settings):
        yield


def test_folders_come_out_the_same(_spark: None, tmp_path: Path) -> None:
    """Answers and differences of two months, with every no; twice the same touches nothing."""
    one, other = tmp_path / "duckdb", tmp_path / "spark"
    write_two_months(one)
    shutil.copytree(one, other)
    runs = {}
    for name, root in (("duckdb", one), ("spark", other)):
        for day, with_no in ((FIRST, False), (SECOND, True)):
            with open_engine(name, spill=tmp_path) as engine:
                compiled = open_folder_pack("hetian", day)
                runs[name, day] = match_folder(engine, compiled, root=root, with_no=with_no)
    for day in (FIRST, SECOND):
        for kind in ("answers", "differences"):
            assert written(other, day, kind) == written(one, day, kind), (day, kind)
        ours, theirs = runs["duckdb", day], runs["spark", day]
        assert theirs.items == ours.items
        assert (theirs.new, theirs.lost, theirs.changed) == (ours.new, ours.lost, ours.changed)
    assert min(ours.new, ours.lost, ours.changed) > 0
    with open_engine("spark", spill=tmp_path) as engine:
        compiled = open_folder_pack("hetian", FIRST)
        again = match_folder(engine, compiled, root=other, areas=["6532"])
    assert again.files == {"replaced": 0, "same": 2, "removed": 0}


def test_spark_writes_to_disk_sealed(_spark: None) -> None:
    """Facts that Spark lays aside are not readable in its folder."""
    from pyspark import StorageLevel
    from pyspark.sql import SparkSession

    session = SparkSession.getActiveSession()
    assert session is not None
    told = [f"虚构的老人-{number}" for number in range(2_000)]
    kept = session.sparkContext.parallelize(told, 2).persist(StorageLevel.DISK_ONLY)
    assert kept.count() == len(told)
    folder = Path(str(session.sparkContext.getConf().get("spark.local.dir")))
    files = [path for path in folder.rglob("*") if path.is_file() and path.stat().st_size]
    assert files
    assert not any("虚构的老人".encode() in path.read_bytes() for path in files)
    kept.unpersist()


def everything() -> dict[str, Any]:
    """Return what a run wrote, by what it means and not by its ids."""
    keys = ("person_id", "item__code", "outcome__key", "outcome__reason", "place_code")
    run = Run.objects.order_by("pk").last()
    assert run is not None
    return {
        "findings": sorted(findings(READER).order_by("pk").values_list(*keys)),
        "items": sorted(
            RunItem.objects.filter(run=run).values_list(
                "item__code", "yes", "possible", "delivered", "new", "lost", "changed"
            )
        ),
        "changes": sorted(
            Change.objects.filter(run=run).values_list(
                "person_id", "item__code", "kind", "cause", "place_code"
            )
        ),
        "tallies": sorted(
            Tally.objects.filter(run=run).values_list(
                "place_code", "item__code", "status", "delivered", "people"
            )
        ),
        "leads": sorted(Lead.objects.values_list("person_id", "item__code", "state", "kind")),
    }


def test_the_database_comes_out_the_same(_spark: None, db: None) -> None:
    """Findings, counts, changes with causes, leads: of a first run and of the next."""
    p.publish()
    p.cover()
    people = [
        p.elder(1, date(1944, 3, 5), survey={"living": "alone"}, assistance={}),
        p.elder(2, date(1946, 11, 20), survey={}, disability={}, place=p.NEIGHBOUR),
        p.elder(3, date(1958, 3, 5), health={}, pension={}, place=p.FAR),
        p.elder(4, date(1980, 1, 1)),
    ]

    def both_months(engine: str) -> list[dict[str, Any]]:
        seen = []
        with transaction.atomic():
            for day in (FIRST, SECOND):
                with TestCase.captureOnCommitCallbacks(execute=True):
                    find_entitled(region=p.REGION, as_of=day, acting=READER, engine=engine)
                seen.append(everything())
                if day == FIRST:
                    change(people)
            transaction.set_rollback(True)
        return seen

    ours = both_months("duckdb")
    theirs = both_months("spark")
    # The newcomer of the second month is another row each time.
    for months in (ours, theirs):
        newest = max(row[0] for row in months[1]["findings"])
        for name in ("findings", "changes", "leads"):
            months[1][name] = sorted(
                (0 if row[0] == newest else row[0], *row[1:]) for row in months[1][name]
            )
    assert theirs == ours
    assert all(ours[1][name] for name in ours[1])
