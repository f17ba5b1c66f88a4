"""What a word of the list means in a draft (经济困难, 生活不能自理): its rule, read at once."""

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.flows.draft_catalogue import meaning_of, try_fact
from yanglao.foundation import clock
from yanglao.web.desks.drafting_desk.forms import MeaningForm
from yanglao.web.desks.drafting_desk.opening import base_of, keep, mistakes_of, open_draft_page
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import is_part, screen


@screen(Permission.DRAFT_CATALOGUE, writes=True)
def edit(request: HttpRequest, pk: int, name: str) -> HttpResponseBase:
    """Change what a word means; saved when the form is whole, read at once."""
    opened = open_draft_page(request, pk)
    written = meaning_of(opened.draft, name)
    if written is None:
        raise Http404(_("清单里没有这个词。"))
    form = MeaningForm(request.POST or None, initial=written)
    fields = dict(written)
    if request.method == "POST" and form.is_valid():
        fields = {key: " ".join(str(value).split()) for key, value in form.cleaned_data.items()}
        if fields != written:
            keep(request, opened, f"fact:{name}", fields, base_of(request, opened))
            opened = open_draft_page(request, pk)
    trial = try_fact(opened.draft, name, fields)
    context = {
        "form": form,
        "name": name,
        "written": written,
        "opened": opened,
        "trial": trial,
        "form_problems": mistakes_of(form),
        "turned": list(opened.reading.failed),
        "saved_at": clock.now(),
        "revision": opened.draft.revision,
        "used_in": used_in(opened.reading, name),
        "trail": opened.trail(Crumb(written["label"])),
    }
    if request.method == "POST" and is_part(request):
        return render(request, "drafting_desk/parts/said.html", context)
    if request.method == "POST" and form.is_valid() and not trial.problems:
        return redirect("drafting_desk:draft", pk=pk)
    return render(request, "drafting_desk/meaning.html", context)


def used_in(reading: object, name: str) -> list[str]:
    """Return the items whose rule uses the word."""
    pack = getattr(reading, "pack", None) or reading.base  # type: ignore[attr-defined]
    return [
        f"{code} {item.name}"
        for code, item in pack.items.items()
        if name in " ".join(item.texts.values()).replace("(", " ").replace(")", " ").split()
    ]
