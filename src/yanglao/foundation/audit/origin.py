"""Where the present act comes from: the address and device of the request that asked for it.

The request's edge (``config.middleware``, the API) says it once with :func:`came_from`; every entry
written meanwhile carries it, however deep the code that writes it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

_LONGEST_ADDRESS = 45  # an IPv6 address with an IPv4 tail
_LONGEST_DEVICE = 120


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an act comes from.

    Attributes:
        address: IP address; empty for jobs and the command line.
        device: What the browser or program calls itself, shortened.
    """

    address: str = ""
    device: str = ""


NOWHERE = Origin()
_origin: ContextVar[Origin] = ContextVar("audit_origin", default=NOWHERE)


def origin() -> Origin:
    """Return where the present act comes from."""
    return _origin.get()


@contextmanager
def came_from(address: str, device: str = "") -> Iterator[None]:
    """Say for everything inside that it comes from an address and device."""
    token = _origin.set(Origin(address[:_LONGEST_ADDRESS], device[:_LONGEST_DEVICE]))
    try:
        yield
    finally:
        _origin.reset(token)
