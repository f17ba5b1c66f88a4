"""Wrong tries: the wait grows, is the same for names nobody has, and passes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import PASSWORD
from tests.web.desks.factories import VILLAGE, text_of
from yanglao.domain.accounts.models import Account, Attempts
from yanglao.domain.accounts.public import SignInRules, sweep_attempts
from yanglao.foundation import clock
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import system_reader


def _try(username: str, password: str, address: str = "10.0.0.7") -> tuple[int, str]:
    answer = Client(REMOTE_ADDR=address).post(
        "/login/", {"username": username, "password": password}
    )
    alert = "" if answer.status_code == 302 else text_of(answer)
    return answer.status_code, alert


@pytest.mark.django_db
def test_after_five_wrong_ones_the_right_one_waits_too(
    account_for: Callable[..., Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    account = account_for("village", VILLAGE)
    for _number in range(4):
        assert "登录名或密码不对" in _try(account.username, "wrong")[1]
    assert "请等 1 分钟再试" in _try(account.username, "wrong")[1]
    assert "请等" in _try(account.username, PASSWORD)[1]
    later = clock.machine_now() + timedelta(seconds=61)
    monkeypatch.setattr(clock, "machine_now", lambda: later)
    assert "请等 2 分钟再试" in _try(account.username, "wrong")[1]
    later = later + timedelta(seconds=121)
    assert _try(account.username, PASSWORD)[0] == 302
    assert not Attempts.objects.filter(failures__gte=5, locked_until__isnull=False).exists()


@pytest.mark.django_db
def test_a_name_that_nobody_has_hears_the_same(account_for: Callable[..., Account]) -> None:
    account = account_for("village", VILLAGE)
    known = [_try(account.username, "wrong", "10.1.1.1")[1] for _ in range(6)]
    unknown = [_try("wushi-ciren", "wrong", "10.1.1.2")[1] for _ in range(6)]
    assert [text.replace(account.username, "") for text in known] == [
        text.replace("wushi-ciren", "") for text in unknown
    ]


@pytest.mark.django_db
def test_names_typed_are_not_written_down(account_for: Callable[..., Account]) -> None:
    account = account_for("village", VILLAGE)
    _try("my-secret-password", "x")
    _try(account.username, "wrong")
    told = str(list(AuditEntry.objects.order_by("pk").values()))
    assert "my-secret-password" not in told
    entry = AuditEntry.objects.get(action="sign_in_failed", subject_id=str(account.pk))
    assert entry.detail["address"] == "10.0.0.7"
    held = b"".join(bytes(row.of) for row in Attempts.objects.order_by("pk"))
    assert b"secret" not in held


@pytest.mark.django_db
def test_one_address_that_tries_many_names_waits(account_for: Callable[..., Account]) -> None:
    account = account_for("village", VILLAGE)
    for number in range(30):
        _try(f"name-{number}", "wrong", "10.9.9.9")
    assert "请等" in _try(account.username, PASSWORD, "10.9.9.9")[1]
    assert _try(account.username, PASSWORD, "10.9.9.8")[0] == 302


@pytest.mark.django_db
def test_having_one_account_does_not_free_the_address(account_for: Callable[..., Account]) -> None:
    account = account_for("village", VILLAGE)
    for number in range(29):
        _try(f"name-{number}", "wrong", "10.9.9.9")
        if number % 7 == 0:
            _try(account.username, PASSWORD, "10.9.9.9")
    _try("name-last", "wrong", "10.9.9.9")
    assert "请等" in _try("another", "wrong", "10.9.9.9")[1]


@pytest.mark.django_db
def test_counts_without_meaning_are_swept() -> None:
    _try("nobody", "wrong")
    acting, now = system_reader(), clock.machine_now()
    assert sweep_attempts(now=now, acting=acting) == 0
    assert sweep_attempts(now=now + timedelta(days=2), acting=acting) == 2


@given(st.integers(0, 10_000), st.integers(1, 50))
def test_the_wait_never_shrinks_and_never_passes_the_longest(failures: int, allowed: int) -> None:
    rules = SignInRules()
    here, next_ = (rules.wait_after(failures + more, allowed) for more in (0, 1))
    assert here <= next_ <= rules.longest_wait_seconds
    assert (here == 0) == (failures < allowed)
