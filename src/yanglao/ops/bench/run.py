"""``make bench``: the figures of this machine, each measured in a process of its own.

Protocol: an invented database is built once (not measured) and copied for each repetition; every
figure is the median of the repetitions; memory is the sum of the peaks of the process and of its
largest child. Targets are those of issue 2.
"""

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from yanglao.ops.bench.beside import compare, installed
from yanglao.ops.bench.build import AS_OF
from yanglao.ops.bench.many import SIZES
from yanglao.ops.demo.bench_workbook import bench_workbook

Say = Callable[[str], None]


def run_bench(
    *, people: int = 1_000_000, rows: int = 100_000, repeat: int = 3, pages: bool, out: Say
) -> dict[str, Any]:
    """Measure and say; return all figures.

    Args:
        people: Elders in the register.
        rows: Rows of the workbook that is taken in.
        repeat: Repetitions; the median counts.
        pages: Also ask the pages, with 200,000 elders.
        out: Takes one line at a time.
    """
    figures: dict[str, Any] = {"people": people, "rows": rows, "repeat": repeat}
    with tempfile.TemporaryDirectory(prefix="yanglao-bench-") as name:
        folder = Path(name)
        out(f"准备 {people:,} 位虚构老人（不计时）…")
        built = folder / "built"
        _step(built, "build", str(people))
        seen: dict[str, list[dict[str, Any]]] = {}
        for number in range(repeat):
            home = folder / f"run{number}"
            shutil.copytree(built, home)
            for key, step in (("first", "match"), ("again", "match")):
                seen.setdefault(key, []).append(_step(home, step))
            for key in ("person", "change"):
                seen.setdefault(key, []).append(_step(home, key))
            if number + 1 < repeat:
                shutil.rmtree(home)
        figures |= {key: _middle(runs) for key, runs in seen.items()}
        out(_line("第一次比对", figures["first"], 30, "秒"))
        out(_line("没有变化再比对", figures["again"], 8, "秒"))
        out(_line("打开一个人的档案", figures["person"], 0.1, "秒"))
        out(_line("一个人变化到线索", figures["change"], 2, "秒"))
        figures["intake"] = _intake(folder, rows, repeat, out)
        figures["many"] = _many(folder, out)
        if installed():
            figures["beside"] = compare(folder, people=people, repeat=repeat, as_of=AS_OF, out=out)
        else:
            out("没有装 OpenFisca，不作对比：make bench 会装好它。")
        if pages:
            figures["pages"] = _pages(folder, out)
    return figures


def _many(folder: Path, out: Say) -> list[dict[str, Any]]:
    """Answer by the API's flow for 1,000, 10,000 and 100,000 people: linear or not."""
    found = [_step(folder / "empty", "many", str(size)) for size in SIZES]
    for one in found:
        out(
            f"接口批量判断 {one['people']:>7,} 人：{one['seconds']:.2f} 秒，"
            f"每人 {one['microseconds_a_person']:.0f} 微秒，内存 {one['peak_megabytes']} MB"
        )
    return found


def _intake(folder: Path, rows: int, repeat: int, out: Say) -> dict[str, Any]:
    book = folder / "户籍.xlsx"
    out(f"写出 {rows:,} 行的名单（不计时）…")
    bench_workbook(book, rows=rows)
    empty = folder / "empty"
    _step(empty, "build", "1000")
    runs = []
    for number in range(repeat):
        home = folder / f"intake{number}"
        shutil.copytree(empty, home)
        runs.append(_step(home, "intake", str(book)))
        shutil.rmtree(home)
    figure = _middle(runs)
    out(_line(f"接收 {rows:,} 行", figure, 20, "秒"))
    return figure


def _pages(folder: Path, out: Say) -> dict[str, Any]:
    from yanglao.ops.bench.pages import ELDERS, measure_pages

    home = folder / "pages"
    _step(home, "build", str(ELDERS))
    _step(home, "match")
    return measure_pages(home, out)


def _step(home: Path, name: str, argument: str = "") -> dict[str, Any]:
    """Run one measurement and return what it printed."""
    home.mkdir(parents=True, exist_ok=True)
    environment = os.environ | {"YANGLAO_HOME": str(home), "DATABASE_URL": ""}
    done = subprocess.run(  # noqa: S603  this program itself
        [sys.executable, "-m", "yanglao.ops.bench.step", name, argument],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _middle(runs: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the run in the middle, with all seconds beside."""
    seconds = statistics.median(run["seconds"] for run in runs)
    middle = min(runs, key=lambda run: abs(run["seconds"] - seconds))
    return middle | {"seconds": seconds, "all_seconds": [run["seconds"] for run in runs]}


def _line(what: str, figure: dict[str, Any], target: float, unit: str) -> str:
    met = "达到" if figure["seconds"] < target else "没有达到"
    return (
        f"{what}：{figure['seconds']:.2f} {unit}，内存峰值 {figure['peak_mb']:,} MB"
        f"（目标 {target:g} {unit}，{met}）"
    )
