"""Values of statements in database form, and the digest that recognises the same again."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

from yanglao.domain.people.types.kinds import VALUE_FIELDS, Kind, ValueField


def encode_values(kind: Kind, values: dict[str, list[Any]], count: int) -> list[Sequence[Any]]:
    """Return the columns of a kind in database form: days as ISO text, blank texts as ``''``."""
    return [_encoded(field, values.get(field.name), count) for field in VALUE_FIELDS[kind]]


def digests(columns: Sequence[Sequence[Any]]) -> list[str]:
    """Return a digest of each row; it says nothing of month, list or row number."""
    return [
        blake2b(repr(row).encode(), digest_size=16).hexdigest()
        for row in zip(*columns, strict=True)
    ]


def _encoded(field: ValueField, column: Sequence[Any] | None, count: int) -> Sequence[Any]:
    if field.type == "text":
        return [value or "" for value in column] if column else [""] * count
    if column is None:
        return [None] * count
    if field.type == "date":
        return [None if value is None else value.isoformat() for value in column]
    if field.type == "bool":
        return [None if value is None else bool(value) for value in column]
    return column
