"""``yanglao backup``: everything but the keys, in one sealed file, while the office works on.

The file is a zip: pieces of tables (JSON lines, compressed, sealed by SM4-GCM under their own
name), pieces of files alike, and ``manifest.json`` in clear: versions, counts, SM3 digests, and a
signature of it all by the index key. Whoever finds the file learns how many rows there are.
"""

import json
import os
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.db import connection

from yanglao.foundation import clock
from yanglao.foundation.backups import ENDING, backup_folder, kept_backups
from yanglao.foundation.portable import (
    applied_migrations,
    kept_tables,
    one_snapshot,
    read_rows,
    state_files,
)
from yanglao.foundation.secrets import Sm3, blind_index, key_file, key_ring, seal_bytes
from yanglao.ops.says import CannotDo, progress_bar, say

FORMAT = 1
MANIFEST = "manifest.json"
_PIECE = 4 * 1024 * 1024


def make_backup(
    *, to: str | None, keep: int | None, verify: Callable[[Path], object] | None
) -> Path:
    """Write a backup, remove those beyond ``keep``, and say where it is.

    Args:
        to: File, or folder to give it a name in; default ``YANGLAO_BACKUPS`` or ``backups`` in
            the home folder.
        keep: How many of that folder stay; all when not said.
        verify: Checks the new file before older ones go (``ops.restore.verify_backup``).

    Raises:
        CannotDo: When there is no instance, no room, or the copy is not as it should be.
    """
    from yanglao.ops.instance import require_instance

    require_instance()
    target = _target(to)
    draft = target.with_name(f".{target.name}.part")
    try:
        with progress_bar("备份") as report:
            manifest = _write(draft, report)
        os.replace(draft, target)
    except OSError as problem:
        raise CannotDo(f"写不了备份 {target}：{problem}") from problem
    finally:
        draft.unlink(missing_ok=True)
    rows = sum(table["rows"] for table in manifest["tables"])
    size = target.stat().st_size / 1024 / 1024
    say(f"备份好了：{target}（{rows:,} 行，{len(manifest['files'])} 个文件，{size:.1f} MB）。")
    say(
        f"注意：备份里没有密钥。没有密钥文件（{key_file()}）备份就打不开，谁也帮不了："
        "请把它另外保存在别处，不要和备份放在一起。"
    )
    if verify is not None:
        verify(target)
    for old in kept_backups(target.parent)[keep:] if keep else []:
        old.unlink()
        say(f"已删除较早的备份 {old.name}。")
    return target


def signature(manifest: dict[str, Any], index_keys: Sequence[bytes] | None = None) -> str:
    """Return the HMAC-SM3 of a manifest, by the index keys of this installation or given ones."""
    text = json.dumps(
        {key: value for key, value in manifest.items() if key != "signature"}, sort_keys=True
    )
    return blind_index("backup.manifest", text, keys=index_keys).hex()


def _target(to: str | None) -> Path:
    moment = clock.machine_now().astimezone(clock.BEIJING)
    name = f"yanglao-{moment:%Y%m%d-%H%M%S}{ENDING}"
    folder = Path(to).expanduser() if to else backup_folder()
    if to and not folder.is_dir():
        folder.parent.mkdir(parents=True, exist_ok=True)
        return folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    return (folder / name).resolve()


def _write(draft: Path, report: Any) -> dict[str, Any]:
    manifest: dict[str, Any] = {
        "format": FORMAT,
        "program": version("yanglao"),
        "python": sys.version.split()[0],
        "database": connection.vendor,
        "made_at": clock.machine_now().isoformat(timespec="seconds"),
        "key_version": key_ring().newest.number,
    }
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as file, zipfile.ZipFile(file, "w") as book:
        with one_snapshot():
            manifest["migrations"] = applied_migrations()
            tables = kept_tables()
            manifest["tables"] = []
            for number, table in enumerate(tables):
                report(number, len(tables) + 1, table.name)
                manifest["tables"].append(_write_table(book, table))
        # After the tables: a file that a row names was in its place before the row was committed,
        # or a moment later (snapshots of runs).
        report(len(tables), len(tables) + 1, "文件")
        manifest["files"] = [
            _write_file(book, number, name, path)
            for number, (name, path) in enumerate(state_files())
        ]
        manifest["signature"] = signature(json.loads(json.dumps(manifest)))
        book.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    with draft.open("rb") as written:
        os.fsync(written.fileno())
    return manifest


def _write_table(book: zipfile.ZipFile, table: Any) -> dict[str, Any]:
    rows, digest, number = 0, Sm3(), 0
    held: list[bytes] = []
    size = 0
    for some in read_rows(table):
        lines = "".join(
            json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n" for row in some
        ).encode()
        rows += len(some)
        digest.update(lines)
        held.append(lines)
        size += len(lines)
        if size >= _PIECE:
            _put(book, f"tables/{table.name}/{number:06}", b"".join(held))
            held, size, number = [], 0, number + 1
    if held:
        _put(book, f"tables/{table.name}/{number:06}", b"".join(held))
        number += 1
    return {
        "name": table.name,
        "columns": table.columns,
        "key": table.key,
        "rows": rows,
        "pieces": number,
        "sm3": digest.hexdigest(),
    }


def _write_file(book: zipfile.ZipFile, number: int, name: str, path: Path) -> dict[str, Any]:
    digest, size, pieces = Sm3(), 0, 0
    for piece in _pieces_of(path):
        digest.update(piece)
        size += len(piece)
        _put(book, f"files/{number:06}/{pieces:06}", piece)
        pieces += 1
    return {"name": name, "size": size, "pieces": pieces, "sm3": digest.hexdigest()}


def _pieces_of(path: Path) -> Iterator[bytes]:
    try:
        with path.open("rb") as file:
            while piece := file.read(_PIECE):
                yield piece
    except FileNotFoundError:
        return  # an upload that was taken in meanwhile


def _put(book: zipfile.ZipFile, name: str, data: bytes) -> None:
    book.writestr(name, seal_bytes(f"backup:{name}", zlib.compress(data, 3)))


def scratch_folder() -> "tempfile.TemporaryDirectory[str]":
    """Return a temporary folder readable by its owner only."""
    return tempfile.TemporaryDirectory(prefix="yanglao-verify-")
