"""Dates in every form of the lists, and birthdays."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yanglao.kernel.dates import (
    anniversary,
    first_of_month,
    read_date,
    whole_years,
    zh_date,
    zh_day,
    zh_month,
)

days = st.dates(date(1850, 1, 1), date(2200, 12, 31))


@pytest.mark.parametrize(
    "cell",
    [
        "1940-03-05",
        "1940-3-5",
        "1940/3/5",
        "1940/03/05",
        "19400305",
        19400305,
        19400305.0,
        "19400305.0",
        "1940年3月5日",
        "1940年03月05日",
        "1940 年 3 月 5 日",
        "1940年3月5号",
        "1940年3月5",
        "1940.3.5",
        "1940.03.05",
        "1940。3。5",
        "１９４０－０３－０５",
        "１９４０年３月５日",
        " 1940-03-05\u00a0",
        "'1940-03-05",
        "\ufeff1940-03-05\u200b",
        "1940- 3- 5",
        "1940—03—05",
        "1940-03-05 00:00:00",
        "1940/3/5 0:00",
        "1940-03-05T00:00:00",
        "1940-03-05T00:00:00.000Z",
        "1940-03-05 00:00:00+08:00",
        "1940/3/5 上午 12:00:00",
        "19400305000000",
        14675,
        14675.0,
        14675.75,
        "14675",
        "14675.5",
        date(1940, 3, 5),
        datetime(1940, 3, 5, 13, 30),  # noqa: DTZ001  cells have no zone
    ],
)
def test_the_fifth_of_march_1940(cell: object) -> None:
    assert read_date(cell) == date(1940, 3, 5)


@pytest.mark.parametrize(
    "cell",
    [
        "1940-03",
        "1940/3",
        "1940年3月",
        "1940.03",
        "194003",
        194003,
        194003.0,
        "1940 年 3 月",
        1940.3,
    ],
)
def test_a_month_alone_stands_for_its_first_day(cell: object) -> None:
    assert read_date(cell) == date(1940, 3, 1)


@pytest.mark.parametrize("cell", [None, "", "  ", "\u3000", "\u200b", "'", "\n"])
def test_blank_is_none(cell: object) -> None:
    assert read_date(cell) is None


@pytest.mark.parametrize(
    ("cell", "part"),
    [
        ("1943-02-29", "不存在"),
        ("1940-13-01", "不存在"),
        ("19400231", "不存在"),
        ("1940-00", "不存在"),
        (194013, "不存在"),
        ("0940-03-05", "年份不合理"),
        ("2940-03-05", "年份不合理"),
        (date(1, 1, 1), "年份不合理"),
        (1940, "只有年份"),
        ("1940", "只有年份"),
        ("40-03-05", "看不懂"),
        ("3/5/1940", "看不懂"),
        ("1940年", "看不懂"),
        ("不详", "看不懂"),
        ("1940-03-05至今", "看不懂"),
        (0.5, "看不懂"),
        (9999, "只有年份"),
        (99999, "看不懂"),
        (1940.1, "也可能是 10 月"),
        (-14675, "看不懂"),
        (float("nan"), "看不懂"),
        (1e300, "看不懂"),
        (True, "不是日期"),
        (time(0, 0), "不是日期"),
        (timedelta(1), "不是日期"),
    ],
)
def test_what_is_no_day_is_refused_with_a_sentence(cell: object, part: str) -> None:
    with pytest.raises(ValueError, match=part):
        read_date(cell)


def test_without_end_is_a_day_too() -> None:
    assert read_date("9999-12-31") == date(9999, 12, 31)


@pytest.mark.parametrize(
    ("serial", "day"),
    [
        (10000, date(1927, 5, 18)),
        (36526, date(2000, 1, 1)),
        (46327, date(2026, 11, 1)),
        (80000, date(2119, 1, 11)),
    ],
)
def test_excel_serials(serial: int, day: date) -> None:
    assert read_date(serial) == read_date(str(serial)) == read_date(float(serial)) == day


@given(days)
def test_every_form_gives_the_day_back(day: date) -> None:
    forms = [
        day,
        datetime(day.year, day.month, day.day, 12),  # noqa: DTZ001
        day.isoformat(),
        f"{day.year}/{day.month}/{day.day}",
        f"{day.year}.{day.month}.{day.day}",
        f"{day.year}年{day.month}月{day.day}日",
        f"{day:%Y%m%d}",
        int(f"{day:%Y%m%d}"),
        float(f"{day:%Y%m%d}"),
    ]
    assert {read_date(form) for form in forms} == {day}


@given(st.dates(date(1927, 5, 18), date(2119, 1, 10)))
def test_serials_round_trip(day: date) -> None:
    assert read_date((day - date(1899, 12, 30)).days) == day


@given(
    st.one_of(
        st.text(),
        st.text("0123456789-/.年月日 :T"),
        st.floats(),
        st.integers(),
        st.binary(),
        st.times(),
    )
)
def test_garbage_raises_nothing_but_value_error(cell: object) -> None:
    try:
        day = read_date(cell)
    except ValueError as error:
        assert "请" in str(error)
    else:
        assert day is None or 1850 <= day.year <= 9999


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1946, 11, 1), date(2026, 10, 31), 79),
        (date(1946, 11, 1), date(2026, 11, 1), 80),
        (date(1944, 2, 29), date(2023, 2, 28), 78),
        (date(1944, 2, 29), date(2023, 3, 1), 79),
        (date(1944, 2, 29), date(2024, 2, 28), 79),
        (date(1944, 2, 29), date(2024, 2, 29), 80),
        (date(2026, 1, 2), date(2026, 1, 1), -1),
    ],
)
def test_whole_years(born: date, on: date, age: int) -> None:
    assert whole_years(born, on) == age


@given(days.filter(lambda day: day.year < 2070), st.integers(0, 120))
def test_a_birthday_is_the_first_day_of_an_age(born: date, age: int) -> None:
    birthday = anniversary(born, age)
    assert whole_years(born, birthday) == age
    assert whole_years(born, birthday - timedelta(1)) == age - 1


def test_anniversary_of_29_february() -> None:
    assert anniversary(date(2024, 2, 29), 1) == date(2025, 3, 1)
    assert anniversary(date(2024, 2, 29), 4) == date(2028, 2, 29)
    assert anniversary(date(2025, 10, 12), 1) == date(2026, 10, 12)
    with pytest.raises(ValueError, match="year"):
        anniversary(date(2025, 10, 12), 9000)


@pytest.mark.parametrize(
    "text", ["2026-10", "2026/10", "202610", "2026年10月", " 2026-10 ", "２０２６－１０"]
)
def test_first_of_month(text: str) -> None:
    assert first_of_month(text) == date(2026, 10, 1)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "2026-10-05", "十月"])
def test_no_month(text: str) -> None:
    with pytest.raises(ValueError, match="请"):
        first_of_month(text)


def test_days_in_chinese() -> None:
    day = date(2026, 10, 2)
    assert (zh_day(day), zh_date(day), zh_month(day)) == (
        "10 月 2 日",
        "2026 年 10 月 2 日",
        "2026 年 10 月",
    )
