"""The chain over the record: each link holds a digest of its entry and of the link before.

    mark of an entry   HMAC-SM3(key, content)            made with it; an entry put in by somebody
                                                         without the keys has none
    digest of a link   SM3(digest before, number, entry id, content, mark)
    head               number and digest of the last link, and HMAC-SM3(key, both)

Links are made where they hold nobody up. SQLite has one writer at a time anyway: there the link is
made with the entry. PostgreSQL has many, and a long import would make all of them wait for the
head: there the link is made right after the commit, in a transaction of milliseconds; what a crash
in between leaves without a link is known by its mark and linked later (:func:`link_waiting`).
Links therefore follow the order of commits.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.constant_time import bytes_eq
from django.db import connection, transaction

from yanglao.foundation import clock
from yanglao.foundation.models import AuditEntry, AuditHead, AuditLink
from yanglao.foundation.secrets import KeyProblem, Sm3, key_ring, sm3_hex

#: What stands before the first link.
BEGINNING = sm3_hex("养老 yanglao record of acts".encode())
_HEAD_ID = 1
_BATCH = 5_000

#: Made once: a check of a million entries would make as many encoders.
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode

#: Columns of an entry in the order in which its content is digested.
CONTENT = (
    "mark",
    "at",
    "user_id",
    "user_name",
    "action",
    "kind",
    "result",
    "subject",
    "subject_id",
    "place_code",
    "reason",
    "address",
    "device",
    "detail",
)


#: Columns whose attribute is called otherwise.
_ATTRIBUTES = {"reason": "reason_open"}
_REASON_AT = CONTENT.index("reason")


def content_of(values: Sequence[Any], sealed_reason: bytes | memoryview | None = None) -> bytes:
    """Return the canonical bytes of an entry from its :data:`CONTENT` values.

    The same on both databases: moments in UTC, keys of details sorted, no spaces. A sealed reason
    is part of it as it is sealed: the chain is checked without opening anything.
    """
    moment: datetime = values[1]
    plain = [values[0], moment.astimezone(UTC).isoformat(timespec="microseconds"), *values[2:]]
    if sealed_reason is not None:
        plain[_REASON_AT] = [plain[_REASON_AT], bytes(sealed_reason).hex()]
    return _canonical(plain).encode()


def mark_of(entry: AuditEntry) -> tuple[int, str]:
    """Return the version of the key, and the mark that it makes for a new entry."""
    version = key_ring().newest.number
    return version, _hmac(version, b"entry", _content(entry))


def append(entry: AuditEntry) -> None:
    """Link a new entry: at once on SQLite, right after the commit on PostgreSQL."""
    if connection.vendor == "sqlite":
        _link([(entry.pk, _content(entry), entry.mac)])
    else:
        pk = entry.pk
        transaction.on_commit(lambda: _link_by_id([pk]), robust=True)


def link_waiting() -> tuple[int, list[int]]:
    """Link entries that a crash left without; return how many, and ids of those nobody vouches for.

    What carries no mark of ours was put in by somebody else and is never linked.
    """
    linked, foreign = 0, []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM foundation_auditentry AS e WHERE NOT EXISTS"
            " (SELECT 1 FROM foundation_auditlink AS l WHERE l.entry_id = e.id) ORDER BY id"
        )
        waiting = [pk for (pk,) in cursor.fetchall()]
    for at in range(0, len(waiting), _BATCH):
        part = waiting[at : at + _BATCH]
        done, bad = _link_by_id(part)
        linked += done
        foreign += bad
    return linked, foreign


def link_digest(before: str, number: int, entry_id: int, content: bytes, mark: str) -> str:
    """Return the digest of a link."""
    running = Sm3(f"{before}\n{number}\n{entry_id}\n{mark}\n".encode())
    running.update(content)
    return running.hexdigest()


def head_mac(version: int, number: int, digest: str) -> str:
    """Return what only a holder of the keys can put beside the head.

    Raises:
        KeyProblem: When that version is not among the keys.
    """
    return _hmac(version, b"head", f"{number}\n{digest}".encode())


def same(one: str, other: str) -> bool:
    """Compare two digests in a time that says nothing."""
    return bytes_eq(one.encode(), other.encode())


def _content(entry: AuditEntry) -> bytes:
    return content_of(
        [getattr(entry, _ATTRIBUTES.get(name, name)) for name in CONTENT], entry.sealed_reason
    )


def _link_by_id(ids: list[int]) -> tuple[int, list[int]]:
    """Link entries that have none yet; return how many, and ids of those without our mark."""
    with transaction.atomic():
        _lock_head()
        done = set(AuditLink.objects.filter(entry_id__in=ids).values_list("entry_id", flat=True))
        rows = AuditEntry.objects.filter(pk__in=[pk for pk in ids if pk not in done])
        own, foreign = [], []
        for entry in rows.order_by("pk"):
            content = _content(entry)
            if _vouched(entry, content):
                own.append((entry.pk, content, entry.mac))
            else:
                foreign.append(entry.pk)
        _link(own)
    return len(own), foreign


def _vouched(entry: AuditEntry, content: bytes) -> bool:
    try:
        return same(entry.mac, _hmac(entry.key_version, b"entry", content))
    except KeyProblem:
        return False


def _lock_head() -> AuditHead:
    """Return the head, held until the end of the transaction; made with the first entry.

    A head that is gone while links are there is not made up from them: the chain goes on with a
    break that every check finds.
    """
    head = AuditHead.objects.select_for_update().filter(pk=_HEAD_ID).first()
    if head is not None:
        return head
    last = AuditLink.objects.order_by("-number").values_list("number", flat=True).first()
    begin = BEGINNING if last is None else sm3_hex(b"the head was gone")
    version = key_ring().newest.number
    number = last or 0
    AuditHead.objects.bulk_create(
        [
            AuditHead(
                pk=_HEAD_ID,
                number=number,
                digest=begin,
                at=clock.now(),
                key_version=version,
                mac=head_mac(version, number, begin),
            )
        ],
        ignore_conflicts=True,
    )
    return AuditHead.objects.select_for_update().get(pk=_HEAD_ID)


def _link(entries: Iterable[tuple[int, bytes, str]]) -> None:
    """Add links for entries (id, content, mark), inside the caller's transaction."""
    found = list(entries)
    if not found:
        return
    head = _lock_head()
    number, digest = head.number, head.digest
    links = []
    for entry_id, content, mark in found:
        number += 1
        digest = link_digest(digest, number, entry_id, content, mark)
        links.append(AuditLink(number=number, entry_id=entry_id, digest=digest))
    AuditLink.objects.bulk_create(links)
    version = key_ring().newest.number
    AuditHead.objects.filter(pk=_HEAD_ID).update(
        number=number,
        digest=digest,
        at=clock.now(),
        key_version=version,
        mac=head_mac(version, number, digest),
    )


@lru_cache(maxsize=16)
def _derived(key: bytes, use: bytes) -> bytes:
    """Return a key for one use, so that keys that seal are never used for anything else."""
    derive = hmac.HMAC(key, hashes.SM3())
    derive.update(b"yanglao audit " + use)
    return derive.finalize()


def _hmac(version: int, use: bytes, data: bytes) -> str:
    one = hmac.HMAC(_derived(key_ring().version(version).key, use), hashes.SM3())
    one.update(data)
    return one.finalize().hex()
