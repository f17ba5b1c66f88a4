"""The gallery in real Chromium: axe-core finds nothing, keys work, nothing sticks out sideways."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--enable-unsafe-swiftshader",
    "--lang=zh-CN",
]
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = ("/kit/gallery/", "/kit/gallery/form/", "/kit/gallery/elder/")


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """Return one browser for all tests of this file."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, live_server: Any, repository: Path) -> Iterator[Any]:
    """Return ``visit(path, width=1280, theme="song")``: an open page that has drawn everything."""
    assert (repository / "src/yanglao/web/kit/static/kit/dist/app.css").exists(), (
        "run: npm ci && npm run build"
    )
    opened: list[BrowserContext] = []
    problems: list[str] = []

    def go(path: str, width: int = 1280, theme: str = "song", height: int = 900) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale="zh-CN", has_touch=width < 500
        )
        opened.append(context)
        context.add_cookies([{"name": "kit_theme", "value": theme, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(live_server.url + path)
        page.wait_for_load_state("networkidle")
        return page

    yield go
    for context in opened:
        context.close()
    assert problems == [], "a script failed"


def findings(page: Page, repository: Path) -> list[str]:
    # Not as a script tag: the content security policy refuses it, as it should.
    page.evaluate((repository / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8"))
    result = page.evaluate("rules => axe.run({runOnly: rules})", RULES)
    return [f"{item['id']}: {item['nodes'][0]['html'][:120]}" for item in result["violations"]]


@pytest.mark.parametrize("theme", ["song", "elder"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_and_nothing_sticks_out(
    width: int, theme: str, visit: Any, repository: Path
) -> None:
    for path in PAGES:
        page = visit(path, width, theme)
        assert findings(page, repository) == [], path
        beyond = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert beyond <= 0, f"{path} at {width} px sticks out by {beyond} px"


@pytest.mark.parametrize("path", PAGES)
def test_a_projector_shows_the_same_page_larger(path: str, visit: Any) -> None:
    page = visit(path, 1920)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "18px"


def test_text_at_200_per_cent_loses_nothing(visit: Any) -> None:
    """WCAG 1.4.4 and 1.4.10: a 1280 px window at 200 % is a 640 px page."""
    for path in PAGES:
        page = visit(path, 640)
        assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_elder_pages_have_large_text_and_targets(visit: Any) -> None:
    page = visit("/kit/gallery/elder/", 360, "elder")
    assert page.evaluate("getComputedStyle(document.body).fontSize") == "20px"
    sizes = page.evaluate(
        "[...document.querySelectorAll('main button, main .btn, header button')]"
        ".filter(e => e.offsetParent).map(e => [e.offsetWidth, e.offsetHeight])"
    )
    assert len(sizes) >= 6
    assert all(width >= 60 and height >= 60 for width, height in sizes), sizes


def test_the_keyboard_alone_is_enough(visit: Any) -> None:
    page = visit("/kit/gallery/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("跳到正文")
    page.keyboard.press("/")
    expect(page.locator("#site-search")).to_be_focused()
    page.keyboard.press("ArrowDown")
    first = page.locator("main [data-href] a").first
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(first).not_to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(first).to_be_focused()
    summary = page.locator(".k-places summary")
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".k-places details")).to_have_attribute("open", "")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".k-places details a").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".k-places details")).not_to_have_attribute("open", "")
    expect(summary).to_be_focused()


def test_slash_in_a_field_is_a_slash(visit: Any) -> None:
    page = visit("/kit/gallery/form/")
    page.locator("textarea").click()
    page.keyboard.type("1/2")
    expect(page.locator("textarea")).to_have_value("1/2")


def test_choosing_rows_asking_and_telling(visit: Any) -> None:
    page = visit("/kit/gallery/")
    refuse = page.locator("button[value=return]")
    expect(refuse).to_be_disabled()
    page.locator("[data-choose-all]").check()
    expect(page.locator("[data-bulk-words]")).to_have_text("已选 8 条")
    refuse.click()
    expect(page.locator("dialog[open]")).to_contain_text("退回选中的 8 条")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    refuse.click()
    page.locator("dialog[open] .btn-error").click()
    expect(page.locator("[data-toast]")).to_contain_text("已办 8 条")


def test_filter_sort_and_page_swap_the_list_and_the_address(visit: Any) -> None:
    """It once forgot the order when a filter was set after sorting."""
    page = visit("/kit/gallery/")
    page.locator("thead th[data-col=name] a").click()
    expect(page.locator("thead th[data-col=name]")).to_have_attribute("aria-sort", "ascending")
    page.locator("select[name=town]").select_option("扎瓦镇")
    expect(page.locator(".k-pager").first).to_contain_text("共 23 条")
    assert "sort=name" in page.url
    assert "q=" not in page.url
    expect(page.locator("thead th[data-col=name]")).to_have_attribute("aria-sort", "ascending")
    page.locator("a[rel=next]").click()
    expect(page.locator(".k-pager").first).to_contain_text("第 9–16 条")
    shown = page.locator("#gallery-list tbody").inner_text()
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.locator("#gallery-list tbody").inner_text() == shown
    page.go_back()
    expect(page.locator("html")).to_be_visible()


def test_columns_chosen_are_remembered(visit: Any) -> None:
    page = visit("/kit/gallery/")
    cell = page.locator("td[data-col=id_number]").first
    expect(cell).to_be_hidden()
    page.locator("summary", has_text="选列").click()
    page.locator("[data-column=id_number]").check()
    expect(cell).to_be_visible()
    page.reload()
    expect(cell).to_be_visible()
    page.locator("thead th[data-col=name] a").click()
    expect(page.locator("thead th[data-col=name]")).to_have_attribute("aria-sort", "ascending")
    expect(page.locator("td[data-col=id_number]").first).to_be_visible()


def test_progress_moves_and_stops(visit: Any) -> None:
    page = visit("/kit/gallery/")
    box = page.locator("#gallery-job")
    expect(box).to_contain_text("100%", timeout=15_000)
    expect(box).not_to_have_attribute("hx-get", "/kit/gallery/progress/")


@pytest.mark.parametrize("width", [360, 1280])
def test_charts_and_maps_are_drawn(width: int, visit: Any, repository: Path) -> None:
    page = visit("/kit/gallery/pictures/", width)
    expect(page.locator("[data-chart] svg")).to_have_count(page.locator("[data-chart]").count())
    # On a narrow screen long names are broken into lines; none is left out.
    drawn = "".join(page.locator("[data-chart]").last.locator("svg text").all_text_contents())
    assert all(name in drawn for name in ("重度残疾人护理补贴", "困难残疾人生活补贴", "高龄津贴"))
    for place in range(page.locator("[data-map]").count()):
        page.locator("[data-map]").nth(place).scroll_into_view_if_needed()
    expect(page.locator("[data-map][data-ready]")).to_have_count(3, timeout=20_000)
    expect(page.locator(".k-map-cluster").first).to_be_visible(timeout=20_000)
    assert findings(page, repository) == []
    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0


def test_the_look_changes_at_once_and_stays(visit: Any) -> None:
    page = visit("/kit/gallery/elder/", 390, "elder")
    page.locator("[data-theme-form] button").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "song")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-theme", "song")
    expect(page.locator("[data-theme-words]")).to_have_text("长辈版")


def test_unsaved_words_are_guarded(visit: Any) -> None:
    page = visit("/kit/gallery/form/")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.locator("input[name=name]").fill("王秀英")
    page.locator("a", has_text="取消").click()
    page.wait_for_url("**/kit/gallery/")
    assert asked == ["beforeunload"]


def test_errors_of_a_form_take_the_focus(visit: Any) -> None:
    page = visit("/kit/gallery/form/")
    page.locator("button", has_text="保存").click()
    expect(page.locator("[role=alert]")).to_be_focused()
    page.locator("[role=alert] a").first.click()
    expect(page.locator("input[name=name]")).to_be_focused()


def test_without_script_everything_is_still_there(browser: Browser, live_server: Any) -> None:
    """Old phones and locked-down offices: the pages work by links and forms."""
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/kit/gallery/?sort=name")
    expect(page.locator("#gallery-list tbody tr")).to_have_count(8)
    page.locator("select[name=town]").select_option("扎瓦镇")
    page.locator(".k-filters button").click()
    expect(page.locator(".k-pager").first).to_contain_text("共 23 条")
    assert "sort=name" in page.url
    page.locator("figure details summary").first.click()
    expect(page.locator("figure table").first).to_be_visible()
    context.close()


def test_paper_carries_the_whole_table_and_no_menu(visit: Any) -> None:
    page = visit("/kit/gallery/")
    page.emulate_media(media="print")
    for hidden in (".k-menu-side", ".k-search", ".k-filters", ".k-bulk", ".k-pager-links"):
        expect(page.locator(hidden).first).to_be_hidden()
    clipped = page.evaluate(
        "(e => e.scrollHeight - e.clientHeight)(document.querySelector('.k-table-scroll'))"
    )
    assert clipped <= 1
    expect(page.locator(".k-print-only")).to_contain_text("打印人")
