"""A county with two months: one paid with two failures, one frozen; one claim."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.engines.payments import histories as h
from tests.flows import payment_world as w
from tests.flows import population as p
from tests.flows.test_pay_month import simple
from tests.web.desks.factories import _fixed_day_and_own_folder, places
from yanglao.domain.settlement.public import Claim, PaymentRun
from yanglao.flows import pay_month, send_payments

__all__ = ["_fixed_day_and_own_folder", "places"]

FIRST, SECOND = "2024-03", "2024-04"


@dataclass
class Paid:
    """What there is: the facts, the first run (closed), the second (frozen)."""

    facts: w.Facts
    first: PaymentRun
    second: PaymentRun

    @property
    def claim(self) -> Claim:
        """The proposed claim of the one who had died."""
        return Claim.objects.get()


def people(number: int, start: int = 1) -> dict[int, Any]:
    """Make people with nursing money."""
    made = [p.elder(n, date(1941, 1, 1 + n % 28)) for n in range(start, start + number)]
    return {person.pk: simple(10000 + 100 * (person.pk % 3)) for person in made}


@pytest.fixture
def rules(places: None, tmp_path: Path, settings: Any, monkeypatch: Any) -> Iterator[None]:
    """Put the rules of the tests in force."""
    w.prepare(tmp_path / "policies", settings)
    yield


@pytest.fixture
def paid(rules: None, monkeypatch: pytest.MonkeyPatch) -> Paid:
    """Pay March, learn of a death, freeze April."""
    facts = w.Facts(people(12))
    monkeypatch.setattr(
        pay_month.freeze_run, "__kwdefaults__", _loading(facts, pay_month.freeze_run)
    )
    monkeypatch.setattr(
        send_payments.make_file, "__kwdefaults__", _loading(facts, send_payments.make_file)
    )
    first = w.approved(facts, FIRST, start=FIRST)
    file = w.sent(first, facts)
    w.answered(file, {3: "账户已销户"})
    gone = min(facts.people)
    facts.people = {
        **facts.people,
        gone: simple(end=date(2024, 2, 10), cause="death"),
    }
    some = sorted(facts.people)[1]
    facts.accounts = [(n, f"T{n}", None, None) for n in facts.people if n != some]
    second = w.frozen(facts, SECOND)
    first.refresh_from_db()
    return Paid(facts, first, second)


def _loading(facts: w.Facts, flow: Callable[..., Any]) -> dict[str, Any]:
    """Let a flow read the facts of the test where it is asked from a page."""
    return {**flow.__kwdefaults__, "load": facts.load}


@pytest.fixture
def officers(account_for: Callable[..., Any]) -> Callable[[], tuple[Client, Client]]:
    """Return two signed-in officers of the county."""

    def make() -> tuple[Client, Client]:
        found = []
        for _each in range(2):
            client = Client()
            client.force_login(account_for("county", w.COUNTY))
            found.append(client)
        return found[0], found[1]

    return make


assert h.BENEFITS
