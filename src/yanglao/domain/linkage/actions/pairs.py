"""Pairs of files: found, said to be two people, merged by the flow, open again."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction

from yanglao.domain.linkage.models import FilePair
from yanglao.domain.linkage.queries import get_pair
from yanglao.domain.linkage.types import NewPair, PairState
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.whole_words import whole


def put_pairs(pairs: Iterable[NewPair], *, acting: Reader) -> int:
    """Put pairs of files on the worklist; return how many are new. In the caller's transaction.

    A pair that is or was there already stays as it is: a decision is asked for once.

    Raises:
        PermissionError: If the role may not take in lists.
    """
    if not acting.can("take_in_lists"):
        raise PermissionError("没有比对档案的权限。")
    now = clock.now()
    before = FilePair.objects.count()
    FilePair.objects.bulk_create(
        (
            FilePair(
                one_id=min(pair.one_id, pair.other_id),
                other_id=max(pair.one_id, pair.other_id),
                place_code=pair.place_code,
                probability=pair.probability,
                weight=pair.weight,
                levels=pair.levels,
                found_at=now,
            )
            for pair in pairs
        ),
        batch_size=2000,
        ignore_conflicts=True,
    )
    return FilePair.objects.count() - before


@transaction.atomic
def say_different(*, pair_id: int, acting: Reader, reason: str = "") -> FilePair:
    """Say that two files are two people; they are never asked about again.

    Raises:
        FilePair.DoesNotExist: If there is none in the acting person's area.
        PermissionError: If the role may not take in lists.
        ValueError: If it has been decided already.
    """
    return _decide(pair_id, PairState.DIFFERENT, acting, reason)


@transaction.atomic
def mark_pair_merged(
    *, pair_id: int, merge_id: int, moved: dict[str, Any], acting: Reader, reason: str
) -> FilePair:
    """Note that the files of a pair were merged, and what moved with them.

    Raises:
        FilePair.DoesNotExist: If there is none in the acting person's area.
        PermissionError: If the role may not take in lists.
        ValueError: If it has been decided already.
    """
    pair = _decide(pair_id, PairState.MERGED, acting, reason)
    pair.merge_id, pair.moved = merge_id, moved
    pair.save(update_fields=["merge_id", "moved"])
    return pair


@transaction.atomic
def reopen_pair(*, pair_id: int, acting: Reader, reason: str = "") -> FilePair:
    """Let a pair be asked about again.

    Raises:
        FilePair.DoesNotExist: If there is none in the acting person's area.
        PermissionError: If the role may not take in lists.
    """
    if not acting.can("take_in_lists"):
        raise PermissionError("没有比对档案的权限。")
    pair = get_pair(acting, pair_id)
    pair.state, pair.decided_at, pair.decided_by = PairState.WAITING, None, ""
    pair.merge_id, pair.moved, pair.reason = None, {}, ""
    pair.save()
    _record(pair, "pair_reopened", acting, reason)
    return pair


def _decide(pair_id: int, state: PairState, acting: Reader, reason: str) -> FilePair:
    if not acting.can("take_in_lists"):
        raise PermissionError("没有比对档案的权限。")
    pair = get_pair(acting, pair_id)
    if pair.state != PairState.WAITING:
        raise ValueError("这一对已经有人处理过了，请刷新页面。")
    pair.state = state
    pair.decided_at, pair.decided_by = clock.now(), acting.name[:80]
    pair.reason = whole(reason, 200, ValueError)
    pair.save()
    _record(pair, "pair_decided", acting, reason)
    return pair


def _record(pair: FilePair, action: str, acting: Reader, reason: str) -> None:
    audit.record(
        acting,
        action,
        subject="file_pair",
        subject_id=pair.pk,
        place_code=pair.place_code,
        reason=whole(reason, 200, ValueError),
        detail={"state": pair.state, "one": pair.one_id, "other": pair.other_id},
    )
