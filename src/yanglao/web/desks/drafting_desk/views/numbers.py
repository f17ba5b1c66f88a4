"""Numbers of a draft: one dated value, or a table of amounts by place and age band."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.flows.draft_catalogue import NumberReading, number_of, numbers_of
from yanglao.foundation import clock
from yanglao.kernel.division import prefix
from yanglao.kernel.money import plain_yuan
from yanglao.web.desks.drafting_desk.forms import BandForm, ValueForm
from yanglao.web.desks.drafting_desk.opening import Opened, base_of, keep, open_draft_page
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen


@dataclass(frozen=True, slots=True)
class NumberLine:
    """A number in the list of all: its name, what it is now, where it stands."""

    name: str
    label: str
    value: str
    source: str
    verified: bool
    changed: bool
    url: str


@screen(Permission.SEE_DRAFTS)
def overview(request: HttpRequest, pk: int) -> HttpResponseBase:
    """List the numbers that the draft's list turns on."""
    opened = open_draft_page(request, pk)
    lines = [_line(opened, one) for one in numbers_of(opened.draft)]
    context = {"lines": lines, "opened": opened, "trail": opened.trail(Crumb(_("数字")))}
    return render(request, "drafting_desk/numbers.html", context)


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def edit(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Write a number from a day on, with its source."""
    opened = open_draft_page(request, pk)
    number = _number(opened, name)
    form = ValueForm(
        request.POST or None,
        initial={"first": opened.draft.in_force_from.isoformat()},
        today=clock.today(),
        is_money=number.is_money,
        unit=number.unit,
    )
    if request.method == "POST" and form.is_valid():
        cells = request.POST.getlist("cell") if number.is_table else [""]
        if not cells:
            form.add_error(None, _("请勾选给哪些地方、哪个年龄段写金额。"))
        else:
            _keep_all(request, opened, number, cells, form.dated())
            return redirect("drafting_desk:number", pk=pk, name=name)
    context = {
        "form": form,
        "number": number,
        "opened": opened,
        "grid": _grid(opened, number),
        "bands": [band or _("各年龄") for band in number.bands],
        "band_form": BandForm(),
        "is_county": prefix(opened.draft.area) != opened.reading.base.region,
        "trail": opened.trail(
            Crumb(_("数字"), reverse("drafting_desk:numbers", args=[pk])), Crumb(number.label)
        ),
    }
    return render(request, "drafting_desk/number.html", context)


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def band(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Add an age band to a table of amounts."""
    opened = open_draft_page(request, pk)
    number = _number(opened, name)
    form = BandForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and number.is_table:
        low, high = form.cleaned_data["from_age"], form.cleaned_data["to_age"]
        called = f"{low}-{high}" if high is not None else f"{low}+"
        value = {"from_age": low, "to_age": high}
        keep(request, opened, f"band:{name}:{called}", value, base_of(request, opened))
    return redirect("drafting_desk:number", pk=pk, name=name)


def _number(opened: Opened, name: str) -> NumberReading:
    found = number_of(opened.draft, name)
    if found is None:
        raise Http404(_("没有这个数字。"))
    return found


def _keep_all(
    request: HttpRequest,
    opened: Opened,
    number: NumberReading,
    cells: list[str],
    dated: dict[str, Any],
) -> None:
    """Save the value for every cell that was ticked; ``""`` is a number without places."""
    base = base_of(request, opened)
    if not number.is_table:
        keep(request, opened, f"value:{number.name}", dated, base)
        return
    allowed = {f"{place}:{band}" for place in _places(opened, number) for band in number.bands}
    for cell in cells:
        if cell in allowed:
            keep(request, opened, f"amount:{number.name}:{cell}", dated, base)


def _places(opened: Opened, number: NumberReading) -> list[str]:
    """Places that the reader may write amounts for: his own, or all of the table and its areas."""
    own = prefix(opened.draft.area)
    known = {*number.places, own, *(a for a in opened.names if a.isdigit() and len(a) == 6)}
    return sorted(place for place in known if place.startswith(own))


@dataclass(frozen=True, slots=True)
class CellLine:
    """A cell of the grid: its name in the form, what is in force and what the draft says."""

    cell: str
    label: str
    now: str
    drafted: str


def _grid(opened: Opened, number: NumberReading) -> list[tuple[str, list[CellLine]]]:
    if not number.is_table:
        return []
    return [
        (
            opened.names.get(place, place),
            [_cell(opened, number, place, band) for band in number.bands],
        )
        for place in _places(opened, number)
    ]


def _cell(opened: Opened, number: NumberReading, place: str, band: str) -> CellLine:
    before, after = number.amounts.get((place, band), (None, None))
    now = _("未公布") if before is None else plain_yuan(before)
    drafted = plain_yuan(after) if after is not None and after != before else ""
    label = f"{opened.names.get(place, place)} {band}".strip()
    return CellLine(f"{place}:{band}", label, now, drafted)


def _line(opened: Opened, one: NumberReading) -> NumberLine:
    if one.is_table:
        told = sum(after is not None for _before, after in one.amounts.values())
        value = _("%(all)d 处里定了 %(told)d 处") % {"told": told, "all": len(one.amounts)}
    elif one.value is None:
        value = _("未公布")
    elif one.is_money:
        value = f"{plain_yuan(int(str(one.value)))} {one.unit.replace('分', '元', 1)}"
    else:
        value = f"{one.value} {one.unit}"
    return NumberLine(
        one.name,
        one.label,
        value,
        one.source,
        one.verified,
        one.changed,
        reverse("drafting_desk:number", args=[opened.draft.pk, one.name]),
    )
