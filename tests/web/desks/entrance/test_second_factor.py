"""The second factor: a code once, a clock a little off, paper for a lost telephone."""

from collections.abc import Callable
from typing import Any

import pyotp
import pytest
from django.db import connection
from django.test import Client

from tests.conftest import PASSWORD
from tests.web.desks.factories import PREFECTURE, VILLAGE, text_of
from yanglao.domain.accounts.models import Account, BackupCode, SignInSession
from yanglao.domain.accounts.public import SignInRules, change_sign_in_rules
from yanglao.foundation import clock
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db


def _password(client: Client, account: Account) -> Any:
    return client.post("/login/", {"username": account.username, "password": PASSWORD})


def _in(client: Client) -> bool:
    return client.get("/sign-in/").status_code == 200


def test_the_password_alone_does_not_open(
    account_for: Callable[..., Account], with_telephone: Callable[..., Any], client: Client
) -> None:
    phone = with_telephone(account_for("village", VILLAGE))
    assert _password(client, phone.account)["Location"] == "/login/code/"
    assert not _in(client)
    wrong = client.post("/login/code/", {"code": "000000"})
    assert "动态码不对" in text_of(wrong)
    assert not _in(client)
    assert client.post("/login/code/", {"code": phone.code()})["Location"] == "/"
    assert _in(client)


def test_a_code_is_taken_once_also_in_its_own_half_minute(
    account_for: Callable[..., Account], with_telephone: Callable[..., Any]
) -> None:
    phone = with_telephone(account_for("village", VILLAGE))
    code = phone.code()
    first, second = Client(), Client()
    _password(first, phone.account)
    assert first.post("/login/code/", {"code": code}).status_code == 302
    _password(second, phone.account)
    assert second.post("/login/code/", {"code": code}).status_code == 200
    # The one before it is spent as well; the next one opens.
    assert second.post("/login/code/", {"code": phone.code(-1)}).status_code == 200
    assert second.post("/login/code/", {"code": phone.code(+1)}).status_code == 302


@pytest.mark.parametrize(("steps", "opens"), [(-2, False), (-1, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_off(
    steps: int,
    opens: bool,
    account_for: Callable[..., Account],
    with_telephone: Callable[..., Any],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    phone = with_telephone(account_for("village", VILLAGE))
    client, fixed = Client(), clock.machine_now()
    monkeypatch.setattr(clock, "machine_now", lambda: fixed)
    _password(client, phone.account)
    answer = client.post("/login/code/", {"code": phone.code(steps, fixed)})
    assert (answer.status_code == 302) is opens


def test_codes_on_paper_work_once_and_are_kept_as_digests(
    account_for: Callable[..., Account], with_telephone: Callable[..., Any]
) -> None:
    phone = with_telephone(account_for("village", VILLAGE))
    assert len(set(phone.paper)) == 10
    for opens in (True, False):
        client = Client()
        _password(client, phone.account)
        sent = phone.paper[0].upper().replace("-", " ")
        assert (client.post("/login/code/", {"code": sent}).status_code == 302) is opens
    assert BackupCode.objects.filter(used_at__isnull=True).count() == 9
    with connection.cursor() as cursor:
        cursor.execute("SELECT factor_seed FROM accounts_account WHERE factor_seed IS NOT NULL")
        held = bytes(cursor.fetchone()[0])
    assert phone.seed.encode() not in held


def test_wrong_codes_make_wait_like_wrong_passwords(
    account_for: Callable[..., Account], with_telephone: Callable[..., Any], client: Client
) -> None:
    phone = with_telephone(account_for("village", VILLAGE))
    _password(client, phone.account)
    for _try in range(5):
        answer = client.post("/login/code/", {"code": "123123"})
    assert "次数太多" in text_of(answer)
    assert client.post("/login/code/", {"code": phone.code()}).status_code == 200


def test_a_role_can_be_made_to_need_it(account_for: Callable[..., Account], client: Client) -> None:
    account = account_for("prefecture", PREFECTURE)
    other = Client()
    _password(other, account)
    assert _in(other)
    rules = SignInRules(second_factor_roles=frozenset({"prefecture"}))
    change_sign_in_rules(rules=rules, now=clock.machine_now(), acting=system_reader())
    assert not _in(other), "a session without the second factor ends"
    assert _password(client, account)["Location"] == "/login/second-factor/"
    assert "开始设置" in text_of(client.get("/login/second-factor/"))
    page = client.post("/login/second-factor/")
    assert "<svg" in page.content.decode()
    seed = page.context["seed"].replace(" ", "")
    assert "动态码不对" in text_of(client.post("/login/second-factor/", {"code": "000000"}))
    assert not _in(client)
    done = client.post("/login/second-factor/", {"code": pyotp.TOTP(seed).now()})
    assert len(done.context["codes"]) == 10
    assert _in(client)
    off = client.post("/sign-in/second-factor/off/", {"password": PASSWORD})
    assert "不能关闭" in text_of(off)


def test_turning_it_on_and_off_by_oneself(
    account_for: Callable[..., Account], client: Client
) -> None:
    account = account_for("village", VILLAGE)
    _password(client, account)
    page = client.post("/sign-in/second-factor/")
    seed = page.context["seed"].replace(" ", "")
    assert seed not in str(list(SignInSession.objects.values_list("session_data", flat=True)))
    client.post("/sign-in/second-factor/", {"code": pyotp.TOTP(seed).now()})
    assert _in(client), "the own session stays"
    account.refresh_from_db()
    assert account.has_second_factor
    assert "备用码还剩 10 个" in text_of(client.get("/sign-in/"))
    assert len(client.post("/sign-in/second-factor/codes/").context["codes"]) == 10
    assert BackupCode.objects.count() == 10
    assert "密码不对" in text_of(client.post("/sign-in/second-factor/off/", {"password": "x"}))
    client.post("/sign-in/second-factor/off/", {"password": PASSWORD})
    account.refresh_from_db()
    assert not account.has_second_factor
    assert not BackupCode.objects.exists()
    assert _in(client)
