"""Charts of a run: what changed since last month and why, and what each benefit comes to."""

from dataclasses import replace
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.settlement.public import MonthSum, PaymentRun
from yanglao.flows.explain_payments import DIFFERENCE_WORDS, reason_words
from yanglao.kernel.money import format_yuan
from yanglao.web.kit.charts import Chart, Series, stacked_chart

_FEN = 100
#: Reasons that the chart names; the table has all.
_SHOWN = 10


def reasons_chart(run: PaymentRun) -> Chart | None:
    """Compare this month with last: how much money each reason adds or takes."""
    told: list[list[Any]] = run.figures.get("differences", [])
    # Codes that a reader knows by one name stand together.
    found: dict[str, list[Any]] = {}
    for difference, code, number, fen in told:
        if difference == "same":
            continue
        label = f"{DIFFERENCE_WORDS.get(difference, difference)}·{reason_words(code)}"
        held = found.setdefault(label, [difference, set(), 0, 0])
        held[1].add(code)
        held[2] += number
        held[3] += fen
    if not found:
        return None
    labels: list[str] = []
    urls: list[str] = []
    more: list[float | None] = []
    less: list[float | None] = []
    base = reverse("payments_desk:differences", args=[run.pk])
    ranked = sorted(found.items(), key=lambda pair: -abs(pair[1][3]))
    for label, (difference, codes, number, fen) in ranked[:_SHOWN]:
        labels.append(f"{label}（{number} 人次）")
        # Two series, both upwards: what adds and what takes away stand apart by colour and name.
        more.append(fen / _FEN if fen > 0 else None)
        less.append(-fen / _FEN if fen < 0 else None)
        one = f"&code={codes.pop()}" if len(codes) == 1 else ""
        urls.append(f"{base}?difference={difference}{one}")
    total = sum(row[3] for row in found.values())
    words = (
        _("本月常规发放比上月多 %(yuan)s 元")
        if total >= 0
        else _("本月常规发放比上月少 %(yuan)s 元")
    )
    return stacked_chart(
        words % {"yuan": format_yuan(abs(total))},
        _("与上月相比，各种原因增加或减少多少"),
        labels,
        [Series(_("增加"), tuple(more)), Series(_("减少"), tuple(less))],
        label_title=_("原因"),
        unit=_("元"),
        urls=urls,
    )


def by_benefit_chart(
    run: PaymentRun, before: MonthSum | None, names: dict[str, str]
) -> Chart | None:
    """Put this month beside the last, benefit by benefit."""
    now: dict[str, list[int]] = run.figures.get("benefits", {})
    if not now:
        return None
    was = before.benefits if before else {}
    codes = sorted(set(now) | set(was), key=lambda code: -now.get(code, [0, 0])[1])
    series = [Series(_("本月"), tuple(now.get(code, [0, 0])[1] / _FEN for code in codes))]
    if was:
        series.insert(0, Series(_("上月"), tuple(was.get(c, 0) / _FEN for c in codes)))
    top = names.get(codes[0], codes[0])
    chart = stacked_chart(
        _("%(benefit)s最多，%(yuan)s 元")
        % {"benefit": top, "yuan": format_yuan(now.get(codes[0], [0, 0])[1])},
        _("各项待遇发放多少"),
        [names.get(code, code) for code in codes],
        series,
        label_title=_("待遇"),
        unit=_("元"),
        kind="column",
    )
    # Side by side, not one on another: last month is no part of this one.
    return replace(chart, stacked=False)
