"""Every text another system may send is given what nobody should send: told, or taken whole.

The suite gives each column of a pushed list a few of the markers, every marker to some column;
``YANGLAO_EVERY_TEXT=1`` gives all of them to all.
"""

import json
import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse

from tests.api.conftest import Caller
from tests.web.desks.factories import COUNTY, VILLAGE, World
from tests.web.test_every_text_field import MARKERS
from yanglao.api.v1.api import api
from yanglao.flows.push_list import kinds_of_lists
from yanglao.kernel.idnumber import check_digit

pytestmark = pytest.mark.django_db
Make = Callable[..., Caller]
WHOLE = os.environ.get("YANGLAO_EVERY_TEXT", "") == "1"
_A_COLUMN = 4
FINE = {200, 400, 403, 404, 409, 413, 415, 422}
ASKED = f"division={COUNTY}&month=2026-10"
MORE = {**MARKERS, "plus": "+1+cmd|' /C calc'!A0", "digits": "9" * 400, "nan": "NaN"}


def said(response: HttpResponse) -> str:
    """Return what is wrong with an answer."""
    body = b"".join(response.streaming_content) if response.streaming else response.content
    if response.status_code not in FINE:
        return f"{response.status_code}: {body[:200]!r}"
    kind = response["Content-Type"].split(";")[0]
    wanted = ("application/json", "application/problem+json", "application/x-ndjson")
    if kind not in wanted:
        return f"answered as {kind}"
    if response.status_code == 200 and kind == "application/json":
        json.loads(body)
    return ""


def row_of(kind: str) -> dict[str, Any]:
    """Return a good row of a kind."""
    told = next(one for one in kinds_of_lists() if one["kind"] == kind)
    first = "65322219500101007"
    own = first + check_digit(first)
    values = {"id": own, "card": own + "11", "name": "虚构人七", "code": VILLAGE}
    values |= {"date": "2026-06-01", "month": "2026-06", "money": "100"}
    return {
        column["name"]: values.get(column["type"]) or (column["values"] or ["1"])[0]
        for column in told["columns"]
    }


def markers_for(at: int) -> list[tuple[str, str]]:
    """Return the markers for the column at a place: the next few, round and round."""
    every = list(MORE.items())
    if WHOLE:
        return every
    return [every[(at * _A_COLUMN + step) % len(every)] for step in range(_A_COLUMN)]


@pytest.mark.parametrize("kind", [one["kind"] for one in kinds_of_lists()])
def test_every_column_of_a_pushed_list(kind: str, caller: Make) -> None:
    one, problems, taken = caller(per_minute=10**6, per_day=10**6), [], 0
    good = row_of(kind)
    for at, column in enumerate(good):
        for name, text in markers_for(at):
            with transaction.atomic():
                answer = one.post(f"lists/{kind}?{ASKED}", {"rows": [{**good, column: text}]})
                if told := said(answer):
                    problems.append(f"{kind} {column} {name}: {told}")
                taken += answer.status_code == 200
                transaction.set_rollback(True)
    assert not problems, "\n".join(problems)
    assert taken


def parameters() -> Iterator[tuple[str, str]]:
    """Yield path and name of every parameter of every operation that reads."""
    for whole, methods in api.get_openapi_schema(path_prefix="/api/v1/")["paths"].items():
        path = whole.removeprefix("/api/v1")
        for parameter in methods.get("get", {}).get("parameters", ()):
            if parameter["in"] in {"query", "path"}:
                yield path, parameter["name"]


@pytest.mark.parametrize(("path", "name"), list(parameters()))
def test_every_parameter(path: str, name: str, caller: Make, world: World) -> None:
    one, problems = caller(per_minute=10**6, per_day=10**6), []
    for marker, text in MORE.items():
        quoted = "".join(f"%{byte:02X}" for byte in text[:2000].encode("utf-8", "surrogatepass"))
        filled = path.replace("{" + name + "}", quoted)
        while "{" in filled:
            start, end = filled.index("{"), filled.index("}")
            filled = filled[:start] + "1" + filled[end + 1 :]
        if filled == path:
            filled += f"?purpose=service&{name}={quoted}"
        if told := said(one.get(filled.lstrip("/"))):
            problems.append(f"{marker} {filled[:80]}: {told}")
    assert not problems, "\n".join(problems)


def test_every_text_of_a_judgement(caller: Make, world: World) -> None:
    one, problems = caller(per_minute=10**6, per_day=10**6), []
    good = {"id": "a", "birth_date": "1940-01-01", "place_code": VILLAGE, "facts": {}}
    for name, text in MORE.items():
        plain = text.encode("utf-8", "replace").decode()
        for changed in (
            {"id": plain},
            {"birth_date": plain},
            {"place_code": plain},
            {"facts": {"assistance": plain}},
            {"facts": {plain[:200]: True}},
            {plain[:200]: "x"},
        ):
            answer = one.post("evaluate?as_of=2026-11-01", {"people": [{**good, **changed}]})
            if told := said(answer):
                problems.append(f"{name} {list(changed)}: {told}")
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("path", ["lists/household?" + ASKED, "evaluate?as_of=2026-11-01"])
def test_ten_megabytes_in_one_text(path: str, caller: Make, world: World) -> None:
    one, huge = caller(), "长" * (10 * 1024 * 1024 // 3)
    field = "rows" if path.startswith("lists") else "people"
    for row in ({"姓名": huge}, {"id": huge}, {"id": "a", "facts": {"living": huge}}, {huge: "x"}):
        answer = one.post(path, {field: [row]})
        assert answer.status_code in {400, 413, 422}, answer.status_code
        assert len(answer.content) < 100_000, "what was sent is not sent back"
