"""Integrity of facts entered by hand: what a list would have been returned for, told at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yanglao.domain.people.types import CODED_VALUES, VALUE_FIELDS, Kind, ValueField, field_label
from yanglao.kernel.division import normalise_code

_TYPES: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "date": date,
    "bool": bool,
    "int": int,
    "float": (int, float),
}
_CODES = frozenset({"hukou_code", "residence_code"})


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with a value: a fixed code, the field, and a sentence for the officer."""

    code: str
    field: str
    message: str


def check_values(kind: Kind, values: Mapping[str, Any], as_of: date) -> list[Finding]:
    """Return everything that is wrong with the values of a statement; empty when nothing is.

    Args:
        kind: Of which list kind the statement would be.
        values: Coded values by field; ``None`` and ``""`` are blank.
        as_of: The day of entry: what happened cannot lie after it.
    """
    fields = {field.name: field for field in VALUE_FIELDS[kind]}
    found = [
        Finding("unknown_field", name, _("“%s”不是这类名单的内容。") % name)
        for name in values
        if name not in fields
    ]
    for name, field in fields.items():
        value = values.get(name)
        if value is None or value == "":
            if field.required:
                message = _("%s必须填写。") % field_label(name)
                found.append(Finding("missing", name, message))
            continue
        found += _check_value(field, value, as_of)
    first, last = values.get("holds_from"), values.get("holds_to")
    if isinstance(first, date) and isinstance(last, date) and last < first:
        found.append(Finding("order", "holds_to", _("保障终止日期早于起始日期。")))
    return found


def _check_value(field: ValueField, value: Any, as_of: date) -> list[Finding]:
    label = field_label(field.name)
    right: Any = _TYPES[field.type]
    if not isinstance(value, right) or (isinstance(value, bool) and field.type != "bool"):
        return [Finding("type", field.name, _("%s的格式不对。") % label)]
    allowed = CODED_VALUES.get(field.name)
    if allowed is not None and value not in allowed:
        return [Finding("choice", field.name, _("%s没有这个选项。") % label)]
    if field.name in _CODES and not _is_code(value):
        return [Finding("place", field.name, _("%s应为 12 位区划代码。") % label)]
    happened = field.type == "date" and field.name not in {"holds_from", "holds_to", "status_on"}
    if happened and value > as_of:
        return [Finding("future", field.name, _("%s晚于今天。") % label)]
    return []


def _is_code(value: str) -> bool:
    try:
        return normalise_code(value) == value
    except ValueError:
        return False
