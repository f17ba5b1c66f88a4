"""Scales as data: what is refused, what a changed cell does, which version is in force."""

import copy
from collections.abc import Callable, Iterator
from datetime import date
from itertools import product
from typing import Any

import pytest
import yaml

from tests.engines.scoring import oracle
from yanglao.engines.scoring.ability import conclude
from yanglao.engines.scoring.ltc import grade
from yanglao.engines.scoring.scales import TableErrors, in_force, read_scale
from yanglao.engines.scoring.tables import AbilityScale, LtcScale

Change = Callable[[dict[str, Any]], None]


def changed(text: str, change: Change) -> str:
    """The file with something else in it."""
    data = copy.deepcopy(yaml.safe_load(text))
    change(data)
    return dumped(data)


def dumped(data: dict[str, Any]) -> str:
    """A file's text."""
    return yaml.dump(data, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)


def differs(scale: AbilityScale | LtcScale) -> bool:
    """Whether a scale says anything else than the oracle, over every sum there is."""
    points = {code: tuple(sorted(item.points)) for code, item in scale.items.items()}
    if isinstance(scale, AbilityScale):
        if points != {code: tuple(range(best + 1)) for code, best in oracle.BEST.items()}:
            return True
        for total in range(91):
            for met in product((0, 1), (0, 1), (0, 1), (0, 1, 2, 3)):
                facts = dict(zip(oracle.CIRCUMSTANCES, met, strict=True))
                first = oracle.preliminary(total)
                found = conclude(scale, total, facts)
                if (found.preliminary, found.final) != (first, oracle.final(first, *met)):
                    return True
        return False
    if points != oracle.LTC_POINTS:
        return True
    for adl, cog, sen in product(range(0, 101, 5), range(17), range(13)):
        found_level = grade(scale, {"adl": adl, "cognition": cog, "sensory": sen}).level
        if found_level != oracle.ltc({"adl": adl, "cog": cog, "sen": sen})[-1]:
            return True
    return False


def numbers(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where whole numbers stand in a file."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from numbers(one, (*path, key))
    elif isinstance(value, list):
        for place, one in enumerate(value):
            yield from numbers(one, (*path, place))
    elif isinstance(value, int) and not isinstance(value, bool):
        yield path


def put(data: Any, path: tuple[Any, ...], by: int) -> None:
    """Change one number."""
    for key in path[:-1]:
        data = data[key]
    data[path[-1]] += by


@pytest.mark.parametrize("name", ["ability_text", "ltc_text"])
def test_no_number_can_be_changed_unseen(name: str, request: pytest.FixtureRequest) -> None:
    """Each number of the tables, one more or one less: refused, or another level somewhere.

    So every number in the files is used, and the tests above would see each of them go wrong.
    """
    text = request.getfixturevalue(name)
    data = yaml.safe_load(text)
    paths = [path for path in numbers(data) if "expects" not in path]
    assert len(paths) > 60
    assert not differs(read_scale(text))
    unseen = []
    for path, by in product(paths, (1, -1)):
        wrong = copy.deepcopy(data)
        put(wrong, path, by)
        try:
            scale = read_scale(dumped(wrong))
        except TableErrors:
            continue
        if not differs(scale):
            unseen.append((path, by))
    assert unseen == []


def _drop_band(data: dict[str, Any]) -> None:
    del data["levels"]["bands"][2]


def _gap(data: dict[str, Any]) -> None:
    data["levels"]["bands"][1]["low"] = 67


def _overlap(data: dict[str, Any]) -> None:
    data["levels"]["bands"][2]["high"] = 66


def _full(data: dict[str, Any]) -> None:
    data["dimensions"][1]["full"] = 16


def _unknown(data: dict[str, Any]) -> None:
    data["dimension"] = []


def _both(data: dict[str, Any]) -> None:
    data["adjustments"]["rules"][0]["steps"] = 1


def _twice(data: dict[str, Any]) -> None:
    data["dimensions"][0]["items"][1]["code"] = "b1_1"


def _no_reason(data: dict[str, Any]) -> None:
    del data["adjustments"]["most_steps"]["note"]


def _no_source(data: dict[str, Any]) -> None:
    del data["levels"]["source"]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_drop_band, "逐级写出"),
        (_gap, "66 分不在任何一段里"),
        (_overlap, "重叠"),
        (_full, "各项最高分合计是 15 分"),
        (_unknown, "不认识的键“dimension”"),
        (_both, "sets 和 steps"),
        (_twice, "“b1_1”用了 2 次"),
        (_no_reason, "未核实的数字要写 note"),
        (_no_source, "source"),
    ],
)
def test_refused(ability_text: str, change: Change, words: str) -> None:
    """A table with a mistake is not used, and says where the mistake is."""
    with pytest.raises(TableErrors, match=words):
        read_scale(changed(ability_text, change), "try.yaml")


def test_a_table_that_rewards_the_worse_is_refused(ltc_text: str) -> None:
    """A worse row or column never gives a better grade."""

    def swap(data: dict[str, Any]) -> None:
        data["combination"]["table"][2] = [3, 3, 2, 3]

    with pytest.raises(TableErrors, match="程度越重"):
        read_scale(changed(ltc_text, swap))


def test_a_key_given_twice_is_refused(ability_text: str) -> None:
    """YAML would silently keep the second."""
    with pytest.raises(TableErrors, match="“version”写了两次"):
        read_scale(ability_text + '\nversion: "2030"\n')


@pytest.mark.parametrize("text", ["", "[1]", "a: [", "standard: x", "standard: ltc"])
def test_what_is_no_scale(text: str) -> None:
    """Errors, never a crash."""
    with pytest.raises(TableErrors):
        read_scale(text, "try.yaml")


def test_the_version_in_force(ability_text: str) -> None:
    """A later version never changes an earlier assessment."""

    def later(data: dict[str, Any]) -> None:
        data["version"] = "2030"
        data["in_force_from"] = date(2030, 1, 1)

    versions = [read_scale(changed(ability_text, later)), read_scale(ability_text)]

    def on(day: date) -> str | None:
        found = in_force(versions, day)
        return found.version if found else None

    assert on(date(2022, 12, 29)) is None
    assert on(date(2022, 12, 30)) == "2022"
    assert on(date(2029, 12, 31)) == "2022"
    assert on(date(2030, 1, 1)) == "2030"


def test_what_is_unverified_is_told(ability_scale: AbilityScale, ltc_scale: LtcScale) -> None:
    """Numbers that nobody saw in a source are marked, each part by its name."""
    assert [name for name, stamp in ability_scale.stamps() if not stamp.verified] == [
        "多种情形同时有时的调整"
    ]
    assert all(not stamp.verified for _, stamp in ltc_scale.stamps())
    assert all(stamp.document and stamp.article for _, stamp in ltc_scale.stamps())
