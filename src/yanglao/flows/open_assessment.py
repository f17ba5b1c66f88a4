"""Opening a sheet or a report: what a person can do is health data, so that it is on record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from yanglao.domain.assessments.public import (
    Assessment,
    Photo,
    SheetEdit,
    SheetView,
    Signature,
    get_assessment,
    get_photo,
    get_sheet,
    history_of,
    signature_pictures,
)
from yanglao.engines.scoring.ability import AbilityResult
from yanglao.flows.conclude_assessment import score_sheet
from yanglao.flows.read_assessment_form import AbilityForm
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader


@dataclass(frozen=True, slots=True)
class OpenedSheet:
    """A sheet opened by a reader.

    Attributes:
        view: Answers, conflicts, signatures, photos, assessors.
        form: Questions and options of its day.
        scored: Sums as they stand; levels once nothing is missing.
        day: Day of the assessment.
        history: Every edit, the newest first.
    """

    view: SheetView
    form: AbilityForm
    scored: AbilityResult
    day: date
    history: tuple[SheetEdit, ...]


def open_sheet(reader: Reader, sheet_id: str, *, purpose: str) -> OpenedSheet:
    """Open a sheet with its history, and put on record that it was looked at.

    Raises:
        Sheet.DoesNotExist: When the reader may not see it.
    """
    view = get_sheet(reader, sheet_id)
    form, scored, day = score_sheet(view)
    _record(reader, view, purpose, ["answers"])
    return OpenedSheet(view, form, scored, day, tuple(history_of(reader, sheet_id)))


def open_report(reader: Reader, pk: int, *, purpose: str) -> tuple[Assessment, OpenedSheet]:
    """Open an assessment with its sheet for a report, on record.

    Raises:
        Assessment.DoesNotExist, Sheet.DoesNotExist: When the reader may not see it.
    """
    assessment = get_assessment(reader, pk)
    sheet = getattr(assessment, "sheet", None)
    return assessment, open_sheet(reader, sheet.pk if sheet else "", purpose=purpose)


def open_photo(reader: Reader, photo_id: str, *, purpose: str) -> Photo:
    """Open a picture, on record.

    Raises:
        Photo.DoesNotExist: When the reader may not see it.
    """
    photo = get_photo(reader, photo_id)
    _record(reader, get_sheet(reader, photo.sheet_id), purpose, ["photo"])
    return photo


def signatures_for_report(reader: Reader, sheet_id: str) -> list[Signature]:
    """Return the valid signatures with their pictures; the report that shows them is on record."""
    return signature_pictures(reader, sheet_id)


def _record(reader: Reader, view: SheetView, purpose: str, fields: Iterable[str]) -> None:
    assessment = view.sheet.assessment
    audit.read(
        reader,
        "assessment_sheet_opened",
        subject="person",
        subject_id=assessment.person_id,
        place_code=view.sheet.place_code,
        purpose=purpose,
        fields=fields,
        detail={"assessment": assessment.pk},
    )
