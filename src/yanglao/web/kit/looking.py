"""What somebody looks for, kept out of addresses when it is a number.

Addresses are written down in many places: the access log, the browser's history, the next page's
Referer. So a search goes to :func:`look` by POST, which leads on to an
address in which a number stands sealed (``q=~…``); only this installation can read it.
"""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils.http import url_has_allowed_host_and_scheme

from yanglao.foundation.secrets import KeyProblem, SealBroken, seal, unseal
from yanglao.web.kit.screens import screen

_PURPOSE = "web.looked_for"
_MARK = "~"
#: So many digits are a number of somebody, or the end of one.
_NUMBER = re.compile(r"(?:\d[^\d]?){3}[\dXx]")
_LONGEST = 200


def for_address(text: str) -> str:
    """Return what stands for a text in an address: itself, or sealed when a number is in it."""
    if not _NUMBER.search(text):
        return text
    return _MARK + urlsafe_b64encode(seal(_PURPOSE, text[:_LONGEST])).decode().rstrip("=")


def asked_text(request: HttpRequest, name: str = "q") -> str:
    """Return what was looked for, read from the address; empty when it can't be read."""
    text = request.GET.get(name, "")
    if not text.startswith(_MARK):
        return _seen(text)
    token = text[1:]
    try:
        sealed = urlsafe_b64decode(token + "=" * (-len(token) % 4))
        return _seen(unseal(_PURPOSE, sealed))
    except (ValueError, SealBroken, KeyProblem):
        return ""


def _seen(text: str) -> str:
    """Return a text without NUL, which PostgreSQL takes in no question, and without blank ends."""
    return text.replace("\x00", "").strip()


@screen(None, writes=True, public=True)
def look(request: HttpRequest) -> HttpResponse:
    """Lead on from a search form to the address of its list, without anybody's number in it.

    ``to`` is the page, ``typed`` names the fields in which somebody wrote (``q`` when it is not
    given), all other fields become the query as they are.
    """
    target = request.POST.get("to", "/").partition("?")[0]
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, None):
        target = "/"
    typed = set(request.POST.getlist("typed")) or {"q"}
    query = QueryDict(mutable=True)
    for name, values in request.POST.lists():
        if name not in {"to", "typed", "csrfmiddlewaretoken"}:
            kept = [for_address(one) if name in typed else one for one in values if one]
            query.setlist(name, kept)
    response = HttpResponseRedirect(f"{target}?{query.urlencode()}")
    response.status_code = 303
    return response
