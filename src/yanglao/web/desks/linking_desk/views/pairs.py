"""疑似重复档案: two files side by side, merged by a person or told apart, and taken back."""

from collections.abc import Sequence
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
from yanglao.domain.linkage.public import FilePair, PairState, file_pairs, get_pair, say_different
from yanglao.domain.people.public import Person
from yanglao.domain.places.public import full_names_of
from yanglao.flows.settle_doubts import merge_pair, undo_pair
from yanglao.flows.show_doubts import see_pair
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.linking_desk.tabs import desk_tabs
from yanglao.web.desks.linking_desk.views.looking import looking_url
from yanglao.web.desks.linking_desk.words import (
    Line,
    compared_numbers,
    day_words,
    evidence,
    likely,
    phone_words,
)
from yanglao.web.kit.filters import Filter, bind_filters
from yanglao.web.kit.formats import SEXES
from yanglao.web.kit.parts import Crumb, Status
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "linking-pairs"
_FILTERS = (Filter("state", gettext_lazy("现状"), "choice", list(PairState.choices)),)
_TONES = {
    PairState.WAITING: "warning",
    PairState.MERGED: "success",
    PairState.DIFFERENT: "neutral",
}


@dataclass(frozen=True, slots=True)
class PairLine:
    """A pair ready to show."""

    pair: FilePair
    place: str

    @property
    def names(self) -> str:
        """Both names, once if they are the same."""
        return " / ".join(dict.fromkeys((self.pair.one.name, self.pair.other.name)))

    @property
    def likely(self) -> str:
        """How likely it is."""
        return str(likely(self.pair.probability))

    @property
    def status(self) -> Status:
        """What became of it."""
        state = PairState(self.pair.state)
        return Status(state.label, _TONES[state])

    @property
    def url(self) -> str:
        """Its page."""
        return reverse("linking_desk:pair", args=[self.pair.pk])


PAIRS = TableSpec(
    key="linking-pairs",
    caption=gettext_lazy("可能是同一人的两份档案"),
    columns=(
        Column("names", gettext_lazy("姓名"), note=attrgetter("place"), fixed=True),
        Column("pair.one.birth_date", gettext_lazy("出生日期"), kind="date"),
        Column("likely", gettext_lazy("像不像")),
        Column("status", gettext_lazy("现状"), kind="status"),
    ),
    page_size=50,
    row_url=attrgetter("url"),
    row_label=attrgetter("names"),
)


@screen(Permission.TAKE_IN_LISTS)
def pairs(request: HttpRequest) -> HttpResponse:
    """List pairs of files, the likeliest first."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    bar = bind_filters(request, _FILTERS, part_id=_PART)
    found = file_pairs(reader, state=bar["state"] or PairState.WAITING)

    def fetch(order: Sequence[str], start: int, count: int) -> list[PairLine]:
        chosen = list(found[start : start + count])
        places = full_names_of({one.place_code for one in chosen})
        return [PairLine(one, places.get(one.place_code, "")) for one in chosen]

    context = {
        "tabs": desk_tabs(request, "pairs"),
        "bar": bar,
        "part_id": _PART,
        "looking": looking_url("look_for_twins", reader),
        "table": PAIRS.bind(
            request,
            fetch,
            total=found.count(),
            part_id=_PART,
            empty={
                "title": _("没有疑似重复的档案"),
                "text": _("同名、同一天出生、号码不同的两份档案会列在这里。点“查找一遍”再找。"),
                "icon": "circle-check",
            },
        ),
    }
    return render_page_or_part(
        request, "linking_desk/pairs.html", "linking_desk/parts/pairs.html", context
    )


@screen(Permission.TAKE_IN_LISTS, leaves_trace=True)
def pair(request: HttpRequest, pk: int) -> HttpResponse:
    """Show two files side by side."""
    return _show(request, pk)


@screen(Permission.TAKE_IN_LISTS, writes=True)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Merge two files, or tell them apart."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    if request.method != "POST":
        return redirect("linking_desk:pair", pk)
    _found(request, pk)
    reason, chosen = request.POST.get("reason", ""), request.POST.get("goes_on", "")
    try:
        if request.POST.get("decision") == "different":
            say_different(pair_id=pk, acting=reader, reason=reason)
            messages.success(request, _("已记下：这是两个人，以后不再问。"))
        else:
            goes_on = int(chosen) if chosen.isascii() and chosen.isdigit() else 0
            merge_pair(pair_id=pk, goes_on=goes_on, acting=reader, reason=reason)
            messages.success(request, _("已合并。合错了可以随时撤销，什么都不会丢。"))
    except Person.DoesNotExist:
        return _show(request, pk, _("其中一份档案已不在您的辖区内。"), 422)
    except ValueError as refusal:
        return _show(request, pk, str(refusal), 422)
    return redirect("linking_desk:pairs")


@screen(Permission.TAKE_IN_LISTS, writes=True)
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was decided about a pair."""
    if request.method != "POST":
        return redirect("linking_desk:pair", pk)
    _found(request, pk)
    try:
        undo_pair(pair_id=pk, acting=request.reader)  # type: ignore[attr-defined]
    except (ValueError, Person.DoesNotExist) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已撤销，两份档案各归各位，期间收到的名单也分开了。"))
    return redirect("linking_desk:pair", pk)


def _found(request: HttpRequest, pk: int) -> FilePair:
    try:
        return get_pair(request.reader, pk)  # type: ignore[attr-defined]
    except FilePair.DoesNotExist as missing:
        raise Http404 from missing


def _show(request: HttpRequest, pk: int, problem: str = "", status: int = 200) -> HttpResponse:
    found = _found(request, pk)
    seen = see_pair(request.reader, found, clock.today())  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "pair": found,
        "waits": found.state == PairState.WAITING,
        "merged": found.state == PairState.MERGED,
        "state": PairState(found.state).label,
        "problem": problem,
        "seen": seen,
        "trail": [Crumb(_("对人核实"), reverse("linking_desk:pairs")), Crumb(found.one.name)],
    }
    if seen is not None:
        one, other = seen.one.person, seen.other.person
        places = full_names_of({one.place_code, other.place_code})
        left, right = compared_numbers(one.id_number, other.id_number)
        lines = [
            Line(_("姓名"), one.name, other.name),
            Line(_("公民身份号码"), left, right),
            Line(_("出生日期"), day_words(one.birth_date), day_words(other.birth_date)),
            Line(_("性别"), str(SEXES[one.sex]), str(SEXES[other.sex])),
            Line(_("地方"), places.get(one.place_code), places.get(other.place_code)),
            Line(_("电话"), *(phone_words(phone) for phone in seen.phones)),
        ]
        facts = [
            Line(a.label, a.value_label if a.known else None, b.value_label if b.known else None)
            for a, b in seen.facts
            if a.name not in {"sex", "age", "birth_date"}
        ]
        context |= {
            "lines": [line for line in lines if line.left or line.right],
            "facts": facts,
            "likely": likely(found.probability),
            "evidence": evidence(found.levels, seen.one.weights),
            "sides": [
                (one.pk, left, one.name, reverse("registry_desk:file", args=[one.pk])),
                (other.pk, right, other.name, reverse("registry_desk:file", args=[other.pk])),
            ],
        }
    return render(request, "linking_desk/pair.html", context, status=status)
