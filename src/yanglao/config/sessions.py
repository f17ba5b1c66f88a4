"""Sessions in the database, under a digest of the cookie's key.

Whoever steals the database cannot sign in with what stands there. What the officer sees of his
sessions (since when, from where) are columns of the same row.
"""

from datetime import timedelta
from typing import Any

from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.core.exceptions import SuspiciousOperation
from django.db import IntegrityError, transaction
from django.db.models import Q

from yanglao.domain.accounts.public import SignInSession
from yanglao.foundation import clock
from yanglao.foundation.secrets import sm3_hex

#: 160 bits of the digest: as many letters as Django's own column has.
_LETTERS = 40


def key_digest(session_key: str) -> str:
    """Return under which key a session is kept."""
    return sm3_hex(session_key.encode())[:_LETTERS]


class SessionStore(DatabaseStore):
    """Django's database sessions with digests for keys, an idle end, and columns to look at."""

    #: The row that was read, for whoever asks when the session was last seen.
    row: SignInSession | None = None

    @classmethod
    def get_model_class(cls) -> type[SignInSession]:
        """Return the table."""
        return SignInSession

    def exists(self, session_key: str) -> bool:
        """Say whether a session has this key."""
        return bool(self.model.objects.filter(session_key=key_digest(session_key)).exists())

    def save(self, must_create: bool = False) -> None:
        """Write the session; never brings one back that was ended elsewhere.

        Raises:
            CreateError, UpdateError: As Django's own.
        """
        if self.session_key is None:
            self.create()
            return
        data: dict[str, Any] = self._get_session(  # type: ignore[attr-defined]
            no_load=must_create
        )
        values = {"session_data": self.encode(data), "expire_date": self.get_expiry_date()}
        values["account_id"] = data.get("_auth_user_id")
        if must_create:
            self._insert(values, data)
            return
        key = key_digest(self.session_key)
        if not self.model.objects.filter(session_key=key).update(**values):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """End a session."""
        key = session_key or self.session_key
        if key is not None:
            self.model.objects.filter(session_key=key_digest(key)).delete()

    def _insert(self, values: dict[str, Any], data: dict[str, Any]) -> None:
        now = clock.machine_now()
        minutes = data.get("idle_minutes")
        row = SignInSession(
            session_key=key_digest(str(self.session_key)),
            started_at=now,
            seen_at=now,
            idle_until=now + timedelta(minutes=minutes) if minutes else None,
            address=str(data.get("address", ""))[:45],
            device=str(data.get("device", ""))[:60],
            **values,
        )
        try:
            with transaction.atomic():
                row.save(force_insert=True)
        except IntegrityError as problem:
            raise CreateError from problem

    def _get_session_from_db(self) -> SignInSession | None:
        now = clock.machine_now()
        try:
            self.row = SignInSession.objects.get(
                Q(idle_until__isnull=True) | Q(idle_until__gt=now),
                session_key=key_digest(str(self.session_key)),
                expire_date__gt=now,
            )
        except (SignInSession.DoesNotExist, SuspiciousOperation):
            self._session_key = None
            return None
        return self.row
