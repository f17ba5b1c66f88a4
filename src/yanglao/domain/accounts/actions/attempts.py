"""Tries to sign in: counted for the login name and for the address, with a growing wait.

A try is counted before the password is looked at and taken back when it was right: whoever sends
many at once gets no more of them than whoever sends them one by one. Names nobody has are counted
alike, so that waiting does not tell which names exist.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.db import transaction

from yanglao.domain.accounts.models import Account, Attempts
from yanglao.domain.accounts.queries import sign_in_rules
from yanglao.domain.accounts.types import SignInRules
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader
from yanglao.foundation.secrets import blind_index

#: Failures count for so long; whoever comes back the next day starts anew.
_FORGOTTEN_AFTER = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of a try.

    Attributes:
        account: Whose it is; ``None`` when something was wrong.
        wait_seconds: How long to wait before the next one; 0: try again at once.
    """

    account: Account | None
    wait_seconds: int = 0


def try_password(
    *, username: str, password: str, address: str, now: datetime, acting: Reader
) -> Tried:
    """Check a login name and a password; does not sign in.

    Args:
        username: As typed.
        password: As typed.
        address: Of the client, ``""`` when unknown.
        now: The machine's moment.
        acting: The door: who writes the record of it.
    """
    rules = sign_in_rules()
    wait = _reserve(username, address, rules, now)
    if wait:
        return Tried(None, wait)
    account = authenticate(None, username=username, password=password)
    if not isinstance(account, Account):
        wait = _note_failure(username, address, rules, now, acting, "password")
        return Tried(None, wait)
    _take_back(username, address)
    return Tried(account)


def reserve_code(*, account: Account, address: str, now: datetime, acting: Reader) -> int:
    """Count a try of a code of the second factor; return the seconds to wait, 0 to go on."""
    return _reserve(account.username, address, sign_in_rules(), now)


def code_failed(*, account: Account, address: str, now: datetime, acting: Reader) -> int:
    """Write down that a code was wrong; return the seconds to wait before the next."""
    return _note_failure(account.username, address, sign_in_rules(), now, acting, "code")


def code_right(*, account: Account, address: str, acting: Reader) -> None:
    """Take the count of a try back: it was right."""
    _take_back(account.username, address)


@transaction.atomic
def unlock(*, account: Account, acting: Reader) -> None:
    """Let an account try again at once; for whoever gives it a new link."""
    Attempts.objects.filter(of=_of_name(account.username)).delete()


def sweep_attempts(*, now: datetime, acting: Reader) -> int:
    """Remove counts without meaning; return how many."""
    return Attempts.objects.filter(last_at__lt=now - _FORGOTTEN_AFTER).delete()[0]


def _of_name(username: str) -> bytes:
    return blind_index("accounts.attempts.name", username.strip().casefold())


def _of_address(address: str) -> bytes:
    return blind_index("accounts.attempts.address", address)


def _keys(username: str, address: str, rules: SignInRules) -> list[tuple[bytes, int]]:
    keys = [(_of_name(username), rules.failures_allowed)]
    if address:
        keys.append((_of_address(address), rules.address_failures_allowed))
    return keys


@transaction.atomic
def _reserve(username: str, address: str, rules: SignInRules, now: datetime) -> int:
    """Count a try for name and address, or return how long both have to wait."""
    held = []
    for key, allowed in sorted(_keys(username, address, rules)):
        row, _new = Attempts.objects.select_for_update().get_or_create(
            of=key, defaults={"last_at": now}
        )
        if row.last_at < now - _FORGOTTEN_AFTER:
            row.failures, row.locked_until = 0, None
        held.append((row, allowed))
    waits = [
        (row.locked_until - now).total_seconds() for row, _ in held if row.locked_until is not None
    ]
    longest = max(waits, default=0)
    if longest > 0:
        return int(longest) + 1
    for row, allowed in held:
        row.failures += 1
        row.last_at = now
        wait = rules.wait_after(row.failures, allowed)
        row.locked_until = now + timedelta(seconds=wait) if wait else None
        row.save(update_fields=["failures", "last_at", "locked_until"])
    return 0


@transaction.atomic
def _take_back(username: str, address: str) -> None:
    """Forget the failures of the name; the address only loses the one that was counted.

    Else whoever has one account of his own could try others' from the same address for ever.
    """
    Attempts.objects.filter(of=_of_name(username)).delete()
    if address:
        row = Attempts.objects.select_for_update().filter(of=_of_address(address)).first()
        if row is not None:
            row.failures, row.locked_until = max(0, row.failures - 1), None
            row.save(update_fields=["failures", "locked_until"])


@transaction.atomic
def _note_failure(
    username: str, address: str, rules: SignInRules, now: datetime, acting: Reader, what: str
) -> int:
    """Write a failure down, without the name typed unless somebody has it."""
    account = Account.objects.filter(username=username.strip()).order_by("pk").first()
    keys = [key for key, _ in _keys(username, address, rules)]
    until = [
        row.locked_until
        for row in Attempts.objects.filter(of__in=keys).order_by("pk")
        if row.locked_until is not None
    ]
    wait = max((int((one - now).total_seconds()) for one in until), default=0)
    audit.record(
        acting,
        "sign_in_failed",
        subject="account",
        subject_id=account.pk if account else "",
        place_code=account.area_code if account else "",
        detail={"address": address, "wrong": what, "wait_seconds": max(0, wait)},
    )
    return max(0, wait)
