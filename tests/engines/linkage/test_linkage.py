"""What the engine makes of invented people whose truth is known, and of each part of it."""

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.linkage.asking import judged, weighed
from tests.engines.linkage.invented import Human, Row, World
from yanglao.engines.linkage import (
    Thresholds,
    Verdict,
    load_model,
    one_slip_away,
    read_conflict_rules,
    read_thresholds,
)
from yanglao.engines.linkage.model import LEVELS, WrongModel, read_model
from yanglao.engines.linkage.rules import WrongRules
from yanglao.kernel.idnumber import check_digit, read_id_number


@pytest.fixture(scope="module")
def world() -> World:
    """A small county with families, twins, and namesakes born on one day next door."""
    return World(20261122, 12_000)


@pytest.fixture(scope="module")
def rows(world: World) -> list[Row]:
    """Rows about them, and about strangers, with everything that goes wrong."""
    return world.rows(2500)


def test_sure_links_are_right_and_true_pairs_are_found(world: World, rows: list[Row]) -> None:
    """Precision of automatic links at least 99.9 %, recall with the desk at least 98 %."""
    verdicts = judged(world.people, rows)
    truth = {row.n: row.truth for row in rows}
    sure = [j for j in verdicts.values() if j.verdict is Verdict.SURE]
    right = sum(truth[j.claim] == j.candidates[0].person for j in sure)
    shown = sum(truth[j.claim] in {pair.person for pair in j.candidates} for j in verdicts.values())
    known = sum(person is not None for person in truth.values())
    assert right / len(sure) >= 0.999
    assert shown / known >= 0.98
    assert right / known >= 0.7


def test_the_same_rows_and_people_always_give_the_same(world: World, rows: list[Row]) -> None:
    """Probabilities, and the order of candidates."""
    some = rows[:150]
    assert weighed(world.people, some) == weighed(world.people, some)
    assert judged(world.people, some) == judged(world.people, some)


def test_parameters_are_those_counted(world: World, rows: list[Row]) -> None:
    """How often a level is met by a row and its own person, counted again, fits the file."""
    truth = {row.n: row.truth for row in rows}
    own = [pair for pair in weighed(world.people, rows) if truth[pair.claim] == pair.person]
    model = load_model()
    for name, often in (("born", "same"), ("place", "village"), ("number", "slip_before")):
        met = Counter(pair.levels[name] for pair in own if pair.levels[name] != "unknown")
        share = met[often] / sum(met.values())
        assert model.parameters[name][often][0] == pytest.approx(share, rel=0.25), name


def one(pk: int, order: int, name: str = "买买提·吐尔逊", born: date = date(1940, 5, 1)) -> Human:
    """Return a man of one village."""
    body = f"659921{born:%Y%m%d}{order:03}"
    return Human(pk, body + check_digit(body), name, "M", born, "659921100201", "", "")


def asked(people: list[Human], **told: object) -> Verdict | None:
    """Return the verdict on one row about the first of them."""
    first = people[0]
    row = Row(1, first.name, "M", first.born, "659921100201", "", "", "", first.pk)
    for name, value in told.items():
        row = Row(**{**{f: getattr(row, f) for f in row.__slots__}, name: value})  # type: ignore[arg-type]
    found = judged(people, [row]).get(1)
    return found.verdict if found else None


def slip(number: str, at: int = 10) -> str:
    """Return a number with one digit wrong."""
    return number[:at] + str((int(number[at]) + 1) % 10) + number[at + 1 :]


@pytest.mark.parametrize(
    "name", ["麦麦提.图尔荪", "买买提 吐尔逊", "买买提•吐尔逊", "买麦提·吐尔孙", "买合买提·吐尔逊"]
)
def test_spellings_of_one_name_with_a_slip_in_the_number_are_sure(name: str) -> None:
    """Dots, blanks and transliterations."""
    people = [one(1, 11)]
    assert asked(people, name=name, digits=slip(people[0].number)) is Verdict.SURE


def test_twins_are_told_apart_by_number_and_name_or_not_at_all() -> None:
    """One household, one birthday: without a number of his own nobody is sure."""
    people = [one(1, 11), one(2, 13, "买买提·吐尔逊")]
    assert asked(people) is Verdict.DOUBTFUL
    brothers = [one(1, 11, "艾山·吐尔逊"), one(2, 13, "玉山·吐尔逊")]
    assert asked(brothers, digits=slip(brothers[0].number)) is Verdict.SURE


def test_whoever_has_another_number_is_never_sure() -> None:
    """A number that is nobody's neighbour speaks against."""
    people = [one(1, 11)]
    assert asked(people, digits="659921195511230028") is not Verdict.SURE
    assert asked(people, sex="F", digits=slip(people[0].number)) is Verdict.DOUBTFUL


def test_a_stranger_is_nobody() -> None:
    """Not doubtful: the desk is for doubts."""
    people = [one(1, 11)]
    far = {"name": "王建国", "born": date(1950, 2, 3), "place": "6599"}
    assert asked(people, **far) is None or asked(people, **far) is Verdict.NOBODY


NUMBERS = st.builds(
    lambda born, order: f"653222{born:%Y%m%d}{order:03}",
    st.dates(date(1900, 1, 1), date(2020, 12, 31)),
    st.integers(1, 999),
).map(lambda body: body + check_digit(body))


@given(NUMBERS, st.integers(0, 16), st.integers(1, 9))
def test_the_right_number_is_among_those_one_slip_away(number: str, at: int, by: int) -> None:
    """Of one wrong digit, and all of them are valid."""
    written = number[:at] + str((int(number[at]) + by) % 10) + number[at + 1 :]
    found = one_slip_away(written)
    assert number in found
    assert written not in found
    assert all(read_id_number(text).number is not None for text in found)
    assert len(found) < 60


@given(NUMBERS, st.integers(0, 16))
def test_exchanged_missing_and_doubled_digits_are_found(number: str, at: int) -> None:
    """The other slips of a pen."""
    exchanged = number[:at] + number[at + 1] + number[at] + number[at + 2 :]
    for written in (exchanged, number[:at] + number[at + 1 :], number[: at + 1] + number[at:]):
        assert written == number or number in one_slip_away(written)


@pytest.mark.parametrize("written", ["", "123", "X", "6.53E+17", "字" * 18, "9" * 40])
def test_what_is_no_number_is_near_none(written: str) -> None:
    """And does no harm."""
    assert one_slip_away(written) == []


def test_a_model_with_wrong_levels_or_numbers_is_refused() -> None:
    """Its file and the code belong together."""
    good = {name: {lv: [0.5, 0.5] for lv, _ in levels if lv != "unknown"}
            for name, levels in LEVELS.items()}  # fmt: skip
    assert read_model({"version": 9, "one_in": 10, "parameters": good}).version == 9
    for name, level, value in (("sex", "same", [1.0, 0.5]), ("sex", "third", [0.5, 0.5])):
        bad = {**good, name: {**good[name], level: value}}
        with pytest.raises(WrongModel):
            read_model({"version": 9, "one_in": 10, "parameters": bad})


GOOD = "model: 1\n" + "".join(
    f"{name}: {{value: {value}}}\n"
    for name, value in (
        ("sure", 0.99), ("ahead", 10), ("doubtful", 0.1), ("most", 3), ("twin", 0.9),
    )
)  # fmt: skip


def test_thresholds_are_read_and_checked() -> None:
    """Every mistake is told, with what to do."""
    assert read_thresholds(GOOD) == Thresholds(0.99, 10, 0.1, 3, 0.9)
    for wrong in ("[1]", GOOD.replace("0.99", "0.05"), GOOD + "more: 1\n", "model: 1\n", "a: ["):
        with pytest.raises(WrongRules):
            read_thresholds(wrong)


RULE = """
rules:
  one:
    label: 甲
    sentence: 甲。
    advice: 乙。
    when: {when}
    sides:
      - {{from: deaths, says: "{{died_on}}"}}
      - {{from: pension, says: 正常}}
    wins: deaths
    needs_person: true
    until_then: {until}
"""
KINDS = {"deaths": ["died_on"], "pension": ["pension_status"]}
COLUMNS = {"died_on": "DATE", "pension_status": "VARCHAR"}


@pytest.mark.parametrize(
    ("when", "told"),
    [
        ("nobody = 1", "不认识"),
        ("lower(pension_status) = 'x'", "不能用"),
        ("died_on IS NOT NULL; DROP TABLE said", "不能用"),
        ("(SELECT 1)", "不能用"),
    ],
)
def test_a_rule_with_something_strange_in_it_is_refused(when: str, told: str) -> None:
    """When the pack is read, never when it runs."""
    fine = RULE.format(when="died_on IS NOT NULL", until="rule")
    assert read_conflict_rules(fine, COLUMNS, KINDS).rules["one"].by_rule
    with pytest.raises(WrongRules, match=told):
        read_conflict_rules(RULE.format(when=when, until="both"), COLUMNS, KINDS)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("until_then: rule", "until_then: perhaps", "until_then"),
        ("wins: deaths", "wins: nobody", "有一方优先"),
        ("says: 正常", "says: 正常, value: shoes", "没有 shoes"),
        ("says: 正常", "says: 正常, entires: x", "看不懂 entires"),
        ("    until_then: rule\n", "", "缺少 until_then"),
    ],
)
def test_what_counts_until_somebody_has_decided_is_said_rightly(
    old: str, new: str, told: str
) -> None:
    fine = RULE.format(when="died_on IS NOT NULL", until="rule")
    with pytest.raises(WrongRules, match=told):
        read_conflict_rules(fine.replace(old, new), COLUMNS, KINDS)
