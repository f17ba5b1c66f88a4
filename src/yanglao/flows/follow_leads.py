"""What follows an officer's act: a fact entered is matched at once, an account closed gives back.

Moving and assigning leads needs no other app: ``leads.public`` does it alone.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from yanglao.domain.accounts.public import Account, close_account
from yanglao.domain.benefits.public import ever_approved
from yanglao.domain.leads.public import LeadState, hand_back, leads
from yanglao.domain.people.public import enter_fact
from yanglao.flows.find_entitled import RunSummary, recheck_people
from yanglao.flows.note_export import noted_export
from yanglao.flows.standing_region import standing_region
from yanglao.foundation.jobs import defer
from yanglao.foundation.scoping import Reader
from yanglao.foundation.tabular import write_table

_HEADERS = (
    "身份证号",
    "姓名",
    "区划代码",
    "项目",
    "项目名称",
    "情况",
    "状态",
    "办理期限",
    "经办人",
    "原因",
    "办结日期",
    "谢绝原因",
    "凭证",
)
_CHUNK = 2000


#: Kinds of statements from which a status follows, or its end.
_TELL_STATUSES = frozenset({"assistance", "relief", "veterans", "survey", "deaths", "household"})


@dataclass(frozen=True, slots=True)
class Closed:
    """An account that was closed, and how many leads went back to their places."""

    account: Account
    leads_back: int


def enter_and_recheck(
    *,
    person_id: int,
    kind: str,
    values: Mapping[str, Any],
    acting: Reader,
    as_of: date,
    reason: str,
) -> RunSummary:
    """Enter what an officer has learnt about a person, and match the person again at once.

    The fact stays entered even if no catalogue is in force to match it against.

    Raises:
        Person.DoesNotExist, PermissionError, django.core.exceptions.ValidationError: As
            ``people.public.enter_fact``.
        yanglao.flows.open_pack.NoPackInForce: When there is nothing to match against.
    """
    enter_fact(
        person_id=person_id, kind=kind, values=values, acting=acting, as_of=as_of, reason=reason
    )
    if ever_approved([person_id]):
        defer("follow_benefits", acting, people=[person_id], as_of=as_of.isoformat())
    summary = recheck_people([person_id], as_of=as_of, acting=acting)
    if str(kind) in _TELL_STATUSES:
        region = standing_region(as_of)
        day = as_of.isoformat()
        defer("follow_statuses", acting, region=region, people=[person_id], as_of=day)
    return summary


def close_account_and_hand_back(*, account_id: int, acting: Reader, reason: str) -> Closed:
    """Close an officer's account; every open lead goes back to its place for another."""
    with transaction.atomic():
        account = close_account(account_id=account_id, acting=acting, reason=reason)
        back = hand_back(account_id=account_id, acting=acting, note=reason)
    return Closed(account, back)


def export_leads(path: Path, *, reader: Reader, state: str | None = None) -> int:
    """Write the leads of the reader's area to ``.csv`` or ``.xlsx``; return how many; on record.

    Args:
        path: Where to.
        reader: Whose area.
        state: As in ``leads.public.leads``; all but lapsed ones when not given.

    Raises:
        ValueError: For a suffix that is neither.
    """
    with noted_export(reader, "leads_exported", path, subject="lead") as leaving:
        leaving.rows = write_table(path, _HEADERS, _rows(reader, state))
    return leaving.rows


def _rows(reader: Reader, state: str | None) -> Iterator[tuple[object, ...]]:
    rows = leads(reader, state=state)
    if state is None:
        rows = rows.exclude(state=LeadState.LAPSED)
    for lead in rows.iterator(chunk_size=_CHUNK):
        yield (
            lead.person.id_number,
            lead.person.name,
            lead.place_code,
            lead.item.code,
            lead.item.name,
            str(lead.get_kind_display()),
            str(lead.get_state_display()),
            lead.due_on.isoformat(),
            lead.assignee.display_name if lead.assignee else "",
            lead.outcome.reason,
            lead.closed_on.isoformat() if lead.closed_on else "",
            str(lead.get_decline_reason_display()) if lead.decline_reason else "",
            lead.proof,
        )
