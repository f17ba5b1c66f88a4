"""The paper for the meeting: the comparison as a Word document with charts that can be edited."""

from datetime import date

from django.utils.translation import gettext as _
from docx.document import Document

from yanglao.domain.catalogue.public import Comparison
from yanglao.foundation.scoping import Reader
from yanglao.kernel.money import plain_yuan
from yanglao.web.desks.drafting_desk.figures import (
    DraftLine,
    Figures,
    a_year,
    signed,
    summary,
)
from yanglao.web.desks.drafting_desk.words import KIND_WORDS, day_words
from yanglao.web.kit import documents

_MARK = "内部资料"


def paper_of(
    comparison: Comparison,
    figures: Figures,
    reader: Reader,
    place: str,
    changes: dict[str, list[str]],
) -> Document:
    """Return the paper.

    Args:
        place: Name of the place that was counted.
        changes: Title of a draft to what it changes, one line each.
    """
    raw, lines = figures.raw, figures.lines()
    title = _("%s基本养老服务清单修订测算") % place
    doc = documents.new_document(
        title,
        subtitle=_("数据截至 %(day)s，共 %(people)s 位健在老人")
        % {"day": day_words(raw["as_of"]), "people": f"{raw['people']:,}"},
        marked_as=_MARK,
        by=reader.name,
    )
    documents.add_heading(doc, _("结论"))
    documents.add_paragraph(doc, _("与现行清单相比，%s。") % summary(lines))
    for line in lines:
        if line.name:
            documents.add_paragraph(doc, _sentence(line))
    _side_by_side(doc, lines)
    documents.add_heading(doc, _("各方案改了什么"))
    for name, one in figures.drafts:
        documents.add_heading(doc, one, 2)
        for text in changes.get(name, []):
            documents.add_paragraph(doc, text)
    documents.add_heading(doc, _("谁增谁减"))
    for name, one in figures.drafts:
        documents.add_heading(doc, one, 2)
        _who(doc, figures, name)
    documents.add_heading(doc, _("今年和今后五年的费用"))
    _costs(doc, figures, raw["values_day"])
    documents.add_heading(doc, _("重叠、差一点的人和情况不清楚的人"))
    for name, one in figures.drafts:
        documents.add_heading(doc, one, 2)
        _around(doc, figures, name)
    documents.add_heading(doc, _("怎样算的"))
    for text in method(figures):
        documents.add_paragraph(doc, text)
    documents.add_note(
        doc, _("测算编号 %(n)d，校验 %(key)s") % {"n": comparison.pk, "key": comparison.key[:16]}
    )
    return doc


def method(figures: Figures) -> list[str]:
    """Return how the figures were found and what they leave out, for page and paper."""
    raw = figures.raw
    source = raw["mortality"]
    told = [
        _("每一位健在老人按各方案的规则逐人判断，不是抽样；年龄按 %s 计，参数按方案生效时的值。")
        % day_words(raw["as_of"]),
        _("同一个月互斥、择高、补差的待遇已经扣除重复，金额未公布的项目只数人，不计钱。"),
        _("今后几年只计人口变老和去世，不含迁移、新规则、物价和健康变化；区间的置信水平是 95%。"),
        _("死亡概率：%(title)s（%(source)s）%(mark)s。")
        % {
            "title": source["title"],
            "source": source["source"],
            "mark": "" if source["verified"] else _("，没有看到原表，属估计"),
        },
    ]
    if raw["unverified"]:
        told.append(_("待遇衔接关系中有 %d 条没有看到文件原文，实施前请核对。") % raw["unverified"])
    if not all(row["complete"] for row in raw["years"]):
        told.append(_("登记里没有更年轻的人，今后几年新到年龄的人没有算全，标“＊”的年份费用偏低。"))
    return told


def _sentence(line: DraftLine) -> str:
    text = _(
        "“%(title)s”：新增 %(gained)s 人次，减少 %(lost)s 人次，钱变多 %(raised)s 人次，"
        "钱变少 %(lowered)s 人次；每月%(month)s，全年%(year)s。"
    ) % {
        "title": line.title,
        "gained": f"{line.gained:,}",
        "lost": f"{line.lost:,}",
        "raised": f"{line.raised:,}",
        "lowered": f"{line.lowered:,}",
        "month": signed(line.more),
        "year": signed(a_year(line.more)),
    }
    if line.unpriced:
        text += _("另有 %s 人次的金额未公布，没有计入费用。") % f"{line.unpriced:,}"
    return text


def _side_by_side(doc: Document, lines: list[DraftLine]) -> None:
    header = [_("指标"), *(line.title for line in lines)]
    rows: list[list[object]] = [
        [_("符合（人次）"), *(line.people for line in lines)],
        [_("新增（人次）"), *(line.gained if line.name else None for line in lines)],
        [_("减少（人次）"), *(line.lost if line.name else None for line in lines)],
        [_("情况不清楚（人次）"), *(line.possible for line in lines)],
        [_("每月费用（元）"), *(_monthly(line) for line in lines)],
        [
            _("全年多花（元）"),
            *(plain_yuan(a_year(line.more)) if line.name else None for line in lines),
        ],
        [_("金额未公布（人次）"), *(line.unpriced or None for line in lines)],
    ]
    documents.add_table(doc, header, rows, [1.4, *([1.0] * len(lines))], caption=_("各方案对照"))


def _monthly(line: DraftLine) -> str:
    return _("金额未公布") if line.unpriced and not line.fen else plain_yuan(line.fen)


def _who(doc: Document, figures: Figures, name: str) -> None:
    places = [row for row in figures.places(name) if row.gained or row.lost or row.more]
    if not places:
        documents.add_paragraph(doc, _("没有人增减。"))
        return
    documents.add_table(
        doc,
        [_("县市"), _("新增"), _("减少"), _("钱变多"), _("钱变少"), _("每月多花（元）")],
        [[p.name, p.gained, p.lost, p.raised, p.lowered, plain_yuan(p.more)] for p in places],
        caption=_("分县市（人次）"),
    )
    documents.add_chart(
        doc,
        "column",
        _("各县市新增和减少的人次"),
        [p.name for p in places],
        {_("新增"): [p.gained for p in places], _("减少"): [p.lost for p in places]},
        unit=_("人次"),
    )
    for kind in ("gained", "lost"):
        ages = figures.ages(name, kind)
        if ages:
            documents.add_chart(
                doc,
                "pyramid",
                _("%s的人按年龄和性别") % KIND_WORDS[kind],
                [row[0] for row in ages],
                {_("女"): [row[1] for row in ages], _("男"): [row[2] for row in ages]},
                unit=_("人次"),
            )


def _costs(doc: Document, figures: Figures, values_day: str) -> None:
    years = figures.years(date.fromisoformat(values_day).year)
    names = [_("现行清单"), *(title for _name, title in figures.drafts)]
    header = [_("年份"), *names]
    rows = [
        [
            row.label if row.complete else f"{row.label}＊",
            *(
                f"{mid:,.1f}" if low == high else f"{mid:,.1f}（{low:,.1f}—{high:,.1f}）"
                for mid, low, high in row.costs
            ),
        ]
        for row in years
    ]
    documents.add_table(
        doc, header, rows, [0.6, *([1.2] * len(names))], caption=_("全年费用（万元）")
    )
    documents.add_chart(
        doc,
        "line",
        _("今年和今后五年的费用"),
        [row.label for row in years],
        {name: [row.costs[at][0] for row in years] for at, name in enumerate(names)},
        unit=_("万元"),
        intervals={
            name: [(row.costs[at][1], row.costs[at][2]) for row in years]
            for at, name in enumerate(names)
        },
        number_format="#,##0.0",
    )


def _around(doc: Document, figures: Figures, name: str) -> None:
    near = figures.near(name)
    if near:
        told = "，".join(
            _("%(kind)s %(count)s 人") % {"kind": KIND_WORDS[kind], "count": f"{count:,}"}
            for kind, count in near.items()
        )
        documents.add_paragraph(doc, _("刚好够不上的：%s。") % told)
    overlaps = figures.overlaps(name)[:8]
    if overlaps:
        documents.add_table(
            doc,
            [_("一项"), _("另一项"), _("同时享受（人）")],
            [list(row) for row in overlaps],
            [1, 1, 0.6],
            caption=_("与其他项目重叠"),
        )
    missing = figures.missing(name)[:8]
    if missing:
        documents.add_table(
            doc,
            [_("项目"), _("缺什么"), _("人数")],
            [list(row) for row in missing],
            [1, 1.4, 0.5],
            caption=_("情况不清楚、单独计数的人"),
        )
