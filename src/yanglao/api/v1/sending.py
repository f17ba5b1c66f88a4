"""Bringing: rows of lists, and people to answer for."""

import json
from collections.abc import Callable, Iterator
from datetime import date
from typing import Annotated, Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from ninja import Header, Query, Router

from yanglao.api.v1 import schemas
from yanglao.api.v1.asked import only
from yanglao.api.v1.bodies import JSON, LINES, Body, invalid
from yanglao.api.v1.doors import Key, asking
from yanglao.api.v1.problems import Problem
from yanglao.domain.clients.public import Scope, keep_outcome, let_go_answer, start_answer
from yanglao.flows.evaluate_many import (
    MOST_PEOPLE,
    BadPerson,
    ManyAnswers,
    open_for,
    record_evaluation,
)
from yanglao.flows.open_pack import NoPackInForce
from yanglao.flows.pull_records import Asking
from yanglao.flows.push_list import (
    LONGEST_CELL,
    MOST_ROWS,
    BadRow,
    Pushed,
    checked_row,
    kinds_of_lists,
    push_rows,
    record_push,
    told_again,
)
from yanglao.flows.take_in_list import CannotTakeIn

lists = Router(tags=["报送"])
evaluation = Router(tags=["批量判断"])

IdempotencyKey = Annotated[
    str | None,
    Header(
        None,
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9_.:-]{8,120}$",
        description="同一个键、同样的内容只办一次，七天内回答相同",
    ),
]
#: Text without control characters and marks that turn the direction of writing around.
_SEEN = r"^[^\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]*$"
_VALUE = {
    "anyOf": [
        {"type": "string", "maxLength": LONGEST_CELL, "pattern": _SEEN},
        {"type": "number"},
        {"type": "boolean"},
        {"type": "null"},
    ]
}


def _bodies(field: str, thing: dict[str, Any], most: int) -> dict[str, Any]:
    """Return the OpenAPI of a body that is one object or lines."""
    whole = {
        "type": "object",
        "required": [field],
        "properties": {field: {"type": "array", "items": thing, "minItems": 1, "maxItems": most}},
        "additionalProperties": False,
    }
    return {
        "requestBody": {
            "required": True,
            "content": {
                JSON: {"schema": whole},
                LINES: {
                    "schema": {"type": "string"},
                    "x-line": thing,
                    "example": "一行一个对象，与 JSON 列表里的每一条相同",
                },
            },
        }
    }


def _row_schema(kind: dict[str, Any]) -> dict[str, Any]:
    """Return the OpenAPI of a row of one kind."""
    properties = {}
    for column in kind["columns"]:
        words = "必填" if column["required"] else ""
        values = "、".join(column["values"])
        told = "；".join(part for part in (words, f"可写：{values}" if values else "") if part)
        properties[column["name"]] = {**_VALUE, "description": told} if told else dict(_VALUE)
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _push_door(code: str) -> Callable[..., HttpResponseBase]:
    def push(
        request: HttpRequest,
        query: Query[schemas.PushQuery],
        idempotency_key: IdempotencyKey = None,
    ) -> HttpResponseBase:
        """逐行或成批报送；每一行都有结论，接收加退回等于收到。"""
        only(request, schemas.PushQuery)
        return _push(request, code, query, idempotency_key)

    return push


for _kind in kinds_of_lists():
    lists.post(
        f"/lists/{_kind['kind']}",
        auth=Key(Scope.PUSH_LISTS),
        response=schemas.PushedOut,
        operation_id=f"push_{_kind['kind']}",
        summary=f"报送{_kind['label']}",
        openapi_extra=_bodies("rows", _row_schema(_kind), MOST_ROWS),
    )(_push_door(_kind["kind"]))


def _push(
    request: HttpRequest, kind: str, query: schemas.PushQuery, idempotency_key: str | None
) -> HttpResponseBase:
    who = asking(request)
    _refuse_list(who, kind, query)
    body = Body(request, field="rows", most=MOST_ROWS)
    try:
        rows = [checked_row(at, row, kind) for at, row in body.things()]
    except BadRow as bad:
        raise invalid(body.pointer(bad.at, bad.column), bad.why) from bad
    if idempotency_key is None:
        return _pushed(_take(who, kind, query, rows))
    kept = start_answer(
        key=who.key, idempotency_key=idempotency_key, asked=body.digest, acting=who.reader
    )
    if kept.outcome is not None:
        return _pushed(told_again(kept.outcome))
    if kept.pk is None:
        raise _conflict(kept.conflict)
    try:
        pushed = _take(who, kind, query, rows)
    except BaseException:
        let_go_answer(kept_id=kept.pk, acting=who.reader)
        raise
    keep_outcome(kept_id=kept.pk, outcome=pushed.outcome, acting=who.reader)
    return _pushed(pushed)


def _refuse_list(who: Asking, kind: str, query: schemas.PushQuery) -> None:
    """Refuse a list that the key may not push, before anything of it is read."""
    if not who.reader.covers(query.division):
        raise Problem("not-allowed", "只能报送密钥辖区内的名单。")
    if who.reader.kinds and kind not in who.reader.kinds:
        raise Problem("not-allowed", "密钥没有报送这种名单的权限。")
    if query.full == "true" and query.month is None:
        raise invalid("query/month", "完整名单要写明月份")


def _conflict(conflict: str) -> Problem:
    if conflict == "other_body":
        return Problem("other-body", "这个幂等键已经用于另一份内容，请换一个键。")
    return Problem("in-progress", "同一请求正在处理，请稍后再问。", headers={"Retry-After": "5"})


def _take(who: Asking, kind: str, query: schemas.PushQuery, rows: list[list[str]]) -> Pushed:
    try:
        pushed = push_rows(
            rows,
            kind=kind,
            division=query.division,
            month=date.fromisoformat(f"{query.month}-01") if query.month else None,
            full=query.full == "true",
            sender=who.key.name,
            acting=who.reader,
        )
    except CannotTakeIn as problem:
        raise invalid("query/division", str(problem)) from problem
    with transaction.atomic():
        record_push(who.key, who.reader, pushed)
    return pushed


def _pushed(pushed: Pushed) -> HttpResponseBase:
    told = {
        name: getattr(pushed, name)
        for name in schemas.PushedOut.model_fields
        if name not in {"rows", "notices"}
    }
    told["notices"] = list(pushed.notices)
    told["rows"] = [
        {"row": one.row, "verdict": one.verdict, "reasons": list(one.reasons)}
        for one in pushed.verdicts
    ]
    return HttpResponse(json.dumps(told, ensure_ascii=False), content_type=JSON)


_FACTS = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string", "minLength": 1, "maxLength": 64, "pattern": _SEEN},
        "birth_date": {"type": ["string", "null"], "format": "date"},
        "place_code": {"type": ["string", "null"], "pattern": "^[1-9][0-9]{11}$"},
        "facts": {
            "type": "object",
            "additionalProperties": {"type": ["string", "integer", "boolean", "null"]},
            "description": "名称见 /facts；不写或 null 是未知，空字符串是已知没有",
        },
    },
    "additionalProperties": False,
}


@evaluation.post(
    "/evaluate",
    auth=Key(Scope.EVALUATE),
    response=schemas.EvaluatedOut,
    operation_id="evaluate",
    summary="按送来的情况判断",
    openapi_extra=_bodies("people", _FACTS, MOST_PEOPLE),
)
def evaluate(request: HttpRequest, query: Query[schemas.EvaluateQuery]) -> HttpResponseBase:
    """一次最多十万人；不读档案，不保存。相同的结论只写一次，每人指向自己的结论。"""
    only(request, schemas.EvaluateQuery)
    who = asking(request)
    try:
        many = open_for(who.reader, query.as_of, query.division or who.reader.area)
    except NoPackInForce as problem:
        raise Problem("not-found", str(problem)) from problem
    body = Body(request, field="people", most=MOST_PEOPLE)
    try:
        people = [many.check(at, person) for at, person in body.things()]
    except BadPerson as bad:
        raise invalid(body.pointer(bad.at, bad.field), bad.why) from bad
    with transaction.atomic():
        record_evaluation(who.key, who.reader, len(people), query.as_of)
    return StreamingHttpResponse(_told(many, people, query.as_of), content_type=JSON)


def _told(many: ManyAnswers, people: list[tuple[str, list[Any]]], as_of: date) -> Iterator[bytes]:
    """Write the answer portion by portion; outcomes come last, when all are known."""
    head = json.dumps({"as_of": as_of.isoformat(), "pack": many.opened.version.hash})
    yield f'{head[:-1]}, "people": ['.encode()
    between = ""
    for portion in many.answer(people):
        yield (
            between
            + ",".join(
                f'{{"id":{json.dumps(own, ensure_ascii=False)},"outcomes":{told}}}'
                for own, told in portion.people
            )
        ).encode()
        between = ","
    yield f'], "outcomes": {json.dumps(many.outcomes, ensure_ascii=False)}}}'.encode()
