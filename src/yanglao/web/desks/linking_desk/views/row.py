"""One row beside one candidate: the same person, not the same, or later."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.linkage.public import (
    Decision,
    RowState,
    WaitingRow,
    Why,
    get_row,
    next_row,
)
from yanglao.domain.people.public import KIND_LABELS, Kind
from yanglao.domain.places.public import full_names_of
from yanglao.flows.settle_doubts import decide_and_recheck, take_back_and_recheck
from yanglao.flows.show_doubts import Beside, SeenRow, see_row
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.linking_desk.words import (
    Line,
    compared_numbers,
    day_words,
    evidence,
    likely,
    phone_words,
)
from yanglao.web.kit.formats import SEXES
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen


@screen(Permission.TAKE_IN_LISTS, leaves_trace=True)
def row(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a row beside the candidate whose turn it is."""
    return _show(request, pk)


@screen(Permission.TAKE_IN_LISTS, writes=True)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the clerk's decision and go on to the next row."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    if request.method != "POST":
        return redirect("linking_desk:row", pk)
    _found(request, pk)
    person = request.POST.get("person", "")
    try:
        decided = decide_and_recheck(
            row_id=pk,
            decision=request.POST.get("decision", ""),
            acting=reader,
            person_id=int(person) if person.isascii() and person.isdigit() else None,
            number=request.POST.get("number", ""),
            reason=request.POST.get("reason", ""),
        )
    except ValueError as refusal:
        words = str(refusal) if request.POST.get("decision") in Decision.values else ""
        return _show(request, pk, words or _("请选择怎么处理。"), status=422)
    back = decided.state == RowState.RETURNED
    messages.success(
        request,
        _("已退回报送单位。下次再报同样的一行，也会退回。")
        if back
        else _("已确认。下次再报同样的一行，会自动对应到这位老人。"),
    )
    after = next_row(reader, pk)
    return redirect("linking_desk:row", after.pk) if after else redirect("linking_desk:rows")


@screen(Permission.TAKE_IN_LISTS, writes=True)
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a decided row wait again."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    if request.method != "POST":
        return redirect("linking_desk:row", pk)
    _found(request, pk)
    try:
        take_back_and_recheck(row_id=pk, acting=reader)
    except ValueError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤回，这一行重新等待确认。"))
    return redirect("linking_desk:row", pk)


def _found(request: HttpRequest, pk: int) -> WaitingRow:
    try:
        return get_row(request.reader, pk)  # type: ignore[attr-defined]
    except WaitingRow.DoesNotExist as missing:
        raise Http404 from missing


def _show(request: HttpRequest, pk: int, problem: str = "", status: int = 200) -> HttpResponse:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    seen = see_row(reader, _found(request, pk))
    turn = request.GET.get("c", "0")
    at = min(int(turn), len(seen.candidates)) if turn.isascii() and turn.isdigit() else 0
    after = next_row(reader, pk)
    url = reverse("linking_desk:row", args=[pk])
    later = reverse("linking_desk:row", args=[after.pk]) if after and after.pk != pk else ""
    context: dict[str, Any] = {
        "row": seen.row,
        "told": seen.told,
        "kind": KIND_LABELS[Kind(seen.row.kind)],
        "other_name": seen.row.why == Why.OTHER_NAME,
        "waits": seen.row.state == RowState.WAITING,
        "linked": seen.row.state == RowState.LINKED,
        "state": RowState(seen.row.state).label,
        "hidden": seen.hidden,
        "problem": problem,
        "at": at + 1,
        "count": len(seen.candidates),
        "next_url": f"{url}?c={at + 1}",
        "before_url": f"{url}?c={at - 1}" if at else "",
        "later_url": later or reverse("linking_desk:rows"),
        "trail": [Crumb(_("对人核实"), reverse("linking_desk:rows")), Crumb(seen.row.name)],
    }
    if at < len(seen.candidates):
        context |= _candidate(seen, seen.candidates[at])
    else:
        context["candidate"] = None
    return render(request, "linking_desk/row.html", context, status=status)


def _candidate(seen: SeenRow, beside: Beside) -> dict[str, Any]:
    person, told = beside.person, seen.told
    places = full_names_of({told.place, person.place_code} - {""})
    left, right = compared_numbers(told.written, person.id_number)
    lines = [
        Line(_("姓名"), told.name, person.name),
        Line(_("公民身份号码"), left or None, right),
        Line(_("出生日期"), day_words(told.born), day_words(person.birth_date)),
        Line(_("性别"), _sex(told.sex), _sex(person.sex)),
        Line(_("地方"), places.get(told.place), places.get(person.place_code)),
        Line(_("电话"), phone_words(told.phone), None),
        Line(_("户号"), told.household or None, None),
    ]
    return {
        "candidate": person,
        "owner": beside.levels.get("number") == "same",
        "lines": [line for line in lines if line.left or line.right],
        "likely": likely(beside.probability),
        "evidence": evidence(beside.levels, beside.weights),
        "file_url": reverse("registry_desk:file", args=[person.pk]),
    }


def _sex(code: str) -> str | None:
    return str(SEXES[code]) if code in SEXES else None
