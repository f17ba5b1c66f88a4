"""Writing on a sheet: edits that are only added, conflicts that a person settles."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from yanglao.domain.assessments.actions.moving import move
from yanglao.domain.assessments.checks import check_edit
from yanglao.domain.assessments.models import (
    Sheet,
    SheetEdit,
    SheetField,
    Signature,
    Standing,
)
from yanglao.domain.assessments.queries import (
    candidates_of,
    conflicts_of,
    fields_of,
    sheets_to_write,
)
from yanglao.domain.assessments.types import (
    SHEET_STATES,
    AssessmentState,
    Candidate,
    Edit,
    EditFate,
    EditOutcome,
    FieldMerge,
    Refused,
    WrongMove,
    changes_of,
    merge_field,
)
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader

Refuses = Callable[[str, Any], str]


@transaction.atomic
def record_edits(
    *, sheet_id: str, edits: Sequence[Edit], acting: Reader, refuses: Refuses | None = None
) -> EditOutcome:
    """Take edits of a sheet in, in the order given; sending the same again changes nothing.

    Args:
        sheet_id: The sheet.
        edits: As the device made them; each device sends its own in the order it made them.
        acting: An assessor who was sent to the person.
        refuses: Says why an answer is impossible by the scale (empty: possible), if given.

    Raises:
        Sheet.DoesNotExist: When the sheet is not the acting assessor's.
    """
    sheet = sheets_to_write(acting).select_for_update(of=("self",)).get(pk=sheet_id)
    refused, wanted = _sorted_out(sheet, edits, refuses)
    known = _already_stored(sheet, [edit.edit_id for edit in wanted])
    refused += [
        Refused(edit.edit_id, _("这个修改编号已经用在别处。"))
        for edit in wanted
        if known.get(edit.edit_id) is False
    ]
    fresh = list({edit.edit_id: edit for edit in wanted if edit.edit_id not in known}.values())
    if fresh and sheet.assessment.state not in SHEET_STATES:
        why = _("这份评估表已经交上去了，不能再改。")
        refused += [Refused(edit.edit_id, why) for edit in fresh]
        fresh = []
    stored, late = _store(sheet, fresh, acting)
    refused += late
    accepted = [edit.edit_id for edit in wanted if known.get(edit.edit_id)] + stored
    return EditOutcome(
        accepted=tuple(dict.fromkeys(accepted)),
        conflicts=tuple(conflicts_of(sheet)),
        refused=tuple(refused),
        fields=fields_of(sheet),
    )


@transaction.atomic
def settle_conflict(*, sheet_id: str, field: str, keep_edit_id: str, acting: Reader) -> EditOutcome:
    """Let one of several answers stand; the others stay in the history.

    Raises:
        Sheet.DoesNotExist: When the sheet is not the acting assessor's.
        WrongMove: When the edit is none of those that stand side by side, or the sheet is closed.
    """
    sheet = sheets_to_write(acting).select_for_update(of=("self",)).get(pk=sheet_id)
    if sheet.assessment.state not in SHEET_STATES:
        raise WrongMove(_("这份评估表已经交上去了，不能再改。"))
    head = SheetField.objects.filter(sheet=sheet, field=field).first()
    if head is None or not head.in_conflict:
        settled = SheetEdit.objects.filter(
            sheet=sheet, field=field, edit_id=_settling_id(sheet, field, keep_edit_id)
        )
        if not settled.exists():
            raise WrongMove(_("这一题没有需要选定的答案。"))
        return _outcome(sheet)
    kept = SheetEdit.objects.filter(_stands_in(head), edit_id=keep_edit_id).first()
    if kept is None:
        raise WrongMove(_("选定的答案不在并列的答案里，请刷新后再选。"))
    edit = Edit(
        edit_id=_settling_id(sheet, field, keep_edit_id),
        field=field,
        value=kept.value,
        at=clock.now(),
        base=head.revision,
        device="settled",
    )
    _store(sheet, [edit], acting, settles=True)
    audit.record(
        acting,
        "sheet_conflict_settled",
        subject="assessment",
        subject_id=sheet.assessment_id,
        place_code=sheet.place_code,
        detail={"field": field},
    )
    return _outcome(sheet)


def _stands_in(head: SheetField) -> Q:
    """Return the condition for the edits that stand side by side in a field."""
    numbers = Standing.objects.filter(head=head).values_list("edit_id", flat=True)
    return Q(pk__in=list(numbers))


def _outcome(sheet: Sheet) -> EditOutcome:
    return EditOutcome((), tuple(conflicts_of(sheet)), (), fields_of(sheet))


def _settling_id(sheet: Sheet, field: str, keep_edit_id: str) -> str:
    """Return the id of a settlement: the same choice twice is one edit."""
    return str(uuid5(NAMESPACE_URL, f"settle/{sheet.pk}/{field}/{keep_edit_id}"))


def _sorted_out(
    sheet: Sheet, edits: Iterable[Edit], refuses: Refuses | None
) -> tuple[list[Refused], list[Edit]]:
    """Return refusals for what is no answer, and the rest."""
    refused, good = [], []
    for edit in edits:
        why = check_edit(edit.field, edit.value)
        if not why and refuses is not None:
            why = refuses(edit.field, edit.value)
        if not why and not (edit.edit_id and len(edit.edit_id) <= 36 and edit.device):
            why = _("修改没有编号或设备名。")
        if not why and (edit.base < 0 or edit.at.tzinfo is None):
            why = _("修改的次序或时间不对。")
        if why:
            refused.append(Refused(edit.edit_id, why))
        else:
            good.append(edit)
    return refused, good


def _already_stored(sheet: Sheet, ids: list[str]) -> dict[str, bool]:
    """Return, of the ids that are stored, whether they are of this sheet."""
    rows = SheetEdit.objects.filter(edit_id__in=ids).order_by("id")
    return {found: of == sheet.pk for found, of in rows.values_list("edit_id", "sheet_id")}


def _store(
    sheet: Sheet, edits: Sequence[Edit], acting: Reader, *, settles: bool = False
) -> tuple[list[str], list[Refused]]:
    """Add edits, field by field, and bring the heads up to date; a fixed number of queries."""
    if not edits:
        return [], []
    names = list(dict.fromkeys(edit.field for edit in edits))
    chains = candidates_of(sheet, names)
    rows: list[SheetEdit] = []
    refused: list[Refused] = []
    changed = False
    for edit in edits:
        chain = chains.setdefault(edit.field, [])
        if edit.base > len(chain):
            refused.append(Refused(edit.edit_id, _("设备见过的次序比服务器的还新，请刷新。")))
            continue
        before = merge_field(chain) if chain else None
        one = Candidate(
            edit_id=edit.edit_id,
            device=edit.device[:40],
            base=edit.base,
            value=edit.value,
            at=edit.at.astimezone(clock.BEIJING).isoformat(),
            revision=len(chain) + 1,
            settles=settles,
        )
        chain.append(one)
        after = merge_field(chain)
        changed |= changes_of(before, one, after)
        rows.append(_row(sheet, edit, one, _fate(before, after, one), acting))
    SheetEdit.objects.bulk_create(rows)
    _bring_heads_up(sheet, {name: merge_field(chains[name]) for name in names if chains[name]})
    if rows:
        _note_times(sheet, [row.at for row in rows if row.fate != EditFate.SETTLES])
        _begin(sheet, acting)
    if changed:
        Signature.objects.filter(sheet=sheet, void=False).update(void=True)
    return [row.edit_id for row in rows], refused


def _row(sheet: Sheet, edit: Edit, one: Candidate, fate: EditFate, acting: Reader) -> SheetEdit:
    return SheetEdit(  # type: ignore[misc]  # the value lies in the envelope
        sheet=sheet,
        edit_id=edit.edit_id,
        field=edit.field,
        revision=one.revision,
        base=edit.base,
        device=one.device,
        at=edit.at,
        received_at=clock.now(),
        by_id=acting.user_id,
        by_name=acting.name[:80],
        fate=fate,
        value=edit.value,
    )


def _fate(before: FieldMerge | None, after: FieldMerge, one: Candidate) -> EditFate:
    if one.settles:
        return EditFate.SETTLES
    if after.in_conflict:
        return EditFate.CONFLICT
    if before is not None and before.shown.value == one.value and not before.in_conflict:
        return EditFate.SAME
    return EditFate.APPLIED


def _bring_heads_up(sheet: Sheet, merged: dict[str, FieldMerge]) -> None:
    """Write how the touched fields stand now."""
    ids = [one.edit_id for state in merged.values() for one in state.standing]
    keys = dict(
        SheetEdit.objects.filter(edit_id__in=ids).order_by("id").values_list("edit_id", "pk")
    )
    SheetField.objects.bulk_create(
        [
            SheetField(
                sheet=sheet,
                field=name,
                revision=state.revision,
                shown_id=keys[state.shown.edit_id],
                in_conflict=state.in_conflict,
            )
            for name, state in merged.items()
        ],
        update_conflicts=True,
        unique_fields=["sheet", "field"],
        update_fields=["revision", "shown", "in_conflict"],
    )
    heads = dict(
        SheetField.objects.filter(sheet=sheet, field__in=list(merged))
        .order_by("id")
        .values_list("field", "pk")
    )
    Standing.objects.filter(head_id__in=list(heads.values())).delete()
    Standing.objects.bulk_create(
        [
            Standing(head_id=heads[name], edit_id=keys[one.edit_id])
            for name, state in merged.items()
            if state.in_conflict
            for one in state.standing
        ]
    )


def _note_times(sheet: Sheet, moments: list[Any]) -> None:
    """Keep when the first and the last answer were given, by the devices' clocks."""
    if not moments:
        return
    first, last = min(moments), max(moments)
    sheet.begun_at = min(first, sheet.begun_at) if sheet.begun_at else first
    sheet.ended_at = max(last, sheet.ended_at) if sheet.ended_at else last
    sheet.save(update_fields=["begun_at", "ended_at"])


def _begin(sheet: Sheet, acting: Reader) -> None:
    """The first answer begins the assessment."""
    if sheet.assessment.state == AssessmentState.PLANNED:
        move(sheet.assessment, AssessmentState.ASSESSING, acting=acting)
        audit.record(
            acting,
            "assessment_begun",
            subject="assessment",
            subject_id=sheet.assessment_id,
            place_code=sheet.place_code,
        )
