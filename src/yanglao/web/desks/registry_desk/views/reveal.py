"""Something masked (a number, a telephone, an address, a diagnosis), shown for a stated purpose."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.access.public import OPEN_FOR, MaskedField, Purpose
from yanglao.domain.accounts.public import Permission
from yanglao.domain.people.public import Person, reachable_person
from yanglao.flows.open_person import Revealed, reveal
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.registry_desk.forms import PurposeForm
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import render_page_or_part, screen


@screen(Permission.REVEAL_IDENTITY, writes=True)
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for the purpose; on POST write it down and show what was asked for."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    try:
        person = reachable_person(reader, pk)
    except Person.DoesNotExist as missing:
        raise Http404 from missing
    asked = request.GET.get("what", MaskedField.ID_NUMBER)
    what = asked if asked in MaskedField.values else MaskedField.ID_NUMBER.value
    form = PurposeForm(request.POST or None, initial={"what": what, "purpose": ""})
    shown = _revealed(form, pk, reader) if form.is_bound and form.is_valid() else None
    if form.is_bound:
        what = form.data.get("what", what)
    label = MaskedField(what).label if what in MaskedField.values else ""
    context = {
        "person": person,
        "form": form,
        "shown": shown,
        "what": what,
        "label": label,
        "minutes": int(OPEN_FOR.total_seconds() // 60),
        "title": _("%(name)s的%(label)s") % {"name": person.name, "label": label},
        "trail": [
            Crumb(person.name, reverse("registry_desk:file", args=[person.pk])),
            Crumb(_("打开遮盖的内容")),
        ],
    }
    status = 422 if form.is_bound and shown is None else 200
    return render_page_or_part(
        request, "registry_desk/reveal.html", "registry_desk/parts/revealed.html", context, status
    )


def _revealed(form: PurposeForm, pk: int, reader: Reader) -> Revealed | None:
    """Open what is asked for; what the door refuses stands at its field."""
    try:
        return reveal(
            person_id=pk,
            fields=[MaskedField(form.cleaned_data["what"])],
            purpose=Purpose(form.cleaned_data["purpose"]),
            acting=reader,
            note=form.cleaned_data["note"],
        )
    except ValidationError as refusal:
        for name, sentences in refusal.message_dict.items():
            for sentence in sentences:
                form.add_error(name if name in form.fields else None, sentence)
    return None
