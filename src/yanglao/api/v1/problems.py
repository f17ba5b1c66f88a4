"""Errors as problem+json (RFC 9457): a stable type, a Chinese sentence, and where it went wrong."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)

CONTENT_TYPE = "application/problem+json"
#: Prefix of ``type``: a relative address, the same on every installation.
BASE = "/api/v1/problems/"

#: Code -> (HTTP status, title).
KINDS: dict[str, tuple[int, str]] = {
    "bad-request": (400, "请求读不懂"),
    "no-key": (401, "没有密钥，或者密钥无效、过期、已撤销"),
    "not-allowed": (403, "密钥没有这项权限"),
    "not-found": (404, "没有这个地址或记录"),
    "wrong-method": (405, "这个地址不支持这种方法"),
    "in-progress": (409, "同一请求正在处理"),
    "length-required": (411, "请求没有写明长度"),
    "too-large": (413, "请求太大"),
    "wrong-content-type": (415, "不支持这种内容类型"),
    "other-body": (422, "同一幂等键的请求内容不同"),
    "invalid": (422, "内容不合要求"),
    "too-many-requests": (429, "请求太频繁"),
    "server-error": (500, "程序出错"),
}
_OF_STATUS = {status: code for code, (status, _title) in reversed(KINDS.items())}


class Problem(Exception):
    """An answer that is an error.

    Args:
        code: One of :data:`KINDS`.
        detail: What happened and what to do, in Chinese.
        errors: For ``invalid``: ``{"pointer": "/rows/3/姓名", "detail": "…"}`` each.
        headers: Further headers (``Retry-After``).
    """

    def __init__(
        self,
        code: str,
        detail: str,
        *,
        errors: Sequence[Mapping[str, str]] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep what is to be told."""
        super().__init__(detail)
        self.code = code
        self.detail = detail
        self.errors = list(errors)
        self.headers = dict(headers or {})


def answer(problem: Problem) -> HttpResponse:
    """Return a problem as an HTTP answer."""
    status, title = KINDS[problem.code]
    body: dict[str, Any] = {
        "type": BASE + problem.code,
        "title": title,
        "status": status,
        "detail": problem.detail,
    }
    if problem.errors:
        body["errors"] = problem.errors
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), status=status, content_type=CONTENT_TYPE
    )
    for name, value in problem.headers.items():
        response[name] = value
    return response


def of_status(status: int) -> Problem:
    """Return the problem for a status that something below the API answered with."""
    code = _OF_STATUS.get(status, "bad-request" if status < 500 else "server-error")
    details = {
        "not-found": "没有这个地址，或者记录不在密钥的辖区内。",
        "wrong-method": "请看接口说明：这个地址只支持其中写明的方法。",
        "server-error": "程序出错了，没有改变任何数据。请过一会儿再试。",
    }
    return Problem(code, details.get(code, "请求读不懂，请对照接口说明检查。"))


def unexpected(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer 500, with the trace in the log and nothing of it in the answer."""
    log.error("the API failed at %s %s", request.method, request.path, exc_info=exception)
    return answer(of_status(500))


#: Schema of a problem, for the OpenAPI document.
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "enum": [BASE + code for code in KINDS]},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "发生了什么、该怎么办"},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {
                        "type": "string",
                        "description": "JSON 指针（正文），或 query/名称、header/名称、path/名称",
                    },
                    "detail": {"type": "string"},
                },
                "additionalProperties": False,
            },
        },
    },
    "additionalProperties": False,
}
