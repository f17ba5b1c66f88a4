"""No table holds in the clear what decision 0005 says must be sealed."""

import re

import pytest
from django.apps import apps
from django.db import models

from yanglao.domain.people.models import ENTRY_MODELS
from yanglao.domain.people.types import VALUE_FIELDS, Kind
from yanglao.foundation.secrets import SealedModel
from yanglao.foundation.secrets.rotation import sealed_columns

#: Words in the name of a column that say what it would hold.
_TELLING = re.compile(
    r"phone|mobile|id_number|id_card|card_number|(^|_)address($|_)|bank|account_no|iban|"
    r"longitude|latitude|(^|_)(lng|lat)$|chronic|diagnos|disease|dementia|coordinates"
)
#: What is called so and is nobody's secret.
_EXCUSED = {
    "places.division.longitude": "the middle of a place",
    "places.division.latitude": "the middle of a place",
    "foundation.auditentry.address": "of an officer's machine",
    "accounts.account.last_address": "of an officer's machine",
}
_SEALED_TYPES = (models.BinaryField, models.BigIntegerField)


def test_no_column_is_called_like_a_secret_and_is_none() -> None:
    """Make it a ``Secret`` of a ``SealedModel``, or say above why it is nobody's."""
    found = [
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("yanglao")
        for field in model._meta.concrete_fields
        if _TELLING.search(field.name)
        and not (isinstance(field, _SEALED_TYPES) and re.search("_index$|_mask$", field.name))
        and not isinstance(field, models.ForeignKey)
    ]
    machines = {name for name in found if re.search(r"^accounts\..*address|^foundation\.", name)}
    assert set(found) - set(_EXCUSED) - machines == set()


@pytest.mark.parametrize("kind", list(Kind))
def test_what_a_kind_calls_sealed_lies_in_its_envelope(kind: Kind) -> None:
    """And nothing lies there that the kind does not know of."""
    model = ENTRY_MODELS[kind]
    assert issubclass(model, SealedModel)
    columns = {field.name for field in model._meta.concrete_fields}
    sealed = {one.name for one in VALUE_FIELDS[kind] if one.kept == "sealed"}
    assert sealed | {"extra", "entry_reason"} == set(model.secret_names())
    assert not sealed & columns
    assert {f"{one.name}_mask" for one in VALUE_FIELDS[kind] if one.kept == "masked"} <= columns


def test_rotation_finds_every_envelope() -> None:
    """By class, so that a new table needs nothing but the class."""
    known = {column.field.model for column in sealed_columns()}
    sealed = {model for model in apps.get_models() if issubclass(model, SealedModel)}
    assert sealed <= known
