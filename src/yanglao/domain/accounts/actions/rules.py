"""Changing the rules of signing in."""

from dataclasses import fields
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction

from yanglao.domain.accounts.actions.sessions import end_sessions_without_factor
from yanglao.domain.accounts.models import SignInSetting
from yanglao.domain.accounts.queries import sign_in_rules
from yanglao.domain.accounts.types import Role, SignInRules
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader

#: Least and most of each number: a slip must not lock everybody out, or lock nobody.
LIMITS: dict[str, tuple[int, int]] = {
    "failures_allowed": (3, 20),
    "address_failures_allowed": (5, 1000),
    "first_wait_seconds": (10, 3600),
    "longest_wait_seconds": (60, 86400),
    "idle_minutes": (5, 240),
    "longest_hours": (1, 24),
    "sessions_per_account": (1, 20),
    "link_hours": (1, 168),
    "passwords_remembered": (1, 24),
}


@transaction.atomic
def change_sign_in_rules(*, rules: SignInRules, now: datetime, acting: Reader) -> SignInRules:
    """Put rules of signing in into force; sessions that no longer fit end.

    Raises:
        PermissionError: If the acting person is no security administrator.
        django.core.exceptions.ValidationError: For a number beyond its limits or an unknown role.
    """
    if not acting.can("approve_accounts"):
        raise PermissionError("只有安全管理员能改登录规则。")
    for name, (least, most) in LIMITS.items():
        if not least <= getattr(rules, name) <= most:
            raise ValidationError({name: f"应在 {least} 到 {most} 之间。"})
    if rules.second_factor_roles - {role.value for role in Role}:
        raise ValidationError({"second_factor_roles": "没有这个角色。"})
    before = sign_in_rules()
    changed = {
        one.name: _plain(getattr(rules, one.name))
        for one in fields(SignInRules)
        if getattr(rules, one.name) != getattr(before, one.name)
    }
    for name, value in changed.items():
        SignInSetting.objects.update_or_create(
            name=name, defaults={"value": value, "changed_at": now, "changed_by": acting.name}
        )
    added = rules.second_factor_roles - before.second_factor_roles
    if added:
        end_sessions_without_factor(roles=added, acting=acting)
    if changed:
        audit.record(
            acting,
            "sign_in_rules_changed",
            subject="sign_in_rules",
            detail={"to": changed, "was": {n: _plain(getattr(before, n)) for n in changed}},
        )
    return rules


def _plain(value: object) -> object:
    return sorted(value) if isinstance(value, frozenset) else value
