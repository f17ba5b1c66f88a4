"""Division codes: as clerks write them, and what lies in what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.division import code_range, contains, level_of, normalise_code, prefix

codes = st.builds(
    lambda head, tail: (head + tail)[: 6 + len(tail)].ljust(12, "0"),
    st.integers(110000, 659999).map(str),
    st.sampled_from(["", "100", "501", "100201"]),
)


@pytest.mark.parametrize(
    "cell",
    [
        "653201",
        "653201000",
        "653201000000",
        653201,
        653201.0,
        653201000000.0,
        " 653201 ",
        "６５３２０１",
        "'653201",
        "653201.0",
    ],
)
def test_one_county_written_many_ways(cell: object) -> None:
    assert normalise_code(cell) == "653201000000"


def test_town_and_village() -> None:
    assert normalise_code(653201100) == "653201100000"
    assert normalise_code(653201100201.0) == "653201100201"


@pytest.mark.parametrize(
    "cell",
    [None, "", "6532", "65320", "和田市", "6532011", True, 1.5, "053201", float("nan"), "653201X"],
)
def test_what_is_no_code(cell: object) -> None:
    with pytest.raises(ValueError, match="6、9 或 12 位"):
        normalise_code(cell)


@pytest.mark.parametrize(
    ("code", "part", "level"),
    [
        ("650000000000", "65", "province"),
        ("653200000000", "6532", "prefecture"),
        ("659000000000", "6590", "prefecture"),
        ("653201000000", "653201", "county"),
        ("659001000000", "659001", "county"),
        ("653201100000", "653201100", "town"),
        ("653201100201", "653201100201", "village"),
        ("6532", "6532", "prefecture"),
        ("65", "65", "province"),
        ("653200", "6532", "prefecture"),
    ],
)
def test_significant_part(code: str, part: str, level: str) -> None:
    assert prefix(code) == part
    assert level_of(code) == level


@pytest.mark.parametrize("area", ["", "6", "653", "0000", "和田", "65320", "6532011"])
def test_a_forgotten_area_is_never_everywhere(area: str) -> None:
    for act in (prefix, level_of, code_range):
        with pytest.raises(ValueError, match="不是区划代码"):
            act(area)


def test_contains() -> None:
    assert contains("6532", "653201100201")
    assert contains("653200000000", "653201000000")
    assert contains("653201000000", "653201000000")
    assert not contains("653201000000", "653200000000")
    assert not contains("6532", "653101000000")
    assert not contains("653201", "653221000000")


def test_range_ends() -> None:
    assert code_range("6532") == ("653200000000", "653300000000")
    assert code_range("653201100201") == ("653201100201", "653201100202")
    low, high = code_range("99")
    assert low <= "999999999999" < high


@given(codes, codes)
def test_range_and_contains_agree(area: str, code: str) -> None:
    low, high = code_range(area)
    assert (low <= code < high) == contains(area, code)


@given(codes)
def test_normal_codes_stay(code: str) -> None:
    assert normalise_code(code) == normalise_code(int(code)) == normalise_code(float(code)) == code


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none()))
def test_garbage_raises_nothing_but_value_error(cell: object) -> None:
    try:
        assert len(normalise_code(cell)) == 12
    except ValueError as error:
        assert "区划代码" in str(error)
