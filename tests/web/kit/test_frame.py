"""What stands around a page: places, menu, look, banner, errors, login."""

from collections.abc import Callable
from typing import Any

import pytest
from bs4 import BeautifulSoup
from django import forms
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client

from yanglao.foundation.duck import NotEnoughMemory
from yanglao.web.kit import errors, menu
from yanglao.web.kit.menu import MenuEntry

Make = Callable[..., HttpRequest]


def page_of(client: Client, path: str = "/kit/gallery/form/", **options: Any) -> BeautifulSoup:
    return BeautifulSoup(client.get(path, **options).content, "html.parser")


def test_a_page_says_where_when_and_who(client: Client) -> None:
    page = page_of(client)
    assert page.title is not None
    assert page.title.get_text() == "表单 · 养老服务"
    places = page.find("nav", attrs={"aria-label": "地区"})
    assert places is not None
    assert places.find(attrs={"aria-current": "location"}).get_text() == "墨玉县"  # type: ignore[union-attr]
    assert [link.get_text() for link in places.select("details a")] == ["喀拉喀什镇", "扎瓦镇"]
    assert "数据截至 2026-10-31 · 第 23 次比对" in page.footer.get_text(" ", strip=True)  # type: ignore[union-attr]
    assert page.select_one("aside.k-demo").get_text() == "样例数据，人物均为虚构"  # type: ignore[union-attr]
    assert page.select_one("form[action='/logout/'][method=post]") is not None
    assert page.body.a.get_text() == "跳到正文"  # type: ignore[union-attr]
    assert page.find(id="main") is not None


def test_the_chosen_place_is_carried_along(client: Client) -> None:
    """Menu and search must not lead back to the whole county without a word."""
    menu.add(MenuEntry("总览", "kit:gallery", "map"))
    request_page = page_of(client)
    hidden = request_page.select_one("form.k-search input[type=hidden][name=place]")
    assert hidden is not None
    assert (hidden["name"], hidden["value"]) == ("place", "653222000000")
    assert request_page.select_one(".k-product")["href"] == "/?place=653222000000"  # type: ignore[index]


def test_the_menu_shows_what_the_reader_may_open(make_request: Make) -> None:
    menu.add(
        MenuEntry("乙", "kit:gallery-form", "map", order=2),
        MenuEntry("甲", "kit:gallery", "map", order=1, count=lambda request: 3, urgent=True),
        MenuEntry("密", "kit:gallery-act", "map", permission="see_runs"),
    )
    lines = menu.lines_for(make_request("/kit/gallery/"), "place=1")
    assert [(line.label, line.url, line.count, line.current) for line in lines] == [
        ("甲", "/kit/gallery/?place=1", 3, True),
        ("乙", "/kit/gallery/form/?place=1", 0, False),
    ]
    assert len(menu.lines_for(make_request("/kit/gallery/", "see_runs"))) == 3


def test_a_page_below_an_entry_marks_the_entry(make_request: Make) -> None:
    menu.add(MenuEntry("甲", "kit:gallery", "map"))
    (line,) = menu.lines_for(make_request("/kit/gallery/form/"))
    assert line.current


def test_without_a_reader_there_is_no_menu(make_request: Make) -> None:
    menu.add(MenuEntry("甲", "kit:gallery", "map"))
    request = make_request()
    request.reader = None  # type: ignore[attr-defined]
    assert menu.lines_for(request) == []


def test_five_entries_fit_the_phone_as_four_and_more(
    draw: Callable[..., str], make_request: Make
) -> None:
    names = ("gallery", "gallery-form", "gallery-elder", "gallery-export", "theme")
    menu.add(*(MenuEntry(name, f"kit:{name}", "map", order=n) for n, name in enumerate(names)))
    html = render_to_string("kit/frame/menu.html", {"menu": menu.lines_for(make_request())})
    bottom = BeautifulSoup(html, "html.parser").select_one(".k-bottom")
    assert bottom is not None
    assert len(bottom.find_all("a", recursive=False)) == 4
    assert len(bottom.select("details a")) == 1


def test_the_look_is_remembered(client: Client) -> None:
    assert page_of(client).html["data-theme"] == "song"  # type: ignore[index]
    assert page_of(client, "/kit/gallery/elder/").html["data-theme"] == "elder"  # type: ignore[index]
    answer = client.post("/kit/theme/", {"theme": "elder", "next": "/kit/gallery/form/"})
    assert answer["Location"] == "/kit/gallery/form/"
    assert page_of(client).html["data-theme"] == "elder"  # type: ignore[index]
    client.post("/kit/theme/", {"theme": "neon"})
    assert page_of(client).html["data-theme"] == "elder"  # type: ignore[index]
    client.post("/kit/theme/", {"theme": "song"})
    assert page_of(client, "/kit/gallery/elder/").html["data-theme"] == "song"  # type: ignore[index]


@pytest.mark.parametrize("target", ["https://evil.cn/", "//evil.cn/", "javascript:alert(1)", ""])
def test_the_look_never_leads_elsewhere(target: str, client: Client) -> None:
    answer = client.post("/kit/theme/", {"theme": "elder", "next": target})
    assert answer["Location"] == "/"


def test_public_pages_offer_voice_telephone_and_counter(client: Client) -> None:
    page = page_of(client, "/kit/gallery/elder/")
    assert page.select_one("button[data-read=main]") is not None
    assert page.select_one("a[href='tel:0903-6512345']") is not None
    assert "镇服务中心窗口" in page.footer.get_text()  # type: ignore[union-attr]
    assert page.select_one("button[value=unknown]").get_text(strip=True) == "不清楚"  # type: ignore[union-attr]


class SignIn(forms.Form):
    """The form of Django's login view, as far as the template goes."""

    username = forms.CharField(label="账号")
    password = forms.CharField(label="密码", widget=forms.PasswordInput)


def test_login_page(make_request: Make) -> None:
    html = render_to_string("kit/login.html", {"form": SignIn(), "next": "/leads/"}, make_request())
    page = BeautifulSoup(html, "html.parser")
    assert page.select_one("input[name=next]")["value"] == "/leads/"  # type: ignore[index]
    for name in ("username", "password"):
        control = page.select_one(f"input[name={name}]")
        assert control is not None
        assert page.select_one(f"label[for={control['id']}]") is not None


@pytest.mark.parametrize(
    ("view", "status", "title"),
    [
        (errors.bad_request, 400, "这个地址或表单读不懂"),
        (errors.forbidden, 403, "您不能打开这个页面"),
        (errors.not_found, 404, "没有这个页面"),
        (errors.server_error, 500, "程序出错了"),
        (errors.csrf_failure, 403, "这个表单已经过期"),
    ],
)
def test_error_pages_say_what_to_do(
    view: Callable[..., Any], status: int, title: str, make_request: Make
) -> None:
    for request in (make_request(), make_request(**{"HX-Request": "true"})):
        answer = view(request)
        assert answer.status_code == status
        assert title in answer.content.decode()
        assert "请" in answer.content.decode() or status == 404


def test_a_refusal_gives_the_reason_a_missing_page_does_not(make_request: Make) -> None:
    """404 must not say that a person exists outside the reader's area."""
    assert (
        "只能看本县"
        in errors.forbidden(make_request(), PermissionError("只能看本县")).content.decode()
    )
    missing = errors.not_found(make_request(), LookupError("王秀英 在和田市"))
    assert "王秀英" not in missing.content.decode()


def test_work_that_does_not_fit_into_memory_says_what_to_set(make_request: Make) -> None:
    """Trying again would not help: somebody has to set something."""
    try:
        raise NotEnoughMemory("“比对清单”没有做完")
    except NotEnoughMemory:
        answer = errors.server_error(make_request())
    assert answer.status_code == 503
    assert "YANGLAO_MEMORY" in answer.content.decode()
    assert "过一会儿再试" not in answer.content.decode()


def test_an_error_page_survives_a_broken_frame(
    make_request: Make, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.KIT_FRAME = "tests.web.kit.test_frame.broken_frame"
    answer = errors.not_found(make_request())
    assert answer.status_code == 404
    assert "没有这个页面" in answer.content.decode()
    assert "the frame of an error page failed" in caplog.text


def broken_frame(request: HttpRequest) -> None:
    """Fail as a frame provider does when the database is away."""
    raise ConnectionError("away")


def test_reader_signed_in_keeps_the_menu_on_an_error_page(make_request: Make) -> None:
    assert "k-header" in errors.not_found(make_request()).content.decode()
    request = make_request()
    request.reader = None  # type: ignore[attr-defined]
    assert "k-header" not in errors.not_found(request).content.decode()
