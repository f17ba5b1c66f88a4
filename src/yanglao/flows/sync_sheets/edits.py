"""Edits from a phone: sheet by sheet, in the order made; each is taken, or refused and why."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yanglao.domain.assessments.public import Edit, Sheet, get_sheet, record_edits
from yanglao.flows.read_assessment_form import NoForm, ability_form
from yanglao.flows.sync_sheets.reading import CannotRead, read_edit, read_mapping
from yanglao.flows.sync_sheets.told import standing_told
from yanglao.foundation.scoping import Reader

#: More than this in one request is no phone of ours.
MOST_EDITS = 500


def take_edits(given: object, *, acting: Reader, as_of: date) -> dict[str, Any]:
    """Take a batch of edits in; sending it again changes nothing.

    Args:
        given: ``{device, edits: [{sheet_id, edit_id, field, value, at, base, device}]}``.
        acting: The assessor.
        as_of: The day, for sheets without a planned one.

    Returns:
        ``accepted`` (ids that are stored, also those in conflict), ``conflicts`` (fields by
        sheet), ``refused`` (``edit_id``, ``why``) and ``sheets`` as they stand now.

    Raises:
        CannotRead: When the batch as a whole has not the agreed shape.
    """
    batch = read_mapping(given).get("edits")
    if not isinstance(batch, list) or len(batch) > MOST_EDITS:
        raise CannotRead(_("一次最多送 %(most)d 处修改。") % {"most": MOST_EDITS})
    by_sheet, refused = _sorted_out(batch)
    accepted: list[str] = []
    conflicts: list[dict[str, str]] = []
    sheets: dict[str, Any] = {}
    for sheet_id, edits in by_sheet.items():
        try:
            view = get_sheet(acting, sheet_id)
            refuses = refusing(view.sheet, as_of)
            outcome = record_edits(sheet_id=sheet_id, edits=edits, acting=acting, refuses=refuses)
        except Sheet.DoesNotExist:
            refused += _all_refused(edits, _("这份评估表不在您名下，可能已经改派给别人。"))
            continue
        except NoForm as error:
            refused += _all_refused(edits, str(error))
            continue
        accepted += outcome.accepted
        refused += [{"edit_id": one.edit_id, "why": one.why} for one in outcome.refused]
        conflicts += [{"sheet_id": sheet_id, "field": one.field} for one in outcome.conflicts]
        sheets[sheet_id] = standing_told(get_sheet(acting, sheet_id), acting)
    return {"accepted": accepted, "conflicts": conflicts, "refused": refused, "sheets": sheets}


def refusing(sheet: Sheet, as_of: date) -> Callable[[str, Any], str]:
    """Return what says why a value is no answer by the form of a sheet; never raises."""
    refuses = ability_form(sheet.assessment.planned_on or as_of).refuses

    def why(field: str, value: Any) -> str:
        try:
            return refuses(field, value)
        except TypeError:  # a list where one answer is asked for
            return _("答案的格式不对。")

    return why


def _sorted_out(batch: Iterable[object]) -> tuple[dict[str, list[Edit]], list[dict[str, str]]]:
    """Return the edits by sheet, in order; what cannot be read is refused by its id, if it has one.

    Raises:
        CannotRead: When an edit cannot even be named.
    """
    by_sheet: dict[str, list[Edit]] = {}
    refused = []
    for one in batch:
        try:
            sheet_id, edit = read_edit(one)
        except CannotRead as error:
            name = one.get("edit_id") if isinstance(one, dict) else None
            if not isinstance(name, str):
                raise
            refused.append({"edit_id": name, "why": str(error)})
            continue
        by_sheet.setdefault(sheet_id, []).append(edit)
    return by_sheet, refused


def _all_refused(edits: Iterable[Edit], why: str) -> list[dict[str, str]]:
    return [{"edit_id": one.edit_id, "why": why} for one in edits]
