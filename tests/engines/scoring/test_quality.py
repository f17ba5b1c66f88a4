"""What a supervisor is shown, and that chance alone shows him (nearly) nothing."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from tests.engines.scoring.conftest import FOLDER
from yanglao.engines.scoring.quality import (
    Limits,
    SeenSheet,
    compare_pairs,
    items_scored_alike,
    odd_durations,
    read_quality,
)
from yanglao.engines.scoring.written import TableErrors

TEXT = (FOLDER / "quality-2026.yaml").read_text(encoding="utf-8")
NINE = datetime(2026, 11, 2, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def limits() -> Limits:
    """Of the national pack."""
    rules = read_quality(TEXT, "quality-2026.yaml")
    assert not rules.stamp.verified
    return rules.limits


def pair(number: int) -> frozenset[str]:
    """Two assessors."""
    return frozenset({f"a{number}", f"b{number}"})


def crowd(seed: int, pairs: int = 12, each: int = 40, lift: int = 0) -> list[SeenSheet]:
    """Sheets of several pairs who all score alike; the first pair's totals lifted."""
    chance = random.Random(seed)
    sheets = []
    for number in range(pairs):
        for count in range(each):
            points = {f"q{item}": chance.choice((0, 1, 2, 3, 4, 4)) for item in range(20)}
            total = sum(points.values()) + (lift if number == 0 else 0)
            sheets.append(SeenSheet(f"{number}-{count}", pair(number), points, total))
    return sheets


def test_alike_pairs_are_left_in_peace(limits: Limits) -> None:
    """Forty crowds in which nothing is behind any difference."""
    flagged = sum(one.flagged for seed in range(40) for one in compare_pairs(crowd(seed), limits))
    assert flagged <= 1
    alike = sum(
        one.flagged for seed in range(10) for one in items_scored_alike(crowd(seed), limits)
    )
    assert alike == 0


@pytest.mark.parametrize("lift", [-12, 12])
def test_a_pair_that_differs_is_shown_first(limits: Limits, lift: int) -> None:
    """And alone, with how much and which way."""
    found = compare_pairs(crowd(1, lift=lift), limits)
    assert [one.pair for one in found if one.flagged] == [pair(0)]
    assert found[0].pair == pair(0)
    assert found[0].difference == pytest.approx(lift, abs=4)
    assert ("高" if lift > 0 else "低") in found[0].says


def test_few_sheets_are_told_but_not_flagged(limits: Limits) -> None:
    """Nineteen sheets prove nothing, however far apart."""
    sheets = [*crowd(2, each=40)[40:], *crowd(3, pairs=1, each=19, lift=30)]
    first = next(one for one in compare_pairs(sheets, limits) if one.pair == pair(0))
    assert first.difference > 25
    assert not first.flagged
    assert "仅供参考" in first.says


def test_pairs_are_compared_within_their_stratum(limits: Limits) -> None:
    """Who visits the weaker county is not who scores low: Simpson's paradox."""
    chance = random.Random(5)
    sheets = []
    for number in range(6):
        for count in range(60):
            weak = chance.random() < (0.9 if number == 0 else 0.3)
            total = chance.randint(20, 40) if weak else chance.randint(60, 80)
            place = "653222" if weak else "653201"
            sheets.append(SeenSheet(f"{number}-{count}", pair(number), {}, total, place))
    without = [SeenSheet(one.sheet, one.pair, {}, one.total) for one in sheets]
    assert any(one.flagged for one in compare_pairs(without, limits))
    assert not any(one.flagged for one in compare_pairs(sheets, limits))


def test_a_pair_alone_cannot_be_compared(limits: Limits) -> None:
    """Nobody to compare with: said, not judged."""
    found = compare_pairs(crowd(1, pairs=1), limits)
    assert [(one.sheets, one.flagged, one.says) for one in found] == [
        (0, False, "没有可以比较的其他组")
    ]
    assert items_scored_alike(crowd(1, pairs=1), limits) == []


def test_an_item_always_scored_alike(limits: Limits) -> None:
    """Where others vary; where everybody gives the same answer it is no finding."""
    sheets = [
        SeenSheet(
            one.sheet,
            one.pair,
            {**one.points, "same": 2, **({"q3": 4} if one.pair == pair(0) else {})},
            one.total,
        )
        for one in crowd(8)
    ]
    found = items_scored_alike(sheets, limits)
    assert [(one.pair, one.item, one.points) for one in found if one.flagged] == [
        (pair(0), "q3", 4)
    ]
    assert found[0].share == 1
    assert 0.2 < found[0].share_of_others < 0.5
    assert {one.item for one in found} == {"q3", "same"}


def test_an_item_alike_on_few_sheets(limits: Limits) -> None:
    """Told with a caution, never flagged."""
    few = [SeenSheet(f"f{n}", pair(99), {"q1": 0}, 50) for n in range(5)]
    found = [one for one in items_scored_alike([*crowd(4), *few], limits) if one.pair == pair(99)]
    assert [one.flagged for one in found] == [False]
    assert "不足 20 份" in found[0].says


def at(name: str, begun: int, ended: int, *assessors: str) -> SeenSheet:
    """A sheet from one minute of the morning to another."""
    times = [NINE + timedelta(minutes=minute) for minute in (begun, ended)]
    return SeenSheet(name, frozenset(assessors), {}, 50, "", *times)


def test_impossible_durations(limits: Limits) -> None:
    """Backwards, too short, too long, and one assessor in two places."""
    sheets = [
        at("fine", 0, 30, "a", "b"),
        at("next", 30, 60, "a", "b"),
        at("back", 90, 80, "a", "b"),
        at("short", 100, 114, "a", "b"),
        at("edge", 120, 135, "a", "b"),
        at("edge-long", 200, 440, "c", "d"),
        at("long", 500, 741, "c", "d"),
        at("twice", 520, 550, "c", "e"),
        at("again", 600, 620, "d", "f"),
        SeenSheet("unknown", frozenset({"a"}), {}, 50, "", NINE, None),
    ]
    found = [(one.sheet, one.code) for one in odd_durations(sheets, limits)]
    assert found == [
        ("again", "overlap"),
        ("back", "backwards"),
        ("long", "long"),
        ("short", "short"),
        ("twice", "overlap"),
    ]
    assert odd_durations([], limits) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [("chance: 0.01", "chance: 0"), ("fewest_sheets: 20", "fewest_sheets: 1"), ("values:", "v:")],
)
def test_limits_that_make_no_sense(old: str, new: str) -> None:
    """Refused."""
    with pytest.raises(TableErrors):
        read_quality(TEXT.replace(old, new))


def test_every_limit_is_read(limits: Limits) -> None:
    """By name, not by place."""
    assert limits == Limits(20, 5.0, 0.01, 1.0, 15, 240)
