"""The API put together: routers, errors, and the pages that describe it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from ninja.errors import ValidationError

from yanglao.api.v1 import problems, reading, sending
from yanglao.api.v1.document import DocumentedApi
from yanglao.api.v1.problems import Problem
from yanglao.flows.open_pack import NoPackInForce

_ABOUT = """县市其他系统与养老平台对接用。

- 每个请求在 `Authorization` 头里写 `Bearer` 和密钥。
- 密钥只能读写自己辖区和权限内的内容，有配额和有效期。
- 人员姓名和号码默认遮住；要完整内容，密钥要有 `people.identity` 权限，
  并在 `Purpose` 头里写明用途。每次读取都有记录。
- 出错时回答 `application/problem+json`：`type` 固定不变，`detail` 写明怎么办，`errors` 指出位置。
- 列表用 `cursor` 翻页；增量读取把上次的 `next_since` 写进 `changed_since`，
  会重复几分钟的内容，请按编号去重。
"""

api = DocumentedApi(
    title="养老平台接口",
    version="1.0.0",
    description=_ABOUT,
    urls_namespace="api-v1",
    openapi_url=None,
    docs_url=None,
)
api.add_router("", reading.words)
api.add_router("", sending.lists)
api.add_router("", sending.evaluation)
api.add_router("", reading.router)

#: Words of pydantic's error types that people meet; the rest is told in general.
_WORDS = {
    "missing": "缺少这一项",
    "extra_forbidden": "没有这个字段",
    "string_pattern_mismatch": "写法不对",
    "literal_error": "不是可以写的值",
    "int_parsing": "要是整数",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
    "string_too_long": "太长",
    "timezone_aware": "要写明时区",
}


@api.exception_handler(Problem)
def _told(request: HttpRequest, exception: Problem) -> HttpResponse:
    return problems.answer(exception)


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, exception: ValidationError) -> HttpResponse:
    errors = []
    for one in exception.errors:
        place = [
            str(part) for part in one.get("loc", ()) if part not in ("query", "header", "path")
        ]
        source = str(one.get("loc", ("query",))[0])
        pointer = "/".join([source, *place[1:]] if len(place) > 1 else [source, *place])
        errors.append({"pointer": pointer[:120], "detail": _WORDS.get(one["type"], "写法不对")})
    return problems.answer(Problem("invalid", "参数不合要求，请看 errors。", errors=errors))


@api.exception_handler(PermissionError)
def _not_allowed(request: HttpRequest, exception: PermissionError) -> HttpResponse:
    return problems.answer(Problem("not-allowed", str(exception)))


@api.exception_handler(PermissionDenied)
def _denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    return problems.answer(Problem("not-allowed", "密钥没有这项权限。"))


@api.exception_handler(NoPackInForce)
def _no_pack(request: HttpRequest, exception: NoPackInForce) -> HttpResponse:
    return problems.answer(Problem("not-found", str(exception)))


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    return problems.answer(problems.of_status(404))


@api.exception_handler(Exception)
def _unexpected(request: HttpRequest, exception: Exception) -> HttpResponse:
    return problems.unexpected(request, exception)


def document(request: HttpRequest) -> HttpResponse:
    """Answer with the OpenAPI document; it holds no data and needs no key."""
    if request.method != "GET":
        return problems.answer(problems.of_status(405))
    return JsonResponse(
        api.get_openapi_schema(path_prefix="/api/v1/"),
        json_dumps_params={"ensure_ascii": False, "indent": 1},
    )


def documentation(request: HttpRequest) -> HttpResponse:
    """Show the document as a page for people: no script, nothing from outside."""
    if request.method != "GET":
        return problems.answer(problems.of_status(405))
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    operations = [
        {
            "method": method.upper(),
            "path": path,
            "told": told,
            "parameters": [
                {"description": "", **one, "required": one.get("required", False)}
                for one in told["parameters"]
            ],
            "scope": (told.get("security") or [{"Key": []}])[0].get("Key", []),
            "statuses": sorted(told["responses"]),
            "columns": _columns(told),
        }
        for path, methods in schema["paths"].items()
        for method, told in methods.items()
    ]
    groups: dict[str, list[dict[str, object]]] = {}
    for one in operations:
        groups.setdefault(one["told"]["tags"][0], []).append(one)
    errors = [
        {"type": problems.BASE + code, "status": status, "title": title}
        for code, (status, title) in problems.KINDS.items()
    ]
    context = {"info": schema["info"], "groups": groups, "errors": errors}
    return render(request, "api/documentation.html", context)


def _columns(told: dict[str, Any]) -> list[tuple[str, str]]:
    """Return the named columns of a body, each with what may stand in it."""
    content = told.get("requestBody", {}).get("content", {})
    line = content.get("application/x-ndjson", {}).get("x-line", {})
    return [
        (name, str(schema.get("description", "")))
        for name, schema in line.get("properties", {}).items()
    ]


def nowhere(request: HttpRequest, rest: str = "") -> HttpResponse:
    """Answer 404 for every address that is none."""
    return problems.answer(problems.of_status(404))
