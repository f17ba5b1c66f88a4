"""Changes laid over a pack's text: what is changed changes, all else stays as it was written."""

from datetime import date
from pathlib import Path

import pytest

from yanglao.engines.policy.county import check_not_lower
from yanglao.engines.policy.pack import Pack, read_source
from yanglao.engines.policy.redraft import CannotLay, lay_changes, overlay, written, written_fact

POLICIES = Path(__file__).resolve().parents[3] / "policies"
SOURCE = read_source("hetian", POLICIES)
DAY = date(2027, 1, 1)
FROM = {"from": "2027-01-01", "document": "会议", "article": "一"}


def laid(changes: dict[str, object]) -> Pack:
    """Lay changes over Hetian's pack and read it."""
    return Pack.from_source(lay_changes(SOURCE, changes, "hetian", DAY))  # type: ignore[arg-type]


def test_nothing_but_the_day_changes_without_changes() -> None:
    """Every line of every file stays, comments included."""
    texts = lay_changes(SOURCE, {}, "hetian", DAY)
    for path, text in SOURCE.items():
        expected = text.replace("in_force_from: 2024-01-01", "in_force_from: 2027-01-01")
        assert texts[path] == (expected if path == "hetian/pack.yaml" else text)


def test_a_changed_item_leaves_its_neighbours_as_written() -> None:
    """Only its own lines differ, and only its field when read."""
    texts = lay_changes(SOURCE, {"item:14": {"lead_days": "20"}}, "hetian", DAY)
    before, after = SOURCE["hetian/catalogue.yaml"], texts["hetian/catalogue.yaml"]
    assert before.split('  - code: "14"')[0] == after.split('  - code: "14"')[0]
    assert before.split('  - code: "15"')[1] == after.split('  - code: "15"')[1]
    base, pack = Pack.from_source(SOURCE), Pack.from_source(texts)
    assert pack.items["14"].lead_days == 20 and base.items["14"].lead_days == 15
    assert pack.items["14"].rule == base.items["14"].rule
    assert pack.items["14"].texts == base.items["14"].texts


def test_a_number_of_another_pack_is_overridden_not_rewritten() -> None:
    """The national file stays; old days keep the old value."""
    texts = lay_changes(SOURCE, {"value:advanced_age": FROM | {"value": 75}}, "hetian", DAY)
    assert texts["national/parameters/ages.yaml"] == SOURCE["national/parameters/ages.yaml"]
    age = Pack.from_source(texts).parameters["advanced_age"]
    assert (age.value_on(date(2026, 12, 31)), age.value_on(DAY)) == (80, 75)
    assert (age.source.document, age.verified) == ("会议", True)


def test_a_value_of_the_same_day_takes_the_place() -> None:
    """Laid twice it is there once."""
    texts = lay_changes(SOURCE, {"value:disability_allowance": FROM | {"value": 1}}, "hetian", DAY)
    again = lay_changes(texts, {"value:disability_allowance": FROM | {"value": 2}}, "hetian", DAY)
    values = Pack.from_source(again).parameters["disability_allowance"].values
    assert [one.value for one in values] == [11000, 2]


def test_amounts_by_place_and_a_further_band() -> None:
    """One place's amount says nothing of the others, nor that the table was seen."""
    pack = laid(
        {
            "band:senior_allowance:75-79": {"from_age": 75, "to_age": 79},
            "amount:senior_allowance:653222:75-79": FROM | {"value": 5000},
        }
    )
    table = pack.parameters["senior_allowance"]
    assert [band.name for band in table.bands] == ["75-79", "80-89", "90-99", "100+"]
    assert table.amount_at("653222100200", "75-79", DAY) == 5000
    assert table.amount_at("653201", "75-79", DAY) is None
    assert table.amount_at("653222", "75-79", date(2026, 12, 31)) is None
    assert not table.verified


def test_an_item_gets_money_a_meaning_changes_one_goes_one_comes() -> None:
    """All at once, in whatever order they were made."""
    new = {
        "name": "助餐补贴",
        "object": "独居老人",
        "content": "助餐",
        "kind": "物质帮助",
        "standard": "按餐",
        "funder": "县",
        "lead": "民政局",
        "clause": "会议",
        "mode": "found",
        "who": "age >= :advanced_age AND living = 'alone'",
        "delivered": "by_hand",
        "lead_days": "30",
        "reading": "独居的高龄老人",
    }
    pack = laid(
        {
            "amount:allowance_09:6532:": FROM | {"value": 20000},
            "off:17": True,
            "new:18": new,
            "money:09": {"label": "护理补贴", "per": "month"},
            "fact:hardship": {"label": "困难", "rule": "assistance = 'dibao'", "clause": "会议"},
        }
    )
    assert "17" not in pack.items and list(pack.items)[-1] == "18"
    amount = pack.items["09"].amount
    assert amount is not None
    assert pack.parameters[amount.parameter].amount_at("653222", "", DAY) == 20000
    assert pack.facts["hardship"].label == "困难"


def test_a_county_overlay_says_only_what_is_its_own() -> None:
    """And may leave nothing out that the prefecture gives."""
    header = {
        "title": "墨玉县清单",
        "owner": "墨玉县民政局",
        "legal_basis": ["和田地区清单"],
        "region": "653222",
        "in_force_from": "2027-01-01",
    }
    start = overlay(SOURCE, "hetian", "c653222", header)
    base = Pack.from_source(SOURCE)
    wider = Pack.from_source(
        lay_changes(start, {"value:advanced_age": FROM | {"value": 75}}, "c653222", DAY)
    )
    assert wider.adds_to == "hetian" and check_not_lower(base, wider) == []
    less = Pack.from_source(lay_changes(start, {"off:14": True}, "c653222", DAY))
    assert "14" not in less.items and check_not_lower(base, less)
    own = Pack.from_source(lay_changes(start, {"item:14": {"lead_days": "5"}}, "c653222", DAY))
    assert own.items["14"].lead_days == 5 and check_not_lower(base, own) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"item:99": {"name": "x"}},
        {"off:99": True},
        {"new:14": {"name": "x"}},
        {"value:nothing": FROM | {"value": 1}},
        {"value:senior_allowance": FROM | {"value": 1}},
        {"amount:advanced_age:653222:": FROM | {"value": 1}},
        {"money:99": {"label": "x", "per": "month"}},
    ],
)
def test_a_change_without_a_place_is_refused(changes: dict[str, object]) -> None:
    """Rather than laid somewhere."""
    with pytest.raises(CannotLay):
        lay_changes(SOURCE, changes, "hetian", DAY)  # type: ignore[arg-type]


def test_what_is_written_is_told() -> None:
    """Fields of an item and of a meaning as they stand, from the nearest pack."""
    item = written(SOURCE, "hetian", "06")
    assert item is not None and item["who"] == "age >= :advanced_age"
    assert written(SOURCE, "hetian", "99") is None
    fact = written_fact(SOURCE, "hetian", "disabled")
    assert fact is not None and fact["rule"] == "ability_level >= 1 OR ltci_level >= 1"
    assert written_fact(SOURCE, "hetian", "nothing") is None
