"""The rules of signing in: one screen, one role, every change on record."""

from collections.abc import Callable

import pytest
from django.test import Client

from tests.web.desks.factories import PREFECTURE, text_of
from yanglao.domain.accounts.public import SignInRules, change_sign_in_rules, sign_in_rules
from yanglao.foundation import clock
from yanglao.foundation.models import AuditEntry

pytestmark = pytest.mark.django_db
URL = "/sign-in/rules/"
SENT = {
    "failures_allowed": 4,
    "address_failures_allowed": 30,
    "first_wait_seconds": 60,
    "longest_wait_seconds": 3600,
    "idle_minutes": 15,
    "longest_hours": 10,
    "sessions_per_account": 2,
    "link_hours": 48,
    "passwords_remembered": 5,
    "second_factor_roles": ["security_admin", "system_admin"],
}


def test_the_security_administrator_changes_them(client_as: Callable[..., Client]) -> None:
    client = client_as("security_admin", PREFECTURE)
    assert sign_in_rules() == SignInRules()
    assert "第二道验证" in text_of(client.get(URL))
    assert client.post(URL, SENT).status_code == 302
    rules = sign_in_rules()
    assert (rules.failures_allowed, rules.idle_minutes, rules.sessions_per_account) == (4, 15, 2)
    assert rules.second_factor_roles == {"security_admin", "system_admin"}
    entry = AuditEntry.objects.get(action="sign_in_rules_changed")
    assert entry.detail["to"]["idle_minutes"] == 15
    assert entry.detail["was"]["idle_minutes"] == 30


def test_a_slip_is_refused(client_as: Callable[..., Client]) -> None:
    client = client_as("security_admin", PREFECTURE)
    answer = client.post(URL, SENT | {"idle_minutes": 0})
    assert "应在 5 到 240 之间" in text_of(answer)
    assert sign_in_rules() == SignInRules()


@pytest.mark.parametrize("role", ["system_admin", "audit_admin", "prefecture"])
def test_nobody_else(
    role: str, client_as: Callable[..., Client], reader_for: Callable[..., object]
) -> None:
    assert client_as(role, PREFECTURE).post(URL, SENT).status_code == 403
    with pytest.raises(PermissionError):
        change_sign_in_rules(
            rules=SignInRules(failures_allowed=9),
            now=clock.machine_now(),
            acting=reader_for(role, PREFECTURE),
        )
