"""Charts and the map of a comparison."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from yanglao.web.desks.drafting_desk.figures import (
    DraftLine,
    Figures,
    PlaceLine,
    YearLine,
    a_year,
    yuan_words,
)
from yanglao.web.kit.charts import Chart, Series, line_chart, stacked_chart
from yanglao.web.kit.maps import Area, Map, shaded_map


def places_map(
    places: Sequence[PlaceLine], line: DraftLine, shapes: Mapping[str, Any], url: str
) -> Map | None:
    """Return the counties shaded by how many gain (or lose, when more lose than gain)."""
    key = "gained" if line.gained >= line.lost else "lost"
    if not shapes or not any(getattr(row, key) for row in places):
        return None
    most = max(places, key=lambda row: int(getattr(row, key)))
    words = _("新增") if key == "gained" else _("减少")
    return shaded_map(
        _("%(place)s%(word)s最多，%(count)d 人次")
        % {"place": most.name, "word": words, "count": getattr(most, key)},
        _("各县市%s人次（示意图，不作界线依据）") % words,
        [
            Area(
                code=f"{row.code:0<12}",
                name=row.name,
                value=getattr(row, key),
                shape=shapes.get(f"{row.code:0<12}"),
                note=_("每月%s") % yuan_words(row.more),
                url=f"{url}&kind={key}&place={row.code:0<12}",
            )
            for row in places
        ],
        value_title=words,
        unit=_("人次"),
        height=340,
    )


def ages_chart(figures: Figures, line: DraftLine) -> Chart:
    """Return who gains (or else: whom most happens to) by age and sex."""
    kind = max(("gained", "lost", "raised", "lowered"), key=lambda one: int(getattr(line, one)))
    words = {
        "gained": _("新增"),
        "lost": _("减少"),
        "raised": _("钱变多"),
        "lowered": _("钱变少"),
    }[kind]
    rows = figures.ages(line.name, kind)
    women, men = sum(row[1] for row in rows), sum(row[2] for row in rows)
    return stacked_chart(
        _("%(word)s的人里，女 %(women)d 人次，男 %(men)d 人次")
        % {"word": words, "women": women, "men": men},
        _("%s的人按年龄和性别") % words,
        [row[0] for row in rows],
        [
            Series(_("女"), tuple(row[1] for row in rows)),
            Series(_("男"), tuple(row[2] for row in rows)),
        ],
        label_title=_("年龄"),
        unit=_("人次"),
    )


def years_chart(figures: Figures, years: Sequence[YearLine], number: int) -> Chart:
    """Return this year's cost and the next five years', with the interval of one draft."""
    title = figures.drafts[number - 1][1]
    first, last = years[0].costs[number][0], years[-1].costs[number]
    return line_chart(
        _("“%(title)s”今年 %(first)s 万元，第六年 %(low)s—%(high)s 万元")
        % {
            "title": title,
            "first": f"{first:,.1f}",
            "low": f"{last[1]:,.1f}",
            "high": f"{last[2]:,.1f}",
        },
        _("涉及项目的全年费用；只计人口变老和去世，置信水平 95%"),
        [row.label for row in years],
        [
            Series(_("现行清单"), tuple(row.costs[0][0] for row in years)),
            Series(title, tuple(row.costs[number][0] for row in years)),
            Series(_("最多"), tuple(row.costs[number][2] for row in years)),
            Series(_("最少"), tuple(row.costs[number][1] for row in years)),
        ],
        label_title=_("年份"),
        unit=_("万元"),
    )


def money_chart(lines: Sequence[DraftLine]) -> Chart:
    """Return how much more or less money each draft takes a year."""
    drafts = [line for line in lines if line.name]
    return stacked_chart(
        _("各方案每年多花的钱"),
        _("与现行清单相比，全年"),
        [line.title for line in drafts],
        [Series(_("多花"), tuple(round(a_year(line.more) / 1_000_000, 1) for line in drafts))],
        label_title=_("方案"),
        unit=_("万元"),
    )
