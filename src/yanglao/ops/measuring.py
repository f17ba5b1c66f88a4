"""``yanglao bench``: figures of this machine, printed and kept."""

import json
from pathlib import Path

from yanglao.ops.bench.run import run_bench
from yanglao.ops.says import say


def measure(*, people: int, rows: int, repeat: int, pages: bool, json_to: str | None) -> None:
    """Run the benchmark and print one line per figure."""
    figures = run_bench(people=people, rows=rows, repeat=repeat, pages=pages, out=say)
    if json_to:
        Path(json_to).write_text(
            json.dumps(figures, ensure_ascii=False, indent=2), encoding="utf-8"
        )
        say(f"数字写在 {json_to}")
