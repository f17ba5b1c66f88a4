"""Applications for an assessment: by people and villages, and from leads that miss a level."""

from collections.abc import Iterable, Sequence
from datetime import date

from yanglao.domain.assessments.public import (
    Asked,
    AskedBy,
    NewRequest,
    accept_assessments,
    ask_assessments,
    assessments,
)
from yanglao.domain.leads.public import Lead, LeadKind, leads
from yanglao.flows.assessment_rules import assessment_rules
from yanglao.foundation.scoping import Reader

#: The fact that an assessment brings.
ABILITY = "ability_level"
#: So many leads are looked at, the earliest due first; the next ones come when these are asked for.
_MOST = 2000


def ask(*, requests: Sequence[NewRequest], acting: Reader, as_of: date) -> Asked:
    """Write applications down with the clock of the list in force.

    Raises:
        PermissionError: When the role may not ask.
        yanglao.domain.assessments.public.WrongMove: For a kind that does not exist.
        yanglao.flows.assessment_rules.NoPackInForce: When no clock is in force.
    """
    clocks = assessment_rules(as_of).clocks
    return ask_assessments(requests=requests, acting=acting, as_of=as_of, clocks=clocks)


def accept(*, ids: Iterable[int], acting: Reader, as_of: date) -> int:
    """Accept applications with the clock of the list in force; return how many. Raises as above."""
    clocks = assessment_rules(as_of).clocks
    return accept_assessments(ids=ids, acting=acting, as_of=as_of, clocks=clocks)


def leads_missing_ability(reader: Reader, *, most: int = _MOST) -> list[Lead]:
    """Return open leads of the area that are possible and miss an ability level, one a person.

    The earliest due comes first; who is being assessed already is left out. Two queries.
    """
    under_way = assessments(reader, state="open").order_by("id")
    seen = set(under_way.values_list("person_id", flat=True))
    found = []
    for lead in leads(reader, state="open", kind=LeadKind.POSSIBLE)[:most]:
        if ABILITY in lead.outcome.missing and lead.person_id not in seen:
            seen.add(lead.person_id)
            found.append(lead)
    return found


def ask_from_leads(*, ids: Iterable[int], acting: Reader, as_of: date) -> Asked:
    """Turn leads that miss an ability level into applications; others are left alone.

    Args:
        ids: Leads of the acting officer's area.
        acting: Who asks.
        as_of: The day.
    """
    chosen = set(ids)
    wanted = [
        lead
        for lead in leads(acting, state="open").filter(pk__in=chosen)
        if ABILITY in lead.outcome.missing
    ]
    requests = [
        NewRequest(person_id=lead.person_id, asked_by=AskedBy.LEAD, lead_id=lead.pk)
        for lead in wanted
    ]
    return ask(requests=requests, acting=acting, as_of=as_of)
