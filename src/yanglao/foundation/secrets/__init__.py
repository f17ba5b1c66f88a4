"""What must not be readable at rest: sealed by SM4-GCM, found again by HMAC-SM3, keyed by version.

GB/T 39786-2021 asks for confidentiality of important data in storage; SM4 is GB/T 32907-2016, SM3
is GB/T 32905-2016. A stolen database, journal or backup shows none of what is sealed, because the
keys are never in it: see :mod:`yanglao.foundation.secrets.keys`.

Rows keep their secrets in one envelope (:mod:`.envelopes`), files are sealed as a whole
(:mod:`.files`) or, when long, in pieces (:mod:`.pieces`), a yes or no that a rule needs by the
million is masked (:mod:`.masks`).
"""

from yanglao.foundation.secrets.digests import Sm3, sm3_hex
from yanglao.foundation.secrets.envelopes import (
    BlindIndexField,
    EnvelopeField,
    KeyedBytesField,
    KeyedTextField,
    SealedField,
    SealedModel,
    SealedValueField,
    Secret,
    opened,
    purpose_of,
    seal_columns,
    seal_rows,
)
from yanglao.foundation.secrets.files import read_sealed, sealed_folder, write_sealed
from yanglao.foundation.secrets.keys import (
    DEMO_KEY_NAME,
    KeyProblem,
    KeyRing,
    KeyVersion,
    forget_keys,
    key_file,
    key_ring,
    make_key_file,
)
from yanglao.foundation.secrets.masks import MaskedField, mask_many, unmask_column, unmask_many
from yanglao.foundation.secrets.opening import opened_many
from yanglao.foundation.secrets.pieces import open_pieces, writing_pieces
from yanglao.foundation.secrets.sealing import (
    SealBroken,
    blind_index,
    blind_indexes,
    keyed_digest,
    seal,
    seal_bytes,
    seal_many,
    sealed_with,
    unseal,
    unseal_bytes,
    unseal_many,
)

__all__ = [
    "DEMO_KEY_NAME",
    "BlindIndexField",
    "EnvelopeField",
    "KeyProblem",
    "KeyRing",
    "KeyVersion",
    "KeyedBytesField",
    "KeyedTextField",
    "MaskedField",
    "SealBroken",
    "SealedField",
    "SealedModel",
    "SealedValueField",
    "Secret",
    "Sm3",
    "blind_index",
    "blind_indexes",
    "forget_keys",
    "key_file",
    "key_ring",
    "keyed_digest",
    "make_key_file",
    "mask_many",
    "open_pieces",
    "opened",
    "opened_many",
    "purpose_of",
    "read_sealed",
    "seal",
    "seal_bytes",
    "seal_columns",
    "seal_many",
    "seal_rows",
    "sealed_folder",
    "sealed_with",
    "sm3_hex",
    "unmask_column",
    "unmask_many",
    "unseal",
    "unseal_bytes",
    "unseal_many",
    "write_sealed",
    "writing_pieces",
]
