"""What must not be readable at rest: sealed by SM4-GCM, found again by HMAC-SM3, keyed by version.

GB/T 39786-2021 asks for confidentiality of important data in storage; SM4 is GB/T 32907-2016, SM3
is GB/T 32905-2016. A stolen database, journal or backup shows none of what is sealed, because the
keys are never in it: see :mod:`yanglao.foundation.secrets.keys`.
"""

from yanglao.foundation.secrets.digests import Sm3, sm3_hex
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
from yanglao.foundation.secrets.sealing import (
    SealBroken,
    blind_index,
    blind_indexes,
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
    "KeyProblem",
    "KeyRing",
    "KeyVersion",
    "SealBroken",
    "Sm3",
    "blind_index",
    "blind_indexes",
    "forget_keys",
    "key_file",
    "key_ring",
    "make_key_file",
    "seal",
    "seal_bytes",
    "seal_many",
    "sealed_with",
    "sm3_hex",
    "unseal",
    "unseal_bytes",
    "unseal_many",
]
