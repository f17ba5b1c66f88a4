"""我能享受什么: eight questions at most, one a page, without script, account, cookie or trace."""

from typing import Any

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.flows import population as p
from tests.web.desks.factories import page_of, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def published(db: None) -> None:
    """The list of Hetian is in force."""
    p.publish()


def fields(form: Any) -> dict[str, str]:
    """Return the hidden fields of a form."""
    return {field["name"]: field["value"] for field in form.select("input[type=hidden]")}


def press(client: Client, page: BeautifulSoup, words: str) -> BeautifulSoup:
    """Press the button with these words, as a browser without script does."""
    for form in page.select("main form"):
        for button in form.select("button"):
            if button.get_text().strip().startswith(words):
                data = fields(form)
                if button.get("name"):
                    data[str(button["name"])] = str(button["value"])
                return page_of(client.post("/self/", data))
    raise AssertionError(f"no button {words}: {page.get_text()[:400]}")


def begin(client: Client) -> BeautifulSoup:
    """Press 开始."""
    return press(client, page_of(client.get("/self/")), "开始")


_ANSWERS = (
    "1940 到 1949",
    "1945 年",
    "都在本地",
    "低保",
    "一个人住",
    "大部分要人帮",
    "二级，需要长期照护",
    "没有",
    "城乡居民，在领",
)


def answered(client: Client) -> BeautifulSoup:
    """Answer everything and return the result."""
    page = begin(client)
    for words in _ANSWERS:
        page = press(client, page, words)
    return page


def test_the_way_through(published: None, client: Client) -> None:
    page = begin(client)
    assert "第 1 题，共 8 题" in page.get_text()
    for count, words in enumerate(_ANSWERS):
        assert page.h1 is not None
        assert any("不清楚" in button.get_text() for button in page.select("button")), count
        page = press(client, page, words)
    words = " ".join(page.get_text(" ").split())
    assert "您能享受的服务" in words
    assert "高龄津贴" in words and "重度残疾人护理补贴" in words
    assert "附件第6项" in words and "地区民政局" in words
    assert "12345" in words and "服务中心窗口" in words


def test_unsure_about_everything_is_answered_too(published: None, client: Client) -> None:
    page = begin(client)
    for _each in range(8):
        page = press(client, page, "不清楚")
    words = page.get_text()
    assert "您能享受的服务" in words
    assert "还要弄清" in words


def test_back_keeps_what_was_chosen(published: None, client: Client) -> None:
    page = begin(client)
    for words in _ANSWERS[:4]:
        page = press(client, page, words)
    assert "和谁一起住" in page.get_text()
    page = press(client, page, "上一题")
    chosen = page.select_one(".k-choice-chosen")
    assert chosen is not None and "低保" in chosen.get_text()
    # Forward again: what was said before is still there in the end.
    for words in _ANSWERS[3:]:
        page = press(client, page, words)
    assert "1945 年" in page.get_text() and "低保" in page.get_text()


def test_from_the_result_one_answer_can_be_changed(published: None, client: Client) -> None:
    page = answered(client)
    rows = [row for row in page.select("main ol li") if "出生" in row.get_text()]
    form = rows[0].find_parent("form")
    button = rows[0].select_one("button")
    assert form is not None and button is not None
    page = page_of(client.post("/self/", fields(form) | {"to": str(button["value"])}))
    page = press(client, page, "1950 到 1959")
    page = press(client, page, "1955 年")
    # The other questions come again with their answers marked, not lost.
    chosen = page.select_one(".k-choice-chosen")
    assert chosen is not None and "都在本地" in chosen.get_text()


def test_nothing_is_kept(published: None, client: Client) -> None:
    with CaptureQueriesContext(connection) as queries:
        answered(client)
    assert not [
        query["sql"]
        for query in queries.captured_queries
        if query["sql"].split()[0] in {"INSERT", "UPDATE", "DELETE"}
    ]
    assert "sessionid" not in client.cookies


def test_a_browser_without_cookies_is_served() -> None:
    p.publish()
    client = Client(enforce_csrf_checks=True)
    assert client.post("/self/", {"to": "1"}).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {"answered": "born", "born": "3000"},
        {"answered": "nothing", "to": "99"},
        {"answered": "born", "decade": "19x0"},
        {"assistance": "rich", "answered": "assistance"},
        {"to": "٣"},
    ],
)
def test_nonsense_is_asked_again(published: None, client: Client, sent: dict[str, str]) -> None:
    words = text_of(client.post("/self/", sent))
    assert "题，共 8 题" in words


def test_it_is_in_large_letters_and_can_be_read_aloud(published: None, client: Client) -> None:
    page = page_of(client.get("/self/"))
    assert page.html is not None and page.html["data-theme"] == "elder"
    assert page.select_one("[data-read]")


def test_before_a_list_is_published_the_telephone_stays(client: Client) -> None:
    words = text_of(client.get("/self/"), 503)
    assert "清单还没有公布" in words and "12345" in words
