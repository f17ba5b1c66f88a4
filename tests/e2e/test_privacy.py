"""In a real browser: a file opened by grant, a purpose stated, the person told, the record read."""

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.test_from_list_to_elder import Walk, _office, browser, walk  # noqa: F401  fixtures
from tests.flows import population as p
from tests.web.desks.factories import COUNTY, OTHER_COUNTY, PREFECTURE
from yanglao.domain.access.models import Grant
from yanglao.domain.people.models import Person
from yanglao.domain.rights.models import RightsRequest
from yanglao.domain.rights.public import publish_text
from yanglao.foundation import audit
from yanglao.foundation.scoping import system_reader

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def people(_office: None) -> Iterator[tuple[Person, Person]]:  # noqa: F811
    """One person here and one in the other county."""
    here = p.elder(1, date(1944, 3, 5), survey={"living": "alone", "phone": "13812340000"})
    yield here, p.elder(2, date(1940, 5, 5), place=p.FAR)


@pytest.mark.parametrize("width", [1280, 360])
def test_a_person_is_asked_for_looked_at_and_told(
    width: int,
    walk: Callable[[int], Walk],  # noqa: F811
    people: tuple[Person, Person],
    account_for: Callable[..., Any],
) -> None:
    here, far = people
    officer, owner = account_for("county", COUNTY), account_for("county", OTHER_COUNTY)
    publish_text(
        code="photo", title="拍照同意书", body="拍照只用于能力评估。", acting=system_reader()
    )
    desk = walk(width)
    desk.sign_in(officer.username)
    _open_masked(desk, here)
    _ask_grant(desk, far)
    _decide(walk(width), owner.username)
    desk.page.goto(f"{desk.base}/people/{far.pk}/")
    desk.look(far.name)
    expect(desk.page.locator("main")).to_contain_text("凭跨区授权查看")
    _at_the_counter(desk, here)
    assert audit.verify().good


def _open_masked(desk: Walk, person: Person) -> None:
    page = desk.page
    page.goto(f"{desk.base}/people/{person.pk}/reveal/?what=id_number")
    desk.look("身份证号")
    page.get_by_label("核对证件和名单").check()
    desk.press("打开看")
    expect(page.locator("main")).to_contain_text(person.id_number)
    desk.look("身份证号")
    page.goto(f"{desk.base}/people/{person.pk}/")
    desk.look(person.name)


def _ask_grant(desk: Walk, person: Person) -> None:
    page = desk.page
    page.goto(f"{desk.base}/privacy/grants/")
    desk.look("跨区查看")
    page.goto(f"{desk.base}/privacy/grants/ask/")
    desk.look("申请跨区查看")
    page.fill("[name=owner_area]", OTHER_COUNTY)
    page.fill("[name=numbers]", person.id_number)
    page.locator("input[name=kinds]").nth(2).check()
    page.fill("[name=purpose]", "住在喀拉喀什镇，要送助餐")
    page.fill("[name=ends_on]", "2026-12-05")
    desk.press("提出申请")
    page.wait_for_url("**/privacy/grants/*/")
    desk.look("测试 county")


def _decide(owner: Walk, username: str) -> None:
    owner.sign_in(username)
    owner.page.goto(f"{owner.base}/privacy/grants/{Grant.objects.get().pk}/")
    owner.look("测试 county")
    owner.page.get_by_role("button", name="批准", exact=True).click()
    expect(owner.page.locator("main")).to_contain_text("正在生效")
    owner.look("测试 county")


def _at_the_counter(desk: Walk, person: Person) -> None:
    page = desk.page
    base = f"{desk.base}/privacy/people/{person.pk}/"
    page.goto(base)
    desk.look("个人信息")
    page.goto(f"{base}ask/?kind=delete")
    desk.look("受理")
    page.fill("[name=identity_seen]", "身份证原件")
    page.fill("[name=wish]", "删掉我的电话")
    desk.press("受理")
    page.wait_for_url(f"**/privacy/{RightsRequest.objects.get().pk}/")
    desk.look("删除我的信息")
    page.goto(f"{base}hold/")
    desk.look("依法保留")
    page.goto(f"{base}consent/")
    desk.look("登记同意")
    page.goto(f"{desk.base}/privacy/consents/texts/")
    desk.look("同意书文本")
    page.goto(f"{desk.base}/privacy/")
    desk.look("个人信息申请")
    page.goto(f"{base}who-looked/")
    desk.look("谁看过我的档案")
    expect(page.locator("main")).to_contain_text("核对证件和名单")


@pytest.mark.parametrize("width", [1280, 360])
def test_the_three_administrators(
    width: int,
    walk: Callable[[int], Walk],  # noqa: F811
    people: tuple[Person, Person],
    account_for: Callable[..., Any],
) -> None:
    keeper = walk(width)
    keeper.sign_in(account_for("audit_admin", PREFECTURE).username)
    keeper.page.goto(f"{keeper.base}/system/audit/")
    keeper.look("操作记录")
    expect(keeper.page.locator("main")).to_contain_text("登录")
    guard = walk(width)
    guard.sign_in(account_for("security_admin", PREFECTURE).username)
    guard.page.goto(f"{guard.base}/system/accounts/")
    guard.look("账号")
    guard.page.goto(f"{guard.base}/privacy/grants/")
    guard.look("跨区查看")
