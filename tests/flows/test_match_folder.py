"""People of a folder into a folder of results: whole counties, the same rows as on the database."""

import json
import os
import shutil
import stat
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest
from django.test import TestCase

from tests.flows import population as p
from tests.flows.folders import FIRST, SECOND, write_two_months, written
from yanglao.domain.entitlements.public import changes, findings, get_run
from yanglao.domain.people.models import Person
from yanglao.flows.export_facts import KEY_FACTOR, FactsExport, export_facts
from yanglao.flows.find_entitled import find_entitled
from yanglao.flows.match_folder import (
    FolderRun,
    NoFacts,
    match_folder,
    open_engine,
    open_folder_pack,
)
from yanglao.foundation.partitions import PART, county_files, day_folder, staging
from yanglao.foundation.scoping import system_reader

READER = system_reader(p.REGION, name="测试")
SOURCE = 653200 * KEY_FACTOR


def run(root: Path, day: date, **options: Any) -> FolderRun:
    with open_engine("duckdb", spill=root / "spill") as engine:
        return match_folder(engine, open_folder_pack("hetian", day), root=root, **options)


def files_of(root: Path, day: date) -> dict[str, tuple[int, int]]:
    """Return inode and time of every file of answers: a file that was not touched keeps both."""
    base = day_folder(root, "results", day)
    return {
        str(path.relative_to(base)): (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in base.rglob("*.parquet")
    }


def test_a_province_is_a_folder_and_a_county_a_file(tmp_path: Path) -> None:
    write_two_months(tmp_path)
    run(tmp_path, FIRST)
    answers = day_folder(tmp_path, "results", FIRST) / "answers"
    assert (answers / "province=65" / "city=6532" / "county=653201" / PART).exists()
    assert set(county_files(answers)) == {"653201", "653226", "000000"}
    assert set(county_files(answers, ["65"])) == {"653201", "653226"}
    names = pq.read_schema(county_files(answers)["653201"]).names
    assert names == [
        "person_id", "item", "status", "tier", "amount_fen", "delivered", "outcome_key",
        "reason", "missing",
    ]  # fmt: skip
    with duckdb.connect(":memory:") as con:
        counted = con.execute(
            f"SELECT province, count(*) FROM read_parquet('{answers}/*/*/*/*.parquet', "
            "hive_partitioning = true) GROUP BY province ORDER BY province"
        ).fetchall()
    assert [str(province) for province, _number in counted] == ["00", "65"]


def test_the_same_again_touches_no_file(tmp_path: Path) -> None:
    write_two_months(tmp_path)
    run(tmp_path, FIRST)
    first = run(tmp_path, SECOND)
    before = files_of(tmp_path, SECOND)
    second = run(tmp_path, SECOND)
    assert files_of(tmp_path, SECOND) == before
    assert second.files == {"replaced": 0, "same": 3, "removed": 0}
    assert first.files["replaced"] == 3
    assert (second.new, second.lost, second.changed) == (first.new, first.lost, first.changed)
    assert not list(tmp_path.glob(".staging-*"))


def test_only_counties_that_differ_are_replaced(tmp_path: Path) -> None:
    write_two_months(tmp_path)
    run(tmp_path, FIRST)
    before = files_of(tmp_path, FIRST)
    facts = county_files(day_folder(tmp_path, "facts", FIRST))
    with duckdb.connect(":memory:") as con:
        con.execute(
            f"CREATE TABLE f AS SELECT * FROM read_parquet('{facts['653226']}', "
            "hive_partitioning = false)"
        )
        con.execute(f"COPY (SELECT * FROM f LIMIT 20) TO '{facts['653226']}' (FORMAT parquet)")
    again = run(tmp_path, FIRST)
    assert again.files == {"replaced": 1, "same": 2, "removed": 0}
    after = files_of(tmp_path, FIRST)
    assert [name for name in after if after[name] != before[name]] == [
        f"answers/province=65/city=6532/county=653226/{PART}"
    ]
    shutil.rmtree(facts["653226"].parent)
    assert run(tmp_path, FIRST).files == {"replaced": 0, "same": 2, "removed": 1}


def test_an_area_leaves_the_others_alone(tmp_path: Path) -> None:
    write_two_months(tmp_path)
    whole = run(tmp_path, FIRST)
    before = written(tmp_path, FIRST, "answers")
    part = run(tmp_path, FIRST, areas=["653201"])
    assert 0 < part.people < whole.people
    assert written(tmp_path, FIRST, "answers") == before
    assert part.files == {"replaced": 0, "same": 1, "removed": 0}
    records = day_folder(tmp_path, "results", FIRST) / "runs"
    assert sorted(path.name for path in records.iterdir()) == ["653201.json", "all.json"]


def test_a_broken_run_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_two_months(tmp_path)
    run(tmp_path, FIRST)
    run(tmp_path, SECOND)
    before = {day: written(tmp_path, day, "answers") for day in (FIRST, SECOND)}
    moved: list[str] = []
    real = os.replace

    def broken(source: Any, target: Any) -> None:
        if moved:
            raise OSError("no space left on device")
        moved.append(str(target))
        real(source, target)

    shutil.rmtree(day_folder(tmp_path, "results", SECOND))
    monkeypatch.setattr(os, "replace", broken)
    with pytest.raises(OSError, match="no space left"):
        run(tmp_path, SECOND)
    monkeypatch.setattr(os, "replace", real)
    left = written(tmp_path, SECOND, "answers")
    assert len(left) == 1, "whole counties only"
    assert left.items() <= before[SECOND].items()
    assert not list(tmp_path.glob(".staging-*"))
    assert not (day_folder(tmp_path, "results", SECOND) / "runs").exists()
    run(tmp_path, SECOND)
    assert written(tmp_path, SECOND, "answers") == before[SECOND]


def test_no_is_written_when_asked_and_is_no_difference(tmp_path: Path) -> None:
    write_two_months(tmp_path)
    plain = [run(tmp_path, day) for day in (FIRST, SECOND)]
    differences = written(tmp_path, SECOND, "differences")
    every = [run(tmp_path, day, with_no=True) for day in (FIRST, SECOND)]
    for some, whole in zip(plain, every, strict=True):
        assert all(sum(counts.values()) == whole.people for counts in whole.items.values())
        assert (whole.yes, whole.possible) == (some.yes, some.possible)
    assert written(tmp_path, SECOND, "differences") == differences
    told = [row for rows in written(tmp_path, SECOND, "answers").values() for row in rows]
    noes = [row for row in told if row[2] == "no"]
    assert noes
    assert all(row[7].startswith("不符合：") for row in noes)


def test_another_list_is_told_as_the_cause(tmp_path: Path) -> None:
    write_two_months(tmp_path)
    run(tmp_path, FIRST)
    record = day_folder(tmp_path, "results", FIRST) / "runs" / "all.json"
    told = json.loads(record.read_text(encoding="utf-8"))
    record.write_text(json.dumps(told | {"pack_hash": "another"}), encoding="utf-8")
    run(tmp_path, SECOND)
    causes = [row[7] for rows in written(tmp_path, SECOND, "differences").values() for row in rows]
    assert any("政策清单更新：和田地区基本养老服务清单" in cause for cause in causes)
    shutil.rmtree(day_folder(tmp_path, "facts", FIRST))
    run(tmp_path, SECOND)
    rows = [row for some in written(tmp_path, SECOND, "differences").values() for row in some]
    assert {row[7] for row in rows} == {"政策清单更新：和田地区基本养老服务清单（2024-01-01 起）"}


def test_facts_that_lack_a_column_are_refused(tmp_path: Path) -> None:
    """A missing column would turn everybody into "unknown" without a word."""
    with pytest.raises(NoFacts, match="facts export"):
        run(tmp_path, FIRST)
    write_two_months(tmp_path)
    path = county_files(day_folder(tmp_path, "facts", FIRST))["653226"]
    pq.write_table(pq.ParquetFile(path).read().drop_columns(["living"]), path)
    with pytest.raises(NoFacts, match=r"653226.*living"):
        run(tmp_path, FIRST)


def test_another_engine_or_pack_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="duckdb 或 spark"), open_engine("flink", spill=tmp_path):
        pass
    with pytest.raises(LookupError, match="没有政策包"):
        open_folder_pack("atlantis", FIRST)
    with pytest.raises(LookupError, match="还没有生效"):
        open_folder_pack("hetian", date(2020, 1, 1))


def test_only_the_program_reads_what_it_stages(tmp_path: Path) -> None:
    root = tmp_path / "nation"
    with staging(root) as draft:
        assert stat.S_IMODE(root.stat().st_mode) == 0o700
        assert stat.S_IMODE(draft.stat().st_mode) == 0o700
    assert not draft.exists()


# From the database


@pytest.fixture
def _people(db: None) -> list[Person]:
    p.publish()
    p.cover()
    return [
        p.elder(1, date(1944, 3, 5), survey={"living": "alone"}, assistance={}),
        p.elder(2, date(1946, 11, 20), survey={}, disability={}, place=p.NEIGHBOUR),
        p.elder(3, date(1958, 3, 5), health={}, pension={}, place=p.FAR),
        p.elder(4, date(1980, 1, 1)),
    ]


def change(people: list[Person]) -> None:
    """A month passes: an assessment, a death, a newcomer."""
    p.state(people[0], "assessment", ability_level=4, assessed_on=date(2026, 11, 20))
    p.state(people[2], "deaths", died_on=date(2026, 11, 3))
    p.elder(5, date(1940, 6, 1), survey={})


def export(root: Path, day: date, region: str = p.REGION) -> FactsExport:
    return export_facts(region=region, as_of=day, acting=READER, to=root)


def test_facts_leave_without_names_or_numbers(_people: list[Person], tmp_path: Path) -> None:
    root = tmp_path / "nation"
    done = export(root, FIRST)
    assert (done.people, done.files.replaced) == (4, 2)
    files = county_files(day_folder(root, "facts", FIRST))
    assert set(files) == {"653201", "653222"}
    names = set(pq.read_schema(files["653222"]).names)
    assert not names & {"id_number", "name", "phone", "address", "id_tail", "sealed"}
    for path in files.values():
        content = pq.ParquetFile(path).read().to_pylist()
        said = repr(content)
        assert not any(one.id_number in said or one.name in said for one in _people)
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert export(root, FIRST).files == type(done.files)(replaced=0, same=2, removed=0)


def test_only_ones_own_area_leaves(_people: list[Person], tmp_path: Path) -> None:
    outside = system_reader("650100000000", name="测试")
    with pytest.raises(PermissionError):
        export_facts(region=p.REGION, as_of=FIRST, acting=outside, to=tmp_path / "nation")
    with pytest.raises(ValueError, match="6532"):
        export(tmp_path / "nation", FIRST, region=p.VILLAGE)
    export(tmp_path / "nation", FIRST)
    assert export(tmp_path / "nation", FIRST, region="653222000000").people == 3
    assert set(county_files(day_folder(tmp_path / "nation", "facts", FIRST))) == {
        "653201",
        "653222",
    }


def test_the_folder_says_what_the_database_says(_people: list[Person], tmp_path: Path) -> None:
    """The same answers, and the same differences with the same causes."""
    root = tmp_path / "nation"
    for day in (FIRST, SECOND):
        with TestCase.captureOnCommitCallbacks(execute=True):
            summary = find_entitled(region=p.REGION, as_of=day, acting=READER)
        export(root, day)
        found = run(root, day)
        assert (found.people, found.yes, found.possible) == (
            summary.people,
            summary.yes,
            summary.possible,
        )
        stored = {
            (row.person_id + SOURCE, row.item.code, row.outcome.key, row.outcome.reason)
            for row in findings(READER).select_related("item", "outcome")
        }
        rows = [row for some in written(root, day, "answers").values() for row in some]
        assert {(row[0], row[1], row[6], row[7]) for row in rows} == stored
        if day == FIRST:
            change(_people)
    told = {
        (row.person_id + SOURCE, row.item.code, row.kind, row.cause)
        for row in changes(READER, get_run(READER, summary.run_id))
    }
    rows = [row for some in written(root, SECOND, "differences").values() for row in some]
    assert {(row[0], row[1], row[2], row[7]) for row in rows} == told
    assert {kind for _person, _item, kind, _cause in told} == {"new", "lost", "changed"}
