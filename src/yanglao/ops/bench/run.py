"""``make bench``: the figures of this machine, each measured in a process of its own.

Protocol: an invented database is built once (not measured) and copied for each repetition; every
figure is the median of the repetitions; memory is the sum of the peaks of the process and of its
largest child. Targets are those of issues 2 to 4.

What protection costs is the same step once more in a process that has none (:mod:`.bare`).
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
from yanglao.ops.bench.linking import LISTS
from yanglao.ops.bench.many import SIZES
from yanglao.ops.bench.payments import PAYMENTS_AIM
from yanglao.ops.bench.whatif import WHATIF_AIM
from yanglao.ops.demo.bench_workbook import bench_workbook

Say = Callable[[str], None]
#: Aims of issue 3: seconds for linking, how right it is, what protection may cost.
LINKING_AIM, PRECISION_AIM, RECALL_AIM, COST_AIM = 60, 0.999, 0.98, 0.30


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
        built, lists = folder / "built", folder / "lists"
        _step(built, "register", f"{people}:{rows}:{lists}")
        seen: dict[str, list[dict[str, Any]]] = {}
        for number in range(repeat):
            home = folder / f"run{number}"
            shutil.copytree(built, home)
            for key, step in (("first", "match"), ("again", "match")):
                seen.setdefault(key, []).append(_step(home, step))
            for key in ("person", "change"):
                seen.setdefault(key, []).append(_step(home, key))
            seen.setdefault("whatif", []).append(_step(home, "whatif"))
            shutil.rmtree(home)
            seen.setdefault("bare", []).append(_on_copy(built, "bare", "match:"))
        figures |= {key: _middle(runs) for key, runs in seen.items()}
        out(_line("第一次比对", figures["first"], 30, "秒"))
        out(_line("没有变化再比对", figures["again"], 8, "秒"))
        out(_line("打开一个人的档案", figures["person"], 0.1, "秒"))
        out(_line("一个人变化到线索", figures["change"], 2, "秒"))
        out(_line("目录修订测算的第一次回答", figures["whatif"], WHATIF_AIM, "秒"))
        figures["cost_of_match"] = _cost("第一次比对", figures["first"], figures["bare"], out)
        figures["linking"] = _linking(built, lists, rows, people, repeat, out)
        shutil.rmtree(built)
        figures["intake"] = _intake(folder, rows, repeat, out)
        figures["many"] = _many(folder, out)
        figures["payments"] = _payments(folder, people, out)
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
    runs, bare = [], []
    for _ in range(repeat):
        runs.append(_on_copy(empty, "intake", str(book)))
        bare.append(_on_copy(empty, "bare", f"intake:{book}"))
    figure = _middle(runs)
    out(_line(f"接收 {rows:,} 行", figure, 20, "秒"))
    return figure | {"cost": _cost(f"接收 {rows:,} 行", figure, _middle(bare), out)}


def _payments(folder: Path, people: int, out: Say) -> dict[str, Any]:
    """Pay two months of so many recipients, and hold every line against a slow reckoning."""
    home = folder / "payments"
    figure = _step(home, "payments", str(people))
    out(_line(f"{people:,} 人的发放月", figure, PAYMENTS_AIM, "秒"))
    held = _step(home, "payments_oracle")
    shutil.rmtree(home)
    out(
        f"  {figure['payments']:,} 笔，{figure['fen'] / 100:,.2f} 元；"
        f"和另一套慢速计算逐行相比，不同的有 {held['differences']:,} 处"
        f"（目标 0，{_met(held['equal'])}）"
    )
    return figure | {"reckoned": held}


def _linking(
    built: Path, lists: Path, rows: int, people: int, repeat: int, out: Say
) -> dict[str, Any]:
    """Take in lists of which many rows have no good number; say how right the links are."""
    found = {}
    for name, without in LISTS.items():
        path = str(lists / f"{name}.xlsx")
        figure = _middle([_on_copy(built, "link", path) for _ in range(repeat)])
        found[name] = figure
        what = f"接收并对应 {rows:,} 行（{without:.0%} 没有可靠号码，{people:,} 位老人）"
        out(_line(what, figure, LINKING_AIM, "秒"))
        out(
            f"  自动对应 {figure['linked']:,} 行，准确率 {figure['precision']:.3%}"
            f"（目标 99.9%，{_met(figure['precision'] >= PRECISION_AIM)}）；"
            f"连同待人工确认的 {figure['desk']:,} 行，找到应找到的 {figure['recall']:.2%}"
            f"（目标 98%，{_met(figure['recall'] >= RECALL_AIM)}）"
        )
    return found


def _cost(what: str, kept: dict[str, Any], bare: dict[str, Any], out: Say) -> dict[str, float]:
    """Say what encryption, scoping and the record of acts add to a step."""
    share = kept["seconds"] / bare["seconds"] - 1
    processor = kept["processor"] / bare["processor"] - 1
    out(
        f"保护（加密、辖区、留痕）的代价：{what} {kept['seconds']:.2f} 秒，去掉保护 "
        f"{bare['seconds']:.2f} 秒，多 {share:.0%}，处理器多 {processor:.0%}"
        f"（目标不超过 30%，{_met(share < COST_AIM)}）"
    )
    return {"without": bare["seconds"], "share": share, "processor_share": processor}


def _on_copy(built: Path, name: str, argument: str = "") -> dict[str, Any]:
    """Run one measurement on a copy of an installation; the copy goes away."""
    home = built.with_name(f"{built.name}-copy")
    shutil.copytree(built, home)
    try:
        return _step(home, name, argument)
    finally:
        shutil.rmtree(home)


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
    return (
        f"{what}：{figure['seconds']:.2f} {unit}，内存峰值 {figure['peak_mb']:,} MB"
        f"（目标 {target:g} {unit}，{_met(figure['seconds'] < target)}）"
    )


def _met(reached: bool) -> str:
    return "达到" if reached else "没有达到"
