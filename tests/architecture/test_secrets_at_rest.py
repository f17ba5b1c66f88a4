"""No table holds in the clear what decision 0005 says must be sealed."""

import re
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

import yanglao
from yanglao.domain.people.models import ENTRY_MODELS
from yanglao.domain.people.types import VALUE_FIELDS, Kind
from yanglao.foundation.index_rotation import keyed_tables
from yanglao.foundation.secrets import KeyedBytesField, KeyedTextField, SealedModel
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
    "benefits.payaccount.bank": "which bank; the number of the account is sealed",
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


#: Tables of free words about people: what officers write and people say lies in envelopes.
_WORDS = {
    "rights.consent": {"note"},
    "rights.rightsrequest": {"identity_seen", "wish", "answer", "effect"},
    "rights.legalhold": {"basis", "lift_reason"},
    "access.grant": {"purpose", "decision_note", "end_reason"},
    "access.opening": {"note"},
}
#: Columns of text in rooms where people are written about that are not about people.
_OPEN_WORDS = {
    "rights.consenttext.body": "the same for everybody, open on the counter",
    "rights.consenttext.title": "as its text",
}
_NAMES_OF_OFFICERS = re.compile(r"_(by|by_name)$")


@pytest.mark.parametrize("label", sorted(_WORDS))
def test_words_about_people_lie_in_envelopes(label: str) -> None:
    """Whatever an officer writes in his own words may name a person, a place, an illness."""
    model = apps.get_model(label)
    assert issubclass(model, SealedModel)
    assert set(model.secret_names()) == _WORDS[label]


def test_no_free_words_stand_in_the_clear_there() -> None:
    """A new text column of rights or access is a secret, a choice, a code, or excused above."""
    found = {
        f"{model._meta.label_lower}.{field.name}"
        for app in ("rights", "access")
        for model in apps.get_app_config(app).get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, models.TextField | models.JSONField)
        or (isinstance(field, models.CharField) and not field.choices and field.max_length > 64)
        if not _NAMES_OF_OFFICERS.search(field.name) and not isinstance(field, models.ForeignKey)
    }
    lists_of_codes = {"access.grant.kinds", "access.opening.fields"}
    assert found - set(_OPEN_WORDS) == lists_of_codes


def test_rotation_finds_every_envelope() -> None:
    """By class, so that a new table needs nothing but the class."""
    known = {column.field.model for column in sealed_columns()}
    sealed = {model for model in apps.get_models() if issubclass(model, SealedModel)}
    assert sealed <= known


#: Where values are made with the index key, and what becomes of them when another is added
#: (decision 0013): the column that ``keys rotate --index`` wraps, or why none has to be.
_KEYED = {
    "domain/accounts/actions/attempts.py": "accounts.attempts.of",
    "domain/accounts/actions/second_factor.py": "accounts.backupcode.digest",
    "domain/exchange/actions.py": "exchange.receivedlist.file_hash",
    "domain/linkage/actions/conflicts.py": "linkage.conflict.digest",
    "domain/linkage/queries/memory.py": "linkage.waitingrow.key",
    "domain/ltci/actions/statements.py": "ltci.statement.fingerprint",
    "domain/people/queries/alike.py": "people.contact.phone_index",
    "domain/people/queries/linking.py": "people.person.id_index",
    "domain/people/types/encoding.py": "people.surveyentry.digest",
    "flows/hold_uploads.py": "only shown while an upload waits: whether the file came before",
    "flows/note_search.py": "the record is only added to: words are known again until the next key",
    "flows/take_elsewhere.py": "settlement.elsewherelist.digest",
    "flows/take_in_insurance_records.py": "ltci.recordbatch.digest",
    "foundation/key_marks.py": "the mark itself, made anew with each key",
    "ops/backup.py": "older backups are signed with the keys of their day; restore tries them",
}
_MAKES_KEYED = re.compile(r"\b(blind_index|blind_indexes|keyed_digest)\(")


def test_whatever_is_made_with_the_index_key_is_wrapped_with_the_next() -> None:
    """Else it would never be found again. Use a keyed field, and name it above."""
    room = Path(yanglao.__file__).parent
    makes = {
        str(path.relative_to(room))
        for path in room.rglob("*.py")
        if "foundation/secrets" not in str(path) and _MAKES_KEYED.search(path.read_text("utf-8"))
    }
    assert makes == set(_KEYED)
    wrapped = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models()
        for field in model._meta.concrete_fields
        if isinstance(field, KeyedBytesField | KeyedTextField)
    }
    named = {told for told in _KEYED.values() if " " not in told}
    assert named <= wrapped
    assert {table.name for table in keyed_tables()} >= {"people_person", "exchange_receivedlist"}
