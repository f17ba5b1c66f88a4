"""A case begins: asked for at the counter, or found without asking and consented to."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta

from django.db import transaction

from yanglao.domain.benefits.actions.moving import case_to_change, note_step, note_steps, on_record
from yanglao.domain.benefits.checks import require
from yanglao.domain.benefits.models import Case
from yanglao.domain.benefits.types import (
    CLOSED_STATES,
    Applicant,
    CaseAct,
    CaseState,
    CaseWay,
    Clocks,
    Judgement,
    WrongMove,
)
from yanglao.domain.people.public import Person, get_person
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.whole_words import whole

_ASK = "ask_benefits"


@transaction.atomic
def open_case(
    *,
    person_id: int,
    item_id: int,
    benefit: str,
    applicant: Applicant,
    judged: Judgement,
    clocks: Clocks,
    as_of: date,
    acting: Reader,
    words: str = "",
    lead_id: int | None = None,
) -> Case:
    """Take an application; one that is open already is returned as it is.

    What the register says is frozen into the case. Whoever applies gets a decision, also when the
    rules say no: such a case can only be refused.

    Raises:
        Person.DoesNotExist: When there is none in the area.
        PermissionError: When the role takes no applications.
    """
    require(acting, _ASK)
    person = get_person(acting, person_id)
    standing = (
        Case.objects.filter(person=person, item_id=item_id).exclude(state__in=CLOSED_STATES).first()
    )
    if standing is not None:
        return standing
    case = _new(person, item_id, benefit, judged, clocks, as_of, acting)
    case.way, case.applicant, case.lead_id = CaseWay.APPLIED, applicant, lead_id
    case.words = whole(words, 500, WrongMove)
    case.save(force_insert=True)
    note_step(case, CaseAct.APPLY, acting=acting, words=words, before="")
    on_record(acting, "benefit_opened", [case], way=CaseWay.APPLIED.value)
    return case


@transaction.atomic
def open_found_cases(
    *,
    judged: Mapping[int, Judgement],
    consents: Mapping[int, int],
    item_id: int,
    benefit: str,
    clocks: Clocks,
    as_of: date,
    acting: Reader,
) -> list[Case]:
    """Open cases for people who were found and consented (免申即享); return those opened.

    Left out: people outside the area, without a consent, whose answer is no certain yes, and who
    have an open case of the item already. Safe to repeat.

    Args:
        judged: Person to what the catalogue says. consents: Person to his consent.

    Raises:
        PermissionError: When the role takes no applications.
    """
    require(acting, _ASK)
    wanted = [pk for pk, one in judged.items() if one.status == "yes" and pk in consents]
    has_open = set(
        Case.objects.filter(person_id__in=wanted, item_id=item_id)
        .exclude(state__in=CLOSED_STATES)
        .order_by("id")
        .values_list("person_id", flat=True)
    )
    people = within_area(Person.objects.filter(pk__in=wanted, died_on=None), acting)
    cases = []
    for person in people.order_by("id"):
        if person.pk in has_open:
            continue
        case = _new(person, item_id, benefit, judged[person.pk], clocks, as_of, acting)
        case.way, case.applicant = CaseWay.FOUND, Applicant.SELF
        case.consent_id = consents[person.pk]
        case.close_envelope()
        cases.append(case)
    if not cases:
        return []
    Case.objects.bulk_create(cases, batch_size=500)
    note_steps(cases, CaseAct.FIND, CaseState.OPEN, acting=acting)
    on_record(acting, "benefit_cases_found", cases, item=item_id)
    return cases


@transaction.atomic
def refresh_case(*, case_id: int, judged: Judgement, as_of: date, acting: Reader) -> Case:
    """Take the facts as they stand now into a case that is not decided yet.

    Raises:
        Case.DoesNotExist: When there is none in the area.
        WrongMove: When the case was prepared or decided: what was decided upon stays as it was.
    """
    require(acting, _ASK)
    case = case_to_change(case_id, acting)
    if case.state not in {CaseState.OPEN, CaseState.RETURNED}:
        raise WrongMove("初审以后证据不再改动；要补充请先退回补正。")
    _freeze(case, judged, as_of)
    changed = ["judged_on", "version_id", "status", "tier", "fen", "judged"]
    case.save(update_fields=changed)
    note_step(case, CaseAct.REFRESH, acting=acting)
    on_record(acting, "benefit_cases_moved", [case], act=CaseAct.REFRESH.value)
    return case


def _new(
    person: Person,
    item_id: int,
    benefit: str,
    judged: Judgement,
    clocks: Clocks,
    as_of: date,
    acting: Reader,
) -> Case:
    case = Case(
        person=person,
        item_id=item_id,
        benefit=benefit,
        place_code=person.place_code,
        state=CaseState.OPEN,
        state_on=as_of,
        applied_on=as_of,
        due_on=as_of + timedelta(days=clocks.prepare_days),
        opened_by_id=acting.user_id,
        opened_by=acting.name[:80],
    )
    _freeze(case, judged, as_of)
    return case


def _freeze(case: Case, judged: Judgement, as_of: date) -> None:
    case.judged_on = as_of
    case.version_id = judged.version_id
    case.status, case.tier, case.fen = judged.status, judged.tier[:20], judged.fen
    case.judged = asdict(judged)
