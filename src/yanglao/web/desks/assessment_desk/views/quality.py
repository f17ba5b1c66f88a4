"""评估质量: pairs that differ, items scored alike, odd durations; a way to each sheet."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.flows.read_assessment_form import NoForm
from yanglao.flows.watch_assessment_quality import QualityPicture, assessment_quality
from yanglao.foundation import clock
from yanglao.web.desks.assessment_desk.views.asking import reader_of
from yanglao.web.kit.charts import Chart, bar_chart
from yanglao.web.kit.parts import Crumb, Tab
from yanglao.web.kit.screens import screen

_SPANS = (90, 180, 365)
_MOST_PAIRS = 15


@dataclass(frozen=True, slots=True)
class Odd:
    """A finding with the address of what it is about."""

    who: str
    what: str
    says: str
    url: str
    flagged: bool


@screen(Permission.WATCH_QUALITY)
def board(request: HttpRequest) -> HttpResponse:
    """Show what a supervisor should look at."""
    days = _span(request)
    try:
        picture = assessment_quality(reader_of(request), as_of=clock.today(), days=days)
    except NoForm as refusal:
        messages.error(request, str(refusal))
        return redirect("assessment_desk:board")
    pair = request.GET.get("pair", "")
    context: dict[str, Any] = {
        "picture": picture,
        "chart": _chart(picture, days),
        "pairs": _pairs(picture, days),
        "alike": _alike(picture, days),
        "durations": _durations(picture),
        "drilled": _sheets(picture, pair) if pair else None,
        "drilled_who": picture.pair_words(_pair(pair)) if pair else "",
        "tabs": [
            Tab(_("最近 %(days)d 天") % {"days": one}, f"?days={one}", current=one == days)
            for one in _SPANS
        ],
        "trail": [Crumb(_("能力评估"), reverse("assessment_desk:board")), Crumb(_("评估质量"))],
    }
    return render(request, "assessment_desk/quality.html", context)


def _span(request: HttpRequest) -> int:
    text = request.GET.get("days", "")
    return int(text) if text in {str(one) for one in _SPANS} else _SPANS[1]


def _pair(text: str) -> frozenset[str]:
    return frozenset(part for part in text.split("-")[:2] if part.isascii() and part.isdigit())


def _pair_url(pair: frozenset[str], days: int) -> str:
    return f"?days={days}&pair={'-'.join(sorted(pair))}#sheets"


def _chart(picture: QualityPicture, days: int) -> Chart | None:
    """Draw the difference of each pair; ``None`` when there is nothing to compare."""
    compared = [one for one in picture.pairs if one.sheets][:_MOST_PAIRS]
    if not compared:
        return None
    flagged = sum(1 for one in picture.pairs if one.flagged)
    title = (
        _("%(number)d 组与其他组差得多，请看一看") % {"number": flagged}
        if flagged
        else _("没有一组与其他组差得很多")
    )
    return bar_chart(
        title,
        _("同一县市、同一种类里，每组平均总分比其他组高多少"),
        [(picture.pair_words(one.pair), round(one.difference, 1)) for one in compared],
        label_title=_("两名评估员"),
        value_title=_("相差分数"),
        unit=_("分"),
        urls=[_pair_url(one.pair, days) for one in compared],
    )


def _pairs(picture: QualityPicture, days: int) -> list[Odd]:
    return [
        Odd(
            picture.pair_words(one.pair),
            "",
            one.says,
            _pair_url(one.pair, days),
            one.flagged,
        )
        for one in picture.pairs[:_MOST_PAIRS]
    ]


def _alike(picture: QualityPicture, days: int) -> list[Odd]:
    return [
        Odd(
            picture.pair_words(one.pair),
            picture.labels.get(one.item, one.item),
            one.says,
            _pair_url(one.pair, days),
            one.flagged,
        )
        for one in picture.alike
        if one.flagged
    ]


def _durations(picture: QualityPicture) -> list[Odd]:
    found = []
    for one in picture.durations:
        sheet = picture.counted[one.sheet]
        other = next((sheet_id for sheet_id in picture.counted if sheet_id in one.says), "")
        number = picture.counted[other].assessment_id if other else 0
        says = one.says.replace(other, _("第 %d 号评估") % number) if other else one.says
        found.append(
            Odd(
                picture.pair_words(frozenset(map(str, sheet.pair))),
                _("第 %d 号评估") % sheet.assessment_id,
                says,
                reverse("assessment_desk:sheet", args=[sheet.assessment_id]),
                True,
            )
        )
    return found


def _sheets(picture: QualityPicture, pair: str) -> list[dict[str, Any]]:
    """Return the sheets of one pair, the lowest total first."""
    wanted = _pair(pair)
    rows = [
        {
            "number": sheet.assessment_id,
            "total": picture.totals.get(sheet.sheet_id),
            "ended_at": sheet.ended_at,
            "url": reverse("assessment_desk:sheet", args=[sheet.assessment_id]),
        }
        for sheet in picture.counted.values()
        if frozenset(map(str, sheet.pair)) == wanted
    ]
    return sorted(rows, key=lambda row: (row["total"] is None, row["total"]))
