"""Checks that hold for every operation: nothing unknown and nothing twice in the address."""

from typing import Any

from django.http import HttpRequest
from ninja import Schema

from yanglao.api.v1.problems import Problem


def only(request: HttpRequest, query: type[Schema]) -> None:
    """Refuse parameters that the operation does not know, and one given twice.

    Raises:
        Problem: With the parameter's name.
    """
    known: dict[str, Any] = query.model_fields
    for name, values in request.GET.lists():
        if name not in known:
            raise _refused(name, "没有这个参数")
        if len(values) > 1:
            raise _refused(name, "只能写一次")


def _refused(name: str, why: str) -> Problem:
    told = f"query/{name[:80]}"
    return Problem("invalid", f"{why}：{name[:80]}", errors=[{"pointer": told, "detail": why}])
