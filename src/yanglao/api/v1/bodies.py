"""Reading what was sent, within limits and strictly: one JSON object, or an object a line."""

import json
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from yanglao.api.v1.problems import Problem
from yanglao.foundation.secrets import Sm3

JSON, LINES = "application/json", "application/x-ndjson"
_PORTION = 1024 * 1024
#: One line of NDJSON.
_LONGEST_LINE = 64 * 1024


class Body:
    """A body that holds many things of one sort.

    Args:
        request: Whose body.
        field: Name of the list in a JSON body (``"rows"``).
        most: Of how many things at most.
    """

    def __init__(self, request: HttpRequest, *, field: str, most: int) -> None:
        """Look at the headers; nothing is read yet."""
        self._request = request
        self._field = field
        self._most = most
        self._digest = Sm3(f"{request.method} {request.get_full_path()}\n".encode())
        self._lines = _kind(request) == LINES
        self._left = _length(request)

    @property
    def digest(self) -> str:
        """SM3 of method, address and all that was read so far."""
        return self._digest.hexdigest()

    def things(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield position and object of each thing.

        Raises:
            Problem: When it is no such body.
        """
        count = 0
        for thing in self._by_line() if self._lines else self._whole():
            if count >= self._most:
                raise Problem("too-large", f"一次最多 {self._most} 条，请分几次送。")
            if not isinstance(thing, dict):
                raise invalid(f"{self.pointer(count)}", "每一条都要是一个对象")
            yield count, thing
            count += 1
        if count == 0:
            raise invalid(f"/{self._field}", "至少要有一条")

    def pointer(self, at: int, field: str = "") -> str:
        """Return where a thing stands, as a JSON pointer (lines count from 0 too)."""
        base = f"/{at}" if self._lines else f"/{self._field}/{at}"
        return f"{base}/{field}" if field else base

    def _whole(self) -> Iterator[Any]:
        pieces = []
        while self._left > 0 and (piece := self._read(min(self._left, _PORTION))):
            pieces.append(piece)
        body = _parsed(b"".join(pieces))
        if not isinstance(body, dict):
            raise invalid("", f'正文要写成 {{"{self._field}": […]}}')
        strange = sorted(set(body) - {self._field})
        if strange:
            raise invalid(f"/{strange[0][:80]}", "没有这个字段")
        things = body.get(self._field)
        if not isinstance(things, list):
            raise invalid(f"/{self._field}", "要写成一个列表")
        yield from things

    def _by_line(self) -> Iterator[Any]:
        while self._left > 0:
            line = self._request.readline(min(self._left, _LONGEST_LINE + 1))
            if not line:
                return
            self._left -= len(line)
            self._digest.update(line)
            if len(line) > _LONGEST_LINE:
                raise Problem("too-large", f"一行不能超过 {_LONGEST_LINE // 1024} KB。")
            if line.strip():
                yield _parsed(line)

    def _read(self, size: int) -> bytes:
        piece = self._request.read(size)
        self._left -= len(piece)
        self._digest.update(piece)
        return piece


def invalid(pointer: str, detail: str) -> Problem:
    """Return the problem of one wrong place."""
    return Problem(
        "invalid", f"内容不合要求：{detail}。", errors=[{"pointer": pointer, "detail": detail}]
    )


def _kind(request: HttpRequest) -> str:
    kind = (request.content_type or "").lower()
    charset = (request.content_params or {}).get("charset", "utf-8").lower()
    if kind not in (JSON, LINES) or charset not in ("utf-8", "utf8"):
        raise Problem("wrong-content-type", f"内容类型要是 {JSON} 或 {LINES}，编码 UTF-8。")
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise Problem("wrong-content-type", "请不要压缩正文。")
    return kind


def _length(request: HttpRequest) -> int:
    told = request.META.get("CONTENT_LENGTH") or ""
    if not (told.isascii() and told.isdigit()):
        raise Problem("length-required", "请写明 Content-Length。")
    if int(told) > settings.API_MAX_BYTES:
        largest = settings.API_MAX_BYTES // (1024 * 1024)
        raise Problem("too-large", f"一次最多 {largest} MB，请分几次送。")
    return int(told)


def _parsed(data: bytes) -> Any:
    """Parse JSON strictly: no NaN, no name twice in one object, no bottomless nesting."""
    try:
        return json.loads(
            data.decode("utf-8"), object_pairs_hook=_object, parse_constant=_no_constant
        )
    except (ValueError, RecursionError) as problem:
        raise Problem("bad-request", "正文不是合格的 JSON（UTF-8，没有重复的名称）。") from problem


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands twice")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(name)
