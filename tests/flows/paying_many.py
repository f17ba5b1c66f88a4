"""Many random histories paid month by month through the real flow, against the slow reckoning.

``python -m tests.flows.paying_many PEOPLE MONTHS SEED`` on an empty instance (``YANGLAO_HOME``).
Facts come late every month: deaths, grades dated back, approvals, suspensions lifted; a version of
the list comes into force in January. At the end every month of everybody is what the rules in force
say, no excluded pair is paid, and nothing stands after a death but what the pack allows. The last
line of output is JSON.
"""

import json
import random
import sys
import time
from collections import defaultdict
from typing import Any

from tests.flows.killing_payments import FIRST, prepare, start


def main(people: int, months: int, seed: int) -> dict[str, Any]:
    """Pay so many people so many months; return what was compared."""
    start()
    prepare()
    from tests.engines.payments import histories as h
    from tests.flows import payment_world as w
    from tests.flows.test_pay_month import check_books
    from yanglao.domain.settlement.models import Claim, Line

    chance = random.Random(seed)
    known = {n: h.random_history(chance) for n in range(1, people + 1)}
    began = time.monotonic()
    for month in range(FIRST, FIRST + months):
        text = f"{month // 12:04}-{month % 12 + 1:02}"
        w.paid_through(w.Facts(known), text, release=True, start="2024-10")
        sys.stderr.write(f"{text} {time.monotonic() - began:.0f} s\n")
        if month + 1 < FIRST + months:
            for person in chance.sample(sorted(known), people // 8):
                known[person] = h.changed(chance, known[person])
    compared, held = _compare(known, months)
    check_books()
    return {
        **{"people": people, "months": months, "compared": compared, "held": held},
        **{"lines": Line.objects.count(), "claims": Claim.objects.count()},
    }


def _compare(known: dict[int, Any], months: int) -> tuple[int, int]:
    """Hold every month of everybody against the rules; return how many, and how many are held."""
    from tests.engines.payments.test_payment_months import _expected
    from tests.flows.test_pay_month import net_of_books

    net, compared, held = net_of_books(), 0, 0
    for person, history in known.items():
        for past in range(FIRST, FIRST + months):
            dues = _expected(history, past)
            for benefit, fen in dues.items():
                if benefit == "outside":
                    continue
                held += fen is None
                compared += fen is not None
                got = net.get((person, benefit, past), 0)
                assert fen is None or got == fen, (person, benefit, past)
    by: dict[tuple[int, int], set[str]] = defaultdict(set)
    for person, benefit, month in net:
        by[person, month].add(benefit)
    assert not any({"tekun", "nursing"} <= found for found in by.values())
    return compared, held


if __name__ == "__main__":
    print(json.dumps(main(*(int(one) for one in sys.argv[1:4]))))  # noqa: T201 - its answer
