"""What a phone sends, read with care: plain JSON of the agreed shape, or a clear refusal."""

from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Mapping
from datetime import datetime
from math import isfinite
from typing import Any

from django.utils.translation import gettext as _

from yanglao.domain.assessments.public import Edit, Place

_LONGEST_ID = 36
_LONGEST_DEVICE = 40
_LONGEST_WHY = 100
_MOST_BASE = 2**31 - 1


class CannotRead(ValueError):
    """What came is not of the agreed shape; the message is in Chinese."""


def read_mapping(given: object) -> Mapping[str, Any]:
    """Return a JSON object. Raises CannotRead for anything else."""
    if not isinstance(given, dict):
        raise CannotRead(_("送来的数据格式不对，请把应用更新到最新。"))
    return given


def read_text(given: Mapping[str, Any], name: str, longest: int = _LONGEST_ID) -> str:
    """Return a text that must be there. Raises CannotRead."""
    value = given.get(name)
    if not isinstance(value, str) or not value or len(value) > longest or not value.isprintable():
        raise CannotRead(_("送来的数据缺少 %(name)s，请把应用更新到最新。") % {"name": name})
    return value


def read_moment(given: Mapping[str, Any], name: str = "at") -> datetime:
    """Return an aware moment of the device's clock. Raises CannotRead."""
    try:
        moment = datetime.fromisoformat(read_text(given, name))
    except ValueError as error:
        raise CannotRead(_("送来的时间看不懂，请检查手机的时钟。")) from error
    if moment.tzinfo is None:
        raise CannotRead(_("送来的时间没有时区，请把应用更新到最新。"))
    return moment


def read_edit(given: object) -> tuple[str, Edit]:
    """Return the sheet's id and the edit. Raises CannotRead."""
    one = read_mapping(given)
    base = one.get("base")
    if type(base) is not int or not 0 <= base <= _MOST_BASE:
        raise CannotRead(_("送来的修改没有次序，请把应用更新到最新。"))
    edit = Edit(
        edit_id=read_text(one, "edit_id"),
        field=read_text(one, "field", _LONGEST_DEVICE),
        value=one.get("value"),
        at=read_moment(one),
        base=base,
        device=read_text(one, "device", _LONGEST_DEVICE),
    )
    return read_text(one, "sheet_id"), edit


def read_place(given: object) -> Place | None:
    """Return where it was: coordinates, or why the device gave none; ``None`` when nothing is said.

    Raises:
        CannotRead: For coordinates that are on no map.
    """
    if given is None:
        return None
    place = read_mapping(given)
    if "refused" in place:
        why = read_text(place, "refused", _LONGEST_WHY)
        return Place(words=_("没有取位置：%(why)s") % {"why": why})
    numbers = [place.get(name) for name in ("lng", "lat", "accuracy")]
    if not all(isinstance(one, int | float) and isfinite(one) for one in numbers):
        raise CannotRead(_("送来的位置看不懂。"))
    longitude, latitude, accuracy = (float(one) for one in numbers if one is not None)
    if abs(longitude) > 180 or abs(latitude) > 90 or accuracy < 0:
        raise CannotRead(_("送来的位置不在地图上。"))
    return Place(longitude=longitude, latitude=latitude, accuracy_m=accuracy)


def read_picture(given: Mapping[str, Any]) -> bytes:
    """Return the bytes of a picture sent as base64. Raises CannotRead."""
    value = given.get("picture")
    try:
        return b64decode(value if isinstance(value, str) else "", validate=True)
    except (NotBase64, ValueError) as error:
        raise CannotRead(_("送来的图片看不懂。")) from error
