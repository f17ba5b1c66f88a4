"""Disability card numbers: twenty characters out of three parts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.disability import CardIssue, read_card
from yanglao.kernel.idnumber import IdIssue

ID = "11010519491231002X"


@pytest.mark.parametrize("category", range(1, 8))
@pytest.mark.parametrize("grade", range(1, 5))
def test_the_twenty_eight_kinds(category: int, grade: int) -> None:
    reading = read_card(f"{ID}{category}{grade}")
    assert reading.card is not None
    assert reading.card.id_number.text == ID
    assert (reading.card.category, reading.card.grade) == (category, grade)
    assert reading.sentence == ""


@pytest.mark.parametrize(
    "cell",
    [
        f" {ID.lower()}42",
        f"'{ID}42",
        "１１０１０５１９４９１２３１００２Ｘ４２",
        f"{ID} 4 2",
        f"{ID}-42",
        f"{ID}42b1",
    ],
)
def test_dirt_is_cleaned(cell: str) -> None:
    reading = read_card(cell)
    assert reading.card is not None
    assert (reading.card.category, reading.card.grade) == (4, 2)
    assert reading.card.text.startswith(f"{ID}42")


@pytest.mark.parametrize(
    ("cell", "issue"),
    [
        (None, CardIssue.EMPTY),
        ("  ", CardIssue.EMPTY),
        (6.5320119400101e19, CardIssue.LOST),
        ("6.53201E+19", CardIssue.LOST),
        (ID, CardIssue.MALFORMED),
        (f"{ID}4", CardIssue.MALFORMED),
        ("无", CardIssue.MALFORMED),
        (f"{ID}82", CardIssue.CATEGORY),
        (f"{ID}02", CardIssue.CATEGORY),
        (f"{ID}45", CardIssue.GRADE),
        ("11010519491231002142", CardIssue.ID_NUMBER),
    ],
)
def test_each_fault_has_its_issue(cell: object, issue: CardIssue) -> None:
    reading = read_card(cell)
    assert (reading.card, reading.issue) == (None, issue)
    assert "请" in reading.sentence


def test_what_could_be_read_is_kept() -> None:
    wrong_id = read_card("11010519491231002142")
    assert wrong_id.id_reading.issue is IdIssue.CHECK_DIGIT
    assert (wrong_id.category, wrong_id.grade) == (4, 2)
    wrong_grade = read_card(f"{ID}49")
    assert wrong_grade.id_reading.number is not None
    assert (wrong_grade.category, wrong_grade.grade) == (4, None)


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.dates()))
def test_nothing_makes_it_raise(cell: object) -> None:
    reading = read_card(cell)
    assert (reading.card is None) != (reading.issue is None)
