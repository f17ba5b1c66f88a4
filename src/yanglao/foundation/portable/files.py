"""The files of an installation that belong to its data."""

from collections.abc import Iterator
from pathlib import Path

from yanglao.foundation.backups import ENDING
from yanglao.foundation.home import home
from yanglao.foundation.secrets import key_file

#: Made anew when needed, belonging to one machine, or never to stand beside what they open.
_LEFT_OUT = frozenset(
    {"keys.txt", "secret_key", "static", "progress", "backups", "demo-lists", "metrics"}
)
_DATABASE = "yanglao.sqlite3"
_ASIDE = "before-restore-"
_ENDINGS = frozenset({".new", ".part", ENDING})


def state_files(folder: Path | None = None) -> Iterator[tuple[str, Path]]:
    """Yield ``(path from the home folder, file)`` of everything that a backup keeps."""
    root = folder or home()
    keys = key_file()
    for top in sorted(root.iterdir()):
        if top.name in _LEFT_OUT or top.name.startswith((_DATABASE, _ASIDE, "restoring-")):
            continue
        for path in [top] if top.is_file() else sorted(top.rglob("*")):
            # Backups that lie here, and the one that is being written, would hold themselves.
            left = path.suffix in _ENDINGS or path.name.startswith(".draft-") or path == keys
            if path.is_file() and not path.is_symlink() and not left:
                yield path.relative_to(root).as_posix(), path
