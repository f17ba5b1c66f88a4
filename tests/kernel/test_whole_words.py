"""Words are kept whole, or refused with how long they may be and where they cannot be kept."""

import pytest

from yanglao.kernel.whole_words import at_field, whole


class Refused(ValueError):
    """What an app raises."""


def test_what_fits_is_kept_whole() -> None:
    assert whole("  核对过了 \n", 4, Refused) == "核对过了"


def test_what_does_not_fit_is_refused_not_cut_off() -> None:
    with pytest.raises(Refused, match="最多 4 个字，现有 5 个字"):
        whole("核对过了。", 4, Refused)


def test_an_end_of_line_counts_once_as_in_the_browser() -> None:
    assert whole("甲\r\n乙", 3, Refused) == "甲\n乙"


@pytest.mark.parametrize(
    "sign", ["\x00", "\x08", "\x1b", "\x7f", "\x85", "\ud800", "\u202e", "\u2066", "\uffff"]
)
def test_a_sign_that_nobody_sees_is_refused_with_its_place(sign: str) -> None:
    with pytest.raises(Refused, match="第 3 个字，“核对”后面"):
        whole(f"核对{sign}过了", 99, Refused)


@pytest.mark.parametrize(
    "text", ["甲\t乙\n丙", "👨‍👩‍👧‍👦🏳️‍🌈", "ئابدۇللا\u200f مەمەت", "甲\u2028乙", "𠮷野"]
)
def test_what_people_mean_is_kept(text: str) -> None:
    assert whole(text, 99, Refused) == text


def test_a_refusal_can_stand_at_its_field() -> None:
    class Errors(Exception):
        """Sentences by field."""

    with pytest.raises(Errors) as problem:
        whole("过长", 1, at_field("note", Errors))
    assert list(problem.value.args[0]) == ["note"]
