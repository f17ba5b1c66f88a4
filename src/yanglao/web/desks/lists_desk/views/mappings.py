"""记住的列名: what a sender's own column names mean, confirmed once; forgetting them."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.exchange.public import forget_mapping, lists, mappings
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.lists_desk.words import kind_label
from yanglao.web.kit.filters import Filter, bind_filters
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen

_MOST_SENDERS = 500


@dataclass(frozen=True, slots=True)
class KnownNames:
    """What is remembered of a sender for one kind."""

    kind: str
    label: str
    pairs: list[tuple[str, str]]
    what: str


@screen(Permission.SEE_LISTS)
def mappings_page(request: HttpRequest) -> HttpResponse:
    """Show the names of the sender chosen; senders are those of lists the reader may see."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    senders = _senders(reader)
    bar = bind_filters(
        request, [Filter("sender", _("报送单位"), choices=[(one, one) for one in senders])]
    )
    chosen = bar["sender"] or (senders[0] if senders else "")
    known = mappings(chosen) if chosen else {}
    context = {
        "bar": bar,
        "senders": senders,
        "chosen": chosen,
        "known": [
            KnownNames(kind, kind_label(kind), list(pairs.items()), f"{kind}|{chosen}")
            for kind, pairs in known.items()
            if not reader.kinds or kind in reader.kinds
        ],
        "may_forget": reader.can(Permission.TAKE_IN_LISTS),
        "trail": [Crumb(_("名单接收"), reverse("lists_desk:lists")), Crumb(_("记住的列名"))],
    }
    return render(request, "lists_desk/mappings.html", context)


@screen(Permission.TAKE_IN_LISTS, writes=True)
def forget(request: HttpRequest) -> HttpResponseBase:
    """Forget a sender's names for one kind (``what``: kind, bar, sender); the next list asks."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    kind, _bar, sender = request.POST.get("what", "").partition("|")
    back = f"{reverse('lists_desk:mappings')}?{urlencode({'sender': sender})}"
    own = not reader.kinds or kind in reader.kinds
    if request.method == "POST" and own and sender in _senders(reader):
        count = forget_mapping(sender=sender, kind=kind, acting=reader)
        messages.success(request, _("忘掉了 %(n)s 个列名，下次会再问。") % {"n": count})
    return redirect(back)


def _senders(reader: Reader) -> list[str]:
    found = lists(reader).order_by("batch__sender").values_list("batch__sender", flat=True)
    return [one for one in found.distinct()[:_MOST_SENDERS] if one]
