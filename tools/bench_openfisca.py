"""The same list in OpenFisca-core, on the same people, to be measured beside ours.

Run by ``yanglao bench`` in a process of its own; OpenFisca (AGPL-3.0) lies in ``.bench`` and is
imported here only. People come in already encoded as numbers, which is in its favour. It has no
"unknown": what is not known goes in as none or false. Prints one line of JSON.

    python tools/bench_openfisca.py PEOPLE.parquet RESULTS.parquet YYYY-MM-DD
"""

import json
import resource
import sys
import time
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / ".bench"))

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from openfisca_core.entities import build_entity
from openfisca_core.periods import MONTH
from openfisca_core.simulations import SimulationBuilder
from openfisca_core.taxbenefitsystems import TaxBenefitSystem
from openfisca_core.variables import Variable

TEKUN, DIBAO = 1, 2
DISPERSED, CENTRAL = 1, 2
FULL_CARE = 3
EMPLOYEE, RESIDENT = 1, 2
NORMAL, TERMINATED = 1, 3
ALONE, INSTITUTION = 1, 5
NO_SUPPORT = (2, 3)
ALLOWANCE = 110.0
#: Ages and months of the list (policies/national/parameters).
ELDER, HEALTH, ADVANCED, VALID_MONTHS = 60, 65, 80, 12

NUMBERS = (
    "born_year",
    "born_monthday",
    "pension_kind",
    "pension_status",
    "assistance",
    "support_mode",
    "tekun_care",
    "disability_category",
    "disability_grade",
    "ltci_level",
    "ability_level",
    "living",
    "supporter",
    "checked_year",
    "ltci_assessed_month",
    "ltci_assessed_day",
)
FLAGS = (
    "alive",
    "hukou_here",
    "hukou_province",
    "residence_here",
    "needs_long_term_care",
    "ltci_insured",
    "special_contribution",
    "in_relief",
    "ability_known",
)

PERSON = build_entity(key="person", plural="persons", label="elder", is_person=True)


def _make(name: str, kind: type, formula: Any = None) -> type[Variable]:
    """Return a monthly variable of a person."""
    body: dict[str, Any] = {
        "value_type": kind,
        "entity": PERSON,
        "definition_period": MONTH,
        "label": name,
    }
    if formula is not None:
        body["formula"] = formula
    return type(name, (Variable,), body)


def _conditions(as_of: date) -> dict[str, tuple[type, Any]]:
    """Return what several items build on: type and vectorial formula by name."""
    monthday = as_of.month * 100 + as_of.day

    def age(p: Any, t: Any) -> Any:
        return as_of.year - p("born_year", t) - (p("born_monthday", t) > monthday)

    def served(p: Any, t: Any) -> Any:
        return p("alive", t) & (p("hukou_here", t) | p("residence_here", t))

    def elder(p: Any, t: Any) -> Any:
        return p("served", t) & (p("age", t) >= ELDER)

    def disabled(p: Any, t: Any) -> Any:
        return (p("ability_level", t) >= 1) | (p("ltci_level", t) >= 1)

    def hardship(p: Any, t: Any) -> Any:
        return p("assistance", t) > 0

    def cannot(p: Any, t: Any) -> Any:
        return (p("ability_level", t) >= 3) | (p("tekun_care", t) == FULL_CARE)

    def at_home(p: Any, t: Any) -> Any:
        return p("living", t) != INSTITUTION

    def severe(p: Any, t: Any) -> Any:
        return (p("disability_grade", t) >= 1) & (p("disability_grade", t) <= 2)

    return {
        "age": (int, age),
        "served": (bool, served),
        "elder": (bool, elder),
        "disabled": (bool, disabled),
        "hardship": (bool, hardship),
        "cannot_care": (bool, cannot),
        "at_home": (bool, at_home),
        "severe": (bool, severe),
    }


def _pension(kind: int) -> Any:
    """Return who draws, or could draw, a pension of one kind."""
    return lambda p, t: (
        p("elder", t) & (p("pension_kind", t) == kind) & (p("pension_status", t) != TERMINATED)
    )


def _support(mode: int) -> Any:
    """Return who is supported as 特困 in one way."""
    return lambda p, t: (
        p("elder", t) & (p("assistance", t) == TEKUN) & (p("support_mode", t) == mode)
    )


def _items() -> dict[str, tuple[type, Any]]:
    """Return the eighteen items of the list."""

    return {
        "i01": (bool, _pension(EMPLOYEE)),
        "i02": (bool, _pension(RESIDENT)),
        "i03": (bool, lambda p, t: p("elder", t)),
        "i04": (bool, lambda p, t: p("served", t) & (p("age", t) >= HEALTH)),
        "i05": (
            bool,
            lambda p, t: p("served", t) & (p("age", t) >= HEALTH) & p("residence_here", t),
        ),
        "i06": (bool, lambda p, t: p("served", t) & (p("age", t) >= ADVANCED)),
        "i07": (bool, lambda p, t: p("elder", t) & p("hardship", t)),
        "i08": (bool, lambda p, t: p("elder", t) & p("hardship", t) & p("at_home", t)),
        "i09": (bool, lambda p, t: p("elder", t) & p("hardship", t) & p("cannot_care", t)),
        "i10": (bool, lambda p, t: p("elder", t) & p("disabled", t) & p("at_home", t)),
        "i11": (bool, lambda p, t: p("elder", t) & (p("assistance", t) == DIBAO)),
        "i12": (bool, _support(DISPERSED)),
        "i13": (bool, _support(CENTRAL)),
        "i14": (
            bool,
            lambda p, t: (
                p("elder", t)
                & p("at_home", t)
                & ((p("living", t) == ALONE) | p("disabled", t) | p("severe", t))
            ),
        ),
        "i15": (
            bool,
            lambda p, t: (
                p("elder", t)
                & p("special_contribution", t)
                & np.isin(p("supporter", t), NO_SUPPORT)
            ),
        ),
        "i16a": (
            bool,
            lambda p, t: (
                p("elder", t)
                & p("hukou_province", t)
                & (p("disability_grade", t) >= 1)
                & (p("assistance", t) == DIBAO)
            ),
        ),
        "i16b": (
            bool,
            lambda p, t: (
                p("elder", t)
                & p("hukou_province", t)
                & p("severe", t)
                & p("needs_long_term_care", t)
            ),
        ),
        "i17": (bool, lambda p, t: p("alive", t) & (p("age", t) >= ELDER) & p("in_relief", t)),
    }


def _details(as_of: date) -> dict[str, tuple[type, Any]]:
    """Return tiers, amounts, and who has an item already."""
    months = as_of.year * 12 + as_of.month

    def recent(p: Any, t: Any) -> Any:
        passed = months - p("ltci_assessed_month", t) - (p("ltci_assessed_day", t) > as_of.day)
        return (passed >= 0) & (passed < VALID_MONTHS)

    return {
        "tier_03": (
            int,
            lambda p, t: p("i03", t) * (1 + (p("age", t) >= HEALTH) + (p("age", t) >= ADVANCED)),
        ),
        "tier_04": (int, lambda p, t: p("i04", t) * np.where(p("ltci_insured", t), 1, 2)),
        "amount_16a": (float, lambda p, t: p("i16a", t) * ALLOWANCE),
        "amount_16b": (float, lambda p, t: p("i16b", t) * ALLOWANCE),
        "had_01": (bool, lambda p, t: p("i01", t) & (p("pension_status", t) == NORMAL)),
        "had_02": (bool, lambda p, t: p("i02", t) & (p("pension_status", t) == NORMAL)),
        "had_04": (
            bool,
            lambda p, t: (
                p("i04", t) & (p("ability_known", t) | (p("ltci_insured", t) & recent(p, t)))
            ),
        ),
        "had_05": (bool, lambda p, t: p("i05", t) & (p("checked_year", t) == as_of.year)),
    }


def measure(people: Path, results: Path, as_of: date) -> dict[str, Any]:
    """Read people, calculate everything by arrays, write the results; return the figures."""
    began = time.perf_counter()
    table = pq.read_table(people)
    read = time.perf_counter()
    rules = _conditions(as_of) | _items() | _details(as_of)
    system = TaxBenefitSystem([PERSON])
    system.add_variables(
        *(_make(name, int) for name in NUMBERS),
        *(_make(name, bool) for name in FLAGS),
        *(_make(name, kind, formula) for name, (kind, formula) in rules.items()),
    )
    simulation = SimulationBuilder().build_default_simulation(system, count=table.num_rows)
    period = f"{as_of:%Y-%m}"
    for name in (*NUMBERS, *FLAGS):
        simulation.set_input(name, period, table[name].to_numpy())
    built = time.perf_counter()
    wanted = [name for name in rules if name.startswith(("i0", "i1", "tier_", "amount_", "had_"))]
    found = {name: simulation.calculate(name, period) for name in wanted}
    computed = time.perf_counter()
    columns = {"person_id": table["person_id"], **{k: pa.array(v) for k, v in found.items()}}
    pq.write_table(pa.table(columns), results)
    written = time.perf_counter()
    return {
        "seconds": written - began,
        "read": read - began,
        "build": built - read,
        "compute": computed - built,
        "write": written - computed,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "yes": {name[1:]: int(v.sum()) for name, v in found.items() if name.startswith("i")},
    }


if __name__ == "__main__":
    told = measure(Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3]))
    sys.stdout.write(json.dumps(told) + "\n")
