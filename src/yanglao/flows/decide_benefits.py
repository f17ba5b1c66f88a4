"""Decisions about cases and what follows from them: the lead is delivered, spells are written."""

from collections.abc import Collection
from datetime import date

from django.db import transaction

from yanglao.domain.benefits.public import (
    Bulk,
    Case,
    CaseState,
    Clocks,
    Dispute,
    DisputeKind,
    Notice,
    approve_cases,
    cases,
    get_case,
    post_notice,
    prepare_cases,
    return_case,
    take_dispute,
)
from yanglao.domain.leads.public import LeadState, leads, move_leads
from yanglao.flows.open_benefits import clocks_of
from yanglao.foundation.jobs import defer
from yanglao.foundation.scoping import Reader


def prepare(*, ids: Collection[int], words: str, as_of: date, acting: Reader) -> Bulk:
    """Prepare cases; see ``benefits.public.prepare_cases``."""
    clocks = _clocks(ids, as_of, acting)
    return prepare_cases(ids=ids, clocks=clocks, as_of=as_of, acting=acting, words=words)


def post(*, ids: Collection[int], as_of: date, acting: Reader) -> list[Notice]:
    """Post prepared cases; see ``benefits.public.post_notice``."""
    return post_notice(ids=ids, clocks=_clocks(ids, as_of, acting), as_of=as_of, acting=acting)


def send_back(*, case_id: int, words: str, as_of: date, acting: Reader) -> Case:
    """Send one case back; see ``benefits.public.return_case``."""
    clocks = _clocks_of_case(case_id, as_of, acting)
    return return_case(case_id=case_id, words=words, clocks=clocks, as_of=as_of, acting=acting)


@transaction.atomic
def approve(*, ids: Collection[int], words: str = "", as_of: date, acting: Reader) -> Bulk:
    """Approve cases; their leads are delivered and their spells written after this transaction.

    Raises:
        PermissionError: When the role approves nothing.
    """
    done = approve_cases(ids=ids, as_of=as_of, acting=acting, words=words)
    through = cases(acting).filter(pk__in=[pk for pk in ids if pk not in done.left])
    pairs = list(
        through.filter(state=CaseState.APPROVED, approved_on=as_of)
        .order_by("id")
        .values_list("person_id", "item_id")
    )
    if not pairs:
        return done
    wanted = set(pairs)
    waiting = leads(acting, state="open").filter(person_id__in={person for person, _ in pairs})
    delivered = [one.pk for one in waiting if (one.person_id, one.item_id) in wanted]
    if delivered:
        move_leads(ids=delivered, to_state=LeadState.DELIVERED, acting=acting, note="待遇已审批")
    people = sorted({person for person, _item in pairs})
    defer("follow_benefits", acting, people=people, as_of=as_of.isoformat())
    return done


def object_or_appeal(
    *, case_id: int, kind: DisputeKind, asker: str, words: str, as_of: date, acting: Reader
) -> Dispute:
    """Take an objection or an appeal down; see ``benefits.public.take_dispute``."""
    return take_dispute(
        case_id=case_id,
        kind=kind,
        asker=asker,
        words=words,
        clocks=_clocks_of_case(case_id, as_of, acting),
        as_of=as_of,
        acting=acting,
    )


def _clocks(ids: Collection[int], as_of: date, acting: Reader) -> dict[str, Clocks]:
    rows = cases(acting).filter(pk__in=list(ids)).order_by("benefit")
    return clocks_of(set(rows.values_list("benefit", flat=True)), as_of)


def _clocks_of_case(case_id: int, as_of: date, acting: Reader) -> Clocks:
    case = get_case(acting, case_id)
    return clocks_of([case.benefit], as_of)[case.benefit]
