"""An item in a draft: every field, the rule with its reading at once, money, switched off."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.flows.draft_catalogue import (
    RuleTrial,
    money_name_of,
    read_draft,
    try_item,
    written_item,
)
from yanglao.foundation import clock
from yanglao.web.desks.drafting_desk.forms import DELIVERED, ItemForm, MoneyForm, NewItemForm
from yanglao.web.desks.drafting_desk.opening import (
    Opened,
    base_of,
    keep,
    mistakes_of,
    open_draft_page,
)
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import is_part, screen


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def edit(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """Change an item; each change is tried at once, saved when it can be read."""
    opened = open_draft_page(request, pk)
    written = written_item(opened.draft, code)
    if written is None:
        raise Http404(_("清单里没有这一项。"))
    form = ItemForm(request.POST or None, initial=written)
    trial = try_item(opened.draft, code, {})
    if request.method == "POST":
        is_valid = form.is_valid()
        fields = _fields(form.cleaned_data)
        trial = try_item(opened.draft, code, fields)
        # A rule that can't be read is kept too: nothing that was typed is lost.
        if is_valid:
            opened = _save(request, opened, code, written, fields)
        if not is_part(request):
            if is_valid and not trial.problems:
                return redirect("drafting_desk:draft", pk=pk)
        else:
            return render(
                request, "drafting_desk/parts/said.html", _said(opened, code, trial, form)
            )
    context = {
        "form": form,
        "ways": DELIVERED,
        "code": code,
        "name": written.get("name", code),
        **_said(opened, code, trial, form),
        "amount": _amount_link(opened, code),
        "money_form": MoneyForm(initial={"label": _("%s标准") % written.get("name", "")}),
        "is_own": f"new:{code}" in opened.draft.changes,
        "trail": opened.trail(Crumb(f"{code} {written.get('name', '')}")),
    }
    return render(request, "drafting_desk/item.html", context)


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def new(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Add an item."""
    opened = open_draft_page(request, pk)
    initial = {"who": "age >= :elder_age", "delivered": "by_hand", "lead_days": 30}
    form = NewItemForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        code = form.cleaned_data["code"]
        pack = opened.reading.pack or opened.reading.base
        if code in pack.items:
            form.add_error("code", _("这个编号已经有了。"))
        else:
            fields = _fields(form.cleaned_data)
            trial = read_draft(opened.draft, {f"new:{code}": fields})
            if trial.pack is None:
                for problem in trial.problems:
                    form.add_error(None, f"{problem.what}。{problem.do}。")
            elif keep(request, opened, f"new:{code}", fields, base_of(request, opened)):
                return redirect("drafting_desk:item", pk=pk, code=code)
    context = {
        "form": form,
        "ways": DELIVERED,
        "opened": opened,
        "trail": opened.trail(Crumb(_("新项目"))),
    }
    return render(request, "drafting_desk/new_item.html", context)


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def switch(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """Leave an item out, or take it in again."""
    opened = open_draft_page(request, pk)
    _must_be_there(opened, code)
    if request.method == "POST":
        draft = opened.draft
        key = f"new:{code}" if f"new:{code}" in draft.changes else f"off:{code}"
        is_off = bool(draft.changes.get(f"off:{code}"))
        after = None if key.startswith("new:") or is_off else True
        keep(request, opened, key, after, base_of(request, opened))
    return redirect("drafting_desk:draft", pk=pk)


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def money(request: HttpRequest, pk: int, code: str) -> HttpResponseBase:
    """Give an item an amount: what it is called, how often it is paid."""
    opened = open_draft_page(request, pk)
    _must_be_there(opened, code)
    form = MoneyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        value = {"label": form.cleaned_data["label"], "per": form.cleaned_data["per"]}
        if keep(request, opened, f"money:{code}", value, base_of(request, opened)):
            return redirect("drafting_desk:number", pk=pk, name=money_name_of(code))
    return redirect("drafting_desk:item", pk=pk, code=code)


def _must_be_there(opened: Opened, code: str) -> None:
    """Answer 404 for an item that neither the published list nor the draft has."""
    if written_item(opened.draft, code) is None:
        raise Http404(_("清单里没有这一项。"))


def _fields(cleaned: dict[str, Any]) -> dict[str, str]:
    """Return an item's fields as a change keeps them: all texts, without line ends."""
    return {
        name: " ".join(str(value).split())
        for name, value in cleaned.items()
        if name != "code" and value not in (None, "")
    }


def _save(
    request: HttpRequest, opened: Opened, code: str, written: dict[str, Any], fields: dict[str, str]
) -> Opened:
    """Save what differs from what stands now; return the draft as it is then."""
    own = f"new:{code}"
    if own in opened.draft.changes:
        key, after = own, {**opened.draft.changes[own], **fields}
    else:
        published = written_item(opened.draft, code, published=True) or {}
        key = f"item:{code}"
        after = {
            name: value
            for name, value in fields.items()
            if " ".join(str(published.get(name, "")).split()) != value
        }
    if after != opened.draft.changes.get(key, {}):
        keep(request, opened, key, after or None, base_of(request, opened))
        return open_draft_page(request, opened.draft.pk)
    return opened


def _said(opened: Opened, code: str, trial: RuleTrial, form: ItemForm) -> dict[str, Any]:
    """Return what stands beside the form: how the rule reads, what is wrong, cases that turn."""
    return {
        "opened": opened,
        "trial": trial,
        "form_problems": mistakes_of(form),
        "turned": [case for case in opened.reading.failed if case.item == code],
        "saved_at": clock.now(),
        "revision": opened.draft.revision,
    }


def _amount_link(opened: Opened, code: str) -> tuple[str, str] | None:
    """Return label and address of the item's amount, ``None`` without money."""
    pack = opened.reading.pack or opened.reading.base
    item = pack.items.get(code)
    if item is None or item.amount is None:
        return None
    name = item.amount.parameter
    url = reverse("drafting_desk:number", args=[opened.draft.pk, name])
    return pack.parameters[name].label, url
