"""Accounts that money goes to: those that a second person must look at, and entering one."""

from io import BytesIO
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.benefits.public import (
    AccountKind,
    NewAccount,
    PayAccount,
    WrongMove,
    accounts_of,
    accounts_waiting,
    decide_account,
    enter_account,
)
from yanglao.domain.people.public import Person, get_person
from yanglao.domain.places.public import town_and_village
from yanglao.flows.take_benefit_accounts import UnusableList, account_template, take_accounts
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.benefits_desk.forms import AccountForm, AccountsForm
from yanglao.web.desks.benefits_desk.words import desk_tabs
from yanglao.web.kit.downloads import file_response
from yanglao.web.kit.pager import paginate
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen

_PART = "accounts-list"


@screen(Permission.SEE_BENEFITS)
def waiting(request: HttpRequest) -> HttpResponse:
    """List accounts that wait for a second person."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    page = paginate(request, accounts_waiting(reader), size=20)
    rows = list(page.rows)
    places = town_and_village(one.place_code for one in rows)
    may = reader.can(Permission.PREPARE_BENEFITS)
    context: dict[str, Any] = {
        "tabs": desk_tabs(request, "accounts"),
        "page": page,
        "rows": [
            {
                "account": one,
                "place": places[one.place_code],
                "other_name": one.holder != one.person.name,
                "may": may and one.entered_by_id != reader.user_id,
                "own": one.entered_by_id == reader.user_id,
            }
            for one in rows
        ],
        "part_id": _PART,
        "can_enter": reader.can(Permission.ASK_BENEFITS),
    }
    return render(request, "benefits_desk/accounts.html", context)


@screen(Permission.PREPARE_BENEFITS, writes=True)
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm or refuse one."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    if request.method == "POST":
        confirmed = request.POST.get("decision") == "confirm"
        try:
            decide_account(
                account_id=pk,
                confirmed=confirmed,
                words=request.POST.get("words", ""),
                as_of=clock.today(),
                acting=reader,
            )
        except PayAccount.DoesNotExist as missing:
            raise Http404 from missing
        except WrongMove as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("已复核。") if confirmed else _("已退回。"))
    return redirect("benefits_desk:accounts")


@screen(Permission.ASK_BENEFITS, writes=True)
def enter(request: HttpRequest, person_pk: int) -> HttpResponse:
    """Enter an account of one person; the ones there are stand beside it."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    try:
        person = get_person(reader, person_pk)
    except Person.DoesNotExist as missing:
        raise Http404 from missing
    form = AccountForm(
        request.POST if request.method == "POST" else None,
        today=clock.today(),
        initial={"holder": person.name},
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            enter_account(
                account=NewAccount(
                    person_id=person.pk,
                    kind=AccountKind(said["kind"]),
                    bank=said["bank"],
                    number=said["number"],
                    holder=said["holder"],
                    first=said["first"],
                ),
                acting=reader,
            )
        except WrongMove as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已录入，等另一个人复核后才能发钱。"))
            return redirect("benefits_desk:account-enter", person.pk)
    context: dict[str, Any] = {
        "form": form,
        "person": person,
        "accounts": accounts_of(reader, person.pk),
        "trail": [
            Crumb(_("收款账户"), reverse("benefits_desk:accounts")),
            Crumb(person.name),
        ],
    }
    status = 422 if form.is_bound else 200
    return render(request, "benefits_desk/account.html", context, status=status)


@screen(Permission.ASK_BENEFITS)
def template(request: HttpRequest) -> HttpResponseBase:
    """Give the sheet that banks and villages fill in."""
    return file_response(BytesIO(account_template()), _("收款账户空表.xlsx"))


@screen(Permission.ASK_BENEFITS, writes=True)
def take(request: HttpRequest) -> HttpResponse:
    """Enter the accounts of a list; rows that were not entered are named with the reason."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    sent = request.method == "POST"
    form = AccountsForm(
        request.POST if sent else None, request.FILES if sent else None, today=clock.today()
    )
    taken = None
    if sent and form.is_valid():
        said = form.cleaned_data
        try:
            taken = take_accounts(
                said["file"].read(),
                said["file"].name,
                first=said["first"],
                kind=AccountKind(said["kind"]),
                acting=reader,
            )
        except UnusableList as problem:
            form.add_error("file", str(problem))
    context: dict[str, Any] = {
        "form": form,
        "taken": taken,
        "trail": [
            Crumb(_("收款账户"), reverse("benefits_desk:accounts")),
            Crumb(_("传一份账户表")),
        ],
    }
    status = 422 if sent and taken is None else 200
    return render(request, "benefits_desk/accounts_list.html", context, status=status)
