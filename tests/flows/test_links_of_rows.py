"""What ``links.csv`` says of each row: whose it is, how sure, who else it might be."""

import pytest

from tests.flows.list_rows import HandIn, household, number, survey, wrong

pytestmark = pytest.mark.django_db


def test_a_row_linked_by_all_but_its_number_says_to_whom(hand_in: HandIn) -> None:
    """The person came in with an earlier batch, and nobody of this one has his number."""
    hand_in(
        [household(7, "图尔荪·热合曼", 出生日期="1940-03-05", 性别="男", 户号="0017")], full=True
    )
    rows = [
        survey(
            "吐尔逊.热合曼",
            公民身份号码=wrong(number(7)),
            出生日期="1940-03-05",
            性别="男",
            户号="0017",
        )
    ]
    (line,) = hand_in(rows, links=True).lists[0].links
    assert (line.outcome, line.id_number) == ("linked", number(7))
    assert line.probability is not None
    assert line.probability > 0.99


def test_a_row_with_its_number_and_one_of_a_stranger(hand_in: HandIn) -> None:
    """Exact by number, probability 1; who stands nowhere with a good number gets a file."""
    hand_in([household(7)], full=True)
    rows = [survey(公民身份号码=number(7)), survey("阿米娜·依明", 公民身份号码=number(8))]
    found, opened = hand_in(rows, links=True).lists[0].links
    assert (found.outcome, found.id_number, found.probability) == ("linked", number(7), 1.0)
    assert (opened.outcome, opened.id_number) == ("new", number(8))


def test_a_row_of_nobody_goes_back_and_names_nobody(hand_in: HandIn) -> None:
    """A wrong number never opens a file."""
    hand_in([household(7)], full=True)
    row = survey("库尔班·肉孜", 公民身份号码=wrong(number(9)), 出生日期="1951-07-09")
    (line,) = hand_in([row], links=True).lists[0].links
    assert (line.outcome, line.id_number, line.candidates) == ("returned", "", ())
