"""How long it takes to link rows without a good number, and how right it is."""

import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import duckdb

from yanglao.flows.take_in_list.types import LinkLine
from yanglao.ops.bench.linked_list import Truth, read_truth, write_linked_list

#: The part of rows that have no valid number, by the name of the list.
LISTS = {"some": 0.2, "all": 1.0}
_SEED = 2026


def build_register(people: int, rows: int, folder: Path) -> dict[str, Any]:
    """Fill an empty database with named elders and write lists about them into a folder."""
    from yanglao.ops.bench.build import build

    def lists(con: duckdb.DuckDBPyConnection, phones: dict[int, str]) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for name, without in LISTS.items():
            path = folder / f"{name}.xlsx"
            write_linked_list(con, phones, path, rows=rows, without=without, seed=_SEED)

    return {"rows": build(people, _SEED, lists=lists)}


def measure_linking(path: Path) -> dict[str, Any]:
    """Take a list in by the front door; return the seconds, and how right its links are."""
    from yanglao.flows.take_in_list import take_in
    from yanglao.foundation.scoping import system_reader
    from yanglao.ops.bench.build import REGION

    data = path.read_bytes()
    started = time.perf_counter()
    taken = take_in(
        [(path.name, data)],
        acting=system_reader(REGION),
        division=REGION,
        month=None,
        full=False,
        kind="survey",
        links=True,
    )
    seconds = time.perf_counter() - started
    (one,) = taken.lists
    return {
        "seconds": seconds,
        "received": one.received,
        "returned": one.returned,
        "refusal": one.refusal,
    } | judge_links(one.links, read_truth(path))


def judge_links(lines: Iterable[LinkLine], truth: dict[int, Truth]) -> dict[str, Any]:
    """Return precision of automatic links and recall with the desk, of rows without a number.

    Args:
        lines: ``links`` of the list.
        truth: Who is meant, by Excel row.
    """
    linked = right = shown = known = desk = 0
    for line in lines:
        meant = truth[line.row_no]
        if meant.good:
            continue
        known += meant.number != ""
        linked += line.outcome == "linked"
        right += line.outcome == "linked" and line.id_number == meant.number
        desk += line.outcome == "desk"
        shown += line.outcome == "desk" and meant.number in line.candidates
    return {
        "without": sum(not one.good for one in truth.values()),
        "linked": linked,
        "desk": desk,
        "wrong": linked - right,
        "precision": right / linked if linked else 1.0,
        "recall": (right + shown) / known if known else 1.0,
        "by_itself": right / known if known else 1.0,
    }
