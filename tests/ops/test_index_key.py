"""A new key for blind indexes: everybody is found as before, whatever cut it off in the middle."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.ops.conftest import ROOT, Instance

_ASK = """
import json, os
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanglao.config.settings")
import django; django.setup()
from yanglao.domain.people.models import ENTRY_MODELS, Contact, Person
from yanglao.domain.people.types import Kind
from yanglao.domain.exchange.models import ReceivedList
from yanglao.domain.exchange.queries import file_path
from yanglao.foundation.key_marks import check_marks
from yanglao.foundation.secrets import blind_index
check_marks()
people = list(Person.objects.order_by("pk"))
found = sum(
    Person.objects.get(id_index=blind_index("people.person.id_number", one.id_number)) == one
    for one in people
)
phones = list(Contact.objects.order_by("pk"))
called = sum(
    Contact.objects.filter(
        person_id=one.person_id, phone_index=blind_index("people.contact.phone", one.phone)
    ).exists()
    for one in phones
)
lists = ReceivedList.objects.exclude(file_hash="").order_by("pk")
hashes = set(lists.values_list("file_hash", flat=True))
folder = file_path(next(iter(hashes))).parent
files = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
links = {path.stat().st_nlink for path in folder.iterdir()}
indexes = sorted(bytes(one.id_index).hex() for one in people)
print(json.dumps({
    "people": len(people), "found": found, "phones": len(phones), "called": called,
    "lists": len(hashes), "kept": hashes == files, "links": sorted(links), "first": indexes[0],
    "digests": sum(model.objects.count() for model in ENTRY_MODELS.values()),
}))
"""


def ask(instance: Instance) -> dict[str, object]:
    """Return whom a fresh program finds in an instance."""
    done = subprocess.run(
        [sys.executable, "-c", _ASK],
        cwd=ROOT,
        env=instance.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    told: dict[str, object] = json.loads(done.stdout)
    return told


@pytest.fixture
def with_own_keys(
    made_once: Instance, empty_instance: Callable[[str], Instance], tmp_path: Path
) -> Callable[[str], Instance]:
    """Return ``make(kind)``: the demo in a place with a key file of its own."""

    def make(kind: str) -> Instance:
        instance = empty_instance(kind)
        instance.home.mkdir(mode=0o750, exist_ok=True)
        file = instance.home / "keys.txt"
        file.write_text(os.environ["YANGLAO_KEYRING"], encoding="utf-8")
        file.chmod(0o600)
        instance.more["YANGLAO_KEYRING"] = ""
        instance.does("restore", str(next((made_once.home / "backups").glob("*.ylbackup"))))
        return instance

    return make


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_everybody_is_found_after_kills_in_the_middle(
    kind: str, with_own_keys: Callable[[str], Instance], made_once: Instance
) -> None:
    instance = with_own_keys(kind)
    before = ask(instance)
    assert before["people"] == before["found"] and before["phones"] == before["called"]
    lists = sorted((made_once.home / "demo-lists").rglob("*.xlsx"))[:2]
    for pieces in (0, 1, 3, 8, 13, 2):
        done = instance.run(str(pieces), module="tests.ops.cutting_index")
        assert done.returncode == -signal.SIGKILL, done.stdout + done.stderr
        # Half-way nobody can look for anybody, and the doctor says why.
        refused = instance.run("match", "--region", "6532")
        assert refused.returncode and "keys rotate --index" in refused.stdout + refused.stderr
        told = json.loads(instance.run("doctor", "--json").stdout)
        assert {one["level"] for one in told if one["code"] == "index_key"} == {"wrong"}
    assert "换好了" in instance.does("keys", "rotate", "--index")
    keys = (instance.home / "keys.txt").read_text(encoding="utf-8")
    assert keys.count("index hmac-sm3") == 2, "a call that goes on adds no other key"
    after = ask(instance)
    assert after == {**before, "first": after["first"]} and after["first"] != before["first"]
    assert after["kept"] and after["links"] == [1]
    told = json.loads(instance.run("doctor", "--json").stdout)
    assert [one for one in told if one["level"] == "wrong"] == []
    # The same files come again and are known; nobody is taken in a second time.
    words = ["import", "--full", "--division", "6532", "--month", "2026-10", *map(str, lists)]
    assert "收到过" in instance.run(*words).stdout or ask(instance)["people"] == before["people"]
    assert ask(instance)["people"] == before["people"]
    assert ask(instance)["digests"] == before["digests"], "the same rows are recognised"


@pytest.mark.slow
def test_an_older_backup_is_brought_to_the_new_key(
    with_own_keys: Callable[[str], Instance], made_once: Instance
) -> None:
    instance = with_own_keys("sqlite")
    before = ask(instance)
    instance.does("keys", "rotate", "--index")
    instance.does("keys", "rotate", "--index")
    twice = ask(instance)
    backup = str(next((made_once.home / "backups").glob("*.ylbackup")))
    instance.does("restore", "--replace", backup)
    refused = instance.run("match", "--region", "6532")
    assert refused.returncode and "keys rotate --index" in refused.stdout + refused.stderr
    instance.does("keys", "rotate", "--index")
    keys = (instance.home / "keys.txt").read_text(encoding="utf-8")
    assert keys.count("index hmac-sm3") == 3
    assert ask(instance) == twice and twice["found"] == before["found"]


@pytest.mark.slow
def test_not_while_the_service_runs(with_own_keys: Callable[[str], Instance]) -> None:
    instance = with_own_keys("sqlite")
    words = [sys.executable, "-m", "yanglao.ops.cli", "work"]
    with subprocess.Popen(
        words, cwd=ROOT, env=instance.environment, stdout=subprocess.PIPE, text=True
    ) as worker:
        try:
            # A key change that begins before the worker works would refuse the worker instead.
            assert worker.stdout and "开始办理" in worker.stdout.readline()
            done = instance.run("keys", "rotate", "--index")
            assert worker.poll() is None
            assert done.returncode and "停下服务" in done.stdout + done.stderr
        finally:
            worker.kill()


def test_keys_of_the_environment_are_left_to_who_set_them(instance: Instance) -> None:
    done = instance.run("keys", "rotate", "--index")
    assert done.returncode and "YANGLAO_KEYRING" in done.stdout + done.stderr
    more = os.environ["YANGLAO_KEYRING"] + f"index hmac-sm3 {'6b' * 32}\n"
    instance.more["YANGLAO_KEYRING"] = more
    before = ask_people(instance)
    assert "换好了" in instance.does("keys", "rotate", "--index")
    assert ask(instance)["found"] == before


def ask_people(instance: Instance) -> int:
    """Return how many people there are, whatever the keys."""
    import sqlite3

    with sqlite3.connect(instance.home / "yanglao.sqlite3") as database:
        return int(database.execute("SELECT count(*) FROM people_person").fetchone()[0])
