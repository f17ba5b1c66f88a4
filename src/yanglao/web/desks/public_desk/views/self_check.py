"""我能享受什么: a few questions, one a page, answered by the published rules; nothing is kept."""

from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt

from yanglao.flows.answer_public import (
    UNSURE,
    NoPackInForce,
    PublicAnswer,
    Question,
    answer,
    questions,
)
from yanglao.foundation import clock
from yanglao.web.desks.public_desk.interview import Place, decades, place_of, words_of, years
from yanglao.web.kit.screens import no_writes, screen


# Nothing changes by a POST here, so a stale page or a browser without cookies must not be refused.
@csrf_exempt
@screen(None, writes=True, public=True)
def self_check(request: HttpRequest) -> HttpResponse:
    """Show the beginning, a question, or the result; the answers travel in the page only."""
    with no_writes():
        today = clock.today()
        try:
            asked = questions(today)
        except NoPackInForce:
            return render(request, "public_desk/closed.html", status=503)
        if request.method != "POST":
            context = {"number": len(asked), "hotline": settings.HOTLINE}
            return render(request, "public_desk/begin.html", context)
        place = place_of(request.POST, asked)
        if place.at < len(asked):
            return render(request, "public_desk/question.html", _question(asked, place))
        found = answer(place.answers, today)
        return render(request, "public_desk/result.html", _result(asked, place, found, today))


def _question(asked: list[Question], place: Place) -> dict[str, Any]:
    question = asked[place.at]
    chosen = place.answers.get(question.key, "")
    by_year = question.kind == "year"
    if by_year and place.decade is None:
        options, name = decades(question), "decade"
        chosen = f"{chosen[:3]}0" if chosen and chosen != UNSURE else ""
    elif by_year:
        options, name = years(question, place.decade), question.key
    else:
        options = [option for option in question.options if option.value != UNSURE]
        name = question.key
    return {
        "question": question,
        "options": options,
        "name": name,
        "chosen": chosen,
        "own": place.answers.get(question.key, ""),
        "unsure": UNSURE,
        "unsure_chosen": place.answers.get(question.key) == UNSURE,
        "narrow": by_year,
        # The question's own earlier answer is left out: a decade must not be taken for a year.
        "kept": [(key, value) for key, value in place.answers.items() if key != question.key],
        "position": place.at + 1,
        "number": len(asked),
        "back": place.at + 1 if place.decade is not None else place.at,
    }


def _result(
    asked: list[Question], place: Place, found: list[PublicAnswer], today: date
) -> dict[str, Any]:
    return {
        "groups": [
            ("yes", _("可以享受"), _lines(found, "yes")),
            ("possible", _("可能可以"), _lines(found, "possible")),
        ],
        "refused": _lines(found, "no"),
        "answered": [
            (position, question.text, words_of(question, place.answers) or _("没有回答"))
            for position, question in enumerate(asked, start=1)
        ],
        "kept": list(place.answers.items()),
        "last": len(asked),
        "today": today,
        "hotline": settings.HOTLINE,
    }


def _lines(found: list[PublicAnswer], status: str) -> list[tuple[PublicAnswer, str]]:
    """Return the answers of a status with their reasons in the words of a neighbour."""
    return [(one, _plain(one)) for one in found if one.status == status]


def _plain(one: PublicAnswer) -> str:
    """Leave out that whoever asks is alive, and what the heading says already."""
    if one.status == "possible" and one.missing:
        return _("还要弄清：%(missing)s") % {"missing": "、".join(one.missing)}
    reason = one.reason.removeprefix("不符合：")
    parts = [part for part in reason.split("；") if part != "健在"]
    return "，".join(parts)
