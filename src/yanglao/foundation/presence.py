"""Who works with an installation: many at once, or one alone.

A lock on a file of ``YANGLAO_HOME`` that the system lets go when a process ends, however it ends.
"""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from yanglao.foundation.home import home

_FILE = "in-use.lock"
_held: dict[str, IO[str]] = {}


class InUse(Exception):
    """Somebody else works with the installation, or somebody works with it alone."""


def be_present() -> None:
    """Say that this process works with the installation, until it ends.

    Raises:
        InUse: When somebody works with it alone.
    """
    path = str(home() / _FILE)
    if path not in _held:
        _held[path] = _locked(path, fcntl.LOCK_SH)


@contextmanager
def alone() -> Iterator[None]:
    """Work with the installation while nobody else does.

    Raises:
        InUse: When somebody does.
    """
    path = str(home() / _FILE)
    mine = _held.pop(path, None)
    if mine is not None:
        mine.close()
    with _locked(path, fcntl.LOCK_EX):
        yield


def _locked(path: str, how: int) -> IO[str]:
    file = open(path, "a", encoding="utf-8")  # noqa: SIM115  held until the process ends
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except OSError as problem:
        file.close()
        raise InUse(path) from problem
    return file
