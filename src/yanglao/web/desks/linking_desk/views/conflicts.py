"""部门说法矛盾: what two departments cannot both be right about, and what the clerk found out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.linkage.public import Conflict, ConflictState, conflicts, get_conflict
from yanglao.domain.people.public import Person
from yanglao.domain.places.public import full_names_of
from yanglao.flows.check_conflicts import rule_choices, rule_of, rules_followed, unsettle
from yanglao.flows.check_conflicts import settle as put
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.linking_desk.tabs import desk_tabs
from yanglao.web.desks.linking_desk.views.looking import looking_url
from yanglao.web.kit.filters import Filter, bind_filters
from yanglao.web.kit.parts import Crumb, Status
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "linking-conflicts"
_TONES = {
    ConflictState.OPEN: "warning",
    ConflictState.SETTLED: "success",
    ConflictState.GONE: "neutral",
}


@dataclass(frozen=True, slots=True)
class ConflictLine:
    """A conflict ready to show."""

    conflict: Conflict
    place: str
    label: str
    by_rule: bool = False

    @property
    def says(self) -> str:
        """What each side says, in one line."""
        sides = json.loads(self.conflict.sides)
        return "；".join(f"{side['source']}：{side['words']}" for side in sides)

    @property
    def status(self) -> Status:
        """What became of it."""
        state = ConflictState(self.conflict.state)
        if state == ConflictState.OPEN and self.by_rule:
            return Status(_taken_by_rule(json.loads(self.conflict.sides)), "info")
        return Status(state.label, _TONES[state])

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("linking_desk:conflict", args=[self.conflict.pk])


CONFLICTS = TableSpec(
    key="linking-conflicts",
    caption=gettext_lazy("部门说法矛盾"),
    columns=(
        Column("conflict.person.name", gettext_lazy("姓名"), note=attrgetter("place"), fixed=True),
        Column("label", gettext_lazy("什么矛盾")),
        Column("says", gettext_lazy("各方怎么说"), wide=True),
        Column("status", gettext_lazy("现状"), kind="status"),
    ),
    page_size=50,
    row_url=attrgetter("url"),
    row_label=attrgetter("conflict.person.name"),
)


@screen(Permission.TAKE_IN_LISTS)
def conflicts_page(request: HttpRequest) -> HttpResponse:
    """List conflicts, by rule and then the oldest first."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    labels, by_rule = dict(rule_choices()), rules_followed()
    filters = (
        Filter("rule", _("什么矛盾"), "choice", list(labels.items())),
        Filter("state", _("现状"), "choice", list(ConflictState.choices)),
    )
    bar = bind_filters(request, filters, part_id=_PART)
    found = conflicts(reader, state=bar["state"] or ConflictState.OPEN)
    if bar["rule"]:
        found = found.filter(rule=bar["rule"])

    def fetch(order: Sequence[str], start: int, count: int) -> list[ConflictLine]:
        chosen = list(found[start : start + count])
        places = full_names_of({one.place_code for one in chosen})
        return [
            ConflictLine(
                one,
                places.get(one.place_code, ""),
                labels.get(one.rule, one.rule),
                one.rule in by_rule,
            )
            for one in chosen
        ]

    context = {
        "tabs": desk_tabs(request, "conflicts"),
        "bar": bar,
        "part_id": _PART,
        "looking": looking_url("look_for_conflicts", reader),
        "table": CONFLICTS.bind(
            request,
            fetch,
            total=found.count(),
            part_id=_PART,
            empty={
                "title": _("没有要处理的矛盾"),
                "text": _("收到新名单以后，点“核对一遍”，部门之间对不上的会列在这里。"),
                "icon": "circle-check",
            },
        ),
    }
    return render_page_or_part(
        request, "linking_desk/conflicts.html", "linking_desk/parts/conflicts.html", context
    )


@screen(Permission.TAKE_IN_LISTS)
def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one conflict and ask which side is right."""
    return _show(request, pk)


@screen(Permission.TAKE_IN_LISTS, writes=True)
def settle(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the clerk's word."""
    if request.method != "POST":
        return redirect("linking_desk:conflict", pk)
    _found(request, pk)
    chosen = request.POST.get("choice", "")
    try:
        if chosen not in {"none", *map(str, range(10))}:
            raise ValueError(_("请选择以哪一边为准。"))
        put(
            conflict_id=pk,
            choice=None if chosen == "none" else int(chosen),
            acting=request.reader,  # type: ignore[attr-defined]
            reason=request.POST.get("reason", ""),
        )
    except PermissionError as refusal:
        return _show(request, pk, str(refusal), 422)
    except Person.DoesNotExist:
        return _show(request, pk, _("这位老人已不在您的辖区内。"), 422)
    except ValueError as refusal:
        return _show(request, pk, str(refusal), 422)
    messages.success(
        request, _("已处理，没有采信的说法不再算数。部门改口之前不会再问，处理错了可以撤回。")
    )
    return redirect("linking_desk:conflicts")


@screen(Permission.TAKE_IN_LISTS, writes=True)
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a settled conflict be decided again."""
    if request.method == "POST":
        _found(request, pk)
        unsettle(conflict_id=pk, acting=request.reader)  # type: ignore[attr-defined]
        messages.success(request, _("已撤回，请重新处理。"))
    return redirect("linking_desk:conflict", pk)


def _taken_by_rule(sides: Sequence[Mapping[str, Any]]) -> str:
    """Return which department's word facts follow until somebody has decided."""
    source = next((side["source"] for side in sides if side["wins"]), "")
    return _("已按规则取%(source)s") % {"source": source}


def _found(request: HttpRequest, pk: int) -> Conflict:
    try:
        return get_conflict(request.reader, pk)  # type: ignore[attr-defined]
    except Conflict.DoesNotExist as missing:
        raise Http404 from missing


def _show(request: HttpRequest, pk: int, problem: str = "", status: int = 200) -> HttpResponse:
    found = _found(request, pk)
    rule = rule_of(found.rule)
    sides = json.loads(found.sides)
    context = {
        "conflict": found,
        "rule": rule,
        "sides": sides,
        "place": full_names_of({found.place_code}).get(found.place_code, ""),
        "waits": found.state == ConflictState.OPEN,
        "settled": found.state == ConflictState.SETTLED,
        "state": ConflictState(found.state).label,
        "not_counted": found.choice is not None,
        "chosen": sides[found.choice]["words"] if found.choice is not None else "",
        "by_rule": _taken_by_rule(sides) if rule is not None and rule.by_rule else "",
        "problem": problem,
        "file_url": reverse("registry_desk:file", args=[found.person_id]),
        "trail": [
            Crumb(_("对人核实"), reverse("linking_desk:conflicts")),
            Crumb(found.person.name),
        ],
    }
    return render(request, "linking_desk/conflict.html", context, status=status)
