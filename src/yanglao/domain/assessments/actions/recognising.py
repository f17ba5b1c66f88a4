"""Results made elsewhere: brought in, taken over with their source, or refused with a reason."""

from datetime import date

from django.db import transaction
from django.utils.translation import gettext as _

from yanglao.domain.assessments.checks import check_recognition
from yanglao.domain.assessments.models import Recognition, Result
from yanglao.domain.assessments.types import (
    RecognitionState,
    ResultState,
    SourceKind,
    WrongMove,
)
from yanglao.domain.people.public import get_person
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.whole_words import whole


@transaction.atomic
def bring_result(
    *,
    person_id: int,
    standard: str,
    said: str,
    agency: str,
    assessed_on: date,
    document: str,
    acting: Reader,
    as_of: date,
) -> Recognition:
    """Write down a result made elsewhere; it waits for a decision. The same twice is once.

    Args:
        person_id: Whose result.
        standard: By which standard it was made (``SourceKind``).
        said: Level or grade as it was given.
        agency: Who made it: organisation and region.
        assessed_on: Its day.
        document: Number of the report or card; sealed.
        acting: Who brings it.
        as_of: The day.

    Raises:
        Person.DoesNotExist: When the person is not in the acting officer's area.
        PermissionError: When the role may not.
        WrongMove: With everything that is wrong.
    """
    if not acting.can("ask_assessments"):
        raise PermissionError("没有登记外来评估结果的权限。")
    person = get_person(acting, person_id)
    findings = check_recognition(
        standard=standard, said=said, agency=agency, assessed_on=assessed_on, as_of=as_of
    )
    if findings:
        raise WrongMove("".join(one.says for one in findings))
    agency = whole(agency, 80, WrongMove)
    known = Recognition.objects.filter(
        person=person,
        standard=standard,
        said=said,
        agency=agency,
        assessed_on=assessed_on,
    ).exclude(state=RecognitionState.REFUSED)
    first = known.order_by("id").first()
    if first is not None:
        return first
    brought: Recognition = Recognition.objects.create(  # type: ignore[misc]  # sealed
        person=person,
        place_code=person.place_code,
        standard=standard,
        said=said,
        agency=agency,
        assessed_on=assessed_on,
        came_on=as_of,
        came_by=acting.name[:80],
        document=whole(document, 80, WrongMove),
    )
    _note(acting, "outside_result_brought", brought)
    return brought


@transaction.atomic
def accept_recognition(
    *, recognition_id: int, valid_to: date | None, reason: str, acting: Reader, as_of: date
) -> Result | None:
    """Take a result over. One by GB/T 42195 holds as a result here; others are evidence only.

    Args:
        recognition_id: What waits.
        valid_to: Last day on which it holds, from the rules of validity.
        reason: On what ground, and where it was checked.
        acting: Who decides.
        as_of: The day.

    Returns:
        The result that holds from now on; ``None`` for evidence.

    Raises:
        Recognition.DoesNotExist: When it lies outside the acting officer's area.
        PermissionError: When the role may not.
        WrongMove: When it was decided, has run out, or a newer result of our own holds.
    """
    found = _waiting(recognition_id, acting, reason)
    result = None
    if found.standard == SourceKind.GBT42195:
        if valid_to is not None and valid_to < as_of:
            raise WrongMove(_("这个结果已经过了有效期，不能采信，请安排评估。"))
        own = Result.objects.filter(person_id=found.person_id, assessed_on__gt=found.assessed_on)
        if own.filter(state__in=[ResultState.FINAL, ResultState.NOTICE]).exists():
            raise WrongMove(_("本地已有更新的评估结果，以本地结果为准。"))
        Result.objects.filter(person_id=found.person_id, state=ResultState.FINAL).update(
            state=ResultState.REPLACED
        )
        result = Result.objects.create(  # type: ignore[misc]  # told lies in the envelope
            person_id=found.person_id,
            place_code=found.place_code,
            recognition=found,
            state=ResultState.FINAL,
            level=int(found.said),
            standard=found.standard,
            version="",
            assessed_on=found.assessed_on,
            valid_to=valid_to,
            final_on=as_of,
            computed_at=clock.now(),
            computed_by=acting.name[:80],
            told={"reasons": [_("采信%s的评估结果。") % found.agency]},
        )
    _decide(found, RecognitionState.ACCEPTED, reason, acting, as_of)
    _note(acting, "outside_result_accepted", found)
    return result


@transaction.atomic
def refuse_recognition(
    *, recognition_id: int, reason: str, acting: Reader, as_of: date
) -> Recognition:
    """Refuse a result made elsewhere, with the reason that the person is told. Raises as above."""
    found = _waiting(recognition_id, acting, reason)
    _decide(found, RecognitionState.REFUSED, reason, acting, as_of)
    _note(acting, "outside_result_refused", found)
    return found


def _waiting(recognition_id: int, acting: Reader, reason: str) -> Recognition:
    if not acting.can("manage_assessments"):
        raise PermissionError("没有决定是否采信的权限。")
    rows = within_area(Recognition.objects.select_for_update(of=("self",)), acting)
    found: Recognition = rows.get(pk=recognition_id)
    if found.state != RecognitionState.WAITING:
        raise WrongMove(_("这个外来结果已经处理过。"))
    if not reason.strip():
        raise WrongMove(_("请写明理由和核对的依据。"))
    return found


def _decide(
    found: Recognition, to: RecognitionState, reason: str, acting: Reader, as_of: date
) -> None:
    found.state = to
    found.decided_on, found.decided_by = as_of, acting.name[:80]
    found.reason = whole(reason, 500, WrongMove)
    found.save(update_fields=["state", "decided_on", "decided_by", "sealed"])


def _note(acting: Reader, action: str, found: Recognition) -> None:
    audit.record(
        acting,
        action,
        subject="person",
        subject_id=found.person_id,
        place_code=found.place_code,
        detail={"standard": found.standard, "recognition": found.pk},
    )
