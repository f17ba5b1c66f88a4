"""Adds an index key and kills itself in the middle: ``python -m tests.ops.cutting_index PIECES``.

After so many pieces of seven rows it kills itself by SIGKILL, every second time before the piece
is committed. Says "done" when there were fewer.
"""

import os
import signal
import sys
from typing import Any

from yanglao.foundation.home import home


def main(pieces: int) -> None:
    """Go on with the change of the index key, so far."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanglao.config.settings")
    import django

    django.setup()
    from yanglao.foundation import index_rotation
    from yanglao.ops.keys import rotate_index

    index_rotation._CHUNK = 7
    written, seen = index_rotation._write, [0]

    def write(cursor: Any, table: Any, rows: Any) -> None:
        written(cursor, table, rows)
        seen[0] += 1
        if seen[0] > pieces and pieces % 2:
            os.kill(os.getpid(), signal.SIGKILL)

    wrapped = index_rotation._progress

    def progress(table: str, number: int) -> Any:
        if seen[0] > pieces:
            os.kill(os.getpid(), signal.SIGKILL)
        return wrapped(table, number)

    index_rotation._write, index_rotation._progress = write, progress
    rotate_index()
    print("done", home())  # noqa: T201


if __name__ == "__main__":
    main(int(sys.argv[1]))
