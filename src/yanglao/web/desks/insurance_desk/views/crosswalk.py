"""推定对照: what a grade or a card says about the ability level and the reverse, always 推定."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.flows.infer_ltci_crosswalk import (
    Walk,
    WalkLine,
    WalkTable,
    count_inferred,
    walk_tables,
)
from yanglao.foundation import clock
from yanglao.foundation.remembered import remembered
from yanglao.web.desks.insurance_desk.words import page, reader_of
from yanglao.web.kit.charts import bar_chart
from yanglao.web.kit.parts import Stat
from yanglao.web.kit.screens import screen


def _range(line: WalkLine) -> str:
    if line.at_least == line.at_most:
        return _("%(n)d 级") % {"n": line.at_least}
    return _("%(a)d～%(b)d 级") % {"a": line.at_least, "b": line.at_most}


def _columns(walk: Walk) -> list[list[tuple[WalkTable, list[tuple[WalkLine, str]]]]]:
    """Put the short tables beside the long one."""
    tables = [(table, [(line, _range(line)) for line in table.lines]) for table in walk.tables]
    longest = max(tables, key=lambda one: len(one[1]))
    return [[one for one in tables if one is not longest], [longest]]


def _answer(levels: Mapping[int, int], people: int) -> str:
    if not levels:
        return _("没有可以推定的人")
    most = max(levels, key=lambda level: levels[level])
    words = _("能推定的 %(n)s 人里，推定 %(level)d 级的最多")
    return words % {"n": f"{people:,}", "level": most}


@screen(Permission.SEE_INSURANCE)
def crosswalk(request: HttpRequest) -> HttpResponse:
    """Show the tables in force and how many people of the area they speak about."""
    today = clock.today()
    walk = walk_tables(today)
    reader = reader_of(request)
    # One pass over everybody: it may be a minute old when the page is opened again.
    counts = remembered(("ltci_walk", reader.area, today), lambda: count_inferred(reader, today))
    pairs = [
        (_("%(n)d 级") % {"n": level}, float(counts.levels.get(level, 0))) for level in range(5)
    ]
    context = page(
        "crosswalk",
        _("推定对照"),
        note=_("没有有效评估时，长护失能等级、残疾人证说明能力等级多少；只用来找人和提醒。"),
        walk=walk,
        columns=_columns(walk),
        stats=[
            Stat(_("有有效评估，不推定"), counts.assessed, unit=_("人")),
            Stat(_("推定出等级"), counts.inferred, _("不是评估结果"), unit=_("人")),
            Stat(_("只知道范围"), counts.bounds, unit=_("人")),
            Stat(_("没有依据"), counts.nothing, unit=_("人")),
            Stat(
                _("该去做失能评估"),
                counts.to_grade,
                _("能力评估较重、没有长护等级"),
                unit=_("人"),
                tone="accent" if counts.to_grade else "",
            ),
        ],
        chart=bar_chart(
            _answer(counts.levels, counts.inferred),
            _("没有有效评估、可以推定的人；推定，不是评估结果"),
            pairs,
            label_title=_("推定等级"),
            value_title=_("人数"),
            unit=_("人"),
        ),
    )
    return render(request, "insurance_desk/crosswalk.html", context)
