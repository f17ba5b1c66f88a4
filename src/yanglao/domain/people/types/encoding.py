"""Values of statements in database form, the digest that recognises the same again, and keys."""

from collections.abc import Sequence
from typing import Any

from yanglao.domain.people.types.kinds import VALUE_FIELDS, Kind, ValueField
from yanglao.foundation.secrets import blind_indexes

_EARLIEST, _LATEST = 1850, 2100


def encode_values(kind: Kind, values: dict[str, list[Any]], count: int) -> list[Sequence[Any]]:
    """Return the columns of a kind in database form: days as ISO text, blank texts as ``''``.

    Secrets are as they came: what becomes of them is for whoever stores the row.
    """
    return [_encoded(field, values.get(field.name), count) for field in VALUE_FIELDS[kind]]


def digests(kind: Kind, person_ids: Sequence[int], columns: Sequence[Sequence[Any]]) -> list[str]:
    """Return a digest of each row; it says nothing of month, list or row number.

    Keyed, because it covers telephone numbers and diagnoses that could be guessed, and bound to
    the person, so that equal diagnoses of two people do not show.
    """
    texts = [repr(row) for row in zip(person_ids, *columns, strict=True)]
    return [one.hex() for one in blind_indexes(f"people.digest.{kind.value}", texts)]


def tail_key(tail: str, born: int) -> str:
    """Return the text that the blind index of a number's last four characters is made from.

    Bound to the year of birth: who knows the numbers of some people in a stolen database would
    else learn the last four of everybody who shares them, and with birth date and county the rest.
    """
    return f"{born}:{tail}"


def tail_keys(tail: str) -> list[str]:
    """Return :func:`tail_key` for every year in which a person could have been born."""
    return [tail_key(tail, year) for year in range(_EARLIEST, _LATEST)]


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
