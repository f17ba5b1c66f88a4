"""Backup and restore: across databases, whole or not at all, nothing readable, nothing forged."""

import json
import re
import sqlite3
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from django.apps import apps

from tests.ops.conftest import Instance
from yanglao.foundation.portable import NOT_KEPT, kept_tables

Empty = Callable[[str], Instance]


def backup_of(instance: Instance) -> Path:
    return sorted((instance.home / "backups").glob("*.ylbackup"))[-1]


def counts(instance: Instance) -> dict[str, int]:
    with zipfile.ZipFile(backup_of(instance)) as book:
        told = json.loads(book.read("manifest.json"))
    return {table["name"]: table["rows"] for table in told["tables"]}


@pytest.mark.django_db
def test_every_table_of_ours_is_kept_or_left_out_on_purpose() -> None:
    ours = {m._meta.db_table for m in apps.get_models(include_auto_created=True)}
    views = {m._meta.db_table for m in apps.get_models() if not m._meta.managed}
    assert {table.name for table in kept_tables()} | NOT_KEPT >= ours - views
    assert not {table.name for table in kept_tables()} & NOT_KEPT


@pytest.mark.parametrize("there", ["sqlite", "postgresql"])
def test_there_and_back_again(made_once: Instance, empty_instance: Empty, there: str) -> None:
    """The same rows after SQLite to the other database and back, and the doctor is content."""
    before = counts(made_once)
    assert before["people_person"] >= 50
    other = empty_instance(there)
    assert "恢复好了" in other.does("restore", str(backup_of(made_once)))
    other.does("doctor")
    other.does("backup", "--verify")
    assert counts(other) == before
    back = empty_instance("sqlite")
    back.does("restore", str(backup_of(other)))
    back.does("doctor")
    # Numbers go on where they were: new rows find their place.
    assert "比对" in other.does("match")
    other.does("doctor")


@pytest.mark.parametrize("there", ["sqlite", "postgresql"])
def test_what_is_there_is_kept_aside(
    made_once: Instance, empty_instance: Empty, there: str
) -> None:
    other, file = empty_instance(there), str(backup_of(made_once))
    other.does("restore", file)
    refused = other.run("restore", file)
    assert refused.returncode == 1
    assert "--replace" in refused.stderr
    said = other.does("restore", file, "--replace")
    assert "原来的数据留在" in said
    other.does("doctor")


def test_nothing_readable_and_no_keys_inside(made_once: Instance) -> None:
    with sqlite3.connect(made_once.home / "yanglao.sqlite3") as database:
        names = [row[0] for row in database.execute("SELECT name FROM people_person LIMIT 20")]
    data = backup_of(made_once).read_bytes()
    assert not any(name.encode() in data for name in names)
    assert not re.search(rb"65320\d{13}", data)
    with zipfile.ZipFile(backup_of(made_once)) as book:
        told = json.loads(book.read("manifest.json"))
    held = {one["name"] for one in told["files"]}
    assert not held & {"keys.txt", "secret_key", "yanglao.sqlite3"}
    assert any(name.startswith("lists/") for name in held)


def forged(file: Path, target: Path, change: Callable[[str, bytes], bytes]) -> str:
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return str(target)


def test_a_changed_backup_is_refused_and_changes_nothing(
    made_once: Instance, empty_instance: Empty, tmp_path: Path
) -> None:
    file, place = backup_of(made_once), empty_instance("sqlite")

    def other_count(name: str, data: bytes) -> bytes:
        return data.replace(b'"rows": ', b'"rows": 1', 1) if name == "manifest.json" else data

    def other_bytes(name: str, data: bytes) -> bytes:
        return data[:-1] + bytes([data[-1] ^ 1]) if "people_person" in name else data

    def swapped(name: str, data: bytes) -> bytes:
        if not name.startswith("tables/accounts_account/"):
            return data
        with zipfile.ZipFile(file) as book:
            return book.read("tables/places_division/000000")

    for number, change in enumerate((other_count, other_bytes, swapped)):
        answer = place.run("restore", forged(file, tmp_path / f"{number}.ylbackup", change))
        assert answer.returncode == 1, change.__name__
        assert "改动" in answer.stderr, answer.stderr
        assert not (place.home / "yanglao.sqlite3").exists() or "没有" in place.run("match").stderr
        assert not list(place.home.glob("restoring-*"))
    cut = tmp_path / "cut.ylbackup"
    cut.write_bytes(file.read_bytes()[:5000])
    assert place.run("restore", str(cut)).returncode == 1
    assert place.run("restore", str(tmp_path / "nowhere")).returncode == 1


def test_other_keys_do_not_open_it(made_once: Instance, empty_instance: Empty) -> None:
    place = empty_instance("sqlite")
    place.more["YANGLAO_KEYRING"] = f"index hmac-sm3 {'1b' * 32}\n1 sm4 {'b1' * 16}\n"
    answer = place.run("restore", str(backup_of(made_once)))
    assert answer.returncode == 1
    assert "密钥" in answer.stderr


def test_only_the_newest_stay(instance: Instance) -> None:
    for hour in range(3):
        (instance.home / "backups" / f"yanglao-20200101-0{hour}0000.ylbackup").touch()
    assert "注意：备份里没有密钥" in instance.does("backup", "--keep", "2")
    left = sorted(path.name for path in (instance.home / "backups").iterdir())
    assert len(left) == 2
    assert not any(name.startswith("yanglao-2020") for name in left)


def test_a_backup_in_the_home_folder_does_not_hold_itself(instance: Instance) -> None:
    """The first one of its kind grew until the disk was full."""
    target = instance.home / "here.ylbackup"
    instance.does("backup", "--to", str(target))
    instance.does("backup", "--to", str(target))
    assert target.stat().st_size < 20_000_000
