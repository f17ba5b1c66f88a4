"""One measurement in a process of its own: ``python -m yanglao.ops.bench.step NAME ARGUMENT``.

Prints one line of JSON: seconds, the peak of memory, and counts. A process of its own, so that
one measurement warms or burdens no other.
"""

import json
import os
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any


def build(argument: str) -> dict[str, Any]:
    """Fill an empty database with so many invented elders (not a figure of the product)."""
    from yanglao.foundation.home import home
    from yanglao.ops.bench.bare import mark_invented
    from yanglao.ops.bench.build import build as fill

    mark_invented(home())
    return {"rows": fill(int(argument))}


def match(argument: str) -> dict[str, Any]:
    """Match everybody against everything and write the run; leads included."""
    from yanglao.flows.find_entitled import find_entitled
    from yanglao.foundation.scoping import system_reader
    from yanglao.ops.bench.build import AS_OF, REGION

    summary = find_entitled(region=REGION, as_of=AS_OF, acting=system_reader(REGION))
    return {
        "people": summary.people,
        "answers": summary.yes + summary.possible,
        "changed": summary.new + summary.lost + summary.changed,
        "leads": summary.leads_opened,
        "steps": summary.timings,
    }


def person(argument: str) -> dict[str, Any]:
    """Open the files of a few people, one after another; the median counts."""
    from yanglao.flows.look_up_person import look_up
    from yanglao.foundation.scoping import system_reader
    from yanglao.ops.bench.build import AS_OF

    reader = system_reader()
    return _median(lambda pk: look_up(reader, pk, AS_OF))


def change(argument: str) -> dict[str, Any]:
    """Enter a fact about one person, match him again, and see his leads."""
    from yanglao.flows.follow_leads import enter_and_recheck
    from yanglao.foundation.scoping import system_reader
    from yanglao.ops.bench.build import AS_OF

    reader = system_reader()

    def enter(pk: int) -> None:
        enter_and_recheck(
            person_id=pk,
            kind="assessment",
            values={"assessed_on": AS_OF, "ability_level": 1 + pk % 4, "agency": "测量"},
            acting=reader,
            as_of=AS_OF,
            reason="测量",
        )

    return _median(enter)


def intake(argument: str) -> dict[str, Any]:
    """Take a workbook in, from its bytes to stored statements with verdicts."""
    from yanglao.flows.take_in_list import take_in
    from yanglao.foundation.scoping import system_reader
    from yanglao.ops.bench.build import REGION

    path = Path(argument)
    started = time.perf_counter()
    taken = take_in(
        [(path.name, path.read_bytes())],
        acting=system_reader(REGION),
        division=REGION,
        month=None,
        full=False,
    )
    return {
        "seconds": time.perf_counter() - started,
        "received": taken.received,
        "accepted": taken.accepted,
        "returned": taken.returned,
    }


def register(argument: str) -> dict[str, Any]:
    """Fill an empty database with ``PEOPLE:ROWS:FOLDER`` named elders and lists (not a figure)."""
    from yanglao.foundation.home import home
    from yanglao.ops.bench.bare import mark_invented
    from yanglao.ops.bench.linking import build_register

    mark_invented(home())
    people, rows, folder = argument.split(":", 2)
    return build_register(int(people), int(rows), Path(folder))


def link(argument: str) -> dict[str, Any]:
    """Take in a list of which many rows have no good number; say how right its links are."""
    from yanglao.ops.bench.linking import measure_linking

    return measure_linking(Path(argument))


def bare(argument: str) -> dict[str, Any]:
    """Do the step ``NAME:ARGUMENT`` without encryption, scoping and record of acts."""
    from yanglao.ops.bench.bare import lay_bare

    lay_bare()
    name, _mark, rest = argument.partition(":")
    return _measured(name, rest)


def rules(argument: str) -> dict[str, Any]:
    """Answer for everybody from a file of facts, as OpenFisca does beside it."""
    from yanglao.ops.bench.beside import measure_rules
    from yanglao.ops.bench.build import AS_OF

    return measure_rules(Path(argument), AS_OF)


def people(argument: str) -> dict[str, Any]:
    """Write ``NUMBER:FILE`` invented people for the rules (not a figure)."""
    from yanglao.ops.bench.beside import write_people
    from yanglao.ops.bench.build import AS_OF

    number, _mark, path = argument.partition(":")
    return write_people(Path(path), int(number), AS_OF)


def nation(argument: str) -> dict[str, Any]:
    """Match one month of a folder of people."""
    from yanglao.ops.bench.nation import step

    return step(argument)


def many(argument: str) -> dict[str, Any]:
    """Answer for so many people whose facts another system sends."""
    from yanglao.ops.bench.many import measure

    return measure(int(argument))


def whatif(argument: str) -> dict[str, Any]:
    """Ask what a draft would cost, over everybody of a register that was matched once."""
    from yanglao.ops.bench.whatif import measure_whatif

    return measure_whatif(drafts=int(argument or 1))


def payments(argument: str) -> dict[str, Any]:
    """Fill an empty database with so many recipients and pay two months; the second counts."""
    from yanglao.foundation.home import home
    from yanglao.ops.bench.bare import mark_invented
    from yanglao.ops.bench.payments import MONTHS, build, pay

    mark_invented(home())
    build(int(argument))
    told = pay(int(argument), lambda line: None)
    return told[MONTHS[-1]] | {"first": told[MONTHS[0]]}


def payments_oracle(argument: str) -> dict[str, Any]:
    """Hold the paid months of a home against a slow reckoning (not a figure)."""
    from yanglao.ops.bench.payments_oracle import check_payments

    return check_payments(argument)


def follow(argument: str) -> dict[str, Any]:
    """Bring everybody's benefits in line with the facts, twice, after elders were built."""
    from yanglao.ops.bench.follow import measure

    return measure()


def _median(act: Callable[[int], object]) -> dict[str, Any]:
    times = []
    for pk in range(1001, 1012):
        started = time.perf_counter()
        act(pk)
        times.append(time.perf_counter() - started)
    # The first pays for reading the pack, as the first page of a day does.
    return {"seconds": statistics.median(times[1:]), "first": times[0]}


STEPS = {
    "build": build,
    "match": match,
    "person": person,
    "change": change,
    "intake": intake,
    "register": register,
    "link": link,
    "bare": bare,
    "people": people,
    "rules": rules,
    "nation": nation,
    "many": many,
    "whatif": whatif,
    "payments": payments,
    "payments_oracle": payments_oracle,
    "follow": follow,
}


def _measured(name: str, argument: str) -> dict[str, Any]:
    """Do a step; add its seconds, and those of the processor, its children's too."""
    started, before = time.perf_counter(), _processor()
    told = STEPS[name](argument)
    told.setdefault("seconds", time.perf_counter() - started)
    told.setdefault("processor", _processor() - before)
    return told


def _processor() -> float:
    return sum(
        usage.ru_utime + usage.ru_stime
        for usage in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )


def main() -> None:
    """Run the step named on the command line."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanglao.config.settings")
    import django

    django.setup()
    name, argument = sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else ""
    told = _measured(name, argument)
    usage = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    told["peak_mb"] = round(sum(one.ru_maxrss for one in usage) / 1024)
    sys.stdout.write(json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
