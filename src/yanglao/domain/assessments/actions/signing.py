"""Signatures, photos, and handing a sheet in."""

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from yanglao.domain.assessments.actions.moving import move
from yanglao.domain.assessments.checks import check_whole
from yanglao.domain.assessments.models import Assessor, Photo, Sheet, Signature
from yanglao.domain.assessments.queries import (
    assigned_of,
    conflicts_of,
    content_of,
    fields_of,
    sheets_to_write,
    signatures_of,
)
from yanglao.domain.assessments.types import (
    SHEET_STATES,
    AssessmentState,
    Place,
    Signer,
    WrongMove,
)
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.whole_words import whole

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8\xff"
_LARGEST_SIGNATURE = 300_000
_LARGEST_PHOTO = 2_000_000
_MOST_PHOTOS = 6


@transaction.atomic
def sign_sheet(
    *,
    sheet_id: str,
    signature_png: bytes,
    at: datetime,
    place: Place | None,
    acting: Reader,
    informant: str = "",
) -> Signature:
    """Sign a sheet as it now stands; an edit afterwards makes the signature void.

    Args:
        sheet_id: The sheet.
        signature_png: Picture of the signature.
        at: Aware moment by the device's clock.
        place: Where, as the device says; ``None`` when it does not.
        acting: The assessor who signs, or on whose device an informant signs.
        informant: Name of the informant; empty when the assessor himself signs.

    Raises:
        Sheet.DoesNotExist: When the sheet is not the acting assessor's.
        WrongMove: When it is closed, has an open conflict, or the picture is no PNG.
    """
    sheet = _open_sheet(sheet_id, acting)
    if not signature_png.startswith(_PNG) or len(signature_png) > _LARGEST_SIGNATURE:
        raise WrongMove(_("签字图片应为 PNG，不超过 300 KB。"))
    if conflicts_of(sheet):
        raise WrongMove(_("有答案还没有选定，选定以后再签字。"))
    signer = Signer.INFORMANT if informant else Signer.ASSESSOR
    content = content_of(sheet)
    same = Signature.objects.filter(sheet=sheet, signer=signer, void=False, content=content)
    if not informant and acting.user_id is not None:
        same = same.filter(account_id=acting.user_id)
    known = same.order_by("id").first()
    if known is not None:
        return known
    assessor = Assessor.objects.filter(account_id=acting.user_id or 0).first()
    name = assessor.name if assessor else acting.name[:80]
    signature: Signature = Signature.objects.create(  # type: ignore[misc]  # secrets lie in the envelope
        sheet=sheet,
        signer=signer,
        account_id=None if informant else acting.user_id,
        name="" if informant else name,
        at=at,
        received_at=clock.now(),
        content=content,
        picture=b64encode(signature_png).decode(),
        place=asdict(place) if place else None,
        informant=whole(informant, 40, WrongMove),
    )
    if place is not None and sheet.place is None:
        sheet.place = asdict(place)
        sheet.save(update_fields=["sealed"])
    _note(acting, "sheet_signed", sheet, {"signer": str(signer)})
    return signature


@transaction.atomic
def attach_photo(
    *,
    sheet_id: str,
    photo_id: str,
    picture: bytes,
    at: datetime,
    place: Place | None,
    acting: Reader,
) -> Photo:
    """Keep a picture taken at the visit; the same id again changes nothing.

    Raises:
        Sheet.DoesNotExist: When the sheet is not the acting assessor's.
        WrongMove: When it is closed, or the picture is no JPEG or PNG of at most 2 MB.
    """
    sheet = _open_sheet(sheet_id, acting)
    known = Photo.objects.filter(photo_id=photo_id).first()
    if known is not None:
        if known.sheet_id != sheet.pk:
            raise WrongMove(_("这张照片的编号已经用在别处。"))
        return known
    kind = {_PNG: "image/png", _JPEG: "image/jpeg"}
    media = next((name for head, name in kind.items() if picture.startswith(head)), "")
    if not media or len(picture) > _LARGEST_PHOTO:
        raise WrongMove(_("照片应为 JPEG 或 PNG，不超过 2 MB。"))
    if Photo.objects.filter(sheet=sheet).count() >= _MOST_PHOTOS:
        raise WrongMove(_("一份评估表最多 %d 张照片。") % _MOST_PHOTOS)
    photo: Photo = Photo.objects.create(  # type: ignore[misc]  # secrets lie in the envelope
        sheet=sheet,
        photo_id=photo_id[:36],
        at=at,
        received_at=clock.now(),
        by_id=acting.user_id,
        by_name=acting.name[:80],
        media_type=media,
        picture=b64encode(picture).decode(),
        place=asdict(place) if place else None,
    )
    _note(acting, "sheet_photo_kept", sheet, {})
    return photo


@transaction.atomic
def finish_sheet(*, sheet_id: str, acting: Reader) -> Sheet:
    """Hand a sheet in: nothing missing, nothing in conflict, signed by both. Twice is once.

    Raises:
        Sheet.DoesNotExist: When the sheet is not the acting assessor's.
        WrongMove: With everything that is missing.
    """
    sheet = sheets_to_write(acting).select_for_update(of=("self",)).get(pk=sheet_id)
    if sheet.finished_at is not None:
        return sheet
    if sheet.assessment.state not in SHEET_STATES:
        raise WrongMove(_("这份评估表现在不能交。"))
    assigned = assigned_of(sheet)
    signed = {
        one.account_id
        for one in signatures_of(sheet)
        if one.valid and one.signer == Signer.ASSESSOR
    }
    findings = check_whole(
        required=sheet.required,
        answers={name: view.value for name, view in fields_of(sheet).items()},
        conflicts=[one.field for one in conflicts_of(sheet)],
        signed={one.pk for one in assigned if one.account_id in signed},
        assigned={one.pk: one.name for one in assigned},
    )
    if findings:
        raise WrongMove("".join(f"{one.says.rstrip('。')}。" for one in findings))
    sheet.finished_at = clock.now()
    sheet.finished_by = acting.name[:80]
    sheet.save(update_fields=["finished_at", "finished_by"])
    move(sheet.assessment, AssessmentState.FINISHED, acting=acting)
    _note(acting, "sheet_finished", sheet, {})
    return sheet


def _open_sheet(sheet_id: str, acting: Reader) -> Sheet:
    sheet = sheets_to_write(acting).select_for_update(of=("self",)).get(pk=sheet_id)
    if sheet.assessment.state not in SHEET_STATES:
        raise WrongMove(_("这份评估表已经交上去了，不能再改。"))
    return sheet


def _note(acting: Reader, action: str, sheet: Sheet, detail: Mapping[str, Any]) -> None:
    audit.record(
        acting,
        action,
        subject="assessment",
        subject_id=sheet.assessment_id,
        place_code=sheet.place_code,
        detail=dict(detail),
    )
