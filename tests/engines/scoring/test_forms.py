"""The form around the scale: what is asked, what is refused, which circumstances follow."""

from datetime import date
from itertools import product
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from yanglao.engines.scoring.ability import score_ability
from yanglao.engines.scoring.forms import Form, TableErrors, read_form
from yanglao.engines.scoring.scales import read_scale
from yanglao.engines.scoring.tables import AbilityScale

_FOLDER = Path(__file__).parents[3] / "policies/national/assessment"
_TEXT = (_FOLDER / "form-gbt42195-2022.yaml").read_text(encoding="utf-8")
FORM = read_form(_TEXT)
_SCALE = read_scale((_FOLDER / "gbt42195-2022.yaml").read_text(encoding="utf-8"))
assert isinstance(_SCALE, AbilityScale)
SCALE: AbilityScale = _SCALE
_TIMES = ("a2_fall", "a2_lost", "a2_choke", "a2_harm", "a2_risk_other")


def test_the_form_holds_annex_a_and_every_circumstance_of_the_scale() -> None:
    """Nothing that moves a level is left out."""
    assert FORM.in_force_from == date(2022, 12, 30)
    assert set(FORM.circumstances) == {rule.code for rule in SCALE.adjustments}
    assert set(SCALE.items) <= set(FORM.required(SCALE))


def test_circumstances_over_their_whole_range() -> None:
    """Every combination of five counts, coma, dementia and disorder, against a plain reckoning."""
    best = {code: item.points[0] for code, item in SCALE.items.items()}
    for counts in product("0123", repeat=5):
        values = {**best, **dict(zip(_TIMES, counts, strict=True))}
        answers = FORM.answers(SCALE, {**values, "a5_coma": "none", "a4_diagnoses": ["none"]})
        assert answers["risk_events"] == sum(map(int, counts))
    for coma, ill in product(("none", "has"), (["none"], ["dementia"], ["mental", "dementia"])):
        values = {**best, "a5_coma": coma, "a4_diagnoses": ill, **dict.fromkeys(_TIMES, "1")}
        scored = score_ability(SCALE, FORM.answers(SCALE, values))
        assert scored.final == (4 if coma == "has" else 1)


@pytest.mark.parametrize("gone", [*_TIMES, "a5_coma", "a4_diagnoses"])
def test_what_is_not_recorded_is_unknown_and_gives_no_level(gone: str) -> None:
    """Unknown is not no."""
    values = {code: item.points[0] for code, item in SCALE.items.items()}
    values |= {**dict.fromkeys(_TIMES, "0"), "a5_coma": "none", "a4_diagnoses": ["none"]}
    del values[gone]
    scored = score_ability(SCALE, FORM.answers(SCALE, values))
    assert scored.final is None
    assert scored.faults


@given(st.one_of(st.none(), st.booleans(), st.integers(-3, 9), st.floats(), st.text(max_size=4)))
def test_only_points_that_a_question_offers_are_taken(value: object) -> None:
    """For each of the 26 items: a whole number of its own range, or nothing."""
    for code, item in SCALE.items.items():
        good = value is None or (type(value) is int and value in item.points)
        assert (FORM.refuses(SCALE, code, value) == "") == good


def test_choices_that_exclude_each_other() -> None:
    """None of it, and something of it."""
    assert FORM.refuses(SCALE, "a4_diagnoses", ["dementia", "stroke"]) == ""
    assert FORM.refuses(SCALE, "a4_diagnoses", ["none", "dementia"])
    assert FORM.refuses(SCALE, "a4_diagnoses", ["nothing"])
    assert FORM.refuses(SCALE, "a2_height", 20)
    assert FORM.refuses(SCALE, "a2_height", 165) == ""
    assert FORM.refuses(SCALE, "no_such", 1)


_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-3, 900), st.floats(), st.text(max_size=4)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


@given(_JSON)
def test_whatever_a_phone_sends_is_taken_or_refused_in_words(value: object) -> None:
    """A list for a single choice, a mapping for a text: never an error of the program."""
    for name in [*FORM.fields, *SCALE.items]:
        assert isinstance(FORM.refuses(SCALE, name, value), str)
    assert FORM.refuses(SCALE, "a5_coma", ["none"]) and FORM.refuses(SCALE, "a5_coma", {})
    assert FORM.refuses(SCALE, "a4_diagnoses", [["none"]])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("coma: {field: a5_coma, has: has}", "coma: {field: a5_coma, has: maybe}"),
        ("coma: {field: a5_coma, has: has}", "coma: {field: nowhere, has: has}"),
        ("sum: [a2_fall, a2_lost", "sum: [a2_education, a2_lost"),
        ("kind: number, unit: 厘米, low: 50, high: 250", "kind: number, unit: 厘米"),
        ("verified: false\nnote", "verified: false\nnotes"),
        ("name: a2_lost", "name: a2_fall"),
    ],
)
def test_a_wrong_form_is_refused_when_it_is_read(old: str, new: str) -> None:
    """A circumstance from nowhere would make everybody healthier than he is."""
    assert old in _TEXT
    with pytest.raises(TableErrors):
        read_form(_TEXT.replace(old, new))


def test_the_file_is_plain_yaml() -> None:
    """Other programs read it with any reader; what is taken over by << reads the same."""
    plain = yaml.safe_load(_TEXT)
    names = [field["name"] for part in plain["parts"] for field in part["fields"]]
    form: Form = FORM
    assert names == list(form.fields)
