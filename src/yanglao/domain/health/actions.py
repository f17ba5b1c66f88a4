"""Recording screenings, the steps that follow, and who got worse."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from yanglao.domain.health.models import CareMove, Screening, Worsening
from yanglao.domain.health.queries import get_screening, get_worsening
from yanglao.domain.health.types import (
    MOVES,
    WORSE_MOVES,
    CareStep,
    FoundWorse,
    NewScreening,
    WorseState,
    WrongMove,
)
from yanglao.domain.people.public import get_person
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader
from yanglao.foundation.staging import one_writer
from yanglao.kernel.whole_words import whole

_CHUNK = 1000
_WORDS = 300


@transaction.atomic
def record_screening(*, new: NewScreening, acting: Reader) -> Screening:
    """Record a screening; the same again on the same day replaces it, as long as nothing followed.

    Raises:
        Person.DoesNotExist: When there is none in the acting area.
        PermissionError: When the role does not screen.
        WrongMove: When steps were already taken after the screening of this day, the day lies
            ahead, or nothing was answered.
    """
    _may(acting)
    if new.screened_on > clock.today():
        raise WrongMove("筛查日期不能晚于今天。")
    if not new.answers:
        raise WrongMove("还没有回答任何一题。")
    person = get_person(acting, new.person_id)
    one_writer(f"screening {person.pk}")
    rows = Screening.objects.filter(person=person, scale=new.scale)
    same = rows.filter(screened_on=new.screened_on).first()
    if same is not None:
        if same.moves.exists():
            raise WrongMove("这一天的筛查已经有后续处理，不能再改；换一天重新筛。")
        same.delete()
    later = rows.filter(screened_on__gt=new.screened_on).exists()
    if not later:
        rows.filter(newest=True).update(newest=False)
    screening = Screening.objects.create(  # type: ignore[misc]  # secrets lie in the envelope
        person=person,
        place_code=person.place_code,
        scale=new.scale,
        screened_on=new.screened_on,
        failed=list(new.failed),
        unclear=list(new.unclear),
        failed_count=len(new.failed),
        step=CareStep.SCREENED if new.failed else CareStep.NONE,
        due_on=new.due_on,
        newest=not later,
        by_id=acting.user_id,
        by_name=acting.name[:80],
        at=clock.now(),
        answers=dict(new.answers),
        note=whole(new.note, _WORDS, WrongMove),
    )
    audit.record(
        acting,
        "screening_recorded",
        subject="person",
        subject_id=person.pk,
        place_code=person.place_code,
        detail={"scale": new.scale, "failed": len(new.failed), "unclear": len(new.unclear)},
    )
    return screening


@transaction.atomic
def move_care(
    *, screening_id: int, to_step: str, due_on: date, words: str, acting: Reader
) -> Screening:
    """Take the next step after a screening with a problem.

    Raises:
        Screening.DoesNotExist: When it lies outside the acting area.
        PermissionError: When the role does not screen.
        WrongMove: When the table does not allow the step, or words are missing.
    """
    _may(acting)
    screening = get_screening(acting, screening_id)
    if not screening.newest:
        raise WrongMove("后来又筛过一次，请在最近一次筛查里办理。")
    if to_step not in MOVES[CareStep(screening.step)]:
        raise WrongMove(_refusal(screening.step, to_step))
    if not words.strip():
        raise WrongMove("请写明做了什么：谁、什么时候、结果怎样。")
    CareMove.objects.create(  # type: ignore[misc]  # words lie in the envelope
        screening=screening,
        at=clock.now(),
        by_id=acting.user_id,
        by_name=acting.name[:80],
        from_step=screening.step,
        to_step=to_step,
        due_on=due_on,
        words=whole(words, _WORDS, WrongMove),
    )
    before = screening.step
    screening.step, screening.due_on = to_step, due_on
    screening.save(update_fields=["step", "due_on"])
    audit.record(
        acting,
        "care_moved",
        subject="screening",
        subject_id=screening.pk,
        place_code=screening.place_code,
        detail={"from": before, "to": to_step},
    )
    return screening


@transaction.atomic
def write_worse(
    found: Sequence[FoundWorse], *, found_on: date, since: date, region: str, acting: Reader
) -> int:
    """Write who got worse; what was told already is not told again, whatever came of it.

    Args:
        found: By person and measure.
        found_on, since: The two days that were compared.
        region: Whose pass it was.
        acting: On whose behalf.

    Returns:
        How many are new.
    """
    one_writer("worsenings")
    told: set[tuple[int, str, str, str]] = set()
    ids = sorted({one.person_id for one in found})
    for start in range(0, len(ids), _CHUNK):
        rows = Worsening.objects.filter(person_id__in=ids[start : start + _CHUNK]).order_by("id")
        told.update(rows.values_list("person_id", "measure", "was", "is_now"))
    fresh = [one for one in found if (one.person_id, one.measure, one.was, one.is_now) not in told]
    Worsening.objects.bulk_create(
        [
            Worsening(  # type: ignore[misc]  # words lie in the envelope
                person_id=one.person_id,
                place_code=one.place_code,
                measure=one.measure,
                was=one.was,
                is_now=one.is_now,
                weight=one.weight,
                found_on=found_on,
                since=since,
                words="",
            )
            for one in fresh
        ],
        batch_size=_CHUNK,
    )
    if fresh:
        audit.record(acting, "worsenings_found", place_code=region, detail={"count": len(fresh)})
    return len(fresh)


@transaction.atomic
def move_worsening(*, worsening_id: int, to_state: str, words: str, acting: Reader) -> Worsening:
    """Say what was done about somebody who got worse.

    Raises:
        Worsening.DoesNotExist: When it lies outside the acting area.
        PermissionError: When the role does not screen.
        WrongMove: When the table does not allow it, or words are missing.
    """
    _may(acting)
    row = get_worsening(acting, worsening_id)
    if to_state not in WORSE_MOVES[WorseState(row.state)]:
        raise WrongMove("现在不能这样登记，请刷新后再看。")
    if to_state in {WorseState.ACTED, WorseState.NO_NEED} and not words.strip():
        raise WrongMove("请写明怎么处理的，或者为什么不需要处理。")
    before = row.state
    row.state = to_state
    closed = to_state != WorseState.NEW
    row.closed_at = clock.now() if closed else None
    row.closed_by_id = acting.user_id if closed else None
    row.closed_by = acting.name[:80] if closed else ""
    row.words = whole(words, _WORDS, WrongMove)
    row.save()
    audit.record(
        acting,
        "worsening_moved",
        subject="worsening",
        subject_id=row.pk,
        place_code=row.place_code,
        detail={"from": before, "to": to_state},
    )
    return row


def _may(acting: Reader) -> None:
    if not acting.can("record_screenings"):
        raise PermissionError("没有登记筛查的权限。")


def _refusal(step: str, to_step: str) -> str:
    ways = "、".join(str(CareStep(one).label) for one in MOVES[CareStep(step)])
    label = CareStep(to_step).label if to_step in CareStep.values else to_step
    rest = f"现在可以到：{ways}。" if ways else "没有问题的筛查没有后续。"
    return f"“{CareStep(step).label}”不能直接到“{label}”。{rest}"
