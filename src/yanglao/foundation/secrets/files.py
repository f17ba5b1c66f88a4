"""Files of an installation that hold people's data: sealed, in folders known by name.

Most are sealed as a whole; long ones in pieces (:mod:`.pieces`).

``keys rotate`` seals the files of these folders anew, as it does rows.
"""

import os
import tempfile
from pathlib import Path

from yanglao.foundation.home import home, home_folder
from yanglao.foundation.secrets.sealing import seal_bytes, unseal_bytes

#: Folders below ``YANGLAO_HOME`` in which every file is sealed.
SEALED_FOLDERS = ("downloads", "drafts", "lists", "payments", "runs", "uploads")
#: Those of them whose files are sealed in pieces.
IN_PIECES = frozenset({"downloads", "payments"})


def sealed_folder(name: str) -> Path:
    """Return a folder of sealed files, made when missing.

    Raises:
        ValueError: When it is none of :data:`SEALED_FOLDERS`.
    """
    if name not in SEALED_FOLDERS:
        raise ValueError(f"not a folder of sealed files: {name!r}")
    return home_folder(name)


def write_sealed(path: Path, data: bytes | memoryview) -> None:
    """Write a file of a sealed folder; it is there whole or not at all, for its owner only."""
    # mkstemp makes the draft readable by its owner only; a crash leaves no half file.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(seal_bytes(_purpose(path), bytes(data)))
            file.flush()
            os.fsync(file.fileno())
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise


def read_sealed(path: Path) -> bytes:
    """Return what a sealed file holds.

    Raises:
        FileNotFoundError: When it is not there.
        SealBroken, KeyProblem: When it can't be opened.
    """
    return unseal_bytes(_purpose(path), path.read_bytes())


def _purpose(path: Path) -> str:
    """Return what a file is sealed for: its folder, so that one can't pass for another's."""
    folder = path.relative_to(home()).parts[0]
    if folder not in SEALED_FOLDERS or folder in IN_PIECES:
        raise ValueError(f"not in a folder of files sealed as a whole: {path}")
    return f"file.{folder}"
