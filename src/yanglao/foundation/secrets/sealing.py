"""Sealing and opening values, one or many, and finding equal ones without opening any.

A sealed value is ``version (1 byte) · nonce (12) · tag (16) · ciphertext``. What it was sealed for
(table and column, ``"people.person"``) is authenticated with it, so that a sealed value copied to
another column does not open. Columns hold it as bytes (``BinaryField``).
"""

import os
from collections.abc import Iterable, Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, modes
from cryptography.hazmat.primitives.ciphers.algorithms import SM4

from yanglao.foundation.secrets.keys import KeyProblem, KeyVersion, forget_keys, key_ring

_NONCE, _TAG = 12, 16
_HEAD = 1 + _NONCE + _TAG
#: Bytes of a blind index: 128 bits, so that two numbers never share one by chance.
_INDEX = 16
#: Sets what is wrapped apart from what is made from a text.
_WRAPPING = b"index\0"


class SealBroken(Exception):
    """A sealed value was changed, cut short, moved, or sealed with another key."""


def seal(purpose: str, text: str) -> bytes:
    """Return ``text`` sealed with the newest key."""
    return seal_bytes(purpose, text.encode())


def unseal(purpose: str, sealed: bytes | memoryview) -> str:
    """Return the text of a sealed value.

    Raises:
        SealBroken: When it is not what was sealed for this purpose.
        KeyProblem: When its key version is not among the keys.
    """
    return unseal_bytes(purpose, sealed).decode()


def seal_bytes(purpose: str, data: bytes, version: KeyVersion | None = None) -> bytes:
    """Return ``data`` sealed with the newest key, or with a given one."""
    return _seal(version or key_ring().newest, purpose.encode(), data)


def unseal_bytes(purpose: str, sealed: bytes | memoryview) -> bytes:
    """Return what was sealed; raises as :func:`unseal`."""
    whole = bytes(sealed)
    if len(whole) < _HEAD:
        raise SealBroken(f"{purpose}: 加密内容不完整。")
    return _open(find_version(whole[0]), purpose.encode(), whole)


def find_version(number: int) -> KeyVersion:
    """Return a key version, also one that another process has just added.

    Raises:
        KeyProblem: When it is not among the keys.
    """
    try:
        return key_ring().version(number)
    except KeyProblem:
        forget_keys()
        return key_ring().version(number)


def seal_with(version: KeyVersion, purpose: str, text: str) -> bytes:
    """Return ``text`` sealed with a given key version, for marks."""
    return _seal(version, purpose.encode(), text.encode())


def seal_many(purpose: str, texts: Iterable[str | None]) -> list[bytes | None]:
    """Seal many values; ``None`` stays ``None``. One costs less than a hundredth of a ms."""
    bound, version = purpose.encode(), key_ring().newest
    held = [None if text is None else text.encode() for text in texts]
    nonces = os.urandom(_NONCE * len(held))
    head, gcm = bytes((version.number,)), modes.GCM
    # One cipher whose mode is exchanged: making a hundred thousand costs as much as using them.
    cipher = Cipher(SM4(version.key), gcm(bytes(_NONCE)))
    sealed: list[bytes | None] = []
    for at, data in enumerate(held):
        if data is None:
            sealed.append(None)
            continue
        nonce = nonces[at * _NONCE : (at + 1) * _NONCE]
        cipher.mode = gcm(nonce)
        sealing = cipher.encryptor()
        sealing.authenticate_additional_data(bound)
        text = sealing.update(data)
        sealing.finalize()
        sealed.append(head + nonce + sealing.tag + text)
    return sealed


def unseal_many(purpose: str, sealed: Iterable[bytes | memoryview | None]) -> list[str | None]:
    """Open many values; ``None`` stays ``None``; raises as :func:`unseal`."""
    return [None if one is None else unseal(purpose, one) for one in sealed]


def sealed_with(sealed: bytes | memoryview) -> int:
    """Return the number of the key version a value was sealed with."""
    return bytes(sealed[:1])[0]


def blind_index(purpose: str, text: str, *, keys: Sequence[bytes] | None = None) -> bytes:
    """Return 16 bytes that are equal for equal texts of one purpose and say nothing else.

    Args:
        purpose: Table and column, or what else sets it apart.
        text: What is to be found again.
        keys: Index keys to use instead of those at hand (what an older backup was made with).
    """
    return _indexes(purpose, [text], keys or key_ring().index_keys)[0]


def blind_indexes(purpose: str, texts: Sequence[str]) -> list[bytes]:
    """Return :func:`blind_index` of each text; about two thousandths of a ms each."""
    return _indexes(purpose, texts, key_ring().index_keys)


def keyed_digest(purpose: str, data: bytes) -> str:
    """Return 64 hexadecimal letters that tell equal contents, to whoever has the keys only."""
    first, *further = key_ring().index_keys
    base = hmac.HMAC(first, hashes.SM3())
    base.update(purpose.encode() + b"\0")
    base.update(data)
    found = [base.finalize()]
    for key in further:
        found = wrapped(key, found)
    return found[0].hex()


def wrapped(key: bytes, values: Iterable[bytes]) -> list[bytes]:
    """Return blind indexes or keyed digests as they are with one index key more, as long as before.

    Equal values stay equal, and nothing sealed has to be opened for it.
    """
    base = hmac.HMAC(key, hashes.SM3())
    base.update(_WRAPPING)
    found = []
    for value in values:
        one = base.copy()
        one.update(value)
        found.append(one.finalize()[: len(value)])
    return found


def _indexes(purpose: str, texts: Sequence[str], keys: Sequence[bytes]) -> list[bytes]:
    base = hmac.HMAC(keys[0], hashes.SM3())
    base.update(purpose.encode() + b"\0")
    found = []
    for text in texts:
        one = base.copy()
        one.update(text.encode())
        found.append(one.finalize()[:_INDEX])
    for key in keys[1:]:
        found = wrapped(key, found)
    return found


def derived_key(version: KeyVersion, purpose: str) -> bytes:
    """Return an SM4 key for another use than sealing, made from a key version."""
    base = hmac.HMAC(version.key, hashes.SM3())
    base.update(purpose.encode())
    return base.finalize()[:16]


def _seal(version: KeyVersion, purpose: bytes, data: bytes) -> bytes:
    nonce = os.urandom(_NONCE)
    sealing = Cipher(SM4(version.key), modes.GCM(nonce)).encryptor()
    sealing.authenticate_additional_data(purpose)
    text = sealing.update(data) + sealing.finalize()
    return bytes((version.number,)) + nonce + sealing.tag + text


def _open(version: KeyVersion, purpose: bytes, whole: bytes) -> bytes:
    nonce, tag = whole[1 : 1 + _NONCE], whole[1 + _NONCE : _HEAD]
    opening = Cipher(SM4(version.key), modes.GCM(nonce, tag)).decryptor()
    opening.authenticate_additional_data(purpose)
    try:
        return opening.update(whole[_HEAD:]) + opening.finalize()
    except InvalidTag as problem:
        raise SealBroken(
            f"{purpose.decode()}: 加密内容被改动过，或不是用这把密钥加密的。"
        ) from problem
