"""How long it takes to say what a change of the list would cost, over everybody."""

import time
from typing import Any

#: Aim of issue 4: seconds until the first answer.
WHATIF_AIM = 5


def measure_whatif(*, drafts: int = 1) -> dict[str, Any]:
    """Compare drafts over the register of this instance; return seconds of two questions.

    The instance must have been matched once: the facts are those that the match saw. Before the
    first question nothing is in memory; the second asks about other drafts.

    Args:
        drafts: How many at once, 1 to 3.

    Returns:
        ``seconds`` (first answer, from the stored facts to stored figures), ``lists`` (until lists
        of people are stored too), ``second`` and ``second_lists``, ``people``.
    """
    from datetime import date

    from yanglao.flows.weigh_drafts import forget_facts
    from yanglao.ops.bench.build import AS_OF

    begin = date(AS_OF.year + 1, 1, 1)
    forget_facts()
    first = _ask(begin, 1, drafts)
    second = _ask(begin, 2, drafts)
    return {
        "seconds": first["seconds"],
        "lists": first["lists"],
        "second": second["seconds"],
        "second_lists": second["lists"],
        "people": first["people"],
        "drafts": drafts,
    }


def _ask(begin: Any, number: int, drafts: int) -> dict[str, Any]:
    from yanglao.domain.catalogue.public import get_comparison
    from yanglao.flows.compare_drafts import ask_to_compare, run_comparison
    from yanglao.flows.draft_catalogue import begin_draft, change_draft
    from yanglao.foundation.scoping import system_reader
    from yanglao.ops.bench.build import REGION

    acting = system_reader(REGION, name="bench")
    day = begin.isoformat()
    source = {"document": "bench", "article": "1"}
    changes: list[tuple[str, dict[str, Any]]] = [
        ("value:advanced_age", {"from": day, "value": 76 - number, **source}),
        (
            "fact:cannot_care_for_self",
            {
                "label": "生活不能自理",
                "rule": f"ability_level >= {3 - number} OR tekun_care = 'full'",
                "clause": "bench",
            },
        ),
        ("value:disability_allowance", {"from": day, "value": 11000 + 5000 * number, **source}),
    ]
    made = []
    for key, value in changes[:drafts]:
        draft = begin_draft(
            title=f"{number} {key}", area=REGION, in_force_from=begin, acting=acting
        )
        change_draft(draft_id=draft.pk, key=key, after=value, base_revision=0, acting=acting)
        made.append(draft.pk)
    asked = ask_to_compare(made, acting=acting)
    started = time.perf_counter()
    told = run_comparison(asked.pk, acting=acting)
    lists = time.perf_counter() - started
    found = get_comparison(acting, asked.pk)
    return {"seconds": found.first_seconds, "lists": lists, "people": told["people"]}
