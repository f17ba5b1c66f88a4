"""Inference where nothing was assessed: only there, always said, by a table with its source."""

import copy
from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.scoring.conftest import FOLDER
from yanglao.engines.scoring.crosswalk import (
    Crosswalk,
    Evidence,
    TableErrors,
    infer_ability,
    infer_ltc,
    read_crosswalk,
)

TEXT = (FOLDER / "crosswalk-2026.yaml").read_text(encoding="utf-8")
DAY = date(2026, 11, 1)
CARDS = [f"{category}-{grade}" for category in range(1, 8) for grade in range(1, 5)]


KNOWN = [*(("ltc", grade) for grade in "012345"), *(("disability", card) for card in CARDS)]


@pytest.fixture(scope="module")
def crosswalk() -> Crosswalk:
    """The national table."""
    return read_crosswalk(TEXT, "crosswalk-2026.yaml")


def infer(crosswalk: Crosswalk, *evidence: Evidence) -> int | None:
    """The level taken."""
    found = infer_ability(crosswalk, evidence, has_valid_assessment=False, as_of=DAY)
    return found.level if found else None


def test_the_tables_are_whole(crosswalk: Crosswalk) -> None:
    """Every grade and every kind of card says something, if only that it says nothing."""
    assert list(crosswalk.to_ability["ltc"].lines) == list("012345")
    assert sorted(crosswalk.to_ability["disability"].lines) == CARDS
    assert list(crosswalk.from_ability.lines) == list("01234")
    assert not crosswalk.stamp.verified


@given(st.sampled_from(["ltc", "disability"]), st.sampled_from([*"012345", *CARDS]))
def test_nothing_is_inferred_beside_an_assessment(
    crosswalk: Crosswalk, kind: str, value: str
) -> None:
    """Whatever else is known."""
    evidence = [Evidence(kind, value)]
    assert infer_ability(crosswalk, evidence, has_valid_assessment=True, as_of=DAY) is None


@given(st.lists(st.sampled_from(KNOWN)))
def test_an_inference_always_says_so(crosswalk: Crosswalk, known: list[tuple[str, str]]) -> None:
    """Level within its bounds, words that begin with 推定, the order of evidence kept."""
    evidence = [Evidence(kind, value) for kind, value in known]
    found = infer_ability(crosswalk, iter(evidence), has_valid_assessment=False, as_of=DAY)
    assert (found is None) == (not known)
    if found is None:
        return
    assert found.says.startswith("推定，不是评估结果")
    assert "待核实" in found.says
    assert found.at_least <= found.at_most <= 4
    assert found.level is None or found.at_least <= found.level <= found.at_most
    if any(kind == "ltc" for kind, _ in known):
        assert found.evidence.kind == "ltc"


def test_worked_examples(crosswalk: Crosswalk) -> None:
    """LTC goes by names; a card by what it surely touches; sight 3 and 4 by nothing."""
    assert infer(crosswalk, Evidence("ltc", "3")) == 3
    assert infer(crosswalk, Evidence("ltc", "5")) == 4
    assert infer(crosswalk, Evidence("disability", "4-1")) == 3
    assert infer(crosswalk, Evidence("disability", "1-3")) is None
    assert infer(crosswalk, Evidence("disability", "4-9")) is None
    assert infer(crosswalk) is None


def test_the_newest_of_a_kind(crosswalk: Crosswalk) -> None:
    """And none from after the day."""
    old, new = Evidence("ltc", "1", date(2024, 1, 1)), Evidence("ltc", "4", date(2026, 1, 1))
    coming = Evidence("ltc", "0", date(2026, 12, 1))
    assert infer(crosswalk, old, coming, new) == 3
    assert infer(crosswalk, coming) is None


def test_evidence_that_contradicts_is_told(crosswalk: Crosswalk) -> None:
    """LTC says well, or nearly; the card says at least middling."""
    card, slight = Evidence("disability", "4-1"), Evidence("ltc", "1", date(2026, 5, 1))
    found = infer_ability(crosswalk, [card, slight], has_valid_assessment=False, as_of=DAY)
    assert found is not None
    assert (found.level, found.against) == (1, ()), "2 is possible by both"
    well = Evidence("ltc", "0", date(2026, 1, 1))
    found = infer_ability(crosswalk, [card, well], has_valid_assessment=False, as_of=DAY)
    assert found is not None
    assert found.level == 0
    assert found.against == ("残疾人证 4-1的范围是 2～4 级，与推定不一致",)


def test_old_evidence_by_parameter() -> None:
    """A pack may say how old a grade may be; undated ones are then not enough."""
    data = yaml.safe_load(TEXT)
    data["to_ability"]["ltc"]["valid_months"] = 24
    crosswalk = read_crosswalk(yaml.safe_dump(data, allow_unicode=True))
    assert infer(crosswalk, Evidence("ltc", "3", date(2024, 11, 2))) == 3
    assert infer(crosswalk, Evidence("ltc", "3", date(2024, 11, 1))) is None
    assert infer(crosswalk, Evidence("ltc", "3")) is None


def test_the_reverse(crosswalk: Crosswalk) -> None:
    """An ability level says something about the grade, the worst only bounds."""
    found = infer_ltc(crosswalk, 2, DAY, has_valid_grade=False)
    assert found is not None
    assert (found.level, found.at_least, found.at_most) == (2, 1, 3)
    assert found.says.startswith("推定，不是评估结果：长护失能等级 2 级")
    worst = infer_ltc(crosswalk, 4, DAY, has_valid_grade=False)
    assert worst is not None
    assert (worst.level, worst.at_least) == (None, 3)
    assert infer_ltc(crosswalk, 2, DAY, has_valid_grade=True) is None


@pytest.mark.parametrize(
    ("place", "line"),
    [
        (("to_ability", "ltc", 3), {"when": 3, "take": 1, "at_least": 1, "at_most": 4}),
        (("to_ability", "ltc", 3), {"when": 3, "take": 3, "at_least": 4, "at_most": 2}),
        (("to_ability", "ltc", 5), {"when": 5, "take": 5, "at_least": 3, "at_most": 5}),
        (("to_ability", "ltc", 5), {"when": 4, "take": 4, "at_least": 3, "at_most": 4}),
        (("to_ability", "disability", 0), {"when": "1-1", "take": 0, "at_least": 0, "at_most": 4}),
        (("to_ability", "ltc", 1), {"when": 1, "take": 2, "at_least": 0, "at_most": 1}),
    ],
)
def test_a_wrong_line_is_refused(place: tuple[str, str, int], line: dict[str, object]) -> None:
    """A worse grade may not say something better; a level must exist and lie in its bounds."""
    data = copy.deepcopy(yaml.safe_load(TEXT))
    data[place[0]][place[1]]["rows"][place[2]] = line
    with pytest.raises(TableErrors):
        read_crosswalk(yaml.safe_dump(data, allow_unicode=True))
