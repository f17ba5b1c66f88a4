"""Between the password and being in: who is on the way, from where, with what."""

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme

from yanglao.domain.accounts.public import (
    Account,
    account_signing_in,
    note_sign_in,
    sign_in_rules,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader, system_reader

_PENDING = "signing_in"
#: Who gave the password has so long to give the code.
_MINUTES = timedelta(minutes=10)
_BACKEND = "django.contrib.auth.backends.ModelBackend"
_SYSTEMS = ("Windows", "Android", "iPhone", "iPad", "Mac OS", "Linux")
_BROWSERS = (
    ("Edg/", "Edge"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


def door() -> Reader:
    """Return who writes the record of what happens before anybody is in."""
    return system_reader(name="登录")


def address_of(request: HttpRequest) -> str:
    """Return the network address a request comes from, ``""`` when unknown."""
    return cast(str, getattr(request, "client_address", ""))


def device_of(request: HttpRequest) -> str:
    """Return system and browser in two words, so that an officer knows his own sessions."""
    told = request.headers.get("User-Agent", "")
    system = next((name for name in _SYSTEMS if name in told), "")
    browser = next((name for mark, name in _BROWSERS if mark in told), "")
    return " · ".join(word for word in (system, browser) if word)


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """Somebody whose password was right."""

    account: Account
    next: str


def remember(request: HttpRequest, account: Account, target: str) -> None:
    """Keep who is on the way in; under a new key, so that nobody planted the session before."""
    request.session.flush()
    request.session[_PENDING] = {
        "account": account.pk,
        "password": account.password[-16:],
        "until": (clock.machine_now() + _MINUTES).timestamp(),
        "next": target,
    }


def on_the_way(request: HttpRequest) -> OnTheWay | None:
    """Return who is on the way in, ``None`` when nobody is or it took too long."""
    told = request.session.get(_PENDING)
    if not told or told["until"] < clock.machine_now().timestamp():
        return None
    account = account_signing_in(told["account"])
    if account is None or account.password[-16:] != told["password"]:
        return None
    return OnTheWay(account, told["next"])


def let_in(request: HttpRequest, account: Account, target: str) -> HttpResponse:
    """Begin the session of somebody who has shown all that is asked for."""
    now, rules = clock.machine_now(), sign_in_rules()
    address, device = address_of(request), device_of(request)
    before = (account.last_login, account.last_address)
    ended = note_sign_in(account=account, address=address, device=device, now=now, acting=door())
    request.session.flush()
    request.session["idle_minutes"] = rules.idle_minutes
    request.session["address"], request.session["device"] = address, device
    request.session["ended_others"] = ended
    if before[0] is not None:
        request.session["last_at"] = before[0].isoformat()
        request.session["last_from"] = before[1]
    request.session.set_expiry(now + timedelta(hours=rules.longest_hours))
    login(request, account, backend=_BACKEND)
    return HttpResponseRedirect(safe_target(request, target))


def safe_target(request: HttpRequest, target: str) -> str:
    """Return where to go after signing in; never another site."""
    fits = url_has_allowed_host_and_scheme(
        target, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return target if target and fits else resolve_url("workbench")


def wait_words(seconds: int) -> str:
    """Say how long to wait."""
    if seconds < 60:
        return f"{seconds} 秒"
    return f"{-(-seconds // 60)} 分钟"
