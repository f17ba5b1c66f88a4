"""Money: whole fen, exactly."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.money import format_yuan, plain_yuan, yuan_to_fen


@pytest.mark.parametrize(
    ("cell", "fen"),
    [
        (110, 11000),
        (110.0, 11000),
        (0.29, 29),
        (0.1 + 0.2, 30),
        (1234.5, 123450),
        (1234.5600000000001, 123456),
        ("1,234.50", 123450),
        ("1，234.50", 123450),
        ("￥120", 12000),
        ("¥ 120.00", 12000),
        ("120元", 12000),
        ("120 元/月", 12000),
        ("１２０．５", 12050),
        ("'120", 12000),
        ("120.", 12000),
        ("120.5000", 12050),
        ("-0.05", -5),
        ("¥-5", -500),
        (0, 0),
        (Decimal("12.34"), 1234),
    ],
)
def test_yuan_to_fen(cell: object, fen: int) -> None:
    assert yuan_to_fen(cell) == fen


@pytest.mark.parametrize(
    "cell",
    [
        None,
        "",
        "元",
        "1,23",
        "12.345",
        12.345,
        "一百",
        True,
        float("nan"),
        float("inf"),
        1e20,
        10**20,
        "1e5",
        "--5",
        "-¥-5",
        "1 2 3 x",
        "9" * 5000,
    ],
)
def test_what_is_no_amount(cell: object) -> None:
    with pytest.raises(ValueError, match="请"):
        yuan_to_fen(cell)


@pytest.mark.parametrize(
    ("fen", "formatted", "plain"),
    [
        (123450, "1,234.50", "1234.50"),
        (11000, "110.00", "110.00"),
        (5, "0.05", "0.05"),
        (-5, "-0.05", "-0.05"),
        (-123450, "-1,234.50", "-1234.50"),
        (0, "0.00", "0.00"),
    ],
)
def test_formats(fen: int, formatted: str, plain: str) -> None:
    assert (format_yuan(fen), plain_yuan(fen)) == (formatted, plain)


@given(st.integers(-(10**12), 10**12))
def test_round_trip(fen: int) -> None:
    assert (
        yuan_to_fen(format_yuan(fen))
        == yuan_to_fen(plain_yuan(fen))
        == yuan_to_fen(fen / 100)
        == fen
    )


@given(st.one_of(st.text(), st.floats(), st.integers(), st.none()))
def test_garbage_raises_nothing_but_value_error(cell: object) -> None:
    try:
        assert isinstance(yuan_to_fen(cell), int)
    except ValueError as error:
        assert "请" in str(error)
