"""Outside systems, as the program wants them: Protocols, and which adapter stands for each.

Flows ask :func:`plugged`; ``yanglao.config.wiring`` plugs the adapters in. Nobody else knows them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar, cast

P = TypeVar("P")

_plugged: dict[type, object] = {}


class NotPlugged(RuntimeError):
    """No adapter was plugged in for a port: the wiring is incomplete."""


class RefusedAddress(ValueError):
    """An address that the program does not call; the message says in Chinese why."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the other side answered: HTTP status (0: nobody did) and a note for the operator."""

    status: int
    note: str

    @property
    def arrived(self) -> bool:
        """Whether the other side took it."""
        return 200 <= self.status < 300


class WebhookSender(Protocol):
    """Sends signed bodies to addresses of other systems."""

    def check(self, url: str) -> None:
        """Raise :class:`RefusedAddress` for an address that may not be called."""

    def send(self, *, url: str, headers: Mapping[str, str], body: bytes) -> Sent:
        """Post a body; never raises for what the other side does."""


def plug(port: type[P], adapter: P) -> None:
    """Let an adapter stand for a port; a later one replaces an earlier one (tests)."""
    _plugged[port] = adapter


def plugged(port: type[P]) -> P:
    """Return the adapter of a port.

    Raises:
        NotPlugged: When the wiring left it out.
    """
    try:
        return cast(P, _plugged[cast(Any, port)])
    except KeyError:
        raise NotPlugged(f"no adapter for {port.__name__}: see yanglao.config.wiring") from None
