"""Rotation: everything ends up with the newest key, whatever stopped it or wrote meanwhile."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from yanglao.domain.people.models import Contact, HealthEntry, Person
from yanglao.foundation import clock, secrets
from yanglao.foundation import key_marks as marks
from yanglao.foundation.secrets import keys, rotation
from yanglao.foundation.secrets.files import read_sealed, sealed_folder, write_sealed
from yanglao.foundation.secrets.pieces import open_pieces, writing_pieces

NUMBER = "653201194001010012"


@pytest.fixture(autouse=True)
def _own_keys(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.delenv("YANGLAO_KEYRING")
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    monkeypatch.delenv("YANGLAO_KEYS", raising=False)
    secrets.make_key_file()
    yield
    secrets.forget_keys()


def _fill() -> Person:
    person = Person.objects.create(
        id_number=NUMBER,
        name="虚构",
        name_fold="虚构",
        sex="M",
        birth_date=date(1940, 1, 1),
        place_code="653201000000",
        created_at=clock.now(),
    )
    Contact.objects.create(person=person, phone="13812345678", kind="pension")
    day = date(2026, 10, 1)
    HealthEntry.objects.create(
        person=person,
        seen_from=day,
        seen_to=day,
        first_row="",
        last_row="",
        last_batch=1,
        digest="",
        health_checked_on=day,
        chronic="高血压",
        dementia=True,
    )
    write_sealed(sealed_folder("lists") / ("a" * 64), b"the list")
    with writing_pieces(sealed_folder("downloads") / "7") as file:
        file.write(b"the long file")
    return person


@pytest.mark.django_db
def test_everything_ends_up_with_the_new_key() -> None:
    """Rows, masks and files; and they say what they said."""
    person = _fill()
    index = bytes(person.id_index)
    marks.make_marks()
    assert rotation.count_waiting() == 0
    assert keys.add_version().number == 2
    waiting = rotation.count_waiting()
    assert waiting == 6
    assert rotation.reseal() == waiting
    assert rotation.count_waiting() == 0
    again = Person.objects.get(pk=person.pk)
    assert again.id_number == NUMBER
    assert bytes(again.id_index) == index
    assert Contact.objects.get().phone == "13812345678"
    entry = HealthEntry.objects.get()
    assert (entry.chronic, entry.dementia) == ("高血压", True)
    assert read_sealed(sealed_folder("lists") / ("a" * 64)) == b"the list"
    with open_pieces(sealed_folder("downloads") / "7") as file:
        assert file.read() == b"the long file"
    assert rotation.reseal() == 0


@pytest.mark.django_db
def test_a_rotation_that_was_stopped_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is done stays done; the rest follows."""
    _fill()
    keys.add_version()
    real = rotation._sealed_anew

    def stop(field: rotation.SealedColumn, values: list[object]) -> list[object]:
        if field.model is Person:
            raise KeyboardInterrupt
        return real(field, values)

    monkeypatch.setattr(rotation, "_sealed_anew", stop)
    with pytest.raises(KeyboardInterrupt):
        rotation.reseal()
    left = rotation.count_waiting()
    assert 0 < left < 5
    monkeypatch.setattr(rotation, "_sealed_anew", real)
    assert rotation.reseal() == left
    assert rotation.count_waiting() == 0


@pytest.mark.django_db
def test_what_is_written_meanwhile_is_not_overwritten(monkeypatch: pytest.MonkeyPatch) -> None:
    """A row that changed between reading and writing keeps what it has now."""
    person = _fill()
    keys.add_version()
    real, once = rotation._sealed_anew, []

    def change(field: rotation.SealedColumn, values: list[object]) -> list[object]:
        if field.model is Contact and not once:
            once.append(1)
            contact = Contact.objects.get(person=person)
            contact.phone = "13900000000"
            contact.save()
        return real(field, values)

    monkeypatch.setattr(rotation, "_sealed_anew", change)
    rotation.reseal()
    assert once
    assert Contact.objects.get().phone == "13900000000"


@pytest.mark.django_db
def test_keys_of_another_database_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another index key, another version 1, or a missing version."""
    marks.make_marks()
    marks.check_marks()
    own = secrets.key_file().read_text(encoding="utf-8")
    index, first = own.splitlines()[-2:]
    for text, told in (
        (f"index hmac-sm3 {'ab' * 32}\n{first}\n", "index"),
        (f"{index}\n1 sm4 {'01' * 16}\n", "第 1 版"),
        (f"{index}\n2 sm4 {'01' * 16}\n", "第 1 版"),
    ):
        monkeypatch.setenv("YANGLAO_KEYRING", text)
        with pytest.raises(secrets.KeyProblem, match=told):
            marks.check_marks()


@pytest.mark.django_db
def test_another_process_learns_of_a_new_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """An unknown version makes the key file be read again; so do some seconds."""
    before = secrets.key_ring()
    keys.add_version()
    sealed = secrets.seal("a", "x")
    # As a process that read its keys before:
    keys._held.clear()
    asked = tuple(map(keys.os.environ.get, keys._SETTINGS))
    keys._held[asked] = keys._Held(before, (), keys.time.monotonic())
    assert secrets.key_ring().newest.number == 1
    assert secrets.unseal("a", sealed) == "x"
    keys._held[asked] = keys._Held(before, (), keys.time.monotonic() - keys.LOOK_AGAIN)
    assert secrets.key_ring().newest.number == 2
