"""Bulk evaluation over the API's flow: 1,000, 10,000 and 100,000 people, seconds and memory.

``python -m yanglao.ops.bench.many 100000`` measures one size in a process of its own and prints one
line of JSON; linear means that the seconds a person do not grow with the number of people.
"""

import json
import random
import resource
import sys
import time
from collections.abc import Iterator
from datetime import date
from typing import Any

SIZES = (1_000, 10_000, 100_000)
_LIVING = ("alone", "empty_nest", "with_children", "left_behind")


def measure(people: int) -> dict[str, Any]:
    """Read, answer and write so many invented people, as ``POST /api/v1/evaluate`` does.

    The list in force is that of the database of ``YANGLAO_HOME``.
    """
    from yanglao.flows.evaluate_many import open_for
    from yanglao.foundation.scoping import system_reader
    from yanglao.ops.bench.build import AS_OF, REGION

    body = json.dumps({"people": list(_people(people, AS_OF))}).encode()
    started = time.perf_counter()
    many = open_for(system_reader(REGION), AS_OF, REGION)
    read = [many.check(at, one) for at, one in enumerate(json.loads(body)["people"])]
    size = 0
    for portion in many.answer(read):
        size += sum(len(own) + 4 * len(told) for own, told in portion.people)
    seconds = time.perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return {
        "people": people,
        "seconds": round(seconds, 3),
        "microseconds_a_person": round(seconds / people * 1e6, 1),
        "outcomes": len(many.outcomes),
        "megabytes_in": round(len(body) / 1e6, 1),
        "peak_megabytes": peak,
    }


def _people(count: int, as_of: date) -> Iterator[dict[str, Any]]:
    chance = random.Random(7)  # noqa: S311 - invented people, always the same
    for number in range(count):
        yield {
            "id": str(number),
            "birth_date": f"{as_of.year - chance.randint(55, 100)}-{chance.randint(1, 12):02}-15",
            "place_code": f"6532{chance.randint(21, 27)}100{chance.randint(200, 230)}",
            "facts": {
                "alive": True,
                "hukou_code": "653222100200",
                "residence_code": "653222100200",
                "living": chance.choice(_LIVING),
                "assistance": chance.choice(["", "", "", "dibao", "tekun"]),
                "disability_grade": chance.choice(["", "", 1, 2, 3]),
                "ability_level": chance.randint(0, 4),
            },
        }


def main() -> None:
    """Measure one size and print it."""
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanglao.config.settings")
    django.setup()
    sys.stdout.write(json.dumps(measure(int(sys.argv[1]))) + "\n")


if __name__ == "__main__":
    main()
