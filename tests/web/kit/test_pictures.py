"""Charts and maps: honest numbers, a table behind, nothing from outside."""

import json
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup

from yanglao.web.kit.charts import Chart, Series, bar_chart, line_chart, pie_chart, stacked_chart
from yanglao.web.kit.maps import Area, Spot, point_map, quantile_steps, shaded_map

Draw = Callable[..., str]
PAIRS = [("扎瓦镇", 52), ("奎牙镇", None), ("喀拉喀什镇", 1206)]
SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]}


def bars(**more: object) -> Chart:
    return bar_chart(
        "喀拉喀什镇最多",
        "各乡镇线索",
        PAIRS,
        label_title="乡镇",
        value_title="线索",
        unit="条",
        **more,
    )  # type: ignore[arg-type]


def test_a_chart_carries_its_answer_question_and_table(draw: Draw) -> None:
    page = BeautifulSoup(draw("{% chart c %}", c=bars(urls=("/a", "", "/c"))), "html.parser")
    assert page.h2 is not None
    assert page.h2.get_text() == "喀拉喀什镇最多"
    assert "各乡镇线索，单位：条" in page.get_text()
    rows = [row.get_text(" ", strip=True) for row in page.select("tbody tr")]
    assert rows == ["扎瓦镇 52", "奎牙镇 —", "喀拉喀什镇 1,206"]
    picture = page.select_one("[data-chart]")
    assert picture is not None
    assert picture["role"] == "img"
    data = page.find(id=picture["data-chart"])
    assert data is not None
    payload = json.loads(data.get_text())
    assert payload["option"]["series"][0]["data"] == [52, None, 1206]
    assert payload["urls"] == ["/a", "", "/c"]


def test_a_gap_is_no_zero() -> None:
    """A month whose list never came must not be drawn as nobody."""
    chart = line_chart("t", "q", ["1", "2"], [Series("s", (None, 3))], label_title="月")
    assert chart.payload["option"]["series"][0]["data"] == [None, 3]


def test_names_lie_and_time_stands() -> None:
    assert bars().payload["option"]["yAxis"]["inverse"] is True
    assert bars(kind="column").payload["option"]["xAxis"]["type"] == "category"


def test_a_target_is_a_line_on_the_axis_of_values() -> None:
    series = bars(target=90).payload["option"]["series"][0]
    assert series["markLine"]["data"] == [{"xAxis": 90}]
    assert bars(target=90, kind="column").payload["option"]["series"][0]["markLine"]["data"] == [
        {"yAxis": 90}
    ]


def test_many_slices_fold_into_others() -> None:
    pairs = [(str(value), value) for value in range(1, 10)]
    pie = pie_chart("t", "q", pairs, label_title="l", value_title="v")
    assert pie.labels == ("9", "8", "7", "6", "5", "其他")
    assert pie.series[0].values[-1] == 1 + 2 + 3 + 4
    assert sum(value or 0 for value in pie.series[0].values) == sum(range(1, 10))


def test_series_of_another_length_fail() -> None:
    with pytest.raises(ValueError, match="3 values for 2 labels"):
        stacked_chart("t", "q", ["a", "b"], [Series("s", (1, 2, 3))], label_title="l")
    with pytest.raises(ValueError, match="urls"):
        bars(urls=("/a",))
    with pytest.raises(ValueError, match="unknown chart kind"):
        bars(kind="radar")


def test_an_empty_chart_says_so(draw: Draw) -> None:
    nothing = bar_chart("t", "q", [("a", None)], label_title="l", value_title="v")
    html = draw("{% chart c %}", c=nothing)
    assert "没有可以画的数字" in html
    assert "data-chart" not in html


def test_data_of_a_picture_cannot_end_its_script(draw: Draw) -> None:
    evil = "</script><script>alert(1)</script>"
    chart = bar_chart(evil, evil, [(evil, 1)], label_title=evil, value_title=evil)
    places = shaded_map(evil, evil, [Area("1", evil, 1, shape=SQUARE)], value_title=evil)
    for html in (draw("{% chart c %}", c=chart), draw("{% map m %}", m=places)):
        assert "<script>alert" not in html
        assert len(BeautifulSoup(html, "html.parser").find_all("script")) == 1


@pytest.mark.parametrize(
    ("values", "steps"),
    [
        ([], ()),
        ([None, None], ()),
        ([5, 5, 5], ()),
        ([1, 9], (9,)),
        ([1, 2, 3, None], (2, 3)),
        (list(range(100)), (20, 40, 60, 80)),
    ],
)
def test_classes_hold_about_as_many_areas_each(
    values: list[float | None], steps: tuple[float, ...]
) -> None:
    assert quantile_steps(values) == steps


def test_shades_follow_the_legend() -> None:
    areas = [Area(str(n), str(n), n, seat=(80, 37)) for n in (1, 5, 10, 50)]
    shown = shaded_map("t", "q", areas, value_title="v", steps=(5, 50))
    assert [shown.shade(value) for value in (0, 1, 5, 49, 50, None)] == [0, 0, 2, 2, 4, -1]
    assert [(item.shade, item.words) for item in shown.legend] == [
        (0, "< 5"),
        (2, "5–50"),
        (4, "≥ 50"),
    ]


def test_no_data_is_not_the_lightest_shade(draw: Draw) -> None:
    areas = [Area("1", "扎瓦镇", None, shape=SQUARE), Area("2", "奎牙镇", 0, shape=SQUARE)]
    shown = shaded_map("t", "q", areas, value_title="线索")
    features = shown.payload["shapes"]["features"]
    assert [item["properties"]["shade"] for item in features] == [-1, 2]
    text = BeautifulSoup(draw("{% map m %}", m=shown), "html.parser").get_text(" ", strip=True)
    assert "扎瓦镇 没有数据 奎牙镇 0" in text


def test_an_area_without_shape_is_drawn_at_its_seat() -> None:
    shown = shaded_map(
        "t", "q", [Area("1", "a", 4, seat=(80.1, 37.2)), Area("2", "b", 1)], value_title="v"
    )
    (seat,) = shown.payload["seats"]["features"]
    assert seat["geometry"] == {"type": "Point", "coordinates": [80.1, 37.2]}
    assert seat["properties"]["size"] == 1
    assert not shown.is_empty


def test_a_map_without_places_shows_its_table(draw: Draw) -> None:
    shown = shaded_map("t", "q", [Area("1", "扎瓦镇", 4)], value_title="线索")
    html = draw("{% map m %}", m=shown)
    assert "还没有坐标" in html
    assert "data-map" not in html
    assert "扎瓦镇" in html


@pytest.mark.parametrize("steps", [(3, 2), (1, 1), (1, 2, 3, 4, 5)])
def test_wrong_steps_fail(steps: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match="ascend"):
        shaded_map("t", "q", [], value_title="v", steps=steps)


def test_points_keep_their_words() -> None:
    shown = point_map("t", "q", [Spot(80, 37, "老人甲", "独居", "/p/1/", "accent")])
    (spot,) = shown.payload["spots"]["features"]
    assert spot["properties"] == {
        "name": "老人甲",
        "note": "独居",
        "url": "/p/1/",
        "tone": "accent",
    }
    assert shown.legend == []
