"""Applications: asked for, accepted, refused, taken back, stopped."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from yanglao.domain.assessments.actions.moving import move, move_many
from yanglao.domain.assessments.models import Assessment, AssessmentStep, Result
from yanglao.domain.assessments.types import (
    Asked,
    AskedBy,
    AssessmentKind,
    AssessmentState,
    DayClocks,
    NewRequest,
    WrongMove,
)
from yanglao.domain.people.public import people_of
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.whole_words import whole

#: What the record calls each way to close.
_CLOSED = {
    AssessmentState.REFUSED: "assessment_refused",
    AssessmentState.WITHDRAWN: "assessment_withdrawn",
    AssessmentState.STOPPED: "assessment_stopped",
}


@transaction.atomic
def ask_assessments(
    *, requests: Sequence[NewRequest], acting: Reader, as_of: date, clocks: DayClocks
) -> Asked:
    """Write applications down, in a fixed number of queries; asking twice opens one.

    Args:
        requests: Who is to be assessed, and who asks.
        acting: Who writes them down.
        as_of: The day of the applications.
        clocks: How long the decision may take.

    Raises:
        PermissionError: When the role may not ask.
        WrongMove: For a kind or asker that does not exist.
    """
    if not acting.can("ask_assessments"):
        raise PermissionError("没有申请评估的权限。")
    for one in requests:
        if one.asked_by not in AskedBy.values or one.kind not in {"", *AssessmentKind.values}:
            raise WrongMove(_("申请的种类不对。"))
    wanted = {one.person_id: one for one in reversed(requests)}
    people = people_of(acting).filter(pk__in=list(wanted), died_on=None).order_by("id")
    places = dict(people.values_list("pk", "place_code"))
    under_way = Assessment.objects.filter(person_id__in=list(places), closed_on=None)
    busy = set(under_way.order_by("id").values_list("person_id", flat=True))
    assessed = Result.objects.filter(person_id__in=list(places)).order_by("id")
    again = set(assessed.values_list("person_id", flat=True))
    created = Assessment.objects.bulk_create(
        [
            _new(wanted[pk], place, as_of, clocks, assessed=pk in again)
            for pk, place in places.items()
            if pk not in busy
        ],
        batch_size=500,
    )
    _first_steps(created, acting)
    if created:
        audit.record(
            acting,
            "assessments_asked",
            subject="assessment",
            subject_id=created[0].pk if len(created) == 1 else "",
            place_code=created[0].place_code if len(created) == 1 else acting.area,
            detail={"count": len(created)},
        )
    return Asked(
        created=tuple(one.pk for one in created),
        open_already=tuple(sorted(busy)),
        refused=tuple(sorted(set(wanted) - set(places))),
    )


def _new(
    one: NewRequest, place: str, as_of: date, clocks: DayClocks, *, assessed: bool
) -> Assessment:
    usual = AssessmentKind.REGULAR if assessed else AssessmentKind.FIRST
    return Assessment(  # type: ignore[misc]  # words lie in the envelope
        person_id=one.person_id,
        place_code=place,
        kind=one.kind or usual,
        asked_by=one.asked_by,
        asked_on=as_of,
        lead_id=one.lead_id,
        due_on=as_of + timedelta(days=clocks.decide),
        asker_name=whole(one.asker_name, 40, WrongMove),
        asker_phone=whole(one.asker_phone, 20, WrongMove),
        wish=whole(one.wish, 500, WrongMove),
    )


def _first_steps(created: Sequence[Assessment], acting: Reader) -> None:
    at = clock.now()
    AssessmentStep.objects.bulk_create(
        [
            AssessmentStep(
                assessment=one,
                at=at,
                by_id=acting.user_id,
                by_name=acting.name[:80],
                to_state=one.state,
            )
            for one in created
        ],
        batch_size=1000,
    )


@transaction.atomic
def accept_assessments(
    *, ids: Iterable[int], acting: Reader, as_of: date, clocks: DayClocks
) -> int:
    """Accept applications of the area that wait; return how many.

    Raises:
        PermissionError: When the role may not decide.
    """
    found = _managed(ids, acting, AssessmentState.ASKED)
    due = as_of + timedelta(days=clocks.finish)
    reviews = [one for one in found if one.kind == AssessmentKind.REVIEW]
    others = [one for one in found if one.kind != AssessmentKind.REVIEW]
    move_many(others, AssessmentState.ACCEPTED, acting=acting, due_on=due)
    due = as_of + timedelta(days=clocks.review)
    move_many(reviews, AssessmentState.ACCEPTED, acting=acting, due_on=due)
    if found:
        _note(acting, "assessments_accepted", found)
    return len(found)


@transaction.atomic
def refuse_assessment(*, assessment_id: int, acting: Reader, reason: str) -> Assessment:
    """Refuse an application, with the reason that the person is told.

    Raises:
        Assessment.DoesNotExist: When it lies outside the acting officer's area.
        PermissionError: When the role may not decide.
        WrongMove: Without a reason, or when it waits no longer.
    """
    return _close(
        assessment_id, AssessmentState.REFUSED, acting, reason, permission="manage_assessments"
    )


@transaction.atomic
def withdraw_assessment(*, assessment_id: int, acting: Reader, reason: str) -> Assessment:
    """Take an application back for the person who made it. Raises as :func:`refuse_assessment`."""
    return _close(
        assessment_id, AssessmentState.WITHDRAWN, acting, reason, permission="ask_assessments"
    )


@transaction.atomic
def stop_assessment(*, assessment_id: int, acting: Reader, reason: str) -> Assessment:
    """Stop an assessment that cannot be done: dead, moved, long in hospital. Raises as above."""
    return _close(
        assessment_id, AssessmentState.STOPPED, acting, reason, permission="manage_assessments"
    )


def _close(
    assessment_id: int, to: AssessmentState, acting: Reader, reason: str, *, permission: str
) -> Assessment:
    if not acting.can(permission):
        raise PermissionError("没有办理评估申请的权限。")
    rows = within_area(Assessment.objects.select_for_update(of=("self",)), acting)
    found: Assessment = rows.get(pk=assessment_id)
    if found.state == to:
        return found
    if not reason.strip():
        raise WrongMove(_("请写明原因，会告诉本人。"))
    if found.state == AssessmentState.NOTICE:
        raise WrongMove(_("结果已经公示，不能中止；对结果有异议的，请登记异议。"))
    found.closing_words = whole(reason, 500, WrongMove)
    found.save(update_fields=["sealed"])
    move(found, to, acting=acting, words=reason)
    _note(acting, _CLOSED[to], [found])
    return found


def _managed(ids: Iterable[int], acting: Reader, state: str) -> list[Assessment]:
    if not acting.can("manage_assessments"):
        raise PermissionError("没有受理评估申请的权限。")
    rows = within_area(Assessment.objects.select_for_update(of=("self",)), acting)
    return list(rows.filter(pk__in=list(ids), state=state).order_by("id"))


def _note(acting: Reader, action: str, found: Sequence[Assessment]) -> None:
    audit.record(
        acting,
        action,
        subject="assessment",
        subject_id=found[0].pk if len(found) == 1 else "",
        place_code=found[0].place_code if len(found) == 1 else acting.area,
        detail={"count": len(found)},
    )
