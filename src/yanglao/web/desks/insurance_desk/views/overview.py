"""长护险概况: people, money, what waits."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.public import (
    balance,
    benefit_counts,
    enrolment_counts,
    grading_counts,
    insured_places,
    money_by_month,
    plans,
    statement_counts,
)
from yanglao.domain.places.public import children
from yanglao.foundation import clock
from yanglao.kernel.division import prefix
from yanglao.web.desks.insurance_desk.words import money_stat, month_words, page, reader_of
from yanglao.web.kit.charts import Chart, Series, bar_chart
from yanglao.web.kit.parts import Stat, Status
from yanglao.web.kit.screens import screen

_WAN = 1_000_000
_BELOW = {2: 4, 4: 6, 6: 9, 9: 12}


@screen(Permission.ASK_INSURANCE)
def overview(request: HttpRequest) -> HttpResponse:
    """Show figures, charts, and what waits for somebody."""
    reader, today = reader_of(request), clock.today()
    if not reader.can(Permission.SEE_INSURANCE):
        # Villages and towns hand applications in; money and providers are the county's.
        return redirect("insurance_desk:gradings")
    month = today.replace(day=1)
    insured = enrolment_counts(reader, today.year)
    graded = grading_counts(reader, today)
    given = benefit_counts(reader, month)
    settled = statement_counts(reader)
    people = sum(number for name, number in insured.items() if name != "receiving")
    waiting_plans = plans(reader, state="prepared").count()
    context = page(
        "overview",
        _("长期护理保险"),
        note=_("%(month)s，名册上满 60 周岁的参保人。") % {"month": f"{today:%Y-%m}"},
        stats=[
            Stat(
                _("参保"),
                people,
                _("名单上享受待遇 %(n)s 人") % {"n": f"{insured['receiving']:,}"},
                url=reverse("insurance_desk:insured"),
                unit=_("人"),
            ),
            Stat(
                _("失能评估没办完"),
                graded["open"],
                url=reverse("insurance_desk:gradings"),
                unit=_("人"),
            ),
            Stat(
                _("本月享受待遇"),
                given["given"],
                _("本平台批准的"),
                url=reverse("insurance_desk:benefits"),
                unit=_("人"),
            ),
            money_stat(
                _("基金结余"),
                balance(reader, today),
                url=reverse("insurance_desk:fund"),
            ),
        ],
        tasks=_tasks(graded, given, settled, waiting_plans),
        charts=[
            chart
            for chart in (_money(request, month), _levels(given), _places(request, today))
            if chart
        ],
    )
    return render(request, "insurance_desk/overview.html", context)


def _tasks(
    graded: dict[str, int], given: dict[str, int], settled: dict[str, int], plans_waiting: int
) -> list[tuple[str, int, str, Status]]:
    board = reverse("insurance_desk:gradings")
    money = reverse("insurance_desk:settlements")
    found = [
        (_("新申请，要安排评估员"), graded["asked"], f"{board}?state=asked", "accent"),
        (_("两人已签字，要公示"), graded["signed"], f"{board}?state=signed", "warning"),
        (_("公示期满，要生效"), graded["notice_over"], f"{board}?state=notice", "accent"),
        (_("有异议，要复评"), graded["disputed"], f"{board}?state=disputed", "accent"),
        (
            _("待遇等批准"),
            given["prepared"],
            f"{reverse('insurance_desk:benefits')}?state=prepared",
            "warning",
        ),
        (
            _("照护计划等批准"),
            plans_waiting,
            f"{reverse('insurance_desk:plans')}?state=prepared",
            "warning",
        ),
        (_("结算单在核对"), settled["draft"], f"{money}?state=draft", "info"),
        (_("结算单等批准"), settled["submitted"], f"{money}?state=submitted", "warning"),
        (_("结算单可支付"), settled["approved"], f"{money}?state=approved", "info"),
    ]
    return [
        (words, count, url, Status(_("%(n)d 件") % {"n": count}, tone))
        for words, count, url, tone in found
        if count
    ]


def _money(request: HttpRequest, month: date) -> Chart | None:
    rows = money_by_month(reader_of(request), month.replace(month=1), clock.today())
    if not rows:
        return None
    known = {row[0]: row for row in rows}
    every = [month.replace(month=n) for n in range(1, month.month + 1)]
    rows = [known.get(one, (one, 0, 0)) for one in every]
    came = sum(row[1] for row in rows)
    went = sum(row[2] for row in rows)
    title = _("今年收入 %(a)s 万元，支出 %(b)s 万元")
    return Chart(
        kind="column",
        title=title % {"a": f"{came / _WAN:,.1f}", "b": f"{went / _WAN:,.1f}"},
        question=_("每月基金收入和支出，万元"),
        labels=tuple(month_words(row[0]) for row in rows),
        series=(
            Series(_("收入"), tuple(round(row[1] / _WAN, 2) for row in rows)),
            Series(_("支出"), tuple(round(row[2] / _WAN, 2) for row in rows)),
        ),
        label_title=_("月份"),
        unit=_("万元"),
    )


def _levels(given: dict[str, int]) -> Chart | None:
    pairs = [
        (_("%(n)d 级") % {"n": n}, float(given[f"level_{n}"]))
        for n in range(6)
        if given[f"level_{n}"]
    ]
    if not pairs:
        return None
    heaviest = max(pairs, key=lambda pair: pair[1])
    return bar_chart(
        _("享受待遇的人里，%(level)s的最多") % {"level": heaviest[0]},
        _("本月享受待遇的人，按失能等级"),
        pairs,
        label_title=_("失能等级"),
        value_title=_("人数"),
        unit=_("人"),
    )


def _places(request: HttpRequest, today: date) -> Chart | None:
    reader = reader_of(request)
    digits = _BELOW.get(len(prefix(reader.area)), 0)
    below = list(children(reader.area)) if digits else []
    counts = insured_places(reader, today.year, digits) if below else {}
    pairs = [(place.name, float(counts.get(place.code, 0))) for place in below]
    pairs = [pair for pair in pairs if pair[1]]
    if not pairs:
        return None
    ranked = sorted(pairs, key=lambda pair: -pair[1])
    return bar_chart(
        _("参保人最多的是%(place)s") % {"place": ranked[0][0]},
        _("各地参保人数"),
        ranked,
        label_title=_("地方"),
        value_title=_("人数"),
        unit=_("人"),
    )
