"""Formats, filters and forms: what is written, and what is read back."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.utils.datastructures import MultiValueDict

from yanglao.web.kit import formats
from yanglao.web.kit.filters import Filter, bind_filters
from yanglao.web.kit.forms import DayField, ManyFilesField

Make = Callable[..., HttpRequest]


@pytest.mark.parametrize(
    ("write", "value", "text"),
    [
        (formats.number, 1206, "1,206"),
        (formats.number, 0, "0"),
        (formats.number, -1206, "-1,206"),
        (formats.number, "1206", "1,206"),
        (formats.number, 12.5, "12.5"),
        (formats.number, Decimal("1000.00"), "1,000"),
        (formats.number, 0.0, "0"),
        (formats.number, None, "—"),
        (formats.percent, 0.814, "81%"),
        (formats.percent, None, "—"),
        (formats.yuan, 123450, "1,234.50"),
        (formats.yuan, None, "—"),
        (formats.day, date(2026, 10, 12), "10 月 12 日"),
        (formats.iso_day, datetime(2026, 10, 31, 20, tzinfo=UTC), "2026-11-01"),
        (formats.moment, datetime(2026, 10, 12, 6, 30, tzinfo=UTC), "10 月 12 日 14:30"),
        (formats.moment, None, "—"),
        (formats.seconds_left, 0.2, "还需约 1 秒"),
        (formats.seconds_left, 130, "还需约 2 分 10 秒"),
        (formats.seconds_left, 7260, "还需约 2 小时 1 分"),
        (formats.seconds_left, None, ""),
        (formats.sex, "M", "男"),
        (formats.sex, None, "性别不详"),
        (formats.masked_id, "653222194610121234", "6532**********1234"),
        (formats.masked_id, "", "—"),
        (formats.masked_name, "买买提·吐尔逊", "买＊＊·＊＊＊"),
        (formats.masked_phone, "13812340000", "138****0000"),
        (formats.masked_phone, "12345", "*****"),
        (formats.masked_phone, None, "—"),
        (formats.file_size, 512, "512 B"),
        (formats.file_size, 1_258_291, "1.2 MB"),
        (formats.file_size, 5 * 1024**3, "5.0 GB"),
    ],
)
def test_formats(write: Callable[[Any], str], value: Any, text: str) -> None:
    assert write(value) == text


def test_days_in_words() -> None:
    assert formats.full_day(date(2026, 10, 12)) == "2026 年 10 月 12 日"
    assert formats.month(date(2026, 10, 1)) == "2026 年 10 月"


def test_an_age_counts_whole_years() -> None:
    born = date(1946, 11, 1)
    assert formats.age_on(born, date(2026, 10, 31)) == "79 岁"
    assert formats.age_on(born, date(2026, 11, 1)) == "80 岁"
    assert formats.age_on(None, date(2026, 11, 1)) == "年龄不详"


FILTERS = (
    Filter("town", "乡镇", choices=[("1", "扎瓦镇"), ("2", "奎牙镇")]),
    Filter("q", "姓名", kind="text"),
    Filter("since", "从", kind="date"),
    Filter("month", "月", kind="month"),
    Filter("late", "只看过期", kind="check"),
)


def test_filters_read_the_address(make_request: Make) -> None:
    bar = bind_filters(
        make_request("/kit/gallery/?town=2&q= 王 &since=2026-10-01&month=2026-10&late=on"), FILTERS
    )
    assert [bar[item.name] for item in FILTERS] == ["2", "王", "2026-10-01", "2026-10", "1"]
    assert bar.day("since") == date(2026, 10, 1)
    assert [item.filter.name for item in bar.active] == [item.name for item in FILTERS]


@pytest.mark.parametrize(
    "query",
    ["town=3", "town=%27%20OR%201=1", "since=1.10.2026", "since=2026-13-01", "month=202610", ""],
)
def test_what_is_not_offered_counts_as_not_chosen(query: str, make_request: Make) -> None:
    assert bind_filters(make_request(f"/kit/gallery/?{query}"), FILTERS).active == []


def test_a_filter_nobody_declared_fails(make_request: Make) -> None:
    with pytest.raises(KeyError):
        bind_filters(make_request(), FILTERS)["twon"]
    with pytest.raises(ValueError, match="unknown kind"):
        Filter("a", "a", kind="range")


def test_filters_keep_sort_and_place_but_start_at_the_first_page(
    make_request: Make, draw: Callable[..., str]
) -> None:
    bar = bind_filters(
        make_request("/kit/gallery/?town=1&sort=-name&place=653222000000&page=3"),
        FILTERS,
        part_id="list",
    )
    page = BeautifulSoup(draw("{% filters bar %}", bar=bar), "html.parser")
    kept = {item["name"]: item["value"] for item in page.select("input[type=hidden]")}
    kept.pop("csrfmiddlewaretoken")
    # What is typed goes to the kit first: a number must not come into an address.
    assert kept == {"to": "/kit/gallery/", "typed": "q", "sort": "-name", "place": "653222000000"}
    assert bar.reset_url == "?sort=-name&place=653222000000"
    chosen = page.select_one("option[selected]")
    assert chosen is not None
    assert chosen.get_text() == "扎瓦镇"
    form = page.form
    assert form is not None
    assert form["hx-target"] == "#list"


class Sample(forms.Form):
    """A form with the awkward fields."""

    name = forms.CharField(label="姓名", help_text="与身份证一致")
    born = DayField(label="出生日期", required=False)
    living = forms.ChoiceField(
        label="居住", widget=forms.RadioSelect, choices=[("a", "独居"), ("b", "其他")]
    )
    told = forms.BooleanField(label="已告知", required=False)
    secret = forms.CharField(widget=forms.HiddenInput, initial="7")


def test_fields_are_wired_for_screen_readers(draw: Callable[..., str]) -> None:
    form = Sample({"name": "", "born": "1.1.1950", "living": "a", "secret": "7"})
    page = BeautifulSoup(draw("{% form_errors f %}{% form_fields f %}", f=form), "html.parser")
    control = page.select_one("input[name=name]")
    assert control is not None
    assert control["aria-invalid"] == "true"
    described = str(control["aria-describedby"]).split()
    texts = [page.find(id=name).get_text(strip=True) for name in described]  # type: ignore[union-attr]
    assert texts == ["与身份证一致", "请填写这一项。"]
    summary = page.select_one("[role=alert]")
    assert summary is not None
    assert [link["href"] for link in summary.select("a")] == ["#id_name", "#id_born"]
    legend = page.select_one("fieldset legend")
    assert legend is not None
    assert legend.get_text(strip=True) == "居住"
    assert page.select_one("input[type=hidden][name=secret]") is not None
    assert page.select_one("input[type=date][name=born]")["value"] == "1.1.1950"  # type: ignore[index]
    assert page.select_one("label[for=id_told]") is not None


def test_a_form_without_errors_says_nothing(draw: Callable[..., str]) -> None:
    assert draw("{% form_errors f %}", f=Sample()).strip() == ""


class Upload(forms.Form):
    """Several lists at once."""

    lists = ManyFilesField(label="名单", endings=(".xlsx", ".csv"), largest=10)


def upload(*files: tuple[str, int]) -> Upload:
    given = [SimpleUploadedFile(name, b"x" * size) for name, size in files]
    return Upload({}, MultiValueDict({"lists": given}))


def test_several_files_are_taken() -> None:
    form = upload(("a.xlsx", 3), ("B.CSV", 10))
    assert form.is_valid(), form.errors
    assert [file.name for file in form.cleaned_data["lists"]] == ["a.xlsx", "B.CSV"]


def test_each_wrong_file_is_named() -> None:
    form = upload(("a.exe", 3), ("b.csv", 11), ("c.csv", 1))
    assert not form.is_valid()
    assert form.errors["lists"] == [
        "“a.exe”不是可以读的文件，请用 .xlsx .csv。",
        "“b.csv”有 11 B，超过 10 B，请分成几份再传。",
    ]


def test_no_file_and_an_empty_file_are_refused() -> None:
    assert upload().errors["lists"] == ["请填写这一项。"]
    assert not upload(("a.csv", 0)).is_valid()


def test_the_drop_zone_is_a_label_of_its_field(draw: Callable[..., str]) -> None:
    page = BeautifulSoup(draw("{% file_drop f.lists '可以选几份' %}", f=Upload()), "html.parser")
    control = page.select_one("input[type=file][multiple]")
    assert control is not None
    assert control["accept"] == ".xlsx,.csv"
    assert page.select_one(f"label[for={control['id']}]") is not None


def test_what_is_written_wrong_is_said_plainly() -> None:
    class Told(forms.Form):
        day = forms.DateField()
        hours = forms.IntegerField(max_value=20)
        rate = forms.DecimalField()
        name = forms.CharField(max_length=3)

    said = Told({"day": "九月", "hours": "多", "rate": "一半", "name": "四个字啊"}).errors
    assert said == {
        "day": ["请写成 2026-03-05 这样的日期。"],
        "hours": ["请写整数，例如 12。"],
        "rate": ["请写数字，例如 12.5。"],
        "name": ["最多 3 个字，现在是 4 个。"],
    }
    assert Told({"day": "2026-09-01", "hours": "21"}).errors["hours"] == ["不能大于 20。"]
