"""Tables sort, page, choose, export and stay at a constant number of queries."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.contrib.auth.models import Group
from django.core.exceptions import BadRequest
from django.http import HttpRequest
from django.test import Client

from yanglao.web.kit.cells import value_of
from yanglao.web.kit.pager import LAST_PAGE, paginate
from yanglao.web.kit.parts import Action, Bar, Link, Status
from yanglao.web.kit.tables import Column, Table, TableSpec, ordered

Make = Callable[..., HttpRequest]


@dataclass(frozen=True)
class Row:
    pk: int
    name: str
    born: date | None


ROWS = [Row(1, "乙", date(1946, 10, 12)), Row(2, "甲", None), Row(3, "丙", date(1940, 1, 1))]

SPEC = TableSpec(
    key="rows",
    caption="样例",
    columns=(
        Column("name", "姓名", sort="name"),
        Column("born", "出生日期", kind="date", sort="born"),
        Column("pk", "号", kind="num", hidden=True),
    ),
    default_sort="born",
    page_size=2,
    row_key=lambda row: row.pk,
    row_url=lambda row: f"/people/{row.pk}/",
)


def html_of(table: Table, draw: Callable[..., str]) -> BeautifulSoup:
    return BeautifulSoup(draw("{% table t %}", t=table), "html.parser")


def names(table: Table) -> list[str]:
    return [row.name for row in table.page.rows]


def test_blank_values_come_last_in_both_directions(make_request: Make) -> None:
    """An unknown birth date is no early and no late one."""
    up = [row.name for row in ordered(ROWS, "born")]
    down = [row.name for row in ordered(ROWS, "-born")]
    assert (up, down) == (["丙", "乙", "甲"], ["乙", "丙", "甲"])


@pytest.mark.django_db
def test_querysets_sort_in_the_database_and_break_ties_by_key() -> None:
    for number in range(3):
        Group.objects.create(name=f"g{number}")
    sql = str(ordered(Group.objects.all(), "-name").query)
    assert "ORDER BY" in sql
    assert "NULLS LAST" in sql
    assert sql.rstrip().endswith('"auth_group"."id" ASC')


def test_only_offered_orders_are_taken(make_request: Make) -> None:
    """A made-up order would reach the database as a column name."""
    for asked, order in (
        ("name", "name"),
        ("-name", "-name"),
        ("password", "born"),
        ("--name", "born"),
    ):
        assert SPEC.order_of(make_request(f"/kit/gallery/?sort={asked}")) == order


def test_headings_turn_the_order_around_and_keep_the_address(make_request: Make) -> None:
    table = SPEC.bind(make_request("/kit/gallery/?town=1&sort=name&page=2"), ROWS)
    heading = {item.column.name: item for item in table.headings}
    assert (heading["name"].sorted, heading["name"].url) == ("ascending", "?town=1&sort=-name")
    assert (heading["born"].sorted, heading["born"].url) == ("", "?town=1&sort=born")
    assert heading["pk"].url == ""


def test_pages_know_their_neighbours_without_counting(make_request: Make) -> None:
    def fetch(order: str, start: int, count: int) -> list[Row]:
        asked.append((order, start, count))
        return ROWS[start : start + count]

    asked: list[tuple[str, int, int]] = []
    first = SPEC.bind(make_request("/kit/gallery/?town=1"), fetch)
    assert (first.page.first, first.page.last, first.page.total) == (1, 2, None)
    assert first.page.next_url == "?town=1&page=2"
    assert first.page.previous_url == ""
    second = SPEC.bind(make_request("/kit/gallery/?page=2"), fetch)
    assert (second.page.first, second.page.last, second.page.has_next) == (3, 3, False)
    assert asked == [("born", 0, 3), ("born", 2, 3)]


@pytest.mark.parametrize("page", ["0", "-1", "x", "1.5", "²", str(LAST_PAGE + 1), "9" * 50])
def test_an_impossible_page_is_refused_with_advice(page: str, make_request: Make) -> None:
    with pytest.raises(BadRequest, match="页码"):
        paginate(make_request(f"/kit/gallery/?page={page}"), ROWS)


def test_the_deepest_page_says_how_to_go_on(make_request: Make, draw: Callable[..., str]) -> None:
    page = paginate(
        make_request(f"/kit/gallery/?page={LAST_PAGE}"), list(range(5 * LAST_PAGE)), size=2
    )
    assert page.has_next
    assert page.next_url == ""
    assert "缩小范围" in draw("{% pager page %}", page=page)


@pytest.mark.django_db
def test_queries_do_not_grow_with_rows(
    make_request: Make, same_number_of_queries: Callable[..., int]
) -> None:
    spec = TableSpec(key="g", caption="g", columns=(Column("name", "g", sort="name"),))

    def page() -> None:
        assert spec.bind(make_request(), Group.objects.all()).lines

    def many() -> None:
        page()

    Group.objects.create(name="one")
    few = page
    Group.objects.bulk_create([Group(name=f"g{n}") for n in range(60)])
    assert same_number_of_queries(few, many) == 1


def test_a_table_draws_for_readers_with_and_without_eyes(
    make_request: Make, draw: Callable[..., str]
) -> None:
    table = SPEC.bind(
        make_request("/kit/gallery/?town=1"),
        ROWS,
        total=3,
        export_url="/export/?kind=a",
        actions=[Action("退回", value="return", tone="error", confirm="退回 %d 条？")],
        action_url="/act/",
        part_id="list",
    )
    html = html_of(table, draw)
    assert html.caption is not None
    assert html.caption.get_text() == "样例"
    sorted_by = html.find("th", attrs={"aria-sort": True})
    assert sorted_by is not None
    assert (sorted_by["data-col"], sorted_by["aria-sort"]) == ("born", "ascending")
    assert html.select("tbody tr")[0]["data-href"] == "/people/3/"
    assert html.select_one("tbody th[scope=row] a[href='/people/3/']") is not None
    assert html.select_one("td[data-title='出生日期']") is not None
    assert html.select_one("td[data-col=pk][data-hidden]") is not None
    assert html.select_one("input[name=chosen][value='3'][aria-label='选 丙']") is not None
    assert html.select_one("a[download]")["href"] == "/export/?kind=a&town=1"  # type: ignore[index]
    assert html.select_one("button[value=return]")["data-confirm"] == "退回 %d 条？"  # type: ignore[index]
    assert html.select_one("a[rel=next]")["hx-target"] == "#list"  # type: ignore[index]
    assert "第 1–2 条，共 3 条" in html.get_text()


def test_a_column_can_be_kept_from_a_reader(make_request: Make) -> None:
    table = SPEC.bind(make_request(), ROWS, without=["born"])
    assert [column.name for column in table.columns] == ["name", "pk"]


def test_an_empty_table_says_what_to_do(make_request: Make, draw: Callable[..., str]) -> None:
    empty = {
        "title": "还没有名单",
        "text": "先下载空表。",
        "action_url": "/t/",
        "action_text": "下载",
    }
    html = html_of(SPEC.bind(make_request(), [], empty=empty), draw)
    assert html.find("table") is None
    assert html.get_text(" ", strip=True) == "还没有名单 先下载空表。 下载"
    assert "没有符合条件的记录" in html_of(SPEC.bind(make_request(), []), draw).get_text()


@pytest.mark.parametrize(
    ("kind", "value", "drawn"),
    [
        ("text", None, "—"),
        ("text", "<b>", "&lt;b&gt;"),
        ("num", 1234567, "1,234,567"),
        ("pct", 0.814, "81%"),
        ("date", date(2026, 10, 31), "2026-10-31"),
        ("day", date(2026, 10, 12), "10 月 12 日"),
        ("money", 11000, "110.00"),
        ("id", "653222194610121234", "6532**********1234"),
        ("name_masked", "王秀英", "王＊＊"),
        ("sex", "F", "女"),
        ("yesno", None, "未知"),
        ("yesno", False, "否"),
        ("link", Link("<看>", "/x"), '<a class="link" href="/x">&lt;看&gt;</a>'),
        ("status", "plain words", "plain words"),
    ],
)
def test_cells(kind: str, value: Any, drawn: str, make_request: Make) -> None:
    spec = TableSpec(key="c", caption="c", columns=(Column("v", "v", kind=kind),))
    cell = spec.bind(make_request(), [{"v": value}]).lines[0].cells[0]
    assert str(cell.html) == drawn


def test_drawn_cells_carry_icon_bar_note_and_link(make_request: Make) -> None:
    spec = TableSpec(
        key="c",
        caption="c",
        columns=(
            Column("state", "s", kind="status", note=lambda row: "<条款 6>"),
            Column("bar", "b", kind="bar"),
            Column("name", "n", link=lambda row: "/p/"),
        ),
    )
    row = {"state": Status("退回", "error"), "bar": Bar(1, 2), "name": "<王>"}
    cells = spec.bind(make_request(), [row]).lines[0].cells
    state, bar, name = (str(cell.html) for cell in cells)
    assert "<svg" in state
    assert cells[0].note == '<span class="k-source">&lt;条款 6&gt;</span>'
    assert cells[1].note == ""
    assert 'width="50.0"' in bar
    assert name == '<a class="link k-cell-link" href="/p/">&lt;王&gt;</a>'


def test_a_misspelt_column_fails() -> None:
    """An empty column would look like missing data."""
    with pytest.raises(AttributeError):
        value_of(ROWS[0], "nmae")
    assert value_of({"a": {"b": 1}}, "a.b") == 1
    assert value_of({"a": None}, "a__b") is None


def test_a_wrong_declaration_fails() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        Column("a", "a", kind="number")
    first = Column("a", "a", link=lambda row: "/")
    with pytest.raises(ValueError, match="already opens the row"):
        TableSpec(key="t", caption="t", columns=(first,), row_url=lambda row: "/")
    with pytest.raises(ValueError, match="same name"):
        TableSpec(key="t", caption="t", columns=(Column("a", "a"), Column("a", "b")))


def test_the_fragment_is_the_piece_of_the_page(client: Client) -> None:
    """What htmx swaps in must be what a reload would show (les-emplois' habit)."""
    address = "/kit/gallery/?sort=-name&town=扎瓦镇&page=2"
    page = BeautifulSoup(client.get(address).content, "html.parser")
    part = BeautifulSoup(client.get(address, headers={"HX-Request": "true"}).content, "html.parser")
    for one in (page, part):
        for token in one.find_all("input", attrs={"name": "csrfmiddlewaretoken"}):
            token.decompose()
    whole = page.find(id="gallery-list")
    assert whole is not None
    assert whole.get_text(" ", strip=True) == part.get_text(" ", strip=True)
    assert [str(row) for row in whole.select("tr")] == [str(row) for row in part.select("tr")]
