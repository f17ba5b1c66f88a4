"""Signing in with a second factor in a real browser, at a desk and on a phone.

From a one-time link to the own password, the square code, the first code, the codes on paper, and
in again. Every page passes axe-core, sticks out nowhere, and breaks nothing of its own policy.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, ConsoleMessage, expect, sync_playwright

from tests.e2e.test_from_list_to_elder import FLAGS, Walk
from tests.flows import population
from tests.web.desks.factories import PREFECTURE, VILLAGE, make_places
from yanglao.domain.accounts.models import Account
from yanglao.domain.accounts.public import (
    SignInRules,
    change_sign_in_rules,
    make_link,
    open_account,
)
from yanglao.domain.accounts.types import Role
from yanglao.domain.places.queries import forget_codes
from yanglao.foundation import clock
from yanglao.foundation.scoping import system_reader

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]
GOOD = "tianshan-xuelian-26"


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One browser for the walks."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


@pytest.fixture(autouse=True)
def _office(db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    make_places()
    forget_codes()
    population.publish()
    yield
    forget_codes()


@pytest.fixture
def walk(browser: Browser, live_server: Any, repository: Path) -> Iterator[Callable[[int], Walk]]:
    """Return ``walk(width)``: somebody whose browser refuses nothing that a page asks for."""
    opened: list[Any] = []
    refused: list[str] = []

    def listen(message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Permissions policy" in message.text:
            refused.append(message.text)

    def start(width: int) -> Walk:
        context = browser.new_context(viewport={"width": width, "height": 800}, locale="zh-CN")
        opened.append(context)
        page = context.new_page()
        page.on("console", listen)
        page.set_default_timeout(30_000)
        axe = repository / "node_modules" / "axe-core" / "axe.min.js"
        return Walk(page, live_server.url, axe)

    yield start
    for context in opened:
        context.close()
    assert refused == []


def newcomer(role: Role, area: str) -> tuple[Account, str]:
    """Open an account and give it a link."""
    acting = system_reader()
    account = open_account(
        username="aygul", role=role, area_code=area, display_name="阿依古丽", acting=acting
    )
    return account, make_link(account_id=account.pk, now=clock.machine_now(), acting=acting)


@pytest.mark.parametrize("width", [1280, 360])
def test_from_a_link_to_a_second_factor_and_in_again(
    width: int, walk: Callable[[int], Walk], tmp_path: Path
) -> None:
    _account, token = newcomer(Role.VILLAGE, VILLAGE)
    rules = SignInRules(second_factor_roles=frozenset({"village"}))
    change_sign_in_rules(rules=rules, now=clock.machine_now(), acting=system_reader())
    officer = walk(width)
    page = officer.page
    page.goto(f"{officer.base}/login/link/{token}/")
    assert token not in page.url
    officer.look("设置自己的密码")
    page.fill("input[name=new_password1]", GOOD)
    page.fill("input[name=new_password2]", GOOD)
    officer.press("设好密码")
    officer.look("工作人员登录")
    page.fill("input[name=username]", "aygul")
    page.fill("input[name=password]", GOOD)
    officer.press("登录")
    officer.look("设置第二道验证")
    officer.press("开始设置")
    officer.look("设置第二道验证")
    seed = page.locator("main .k-seed").inner_text().replace(" ", "")
    box = page.locator(".k-square svg").bounding_box()
    assert box and box["width"] > 150, "a telephone must be able to read it"
    page.screenshot(path=str(tmp_path / f"set-up-{width}.png"), full_page=True)
    page.fill("input[name=code]", pyotp.TOTP(seed).at(clock.machine_now()))
    officer.press("确认")
    officer.look("请记下备用码")
    paper = page.locator("main li").first.inner_text()
    page.get_by_role("link", name="记好了").click()
    officer.look("今天要做的事")
    page.goto(f"{officer.base}/sign-in/")
    officer.look("我的账号")
    page.screenshot(path=str(tmp_path / f"account-{width}.png"), full_page=True)
    page.goto(f"{officer.base}/sign-in/password/")
    officer.look("修改密码")
    come_again(walk(width), pyotp.TOTP(seed))
    with_paper(walk(width), paper)


def give_password(officer: Walk, where: str) -> None:
    """Type name and password at the door."""
    officer.page.goto(f"{officer.base}{where}")
    officer.look("工作人员登录")
    officer.page.fill("input[name=username]", "aygul")
    officer.page.fill("input[name=password]", GOOD)
    officer.press("登录")
    officer.look("输入动态码")


def come_again(again: Walk, telephone: pyotp.TOTP) -> None:
    """A wrong code, then the right one, and on to the page that was asked for."""
    give_password(again, "/sign-in/")
    again.page.fill("input[name=code]", "000000")
    again.press("登录")
    again.look("输入动态码")
    expect(again.page.locator("main")).to_contain_text("动态码不对")
    next_one = clock.machine_now() + timedelta(seconds=30)
    again.page.fill("input[name=code]", telephone.at(next_one))
    again.press("登录")
    again.look("我的账号")


def with_paper(third: Walk, paper: str) -> None:
    """The telephone is at home."""
    give_password(third, "/login/")
    third.page.fill("input[name=code]", paper)
    third.press("登录")
    third.look("今天要做的事")


@pytest.mark.parametrize("width", [1280, 360])
def test_pages_of_administrators(width: int, walk: Callable[[int], Walk], tmp_path: Path) -> None:
    account, token = newcomer(Role.SECURITY_ADMIN, PREFECTURE)
    keeper = walk(width)
    page = keeper.page
    page.goto(f"{keeper.base}/login/link/")
    keeper.look("输入一次性口令")
    page.fill("input[name=token]", token)
    keeper.press("下一步")
    keeper.look("设置自己的密码")
    page.fill("input[name=new_password1]", GOOD)
    page.fill("input[name=new_password2]", GOOD)
    keeper.press("设好密码")
    page.fill("input[name=username]", account.username)
    page.fill("input[name=password]", GOOD)
    keeper.press("登录")
    page.goto(f"{keeper.base}/sign-in/rules/")
    keeper.look("登录规则")
    page.screenshot(path=str(tmp_path / f"rules-{width}.png"), full_page=True)
    open_account(
        username="nur",
        role=Role.VILLAGE,
        area_code=VILLAGE,
        display_name="努尔",
        acting=system_reader(),
    )
    other = Account.objects.get(username="nur")
    page.goto(f"{keeper.base}/sign-in/links/{other.pk}/")
    keeper.look("给一次性链接")
    keeper.press("给一个链接")
    keeper.look("一次性链接")
    expect(page.locator("main")).to_contain_text("只显示这一次")
    page.screenshot(path=str(tmp_path / f"link-{width}.png"), full_page=True)
    page.goto(f"{keeper.base}/login/link/nonsense/")
    keeper.look("输入一次性口令")
    expect(page.locator("main")).to_contain_text("已经用过、过期")
