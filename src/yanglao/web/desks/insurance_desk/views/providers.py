"""护理机构: who has a contract with the fund, until when, for how many people."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.public import (
    Provider,
    WrongStep,
    get_provider,
    people_of_providers,
    providers,
    save_provider,
)
from yanglao.domain.places.public import children, names_of
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.insurance_desk.forms import ProviderForm
from yanglao.web.desks.insurance_desk.words import page, reader_of
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.parts import Action, Status, Text
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

_PART = "providers-list"


def _status(row: dict[str, Any]) -> Status:
    if row["to"] is not None and row["to"] < row["today"]:
        return Status(_("协议已到期"), "neutral")
    if row["from"] > row["today"]:
        return Status(_("协议还没开始"), "info")
    return Status(_("协议期内"), "success")


PROVIDERS = TableSpec(
    key="ltci-providers",
    caption=gettext_lazy("护理机构"),
    default_sort="name",
    row_url=lambda row: reverse("insurance_desk:provider", args=[row["pk"]]),
    columns=(
        Column(
            "name",
            gettext_lazy("机构"),
            sort="name",
            note=lambda row: row["code"],
            wide=True,
            width=34,
        ),
        Column("kind", gettext_lazy("服务类别"), sort="kind"),
        Column("place", gettext_lazy("所在地"), sort="place"),
        Column("people", gettext_lazy("现在照护"), kind="num", sort="people"),
        Column("from", gettext_lazy("协议起"), kind="date", sort="from"),
        Column("to", gettext_lazy("协议止"), kind="date", sort="to"),
        Column("status", gettext_lazy("状态"), kind="status", value=_status),
    ),
)


def _bar(request: HttpRequest) -> FilterBar:
    return bind_filters(
        request,
        [Filter("q", _("找机构"), "text", hint=_("名称或信用代码"))],
        part_id=_PART,
    )


def _rows(request: HttpRequest, today: date) -> list[dict[str, Any]]:
    reader = reader_of(request)
    found = list(providers(reader, text=_bar(request)["q"]))
    people = people_of_providers(reader, today)
    names = names_of({row.place_code for row in found})
    return [
        {
            "pk": row.pk,
            "name": row.name,
            "code": row.credit_code,
            "kind": row.get_kind_display(),
            "place": names.get(row.place_code, row.place_code),
            "people": people.get(row.pk, 0),
            "from": row.contract_from,
            "to": row.contract_to,
            "today": today,
        }
        for row in found
    ]


@screen(Permission.SEE_INSURANCE)
def board(request: HttpRequest) -> HttpResponse:
    """List providers of the area."""
    rows = _rows(request, clock.today())
    may = reader_of(request).can(Permission.MANAGE_INSURANCE)
    new = reverse("insurance_desk:provider-new")
    context = page(
        "providers",
        _("定点护理机构"),
        note=_("和基金签了协议的机构；协议期外的服务不付。"),
        buttons=[Action(_("登记机构"), url=new, icon="plus", tone="primary")] if may else [],
        bar=_bar(request),
        part_id=_PART,
        table=PROVIDERS.bind(
            request,
            rows,
            export_url=reverse("insurance_desk:providers-export"),
            part_id=_PART,
            empty={
                "title": _("还没有护理机构"),
                "text": _("登记签了协议的机构，才能安排照护计划。"),
                "action_url": new if may else "",
                "action_text": _("登记机构"),
                "icon": "building-2",
            },
        ),
    )
    return render_page_or_part(
        request, "insurance_desk/list.html", "insurance_desk/parts/list.html", context
    )


@screen(Permission.SEE_INSURANCE)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the providers as a sheet."""
    return excel_response(
        request, PROVIDERS, _rows(request, clock.today()), title=_("定点护理机构")
    )


def places_of(reader: Reader) -> list[tuple[str, Text]]:
    """Offer the reader's place and those directly below it."""
    own = names_of([reader.area]).get(reader.area, reader.area)
    below: list[tuple[str, Text]] = [(place.code, place.name) for place in children(reader.area)]
    return [(reader.area, own), *below]


@screen(Permission.MANAGE_INSURANCE, writes=True)
def save(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Enter a provider, or change one."""
    reader = reader_of(request)
    row = _found(request, pk) if pk is not None else None
    places = places_of(reader)
    first: dict[str, Any] = {"contract_from": clock.today()}
    if row is not None:
        first = {
            name: getattr(row, name)
            for name in ("name", "credit_code", "kind", "contract_from", "contract_to")
        }
        first["place"] = row.place_code
        if row.place_code not in dict(places):
            places.append((row.place_code, names_of([row.place_code]).get(row.place_code, "")))
    form = ProviderForm(
        request.POST if request.method == "POST" else None, places=places, initial=first
    )
    if form.is_bound and form.is_valid():
        data = dict(form.cleaned_data)
        place = data.pop("place")
        try:
            save_provider(place_code=place, acting=reader, provider_id=pk, **data)
        except WrongStep as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已保存。"))
            return redirect("insurance_desk:providers")
    context = page(
        "providers",
        row.name if row else _("登记护理机构"),
        last=row.name if row else _("登记"),
        form=form,
        submit=_("保存"),
        back=reverse("insurance_desk:providers"),
    )
    return render(
        request, "insurance_desk/form.html", context, status=422 if form.is_bound else 200
    )


def _found(request: HttpRequest, pk: int) -> Provider:
    try:
        return get_provider(reader_of(request), pk)
    except Provider.DoesNotExist as problem:
        raise Http404(_("没有这家机构，或者不在您的辖区。")) from problem
