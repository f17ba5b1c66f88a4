"""The report of annex C: a page to print, and a Word document of the same layout."""

from base64 import b64decode
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from docx.document import Document
from docx.image.exceptions import UnexpectedEndOfFileError, UnrecognizedImageError
from docx.shared import Cm

from yanglao.domain.accounts.public import Permission
from yanglao.domain.assessments.public import Assessment, Result
from yanglao.flows.open_assessment import OpenedSheet, signatures_for_report
from yanglao.foundation import clock
from yanglao.kernel.dates import zh_date
from yanglao.kernel.hiding import hide_numbers
from yanglao.web.desks.assessment_desk.lines import AssessmentLine, lines_of
from yanglao.web.desks.assessment_desk.views.asking import reader_of
from yanglao.web.desks.assessment_desk.views.sheet import found_sheet, sections
from yanglao.web.desks.assessment_desk.words import level_words
from yanglao.web.kit.documents import (
    add_heading,
    add_note,
    add_paragraph,
    add_table,
    as_response,
    new_document,
)
from yanglao.web.kit.formats import masked_id
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen

_PURPOSE = "出评估报告"


@dataclass(frozen=True, slots=True)
class Report:
    """What stands in a report.

    Attributes:
        heads: Label and value of who, what kind, when.
        sums: Clause and name, sum, full sum of each dimension.
        reasons, hints, unverified: Sentences.
        signers: Role, name, day. pictures: Name and picture of each signature.
    """

    assessment: Assessment
    line: AssessmentLine
    result: Result
    opened: OpenedSheet
    heads: list[tuple[str, str]]
    sums: list[tuple[str, int, int]]
    reasons: list[str]
    hints: list[str]
    unverified: list[str]
    signers: list[tuple[str, str, date]]
    pictures: list[tuple[str, bytes]]

    @property
    def full(self) -> int:
        """The most that all items give."""
        return sum(full for _name, _value, full in self.sums)

    @property
    def preliminary(self) -> str:
        """Preliminary level in words."""
        return level_words(self.result.preliminary)

    @property
    def final(self) -> str:
        """Final level in words."""
        return level_words(self.result.level)

    @property
    def valid(self) -> str:
        """From when until when the result holds."""
        last = self.result.valid_to
        if last is None:
            return _("自 %(first)s起，没有截止日期") % {"first": zh_date(self.result.assessed_on)}
        return _("%(first)s至 %(last)s") % {
            "first": zh_date(self.result.assessed_on),
            "last": zh_date(last),
        }


@screen(Permission.SEE_ASSESSMENTS, leaves_trace=True)
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the report, to read and to print."""
    found = _report(request, pk)
    context: dict[str, Any] = {
        "report": found,
        "trail": [
            Crumb(_("能力评估"), reverse("assessment_desk:board")),
            Crumb(found.line.name, reverse("assessment_desk:case", args=[pk])),
            Crumb(_("评估报告")),
        ],
    }
    return render(request, "assessment_desk/report.html", context)


@screen(Permission.SEE_ASSESSMENTS, leaves_trace=True)
def word(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Answer with the report as a Word document."""
    found = _report(request, pk)
    doc = new_document(
        _("老年人能力评估报告"),
        subtitle=_("依据 GB/T 42195—2022 附录 C"),
        marked_as=_("内含个人健康信息，注意保管"),
        by=reader_of(request).name,
        at=clock.now(),
    )
    add_table(doc, [_("项目"), _("内容")], found.heads, [1, 3])
    add_heading(doc, _("一级指标得分"))
    rows: list[list[object]] = [[name, value, full] for name, value, full in found.sums]
    total = found.result.total
    rows.append([_("总分"), total, found.full])
    add_table(doc, [_("一级指标"), _("得分"), _("满分")], rows, [3, 1, 1])
    add_heading(doc, _("能力等级"))
    add_table(
        doc,
        [_("项目"), _("内容")],
        [
            (_("C.3 初步等级"), found.preliminary),
            (_("C.4 等级变更依据"), "；".join(found.reasons[1:-1])),
            (_("C.5 最终等级"), found.final),
            (_("有效期"), found.valid),
        ],
        [1, 3],
    )
    for sentence in found.reasons:
        add_paragraph(doc, f"{sentence}。")
    for hint in found.hints:
        add_note(doc, hint)
    add_heading(doc, _("各项得分"))
    answers = [
        [row.label, row.words]
        for section in sections(found.opened)[-len(found.sums) :]
        for row in section.rows
    ]
    add_table(doc, [_("项目"), _("评估结果")], answers, [1, 2])
    add_heading(doc, _("签字"))
    add_table(
        doc,
        [_("身份"), _("姓名"), _("日期")],
        [[role, name, zh_date(day)] for role, name, day in found.signers],
    )
    _add_pictures(doc, found)
    for note in found.unverified:
        add_note(doc, _("待核实：%s") % note)
    name = _("能力评估报告 %(name)s") % {"name": hide_numbers(found.line.name)}
    return as_response(doc, name, request=request)


def _report(request: HttpRequest, pk: int) -> Report:
    """Gather a report.

    Raises:
        Http404: When there is no result yet.
    """
    assessment, opened = found_sheet(request, pk, _PURPOSE)
    result: Result | None = getattr(assessment, "result", None)
    if result is None:
        raise Http404
    line = lines_of([assessment], clock.today())[0]
    told = result.told or {}
    sums = told.get("sums", {})
    signatures = signatures_for_report(reader_of(request), opened.view.sheet.pk)
    return Report(
        assessment=assessment,
        line=line,
        result=result,
        opened=opened,
        heads=_heads(assessment, line, opened, result),
        sums=[
            (f"{one.clause} {one.name}", sums.get(one.code), one.full)
            for one in opened.form.scale.dimensions
        ],
        reasons=list(told.get("reasons", [])),
        hints=list(told.get("hints", [])),
        unverified=list(told.get("unverified", [])),
        signers=[
            (str(one.get_signer_display()), one.informant or one.name, clock.day_of(one.at))
            for one in signatures
        ],
        pictures=[(one.informant or one.name, b64decode(one.picture)) for one in signatures],
    )


def _add_pictures(doc: Document, found: Report) -> None:
    """Put the signatures under the report; a picture that Word cannot read is told by its name."""
    for name, picture in found.pictures:
        line = add_paragraph(doc, f"{name}：")
        try:
            line.add_run().add_picture(BytesIO(picture), height=Cm(1.2))
        except (UnrecognizedImageError, UnexpectedEndOfFileError):
            line.add_run(_("（签字图片无法显示，见评估表）"))


def _heads(
    assessment: Assessment, line: AssessmentLine, opened: OpenedSheet, result: Result
) -> list[tuple[str, str]]:
    names = "、".join(
        f"{one.name}（{one.get_background_display()}，{one.body.name}）"
        for one in opened.view.assessors
    )
    return [
        (_("评估编号"), f"{assessment.asked_on:%Y}-{assessment.pk:06d}"),
        (_("姓名"), line.name),
        (_("性别、年龄"), line.whose.who),
        (_("公民身份号码"), masked_id(assessment.person.id_number)),
        (_("地点"), line.whose.place),
        (_("评估原因"), line.kind),
        (_("评估日期"), zh_date(result.assessed_on)),
        (_("评估员"), names),
    ]
