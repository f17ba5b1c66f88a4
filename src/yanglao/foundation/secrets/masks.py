"""Yes or no as a number that says nothing: for secrets of which a rule needs a million at once.

Opening a million envelopes takes ten seconds, and the match has fewer. A single yes or no is
therefore masked: ``version (8 bits) · random (53) · answer (2)``, the answer XOR two bits of SM4
over the rest. Nobody without the key can tell one answer from another, equal ones neither, and a
million are unmasked by one call of SM4 in a quarter of a second.
"""

import os
import struct
from array import array
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4
from django.db import models

from yanglao.foundation.secrets.keys import KeyVersion, key_ring
from yanglao.foundation.secrets.sealing import derived_key, find_version

_VERSION_SHIFT = 55
_RANDOM = ((1 << _VERSION_SHIFT) - 1) & ~3
_CLEAR = ~3
#: Answers as the two bits; the fourth value never occurs.
_CODES: dict[bool | None, int] = {None: 0, False: 1, True: 2}
_LOW_BITS = bytes(byte & 3 for byte in range(256))


class MaskedField(models.BigIntegerField):
    """A column of masked answers; ``keys rotate`` finds it by its class."""

    @property
    def purpose(self) -> str:
        """What its values are masked for: ``people.healthentry.dementia``."""
        return f"{self.model._meta.label_lower}.{self.name.removesuffix('_mask')}"

    def deconstruct(self) -> Any:
        """Be a plain column in migrations."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.BigIntegerField", args, kwargs


def mask_many(purpose: str, answers: Sequence[bool | None]) -> list[int]:
    """Return a masked number for each answer; never the same twice."""
    version = key_ring().newest
    drawn = struct.unpack(f"<{len(answers)}Q", os.urandom(8 * len(answers)))
    head = version.number << _VERSION_SHIFT
    tweaks = array("Q", [head | (one & _RANDOM) for one in drawn])
    bits = _bits(version, purpose, tweaks)
    return [
        tweak | (_CODES[answer] ^ bit)
        for tweak, answer, bit in zip(tweaks, answers, bits, strict=True)
    ]


def unmask_many(purpose: str, masked: Sequence[int | None]) -> list[bool | None]:
    """Return the answers behind masked numbers; ``None`` stays ``None``."""
    found: list[bool | None] = unmask_column(purpose, pa.array(masked, type=pa.int64())).to_pylist()
    return found


def unmask_column(purpose: str, masked: pa.Array) -> pa.Array:
    """Return a column of answers; about a quarter of a second for a million.

    Raises:
        KeyProblem: When a key version is not among the keys.
    """
    codes = pc.fill_null(masked.cast(pa.int64()), 0)
    tweaks = array("Q", _plain_bytes(pc.bit_wise_and(codes, _CLEAR)))
    found = bytes(len(codes))
    versions = pc.shift_right(codes, _VERSION_SHIFT)
    for number in pc.unique(versions).to_pylist():
        if number == 0:
            continue  # nothing was said: masked numbers have a version
        bits = pa.py_buffer(_bits(find_version(number), purpose, tweaks))
        answers = _xor_low(codes, pa.Array.from_buffers(pa.int8(), len(codes), [None, bits]))
        mine = pc.equal(versions, number)
        before = pa.Array.from_buffers(pa.int8(), len(codes), [None, pa.py_buffer(found)])
        found = _plain_bytes(pc.if_else(mine, answers, before))
    told = pa.Array.from_buffers(pa.int8(), len(codes), [None, pa.py_buffer(found)])
    is_told = pc.and_(pc.greater(told, 0), pc.less(told, 3))
    return pc.if_else(is_told, pc.equal(told, 2), pa.scalar(None, pa.bool_()))


def _xor_low(codes: pa.Array, bits: pa.Array) -> pa.Array:
    low = pc.bit_wise_and(codes, 3).cast(pa.int8())
    return pc.bit_wise_xor(low, bits)


def _plain_bytes(column: pa.Array) -> bytes:
    """Return the values of a column without gaps, as they lie in memory."""
    width = column.type.bit_width // 8
    whole = column.buffers()[1].to_pybytes()
    return bytes(whole[column.offset * width : (column.offset + len(column)) * width])


def _bits(version: KeyVersion, purpose: str, tweaks: "array[int]") -> bytes:
    """Return two bits of SM4 for each tweak, one byte each."""
    blocks = array("Q", bytes(16 * len(tweaks)))
    blocks[0::2] = tweaks
    masking = Cipher(SM4(derived_key(version, f"mask {purpose}")), modes.ECB()).encryptor()  # noqa: S305
    return masking.update(blocks.tobytes())[0::16].translate(_LOW_BITS)
