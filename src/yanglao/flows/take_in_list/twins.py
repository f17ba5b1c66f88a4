"""Files that may be of one person, put before a clerk: both numbers are valid, and they differ."""

from collections.abc import Iterable

from yanglao.domain.linkage.public import NewPair, put_pairs
from yanglao.domain.people.public import known_by_ids
from yanglao.flows.read_linkage_rules import linkage_thresholds
from yanglao.flows.take_in_list.weighing import weigh_people
from yanglao.foundation.scoping import Reader
from yanglao.kernel.division import common_division


def put_twins(ids: Iterable[int], *, acting: Reader) -> int:
    """Put pairs that these files make with others on the worklist; return how many are new.

    Only the likeliest twin of each file: who has many namesakes would fill the desk.
    """
    people = known_by_ids(ids)
    thresholds = linkage_thresholds()
    pairs = [
        pair
        for pair in weigh_people(list(people.values()), thresholds)
        if pair.probability >= thresholds.twin
    ]
    known = people | known_by_ids(pair.person for pair in pairs)
    best: dict[int, NewPair] = {}
    for pair in pairs:
        one, other = known.get(pair.claim), known.get(pair.person)
        if one is None or other is None or pair.claim in best or pair.levels["sex"] == "other":
            continue
        if not (acting.covers(one.place_code) and acting.covers(other.place_code)):
            continue
        place = common_division([one.place_code, other.place_code])
        levels = {**pair.levels, "number": "differs"}
        best[pair.claim] = NewPair(one.id, other.id, place, pair.probability, pair.weight, levels)
    return put_pairs(best.values(), acting=acting)
