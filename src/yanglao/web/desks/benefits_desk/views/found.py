"""免申即享: everybody found of a place and item, asked for consent, opened together."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.places.public import place_choices, town_and_village
from yanglao.domain.rights.public import Asker, Channel
from yanglao.flows.judge_benefit import MoneyItem, money_items
from yanglao.flows.open_benefits import MOST, found_without_case, open_found
from yanglao.flows.open_pack import NoPackInForce
from yanglao.flows.read_procedures import procedures
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.dates import whole_years
from yanglao.web.desks.benefits_desk.forms import ConsentForm
from yanglao.web.desks.benefits_desk.words import desk_tabs
from yanglao.web.kit.filters import Filter, bind_filters
from yanglao.web.kit.screens import screen

_PART = "found-list"


@screen(Permission.ASK_BENEFITS, writes=True)
def found(request: HttpRequest) -> HttpResponse:
    """Show who was found for an item; posted, record the consents and open the cases."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    try:
        items = money_items(today)
    except (NoPackInForce, LookupError):
        items = []
    bar = bind_filters(
        request,
        [
            Filter("item", _("待遇"), choices=[(one.code, one.name) for one in items]),
            Filter(
                "place",
                _("地点"),
                choices=place_choices(reader, own=bool(request.GET.get("place"))),
            ),
        ],
        part_id=_PART,
    )
    item = next((one for one in items if one.code == bar["item"]), None)
    form = ConsentForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and item is not None:
        chosen = _chosen(request)
        if not chosen:
            form.add_error(None, _("先勾选同意的人。"))
        if form.is_valid():
            return _opened(request, reader, item, chosen, form)
    people, total = found_without_case(reader, item) if item else ([], 0)
    places = town_and_village(one.place_code for one in people)
    context: dict[str, Any] = {
        "bar": bar,
        "tabs": desk_tabs(request, "found"),
        "items": items,
        "item": item,
        "form": form,
        "people": [
            {
                "person": one,
                "age": whole_years(one.birth_date, today),
                "place": places[one.place_code],
            }
            for one in people
        ],
        "total": total,
        "more": max(0, total - len(people)),
        "most": MOST,
        "consent": procedures().consent,
        "part_id": _PART,
    }
    status = 422 if form.is_bound else 200
    return render(request, "benefits_desk/found.html", context, status=status)


def _chosen(request: HttpRequest) -> list[int]:
    sent = request.POST.getlist("chosen")
    if len(sent) > MOST or not all(text.isascii() and text.isdigit() for text in sent):
        raise BadRequest(_("一次最多办 %(most)d 人。") % {"most": MOST})
    return [int(text[:18]) for text in sent]


def _opened(
    request: HttpRequest, reader: Reader, item: MoneyItem, chosen: list[int], form: ConsentForm
) -> HttpResponse:
    opened = open_found(
        person_ids=chosen,
        item_code=item.code,
        given_by=Asker(form.cleaned_data["given_by"]),
        channel=Channel(form.cleaned_data["channel"]),
        as_of=clock.today(),
        acting=reader,
    )
    if opened:
        messages.success(
            request,
            _("已登记同意并立案 %(number)d 件，等初审。") % {"number": len(opened)},
        )
    if len(opened) < len(chosen):
        messages.warning(
            request,
            _("%(left)d 人没有立案：情况变了，或已经有个案。")
            % {"left": len(chosen) - len(opened)},
        )
    return HttpResponseRedirect(f"{reverse('benefits_desk:cases')}?state=open&item={item.item_id}")
