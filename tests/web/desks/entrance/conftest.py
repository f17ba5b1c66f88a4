"""The small Hetian of ``tests/web/desks/factories.py``; codes of a telephone."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pyotp
import pytest

from tests.web.desks.factories import _fixed_day_and_own_folder, places, world
from yanglao.domain.accounts.public import Account, confirm_second_factor, draft_second_factor
from yanglao.foundation import clock
from yanglao.foundation.scoping import system_reader

__all__ = ["_fixed_day_and_own_folder", "places", "world"]


class Telephone:
    """Makes codes for one account; ``later(steps)`` is the code some half minutes on."""

    def __init__(self, account: Account, codes: list[str], seed: str) -> None:
        self.account, self.paper, self.seed = account, codes, seed

    def code(self, steps: int = 0, now: datetime | None = None) -> str:
        moment = (now or clock.machine_now()) + timedelta(seconds=30 * steps)
        return pyotp.TOTP(self.seed).at(moment)


@pytest.fixture
def with_telephone(db: None) -> Callable[[Account], Telephone]:
    """Return ``with_telephone(account)``: turns its second factor on, half an hour ago."""

    def make(account: Account) -> Telephone:
        acting = system_reader()
        draft = draft_second_factor(account_id=account.pk, issuer="x", acting=acting, anew=True)
        before = clock.machine_now() - timedelta(minutes=30)
        codes = confirm_second_factor(
            account_id=account.pk,
            code=pyotp.TOTP(draft.seed).at(before),
            now=before,
            acting=acting,
        )
        account.refresh_from_db()
        return Telephone(account, codes, draft.seed)

    return make
