"""接收名单: upload, look, say what columns mean, confirm or give up."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import DEPARTMENTS, Permission
from yanglao.domain.places.public import children, full_names_of, names_of
from yanglao.flows.hold_uploads import (
    Asked,
    HeldUpload,
    UploadGone,
    held,
    hold,
    let_go,
    say_columns,
)
from yanglao.foundation import clock
from yanglao.foundation.jobs import defer
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.lists_desk.checking import answered, checked
from yanglao.web.desks.lists_desk.forms import UploadForm
from yanglao.web.desks.lists_desk.words import full_words, joined, kind_choices, month_words
from yanglao.web.kit.parts import Crumb, Text
from yanglao.web.kit.screens import screen


@screen(Permission.TAKE_IN_LISTS, writes=True)
def upload(request: HttpRequest) -> HttpResponseBase:
    """Ask for the files and what they are; hold them and show what they would bring."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    here: Reader = request.reader  # type: ignore[attr-defined]
    form = UploadForm(
        request.POST or None,
        request.FILES or None,
        places=_places(here),
        kinds=kind_choices(reader),
        initial={
            "sender": _usual_sender(reader),
            "division": here.area,
            "month": f"{clock.today():%Y-%m}",
        },
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        kept = hold(
            ((file.name, file.chunks()) for file in data["lists"]),
            asked=Asked(
                sender=data["sender"],
                division=data["division"],
                month=data["month"],
                full=data["full"] == "yes",
                kind=data["kind"],
            ),
            acting=reader,
        )
        return redirect("lists_desk:check", token=kept.token)
    context = {
        "form": form,
        "trail": [Crumb(_("名单接收"), reverse("lists_desk:lists")), Crumb(_("接收名单"))],
    }
    return render(request, "lists_desk/upload.html", context)


@screen(Permission.TAKE_IN_LISTS, writes=True)
def check(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show what would happen; on POST take the clerk's word for columns and look again."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    waiting = _held(token, reader)
    if request.method == "POST":
        offered = {code for code, _label in kind_choices(reader)}
        said = request.POST.get("kind", "")
        mapping = answered(waiting, request.POST, reader)
        say_columns(token, mapping, acting=reader, kind=said if said in offered else "")
        messages.success(request, _("按您说的重新核对过了。"))
        return redirect("lists_desk:check", token=token)
    asked = waiting.asked
    place = full_names_of([asked.division]).get(asked.division, asked.division)
    found = checked(waiting, reader, place)
    context = {
        "token": token,
        "checked": found,
        "kinds": kind_choices(reader),
        "asked": asked,
        "place": place,
        "note": joined([asked.sender, place, month_words(asked.month), full_words(asked.full)]),
        "trail": [Crumb(_("名单接收"), reverse("lists_desk:lists")), Crumb(_("核对"))],
    }
    return render(request, "lists_desk/check.html", context)


@screen(Permission.TAKE_IN_LISTS, writes=True)
def take_in(request: HttpRequest, token: str) -> HttpResponseBase:
    """Hand a checked upload to the worker."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    _held(token, reader)
    if request.method != "POST":
        return redirect("lists_desk:check", token=token)
    job = defer("take_in_list", reader, token=token)
    return redirect("lists_desk:job", pk=job.pk)


@screen(Permission.TAKE_IN_LISTS, writes=True)
def cancel(request: HttpRequest, token: str) -> HttpResponseBase:
    """Throw a held upload away; nothing was written."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    _held(token, reader)
    if request.method != "POST":
        return redirect("lists_desk:check", token=token)
    let_go(token, acting=reader)
    messages.success(request, _("没有接收，上传的文件已经删掉。"))
    return redirect("lists_desk:upload")


def _held(token: str, reader: Reader) -> HeldUpload:
    try:
        return held(token, acting=reader)
    except UploadGone as problem:
        raise Http404(str(problem)) from problem


def _places(reader: Reader) -> list[tuple[str, Text]]:
    """Offer the reader's place and those directly below it."""
    own = names_of([reader.area]).get(reader.area, reader.area)
    below: list[tuple[str, Text]] = [(place.code, place.name) for place in children(reader.area)]
    return [(reader.area, _("%(place)s（全部）") % {"place": own}), *below]


def _usual_sender(reader: Reader) -> str:
    """Return what a clerk's department is called there; nothing for an officer."""
    department: Any = DEPARTMENTS.get(reader.department)
    if department is None:
        return ""
    return f"{names_of([reader.area]).get(reader.area, '')}{department.label}"
