"""What the phone asks and sends, as JSON; nothing of it is kept by a cache."""

import json
from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.middleware.csrf import get_token
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.assessments.public import Sheet
from yanglao.flows.sync_sheets import CannotRead, open_contact, take_act, take_edits, work_for
from yanglao.foundation import clock
from yanglao.web.kit.screens import screen


@screen(Permission.ASSESS, leaves_trace=True)
def work(request: HttpRequest) -> JsonResponse:
    """Give the assessor's sheets; with ``?seen=`` only that nothing changed."""
    reader = request.reader  # type: ignore[attr-defined]
    told = work_for(reader, clock.today(), seen=request.GET.get("seen", ""))
    # The page itself lies on the phone and carries no such word.
    return _answer({**told, "csrf": get_token(request)})


@screen(Permission.ASSESS, writes=True)
def edits(request: HttpRequest) -> JsonResponse:
    """Take edits in; an answer to each."""
    reader = request.reader  # type: ignore[attr-defined]
    return _answered(request, lambda sent: take_edits(sent, acting=reader, as_of=clock.today()))


@screen(Permission.ASSESS, writes=True)
def acts(request: HttpRequest) -> JsonResponse:
    """Take a photo, a signature, a settled conflict, or the handing in."""
    reader = request.reader  # type: ignore[attr-defined]
    return _answered(request, lambda sent: take_act(sent, acting=reader))


@screen(Permission.ASSESS, writes=True)
def contact(request: HttpRequest) -> JsonResponse:
    """Open telephone and address of an elder for a visit, on record."""
    reader = request.reader  # type: ignore[attr-defined]

    def open_it(sent: dict[str, Any]) -> dict[str, Any]:
        sheet, purpose = str(sent.get("sheet_id", "")), str(sent.get("purpose", ""))
        found = open_contact(reader, sheet, purpose=purpose)
        return {"phones": found.phones, "address": found.address}

    return _answered(request, open_it)


def _answered(
    request: HttpRequest, doing: Callable[[dict[str, Any]], dict[str, Any]]
) -> JsonResponse:
    """Do what was sent; say in words why not."""
    if request.method != "POST":
        return _answer({"why": _("这个地址只接收手机送来的内容。")}, status=405)
    try:
        return _answer(doing(_sent(request)))
    except Sheet.DoesNotExist:
        return _answer({"why": _("这份评估表不在您名下。")}, status=404)
    except CannotRead as error:
        return _answer({"why": str(error)}, status=400)


def _sent(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object of the request. Raises CannotRead."""
    try:
        sent = json.loads(request.body)
    except (ValueError, RecursionError) as error:
        raise CannotRead(_("送来的数据看不懂。")) from error
    if not isinstance(sent, dict):
        raise CannotRead(_("送来的数据格式不对，请把应用更新到最新。"))
    return sent


def _answer(told: dict[str, Any], status: int = 200) -> JsonResponse:
    answer = JsonResponse(told, status=status, json_dumps_params={"ensure_ascii": False})
    answer["Cache-Control"] = "private, no-store"
    return answer
