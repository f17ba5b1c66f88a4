"""What a phone brings besides answers: photos, signatures, settled conflicts, handing in."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from yanglao.domain.assessments.public import (
    Sheet,
    SheetView,
    Signer,
    WrongMove,
    attach_photo,
    finish_sheet,
    get_sheet,
    settle_conflict,
    sign_sheet,
)
from yanglao.flows.sync_sheets.reading import (
    CannotRead,
    read_mapping,
    read_moment,
    read_picture,
    read_place,
    read_text,
)
from yanglao.flows.sync_sheets.told import standing_told
from yanglao.foundation.scoping import Reader

_LONGEST_NAME = 40


def take_act(given: object, *, acting: Reader) -> dict[str, Any]:
    """Do one act on a sheet; doing it again changes nothing.

    Args:
        given: ``{act_id, sheet_id, kind, at, …}``; ``kind`` is ``photo``, ``signature``,
            ``settle`` or ``finish``.
        acting: The assessor.

    Returns:
        ``done``, ``why`` (in Chinese, when not done), and ``sheets`` as they stand now.

    Raises:
        CannotRead: When the act has not the agreed shape.
    """
    act = read_mapping(given)
    sheet_id = read_text(act, "sheet_id")
    kind = act.get("kind")
    doing = _KINDS.get(kind if isinstance(kind, str) else "")
    if doing is None:
        raise CannotRead(_("送来的操作看不懂，请把应用更新到最新。"))
    try:
        doing(act, sheet_id, acting)
    except WrongMove as error:
        why = str(error)
    except Sheet.DoesNotExist:
        return {"done": False, "why": _("这份评估表不在您名下，可能已经改派给别人。"), "sheets": {}}
    else:
        why = ""
    sheets = {sheet_id: standing_told(get_sheet(acting, sheet_id), acting)}
    return {"done": not why, "why": why, "sheets": sheets}


def _photo(act: Mapping[str, Any], sheet_id: str, acting: Reader) -> None:
    attach_photo(
        sheet_id=sheet_id,
        photo_id=read_text(act, "act_id"),
        picture=read_picture(act),
        at=read_moment(act),
        place=read_place(act.get("place")),
        acting=acting,
    )


def _signature(act: Mapping[str, Any], sheet_id: str, acting: Reader) -> None:
    seen = read_mapping(act.get("seen"))
    signer = act.get("signer")
    if signer not in {Signer.ASSESSOR, Signer.INFORMANT}:
        raise CannotRead(_("送来的签字没有说明是谁签的。"))
    informant = read_text(act, "name", _LONGEST_NAME) if signer == Signer.INFORMANT else ""
    _refuse_unseen(get_sheet(acting, sheet_id), seen)
    sign_sheet(
        sheet_id=sheet_id,
        signature_png=read_picture(act),
        at=read_moment(act),
        place=read_place(act.get("place")),
        acting=acting,
        informant=informant,
    )


def _refuse_unseen(view: SheetView, seen: Mapping[str, Any]) -> None:
    """Refuse a signature under answers that the signer had not before him.

    He signed without network; meanwhile the other device may have brought something else.

    Raises:
        WrongMove: With how many answers differ.
    """
    names = {*seen, *view.fields}
    now = {name: one.value for name, one in view.fields.items()}
    differ = [name for name in names if _empty(now.get(name)) != _empty(seen.get(name))]
    if differ:
        raise WrongMove(
            _("签字以后，另一台设备送来了不同的答案（%(count)d 题），请看过再签。")
            % {"count": len(differ)}
        )


def _empty(value: Any) -> Any:
    """Return what counts as one answer: nothing, an empty text and an empty list are the same."""
    if value in ("", []):
        return None
    return sorted(map(str, value)) if isinstance(value, list) else value


def _settle(act: Mapping[str, Any], sheet_id: str, acting: Reader) -> None:
    settle_conflict(
        sheet_id=sheet_id,
        field=read_text(act, "field", _LONGEST_NAME),
        keep_edit_id=read_text(act, "keep"),
        acting=acting,
    )


def _finish(act: Mapping[str, Any], sheet_id: str, acting: Reader) -> None:
    finish_sheet(sheet_id=sheet_id, acting=acting)


_KINDS: dict[str, Callable[[Mapping[str, Any], str, Reader], None]] = {
    "photo": _photo,
    "signature": _signature,
    "settle": _settle,
    "finish": _finish,
}
