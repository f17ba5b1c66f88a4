"""Reading sheets: answers as they stand, their history, conflicts, signatures, photos."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, QuerySet

from yanglao.domain.assessments.models import (
    Assessor,
    Photo,
    Sheet,
    SheetEdit,
    SheetField,
    Signature,
    Standing,
)
from yanglao.domain.assessments.types import (
    SHEET_STATES,
    AssessmentState,
    Candidate,
    ConflictView,
    EditFate,
    FieldView,
    SignatureView,
    Signer,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.foundation.secrets import sm3_hex


@dataclass(frozen=True, slots=True)
class SheetView:
    """A sheet with everything on it; ``sheet.assessment.person`` is loaded.

    Attributes:
        sheet: The row.
        fields: Answers by name. conflicts: Open ones. signatures: Also void ones, marked.
        photos: Without their pictures; ask :func:`get_photo`.
        assessors: Who was sent.
    """

    sheet: Sheet
    fields: dict[str, FieldView]
    conflicts: tuple[ConflictView, ...]
    signatures: tuple[SignatureView, ...]
    photos: tuple[Photo, ...]
    assessors: tuple[Assessor, ...]


def sheets_to_write(acting: Reader) -> QuerySet[Sheet]:
    """Return the sheets that an assessor was sent for, in his area; the program's are all."""
    rows = within_area(Sheet.objects.select_related("assessment"), acting)
    if acting.role == "system":
        return rows
    if acting.user_id is None or not acting.can("assess"):
        return rows.none()
    return rows.filter(
        assessment__assignments__assessor__account_id=acting.user_id,
        assessment__assignments__assessor__active=True,
    )


def sheets_in_sight(reader: Reader) -> QuerySet[Sheet]:
    """Return the sheets a reader may see: an officer's area, an assessor's own."""
    if reader.can("see_assessments"):
        return within_area(Sheet.objects.select_related("assessment"), reader)
    return sheets_to_write(reader)


def sheets_of_assessor(reader: Reader, as_of: date, *, days_ahead: int = 7) -> list[SheetView]:
    """Return the sheets that an assessor works on: planned up to some days ahead, not handed in.

    A fixed number of queries.

    Args:
        reader: The assessor.
        as_of: The day.
        days_ahead: How far plans are shown.
    """
    until = date.fromordinal(as_of.toordinal() + days_ahead)
    rows = (
        sheets_to_write(reader)
        .filter(assessment__state__in=SHEET_STATES, assessment__planned_on__lte=until)
        .select_related("assessment__person")
        .order_by("assessment__planned_on", "place_code", "id")
    )
    return _views(rows)


def get_sheet(reader: Reader, sheet_id: str) -> SheetView:
    """Return one sheet.

    Raises:
        Sheet.DoesNotExist: Also when it lies outside the reader's area, or is another assessor's.
    """
    rows = sheets_in_sight(reader).select_related("assessment__person").filter(pk=sheet_id)
    found = _views(rows)
    if not found:
        raise Sheet.DoesNotExist
    return found[0]


def _views(rows: QuerySet[Sheet]) -> list[SheetView]:
    wanted = list(
        rows.prefetch_related(
            Prefetch("fields", SheetField.objects.select_related("shown").order_by("id")),
            Prefetch("signatures", Signature.objects.order_by("id")),
            Prefetch("photos", Photo.objects.defer("sealed").order_by("id")),
            "assessment__assignments__assessor__body",
        )
    )
    standing = _standing(wanted)
    return [
        SheetView(
            sheet=sheet,
            fields={head.field: _field(head) for head in sheet.fields.all()},
            conflicts=tuple(standing.get(sheet.pk, ())),
            signatures=tuple(_signature(one) for one in sheet.signatures.all()),
            photos=tuple(sheet.photos.all()),
            assessors=tuple(one.assessor for one in sheet.assessment.assignments.all()),
        )
        for sheet in wanted
    ]


def fields_of(sheet: Sheet) -> dict[str, FieldView]:
    """Return the answers of a sheet as they stand, in the order they were first given."""
    heads = SheetField.objects.filter(sheet=sheet).select_related("shown").order_by("id")
    return {head.field: _field(head) for head in heads}


def _field(head: SheetField) -> FieldView:
    edit = head.shown
    return FieldView(edit.value, head.revision, edit.by_name, _iso(edit))


def _iso(edit: SheetEdit) -> str:
    return edit.at.astimezone(clock.BEIJING).isoformat()


def conflicts_of(sheet: Sheet) -> list[ConflictView]:
    """Return the open conflicts of a sheet with what stands side by side."""
    return _standing([sheet]).get(sheet.pk, [])


def _standing(sheets: Iterable[Sheet]) -> dict[str, list[ConflictView]]:
    rows = (
        Standing.objects.filter(head__sheet__in=list(sheets), head__in_conflict=True)
        .select_related("head", "edit")
        .order_by("head_id", "edit_id")
    )
    grouped: dict[tuple[str, str], list[SheetEdit]] = {}
    for row in rows:
        grouped.setdefault((row.head.sheet_id, row.head.field), []).append(row.edit)
    found: dict[str, list[ConflictView]] = {}
    for (sheet_id, field), edits in grouped.items():
        choices = tuple(
            {
                "edit_id": edit.edit_id,
                "value": edit.value,
                "by": edit.by_name,
                "at": _iso(edit),
                "device": edit.device,
            }
            for edit in edits
        )
        found.setdefault(sheet_id, []).append(ConflictView(field, choices))
    return found


def candidates_of(sheet: Sheet, names: Iterable[str]) -> dict[str, list[Candidate]]:
    """Return the stored edits of some fields, by their revision; for merging."""
    rows = SheetEdit.objects.filter(sheet=sheet, field__in=list(names)).order_by("revision")
    found: dict[str, list[Candidate]] = {}
    for edit in rows:
        found.setdefault(edit.field, []).append(
            Candidate(
                edit_id=edit.edit_id,
                device=edit.device,
                base=edit.base,
                value=edit.value,
                at=_iso(edit),
                revision=edit.revision,
                settles=edit.fate == EditFate.SETTLES,
            )
        )
    return found


def history_of(reader: Reader, sheet_id: str, field: str | None = None) -> list[SheetEdit]:
    """Return every edit of a sheet (or of one answer), the newest first.

    Raises:
        Sheet.DoesNotExist: Also when it lies outside what the reader may see.
    """
    sheet = sheets_in_sight(reader).get(pk=sheet_id)
    rows = SheetEdit.objects.filter(sheet=sheet)
    if field is not None:
        rows = rows.filter(field=field)
    return list(rows.order_by("-id"))


def signatures_of(sheet: Sheet) -> list[SignatureView]:
    """Return the signatures under a sheet, the oldest first; void ones are marked."""
    return [_signature(one) for one in Signature.objects.filter(sheet=sheet).order_by("id")]


def _signature(one: Signature) -> SignatureView:
    name = one.informant if one.signer == Signer.INFORMANT else one.name
    return SignatureView(one.signer, name, one.account_id, one.at, not one.void)


def signature_pictures(reader: Reader, sheet_id: str) -> list[Signature]:
    """Return the valid signatures of a sheet with their pictures, for its report.

    Raises:
        Sheet.DoesNotExist: Also when it lies outside what the reader may see.
    """
    sheet = sheets_in_sight(reader).get(pk=sheet_id)
    return list(Signature.objects.filter(sheet=sheet, void=False).order_by("id"))


def get_photo(reader: Reader, photo_id: str) -> Photo:
    """Return one picture.

    Raises:
        Photo.DoesNotExist: Also when its sheet lies outside what the reader may see.
    """
    sheets = sheets_in_sight(reader).order_by().values("pk")
    return Photo.objects.get(photo_id=photo_id, sheet_id__in=sheets)


def assigned_of(sheet: Sheet) -> list[Assessor]:
    """Return the assessors that were sent, with their bodies."""
    rows = Assessor.objects.filter(
        pk__in=sheet.assessment.assignments.order_by().values("assessor_id")
    )
    return list(rows.select_related("body", "employer").order_by("id"))


def content_of(sheet: Sheet) -> str:
    """Return the SM3 of the answers as they stand: what a signature is put under."""
    told = {name: view.value for name, view in sorted(fields_of(sheet).items())}
    text = json.dumps([sheet.pk, told], ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sm3_hex(text.encode())


def answered_sheets(reader: Reader, since: date) -> QuerySet[Sheet]:
    """Return handed-in sheets of the area since a day, for the statistics of quality."""
    rows = within_area(Sheet.objects.all(), reader)
    return rows.filter(
        finished_at__gte=clock.start_of(since),
        assessment__state__in=[
            AssessmentState.FINISHED,
            AssessmentState.NOTICE,
            AssessmentState.FINAL,
        ],
    ).order_by("finished_at", "id")


@dataclass(frozen=True, slots=True)
class CountedSheet:
    """What of a handed-in sheet statistics look at."""

    sheet_id: str
    assessment_id: int
    pair: frozenset[int]
    points: dict[str, int]
    place_code: str
    kind: str
    begun_at: datetime | None
    ended_at: datetime | None


def counted_sheets(reader: Reader, since: date, names: Iterable[str]) -> list[CountedSheet]:
    """Return handed-in sheets of the area with the points of some answers; three queries.

    Args:
        reader: Whose area.
        since: First day on which they were handed in.
        names: Fields whose points are wanted.
    """
    rows = answered_sheets(reader, since).select_related("assessment")
    sheets = list(rows.prefetch_related("assessment__assignments"))
    heads = SheetField.objects.filter(
        sheet__in=[sheet.pk for sheet in sheets], field__in=list(names)
    ).select_related("shown")
    points: dict[str, dict[str, int]] = {}
    for head in heads.order_by("id"):
        value = head.shown.value
        if isinstance(value, int):
            points.setdefault(head.sheet_id, {})[head.field] = value
    return [
        CountedSheet(
            sheet_id=sheet.pk,
            assessment_id=sheet.assessment_id,
            pair=frozenset(one.assessor_id for one in sheet.assessment.assignments.all()),
            points=points.get(sheet.pk, {}),
            place_code=sheet.place_code,
            kind=sheet.assessment.kind,
            begun_at=sheet.begun_at,
            ended_at=sheet.ended_at,
        )
        for sheet in sheets
    ]
