"""公示栏: what hangs out in a place, for everybody, at an address that stays the same.

Names are masked where they are read; what does not hang out any more is not there.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yanglao.domain.benefits.public import PostedNotice, posted_notices, posted_places
from yanglao.domain.places.public import full_names_of, names_of
from yanglao.foundation import clock
from yanglao.kernel.money import format_yuan
from yanglao.web.kit.screens import screen

_COUNTY, _TOWN = 6, 9


@dataclass(frozen=True, slots=True)
class Line:
    """One person on a sheet."""

    name: str
    place: str
    money: str


@dataclass(frozen=True, slots=True)
class Sheet:
    """One notice as it hangs on the board."""

    notice: PostedNotice
    place: str
    lines: tuple[Line, ...]


@screen(None, public=True)
def counties(request: HttpRequest) -> HttpResponse:
    """Show in which counties something hangs out."""
    return _choose(request, clock.today(), within="", digits=_COUNTY)


@screen(None, public=True)
def place(request: HttpRequest, code: str) -> HttpResponse:
    """Show the towns of a county, or the sheets of a town."""
    today = clock.today()
    if not names_of([code]).get(code):
        raise Http404(_("没有这个地方，请核对网址。"))
    if code.endswith("000000"):
        digits = _TOWN if code[4:6] != "00" else _COUNTY
        return _choose(request, today, within=code, digits=digits)
    town = f"{code[:_TOWN]}000"
    notices = posted_notices(today, within=town)
    context = {
        "place": full_names_of([town]).get(town, ""),
        "sheets": _sheets(notices),
        "above": f"{code[:_COUNTY]}000000",
        "hotline": settings.HOTLINE,
        "today": today,
    }
    return _answer(request, "public_desk/board.html", context)


def _choose(request: HttpRequest, today: date, *, within: str, digits: int) -> HttpResponse:
    places = posted_places(today, within=within, digits=digits)
    names = names_of(places)
    context = {
        "place": full_names_of([within]).get(within, "") if within else "",
        "places": [(code, names.get(code) or code, number) for code, number in places.items()],
        "above": bool(within),
    }
    return _answer(request, "public_desk/board_places.html", context)


def _sheets(notices: list[PostedNotice]) -> list[Sheet]:
    names = names_of({line.place_code for one in notices for line in one.lines})
    places = full_names_of({one.place_code for one in notices})
    return [
        Sheet(
            one,
            places.get(one.place_code, ""),
            tuple(
                Line(_stars(line.name), names.get(line.place_code, ""), _money(line.fen))
                for line in one.lines
            ),
        )
        for one in notices
    ]


def _stars(name: str) -> str:
    """Return a masked name with stars that stand on the line, as on the sheet of paper."""
    return name.replace("*", "＊")


def _money(fen: int | None) -> str:
    return _("金额未公布") if fen is None else _("%(yuan)s 元") % {"yuan": format_yuan(fen)}


def _answer(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    answer = render(request, template, context)
    # For people who look at the board, not for engines that keep what was taken down.
    answer.headers["X-Robots-Tag"] = "noindex, noarchive"
    return answer
