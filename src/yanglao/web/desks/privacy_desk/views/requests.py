"""Requests of people about their data: the list, and taking one at the counter."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.rights.public import (
    Asker,
    RequestKind,
    RequestState,
    requests_of_area,
    take_request,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.privacy_desk.finding import found_person, put_back, trail_of
from yanglao.web.desks.privacy_desk.forms import TakeForm
from yanglao.web.desks.privacy_desk.words import request_status
from yanglao.web.kit.filters import Filter, bind_filters
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

REQUESTS = TableSpec(
    key="rights-requests",
    caption=gettext_lazy("个人信息申请"),
    columns=(
        Column(
            "person.name",
            gettext_lazy("谁的"),
            fixed=True,
        ),
        Column("kind", gettext_lazy("要求"), value=lambda row: row.get_kind_display()),
        Column("asked_on", gettext_lazy("哪天提出"), kind="date", sort="asked_on"),
        Column(
            "status",
            gettext_lazy("办到哪一步"),
            kind="status",
            value=lambda row: request_status(row, clock.today()),
            sort="due_on",
        ),
        Column("taken_by", gettext_lazy("受理人")),
    ),
    default_sort="due_on",
    row_url=lambda row: reverse("privacy_desk:request", args=[row.pk]),
    row_label=lambda row: f"{row.person.name} {row.get_kind_display()}",
)


@screen(Permission.KEEP_RIGHTS)
def requests(request: HttpRequest) -> HttpResponse:
    """List requests of the area, the most urgent first."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    bar = bind_filters(
        request,
        (
            Filter(
                "state",
                gettext_lazy("办到哪一步"),
                choices=(*RequestState.choices, ("all", gettext_lazy("全部"))),
            ),
            Filter("kind", gettext_lazy("要求"), choices=RequestKind.choices),
        ),
        part_id="requests-list",
    )
    state = "" if bar["state"] == "all" else bar["state"] or RequestState.OPEN.value
    table = REQUESTS.bind(
        request,
        requests_of_area(reader, state=state, kind=bar["kind"]),
        part_id="requests-list",
        empty={
            "title": _("没有等着答复的申请"),
            "text": _("老人或家属来问时，先查到老人的档案，再点“个人信息”受理。"),
        },
    )
    return render_page_or_part(
        request,
        "privacy_desk/requests.html",
        "privacy_desk/parts/table.html",
        {"bar": bar, "table": table},
    )


@screen(Permission.KEEP_RIGHTS, writes=True)
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a request at the counter."""
    found = found_person(request, pk)
    form = TakeForm(
        request.POST or None, initial={"kind": request.GET.get("kind", ""), "asker": Asker.SELF}
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            taken = take_request(
                person_id=pk,
                kind=RequestKind(data["kind"]),
                asker=Asker(data["asker"]),
                identity_seen=data["identity_seen"],
                wish=data["wish"],
                as_of=clock.today(),
                answer_days=settings.RIGHTS_ANSWER_DAYS,
                acting=request.reader,  # type: ignore[attr-defined]
            )
        except ValidationError as refusal:
            put_back(form, refusal)
        else:
            messages.success(
                request, _("已受理，%(day)s前答复。") % {"day": taken.due_on.isoformat()}
            )
            return redirect("privacy_desk:request", taken.pk)
    context = {
        "form": form,
        "title": _("受理%(name)s的申请") % {"name": found.name},
        "note": _("先核对来人的证件。"),
        "trail": trail_of(found, _("受理")),
        "button": _("受理"),
        "back": reverse("privacy_desk:person", args=[pk]),
    }
    return render(request, "privacy_desk/form.html", context, status=422 if form.is_bound else 200)
