"""SM3 (GB/T 32905-2016), by the library of the national ciphers."""

from cryptography.hazmat.primitives import hashes


class Sm3:
    """A running SM3 digest, used like one of :mod:`hashlib`."""

    def __init__(self, data: bytes = b"") -> None:
        self._hash = hashes.Hash(hashes.SM3())
        self.update(data)

    def update(self, data: bytes) -> None:
        """Take in more bytes."""
        self._hash.update(data)

    def digest(self) -> bytes:
        """Return the 32 bytes of what was taken in; more may follow."""
        return self._hash.copy().finalize()

    def hexdigest(self) -> str:
        """Return the digest as 64 small hexadecimal letters."""
        return self.digest().hex()


def sm3_hex(data: bytes) -> str:
    """Return the SM3 digest of some bytes as 64 small hexadecimal letters."""
    return Sm3(data).hexdigest()
