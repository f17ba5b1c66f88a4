"""The surroundings of every page: where I am, as of when, which run. Wired in by ``KIT_FRAME``."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import DEPARTMENTS, ROLE_LABELS, Role
from yanglao.domain.entitlements.public import latest_run
from yanglao.domain.places.public import Division, breadcrumb, children, level_label
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.frame import Frame, Place

#: More places than this below the current one are found by search, not by a menu.
_MOST_BELOW = 60


def frame(request: HttpRequest) -> Frame:
    """Return the frame of a page for the signed-in reader, or the bare one for everybody else."""
    reader: Reader | None = getattr(request, "reader", None)
    full: Reader | None = getattr(request, "full_reader", None)
    if reader is None or full is None:
        return Frame(demo=settings.DEMO, login_url=_url("login"), hotline=settings.HOTLINE)
    trail = breadcrumb(reader.area, full)
    below = list(children(reader.area)[: _MOST_BELOW + 1]) if trail else []
    run = latest_run(reader)
    return Frame(
        trail=tuple(Place(place.name, _here(request, place.code, full)) for place in trail),
        below=tuple(Place(p.name, _here(request, p.code, full)) for p in below[:_MOST_BELOW]),
        below_note=_below_note(below),
        as_of=run.as_of if run else None,
        run_label=_("第 %(number)s 次比对") % {"number": run.pk} if run else "",
        run_url=_url("match_desk:run", run.pk) if run and full.can("see_runs") else "",
        carry=urlencode({"place": reader.area}) if reader.area != full.area else "",
        search_url=_url("registry_desk:search") if full.can("see_people") else "",
        user_name=full.name,
        user_office=_office(full),
        logout_url=_url("logout"),
        account_url=_url("my_account"),
        demo=settings.DEMO,
        hotline=settings.HOTLINE,
    )


def _below_note(below: Sequence[Division]) -> str:
    if not below:
        return ""
    count = f"{_MOST_BELOW}+" if len(below) > _MOST_BELOW else str(len(below))
    return f"{count} 个{level_label(below[0].level)}"


def _here(request: HttpRequest, code: str, full: Reader) -> str:
    """Return this very page at another place; the reader's own area needs no parameter.

    A page about one thing (its address carries an id) can't be moved to another place: from there
    the way leads to the first page.
    """
    match = request.resolver_match
    base = "/" if match is None or match.kwargs else request.path
    return base if code == full.area else f"{base}?{urlencode({'place': code})}"


def _office(reader: Reader) -> str:
    if reader.department:
        return DEPARTMENTS[reader.department].label
    return str(ROLE_LABELS[Role(reader.role)])


def _url(name: str, *args: object) -> str:
    """Return the address of a screen, empty while its desk is not part of the installation."""
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
