"""ID numbers: GB 11643-1999, and everything that clerks and spreadsheets do to them."""

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from yanglao.kernel.idnumber import (
    IdIssue,
    IdNumber,
    check_digit,
    mask_id_number,
    read_id_number,
    upgrade15,
)

births = st.dates(date(1850, 1, 1), date(2100, 12, 31))
regions = st.integers(110000, 829999).map(str)


@st.composite
def numbers(draw: st.DrawFn) -> str:
    born = draw(births)
    first17 = f"{draw(regions)}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return first17 + check_digit(first17)


def test_the_example_of_the_standard() -> None:
    assert check_digit("11010519491231002") == "X"
    number = IdNumber("11010519491231002X")
    assert (number.birth_date, number.sex, number.region) == (date(1949, 12, 31), "F", "110105")
    assert str(number) == "11010519491231002X"


@pytest.mark.parametrize(
    "cell",
    [
        "11010519491231002X",
        "11010519491231002x",
        "１１０１０５１９４９１２３１００２Ｘ",
        "11010519491231002ｘ",
        "11010519491231002×",
        "11010519491231002Х",  # Cyrillic
        " 110105 19491231 002X ",
        "110105\u00a019491231\u3000002X\t\n",
        "\ufeff110105194912310\u200b02X\u202c",
        "'11010519491231002X",
        "’11010519491231002X",
        "‘11010519491231002X’",
        "`11010519491231002X",
        "110105-19491231-002X",
        "110105—19491231－002X",
        "110105491231002",
        110105491231002,
        110105491231002.0,
        "110105491231002.0",
    ],
)
def test_every_way_of_writing_gives_the_same_number(cell: object) -> None:
    reading = read_id_number(cell)
    assert reading.issue is None
    assert reading.number == IdNumber("11010519491231002X")
    assert reading.cleaned == "11010519491231002X"
    assert reading.sentence == ""


@pytest.mark.parametrize(
    ("cell", "issue"),
    [
        (None, IdIssue.EMPTY),
        ("", IdIssue.EMPTY),
        (" \u3000\u200b'", IdIssue.EMPTY),
        (6.53201194001011e17, IdIssue.LOST),
        (1234567890123456.0, IdIssue.LOST),
        ("6.53201E+17", IdIssue.LOST),
        ("6.53201194001011E+17", IdIssue.LOST),
        ("'6.53201e17", IdIssue.LOST),
        ("６．５３２０１Ｅ＋１７", IdIssue.LOST),
        ("6E+17", IdIssue.LOST),
        (True, IdIssue.MALFORMED),
        (float("nan"), IdIssue.MALFORMED),
        (float("inf"), IdIssue.MALFORMED),
        (12.5, IdIssue.MALFORMED),
        (-110105491231002, IdIssue.MALFORMED),
        (date(1940, 1, 1), IdIssue.MALFORMED),
        ("1101051949123100", IdIssue.MALFORMED),
        ("1101051949123100211", IdIssue.MALFORMED),
        ("01010519491231002X", IdIssue.MALFORMED),
        ("11010519X91231002X", IdIssue.MALFORMED),
        ("不详", IdIssue.MALFORMED),
        ("110105194912310021", IdIssue.CHECK_DIGIT),
        (110105194912310021, IdIssue.CHECK_DIGIT),
        ("110105490231002", IdIssue.BIRTH_DATE),
        ("11010518490101001" + check_digit("11010518490101001"), IdIssue.BIRTH_DATE),
        ("11010519430229001" + check_digit("11010519430229001"), IdIssue.BIRTH_DATE),
    ],
)
def test_each_fault_has_its_issue(cell: object, issue: IdIssue) -> None:
    reading = read_id_number(cell)
    assert (reading.number, reading.issue) == (None, issue)
    assert "请" in reading.sentence


def test_a_python_int_of_eighteen_digits_is_whole() -> None:
    text = "65320119400101123" + check_digit("65320119400101123")
    assert read_id_number(int(text)).number == IdNumber(text)


def test_the_birth_date_is_still_hinted_when_the_check_digit_is_wrong() -> None:
    assert read_id_number("110105194912310021").birth_hint == date(1949, 12, 31)
    assert read_id_number("110105194913310021").birth_hint is None
    assert read_id_number("6.53201194001011E+17").birth_hint is None
    assert read_id_number(None).birth_hint is None


def test_born_on_29_february() -> None:
    leap = "65320119440229001" + check_digit("65320119440229001")
    number = read_id_number(leap).number
    assert number is not None
    assert number.birth_date == date(1944, 2, 29)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("653201194001011234", "6532**********1234"),
        ("65320119400101123442", "6532************3442"),
        ("12345", "*****"),
        ("", ""),
    ],
)
def test_masking(text: str, masked: str) -> None:
    assert mask_id_number(text) == masked


@pytest.mark.parametrize(
    "wrong", ["", "1101051949123100", "1101051949123100२", "1101051949123100X"]
)
def test_check_digit_wants_seventeen_digits(wrong: str) -> None:
    with pytest.raises(ValueError, match="17 位"):
        check_digit(wrong)


def test_upgrade_wants_fifteen_digits() -> None:
    with pytest.raises(ValueError, match="15 位"):
        upgrade15("11010549123100")


def test_no_invalid_number_can_be_made() -> None:
    with pytest.raises(ValueError, match="校验位"):
        IdNumber("110105194912310021")


@given(numbers())
def test_a_good_number_is_read_as_itself(text: str) -> None:
    number = read_id_number(text).number
    assert number is not None
    assert number.text == text
    assert f"{number.birth_date:%Y%m%d}" == text[6:14]


@given(numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_a_single_wrong_character_is_always_found(text: str, at: int, wrong: str) -> None:
    assume(text[at] != wrong)
    broken = text[:at] + wrong + text[at + 1 :]
    assert read_id_number(broken).number is None


@given(numbers(), st.integers(0, 16))
def test_two_neighbours_changed_about_are_always_found(text: str, at: int) -> None:
    assume(text[at] != text[at + 1])
    broken = text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    assert read_id_number(broken).number is None


@given(st.dates(date(1900, 1, 1), date(1999, 12, 31)), regions, st.integers(0, 999))
def test_an_old_number_keeps_its_birth_date(born: date, region: str, sequence: int) -> None:
    old = f"{region}{born:%y%m%d}{sequence:03d}"
    for cell in (old, int(old), float(old)):
        number = read_id_number(cell).number
        assert number is not None
        assert number.birth_date == born


@given(
    numbers(),
    st.sampled_from([" ", "\u00a0", "\u3000", "\u200b", "-", "'", "\n"]),
    st.integers(0, 18),
)
def test_dirt_does_not_change_the_number(text: str, dirt: str, at: int) -> None:
    assert read_id_number(text[:at] + dirt + text[at:].lower()).cleaned == text


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none(), st.booleans(), st.dates()))
def test_nothing_makes_it_raise(cell: object) -> None:
    reading = read_id_number(cell)
    assert (reading.number is None) != (reading.issue is None)
    assert reading.birth_hint is None or reading.birth_hint.year >= 1850
