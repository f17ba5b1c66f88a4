"""One claim: instalments, money brought back, giving it up by two people, and the letter."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.people.public import family_of
from yanglao.domain.places.public import names_of, town_and_village
from yanglao.domain.settlement.public import (
    ACCOUNT_LABELS,
    ACT_LABELS,
    Account,
    Act,
    Claim,
    Refused,
    agree_instalments,
    ask_write_off,
    decide_write_off,
    entries,
    offset_failed,
    payments_to_offset,
    record_repayment,
    repayments_of,
    write_offs_of,
)
from yanglao.flows.explain_payments import benefit_names, named, reason_words
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.dates import zh_day
from yanglao.web.desks.payments_desk.finding import found_claim, reader_of, trail_of
from yanglao.web.desks.payments_desk.forms import (
    AgreeForm,
    AnswerForm,
    RepayForm,
    WriteOffForm,
)
from yanglao.web.desks.payments_desk.views.claims import months_of
from yanglao.web.desks.payments_desk.words import claim_status, month_title, yuan
from yanglao.web.kit.documents import (
    add_note,
    add_paragraph,
    add_table,
    as_response,
    new_document,
)
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen

_FORMS: dict[str, type[forms.Form]] = {
    "agree": AgreeForm,
    "repay": RepayForm,
    "ask": WriteOffForm,
    "answer": AnswerForm,
}


@screen(Permission.SEE_PAYMENTS)
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one claim."""
    return _page(request, found_claim(request, pk))


@screen(Permission.SEE_PAYMENTS, writes=True)
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Do one thing to a claim; the act itself says who may."""
    found = found_claim(request, pk)
    wanted = request.POST.get("act", "")
    if request.method != "POST" or wanted not in {*_FORMS, "offset"}:
        return redirect("payments_desk:claim", pk)
    form = _FORMS[wanted](request.POST, auto_id=f"{wanted}-%s") if wanted in _FORMS else None
    if form is not None and not form.is_valid():
        return _page(request, found, wanted, form)
    data: dict[str, Any] = form.cleaned_data if form is not None else {}
    try:
        _ACTS[wanted](request, found, data)
    except (Refused, PermissionError) as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("已登记。"))
    return redirect("payments_desk:claim", pk)


def _agree(request: HttpRequest, found: Claim, data: dict[str, Any]) -> None:
    agree_instalments(claim_id=found.pk, as_of=clock.today(), acting=reader_of(request), **data)


def _repay(request: HttpRequest, found: Claim, data: dict[str, Any]) -> None:
    record_repayment(
        claim_id=found.pk,
        fen=data["yuan"],
        paid_on=data["paid_on"],
        proof=data["proof"],
        words=data["words"],
        acting=reader_of(request),
    )


def _ask(request: HttpRequest, found: Claim, data: dict[str, Any]) -> None:
    ask_write_off(claim_id=found.pk, why=data["why"], acting=reader_of(request))


def _answer(request: HttpRequest, found: Claim, data: dict[str, Any]) -> None:
    open_ = write_offs_of(found).filter(state="asked").first()
    if open_ is None:
        raise Refused(_("没有待审批的核销申请。"))
    decide_write_off(
        write_off_id=open_.pk,
        agree=data["agree"] == "yes",
        answer=data["answer"],
        as_of=clock.today(),
        acting=reader_of(request),
    )


def _offset(request: HttpRequest, found: Claim, data: dict[str, Any]) -> None:
    payment = request.POST.get("payment", "")
    offset_failed(
        claim_id=found.pk,
        payment_id=int(payment) if payment.isdigit() else 0,
        as_of=clock.today(),
        acting=reader_of(request),
    )


_ACTS: dict[str, Callable[[HttpRequest, Claim, dict[str, Any]], None]] = {
    "agree": _agree,
    "repay": _repay,
    "ask": _ask,
    "answer": _answer,
    "offset": _offset,
}


@screen(Permission.PREPARE_PAYMENTS, leaves_trace=True)
def letter(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with the letter to the person, as Word."""
    found = found_claim(request, pk)
    names = benefit_names(found.run.region_code)
    place = names_of([found.run.region_code]).get(found.run.region_code, "")
    benefit = named([found.benefit], names)
    today = clock.today()
    doc = new_document(_("多发待遇退回通知书"), subtitle=f"{place}〔{today.year}〕{found.pk} 号")
    add_paragraph(doc, _("%(name)s（或家属）：") % {"name": found.name})
    add_paragraph(
        doc,
        _("经核对，您的%(benefit)s在%(months)s因“%(cause)s”不应发放（或应少发），已多发 %(yuan)s。")
        % {
            "benefit": benefit,
            "months": months_of(found),
            "cause": reason_words(found.cause),
            "yuan": yuan(found.fen),
        },
    )
    add_table(
        doc,
        [_("待遇"), _("月份"), _("多发"), _("已扣回"), _("已退回"), _("还欠")],
        [
            [
                *(benefit, months_of(found), yuan(found.fen), yuan(found.withheld_fen)),
                *(yuan(found.repaid_fen), yuan(found.left_fen)),
            ]
        ],
    )
    if found.person.died_on:
        add_paragraph(doc, _("请家属在收到本通知后到民政部门办理退回。"))
    elif found.instalment_fen:
        add_paragraph(
            doc,
            _("双方约定从以后的待遇中每月扣回 %(yuan)s，扣完为止。")
            % {"yuan": yuan(found.instalment_fen)},
        )
    else:
        add_paragraph(
            doc, _("请在收到本通知后到民政部门办理退回，也可以约定从以后的待遇中分期扣回。")
        )
    add_paragraph(doc, _("如有不同意见，可以向作出决定的民政部门提出申诉。"))
    add_paragraph(doc, f"{place}　{today.year} 年 {zh_day(today)}")
    add_note(
        doc, _("批次 %(number)s，追缴编号 %(pk)d") % {"number": found.run.number, "pk": found.pk}
    )
    return as_response(doc, _("退回通知书 %(name)s") % {"name": found.name}, request=request)


def _page(
    request: HttpRequest, found: Claim, wanted: str = "", refused: forms.Form | None = None
) -> HttpResponse:
    reader = reader_of(request)
    names = benefit_names(found.run.region_code)
    offs = list(write_offs_of(found))
    asked = next((one for one in offs if one.state == "asked"), None)
    context = {
        "claim": found,
        "name": found.name,
        "benefit": named([found.benefit], names),
        "months": months_of(found),
        "cause": reason_words(found.cause),
        "place": town_and_village([found.place_code])[found.place_code],
        "status": claim_status(found.state),
        "month": month_title(found.run.month),
        "entries": [
            (
                one,
                ACT_LABELS[Act(one.act)],
                ACCOUNT_LABELS[Account(one.debit)],
                ACCOUNT_LABELS[Account(one.credit)],
            )
            for one in entries(reader, claim=found.pk).order_by("id")
        ],
        "repayments": list(repayments_of(found)),
        "write_offs": offs,
        "asked": asked,
        "died": found.person.died_on,
        "family": found.person_id in family_of(reader.user_id),
        "own": asked is not None and _same(asked.asked_by_id, asked.asked_by, reader),
        "forms": {
            name: refused if name == wanted and refused else form(auto_id=f"{name}-%s")
            for name, form in _FORMS.items()
        },
        "offsets": list(payments_to_offset(reader, found)) if found.left_fen else [],
        "can_prepare": reader.can(Permission.PREPARE_PAYMENTS),
        "can_approve": reader.can(Permission.APPROVE_PAYMENTS),
        "trail": [
            *trail_of(None),
            Crumb(_("追缴"), reverse("payments_desk:claims")),
            Crumb(found.name),
        ],
    }
    status = 422 if refused is not None else 200
    return render(request, "payments_desk/claim.html", context, status=status)


def _same(user_id: int | None, name: str, reader: Reader) -> bool:
    return user_id == reader.user_id if reader.user_id is not None else name == reader.name
