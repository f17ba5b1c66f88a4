"""Whole SQLite tables as Arrow, read by child processes (see :mod:`sqlite_child` for why).

While a child reads the next rows, this process already works on the last ones: on two cores that
costs less time than reading here would.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa

_PROGRAM = Path(__file__).with_name("sqlite_child.py")


class SqliteReaders:
    """Child processes that read one file; started when first needed, ended by :meth:`close`."""

    def __init__(self, file: str) -> None:
        """Remember the file; nothing is started yet."""
        self._file = file
        self._children: list[subprocess.Popen[bytes]] = []

    def read(self, texts: list[str], *, batch: int) -> list[Any]:
        """Ask one query of each of as many children; return a stream of record batches for each.

        The streams must be read to their end before the next call.

        Raises:
            RuntimeError: When a child could not answer, with what it said.
        """
        while len(self._children) < len(texts):
            self._children.append(self._start())
        asked = list(zip(self._children, texts, strict=False))
        for child, text in asked:
            if child.stdin is None:
                raise RuntimeError("the reader has no standard input")
            child.stdin.write(json.dumps({"sql": text, "batch": batch}).encode() + b"\n")
            child.stdin.flush()
        return [self._answer(child) for child, _text in asked]

    def close(self) -> None:
        """End the children."""
        for child in self._children:
            for pipe in (child.stdin, child.stdout):
                if pipe is not None:
                    pipe.close()
            child.wait(timeout=30)
            if child.stderr is not None:
                child.stderr.close()
        self._children.clear()

    def _start(self) -> subprocess.Popen[bytes]:
        # Our own program and our own file; nothing of it comes from outside.
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", str(_PROGRAM), self._file],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    @staticmethod
    def _answer(child: subprocess.Popen[bytes]) -> Any:
        try:
            return pa.ipc.open_stream(child.stdout)
        except pa.ArrowInvalid as problem:
            child.wait(timeout=30)
            said = child.stderr.read().decode(errors="replace") if child.stderr else ""
            raise RuntimeError(f"the database file could not be read: {said[-500:]}") from problem
