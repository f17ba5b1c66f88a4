"""The record cannot be changed by the program, and not unseen by anybody else."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yanglao.foundation import audit
from yanglao.foundation.audit.chain import (
    BEGINNING,
    CONTENT,
    _content,
    append,
    head_mac,
    link_digest,
    mark_of,
)
from yanglao.foundation.audit.guards import guard_statements, lift_statements
from yanglao.foundation.models import AuditEntry, AuditHead, AuditLink
from yanglao.foundation.scoping import Reader, system_reader

pytestmark = pytest.mark.django_db

SOMEBODY = Reader(7, "努尔", "town", "653222100000")
NUMBER = 9
ENTRY, LINK, HEAD = "foundation_auditentry", "foundation_auditlink", "foundation_audithead"


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))


def write(number: int, start: int = 0) -> None:
    for each in range(start, start + number):
        with audit.came_from(f"10.0.0.{each}", "测试浏览器"), transaction.atomic():
            audit.record(
                SOMEBODY,
                "fact_entered",
                subject="person",
                subject_id=each,
                place_code="653222100201",
                reason=f"上门 {each}",
                detail={"n": each, "z": [1, None, True], "词": "值", "a": {"b": 1e22}},
                changes={"living": ("alone", "with_children")},
            )


@contextmanager
def past_the_guards() -> Iterator[Any]:
    """Somebody with the database in hand, for the time of the block; undone afterwards."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            for statement in lift_statements(connection.vendor):
                cursor.execute(statement)
            yield cursor
        transaction.set_rollback(True)


def put_guards_back(cursor: Any) -> None:
    for statement in guard_statements(connection.vendor):
        cursor.execute(statement)


def test_entries_say_where_they_come_from_and_the_chain_is_good() -> None:
    write(NUMBER)
    entry = AuditEntry.objects.get(subject_id="3")
    assert (entry.address, entry.device, entry.kind) == ("10.0.0.3", "测试浏览器", "write")
    assert entry.detail["changes"] == {"living": ["alone", "with_children"]}
    verdict = audit.verify()
    assert verdict.good, verdict.problems
    assert verdict.entries == NUMBER
    assert AuditHead.objects.get().number == NUMBER


@pytest.mark.parametrize(
    "statement",
    [
        f"UPDATE {ENTRY} SET user_name = 'x'",
        f"DELETE FROM {ENTRY}",
        f"UPDATE {LINK} SET digest = 'x'",
        f"DELETE FROM {LINK}",
        f"DELETE FROM {HEAD}",
        f"UPDATE {HEAD} SET number = number - 1",
        f"TRUNCATE {ENTRY}",
        f"TRUNCATE {LINK}",
    ],
)
def test_the_database_refuses_to_change_the_record(statement: str) -> None:
    if statement.startswith("TRUNCATE") and connection.vendor == "sqlite":
        statement = statement.replace("TRUNCATE", "DELETE FROM")
    write(2)
    audit.verify()
    with (
        pytest.raises(DatabaseError, match="only ever added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
    assert AuditEntry.objects.count() == 2
    assert audit.verify().good


def test_the_orm_cannot_change_it_either() -> None:
    write(1)
    entry = AuditEntry.objects.get()
    entry.reason = "另一个理由"
    with pytest.raises(DatabaseError), transaction.atomic():
        entry.save()
    with pytest.raises(DatabaseError), transaction.atomic():
        AuditEntry.objects.all().delete()


def test_what_an_officer_wrote_is_sealed_and_part_of_the_chain() -> None:
    """A stolen file shows no word of it; put back in clear or taken out, it is found."""
    write(3)
    assert audit.verify().good, "all are links of the chain now"
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT reason, sealed_reason FROM {ENTRY}")
        rows = cursor.fetchall()
    assert all(clear == "" for clear, _ in rows)
    assert not any("上门".encode() in bytes(sealed) for _, sealed in rows)
    assert [one.reason for one in AuditEntry.objects.order_by("id")] == [
        "上门 0",
        "上门 1",
        "上门 2",
    ]
    for statement in ("reason = '上门 1'", "sealed_reason = NULL"):
        with past_the_guards() as cursor:
            cursor.execute(f"UPDATE {ENTRY} SET {statement} WHERE subject_id = '1'")
            put_guards_back(cursor)
            assert [one.kind for one in audit.verify().problems] == ["changed"]


def test_an_entry_from_before_reasons_were_sealed_still_fits() -> None:
    write(2)
    entry = AuditEntry(
        **{
            name: getattr(AuditEntry.objects.latest("id"), name)
            for name in (*CONTENT, "key_version")
            if name not in {"reason", "mark"}
        },
        reason_open="办理线索",
        mark="d" * 32,
    )
    entry.key_version, entry.mac = mark_of(entry)
    with transaction.atomic():
        entry.save(force_insert=True)
        append(entry)
    assert audit.verify().good and audit.verify().entries == 3
    assert AuditEntry.objects.get(mark="d" * 32).reason == "办理线索"


def test_missing_guards_are_told() -> None:
    write(1)
    with past_the_guards():
        assert {problem.kind for problem in audit.verify().problems} == {"guard"}


# --- tampering ---------------------------------------------------------------------------------


def change(cursor: Any, draw: Callable[[int], int]) -> None:
    """Change one field of one entry."""
    column, value = [
        ("user_name", "别人"),
        ("user_id", 8),
        ("sealed_reason", None),
        ("at", "2020-01-01 00:00:00+00:00"),
        ("action", "file_opened"),
        ("detail", '{"n": 99}'),
        ("address", "1.2.3.4"),
        ("result", "refused"),
        ("place_code", ""),
        ("mac", "0" * 64),
        ("mark", "f" * 32),
    ][draw(11)]
    cursor.execute(f"UPDATE {ENTRY} SET {column} = %s WHERE id = %s", [value, some_id(draw)])


def remove(cursor: Any, draw: Callable[[int], int]) -> None:
    cursor.execute(f"DELETE FROM {ENTRY} WHERE id = %s", [some_id(draw)])


def remove_with_link(cursor: Any, draw: Callable[[int], int]) -> None:
    pk = some_id(draw)
    cursor.execute(f"DELETE FROM {ENTRY} WHERE id = %s", [pk])
    cursor.execute(f"DELETE FROM {LINK} WHERE entry_id = %s", [pk])


def remove_and_close_the_gap(cursor: Any, draw: Callable[[int], int]) -> None:
    link = AuditLink.objects.order_by("number")[draw(NUMBER)]
    cursor.execute(f"DELETE FROM {ENTRY} WHERE id = %s", [link.entry_id])
    cursor.execute(f"DELETE FROM {LINK} WHERE number = %s", [link.number])
    for number in range(link.number + 1, NUMBER + 1):
        cursor.execute(f"UPDATE {LINK} SET number = %s WHERE number = %s", [number - 1, number])
    cursor.execute(f"UPDATE {HEAD} SET number = number - 1")


def swap_links(cursor: Any, draw: Callable[[int], int]) -> None:
    one = draw(NUMBER - 1) + 1
    for before, after in ((one, 1000), (one + 1, one), (1000, one + 1)):
        cursor.execute(f"UPDATE {LINK} SET number = %s WHERE number = %s", [after, before])


def swap_entries(cursor: Any, draw: Callable[[int], int]) -> None:
    ids = list(AuditEntry.objects.order_by("id").values_list("id", flat=True))
    at = draw(NUMBER - 1)
    one, other = ids[at], ids[at + 1]
    for before, after in ((one, 900_000), (other, one), (900_000, other)):
        cursor.execute(f"UPDATE {ENTRY} SET id = %s WHERE id = %s", [after, before])


def insert_copy(cursor: Any, draw: Callable[[int], int]) -> None:
    names = [name for name in (*CONTENT, "sealed_reason", "key_version", "mac") if name != "mark"]
    columns = ", ".join(names)
    cursor.execute(
        f"INSERT INTO {ENTRY} (id, mark, {columns}) SELECT 800000, %s, {columns} FROM {ENTRY} "
        "WHERE id = %s",
        ["e" * 32, some_id(draw)],
    )


def insert_linked(cursor: Any, draw: Callable[[int], int]) -> None:
    insert_copy(cursor, draw)
    rebuild(cursor, draw)


def cut(cursor: Any, draw: Callable[[int], int]) -> None:
    keep = draw(NUMBER)
    ids = AuditLink.objects.filter(number__gt=keep).values_list("entry_id", flat=True)
    for pk in list(ids):
        cursor.execute(f"DELETE FROM {ENTRY} WHERE id = %s", [pk])
    cursor.execute(f"DELETE FROM {LINK} WHERE number > %s", [keep])
    digest = AuditLink.objects.filter(number=keep).values_list("digest", flat=True).first()
    if draw(2):
        cursor.execute(f"UPDATE {HEAD} SET number = %s, digest = %s", [keep, digest or BEGINNING])


def behead(cursor: Any, draw: Callable[[int], int]) -> None:
    cursor.execute(f"DELETE FROM {HEAD}")


def add_links(cursor: Any, draw: Callable[[int], int]) -> None:
    cursor.execute(
        f"INSERT INTO {LINK} (number, entry_id, digest) VALUES (%s, 700000, %s)",
        [NUMBER + 1 + draw(3), "d" * 64],
    )


def rebuild(cursor: Any, draw: Callable[[int], int]) -> None:
    """Change something and make the whole chain anew, without the keys."""
    change(cursor, lambda below: draw(9) if below == 11 else draw(below))
    cursor.execute(f"DELETE FROM {LINK}")
    number, digest = rebuilt_links()
    cursor.execute(f"UPDATE {HEAD} SET number = %s, digest = %s", [number, digest])


def rebuilt_links() -> tuple[int, str]:
    number, digest = 0, BEGINNING
    for entry in AuditEntry.objects.order_by("id"):
        number += 1
        content = _content(entry)
        digest = link_digest(digest, number, entry.pk, content, entry.mac)
        AuditLink.objects.create(number=number, entry_id=entry.pk, digest=digest)
    return number, digest


def some_id(draw: Callable[[int], int]) -> int:
    return AuditEntry.objects.order_by("id").values_list("id", flat=True)[draw(NUMBER)]


TAMPERINGS = (
    change,
    remove,
    remove_with_link,
    remove_and_close_the_gap,
    swap_links,
    swap_entries,
    insert_copy,
    insert_linked,
    cut,
    behead,
    add_links,
    rebuild,
)


@pytest.fixture
def chained(db: None) -> None:
    write(NUMBER)
    assert audit.verify().good


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda one: one.__name__)
@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    database=None,
)
@given(data=st.data())
def test_any_tampering_is_found(chained: None, tamper: Any, data: st.DataObject) -> None:
    def draw(below: int) -> int:
        return data.draw(st.integers(0, below - 1))

    with past_the_guards() as cursor:
        tamper(cursor, draw)
        put_guards_back(cursor)
        verdict = audit.verify()
        assert not verdict.good, f"{tamper.__name__} went unseen"
        assert "guard" not in {problem.kind for problem in verdict.problems}
    assert audit.verify().good, "the next example begins with a good chain"


def test_the_program_goes_on_behind_a_break_and_the_break_stays_visible(chained: None) -> None:
    with past_the_guards() as cursor:
        behead(cursor, lambda below: 0)
        put_guards_back(cursor)
        write(2, start=50)
        verdict = audit.verify()
        assert verdict.entries == NUMBER + 2
        assert not verdict.good


def test_an_entry_that_a_crash_left_without_a_link_is_linked_later(chained: None) -> None:
    with past_the_guards() as cursor:
        write(1, start=60)
        audit.verify()
        before = AuditLink.objects.get(number=NUMBER)
        cursor.execute(f"DELETE FROM {LINK} WHERE number > %s", [NUMBER])
        cursor.execute(
            f"UPDATE {HEAD} SET number = %s, digest = %s, mac = %s",
            [NUMBER, before.digest, head_mac(1, NUMBER, before.digest)],
        )
        put_guards_back(cursor)
        verdict = audit.verify()
        assert (verdict.good, verdict.late, verdict.entries) == (True, 1, NUMBER + 1)


# --- anchors -----------------------------------------------------------------------------------


def test_a_chain_that_grew_agrees_with_its_anchors(chained: None, tmp_path: Path) -> None:
    path, anchor = audit.write_anchor(tmp_path / "outside")
    assert path.exists()
    assert anchor.genuine
    write(3, start=70)
    verdict = audit.verify(audit.read_anchors(tmp_path / "outside"))
    assert verdict.good, verdict.problems
    assert verdict.anchors == 1


def test_a_cut_with_an_old_head_put_back_is_found_by_the_anchor(
    chained: None, tmp_path: Path
) -> None:
    """Whoever kept an old copy of the database can put back its head too."""
    old = AuditHead.objects.get()
    write(4, start=80)
    audit.verify()
    audit.write_anchor(tmp_path)
    with past_the_guards() as cursor:
        for pk in AuditLink.objects.filter(number__gt=NUMBER).values_list("entry_id", flat=True):
            cursor.execute(f"DELETE FROM {ENTRY} WHERE id = %s", [pk])
        cursor.execute(f"DELETE FROM {LINK} WHERE number > %s", [NUMBER])
        cursor.execute(
            f"UPDATE {HEAD} SET number = %s, digest = %s, mac = %s",
            [old.number, old.digest, old.mac],
        )
        put_guards_back(cursor)
        assert audit.verify().good, "nothing in the database itself shows it"
        found = audit.verify(audit.read_anchors(tmp_path)).problems
        assert [problem.kind for problem in found] == ["anchor"]


def test_a_chain_made_anew_with_the_keys_is_found_by_the_anchor(
    chained: None, tmp_path: Path
) -> None:
    audit.write_anchor(tmp_path)
    with past_the_guards() as cursor:
        cursor.execute(f"UPDATE {ENTRY} SET reason = 'x' WHERE id = %s", [some_id(lambda n: 2)])
        cursor.execute(f"DELETE FROM {LINK}")
        number, digest = rebuilt_links()
        cursor.execute(
            f"UPDATE {HEAD} SET number = %s, digest = %s, mac = %s",
            [number, digest, head_mac(1, number, digest)],
        )
        put_guards_back(cursor)
        assert audit.verify().good
        found = audit.verify(audit.read_anchors(tmp_path)).problems
        assert [problem.kind for problem in found] == ["anchor"]


def test_a_forged_anchor_is_not_believed(chained: None, tmp_path: Path) -> None:
    path, _anchor = audit.write_anchor(tmp_path)
    path.write_text(path.read_text().replace('"number": 9', '"number": 8'))
    problems = audit.verify(audit.read_anchors(tmp_path)).problems
    assert any("不是用本平台的密钥" in problem.words for problem in problems)
    path.write_text("{}")
    with pytest.raises(ValueError, match="不是锚点文件"):
        audit.read_anchors(tmp_path)


# --- reads, refusals, pages --------------------------------------------------------------------


def test_reads_and_refusals_are_entries_too() -> None:
    audit.read(
        SOMEBODY,
        "file_opened",
        subject_id=5,
        place_code="653222100201",
        purpose="联系本人",
        fields=["phone", "id_number"],
    )
    audit.refused(SOMEBODY, "file_refused", subject="person", subject_id=6)
    read, refused = AuditEntry.objects.order_by("id")
    assert (read.kind, read.result, read.reason) == ("read", "done", "联系本人")
    assert read.detail == {"fields": ["id_number", "phone"]}
    assert refused.result == "refused"
    assert audit.verify().good


def test_pages_go_by_key_and_do_not_slip(chained: None) -> None:
    everybody = system_reader()
    first = audit.entries_page(everybody, audit.EntryFilter(), size=4)
    assert [entry.subject_id for entry in first.entries] == ["8", "7", "6", "5"]
    assert first.newer == 0
    write(1, start=90)
    second = audit.entries_page(everybody, audit.EntryFilter(), before=first.older, size=4)
    assert [entry.subject_id for entry in second.entries] == ["4", "3", "2", "1"]
    back = audit.entries_page(everybody, audit.EntryFilter(), after=second.newer, size=4)
    assert [entry.subject_id for entry in back.entries] == ["8", "7", "6", "5"]
    last = audit.entries_page(everybody, audit.EntryFilter(), before=second.older, size=4)
    assert ([entry.subject_id for entry in last.entries], last.older) == (["0"], 0)


def test_what_a_client_sends_is_cut_to_what_both_databases_hold() -> None:
    odd = "a\x00\ud800" + "长" * 500
    with audit.came_from("::1", odd):
        audit.refused(SOMEBODY, "file_refused", subject_id=odd, reason=odd, detail={odd: odd})
    entry = AuditEntry.objects.get()
    assert (len(entry.reason), len(entry.device), len(entry.subject_id)) == (200, 119, 60)
    assert audit.verify().good
