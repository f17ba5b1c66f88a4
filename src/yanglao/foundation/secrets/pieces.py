"""Long files sealed piece by piece, so that memory does not grow with them.

A file is ``version (1 byte) · mark (16)`` and pieces of one MiB, each sealed as
:mod:`.sealing` seals a value. With every piece are authenticated the place of the file below
``YANGLAO_HOME``, its mark, the number of the piece and whether it is the last: none can be
exchanged, left out, repeated or cut off, and no file can pass for another.
"""

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from yanglao.foundation.home import home
from yanglao.foundation.secrets.keys import KeyVersion, key_ring
from yanglao.foundation.secrets.sealing import SealBroken, seal_bytes, unseal_bytes

#: Bytes of a piece before sealing, and what sealing adds to each.
PIECE = 1024 * 1024
_ADDED = 29
_MARK = 16


@contextmanager
def writing_pieces(path: Path) -> Iterator[BinaryIO]:
    """Write a sealed file from its beginning to its end; nothing is there unless it is whole.

    The file given can't be read or sought in; its attribute ``written`` counts bytes.
    """
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    try:
        with os.fdopen(descriptor, "wb") as target:
            pieces = _Writer(target, _bound(path), key_ring().newest)
            yield pieces  # type: ignore[misc]  # has what writers use
            pieces.finish()
            target.flush()
            os.fsync(target.fileno())
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def open_pieces(path: Path) -> BinaryIO:
    """Open a sealed file to read it from its beginning to its end.

    Raises:
        FileNotFoundError: When it is not there.
        SealBroken, KeyProblem: When its first piece can't be opened; later ones raise on reading.
    """
    raw = _Reader(path.open("rb"), _bound(path))
    try:
        raw.begin()
    except BaseException:
        raw.close()
        raise
    return io.BufferedReader(raw, PIECE)


def reseal_pieces(path: Path) -> None:
    """Seal a file anew with the newest key; raises as :func:`open_pieces`."""
    with open_pieces(path) as old, writing_pieces(path) as new:
        while piece := old.read(PIECE):
            new.write(piece)


def _bound(path: Path) -> str:
    return f"file.{path.relative_to(home()).as_posix()}"


def _purpose(bound: str, mark: bytes, number: int, last: bool) -> str:
    return f"{bound} {mark.hex()} {number} {'last' if last else 'more'}"


class _Writer(io.BufferedIOBase):
    """Takes bytes, seals them when a piece is full."""

    def __init__(self, target: BinaryIO, bound: str, version: KeyVersion) -> None:
        self._target, self._bound, self._version = target, bound, version
        self._mark = os.urandom(_MARK)
        self._held = bytearray()
        self._number = 0
        self.written = 0
        target.write(bytes((version.number,)) + self._mark)

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        count = memoryview(data).nbytes  # type: ignore[arg-type]
        self._held += data  # type: ignore[arg-type]
        self.written += count
        # The last piece is never empty but for an empty file: a full one waits for what follows.
        while len(self._held) > PIECE:
            self._put(bytes(self._held[:PIECE]), last=False)
            del self._held[:PIECE]
        return count

    def finish(self) -> None:
        """Seal what is left as the last piece."""
        self._put(bytes(self._held), last=True)
        self._held.clear()

    def _put(self, data: bytes, *, last: bool) -> None:
        purpose = _purpose(self._bound, self._mark, self._number, last)
        self._target.write(seal_bytes(purpose, data, self._version))
        self._number += 1


class _Reader(io.RawIOBase):
    """Gives what was sealed, a piece at a time."""

    def __init__(self, source: BinaryIO, bound: str) -> None:
        self._source, self._bound = source, bound
        self._mark = b""
        self._ahead = b""
        self._number = 0
        self._piece = memoryview(b"")

    def begin(self) -> None:
        """Read the head and open the first piece."""
        head = self._source.read(1 + _MARK)
        self._mark = head[1:]
        self._ahead = self._source.read(PIECE + _ADDED)
        if len(head) != 1 + _MARK or not self._ahead:
            raise SealBroken(f"{self._bound}: 加密文件不完整。")
        self._next()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: object) -> int:
        if not self._piece and self._ahead:
            self._next()
        target = memoryview(buffer).cast("B")  # type: ignore[arg-type]
        count = min(len(target), len(self._piece))
        target[:count] = self._piece[:count]
        self._piece = self._piece[count:]
        return count

    def close(self) -> None:
        self._source.close()
        super().close()

    def _next(self) -> None:
        sealed, self._ahead = self._ahead, self._source.read(PIECE + _ADDED)
        purpose = _purpose(self._bound, self._mark, self._number, not self._ahead)
        self._piece = memoryview(unseal_bytes(purpose, sealed))
        self._number += 1
