"""The doctor: each thing that is wrong is named, with what to do, and the exit code says so."""

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ops.conftest import Instance


def wrong(instance: Instance) -> dict[str, dict[str, str]]:
    done = instance.run("doctor", "--json")
    found = {one["code"]: one for one in json.loads(done.stdout) if one["level"] == "wrong"}
    assert done.returncode == (1 if found else 0)
    assert all(one["remedy"] for one in found.values())
    return found


def test_a_sound_instance_is_sound(made_once: Instance) -> None:
    assert wrong(made_once) == {}
    said = made_once.does("doctor")
    assert "0 项有错" in said
    assert "链条完整" in said


def in_database(*texts: str) -> Callable[[Instance], None]:
    def change(instance: Instance) -> None:
        with sqlite3.connect(instance.home / "yanglao.sqlite3") as database:
            database.execute("PRAGMA ignore_check_constraints = ON")
            for text in texts:
                database.execute(text)

    return change


def other_keys(instance: Instance) -> None:
    instance.more["YANGLAO_KEYRING"] = f"index hmac-sm3 {'1b' * 32}\n1 sm4 {'b1' * 16}\n"


def open_key_file(instance: Instance) -> None:
    path = instance.home / "keys.txt"
    path.write_text(f"index hmac-sm3 {'5a' * 32}\n1 sm4 {'a5' * 16}\n")
    path.chmod(0o644)
    instance.more["YANGLAO_KEYRING"] = ""


def damaged(instance: Instance) -> None:
    path = instance.home / "yanglao.sqlite3"
    data = bytearray(path.read_bytes())
    for at in range(len(data) // 2, len(data) // 2 + 20_000):
        data[at] ^= 0xFF
    path.write_bytes(data)


def set_up(**more: str) -> Callable[[Instance], None]:
    return lambda instance: instance.more.update(more)


def not_a_demo(instance: Instance) -> None:
    (instance.home / "demo.json").unlink()


def readable_secret(instance: Instance) -> None:
    (instance.home / "secret_key").chmod(0o644)


def half_restored(instance: Instance) -> None:
    (instance.home / "restoring-20260101").mkdir()


ILLS: dict[str, tuple[Callable[[Instance], None], str]] = {
    "a list that does not add up": (
        in_database("UPDATE exchange_receivedlist SET received = received + 1"),
        "lists",
    ),
    "an empty batch": (
        in_database(
            "INSERT INTO exchange_batch (sender, division_code, full, taken_at, taken_by)"
            " VALUES ('x', '653200000000', 0, '2026-11-01', 'x')"
        ),
        "batches",
    ),
    "a run without end": (
        in_database("UPDATE entitlements_run SET finished_at = NULL WHERE id = 1"),
        "runs",
    ),
    "a lead moved by nobody": (
        in_database("DELETE FROM leads_leadstep"),
        "lead_steps",
    ),
    "a job that waits for ever": (
        in_database(
            "INSERT INTO foundation_job (name, state, asked_at, asked_by_name, area)"
            " VALUES ('sweep_uploads', 'waiting', '2020-01-01', 'x', '000000000000')"
        ),
        "jobs",
    ),
    "migrations that did not run": (
        in_database("DELETE FROM django_migrations WHERE app = 'leads'"),
        "migrations",
    ),
    "keys of another instance": (other_keys, "seals"),
    "keys that others may read": (open_key_file, "keys"),
    "a damaged file": (damaged, "integrity"),
    "debugging left on": (set_up(YANGLAO_DEBUG="1"), "debug"),
    "every host": (set_up(YANGLAO_HOSTS="*"), "hosts"),
    "demo mode over real data": (not_a_demo, "demo"),
    "a secret that others may read": (readable_secret, "secret_key"),
    "a restore that was cut off": (half_restored, "restore"),
    "memory that cannot be read": (set_up(YANGLAO_MEMORY="a lot"), "memory"),
    "a folder to spill into that is not there": (set_up(YANGLAO_SPILL="/nowhere"), "spill"),
    "a database that is away": (
        set_up(DATABASE_URL="postgresql://nobody@127.0.0.1:1/none"),
        "database",
    ),
}


@pytest.mark.parametrize("ill", list(ILLS))
def test_what_is_wrong_is_named(ill: str, instance: Instance) -> None:
    make, code = ILLS[ill]
    make(instance)
    found = wrong(instance)
    assert code in found or (code == "integrity" and "database" in found), found


def test_published_passwords_outside_a_demo(instance: Instance, tmp_path: Path) -> None:
    (instance.home / "demo.json").unlink()
    instance.more["YANGLAO_DEMO"] = ""
    found = wrong(instance)
    assert "anquan" in found["passwords"]["words"]
