"""Sessions: they end by themselves, by hand, and when the account is another."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.conf import settings
from django.test import Client

from tests.conftest import PASSWORD
from tests.web.desks.factories import COUNTY, VILLAGE, text_of
from yanglao.domain.accounts.models import Account, SignInSession
from yanglao.domain.accounts.public import close_account, reopen_account, sweep_sessions
from yanglao.foundation import clock
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36"


def _enter(account: Account, address: str = "10.0.0.7") -> Client:
    client = Client(REMOTE_ADDR=address, HTTP_USER_AGENT=CHROME)
    answer = client.post("/login/", {"username": account.username, "password": PASSWORD})
    assert answer.status_code == 302
    return client


def _in(client: Client) -> bool:
    return client.get("/sign-in/").status_code == 200


def test_the_cookie_is_not_in_the_database(account_for: Callable[..., Account]) -> None:
    client = _enter(account_for("village", VILLAGE))
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    row = SignInSession.objects.get()
    assert key not in str(vars(row))
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = row.session_key
    assert not _in(thief)


def test_the_key_changes_on_the_way_in(account_for: Callable[..., Account]) -> None:
    account, client = account_for("village", VILLAGE), Client()
    client.get("/login/link/abcdefghijklmnop/")
    before = client.cookies[settings.SESSION_COOKIE_NAME].value
    client.post("/login/", {"username": account.username, "password": PASSWORD})
    assert client.cookies[settings.SESSION_COOKIE_NAME].value != before


@pytest.mark.parametrize(("minutes", "stays"), [(29, True), (31, False)])
def test_without_a_click_it_ends(
    minutes: int,
    stays: bool,
    account_for: Callable[..., Account],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = _enter(account_for("village", VILLAGE))
    later = clock.machine_now() + timedelta(minutes=minutes)
    monkeypatch.setattr(clock, "machine_now", lambda: later)
    assert _in(client) is stays
    if stays:
        assert SignInSession.objects.get().idle_until == later + timedelta(minutes=30)


def test_it_ends_after_ten_hours_in_any_case(
    account_for: Callable[..., Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, begin = _enter(account_for("village", VILLAGE)), clock.machine_now()
    reached = 0
    for quarter in range(1, 60):
        moment = begin + timedelta(minutes=15 * quarter)
        monkeypatch.setattr(clock, "machine_now", lambda moment=moment: moment)
        if not _in(client):
            break
        reached = quarter
    assert 38 <= reached <= 40
    ended = client.get("/leads/", follow=True)
    assert "登录已经结束" in text_of(ended)


def test_the_oldest_gives_way(account_for: Callable[..., Account]) -> None:
    account = account_for("village", VILLAGE)
    clients = [_enter(account, f"10.0.0.{number}") for number in range(4)]
    assert [_in(client) for client in clients] == [False, True, True, True]
    assert "最早的 1 个已经退出" in text_of(clients[-1].get("/sign-in/"))


def test_others_can_be_ended_and_only_ones_own(account_for: Callable[..., Account]) -> None:
    account = account_for("village", VILLAGE)
    stranger = _enter(account_for("village", VILLAGE))
    here, there = _enter(account, "10.0.0.1"), _enter(account, "10.0.0.2")
    page = text_of(here.get("/sign-in/"))
    assert "10.0.0.2" in page
    assert "Windows · Chrome" in page
    number = SignInSession.objects.exclude(account=account).get().session_key
    here.post("/sign-in/sessions/", {"number": number})
    assert _in(stranger)
    here.post("/sign-in/sessions/")
    assert _in(here)
    assert not _in(there)


@pytest.mark.parametrize(
    "change",
    [{"role": "county"}, {"area_code": COUNTY}, {"department": "civil"}, {"is_active": False}],
)
def test_another_role_or_area_ends_it(
    change: dict[str, object], account_for: Callable[..., Account]
) -> None:
    account = account_for("village", VILLAGE)
    client = _enter(account)
    Account.objects.filter(pk=account.pk).update(**change)
    assert not _in(client)


def test_reopening_an_account_revives_no_session(account_for: Callable[..., Account]) -> None:
    account = account_for("village", VILLAGE)
    client = _enter(account)
    close_account(account_id=account.pk, acting=system_reader(), reason="x")
    reopen_account(account_id=account.pk, acting=system_reader())
    assert not _in(client)


def test_a_new_password_ends_the_others(account_for: Callable[..., Account]) -> None:
    account = account_for("village", VILLAGE)
    here, there = _enter(account), _enter(account)
    fresh = "tianshan-xuelian-26"
    sent = {"old_password": PASSWORD, "new_password1": fresh, "new_password2": fresh}
    assert here.post("/sign-in/password/", sent).status_code == 302
    assert _in(here)
    assert not _in(there)


def test_the_last_sign_in_is_told(account_for: Callable[..., Account]) -> None:
    account = account_for("village", VILLAGE)
    assert "这是第一次登录" in text_of(_enter(account, "10.0.0.1").get("/sign-in/"))
    page = text_of(_enter(account, "10.0.0.2").get("/sign-in/"))
    assert "来自 10.0.0.1" in page


def test_ended_sessions_are_swept(account_for: Callable[..., Account]) -> None:
    _enter(account_for("village", VILLAGE))
    acting, now = system_reader(), clock.machine_now()
    assert sweep_sessions(now=now, acting=acting) == 0
    assert sweep_sessions(now=now + timedelta(hours=1), acting=acting) == 1
