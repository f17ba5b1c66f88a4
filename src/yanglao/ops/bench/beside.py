"""Our rules beside OpenFisca-core: the same people, the same list, arrays in, rows on disk out.

OpenFisca is AGPL: it lies in ``.bench`` and is run by ``tools/bench_openfisca.py`` in a process of
its own. It gets people already encoded as numbers. Ours starts from the relation ``facts`` as it
stands in a file, and ends as the program stores it: one row a person that names whose answers are
his too, and every one of these answers with tier, fen, reason and what is missing.
"""

import json
import statistics
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from yanglao.kernel.no_spill import in_memory

ROOT = Path(__file__).resolve().parents[4]
SCRIPT = ROOT / "tools" / "bench_openfisca.py"
BENCH = ROOT / ".bench"
ENCODED = "encoded.parquet"

_CODES = {
    "pension_kind": ("employee", "resident"),
    "pension_status": ("normal", "suspended", "terminated", "unclaimed"),
    "assistance": ("tekun", "dibao", "dibao_margin", "expense"),
    "support_mode": ("dispersed", "central"),
    "tekun_care": ("self", "half", "full"),
    "living": ("alone", "empty_nest", "left_behind", "with_children", "institution"),
    "supporter": ("yes", "none", "unable"),
}
_FLAGS = ("alive", "needs_long_term_care", "ltci_insured", "special_contribution", "in_relief")
_LEVELS = ("disability_category", "disability_grade", "ltci_level", "ability_level")


def installed() -> bool:
    """Say whether OpenFisca was set up (``make bench`` does)."""
    return SCRIPT.exists() and (BENCH / "openfisca_core").is_dir()


def compare(
    folder: Path, *, people: int, repeat: int, as_of: date, out: Callable[[str], None]
) -> dict[str, Any]:
    """Measure both, one after the other, each in a process of its own; return all figures.

    Args:
        folder: For the files.
        people: How many.
        repeat: Repetitions; the median of the seconds counts.
        as_of: The day.
        out: Takes one line at a time.
    """
    facts, encoded = folder / "facts.parquet", folder / ENCODED
    # In a process of its own: a child's peak of memory begins with that of its parent.
    _run(["-m", "yanglao.ops.bench.step", "people", f"{people}:{facts}"])
    ours, theirs = [], []
    for number in range(repeat):
        ours.append(_run(["-m", "yanglao.ops.bench.step", "rules", str(facts)]))
        done = folder / f"openfisca{number}.parquet"
        theirs.append(_run([str(SCRIPT), str(encoded), str(done), as_of.isoformat()]))
    told = {"ours": _middle(ours), "openfisca": _middle(theirs)}
    ratio = told["openfisca"]["seconds"] / told["ours"]["seconds"]
    out(_line("规则（本平台，含原因、未知、分）", told["ours"]))
    out(_line("规则（OpenFisca-core 46，数组）", told["openfisca"]))
    out(f"OpenFisca 用时是本平台的 {ratio:.2f} 倍（大于 1 即本平台更快）。")
    apart = {
        item: (told["ours"]["yes"].get(item, 0), count)
        for item, count in told["openfisca"]["yes"].items()
        if told["ours"]["yes"].get(item, 0) != count
    }
    for item, (own, other) in sorted(apart.items()):
        out(f"  项目 {item}：本平台“符合” {own:,} 人，OpenFisca {other:,} 人（它没有“未知”）")
    return told | {"ratio": ratio, "apart": apart}


def write_people(facts: Path, people: int, as_of: date) -> dict[str, Any]:
    """Write the invented people twice: as our facts, and as numbers for OpenFisca beside it."""
    from yanglao.ops.demo.fact_table import generate_facts

    encoded = facts.with_name(ENCODED)
    with duckdb.connect(":memory:", config=in_memory()) as con:
        con.register("invented", generate_facts(people, 2026, as_of))
        con.execute(f"COPY (SELECT * FROM invented) TO '{facts}' (FORMAT parquet)")
        con.execute(f"COPY (SELECT {_encoded()} FROM invented) TO '{encoded}' (FORMAT parquet)")
    return {"people": people}


def _encoded() -> str:
    """Return the columns that OpenFisca gets; what is not known becomes none or false."""
    parts = [
        "person_id",
        "CAST(year(birth_date) AS INTEGER) AS born_year",
        "CAST(month(birth_date) * 100 + day(birth_date) AS INTEGER) AS born_monthday",
        "coalesce(starts_with(hukou_code, '6532'), FALSE) AS hukou_here",
        "coalesce(starts_with(hukou_code, '65'), FALSE) AS hukou_province",
        "coalesce(starts_with(residence_code, '6532'), FALSE) AS residence_here",
        "coalesce(ability_level >= 0, FALSE) AS ability_known",
        "CAST(coalesce(year(health_checked_on), 0) AS INTEGER) AS checked_year",
        "CAST(coalesce(year(ltci_assessed_on) * 12 + month(ltci_assessed_on), 0) AS INTEGER) "
        "AS ltci_assessed_month",
        "CAST(coalesce(day(ltci_assessed_on), 0) AS INTEGER) AS ltci_assessed_day",
    ]
    for name, values in _CODES.items():
        known = " ".join(f"WHEN '{value}' THEN {n}" for n, value in enumerate(values, start=1))
        parts.append(f"CAST(CASE {name} {known} ELSE 0 END AS INTEGER) AS {name}")
    parts += [f"CAST(coalesce({name}, -1) AS INTEGER) AS {name}" for name in _LEVELS]
    parts += [f"coalesce({name}, FALSE) AS {name}" for name in _FLAGS]
    return ", ".join(parts)


def measure_rules(facts: Path, as_of: date) -> dict[str, Any]:
    """Answer for everybody from a file of facts and write every answer to a file; the figures."""
    import time

    from yanglao.engines.policy.compile import compile_pack
    from yanglao.engines.policy.pack import load_pack
    from yanglao.flows.ask_alike_once import ask_alike_once

    began = time.perf_counter()
    compiled = compile_pack(load_pack("hetian", ROOT / "policies"), as_of)
    built = time.perf_counter()
    with duckdb.connect(":memory:", config=in_memory()) as con:
        con.execute(f"CREATE VIEW facts AS SELECT * FROM read_parquet('{facts}')")
        read = time.perf_counter()
        found = ask_alike_once(con, compiled)
        computed = time.perf_counter()
        columns = [
            [one.key for one in found],
            [one.tier for one in found],
            [one.amount_fen for one in found],
            [one.delivered for one in found],
            [one.reason for one in found],
            [";".join(one.missing) for one in found],
        ]
        kinds = ("VARCHAR", "VARCHAR", "BIGINT", "BOOLEAN", "VARCHAR", "VARCHAR")
        names = ("outcome_key", "tier", "amount_fen", "delivered", "reason", "missing")
        unnested = ", ".join(
            f"unnest(?::{kind}[]) AS {name}" for kind, name in zip(kinds, names, strict=True)
        )
        con.execute(f"CREATE TABLE meaning AS SELECT {unnested}", columns)
        for name, query in (
            ("people", "SELECT person_id, stands_for FROM alike"),
            ("answers", "SELECT * FROM result JOIN meaning USING (outcome_key)"),
        ):
            con.execute(f"COPY ({query}) TO '{facts.with_name(name)}.parquet' (FORMAT parquet)")
        written = time.perf_counter()
        yes = con.execute(
            "SELECT item, count(*) FROM alike JOIN result ON result.person_id = stands_for "
            "WHERE status = 1 GROUP BY item"
        )
        counted = dict(yes.fetchall())
    return {
        "seconds": written - began,
        "build": built - began,
        "read": read - built,
        "compute": computed - read,
        "write": written - computed,
        "yes": counted,
    }


def _run(words: list[str]) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603  this program and its own tool
        [sys.executable, *words], stdout=subprocess.PIPE, check=True, cwd=ROOT
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _middle(runs: list[dict[str, Any]]) -> dict[str, Any]:
    seconds = statistics.median(run["seconds"] for run in runs)
    middle = min(runs, key=lambda run: abs(run["seconds"] - seconds))
    return middle | {"seconds": seconds, "all_seconds": [run["seconds"] for run in runs]}


def _line(what: str, figure: dict[str, Any]) -> str:
    steps = "，".join(
        f"{name} {figure[name]:.2f}" for name in ("read", "build", "compute", "write")
    )
    return f"{what}：{figure['seconds']:.2f} 秒（{steps}），内存峰值 {figure['peak_mb']:,} MB"
