"""Conflicts between departments: found, settled by a person, open again."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.db import transaction

from yanglao.domain.linkage.models import Conflict
from yanglao.domain.linkage.queries import get_conflict
from yanglao.domain.linkage.types import ConflictState, FoundConflict
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.foundation.secrets import keyed_digest
from yanglao.kernel.whole_words import whole


@transaction.atomic
def find_conflicts_again(found: Sequence[FoundConflict], *, acting: Reader) -> tuple[int, int]:
    """Bring the worklist in line with what was found in the acting person's area.

    What is settled stays settled while the departments say the same; what they no longer say is
    gone. Returns how many are new and how many are gone.

    Raises:
        PermissionError: If the role may not take in lists.
    """
    if not acting.can("take_in_lists"):
        raise PermissionError("没有核对矛盾的权限。")
    known = {
        (one.person_id, one.rule, one.digest): one
        for one in within_area(Conflict.objects.all(), acting).order_by("id")
    }
    wanted = {(one.person_id, one.rule, _digest(one)): one for one in found}
    now = clock.now()
    new = []
    for key, one in wanted.items():
        before = known.get(key)
        if before is None:
            new.append(_made(one, key[2]))
            new[-1].found_at = now
        elif before.state == ConflictState.GONE:
            before.state, before.found_at = ConflictState.OPEN, now
            before.save(update_fields=["state", "found_at"])
    gone = [
        one.pk
        for key, one in known.items()
        if key not in wanted and one.state == ConflictState.OPEN
    ]
    Conflict.objects.bulk_create(new, batch_size=2000)
    Conflict.objects.filter(pk__in=gone).update(state=ConflictState.GONE)
    audit.record(
        acting,
        "conflicts_found",
        place_code=acting.area,
        detail={"found": len(wanted), "new": len(new), "gone": len(gone)},
    )
    return len(new), len(gone)


def _made(one: FoundConflict, digest: str) -> Conflict:
    conflict = Conflict(
        person_id=one.person_id, rule=one.rule, place_code=one.place_code, digest=digest
    )
    conflict.sides = json.dumps([asdict(side) for side in one.sides], ensure_ascii=False)
    conflict.close_envelope()
    return conflict


def _digest(one: FoundConflict) -> str:
    """Return what tells the same conflict from another; keyed, so that it gives nothing away.

    The statements themselves, where they are known: a list that says the same again next month is
    no other conflict.
    """
    if all(side.entries for side in one.sides):
        told = [
            f"{side.kind}:{side.value}:{','.join(map(str, side.entries))}" for side in one.sides
        ]
    else:
        told = [side.words for side in one.sides]
    words = "\x1f".join(told)
    return keyed_digest("linkage.conflict", f"{one.person_id}\x1f{words}".encode())


@transaction.atomic
def settle_conflict(
    *, conflict_id: int, choice: int | None, undo: dict[str, Any], acting: Reader, reason: str
) -> Conflict:
    """Note which side a person found right; ``None`` when both may stand.

    Raises:
        Conflict.DoesNotExist: If there is none in the acting person's area.
        PermissionError: If the role may not take in lists.
        ValueError: If it is settled, the choice is no side of it, or there is no reason.
    """
    if not acting.can("take_in_lists"):
        raise PermissionError("没有处理矛盾的权限。")
    conflict = get_conflict(acting, conflict_id)
    if conflict.state != ConflictState.OPEN:
        raise ValueError("这个矛盾已经有人处理过了，请刷新页面。")
    if choice is not None and not 0 <= choice < len(json.loads(conflict.sides)):
        raise ValueError("请选择以哪一边为准。")
    if not reason.strip():
        raise ValueError("请写明核实的依据。")
    conflict.state, conflict.choice, conflict.undo = ConflictState.SETTLED, choice, undo
    conflict.decided_at, conflict.decided_by = clock.now(), acting.name[:80]
    conflict.reason = whole(reason, 200, ValueError)
    conflict.save()
    _record(conflict, "conflict_settled", acting)
    return conflict


@transaction.atomic
def reopen_conflict(*, conflict_id: int, acting: Reader) -> Conflict:
    """Let a conflict be decided again.

    Raises:
        Conflict.DoesNotExist: If there is none in the acting person's area.
        PermissionError: If the role may not take in lists.
    """
    if not acting.can("take_in_lists"):
        raise PermissionError("没有处理矛盾的权限。")
    conflict = get_conflict(acting, conflict_id)
    conflict.state, conflict.choice, conflict.undo = ConflictState.OPEN, None, {}
    conflict.decided_at, conflict.decided_by, conflict.reason = None, "", ""
    conflict.save()
    _record(conflict, "conflict_reopened", acting)
    return conflict


def _record(conflict: Conflict, action: str, acting: Reader) -> None:
    audit.record(
        acting,
        action,
        subject="person",
        subject_id=conflict.person_id,
        place_code=conflict.place_code,
        detail={"conflict": conflict.pk, "rule": conflict.rule, "choice": conflict.choice},
    )
