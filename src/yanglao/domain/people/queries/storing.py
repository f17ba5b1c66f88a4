"""What is stored of people's secrets: envelopes, blind indexes, masks; for many rows at once."""

from collections.abc import Mapping, Sequence
from typing import Any

from yanglao.domain.people.models import DEMENTIA, ENTRY_MODELS, Person
from yanglao.domain.people.queries.linking import number_indexes, tail_indexes
from yanglao.domain.people.types import VALUE_FIELDS, Kind, tail_key
from yanglao.foundation.secrets import mask_many, seal_columns


def seal_people(
    numbers: Sequence[str], *, indexes: Mapping[str, bytes] | None = None
) -> tuple[list[bytes | None], list[bytes], list[bytes]]:
    """Return the columns ``sealed``, ``id_index`` and ``tail_index`` of people by ID number.

    Args:
        numbers: Theirs.
        indexes: Blind indexes of the numbers, when they have been made already.
    """
    made = number_indexes(numbers) if indexes is None else [indexes[one] for one in numbers]
    tails = [tail_key(number[-4:], int(number[6:10])) for number in numbers]
    sealed = seal_columns(Person, {"id_number": numbers}, len(numbers))
    return sealed, made, tail_indexes(tails)


def sealed_names(kind: Kind) -> list[str]:
    """Return which values of a kind lie in the envelope; ``extra`` lies there besides."""
    return [one.name for one in VALUE_FIELDS[kind] if one.kept == "sealed"]


def seal_statements(
    kind: Kind, values: Mapping[str, Sequence[Any]], count: int
) -> list[bytes | None]:
    """Return the column ``sealed`` of so many statements of a kind.

    Args:
        kind: List kind.
        values: Columns of :func:`sealed_names`, and ``extra``; others may be left out.
        count: How many rows.
    """
    told = {
        name: column
        for name, column in values.items()
        if any(value is not None and value != "" for value in column)
    }
    return seal_columns(ENTRY_MODELS[kind], told, count)


def mask_dementia(answers: Sequence[bool | None]) -> list[int]:
    """Return the column ``dementia_mask`` of health statements."""
    return mask_many(DEMENTIA, answers)
