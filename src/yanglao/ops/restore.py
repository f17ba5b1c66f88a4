"""``yanglao restore``: a backup back into an installation, of either database, or only verified.

What was there stands aside until everything is in and counted: in a folder beside (SQLite) or in a
schema beside (PostgreSQL). A restore that is cut off has changed nothing.
"""

import json
import os
import shutil
import subprocess
import sys
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.db.utils import DatabaseError

from yanglao.foundation import clock
from yanglao.foundation.home import holds_demo, home
from yanglao.foundation.portable import (
    CannotLoad,
    Table,
    empty_schema,
    load_table,
    migrate_on,
    migrate_to,
    set_sequences,
)
from yanglao.foundation.secrets import (
    KeyProblem,
    SealBroken,
    Sm3,
    key_file,
    key_ring,
    unseal_bytes,
)
from yanglao.ops.backup import FORMAT, MANIFEST, scratch_folder, signature
from yanglao.ops.says import CannotDo, progress_bar, say

_WHOSE = ("people_person", "accounts_account", "catalogue_packversion")


def restore_backup(*, file: str, replace: bool) -> None:
    """Put a backup into this installation.

    Args:
        file: The backup.
        replace: Whether something may be here already; it is kept aside.

    Raises:
        CannotDo: When the file is damaged, of other keys, or newer than this program, or when
            something is here and ``replace`` was not said.
    """
    path = Path(file)
    with _open(path) as (book, manifest):
        if not replace and _holds_something():
            raise CannotDo(
                f"{home()} 里已经有数据，不会覆盖。确定要换成备份里的，请加 --replace；"
                "现有的会留在旁边。"
            )
        mark = f"{clock.machine_now().astimezone(clock.BEIJING):%Y%m%d-%H%M%S}"
        fresh = home() / f"restoring-{mark}"
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(parents=True)
        try:
            with progress_bar("恢复文件") as report:
                _lay_out_files(book, manifest, fresh / "files", report)
            swap = _swap_postgres if connection.vendor == "postgresql" else _swap_sqlite
            aside = swap(book, manifest, fresh, mark)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    rows = sum(table["rows"] for table in manifest["tables"])
    say(f"恢复好了：{rows:,} 行，{len(manifest['files'])} 个文件（备份于 {manifest['made_at']}）。")
    if aside:
        say(f"原来的数据留在 {aside}，确认无误后可以删掉。")
    say("请运行 yanglao doctor 看一看，再启动服务。所有人要重新登录。")


def verify_backup(path: Path) -> None:
    """Restore a backup into a temporary place, count, and check the record of acts.

    Raises:
        CannotDo: Saying what is not as it should be.
    """
    with scratch_folder() as folder:
        environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
        environment["YANGLAO_HOME"] = folder
        if "YANGLAO_KEYRING" not in environment:
            environment["YANGLAO_KEYS"] = str(key_file())
        if holds_demo():
            environment["YANGLAO_DEMO"] = "1"
        for words in (["restore", str(path.resolve())], ["audit", "verify"]):
            # This very program with words of its own.
            done = subprocess.run(  # noqa: S603
                [sys.executable, "-m", "yanglao.ops.cli", *words],
                env=environment,
                capture_output=True,
                text=True,
                check=False,
            )
            if done.returncode:
                told = (done.stderr or done.stdout).strip().splitlines()
                raise CannotDo(f"备份 {path.name} 没有通过检查：{told[-1] if told else '原因不明'}")
    say(f"已验证：{path.name} 能打开、能恢复，行数和摘要都对，操作记录的链条完整。")


@contextmanager
def _open(path: Path) -> Iterator[tuple[zipfile.ZipFile, dict[str, Any]]]:
    """Open a backup whose manifest is signed with the keys that are here."""
    try:
        key_ring()
        with zipfile.ZipFile(path) as book:
            manifest = json.loads(book.read(MANIFEST))
            if manifest.get("format") != FORMAT:
                raise CannotDo(f"{path.name} 的格式不认识：可能来自更新的版本，请先升级程序。")
            if not _is_signed(manifest):
                raise CannotDo(
                    f"{path.name} 的目录被改动过，或者不是用这套密钥备份的"
                    f"（现在的密钥：{key_file()}）。"
                )
            yield book, manifest
    except KeyProblem as problem:
        raise CannotDo(str(problem)) from problem
    except FileNotFoundError as problem:
        raise CannotDo(f"没有这个备份文件：{path}") from problem
    except (zipfile.BadZipFile, KeyError, json.JSONDecodeError, zlib.error) as problem:
        raise CannotDo(f"{path.name} 不是完整的备份文件：{problem}") from problem
    except SealBroken as problem:
        raise CannotDo(f"{path.name} 被改动过或不完整：{problem}") from problem
    except CannotLoad as problem:
        raise CannotDo(str(problem)) from problem


def _is_signed(manifest: dict[str, Any]) -> bool:
    """Say whether a manifest was signed here, perhaps before an index key was added."""
    keys = key_ring().index_keys
    known = {signature(manifest, keys[:count]) for count in range(1, len(keys) + 1)}
    return manifest.get("signature") in known


def _get(book: zipfile.ZipFile, name: str) -> bytes:
    return zlib.decompress(unseal_bytes(f"backup:{name}", book.read(name)))


def _holds_something() -> bool:
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for name in _WHOSE:
            if name in tables:
                cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {name})")  # noqa: S608
                if cursor.fetchone()[0]:
                    return True
    return False


def _lay_out_files(
    book: zipfile.ZipFile, manifest: dict[str, Any], folder: Path, report: Any
) -> None:
    folder.mkdir(parents=True)
    for number, told in enumerate(manifest["files"]):
        report(number, len(manifest["files"]), told["name"])
        path = (folder / told["name"]).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise CannotDo(f"备份里的文件名不合理：{told['name']}")
        path.parent.mkdir(parents=True, exist_ok=True)
        digest = Sm3()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            for piece in range(told["pieces"]):
                data = _get(book, f"files/{number:06}/{piece:06}")
                digest.update(data)
                file.write(data)
        if digest.hexdigest() != told["sm3"]:
            raise CannotDo(f"备份里的文件 {told['name']} 和目录里的摘要不符。")


def _load(book: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """Fill empty tables of the open database, all or nothing, then bring them up to date."""
    migrate_to([(app, name) for app, name in manifest["migrations"]])
    with transaction.atomic(), progress_bar("恢复数据") as report:
        empty_schema()
        tables = manifest["tables"]
        for number, told in enumerate(tables):
            report(number, len(tables), told["name"])
            digest = Sm3()
            table = Table(told["name"], told["columns"], told["key"])
            count = load_table(table, _rows(book, told, digest))
            if count != told["rows"] or digest.hexdigest() != told["sm3"]:
                raise CannotDo(f"备份里的表 {told['name']} 和目录不符（{count} 行）。")
    # Before as well: later migrations of this program may add rows to tables that were loaded.
    set_sequences()
    migrate_on()
    set_sequences()


def _rows(book: zipfile.ZipFile, told: dict[str, Any], digest: Sm3) -> Iterator[list[list[Any]]]:
    for piece in range(told["pieces"]):
        data = _get(book, f"tables/{told['name']}/{piece:06}")
        digest.update(data)
        yield [json.loads(line) for line in data.decode().split("\n") if line]


def _swap_sqlite(
    book: zipfile.ZipFile, manifest: dict[str, Any], fresh: Path, mark: str
) -> str | None:
    """Fill a new file beside the old one, then put it into its place."""
    place = Path(str(connection.settings_dict["NAME"]))
    new = fresh / place.name
    if place.exists():
        with connection.cursor() as cursor:
            # Fails while somebody reads an old state; then the old file keeps its journal beside.
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    connection.settings_dict["NAME"] = str(new)
    try:
        _load(book, manifest)
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA foreign_key_check")
            if cursor.fetchone():
                raise CannotDo("备份里的数据互相对不上（外键）。")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = str(place)
    aside = home() / f"before-restore-{mark}"
    for old in sorted(place.parent.glob(f"{place.name}*")):
        aside.mkdir(exist_ok=True)
        os.replace(old, aside / old.name)
    os.replace(new, place)
    _swap_files(fresh / "files", aside)
    return str(aside) if aside.exists() else None


def _swap_postgres(
    book: zipfile.ZipFile, manifest: dict[str, Any], fresh: Path, mark: str
) -> str | None:
    """Fill a new schema, then let both change names in one transaction."""
    new, old = f"yanglao_new_{mark.replace('-', '_')}", f"before_restore_{mark.replace('-', '_')}"
    had_tables = bool(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE SCHEMA {new}")
        cursor.execute(f"SET search_path TO {new}")
    try:
        _load(book, manifest)
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"ALTER SCHEMA public RENAME TO {old}")
            cursor.execute(f"ALTER SCHEMA {new} RENAME TO public")
            if not had_tables:
                cursor.execute(f"DROP SCHEMA {old} CASCADE")
    except DatabaseError as problem:
        with connection.cursor() as cursor:
            cursor.execute("SET search_path TO DEFAULT")
            cursor.execute(f"DROP SCHEMA IF EXISTS {new} CASCADE")
        raise CannotDo(f"数据库没有接受：{problem}。数据库用户应当是这个库的所有者。") from problem
    except BaseException:
        with connection.cursor() as cursor:
            cursor.execute("SET search_path TO DEFAULT")
            cursor.execute(f"DROP SCHEMA IF EXISTS {new} CASCADE")
        raise
    with connection.cursor() as cursor:
        cursor.execute("SET search_path TO DEFAULT")
    aside = home() / f"before-restore-{mark}"
    _swap_files(fresh / "files", aside)
    return f"PostgreSQL 的 schema {old}" if had_tables else None


def _swap_files(files: Path, aside: Path) -> None:
    """Put folders and files of the backup into their places, the old ones aside."""
    for new in sorted(files.iterdir()):
        place = home() / new.name
        if place.exists():
            aside.mkdir(exist_ok=True)
            os.replace(place, aside / place.name)
        os.replace(new, place)
