"""How many requests somebody may send: a bucket of tokens each, filled evenly.

Kept in the memory of a process: a page must never wait for a writer to be counted. With several
web processes each counts its share (``shares``). Tries to sign in are counted in the database
instead, by ``accounts``, where all processes see them.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from time import monotonic

#: From so many buckets on, those that are full again are forgotten.
_MANY = 10_000


@dataclass(slots=True)
class Buckets:
    """Buckets of one kind, by key.

    Attributes:
        per_minute: Tokens that come in a minute, and how many a bucket holds; 0: no limit.
        shares: Web processes among which the limit is divided.
        clock: Seconds; for tests.
    """

    per_minute: int
    shares: int = 1
    clock: Callable[[], float] = monotonic
    _held: dict[str, tuple[float, float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def take(self, key: str) -> float:
        """Take a token; return 0.0 when there was one, else the seconds until the next."""
        if not self.per_minute:
            return 0.0
        size = max(1.0, self.per_minute / self.shares)
        rate = size / 60
        moment = self.clock()
        with self._lock:
            if len(self._held) > _MANY:
                self._forget_full(moment, size, rate)
            left, since = self._held.get(key, (size, moment))
            left = min(size, left + (moment - since) * rate)
            if left < 1:
                self._held[key] = (left, moment)
                return (1 - left) / rate
            self._held[key] = (left - 1, moment)
            return 0.0

    def _forget_full(self, moment: float, size: float, rate: float) -> None:
        self._held = {
            key: (left, since)
            for key, (left, since) in self._held.items()
            if left + (moment - since) * rate < size
        }
