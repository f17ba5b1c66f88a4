"""结余测算: how long the reserve lasts, by variant, what it rests on; and the parameters."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.flows.foresee_insurance import NOT_HELD, Foreseen, by_year, foresee_all
from yanglao.flows.read_ltci_terms import NumberMissing, TermLine, term_lines
from yanglao.foundation import clock
from yanglao.kernel.money import format_yuan
from yanglao.web.desks.insurance_desk.words import money_stat, month_words, page, reader_of
from yanglao.web.kit import documents
from yanglao.web.kit.charts import Chart, Series, line_chart
from yanglao.web.kit.formats import number
from yanglao.web.kit.parts import Fact, Stat, Status, Tab, Text
from yanglao.web.kit.screens import screen
from yanglao.web.kit.tables import Column, TableSpec

_WAN = 1_000_000
_QUARTER = 3

YEARS = TableSpec(
    key="ltci-years",
    caption=gettext_lazy("按年测算"),
    columns=(
        Column(
            "year",
            gettext_lazy("年份"),
            value=lambda row: f"{row['year']}（{row['months']} 个月）",
            fixed=True,
        ),
        Column("insured", gettext_lazy("参保人（年末）"), kind="num"),
        Column("in_need", gettext_lazy("享受待遇（年末）"), kind="num"),
        Column("income", gettext_lazy("收入（元）"), kind="money"),
        Column("spending", gettext_lazy("支出（元）"), kind="money"),
        Column("balance", gettext_lazy("年末结余（元）"), kind="money"),
        Column(
            "interval",
            gettext_lazy("区间（元）"),
            value=lambda row: f"{format_yuan(row['low'])} ～ {format_yuan(row['high'])}",
            wide=True,
        ),
    ),
)


def _chart(found: Foreseen) -> Chart:
    months = found.outlook.months[_QUARTER - 1 :: _QUARTER]

    def wan(values: Any) -> tuple[float, ...]:
        return tuple(round(value / _WAN, 1) for value in values)

    return line_chart(
        _answer(found),
        _("每季度末的结余，万元；上下两条是区间"),
        [month_words(one.first) for one in months],
        [
            Series(_("结余"), wan(one.balance_fen for one in months)),
            Series(_("区间下限"), wan(one.low_fen for one in months)),
            Series(_("区间上限"), wan(one.high_fen for one in months)),
            Series(
                _("%(n)d 个月的支出") % {"n": found.reserve_months},
                wan(one.spending_fen * found.reserve_months for one in months),
            ),
        ],
        label_title=_("季度末"),
        unit=_("万元"),
    )


def _answer(found: Foreseen) -> str:
    look = found.outlook
    if look.short is not None:
        words = _("%(month)s 起，结余不够 %(n)d 个月的支出")
        return words % {"month": month_words(look.short), "n": found.reserve_months}
    if look.short_early is not None:
        words = _("五年内大致够用，最坏 %(month)s 起不够 %(n)d 个月的支出")
        return words % {"month": month_words(look.short_early), "n": found.reserve_months}
    return _("五年内结余一直够 %(n)d 个月的支出") % {"n": found.reserve_months}


def counted_words(found: Foreseen) -> str:
    """Return who is counted and who is not: the register holds few who are not old yet."""
    return _(
        "只算名册里的参保人 %(insured)s 人，其中满 60 周岁 %(elders)s 人。名册是老人的名册，"
        "没有满 60 周岁的参保人大多不在里面，他们的缴费和支出没有算进去，"
        "所以这里算的不是全部基金。"
    ) % {"insured": number(found.insured), "elders": number(found.elders)}


def _all(request: HttpRequest) -> list[Foreseen]:
    return foresee_all(reader_of(request), clock.today())


def _chosen(request: HttpRequest, found: list[Foreseen]) -> Foreseen:
    code = request.GET.get("variant", "")
    return next((one for one in found if one.variant.code == code), found[0])


@screen(Permission.SEE_INSURANCE)
def outlook(request: HttpRequest) -> HttpResponse:
    """Show the outlook of a variant, its numbers, and what it does not hold."""
    try:
        found = _all(request)
    except NumberMissing as problem:
        context = page("outlook", _("结余测算"), missing=str(problem))
        return render(request, "insurance_desk/outlook.html", context)
    one = _chosen(request, found)
    context = page(
        "outlook",
        _("长护险基金结余测算"),
        note=_answer(one),
        missing="",
        counted=counted_words(one),
        tabs=[
            Tab(each.variant.name, f"?variant={each.variant.code}", current=each is one)
            for each in found
        ],
        stats=[
            money_stat(_("现在结余"), one.balance_fen),
            Stat(
                _("算进去的参保人"),
                one.insured,
                _("满 60 周岁 %(n)s 人") % {"n": number(one.elders)},
                unit=_("人"),
            ),
            Stat(_("享受待遇"), one.receiving, _("按名单和本平台"), unit=_("人")),
            Stat(
                _("够用到"),
                month_words(one.outlook.short) or _("五年以上"),
                _first_months(one),
                tone="accent" if one.outlook.short else "",
            ),
        ],
        chart=_chart(one),
        facts=[
            Fact(_("每人每月费用"), f"{format_yuan(one.cost_fen)} 元", one.cost_from),
            Fact(
                _("每人每年筹资"),
                f"{format_yuan(one.income_fen)} 元",
                _("按今年参保人的类别和筹资标准平均"),
            ),
            Fact(_("多少人需要"), one.need_from),
            Fact(
                _("区间"),
                _("95%"),
                _("各年龄的人数同时偏多或偏少，死亡概率同时偏低或偏高，所以偏宽"),
            ),
        ],
        table=YEARS.bind(request, by_year(one)),
        compared=[(each, _answer(each)) for each in found],
        not_held=NOT_HELD,
        doubts=one.unverified,
        paper_url=f"{reverse('insurance_desk:outlook-paper')}?variant={one.variant.code}",
    )
    return render(request, "insurance_desk/outlook.html", context)


def _first_months(one: Foreseen) -> str:
    early, late = month_words(one.outlook.short_early), month_words(one.outlook.short_late)
    if not early and not late:
        return ""
    return _("区间 %(a)s ～ %(b)s") % {"a": early or _("五年以上"), "b": late or _("五年以上")}


@screen(Permission.SEE_INSURANCE, leaves_trace=True)
def paper(request: HttpRequest) -> HttpResponseBase:
    """Answer with the outlook as a Word document with a chart."""
    try:
        found = _all(request)
    except NumberMissing as problem:
        raise Http404(str(problem)) from problem
    one = _chosen(request, found)
    doc = documents.new_document(
        _("长期护理保险基金结余测算"), subtitle=one.variant.name, by=reader_of(request).name
    )
    documents.add_paragraph(doc, _answer(one))
    documents.add_paragraph(doc, counted_words(one))
    months = one.outlook.months[_QUARTER - 1 :: _QUARTER]
    documents.add_chart(
        doc,
        "line",
        _("每季度末结余（万元）"),
        [month_words(month.first) for month in months],
        {
            _("结余"): [round(month.balance_fen / _WAN, 1) for month in months],
            _("区间下限"): [round(month.low_fen / _WAN, 1) for month in months],
            _("区间上限"): [round(month.high_fen / _WAN, 1) for month in months],
        },
        unit=_("万元"),
    )
    documents.add_table(
        doc,
        [_("年份"), _("收入（元）"), _("支出（元）"), _("年末结余（元）"), _("区间（元）")],
        [
            [
                f"{row['year']}",
                format_yuan(int(str(row["income"]))),
                format_yuan(int(str(row["spending"]))),
                format_yuan(int(str(row["balance"]))),
                f"{format_yuan(int(str(row['low'])))} ～ {format_yuan(int(str(row['high'])))}",
            ]
            for row in by_year(one)
        ],
    )
    documents.add_heading(doc, _("各方案"))
    documents.add_table(
        doc, [_("方案"), _("结论")], [[each.variant.name, _answer(each)] for each in found]
    )
    documents.add_heading(doc, _("没有算进去的"))
    for line in NOT_HELD:
        documents.add_paragraph(doc, line)
    documents.add_note(doc, f"{one.cost_from}；{one.need_from}")
    if one.unverified:
        documents.add_note(
            doc, _("没有核实的参数：%(names)s") % {"names": "、".join(one.unverified)}
        )
    return documents.as_response(doc, _("长护险基金结余测算"), request=request)


_KEYS: dict[str, Text] = {
    "value": "",
    "home": gettext_lazy("居家"),
    "institution": gettext_lazy("机构"),
    "employee": gettext_lazy("职工"),
    "resident": gettext_lazy("居民"),
    "assisted": gettext_lazy("救助对象"),
    "individual": gettext_lazy("个人"),
    "unit": gettext_lazy("单位"),
    "government": gettext_lazy("财政"),
    "medical": gettext_lazy("医保基金"),
    "death": gettext_lazy("去世"),
    "moved": gettext_lazy("转移"),
    "grade": gettext_lazy("等级变化"),
    "withdrawn": gettext_lazy("放弃"),
    "other": gettext_lazy("其他"),
}


def _key_words(key: str) -> str:
    parts = []
    for part in key.split("/"):
        parts.append(str(_KEYS[part]) if part in _KEYS else part)
        if part.isdigit():
            parts[-1] = _("%(n)s 级") % {"n": part}
    return " ".join(part for part in parts if part)


def _number_words(line: TermLine, amount: int | None) -> str:
    if amount is None:
        return _("没有公布")
    money, _slash, per = line.unit.partition("/")
    if money == "分":
        return f"{format_yuan(amount)} 元/{per}"
    return f"{amount} {line.unit}"


@screen(Permission.SEE_INSURANCE)
def terms(request: HttpRequest) -> HttpResponse:
    """Show every parameter with its source, and which nobody verified."""
    lines = [
        (
            line,
            Status(_("已核实"), "success") if line.verified else Status(_("没有核实"), "warning"),
            [(_key_words(key), _number_words(line, number)) for key, number in line.numbers],
        )
        for line in term_lines(clock.today())
    ]
    context = page(
        "terms",
        _("长护险参数"),
        note=_("写在政策包里，按月份生效；改动另写一组，结算过的月份不变。"),
        lines=lines,
    )
    return render(request, "insurance_desk/terms.html", context)
