"""Another payer's list: taken in to be looked at, put to use, undone; nothing of it is lost."""

from collections.abc import Sequence

from django.db import transaction

from yanglao.domain.accounts.public import Permission
from yanglao.domain.settlement.models import ElsewhereList, PaidElsewhere
from yanglao.domain.settlement.types import BackRow, ElsewhereRow, ElsewhereState, Refused
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.foundation.staging import one_writer
from yanglao.kernel.whole_words import whole

_LOCK = "settlement_elsewhere"
_CHUNK = 500


@transaction.atomic
def take_elsewhere(
    *,
    month: int,
    payer: str,
    file_name: str,
    digest: str,
    header: Sequence[str],
    rows: Sequence[ElsewhereRow],
    returned: Sequence[BackRow],
    acting: Reader,
) -> ElsewhereList:
    """Keep a list with all its rows, to be looked at; nothing is checked by it yet.

    Args:
        month: ``year * 12 + month - 1``. rows: Each person and benefit once.

    Raises:
        PermissionError: When the role may not, or a person is served outside the acting area.
        Refused: Without a payer, or for a file that is in use or waits already.
    """
    if not acting.can(Permission.PREPARE_PAYMENTS):
        raise PermissionError("您的账号没有办理待遇发放的权限。")
    if not all(acting.covers(one.place_code) for one in rows):
        raise PermissionError("只能登记自己辖区的人。")
    name = " ".join(payer.split())
    if not name:
        raise Refused("请写清楚是哪个单位在发。")
    one_writer(_LOCK)
    same = ElsewhereList.objects.filter(
        region_code=acting.area, month=month, payer=whole(name, 80, Refused), digest=digest
    )
    known = same.filter(state__in=[ElsewhereState.WAITING, ElsewhereState.CURRENT]).first()
    if known is not None:
        raise Refused(f"这份文件已经传过（{ElsewhereState(known.state).label}），不用再传。")
    made = ElsewhereList(
        region_code=acting.area,
        month=month,
        payer=name,
        digest=digest,
        received=len(rows) + len(returned),
        accepted=len(rows),
        taken_at=clock.now(),
        taken_by_id=acting.user_id,
        taken_by=acting.name[:80],
    )
    made.file_name, made.header = file_name[:120], list(header)
    made.returned_rows = [[one.where, list(one.cells), one.reason] for one in returned]
    made.save()
    PaidElsewhere.objects.bulk_create(
        [PaidElsewhere(of_list=made, **one._asdict()) for one in rows], batch_size=_CHUNK
    )
    _record(made, "paid_elsewhere_told", acting)
    return made


@transaction.atomic
def use_elsewhere(*, list_id: int, acting: Reader) -> ElsewhereList:
    """Put a list to use; it replaces the one in use of the same month and payer.

    Raises:
        Refused: When it does not wait, or has no row that could be used.
    """
    made = _locked(list_id, acting, ElsewhereState.WAITING)
    if not made.accepted:
        raise Refused("没有一行能用，不能采用这份名单。")
    before = ElsewhereList.objects.filter(
        region_code=made.region_code,
        month=made.month,
        payer=made.payer,
        state=ElsewhereState.CURRENT,
    ).first()
    if before is not None:
        before.state = ElsewhereState.REPLACED
        before.save(update_fields=["state"])
        made.replaces = before
    _move(made, ElsewhereState.CURRENT, acting)
    _record(made, "paid_elsewhere_used", acting)
    return made


@transaction.atomic
def drop_elsewhere(*, list_id: int, acting: Reader) -> ElsewhereList:
    """Do not use a list that waits; it is kept as it came."""
    made = _locked(list_id, acting, ElsewhereState.WAITING)
    _move(made, ElsewhereState.DROPPED, acting)
    _record(made, "paid_elsewhere_dropped", acting)
    return made


@transaction.atomic
def undo_elsewhere(*, list_id: int, reason: str, acting: Reader) -> ElsewhereList:
    """Take a list out of use; the one that it replaced is in use again.

    Raises:
        Refused: Without a reason, or when the list is not in use.
    """
    made = _locked(list_id, acting, ElsewhereState.CURRENT)
    if not reason.strip():
        raise Refused("撤销要写明原因。")
    made.words = whole(reason, 300, Refused)
    _move(made, ElsewhereState.UNDONE, acting)
    if made.replaces is not None:
        made.replaces.state = ElsewhereState.CURRENT
        made.replaces.save(update_fields=["state"])
    _record(made, "paid_elsewhere_undone", acting, reason)
    return made


def _locked(list_id: int, acting: Reader, state: ElsewhereState) -> ElsewhereList:
    if not acting.can(Permission.PREPARE_PAYMENTS):
        raise PermissionError("您的账号没有办理待遇发放的权限。")
    one_writer(_LOCK)
    rows = ElsewhereList.objects.select_for_update(of=("self",)).select_related("replaces")
    found = within_area(rows, acting, "region_code").get(pk=list_id)
    if found.state != state:
        raise Refused(f"这份名单现在是“{ElsewhereState(found.state).label}”，不能这样办。")
    return found


def _move(made: ElsewhereList, to: ElsewhereState, acting: Reader) -> None:
    made.state, made.moved_at, made.moved_by = to, clock.now(), acting.name[:80]
    made.save()


def _record(made: ElsewhereList, action: str, acting: Reader, reason: str = "") -> None:
    audit.record(
        acting,
        action,
        subject="elsewhere_list",
        subject_id=made.pk,
        place_code=made.region_code,
        reason=reason,
        detail={"payer": made.payer, "received": made.received, "accepted": made.accepted},
    )
