"""Secrets of a row: all of them together in one sealed column, read and written like fields.

A model says ``address = Secret()`` and gets a column ``sealed`` by :class:`SealedModel`.
``row.address`` opens the envelope when first asked and keeps it open; saving seals it again when
something in it changed. No query can look into an envelope: what must be found again gets a
:class:`BlindIndexField` beside it.
"""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models

from yanglao.foundation.secrets.sealing import blind_index, seal_many, unseal

if TYPE_CHECKING:
    # For the type checker: reads and writes the value, not bytes.
    _AnyBinary = models.BinaryField[Any, Any]
    _AnyText = models.CharField[Any, Any]
else:
    _AnyBinary, _AnyText = models.BinaryField, models.CharField

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


#: A text as JSON, by the same C function that the encoder uses.
_quoted: Callable[[str], str] = json.encoder.encode_basestring


class Secret(property):
    """A value in a row's envelope; ``blank`` when it is not there."""

    def __init__(self, blank: Any = "") -> None:
        """Remember what stands for nothing."""
        super().__init__(self._read, self._write)
        self.blank = blank
        self.name = ""

    def __set_name__(self, owner: type, name: str) -> None:
        """Learn under which name the value lies in the envelope."""
        self.name = name

    def _read(self, row: "SealedModel") -> Any:
        return row.open_envelope().get(self.name, self.blank)

    def _write(self, row: "SealedModel", value: Any) -> None:
        row.put_in_envelope(self.name, value)


class SealedField(models.BinaryField):
    """A column of sealed bytes; ``keys rotate`` finds it by its class.

    ``sealed_for`` names the purpose where its values are sealed by hand; else it is the table's
    own name.
    """

    def __init__(self, *args: Any, sealed_for: str = "", **kwargs: Any) -> None:
        """Take the purpose besides what every binary column takes."""
        self.sealed_for = sealed_for
        super().__init__(*args, **kwargs)

    @property
    def purpose(self) -> str:
        """What its values are sealed for."""
        return self.sealed_for or purpose_of(self.model)

    def deconstruct(self) -> Any:
        """Be a plain binary column in migrations."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs


class EnvelopeField(SealedField):
    """The column of an envelope: sealed anew on saving when something in it changed."""

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """Seal what was put in since it was opened."""
        model_instance.close_envelope()
        return super().pre_save(model_instance, add)


class SealedValueField(_AnyBinary):
    """One sealed text or plain JSON value in a column of its own, for tables with a single secret.

    Reads and writes the value itself. A database row read below the model shows sealed bytes.
    """

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Open what comes from the database."""
        return None if value is None else json.loads(unseal(self.purpose, value))

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """Seal what goes to the database."""
        if value is None:
            return None
        sealed = seal_many(self.purpose, [_encode(value)])[0]
        return super().get_db_prep_value(sealed, connection, prepared)

    @property
    def purpose(self) -> str:
        """What its values are sealed for."""
        return f"{purpose_of(self.model)}.{self.name}"

    def _check_str_default_value(self) -> list[Any]:
        """Let the default be what the value is."""
        return []

    def get_default(self) -> Any:
        """Return the default as it is; a binary column would make bytes of it."""
        return models.Field.get_default(self)

    def deconstruct(self) -> Any:
        """Be a plain binary column in migrations."""
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("default", None)
        return name, "django.db.models.BinaryField", args, kwargs


class KeyedBytesField(models.BinaryField):
    """A column of blind indexes made by hand; a new index key finds it by its class."""

    def deconstruct(self) -> Any:
        """Be a plain binary column in migrations."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BinaryField", args, kwargs


class KeyedTextField(_AnyText):
    """A column of keyed digests in hexadecimal letters; a new index key finds it by its class."""

    def deconstruct(self) -> Any:
        """Be a plain column of text in migrations."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs


class BlindIndexField(KeyedBytesField):
    """Sixteen bytes by which a secret of the same row is found again.

    Filled on saving. ``of`` names the secret; the purpose is the table's and the secret's name.
    """

    def __init__(self, *args: Any, of: str = "", **kwargs: Any) -> None:
        """Take the name of the secret besides what every binary column takes."""
        self.of = of
        kwargs.setdefault("max_length", 16)
        super().__init__(*args, **kwargs)

    @property
    def purpose(self) -> str:
        """What its values are made for."""
        return f"{purpose_of(self.model)}.{self.of}"

    def text_of(self, row: Any) -> str:
        """Return the text that the index of a row is made from."""
        return str(getattr(row, self.of))

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        """Make the index from the secret."""
        value = blind_index(self.purpose, self.text_of(model_instance))
        setattr(model_instance, self.attname, value)
        return value


class SealedModel(models.Model):
    """A table whose rows have an envelope.

    Attributes:
        seals_blank: Whether a row without any secret gets an envelope too, because that there is
            none (no diagnosis) is itself a secret. Such envelopes are of few lengths.
    """

    seals_blank: ClassVar[bool] = False

    sealed = EnvelopeField(null=True, help_text="what must not be readable at rest, SM4-GCM")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a secret named in ``update_fields`` means its envelope and its indexes."""
        asked = kwargs.get("update_fields")
        if asked is not None:
            secrets = set(asked) & set(self.secret_names())
            if secrets:
                indexes = {
                    field.name
                    for field in self._meta.concrete_fields
                    if isinstance(field, BlindIndexField)
                }
                kwargs["update_fields"] = {*(set(asked) - secrets), "sealed", *indexes}
        super().save(*args, **kwargs)

    @classmethod
    def secret_names(cls) -> tuple[str, ...]:
        """Return the names of what lies in the envelope."""
        found: dict[str, None] = {}
        for one in reversed(cls.__mro__):
            found |= {name: None for name, value in vars(one).items() if isinstance(value, Secret)}
        return tuple(found)

    def open_envelope(self) -> dict[str, Any]:
        """Return what is in the envelope; opened once.

        Raises:
            SealBroken, KeyProblem: When it can't be opened.
        """
        held = self.__dict__.get("_opened")
        if held is not None and held[0] is self.sealed:
            values: dict[str, Any] = held[1]
            return values
        sealed = self.sealed
        values = {} if sealed is None else json.loads(unseal(purpose_of(type(self)), sealed))
        self.__dict__["_opened"] = (sealed, values)
        self.__dict__["_envelope_changed"] = False
        return values

    def put_in_envelope(self, name: str, value: Any) -> None:
        """Change a value; it is sealed on saving."""
        values = self.open_envelope()
        if values.get(name) != value or name not in values:
            values[name] = value
            self.__dict__["_envelope_changed"] = True

    def close_envelope(self) -> None:
        """Seal the envelope if something in it changed, or it was never sealed."""
        values = self.open_envelope()
        missing = self.sealed is None and type(self).seals_blank
        if not (self.__dict__["_envelope_changed"] or missing):
            return
        self.sealed = seal_rows(type(self), [values])[0]
        self.__dict__["_opened"] = (self.sealed, values)
        self.__dict__["_envelope_changed"] = False


def purpose_of(model: type[models.Model]) -> str:
    """Return what the envelopes of a table are sealed for: ``people.person``."""
    return model._meta.label_lower


def seal_rows(model: type[SealedModel], rows: Iterable[Mapping[str, Any]]) -> list[bytes | None]:
    """Return the envelope of each row; ``None`` for one without secrets.

    Args:
        model: Whose rows they are.
        rows: Secrets by name; blank ones may be left out.
    """
    always = model.seals_blank
    texts: list[str | None] = []
    for row in rows:
        told = {name: value for name, value in row.items() if value is not None and value != ""}
        if not told and not always:
            texts.append(None)
            continue
        text = _encode(told)
        # Lengths in steps of 64: how long a diagnosis is says what it may be.
        texts.append(text.ljust((len(text.encode()) + 63) // 64 * 64) if always else text)
    return seal_many(purpose_of(model), texts)


def seal_columns(
    model: type[SealedModel], columns: Mapping[str, Sequence[Any]], count: int
) -> list[bytes | None]:
    """Return :func:`seal_rows` of secrets that stand column by column; twice as fast."""
    if not columns or model.seals_blank:
        names = tuple(columns)
        whole = zip(*columns.values(), strict=True) if columns else (() for _ in range(count))
        return seal_rows(model, (dict(zip(names, row, strict=True)) for row in whole))
    keys = [f"{_quoted(name)}:" for name in columns]
    texts: list[str | None] = []
    for row in zip(*columns.values(), strict=True):
        parts = [
            key + (_quoted(value) if type(value) is str else _encode(value))
            for key, value in zip(keys, row, strict=True)
            if value is not None and value != ""
        ]
        texts.append("{" + ",".join(parts) + "}" if parts else None)
    return seal_many(purpose_of(model), texts)


def opened(model: type[SealedModel], sealed: bytes | memoryview | None) -> dict[str, Any]:
    """Return what is in the envelope of a row that was read without its model."""
    if sealed is None:
        return {}
    values: dict[str, Any] = json.loads(unseal(purpose_of(model), sealed))
    return values
