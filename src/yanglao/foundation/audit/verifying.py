"""Going over the whole record: any change, removal, insertion, re-ordering or cut is found."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, transaction

from yanglao.foundation.audit.anchors import Anchor
from yanglao.foundation.audit.chain import (
    BEGINNING,
    CONTENT,
    content_of,
    head_mac,
    link_digest,
    link_waiting,
    same,
)
from yanglao.foundation.audit.guards import missing_guards
from yanglao.foundation.models import AuditHead
from yanglao.foundation.progress import Progress
from yanglao.foundation.secrets import KeyProblem

#: More problems than this say nothing more.
_MOST = 50
_CHUNK = 5_000
#: Columns that stand before the content in a row of the walk.
_BEFORE = 6


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the record.

    Attributes:
        kind: ``changed``, ``removed``, ``inserted``, ``moved``, ``cut``, ``head``, ``anchor``,
            ``guard``, ``key``.
        number: Number of the link it was found at; 0 when it is about no single one.
        words: What is wrong, in Chinese.
    """

    kind: str
    number: int
    words: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the whole record found.

    Attributes:
        entries: How many linked entries were gone over.
        late: Entries that a crash had left without a link, linked now.
        anchors: How many anchors were compared.
        problems: At most fifty; empty when all is well.
    """

    entries: int
    late: int
    anchors: int
    problems: tuple[Problem, ...]

    @property
    def good(self) -> bool:
        """Whether nothing is wrong."""
        return not self.problems


def verify(anchors: Sequence[Anchor] = (), *, report: Progress | None = None) -> Verdict:
    """Go over the whole record, in constant memory.

    Args:
        anchors: What files kept elsewhere say; each must agree with the chain.
        report: Told how far it is.
    """
    late, foreign = link_waiting()
    problems = [
        Problem("inserted", 0, f"第 {pk} 号记录不是本平台写下的（没有平台的印记）。")
        for pk in foreign
    ]
    problems += [
        Problem("guard", 0, f"数据库里防止改动的触发器不见了或被停用了：{name}。")
        for name in missing_guards(connection)
    ]
    with transaction.atomic():
        walk = _Walk(anchors, report)
        problems += walk.through()
    return Verdict(walk.entries, late, len(anchors), tuple(problems[:_MOST]))


class _Walk:
    """One way along the chain, from the first link to the head."""

    def __init__(self, anchors: Sequence[Anchor], report: Progress | None) -> None:
        self.entries = 0
        self.problems: list[Problem] = []
        self.anchors: dict[int, list[Anchor]] = {}
        for anchor in anchors:
            self.anchors.setdefault(anchor.number, []).append(anchor)
        self.report = report or (lambda done, total, what: None)

    def through(self) -> list[Problem]:
        """Return what is wrong."""
        self._weigh_anchors()
        head = AuditHead.objects.order_by("pk").first()
        number, digest = 0, BEGINNING
        for row in _rows(head.number if head else None):
            number, digest = self._step(number, digest, row)
            if len(self.problems) > _MOST:
                return self.problems
            if self.entries % _CHUNK == 0 and head:
                self.report(self.entries, head.number, "核对操作记录")
        self._end(head, number, digest)
        for late, left in self.anchors.items():
            if late > number and left:
                words = f"锚点说有 {late:,} 条记录，现在只有 {number:,} 条：记录被截短或换掉了。"
                self.problems.append(Problem("anchor", late, words))
        return self.problems

    def _step(self, number: int, digest: str, row: Sequence[Any]) -> tuple[int, str]:
        link, entry_id, stored, mac, pk, sealed_reason = row[:_BEFORE]
        self.entries += 1
        if link != number + 1:
            words = f"第 {number + 1}–{link - 1} 条的链环不见了。"
            self._add("removed", link, words)
        if pk is None:
            self._add("removed", link, f"第 {link} 条记录（{entry_id} 号）被删掉了。")
        else:
            expected = link_digest(
                digest, link, entry_id, content_of(row[_BEFORE:], sealed_reason), mac
            )
            if not same(expected, stored):
                words = f"第 {link} 条记录（{entry_id} 号）或它前面的链环被改动或调换过。"
                self._add("changed", link, words)
        for anchor in self.anchors.get(link, ()):
            if not same(anchor.digest, stored):
                words = f"{anchor.at} 的锚点与第 {link} 条记录对不上：这条链是后来重做的。"
                self._add("anchor", link, words)
        return link, stored

    def _end(self, head: AuditHead | None, number: int, digest: str) -> None:
        if head is None:
            if number:
                self._add("head", 0, "链头不见了。")
            return
        try:
            genuine = same(head.mac, head_mac(head.key_version, head.number, head.digest))
        except KeyProblem as problem:
            self._add("key", 0, f"链头用的密钥不在密钥文件里：{problem}")
            return
        if not genuine:
            self._add("head", head.number, "链头的印记不对：链头被改过，或整条链被重做过。")
        if number < head.number:
            words = f"链头说有 {head.number:,} 条记录，现在只有 {number:,} 条：末尾被截掉了。"
            self._add("cut", number, words)
        elif not same(digest, head.digest):
            self._add("head", number, "最后一条记录与链头对不上。")
        beyond = _links_beyond()
        if beyond:
            self._add("inserted", 0, f"链头以外还有 {beyond} 个链环，不是本平台写下的。")

    def _weigh_anchors(self) -> None:
        for of_number in self.anchors.values():
            for anchor in of_number:
                if not anchor.genuine:
                    words = f"{anchor.at} 的锚点文件不是用本平台的密钥做的，或被改过。"
                    self._add("anchor", anchor.number, words)

    def _add(self, kind: str, number: int, words: str) -> None:
        self.problems.append(Problem(kind, number, words))


def _rows(upto: int | None) -> Iterator[Sequence[Any]]:
    """Yield number, entry id, digest, mark, id or None, sealed reason, content; by number."""
    columns = ", ".join(f"e.{name}" for name in CONTENT)
    limit = "" if upto is None else f" WHERE l.number <= {upto:d}"
    sql = (
        f"SELECT l.number, l.entry_id, l.digest, e.mac, e.id, e.sealed_reason, {columns} "  # noqa: S608  own names
        "FROM foundation_auditlink AS l "
        f"LEFT JOIN foundation_auditentry AS e ON e.id = l.entry_id{limit} ORDER BY l.number"
    )
    at, detail = _BEFORE + CONTENT.index("at"), _BEFORE + CONTENT.index("detail")
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql)
        while chunk := cursor.fetchmany(_CHUNK):
            for found in chunk:
                row = list(found)
                if row[4] is not None:
                    row[at] = _moment(row[at])
                    row[detail] = _json(row[detail])
                yield row


def _moment(value: Any) -> datetime:
    """Return a moment as the database gives it: SQLite without a zone, in UTC."""
    try:
        found = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        return datetime.min.replace(tzinfo=UTC)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _json(value: Any) -> Any:
    """Return a detail as the database gives it: as text in both; broken text stays text."""
    if not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _links_beyond() -> int:
    """Count links that are further on than the head as it is now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM foundation_auditlink WHERE number > "
            "(SELECT coalesce(max(number), 0) FROM foundation_audithead)"
        )
        return int(cursor.fetchone()[0])
