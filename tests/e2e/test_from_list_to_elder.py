"""The whole way in a real browser: a list is handed in, a lead is delivered.

At a desk (1280 px) and on a phone (360 px): upload, look, confirm, match, lead, delivered. On every
page passed axe-core must find nothing against WCAG 2.2 AA, and nothing may stick out sideways.
"""

import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import PASSWORD
from tests.flows import population
from tests.flows.conftest import listed
from tests.web.desks.factories import COUNTY, PREFECTURE, VILLAGE, make_places
from yanglao.domain.leads.models import Lead
from yanglao.domain.people.models import Person
from yanglao.domain.places.queries import forget_codes
from yanglao.foundation import jobs
from yanglao.kernel.idnumber import check_digit

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
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
NAME = "买买提·吐尔逊"
BORN = date(1944, 3, 5)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for the walks."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(autouse=True)
def _office(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("YANGLAO_TODAY", "2026-11-05")
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    make_places()
    forget_codes()
    population.publish()
    yield
    forget_codes()


#: Elements that reach beyond the window and are in nothing that scrolls, to say where to look.
STICKING_OUT = """() => [...document.querySelectorAll('body *')].filter(e => {
    if (e.getBoundingClientRect().right <= window.innerWidth + 1) return false
    for (let p = e.parentElement; p && p !== document.body; p = p.parentElement)
        if (getComputedStyle(p).overflowX !== 'visible') return false
    return true
}).slice(0, 6).map(e => e.tagName + '.' + e.className + ' ' + e.textContent.trim().slice(0, 20))"""


class Walk:
    """A person at a browser, who never passes a page that somebody else could not use."""

    def __init__(self, page: Page, base: str, axe: Path) -> None:
        self.page, self.base, self.axe = page, base, axe

    def sign_in(self, username: str) -> None:
        self.page.goto(f"{self.base}/login/")
        self.page.fill("input[name=username]", username)
        self.page.fill("input[name=password]", PASSWORD)
        self.press("登录")
        self.look("今天要做的事")

    def press(self, words: str) -> None:
        self.page.get_by_role("button", name=words, exact=False).first.click()

    def look(self, title: str) -> None:
        """Arrive at a page: its heading, its width, and what axe-core says."""
        expect(self.page.locator("h1")).to_contain_text(title)
        self.page.wait_for_load_state("networkidle")
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{title}: {wide} px stick out: {self.page.evaluate(STICKING_OUT)}"
        # Through the debugger: the page's own policy lets no foreign script in.
        self.page.evaluate(self.axe.read_text(encoding="utf-8"))
        found = self.page.evaluate(
            "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", RULES
        )
        told = [
            f"{one['id']}: {one['help']} {[node['target'] for node in one['nodes'][:3]]}"
            for one in found["violations"]
        ]
        assert told == [], f"{title} ({self.page.url})"


@pytest.fixture
def walk(browser: Browser, live_server: Any, repository: Path) -> Iterator[Callable[[int], Walk]]:
    """Return ``walk(width)``: somebody at a screen of that width."""
    opened: list[Any] = []

    def start(width: int) -> Walk:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, locale="zh-CN", has_touch=width < 500
        )
        opened.append(context)
        page = context.new_page()
        page.set_default_timeout(20_000)
        axe = repository / "node_modules" / "axe-core" / "axe.min.js"
        return Walk(page, live_server.url, axe)

    yield start
    for context in opened:
        context.close()


def household_list(folder: Path) -> Path:
    """A list of the register as an office writes it: title above, one bad row."""
    number = f"653222{BORN:%Y%m%d}003"
    rows = [
        {"姓名": NAME, "公民身份号码": number + check_digit(number), "户籍地区划代码": VILLAGE},
        {"姓名": "错号人", "公民身份号码": "6.53E+17", "户籍地区划代码": VILLAGE},
    ]
    file = folder / "墨玉县户籍.xlsx"
    file.write_bytes(listed(rows, title="墨玉县2026年10月户籍名单"))
    return file


def hand_in(clerk: Walk, file: Path) -> None:
    """Upload, look at what would happen, confirm, and see what came of it."""
    page = clerk.page
    page.goto(f"{clerk.base}/lists/upload/")
    clerk.look("接收名单")
    page.set_input_files("input[type=file]", str(file))
    page.fill("input[name=sender]", "墨玉县公安局")
    page.select_option("select[name=division]", COUNTY)
    page.fill("input[name=month]", "2026-10")
    page.locator("input[name=full][value=no]").check()
    clerk.press("核对这些名单")
    clerk.look("核对名单")
    expect(page.locator("main")).to_contain_text("还没有写入任何数据")
    assert not Person.objects.exists()
    clerk.press("接收这 1 行")
    page.wait_for_url("**/lists/jobs/**")
    jobs.run_all()
    page.wait_for_url("**/lists/batches/**")
    assert Person.objects.get().name == NAME
    clerk.look("接收结果")
    expect(page.locator("main")).to_contain_text("退回")


def match(clerk: Walk) -> None:
    """Start a run and watch it end."""
    clerk.page.goto(f"{clerk.base}/runs/start/")
    clerk.look("现在比对")
    clerk.press("开始比对")
    clerk.page.wait_for_url("**/runs/jobs/**")
    jobs.run_all()
    clerk.page.wait_for_url(re.compile(r"/runs/\d+/"))
    clerk.look("次比对")


def deliver(officer: Walk, lead: Lead) -> None:
    """Find the lead on the board, open it, say that it was delivered."""
    page = officer.page
    page.goto(f"{officer.base}/leads/?kind=entitled")
    officer.look("服务找人")
    page.goto(f"{officer.base}/leads/{lead.pk}/")
    officer.look(NAME)
    expect(page.locator("main")).to_contain_text("高龄津贴")
    page.locator("summary", has_text="已经送达").click()
    form = page.locator("form", has=page.locator("input[value=delivered]"))
    form.locator("textarea, input[type=text]").first.fill("11 月发放名册")
    form.get_by_role("button", name="登记为已送达").click()
    expect(page.locator("main")).to_contain_text("11 月发放名册")
    officer.look(NAME)


@pytest.mark.parametrize("width", [1280, 360])
def test_from_a_list_handed_in_to_a_lead_delivered(
    width: int, walk: Callable[[int], Walk], account_for: Callable[..., Any], tmp_path: Path
) -> None:
    office = account_for("prefecture", PREFECTURE)
    officer = account_for("village", VILLAGE)
    clerk = walk(width)
    clerk.sign_in(office.username)
    hand_in(clerk, household_list(tmp_path))
    match(clerk)
    lead = Lead.objects.get(item__code="06")
    field = walk(width)
    field.sign_in(officer.username)
    deliver(field, lead)
    lead.refresh_from_db()
    assert lead.state == "delivered"


@pytest.mark.parametrize("width", [1280, 360])
def test_an_elder_asks_for_herself(width: int, walk: Callable[[int], Walk]) -> None:
    """The public page: question by question to an answer, nothing signed, nothing kept."""
    elder = walk(width)
    page = elder.page
    page.goto(f"{elder.base}/self/")
    elder.look("")
    for _question in range(12):
        if page.locator("text=打印").count():
            break
        unsure = page.get_by_role("button", name="不清楚")
        (
            unsure if unsure.count() else page.locator("main button[type=submit], main button")
        ).first.click()
        page.wait_for_load_state("networkidle")
        elder.look("")
    expect(page.locator("main")).to_contain_text("条")
    assert not Person.objects.exists()
