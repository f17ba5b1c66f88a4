"""A whole ID number or telephone number, shown for a purpose that is written down."""

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.people.public import Person, contacts_of, get_person
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.registry_desk.forms import PurposeForm
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import render_page_or_part, screen


@screen(Permission.REVEAL_IDENTITY, writes=True)
def reveal(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the purpose; on POST write it down and show the number once."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    try:
        person = get_person(reader, pk)
    except Person.DoesNotExist as missing:
        raise Http404 from missing
    asked = request.GET.get("what", "id")
    form = PurposeForm(request.POST or None, initial={"what": asked, "purpose": ""})
    shown = form.is_bound and form.is_valid()
    what = form.cleaned_data["what"] if shown else asked
    contacts = []
    if shown:
        _write_down(reader, person, what, form.words)
        contacts = contacts_of(reader, person) if what == "phone" else []
    context = {
        "person": person,
        "form": form,
        "shown": shown,
        "what": what,
        "contacts": contacts,
        "title": _("%(name)s的电话") % {"name": person.name}
        if what == "phone"
        else _("%(name)s的身份证号") % {"name": person.name},
        "trail": [
            Crumb(person.name, reverse("registry_desk:file", args=[person.pk])),
            Crumb(_("显示号码")),
        ],
    }
    status = 422 if form.is_bound and not shown else 200
    return render_page_or_part(
        request, "registry_desk/reveal.html", "registry_desk/parts/revealed.html", context, status
    )


@transaction.atomic
def _write_down(reader: Reader, person: Person, what: str, purpose: str) -> None:
    """Record who looked at which number of whom and what for."""
    audit.record(
        reader,
        "identity_revealed",
        subject="person",
        subject_id=person.pk,
        place_code=person.place_code,
        reason=purpose,
        detail={"what": what},
    )
