"""What clerks decide about who is who: rows, pairs of files; and the match that follows at once."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from yanglao.domain.entitlements.public import tell_delivered, told_items, untell_delivered
from yanglao.domain.leads.public import lay_leads, put_leads_back
from yanglao.domain.linkage.public import (
    Decision,
    FilePair,
    PairState,
    WaitingRow,
    decide_row,
    get_pair,
    get_row,
    mark_pair_merged,
    reopen_pair,
    take_back_decision,
)
from yanglao.domain.people.public import (
    files_alike,
    merge_files,
    undo_merge,
)
from yanglao.flows.find_entitled import NoPackInForce, recheck_people
from yanglao.flows.take_in_list.twins import put_twins
from yanglao.foundation import clock
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.scoping import Reader, system_reader


def decide_and_recheck(
    *,
    row_id: int,
    decision: Decision | str,
    acting: Reader,
    person_id: int | None = None,
    number: str = "",
    reason: str = "",
) -> WaitingRow:
    """Decide about a waiting row, and match the person again; arguments as ``decide_row``."""
    row = decide_row(
        row_id=row_id,
        decision=decision,
        acting=acting,
        person_id=person_id,
        number=number,
        reason=reason,
    )
    _recheck([row.person_id])
    return row


def take_back_and_recheck(*, row_id: int, acting: Reader, reason: str = "") -> WaitingRow:
    """Let a row wait again, and match the person whose it was; as ``take_back_decision``."""
    person = get_row(acting, row_id).person_id
    row = take_back_decision(row_id=row_id, acting=acting, reason=reason)
    _recheck([person])
    return row


def merge_pair(*, pair_id: int, goes_on: int, acting: Reader, reason: str) -> FilePair:
    """Merge the two files of a pair: statements, leads and words of officers become one person's.

    Args:
        pair_id: The pair.
        goes_on: The file whose ID number is right.
        acting: Who says so.
        reason: Where he knows it from.

    Raises:
        FilePair.DoesNotExist, Person.DoesNotExist: If something lies outside the acting area.
        PermissionError: If the role may not take in lists.
        ValueError: If it cannot be done; the message says why.
    """
    with transaction.atomic():
        pair = get_pair(acting, pair_id)
        if goes_on not in {pair.one_id, pair.other_id}:
            raise ValueError("请选择以哪一份档案的号码为准。")
        laid_in = pair.other_id if goes_on == pair.one_id else pair.one_id
        merge = merge_files(goes_on=goes_on, laid_in=laid_in, acting=acting, reason=reason)
        told = told_items(laid_in)
        fresh = sorted(told - told_items(goes_on))
        tell_delivered(pairs=[(goes_on, item) for item in fresh], acting=acting)
        moved = {
            "goes_on": goes_on,
            "laid_in": laid_in,
            "leads": lay_leads(from_person=laid_in, to_person=goes_on, acting=acting),
            "told": sorted(told),
            "told_fresh": fresh,
        }
        pair = mark_pair_merged(
            pair_id=pair_id, merge_id=merge.pk, moved=moved, acting=acting, reason=reason
        )
    _recheck([goes_on, laid_in])
    return pair


def undo_pair(*, pair_id: int, acting: Reader, reason: str = "") -> FilePair:
    """Take back what was decided about a pair: it waits again, and a merge is undone exactly.

    Raises:
        FilePair.DoesNotExist: If there is none in the acting area.
        PermissionError: If the role may not take in lists.
        ValueError: If the merge has been undone already.
    """
    with transaction.atomic():
        pair = get_pair(acting, pair_id)
        moved = dict(pair.moved)
        if pair.state == PairState.MERGED and pair.merge_id is not None:
            undo_merge(merge_id=pair.merge_id, acting=acting, reason=reason)
            laid_in, goes_on = moved["laid_in"], moved["goes_on"]
            untell_delivered(pairs=[(goes_on, one) for one in moved["told_fresh"]], acting=acting)
            tell_delivered(pairs=[(laid_in, one) for one in moved["told"]], acting=acting)
            put_leads_back(ids=moved["leads"], person_id=laid_in, acting=acting)
        pair = reopen_pair(pair_id=pair_id, acting=acting, reason=reason)
    _recheck([moved.get("goes_on"), moved.get("laid_in")])
    return pair


@dataclass(frozen=True, slots=True)
class Sweep:
    """What looking for double files brought: files looked at, pairs new on the worklist."""

    files: int
    pairs: int


def look_for_twins(*, acting: Reader, report: Progress = silent) -> Sweep:
    """Look through the area for files that may be of one person, and put them on the worklist.

    Nothing is merged: both numbers are valid and differ, and only a person can say which is wrong.

    Raises:
        PermissionError: If the role may not take in lists.
    """
    report(0, 2, "找出同名同一天出生的档案")
    ids = files_alike(acting)
    report(1, 2, f"比较 {len(ids):,} 份档案")
    pairs = put_twins(ids, acting=acting)
    report(2, 2, "查找完成")
    return Sweep(len(ids), pairs)


def _recheck(people: Iterable[int | None]) -> None:
    """Match people again; without a catalogue in force there is nothing to match."""
    ids = [pk for pk in people if pk is not None]
    if not ids:
        return
    try:
        recheck_people(ids, as_of=clock.today(), acting=system_reader())
    except NoPackInForce:
        return
