"""跨区查看: asking to look at people of another area, deciding about it, taking it back."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.access.public import (
    DataKind,
    Grant,
    GrantState,
    decide_grant,
    get_grant,
    grants_seen,
    people_of_grant,
    revoke_grant,
)
from yanglao.domain.accounts.public import Permission
from yanglao.domain.people.public import people_by_ids
from yanglao.domain.places.public import full_names_of, place_search
from yanglao.flows.ask_access import ask_access
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader, system_reader
from yanglao.web.desks.privacy_desk.finding import put_back
from yanglao.web.desks.privacy_desk.forms import DecideForm, GrantForm
from yanglao.web.desks.privacy_desk.words import grant_status
from yanglao.web.kit.filters import Filter, bind_filters
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

GRANTS = TableSpec(
    key="grants",
    caption=gettext_lazy("跨区查看"),
    columns=(
        Column(
            "account.display_name",
            gettext_lazy("谁要看"),
            fixed=True,
        ),
        Column("purpose", gettext_lazy("用来做什么"), wide=True),
        Column("starts_on", gettext_lazy("从"), kind="date", sort="starts_on"),
        Column("ends_on", gettext_lazy("到"), kind="date", sort="ends_on"),
        Column(
            "status",
            gettext_lazy("办到哪一步"),
            kind="status",
            value=lambda row: grant_status(row, clock.today()),
            sort="state",
        ),
    ),
    default_sort="-id",
    row_url=lambda row: reverse("privacy_desk:grant", args=[row.pk]),
    row_label=lambda row: str(row.account.display_name),
)


@screen(Permission.SEE_GRANTS)
def grants(request: HttpRequest) -> HttpResponse:
    """List the grants the reader has to do with: asked for by him, and about people of his area."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    bar = bind_filters(
        request,
        (Filter("state", gettext_lazy("办到哪一步"), choices=GrantState.choices),),
        part_id="grants-list",
    )
    rows = grants_seen(reader)
    if bar["state"]:
        rows = rows.filter(state=bar["state"])
    table = GRANTS.bind(
        request,
        rows,
        part_id="grants-list",
        empty={
            "title": _("没有跨区查看的申请"),
            "text": _("老人的户籍在别处、住在您这里时，可以申请看他的档案。"),
        },
    )
    return render_page_or_part(
        request,
        "privacy_desk/grants.html",
        "privacy_desk/parts/table.html",
        {"bar": bar, "table": table, "may_ask": reader.can(Permission.ASK_GRANTS)},
    )


@screen(Permission.ASK_GRANTS, writes=True)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask to look at people of another area."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    today = clock.today()
    form = GrantForm(request.POST or None, initial={"starts_on": today})
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            asked = ask_access(
                acting=reader,
                owner_area=_area(data["owner_area"]),
                numbers=data["numbers"].split(),
                kinds=[DataKind(kind) for kind in data["kinds"]],
                purpose=data["purpose"],
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                as_of=today,
            )
        except ValidationError as refusal:
            put_back(form, refusal)
        else:
            messages.success(request, _("已提出申请，等对方地区批准。"))
            return redirect("privacy_desk:grant", asked.pk)
    context = {
        "form": form,
        "title": _("申请跨区查看"),
        "note": _("由对方地区批准，到期自动失效。每次打开档案都有记录。"),
        "trail": [Crumb(_("跨区查看"), reverse("privacy_desk:grants")), Crumb(_("申请"))],
        "button": _("提出申请"),
        "back": reverse("privacy_desk:grants"),
    }
    return render(request, "privacy_desk/form.html", context, status=422 if form.is_bound else 200)


def _area(text: str) -> str:
    """Return the code of the one place meant; the names of places are no secret."""
    found = list(place_search(system_reader(), text)[:6])
    exact = [place for place in found if text in (place.name, place.code, place.full_name)]
    chosen = exact if len(exact) == 1 else found
    if len(chosen) == 1:
        return str(chosen[0].code)
    words = _("没有找到这个地方。") if not found else _("有几个地方叫这个名字，请写得再全一些。")
    raise ValidationError({"owner_area": words})


@screen(Permission.SEE_GRANTS, writes=True)
def grant(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a grant; on POST approve, refuse or take it back."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    try:
        found = get_grant(reader, pk)
    except Grant.DoesNotExist as missing:
        raise Http404 from missing
    form = DecideForm(request.POST or None)
    if form.is_bound and form.is_valid() and _done(request, form, pk, reader):
        return redirect("privacy_desk:grant", pk)
    owner = reader.covers(found.owner_area)
    waits = found.state == GrantState.ASKED
    places = full_names_of([found.owner_area, found.account_area])
    context = {
        "found": found,
        "status": grant_status(found, clock.today()),
        "form": form,
        "owner": owner,
        "people": list(people_by_ids(reader, people_of_grant(reader, found)).values()),
        "kinds": [str(DataKind(kind).label) for kind in found.kinds],
        "owner_place": places.get(found.owner_area, found.owner_area),
        "account_place": places.get(found.account_area, found.account_area),
        "may_decide": waits
        and owner
        and reader.can(Permission.APPROVE_GRANTS)
        and reader.user_id != found.account_id,
        "may_revoke": found.state in {GrantState.ASKED, GrantState.APPROVED},
        "trail": [
            Crumb(_("跨区查看"), reverse("privacy_desk:grants")),
            Crumb(_("第 %(number)d 号") % {"number": found.pk}),
        ],
    }
    return render(request, "privacy_desk/grant.html", context, status=422 if form.is_bound else 200)


def _done(request: HttpRequest, form: DecideForm, pk: int, reader: Reader) -> bool:
    """Do what the button said; what a door refuses stands at the form."""
    note = form.cleaned_data["note"]
    act = request.POST.get("act", "")
    try:
        if act in {"approve", "refuse"}:
            decide_grant(grant_id=pk, approve=act == "approve", acting=reader, note=note)
        elif act == "revoke":
            revoke_grant(grant_id=pk, acting=reader, reason=note)
        else:
            return False
    except ValidationError as refusal:
        for sentence in refusal.messages:
            form.add_error("note", sentence)
        return False
    except Grant.DoesNotExist as missing:
        raise Http404 from missing
    messages.success(request, _("已记下。"))
    return True
