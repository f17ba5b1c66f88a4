"""Accounts: nobody gives more than he has, nobody manages those above him; leads are not lost."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import PASSWORD
from tests.web.desks.match_desk.world import (
    COUNTY,
    OTHER_COUNTY,
    REGION,
    TOWN,
    VILLAGE,
    World,
    make_places,
)
from yanglao.domain.accounts.public import Account
from yanglao.domain.leads.models import Lead
from yanglao.foundation.models import AuditEntry

pytestmark = pytest.mark.django_db
ClientAs = Callable[..., Client]
ACCOUNTS, OPEN = "system_desk:accounts", "system_desk:open-account"
NEW = {
    "display_name": "努尔",
    "username": "nur",
    "role": "town",
    "area": TOWN,
    "department": "",
}


@pytest.fixture(autouse=True)
def _places(request: pytest.FixtureRequest, db: None) -> None:
    if "world" not in request.fixturenames:
        make_places()


@pytest.mark.parametrize(
    ("role", "area", "status"),
    [
        ("system_admin", REGION, 200),
        ("prefecture", REGION, 200),
        ("county", COUNTY, 200),
        ("town", TOWN, 403),
        ("village", VILLAGE, 403),
        ("clerk", COUNTY, 403),
    ],
)
def test_who_manages_accounts(client_as: ClientAs, role: str, area: str, status: int) -> None:
    client = client_as(role, area)
    assert client.get(reverse(ACCOUNTS)).status_code == status
    assert client.get(reverse(OPEN)).status_code == status


def test_the_list_holds_accounts_of_the_area_only(
    client_as: ClientAs, account_for: Callable[..., Account]
) -> None:
    account_for("town", TOWN)
    account_for("county", OTHER_COUNTY)
    page = client_as("county", COUNTY).get(reverse(ACCOUNTS)).content.decode()
    assert f"town-{TOWN}" in page
    assert OTHER_COUNTY not in page


def test_opening_an_account(client_as: ClientAs) -> None:
    client = client_as("county", COUNTY)
    answer = client.post(reverse(OPEN), NEW)
    made = Account.objects.get(username="nur")
    assert answer.url == reverse("give_link", args=[made.pk])
    assert (made.role, made.area_code, made.display_name) == ("town", TOWN, "努尔")
    assert not made.has_usable_password()
    assert AuditEntry.objects.filter(action="account_opened", subject_id=str(made.pk)).exists()


def test_a_place_may_be_named(client_as: ClientAs) -> None:
    client_as("county", COUNTY).post(reverse(OPEN), NEW | {"area": "喀拉喀什镇"})
    assert Account.objects.get(username="nur").area_code == TOWN


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"area": "不存在的地方"}, "没有找到这个地方"),
        ({"area": OTHER_COUNTY}, "没有找到这个地方"),
        ({"area": VILLAGE}, "另一级"),
        ({"role": "clerk", "area": COUNTY}, "部门经办要选部门"),
        ({"username": "Nur!"}, "登录名只能用"),
    ],
)
def test_what_does_not_fit_is_said(client_as: ClientAs, change: dict[str, str], words: str) -> None:
    answer = client_as("county", COUNTY).post(reverse(OPEN), NEW | change)
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Account.objects.filter(username__in=["nur", "Nur!"]).exists()


def test_the_same_login_name_twice_is_refused(client_as: ClientAs) -> None:
    client = client_as("county", COUNTY)
    client.post(reverse(OPEN), NEW)
    assert client.post(reverse(OPEN), NEW).status_code == 200
    assert Account.objects.filter(username="nur").count() == 1


@pytest.mark.parametrize("role", ["system_admin", "prefecture"])
def test_nobody_opens_an_account_above_his_own(client_as: ClientAs, role: str) -> None:
    """A county officer once could have made himself an administrator of the county."""
    client = client_as("county", COUNTY)
    assert f'value="{role}"' not in client.get(reverse(OPEN)).content.decode()
    answer = client.post(reverse(OPEN), NEW | {"role": role, "area": COUNTY})
    assert answer.status_code == 200
    assert not Account.objects.filter(username="nur").exists()


def test_nobody_closes_an_account_above_his_own(
    client_as: ClientAs, account_for: Callable[..., Account]
) -> None:
    keeper = account_for("system_admin", COUNTY)
    client = client_as("county", COUNTY)
    url = reverse("system_desk:close-account", args=[keeper.pk])
    assert url not in client.get(reverse(ACCOUNTS)).content.decode()
    assert client.post(url, {"reason": "x"}).status_code == 404
    keeper.refresh_from_db()
    assert keeper.is_active


def test_closing_needs_a_reason_and_can_be_taken_back(
    client_as: ClientAs, account_for: Callable[..., Account]
) -> None:
    officer = account_for("town", TOWN)
    client = client_as("county", COUNTY)
    close = reverse("system_desk:close-account", args=[officer.pk])
    assert client.get(close).status_code == 200
    assert "请写明停用的原因" in client.post(close, {"reason": " "}, follow=True).content.decode()
    client.post(close, {"reason": "调离岗位"})
    officer.refresh_from_db()
    assert not officer.is_active
    assert not Client().login(username=officer.username, password=PASSWORD)
    entry = AuditEntry.objects.get(action="account_closed")
    assert entry.reason == "调离岗位"
    reopen = reverse("system_desk:reopen-account", args=[officer.pk])
    assert client.get(reopen).status_code == 200
    client.post(reopen)
    officer.refresh_from_db()
    assert officer.is_active


def test_leads_of_a_closed_account_go_back_to_the_place(
    world: World, client_as: ClientAs, account_for: Callable[..., Account]
) -> None:
    officer = account_for("town", TOWN)
    mine = Lead.objects.filter(place_code=world.here.place_code, state="found")
    assert mine.exists()
    mine.update(assignee=officer)
    client = client_as("county", COUNTY)
    url = reverse("system_desk:close-account", args=[officer.pk])
    client.post(url, {"reason": "退休"})
    assert not Lead.objects.filter(assignee=officer).exists()


def test_nobody_closes_his_own_account(
    client_as: ClientAs,
) -> None:
    client = client_as("county", COUNTY)
    me = Account.objects.get(role="county")
    url = reverse("system_desk:close-account", args=[me.pk])
    assert url not in client.get(reverse(ACCOUNTS)).content.decode()
    page = client.post(url, {"reason": "x"}, follow=True).content.decode()
    assert "不能停用自己的账号" in page
    me.refresh_from_db()
    assert me.is_active


def test_accounts_elsewhere_are_not_found(
    client_as: ClientAs, account_for: Callable[..., Account]
) -> None:
    other = account_for("town", "653201001000")
    client = client_as("county", COUNTY)
    for name in ("close-account", "reopen-account"):
        url = reverse(f"system_desk:{name}", args=[other.pk])
        assert client.get(url).status_code == 404
        assert client.post(url, {"reason": "x"}).status_code == 404


def test_the_list_asks_the_same_for_few_and_many(
    client_as: ClientAs,
    account_for: Callable[..., Account],
    same_number_of_queries: Callable[..., int],
) -> None:
    client = client_as("county", COUNTY)

    def many() -> None:
        client.get(reverse(ACCOUNTS))

    client.get(reverse(ACCOUNTS))
    account_for("town", TOWN)
    few = same_number_of_queries(many, many)
    for _number in range(6):
        account_for("village", VILLAGE)
    assert same_number_of_queries(many, many) == few
