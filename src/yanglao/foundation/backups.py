"""Where backups lie, and which is the newest: asked by ``doctor`` and ``/metrics``."""

import os
from datetime import UTC, datetime
from pathlib import Path

from yanglao.foundation.home import home

#: Ending of a backup file.
ENDING = ".ylbackup"


def backup_folder() -> Path:
    """Return where backups go: ``YANGLAO_BACKUPS``, else ``backups`` in ``YANGLAO_HOME``."""
    given = os.environ.get("YANGLAO_BACKUPS")
    return Path(given).expanduser().resolve() if given else home() / "backups"


def kept_backups(folder: Path | None = None) -> list[Path]:
    """Return the backups of a folder, the newest first; names hold the moment they were made."""
    where = folder or backup_folder()
    return sorted(where.glob(f"yanglao-*{ENDING}"), reverse=True) if where.is_dir() else []


def newest_backup() -> tuple[Path, datetime] | None:
    """Return the newest backup and when it was written, ``None`` when there is none."""
    found = kept_backups()
    if not found:
        return None
    return found[0], datetime.fromtimestamp(found[0].stat().st_mtime, tz=UTC)
