"""A database with all tables, made once for all runs in which the migrations stay the same.

Migrating an empty database takes tens of seconds, and each worker of each run would pay for it. So
the first one keeps a copy before any test: on SQLite a file, on PostgreSQL a database that test
databases are made from. The name of a copy says what it was made of. The migrations are run on it
all the same, and find nothing to do; ``pytest --create-db`` makes it anew.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import django

_SOURCE = Path(__file__).resolve().parents[1] / "src"
_PREFIX = "yanglao_prepared_"
#: A copy that no run has asked for is removed after so many days.
_KEPT_DAYS = 7


def fingerprint() -> str:
    """Return what tells one set of tables from another.

    All migrations, with whatever of ours they import; Django and Python; SQLite's own version.
    """
    made_by = f"{django.__version__} {sys.version} {sqlite3.sqlite_version}"
    digest = hashlib.sha256(made_by.encode())
    for file in sorted(_with_imports((_SOURCE / "yanglao").rglob("migrations/*.py"))):
        digest.update(f"{file.relative_to(_SOURCE)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _with_imports(files: Iterator[Path]) -> set[Path]:
    """Return files, those of ours that they import, those that these import, and so on."""
    found: set[Path] = set()
    waiting = list(files)
    while waiting:
        file = waiting.pop()
        if file not in found:
            found.add(file)
            waiting += _imported_by(file)
    return found


def _imported_by(file: Path) -> list[Path]:
    names: list[str] = []
    for node in ast.walk(ast.parse(file.read_bytes())):
        if isinstance(node, ast.Import):
            names += [one.name for one in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [node.module, *(f"{node.module}.{one.name}" for one in node.names)]
    ours = [_SOURCE.joinpath(*name.split(".")) for name in names if name.startswith("yanglao")]
    paths = [path for one in ours for path in (one.with_suffix(".py"), one / "__init__.py")]
    return [path for path in paths if path.exists()]


class Prepared:
    """The copy for this run; made by who comes first, while the others wait."""

    def __init__(self, connection: Any) -> None:
        """Look where the copy is or will be."""
        self.connection = connection
        self.name = _PREFIX + fingerprint()
        # Of one user, whatever else uses the machine.
        self.folder = Path(tempfile.gettempdir()) / f"{_PREFIX}{os.getuid()}"
        self.folder.mkdir(mode=0o700, exist_ok=True)
        if self.folder.stat().st_uid != os.getuid():
            raise PermissionError(f"{self.folder} is somebody else's")
        self.mark = self.folder / f"{self.name}.{connection.vendor}"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Let one process at a time look for the copy or make it."""
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def begin(self) -> bool:
        """Let the test database begin with the copy; ``False`` when there is none yet."""
        test = self.connection.settings_dict["TEST"]
        if self.connection.vendor == "sqlite":
            if not self.mark.exists():
                return False
            shutil.copyfile(self.mark, test["NAME"])
        else:
            if not self._stands():
                return False
            test["TEMPLATE"] = self.name
        self.mark.touch()
        return True

    def keep(self) -> None:
        """Keep a copy of the test database as it is: migrated, and nothing in it yet."""
        self._forget_old()
        if self.connection.vendor == "sqlite":
            half = self.mark.with_suffix(".half")
            half.unlink(missing_ok=True)
            self.connection.ensure_connection()
            self.connection.connection.execute("VACUUM INTO ?", (str(half),))
            half.replace(self.mark)
            return
        name = self.connection.settings_dict["NAME"]
        self.connection.close()
        with self.connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}"')
            cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}_half"')
            cursor.execute(f'CREATE DATABASE "{self.name}_half" TEMPLATE "{name}"')
            cursor.execute(f'ALTER DATABASE "{self.name}_half" RENAME TO "{self.name}"')
        self.mark.touch()

    def _stands(self) -> bool:
        with self.connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name])
            return cursor.fetchone() is not None

    def _forget_old(self) -> None:
        for mark in self.folder.glob(f"{_PREFIX}*.{self.connection.vendor}"):
            if mark.stat().st_mtime < time.time() - _KEPT_DAYS * 86_400:
                if self.connection.vendor != "sqlite":
                    with self.connection._nodb_cursor() as cursor:
                        cursor.execute(f'DROP DATABASE IF EXISTS "{mark.stem}"')
                mark.unlink()
