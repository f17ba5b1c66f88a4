"""Posting a body to another system without being led astray.

Whoever may enter an address could make the server call its own neighbours (server-side request
forgery). So the name is resolved here, every address it has must be a public one, and the
connection goes to just the address that was checked: a name that changes its mind between check and
call gains nothing. Redirects are not followed.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import SplitResult, urlsplit

from yanglao.foundation.ports import RefusedAddress, Sent

_LONGEST_NOTE = 300


class HttpSender:
    """Sends over https; over http and to one's own network only when that is allowed.

    Args:
        inside: The office's own network may be called, and http used: for a county whose other
            systems stand in the same machine room.
        seconds: How long the other side may take.
    """

    def __init__(self, *, inside: bool, seconds: float = 5.0) -> None:
        """Keep what is allowed."""
        self._inside = inside
        self._seconds = seconds

    def check(self, url: str) -> None:
        """Raise for an address that may not be called.

        Raises:
            RefusedAddress: Not http(s), with a password in it, or in a private network.
        """
        parts = self._parts(url)
        self._address(parts)

    def send(self, *, url: str, headers: Mapping[str, str], body: bytes) -> Sent:
        """Post a body once; whatever goes wrong is told in the answer."""
        try:
            parts = self._parts(url)
            address = self._address(parts)
        except RefusedAddress as problem:
            return Sent(0, str(problem))
        connection = self._connection(parts, address)
        target = parts.path or "/"
        try:
            connection.request(
                "POST", f"{target}?{parts.query}" if parts.query else target, body, dict(headers)
            )
            answer = connection.getresponse()
            said = answer.read(_LONGEST_NOTE).decode("utf-8", "replace")
            return Sent(answer.status, "" if 200 <= answer.status < 300 else said)
        except (OSError, http.client.HTTPException) as problem:
            return Sent(0, f"{type(problem).__name__}: {problem}"[:_LONGEST_NOTE])
        finally:
            connection.close()

    def _parts(self, url: str) -> SplitResult:
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError as problem:
            raise RefusedAddress("这个地址读不懂，请写完整的 https:// 地址。") from problem
        if parts.scheme not in ({"http", "https"} if self._inside else {"https"}):
            raise RefusedAddress("地址要以 https:// 开头。")
        if not parts.hostname or parts.username or parts.password or port == 0:
            raise RefusedAddress("地址要有主机名，且不能带账号密码。")
        if any(ord(letter) <= 32 or ord(letter) > 126 for letter in url):
            raise RefusedAddress("地址里不能有空格、中文或看不见的字符。")
        return parts

    def _address(self, parts: SplitResult) -> str:
        """Return the address to call, after looking at all that the name has."""
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as problem:
            raise RefusedAddress(f"找不到主机 {host}。") from problem
        addresses = [str(entry[4][0]) for entry in found]
        if not self._inside and not all(_is_public(address) for address in addresses):
            raise RefusedAddress(f"{host} 在内部网络，不能作为推送地址。")
        return addresses[0]

    def _connection(self, parts: SplitResult, address: str) -> http.client.HTTPConnection:
        host, port = parts.hostname or "", parts.port or _PORTS[parts.scheme]
        if parts.scheme == "http":
            return _Plain(host, port, address, self._seconds)
        return _Secured(host, port, address, self._seconds)


_PORTS = {"http": 80, "https": 443}


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    mapped = getattr(ip, "ipv4_mapped", None)
    seen = mapped or ip
    return bool(seen.is_global) and not seen.is_multicast


class _Plain(http.client.HTTPConnection):
    """A connection to the address that was checked, under the name that was asked for."""

    def __init__(self, host: str, port: int, address: str, seconds: float) -> None:
        super().__init__(host, port, timeout=seconds)
        self._address = address

    def connect(self) -> None:
        """Connect to the checked address."""
        self.sock = socket.create_connection((self._address, self.port), self.timeout)


class _Secured(http.client.HTTPSConnection):
    """The same over TLS; the certificate must be that of the name."""

    def __init__(self, host: str, port: int, address: str, seconds: float) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=seconds, context=self._tls)
        self._address = address

    def connect(self) -> None:
        """Connect to the checked address and greet it by its name."""
        plain = socket.create_connection((self._address, self.port), self.timeout)
        self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
