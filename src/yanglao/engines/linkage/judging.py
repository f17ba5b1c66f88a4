"""Probabilities to verdicts: sure, a person must look, or nobody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import groupby

#: Places so near that a rare name and a birthday are somebody's own.
_NEAR = frozenset({"village", "town", "county"})


class Verdict(StrEnum):
    """What follows for a row."""

    SURE = "sure"
    DOUBTFUL = "doubtful"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From when on a pair is sure, or worth a person's look; parameters of the pack.

    Attributes:
        sure: Probability from which a row is linked without asking.
        ahead: So many times likelier than the next candidate must the sure one be.
        doubtful: Probability from which a person is asked.
        most: So many candidates at most are shown.
        twin: Probability from which two files are put before a person.
    """

    sure: float = 0.999
    ahead: float = 500.0
    doubtful: float = 0.005
    most: int = 5
    twin: float = 0.95


@dataclass(frozen=True, slots=True)
class Pair:
    """A row and a person, weighed.

    Attributes:
        claim: Number of the row.
        person: Primary key of the person.
        probability: That both are the same person.
        weight: The same in bits: 0 is even odds.
        levels: Comparison to the level that was met.
    """

    claim: int
    person: int
    probability: float
    weight: float
    levels: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on a row: candidates are the likeliest first; of a sure one there is one."""

    claim: int
    verdict: Verdict
    candidates: tuple[Pair, ...] = field(default_factory=tuple)


def least_that_counts(thresholds: Thresholds) -> float:
    """Return a probability below which a pair changes no verdict.

    It is neither shown nor near enough to a sure one for that to be doubted.
    """
    odds = thresholds.sure / (1 - thresholds.sure) / thresholds.ahead
    # A hair less: what is just so likely must not be lost to rounding.
    return 0.99 * min(thresholds.doubtful, odds / (1 + odds))


def judge(pairs: Iterable[Pair], thresholds: Thresholds) -> dict[int, Judgement]:
    """Return the verdict on each row that has a pair; the others are nobody's.

    Args:
        pairs: Grouped by row, the likeliest first.
        thresholds: What counts as sure and as doubtful.
    """
    found = {}
    for claim, group in groupby(pairs, key=lambda pair: pair.claim):
        found[claim] = _judged(claim, list(group), thresholds)
    return found


def _judged(claim: int, pairs: list[Pair], thresholds: Thresholds) -> Judgement:
    worth = [pair for pair in pairs if pair.probability >= thresholds.doubtful]
    if not worth:
        return Judgement(claim, Verdict.NOBODY)
    best = worth[0]
    alone = len(pairs) == 1 or 2 ** (best.weight - pairs[1].weight) >= thresholds.ahead
    if best.probability >= thresholds.sure and alone and not contradicts(best):
        return Judgement(claim, Verdict.SURE, (best,))
    return Judgement(claim, Verdict.DOUBTFUL, tuple(worth[: thresholds.most]))


def contradicts(pair: Pair) -> bool:
    """Say whether something speaks so clearly against the pair that a person must look.

    Another sex, a wholly other name, another number or another birth date, however much else fits:
    twins, spouses and neighbours fit in everything else. And without any number, a name and a day
    are not enough where others have that name: a neighbour who is in no register may have both.
    """
    levels = pair.levels
    number_fits = levels["number"].startswith("slip_")
    if levels["sex"] == "other" or levels["name"] in {"other", "alike", "unknown"}:
        return True
    if number_fits:
        return False
    if levels["number"] != "unknown" or levels["born"] != "same":
        return True
    reached = levels["phone"] == "same" or levels["household"] == "same"
    known_there = levels["name"] == "same_rare" and levels["place"] in _NEAR
    return not (reached or known_there)
