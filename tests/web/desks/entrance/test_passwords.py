"""Passwords and one-time links: rules, history, and a token that works once."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse

from tests.conftest import PASSWORD
from tests.web.desks.factories import COUNTY, PREFECTURE, VILLAGE, text_of
from yanglao.domain.accounts.models import Account, PastPassword, SetUpLink
from yanglao.domain.accounts.public import (
    change_password,
    make_link,
    open_account,
    reader_of,
    use_link,
)
from yanglao.domain.accounts.queries import link_digest
from yanglao.domain.accounts.types import Role
from yanglao.foundation import clock
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db
GOOD = "tianshan-xuelian-26"


@pytest.fixture
def newcomer(db: None) -> Account:
    """An account without a password."""
    return open_account(
        username="nurali",
        role=Role.VILLAGE,
        area_code=VILLAGE,
        display_name="努尔阿里",
        acting=system_reader(),
    )


def _token(account: Account, **more: Any) -> str:
    return make_link(account_id=account.pk, now=clock.machine_now(), acting=system_reader(), **more)


def test_the_way_in_of_somebody_new(newcomer: Account, client: Client) -> None:
    assert not newcomer.has_usable_password()
    token = _token(newcomer)
    assert token not in str(list(SetUpLink.objects.order_by("pk").values()))
    moved = client.get(f"/login/link/{token}/")
    assert moved["Location"] == "/login/link/", "the token leaves the address at once"
    page = client.get("/login/link/")
    assert "nurali" in text_of(page)
    assert token not in page.content.decode()
    done = client.post("/login/link/", {"new_password1": GOOD, "new_password2": GOOD}, follow=True)
    assert "密码设好了" in done.content.decode()
    assert client.post("/login/", {"username": "nurali", "password": GOOD}).status_code == 302
    again = Client()
    again.get(f"/login/link/{token}/")
    assert "已经用过" in text_of(again.get("/login/link/"))


def test_the_token_can_be_typed(newcomer: Account, client: Client) -> None:
    assert "输入一次性口令" in text_of(client.get("/login/link/"))
    assert "已经用过、过期" in text_of(client.post("/login/link/", {"token": "nonsense"}))
    page = client.post("/login/link/", {"token": f" {_token(newcomer)} "})
    assert "设置自己的密码" in text_of(page)


def test_a_link_ends_by_time_and_by_the_next_one(newcomer: Account) -> None:
    first, second, now = _token(newcomer), _token(newcomer), clock.machine_now()
    for token, moment in ((first, now), (second, now + timedelta(hours=49))):
        with pytest.raises(ValidationError):
            use_link(digest=link_digest(token), password=GOOD, now=moment, acting=system_reader())
    used = use_link(digest=link_digest(second), password=GOOD, now=now, acting=system_reader())
    assert used.check_password(GOOD)


def test_an_administrator_of_the_area_gives_a_link(
    newcomer: Account, client_as: Callable[..., Client], account_for: Callable[..., Account]
) -> None:
    client = client_as("county", COUNTY)
    url = reverse("give_link", args=[newcomer.pk])
    assert "只能用一次" in text_of(client.get(url))
    page = client.post(url)
    token = page.context["token"]
    assert SetUpLink.objects.get().digest == link_digest(token)
    assert page["Cache-Control"] == "private, no-store"
    far = account_for("town", "653201001000")
    assert client.post(reverse("give_link", args=[far.pk])).status_code == 404
    above = account_for("prefecture", PREFECTURE)
    assert client.post(reverse("give_link", args=[above.pk])).status_code in {403, 404}
    village = client_as("village", VILLAGE)
    assert village.post(url).status_code == 403


def test_a_link_can_take_the_lost_telephone_off(
    newcomer: Account, with_telephone: Callable[..., Any]
) -> None:
    with_telephone(newcomer)
    now = clock.machine_now()
    for clears, has in ((False, True), (True, False)):
        digest = link_digest(_token(newcomer, clears_factor=clears))
        password = f"{GOOD}-{clears}"
        account = use_link(digest=digest, password=password, now=now, acting=system_reader())
        assert account.has_second_factor is has


def test_a_link_opens_no_closed_account(newcomer: Account) -> None:
    token = _token(newcomer)
    Account.objects.filter(pk=newcomer.pk).update(is_active=False)
    with pytest.raises(ValidationError):
        use_link(
            digest=link_digest(token),
            password=GOOD,
            now=clock.machine_now(),
            acting=system_reader(),
        )
    with pytest.raises(PermissionError):
        _token(newcomer)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("short-26", "10"),
        ("1234567890123", "数字"),
        ("password123", "常见"),
        ("aaaaaaaaaabbb", "不同的字符"),
        ("my-nurali-2026", "登录名"),
        ("努尔阿里的密码很长很长", "姓名"),
    ],
)
def test_passwords_that_will_not_do(newcomer: Account, password: str, words: str) -> None:
    digest, now = link_digest(_token(newcomer)), clock.machine_now()
    with pytest.raises(ValidationError) as refused:
        use_link(digest=digest, password=password, now=now, acting=system_reader())
    assert words in "".join(refused.value.messages)
    assert SetUpLink.objects.filter(used_at__isnull=True).exists(), "the link is not spent by it"


def test_the_last_five_do_not_come_back(account_for: Callable[..., Account]) -> None:
    account = account_for("village", VILLAGE)
    now, present = clock.machine_now(), PASSWORD
    used = [f"number-{number}-of-mine" for number in range(7)]

    def change(old: str, new: str) -> None:
        reader = reader_of(account)
        change_password(account_id=account.pk, old=old, new=new, now=now, acting=reader)

    for fresh in used:
        change(present, fresh)
        present = fresh
    assert PastPassword.objects.count() == 5
    for known in used[-5:]:
        with pytest.raises(ValidationError, match="最近 5 次"):
            change(present, known)
    change(present, used[0])


def test_only_with_the_old_one_and_only_ones_own(
    account_for: Callable[..., Account], client_as: Callable[..., Client]
) -> None:
    client = client_as("village", VILLAGE)
    sent = {"old_password": "wrong", "new_password1": GOOD, "new_password2": GOOD}
    assert "现在的密码不对" in text_of(client.post("/sign-in/password/", sent), 422)
    twice = {"old_password": PASSWORD, "new_password1": GOOD, "new_password2": GOOD + "x"}
    assert "不一样" in text_of(client.post("/sign-in/password/", twice), 422)
    other = account_for("village", VILLAGE)
    with pytest.raises(PermissionError):
        change_password(
            account_id=other.pk,
            old=PASSWORD,
            new=GOOD,
            now=clock.machine_now(),
            acting=reader_of(account_for("village", VILLAGE)),
        )
