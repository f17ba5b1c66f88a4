"""What a nation costs: people of a folder into a folder of results, on both engines.

Two months of invented people lie in folders of provinces and counties as ``facts export`` writes
them. The second month, in which some facts of a twentieth of the people have changed, is compared
with the first. Each run is a process of its own; its time on the processors counts its Java too.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from yanglao.foundation.partitions import PART, county_folder, day_folder, level_columns
from yanglao.kernel.no_spill import in_memory
from yanglao.ops.demo.fact_table import generate_facts

FIRST, SECOND = date(2026, 11, 1), date(2026, 12, 1)
PACK = "hetian"
#: The invented elders live in one prefecture; so many times the same ones make a nation.
_COPY = 1_000_000

Say = Callable[[str], None]


def measure_nation(
    *, people: int, repeat: int = 1, engines: tuple[str, ...] = ("duckdb", "spark"), out: Say
) -> dict[str, Any]:
    """Measure both engines on so many people; return and say the figures.

    Args:
        people: How many; in provinces of a million each.
        repeat: Runs of each month and engine; the fastest counts, since others use the machine.
        engines: Which.
        out: Takes one line at a time.
    """
    figures: dict[str, Any] = {"people": people}
    with tempfile.TemporaryDirectory(prefix="yanglao-nation-") as name:
        root = Path(name)
        out(f"写出 {people:,} 位虚构老人两个月的情况（不计时）…")
        write_people(root, people)
        figures["facts_mb"] = _megabytes(root / "facts") / 2
        for engine in engines:
            months = []
            for day in (FIRST, SECOND):
                runs = [_run(engine, root, day) for _ in range(repeat)]
                months.append(min(runs, key=lambda run: run["processor"]))
                out(_line(engine, day, months[-1]))
            figures[engine] = months
        figures["results_mb"] = _megabytes(day_folder(root, "results", FIRST))
    return figures


def write_people(root: Path, people: int) -> None:
    """Write the facts of both months: provinces of a million, each with counties of its own."""
    with duckdb.connect(":memory:", config=in_memory()) as con:
        con.register("invented", generate_facts(min(people, _COPY), 2026, FIRST))
        con.execute("CREATE TABLE facts AS SELECT * FROM invented")
        for number in range(-(-people // _COPY)):
            some = min(people - number * _COPY, _COPY)
            for day in (FIRST, SECOND):
                _write_province(con, root, day, number, some)


def _write_province(
    con: duckdb.DuckDBPyConnection, root: Path, day: date, number: int, people: int
) -> None:
    """Write one province: the same million under other numbers, in a folder of its own."""
    base = day_folder(root, "facts", day)
    county = level_columns("place_code")["county"]
    replace = (
        "REPLACE (CASE WHEN person_id % 20 = 0 THEN 1 + person_id % 4 ELSE ability_level END "
        "AS ability_level, CASE WHEN person_id % 40 = 0 THEN 'alone' ELSE living END AS living)"
        if day == SECOND
        else ""
    )
    counties = con.execute(f"SELECT DISTINCT {county} FROM facts ORDER BY 1").fetchall()
    for (code,) in counties:
        # 65 is the first; the others get the numbers after it. Rules look at facts, not folders.
        folder = base / county_folder(f"{65 + number}{code[2:]}")
        folder.mkdir(parents=True)
        con.execute(
            f"COPY (SELECT person_id + {number * _COPY} AS person_id, * EXCLUDE (person_id) "
            f"FROM (SELECT * {replace} FROM facts WHERE {county} = '{code}' "
            f"AND person_id <= (SELECT min(person_id) FROM facts) + {people - 1} "
            f"ORDER BY person_id)) TO '{folder / PART}' (FORMAT parquet, COMPRESSION zstd)"
        )


def step(argument: str) -> dict[str, Any]:
    """Match one month of a folder; ``ENGINE:DAY:FOLDER``. Runs in a process of its own."""
    from yanglao.flows.match_folder import match_folder, open_engine, open_folder_pack

    engine, day, folder = argument.split(":", 2)
    root = Path(folder)
    began = time.perf_counter()
    compiled = open_folder_pack(PACK, date.fromisoformat(day))
    with open_engine(engine, spill=root / "spill") as opened:
        ready = time.perf_counter()
        run = match_folder(opened, compiled, root=root)
        java = _java_seconds()
    return {
        "start": ready - began,
        "people": run.people,
        "answers": run.yes + run.possible,
        "differences": run.new + run.lost + run.changed,
        "steps": dict(run.seconds),
        "processor": sum(os.times()[:2]) + java[0],
        "java_mb": java[1],
    }


def _java_seconds() -> tuple[float, int]:
    """Return the time on processors and the peak memory (MB) of the Java below this process."""
    tick = os.sysconf("SC_CLK_TCK")
    seconds, peak = 0.0, 0
    for path in Path("/proc").glob("[0-9]*"):
        try:
            name, parent, used = _process(path)
            if name == "java" and parent == os.getpid():
                seconds += used / tick
                status = (path / "status").read_text()
                peak += int(status.split("VmHWM:")[1].split()[0]) // 1024
        except (OSError, IndexError, ValueError):
            continue  # it has ended meanwhile, or is not ours to read
    return seconds, peak


def _process(path: Path) -> tuple[str, int, int]:
    """Return name, parent and clock ticks of a process."""
    head, _mark, rest = (path / "stat").read_text().rpartition(") ")
    fields = rest.split()
    return head.split("(", 1)[1], int(fields[1]), int(fields[11]) + int(fields[12])


def _run(engine: str, root: Path, day: date) -> dict[str, Any]:
    """Run one month from an empty folder of results of that month."""
    shutil.rmtree(day_folder(root, "results", day), ignore_errors=True)
    done = subprocess.run(  # noqa: S603  this program itself
        [sys.executable, "-m", "yanglao.ops.bench.step", "nation", f"{engine}:{day}:{root}"],
        stdout=subprocess.PIPE,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _megabytes(folder: Path) -> int:
    """Return the size of the files of a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*.parquet")) // 1_000_000


def _line(engine: str, day: date, figure: dict[str, Any]) -> str:
    millions = figure["people"] / 1_000_000
    steps = "，".join(f"{name} {seconds:.1f}" for name, seconds in figure["steps"].items())
    return (
        f"{engine} {day}：{figure['people']:,} 人，{figure['answers']:,} 条结果，"
        f"{figure['differences']:,} 条不同；用时 {figure['seconds']:.1f} 秒（{steps}），"
        f"处理器 {figure['processor']:.1f} 秒，每百万人 {figure['processor'] / millions:.1f} 秒，"
        f"内存峰值 {max(figure['peak_mb'], figure['java_mb']):,} MB"
    )
