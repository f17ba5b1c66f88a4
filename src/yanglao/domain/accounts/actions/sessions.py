"""Sessions: beginning and ending them. What a cookie's key opens is kept by its digest only."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.utils import OperationalError

from yanglao.domain.accounts.models import Account, SignInSession
from yanglao.domain.accounts.queries import sign_in_rules
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader
from yanglao.foundation.waiting import without_waiting

#: A click within so long of the last one is not written down.
_SEEN_EVERY = timedelta(seconds=60)


@transaction.atomic
def note_sign_in(
    *, account: Account, address: str, device: str, now: datetime, acting: Reader
) -> int:
    """Write a sign-in down and make room for its session; return how many older ones ended."""
    rules = sign_in_rules()
    Account.objects.filter(pk=account.pk).update(last_login=now, last_address=address)
    held = SignInSession.objects.filter(account=account).order_by("-seen_at", "session_key")
    over = held.values_list("session_key", flat=True)[rules.sessions_per_account - 1 :]
    ended = SignInSession.objects.filter(session_key__in=list(over)).delete()[0]
    audit.record(
        acting,
        "signed_in",
        subject="account",
        subject_id=account.pk,
        place_code=account.area_code,
        detail={"address": address, "device": device},
    )
    return ended


def note_seen(*, session: SignInSession, idle_minutes: int, now: datetime, acting: Reader) -> None:
    """Move the idle end of a session on. Never makes a reader wait for a writer."""
    if now - session.seen_at < _SEEN_EVERY:
        return
    try:
        with without_waiting():
            SignInSession.objects.filter(pk=session.pk).update(
                seen_at=now, idle_until=now + timedelta(minutes=idle_minutes)
            )
    except OperationalError:
        # A list is going in and holds the only pen; the next click writes it.
        return


@transaction.atomic
def end_session(*, account_id: int, number: str, acting: Reader) -> bool:
    """End one of one's own sessions; say whether there was one."""
    ended = SignInSession.objects.filter(account_id=account_id, session_key=number).delete()[0]
    if ended:
        _record(acting, "session_ended", account_id, ended)
    return bool(ended)


@transaction.atomic
def end_other_sessions(*, account_id: int, keep: str, acting: Reader) -> int:
    """End all sessions of an account but one; return how many."""
    others = SignInSession.objects.filter(account_id=account_id).exclude(session_key=keep)
    ended = others.delete()[0]
    _record(acting, "session_ended", account_id, ended)
    return ended


@transaction.atomic
def end_all_sessions(*, account_id: int, acting: Reader) -> int:
    """End every session of an account: it was closed, or got a new password by a link."""
    return SignInSession.objects.filter(account_id=account_id).delete()[0]


@transaction.atomic
def end_sessions_without_factor(*, roles: frozenset[str], acting: Reader) -> int:
    """End the sessions of those who must have a second factor now and have none."""
    return SignInSession.objects.filter(
        account__role__in=roles, account__factor_seed__isnull=True
    ).delete()[0]


def sweep_sessions(*, now: datetime, acting: Reader) -> int:
    """Remove sessions that have ended by themselves; return how many."""
    late = SignInSession.objects.filter(expire_date__lt=now).delete()[0]
    return late + SignInSession.objects.filter(idle_until__lt=now).delete()[0]


def _record(acting: Reader, action: str, account_id: int, count: int) -> None:
    audit.record(
        acting, action, subject="account", subject_id=account_id, detail={"sessions": count}
    )
