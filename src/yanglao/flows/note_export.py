"""Files that leave the program by a command: each stands in the record, or is not there."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader


class Leaving:
    """A file on its way out; whoever writes it says how many rows it has."""

    def __init__(self) -> None:
        """Begin with none."""
        self.rows = 0
        self.subject_id: object = ""


@contextmanager
def noted_export(reader: Reader, action: str, path: Path, *, subject: str) -> Iterator[Leaving]:
    """Record a file when it is written; take it away again when that can't be recorded.

    Args:
        reader: Who takes it out; his area is where its people are served.
        action: Fixed word of the record (``"findings_exported"``).
        path: The file; only its name is recorded, without whatever looks like a number.
        subject: Kind of what is in it (``"run"``).
    """
    leaving = Leaving()
    yield leaving
    try:
        audit.read(
            reader,
            action,
            subject=subject,
            subject_id=leaving.subject_id,
            place_code=reader.area,
            detail={"rows": leaving.rows, "file": path.name},
        )
    except BaseException:
        path.unlink(missing_ok=True)
        raise
