"""The catalogue in words: every item, its numbers, its sources; two versions side by side."""

from datetime import date

import pytest

from tests.flows import population as p
from yanglao.flows.read_catalogue import (
    NothingInForce,
    compare_versions,
    read_catalogue,
    rule_book_text,
)

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 1)


def test_nothing_in_force_says_what_to_do() -> None:
    with pytest.raises(NothingInForce, match="先发布清单"):
        read_catalogue(DAY)
    with pytest.raises(NothingInForce, match="先发布清单"):
        rule_book_text(DAY)


def test_a_day_before_the_list_has_nothing() -> None:
    p.publish()
    with pytest.raises(NothingInForce):
        read_catalogue(date(2000, 1, 1))


def test_all_items_are_told_with_clause_sentence_and_place_of_the_rule() -> None:
    p.publish()
    reading = read_catalogue(DAY)
    assert [item.code for item in reading.items][-3:] == ["16a", "16b", "17"]
    assert len(reading.items) == 18
    for item in reading.items:
        assert item.clause
        assert item.sentence
        assert item.conditions
        assert item.delivered
        assert item.rule[1].startswith("hetian/catalogue.yaml:")
        assert item.item_id


def test_who_leaves_out_what_holds_for_every_item() -> None:
    p.publish()
    reading = read_catalogue(DAY)
    item = reading.item("06")
    assert item.who == "年满 80 周岁"
    assert reading.served in item.sentence
    assert reading.served not in item.who


def test_an_unknown_item_is_an_error() -> None:
    p.publish()
    with pytest.raises(KeyError):
        read_catalogue(DAY).item("99")


def test_own_words_of_the_list_are_explained() -> None:
    p.publish()
    labels = {fact.label: fact for fact in read_catalogue(DAY).facts}
    assert "低保" in labels["经济困难"].sentence
    assert labels["经济困难"].clause


def test_a_table_without_published_amounts_is_one_line() -> None:
    p.publish()
    lines = read_catalogue(DAY).item("06").parameters
    unpublished = [line for line in lines if line.value == "未公布"]
    assert len(unpublished) == 1
    assert "个地方和年龄段" in unpublished[0].label


def test_money_is_shown_in_yuan() -> None:
    p.publish()
    for item in read_catalogue(DAY).items:
        for line in item.parameters:
            assert "分" not in line.unit


def test_the_same_version_does_not_differ_from_itself() -> None:
    version = p.publish()
    found = compare_versions(version.pk, version.pk)
    assert found.difference.empty
    assert found.lowers is None


def test_a_version_that_never_was_cannot_be_compared() -> None:
    version = p.publish()
    with pytest.raises(LookupError, match="没有这个版本"):
        compare_versions(version.pk, 99999)
