"""What a supervisor should look at: assessors who differ, items scored alike, odd durations.

A finding says "look here", never "this is wrong": a pair may simply visit the hospital ward.
Small samples are told but never flagged.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from math import erfc, exp, log, sqrt
from statistics import fmean, variance

from yanglao.engines.scoring.scales import read_stamp
from yanglao.engines.scoring.tables import Stamp
from yanglao.engines.scoring.written import Written

_NOTHING_SURE = 1.0


@dataclass(frozen=True, slots=True)
class SeenSheet:
    """What of a sheet the statistics look at; no names, no numbers of persons.

    Attributes:
        sheet: Its id. pair: Ids of its assessors. stratum: What sheets must share to be compared
            (county, kind of assessment); empty when all may be.
        points: Answers by item. total: Their sum, where it is a sum that compares.
        begun, ended: Aware moments; None when unknown.
    """

    sheet: str
    pair: frozenset[str]
    points: Mapping[str, int]
    total: int
    stratum: str = ""
    begun: datetime | None = None
    ended: datetime | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on something is a finding; data, see ``quality-*.yaml``.

    Attributes:
        fewest_sheets: Below it nothing is flagged. smallest_difference: Points of the total.
        chance: Of one false finding among all pairs or pairs and items together.
        alike_share: Share of one answer from which on it counts as always the same.
        fewest_minutes, most_minutes: Of a sheet.
    """

    fewest_sheets: int
    smallest_difference: float
    chance: float
    alike_share: float
    fewest_minutes: float
    most_minutes: float


@dataclass(frozen=True, slots=True)
class QualityRules:
    """Dated limits and where they stand."""

    version: str
    in_force_from: date
    stamp: Stamp
    limits: Limits


@dataclass(frozen=True, slots=True)
class PairDifference:
    """How the totals of a pair lie beside all others' in the same strata.

    Attributes:
        sheets: How many could be compared. difference: Mean points above (below: negative).
        chance: Of such a difference when nothing is behind it, before looking at many pairs.
        flagged: Enough sheets, big enough, and not by chance. says: In Chinese.
    """

    pair: frozenset[str]
    sheets: int
    difference: float
    chance: float
    flagged: bool
    says: str


@dataclass(frozen=True, slots=True)
class AlikeItem:
    """An item that a pair (nearly) always answers alike, and how others answer it."""

    pair: frozenset[str]
    item: str
    points: int
    sheets: int
    share: float
    share_of_others: float
    chance: float
    flagged: bool
    says: str


@dataclass(frozen=True, slots=True)
class OddDuration:
    """A sheet whose times cannot be, or hardly. ``code``: backwards, short, long, overlap."""

    sheet: str
    code: str
    says: str


def read_quality(text: str, name: str = "") -> QualityRules:
    """The limits of a YAML text. Raises TableErrors."""
    root = Written.read(text, name).keys(
        "quality", "version", "title", "in_force_from", "source", "verified", "note", "values"
    )
    names = [one.name for one in fields(Limits)]
    values = root.at("values").keys(*names)
    limits = Limits(
        values.at("fewest_sheets").whole(),
        *(values.at(one).decimal() for one in names[1:]),
    )
    if limits.fewest_sheets < 2 or not 0 < limits.chance < 1 or not 0 < limits.alike_share <= 1:
        values.problem("fewest_sheets 至少 2，chance 和 alike_share 在 0 与 1 之间")
    rules = QualityRules(
        root.at("version").text(),
        root.at("in_force_from").day(),
        read_stamp(root, root.at("source")),
        limits,
    )
    root.finish()
    return rules


def compare_pairs(sheets: Iterable[SeenSheet], limits: Limits) -> list[PairDifference]:
    """Compare each pair with all others, stratum by stratum; flagged first, then by chance.

    The chance is of a normal approximation, and over all pairs together by Holm's procedure at
    most ``limits.chance`` of one false flag.
    """
    strata: dict[str, dict[frozenset[str], list[int]]] = defaultdict(lambda: defaultdict(list))
    for sheet in sheets:
        strata[sheet.stratum][sheet.pair].append(sheet.total)
    pairs = sorted({pair for totals in strata.values() for pair in totals}, key=sorted)
    found = [_beside_others(pair, strata) for pair in pairs]
    sure = _holm([one[2] for one in found if one[0] >= limits.fewest_sheets], limits.chance)
    told = [
        _told_pair(pair, *one, limits, one[2] <= sure)
        for pair, one in zip(pairs, found, strict=True)
    ]
    return sorted(told, key=lambda one: (not one.flagged, one.chance, sorted(one.pair)))


def _beside_others(
    pair: frozenset[str], strata: Mapping[str, Mapping[frozenset[str], Sequence[int]]]
) -> tuple[int, float, float]:
    """Sheets compared, weighted mean difference, its chance."""
    number, weighted, uncertain = 0, 0.0, 0.0
    for totals in strata.values():
        own = list(totals.get(pair, ()))
        others = [total for other, ones in totals.items() if other != pair for total in ones]
        if not own or len(others) < 2:
            continue
        # A single own sheet has no spread of its own: that of the others stands for it.
        spread = variance(own) if len(own) > 1 else variance(others)
        number += len(own)
        weighted += len(own) * (fmean(own) - fmean(others))
        uncertain += len(own) ** 2 * (spread / len(own) + variance(others) / len(others))
    if not number:
        return 0, 0.0, _NOTHING_SURE
    difference = weighted / number
    error = sqrt(uncertain) / number
    if not error:
        return number, difference, 0.0 if difference else _NOTHING_SURE
    return number, difference, erfc(abs(difference) / error / sqrt(2))


def _told_pair(
    pair: frozenset[str], number: int, difference: float, chance: float, limits: Limits, sure: bool
) -> PairDifference:
    enough = number >= limits.fewest_sheets
    flagged = enough and sure and abs(difference) >= limits.smallest_difference
    way = "高" if difference > 0 else "低"
    says = f"{number} 份，平均总分比其他组{way} {abs(difference):.1f} 分"
    if not number:
        says = "没有可以比较的其他组"
    elif not enough:
        says += f"；不足 {limits.fewest_sheets} 份，仅供参考"
    elif flagged:
        says += "，很难用偶然解释，请看一看"
    return PairDifference(pair, number, difference, chance, flagged, says)


def items_scored_alike(sheets: Iterable[SeenSheet], limits: Limits) -> list[AlikeItem]:
    """Items that a pair answers always alike while others do not; flagged first, then by chance.

    The chance: that others, answering as they do, would give so many equal answers in a row.
    """
    tallies: dict[str, dict[frozenset[str], Counter[int]]] = defaultdict(
        lambda: defaultdict(Counter)
    )
    for sheet in sheets:
        for item, points in sheet.points.items():
            tallies[item][sheet.pair][points] += 1
    found: list[tuple[frozenset[str], str, int, int, float, float, float]] = []
    tried: list[float] = []
    for item, by_pair in tallies.items():
        whole: Counter[int] = sum(by_pair.values(), Counter())
        for pair, own in by_pair.items():
            number = own.total()
            points, times = max(own.items(), key=lambda one: (one[1], one[0]))
            others = whole.total() - number
            if not others:
                continue
            # One invented answer each way keeps "never seen at the others" from being certain.
            share = (whole[points] - times + 1) / (others + 2)
            chance = _at_least(times, number, share)
            if number >= limits.fewest_sheets:
                tried.append(chance)
            if times / number >= limits.alike_share:
                alike = (whole[points] - times) / others
                found.append((pair, item, points, number, times / number, alike, chance))
    sure = _holm(tried, limits.chance)
    told = [_told_alike(*one, limits, one[-1] <= sure) for one in found]
    return sorted(told, key=lambda one: (not one.flagged, one.chance, one.item, sorted(one.pair)))


def _told_alike(
    pair: frozenset[str],
    item: str,
    points: int,
    number: int,
    share: float,
    alike: float,
    chance: float,
    limits: Limits,
    sure: bool,
) -> AlikeItem:
    enough = number >= limits.fewest_sheets
    says = f"{number} 份中 {share:.0%} 都是 {points} 分，其他组是 {alike:.0%}"
    if not enough:
        says += f"；不足 {limits.fewest_sheets} 份，仅供参考"
    elif sure:
        says += "，很难用偶然解释，请看一看"
    return AlikeItem(pair, item, points, number, share, alike, chance, enough and sure, says)


def _at_least(times: int, number: int, share: float) -> float:
    """Chance of at least so many hits in a number of tries, each with a share (binomial)."""
    if share >= 1:
        return 1.0
    # By ratios from the first term, which as a logarithm does not vanish for many tries.
    term = times * log(share) + (number - times) * log(1 - share)
    term += sum(log((number - step) / (step + 1)) for step in range(number - times))
    total, one = 0.0, exp(term)
    for hits in range(times, number + 1):
        total += one
        one *= (number - hits) / (hits + 1) * share / (1 - share)
    return min(total, 1.0)


def _holm(chances: Sequence[float], limit: float) -> float:
    """The largest chance that still counts when all are looked at together; -1 when none does."""
    sure = -1.0
    for position, chance in enumerate(sorted(chances)):
        if chance > limit / (len(chances) - position):
            break
        sure = chance
    return sure


def odd_durations(sheets: Iterable[SeenSheet], limits: Limits) -> list[OddDuration]:
    """Sheets that end before they begin, are too short or too long, or share an assessor's time."""
    found: list[OddDuration] = []
    busy: dict[str, list[tuple[datetime, datetime, str]]] = defaultdict(list)
    for sheet in sheets:
        if sheet.begun is None or sheet.ended is None:
            continue
        minutes = (sheet.ended - sheet.begun).total_seconds() / 60
        if minutes < 0:
            found.append(OddDuration(sheet.sheet, "backwards", "结束时间早于开始时间"))
            continue
        if minutes < limits.fewest_minutes:
            says = f"只用了 {minutes:.0f} 分钟，少于 {limits.fewest_minutes:g} 分钟"
            found.append(OddDuration(sheet.sheet, "short", says))
        if minutes > limits.most_minutes:
            says = f"用了 {minutes:.0f} 分钟，超过 {limits.most_minutes:g} 分钟"
            found.append(OddDuration(sheet.sheet, "long", says))
        for assessor in sheet.pair:
            busy[assessor].append((sheet.begun, sheet.ended, sheet.sheet))
    found += _overlaps(busy.values())
    return sorted(dict.fromkeys(found), key=lambda one: (one.sheet, one.code, one.says))


def _overlaps(
    busy: Iterable[list[tuple[datetime, datetime, str]]],
) -> list[OddDuration]:
    """Sheets that begin while another of the same assessor still runs."""
    found = []
    for spans in busy:
        latest, running = None, ""
        for begun, ended, sheet in sorted(spans):
            if latest is not None and begun < latest:
                says = f"同一评估员当时还在做 {running}"
                found.append(OddDuration(sheet, "overlap", says))
            if latest is None or ended > latest:
                latest, running = ended, sheet
    return found
