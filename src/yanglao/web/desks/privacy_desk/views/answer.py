"""One request about a person's data, and its answer."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.rights.public import (
    RequestKind,
    RequestState,
    RightsRequest,
    get_request,
    hold_words,
    holds_of,
)
from yanglao.flows.tell_person import answer
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.privacy_desk.finding import put_back, trail_of
from yanglao.web.desks.privacy_desk.forms import AnswerForm
from yanglao.web.desks.privacy_desk.words import request_status
from yanglao.web.kit.screens import screen


@screen(Permission.KEEP_RIGHTS, writes=True)
def request_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a request; on POST keep the answer."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    try:
        found = get_request(reader, pk)
    except RightsRequest.DoesNotExist as missing:
        raise Http404 from missing
    form = AnswerForm(request.POST or None)
    if found.kind != RequestKind.DELETE:
        del form.fields["erase_contacts"]
    today = clock.today()
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            answer(
                request_id=pk,
                state=RequestState(data["state"]),
                words=data["answer"],
                as_of=today,
                acting=reader,
                erase_contacts=data.get("erase_contacts", False),
            )
        except ValidationError as refusal:
            put_back(form, refusal)
        else:
            messages.success(request, _("已记下答复，请告诉本人。"))
            return redirect("privacy_desk:request", pk)
    changes_data = found.kind in {RequestKind.CORRECT, RequestKind.DELETE}
    context = {
        "found": found,
        "status": request_status(found, today),
        "form": form,
        "may_answer": found.state == RequestState.OPEN
        and reader.can(Permission.DECIDE_RIGHTS if changes_data else Permission.KEEP_RIGHTS),
        "holds": [hold_words(hold) for hold in holds_of(found.person_id, today)],
        "help": _help(found),
        "trail": trail_of(found.person, str(found.get_kind_display())),
    }
    return render(
        request, "privacy_desk/request.html", context, status=422 if form.is_bound else 200
    )


def _help(found: RightsRequest) -> tuple[str, str, str]:
    """Return what to do for the request: words, address and label of the button."""
    pk = found.person_id
    if found.kind == RequestKind.WHO_LOOKED:
        words = _("打印“谁看过我的档案”，交给本人。")
        return words, reverse("privacy_desk:who-looked", args=[pk]), str(_("打开这张单子"))
    if found.kind == RequestKind.COPY:
        words = _("下载本人资料，打印或拷给本人。")
        return words, reverse("privacy_desk:copy-sheet", args=[pk]), str(_("下载本人资料"))
    if found.kind == RequestKind.CORRECT:
        words = _("核对证明；写错的在档案里登记正确的情况，登记过的会自动写进答复。")
        return words, reverse("registry_desk:record-choose", args=[pk]), str(_("去登记"))
    return "", "", ""
