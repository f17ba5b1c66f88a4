"""The run, payment, claim or file that an address names, or the page that says it is not there."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.settlement.public import (
    BankFile,
    Claim,
    ElsewhereList,
    Payment,
    PaymentRun,
    get_bank_file,
    get_claim,
    get_elsewhere,
    get_payment,
    get_run,
)
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.payments_desk.words import title_of
from yanglao.web.kit.parts import Crumb


def reader_of(request: HttpRequest) -> Reader:
    """Return who asks."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    return reader


def _found(request: HttpRequest, pk: int, get: Callable[[Reader, int], Any], words: str) -> Any:
    """Return what ``get`` finds, or answer that there is no such thing in the area."""
    try:
        return get(reader_of(request), pk)
    except ObjectDoesNotExist as missing:
        raise Http404(words) from missing


def found_run(request: HttpRequest, pk: int) -> PaymentRun:
    """Return the run; 404 outside the reader's area."""
    run: PaymentRun = _found(request, pk, get_run, _("没有这个发放批次，或不在您的辖区。"))
    return run


def found_payment(request: HttpRequest, pk: int) -> Payment:
    """Return the payment; 404 outside the reader's area."""
    payment: Payment = _found(request, pk, get_payment, _("没有这笔款项，或不在您的辖区。"))
    return payment


def found_claim(request: HttpRequest, pk: int) -> Claim:
    """Return the claim; 404 outside the reader's area."""
    claim: Claim = _found(request, pk, get_claim, _("没有这笔追缴，或不在您的辖区。"))
    return claim


def found_elsewhere(request: HttpRequest, pk: int) -> ElsewhereList:
    """Return another payer's list; 404 outside the reader's area."""
    found: ElsewhereList = _found(request, pk, get_elsewhere, _("没有这份名单，或不在您的辖区。"))
    return found


def found_file(request: HttpRequest, pk: int) -> BankFile:
    """Return the bank file; 404 outside the reader's area."""
    file: BankFile = _found(request, pk, get_bank_file, _("没有这个银行文件，或不在您的辖区。"))
    return file


def trail_of(run: PaymentRun | None, *last: str) -> list[Crumb]:
    """Return the breadcrumb down to a run and what is under it."""
    trail = [Crumb(_("待遇发放"), reverse("payments_desk:runs"))]
    if run is not None:
        url = reverse("payments_desk:run", args=[run.pk]) if last else ""
        trail.append(Crumb(title_of(run), url))
    return [*trail, *(Crumb(text) for text in last)]
