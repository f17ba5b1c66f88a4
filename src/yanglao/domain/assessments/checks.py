"""Integrity rules of assessments: each with a code, a sentence for the officer, and its basis."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from yanglao.domain.assessments.models import Assessor
from yanglao.domain.assessments.types import Conflicts, SourceKind

_PAIR = 2
#: A field's name: letters, digits and low lines, as annexes A to C number their questions.
_LONGEST_NAME = 40
_LONGEST_TEXT = 2000
_MOST_CHOICES = 40


@dataclass(frozen=True, slots=True)
class Finding:
    """What stands against an act.

    Attributes:
        code: Fixed word for tests and records.
        says: A Chinese sentence that names who or what.
        basis: Where the rule stands; says 待核实 where its text was not seen.
    """

    code: str
    says: str
    basis: str


def _standard() -> str:
    return _("GB/T 42195—2022：两名评估员同时评估，至少一名有医疗或护理背景（原文待核实）")


def _interest() -> str:
    return _("评估机构和评估员不得提供取决于评估结论的服务（珠海 2024 年方案；各地规定待核实）")


def check_assessor(
    assessor: Assessor, conflicts: Conflicts, *, place_code: str, as_of: date
) -> list[Finding]:
    """Return everything that keeps one assessor from one person; empty when nothing does."""
    found = []
    name = {"name": assessor.name}
    if not assessor.active or not assessor.body.active or not assessor.body.assesses:
        found.append(
            Finding("inactive", _("%(name)s或所在机构现在不能评估。") % name, _("评估员登记册"))
        )
    if not place_code.startswith(assessor.place_code.rstrip("0") or "~"):
        found.append(Finding("outside", _("%(name)s不在这个地方评估。") % name, _("评估员登记册")))
    if assessor.trained_on is not None and assessor.trained_on > as_of:
        found.append(Finding("untrained", _("%(name)s还没有完成培训。") % name, _("评估员登记册")))
    if assessor.body_id in conflicts.delivering:
        words = _("%(name)s的评估机构正在给这位老人提供服务，应当回避。") % name
        found.append(Finding("body_delivers", words, _interest()))
    if assessor.employer_id is not None and assessor.employer_id in conflicts.delivering:
        words = _("%(name)s的工作单位正在给这位老人提供服务，应当回避。") % name
        found.append(Finding("employer_delivers", words, _interest()))
    if assessor.pk in conflicts.family:
        words = _("%(name)s是本人或同一户的家人，应当回避。") % name
        found.append(Finding("family", words, _("不给自己和家人评估（平台约定）")))
    if assessor.pk in conflicts.earlier:
        words = _("%(name)s参加了上一次评估，复评要换人。") % name
        basis = _("复评由其他评估员进行（平台约定，各地规定待核实）")
        found.append(Finding("same_assessor", words, basis))
    return found


def check_pair(
    assessors: Sequence[Assessor], conflicts: Conflicts, *, place_code: str, as_of: date
) -> list[Finding]:
    """Return everything that keeps two assessors from assessing a person together.

    Args:
        assessors: Those who are to go, with their bodies.
        conflicts: What is known of the person.
        place_code: Where the person is served.
        as_of: The day of the visit.
    """
    found = []
    if len({one.pk for one in assessors}) != _PAIR:
        found.append(Finding("two", _("每次评估要有两名不同的评估员。"), _standard()))
    if not any(one.medical for one in assessors):
        found.append(Finding("medical", _("两名评估员中要有一名医疗或护理背景的。"), _standard()))
    for one in assessors:
        found += check_assessor(one, conflicts, place_code=place_code, as_of=as_of)
    return found


def check_edit(field: str, value: Any) -> str:
    """Return why an edit cannot be taken, in Chinese; empty when it can.

    What a question offers is checked by whoever knows the scale; here only that it is an answer.
    """
    plain = field.replace("_", "")
    if not plain.isascii() or not plain.isalnum() or len(field) > _LONGEST_NAME:
        return _("没有“%s”这一题。") % field[:_LONGEST_NAME]
    if isinstance(value, str):
        return _("文字太长，最多 %d 个字。") % _LONGEST_TEXT if len(value) > _LONGEST_TEXT else ""
    if isinstance(value, list):
        good = len(value) <= _MOST_CHOICES and all(
            isinstance(one, str | int) and len(str(one)) <= _LONGEST_TEXT for one in value
        )
        return "" if good else _("多选题的答案格式不对。")
    if value is None or isinstance(value, bool | int | float):
        return ""
    return _("答案的格式不对。")


def check_whole(
    *,
    required: Iterable[str],
    answers: Mapping[str, Any],
    conflicts: Collection[str],
    signed: Collection[int],
    assigned: Mapping[int, str],
) -> list[Finding]:
    """Return everything that keeps a sheet from being handed in.

    Args:
        required: Names of the answers that must be there.
        answers: Values by field.
        conflicts: Fields with different answers side by side.
        signed: Assessors (by number) whose signature is valid.
        assigned: Names of the assessors that were sent, by number.
    """
    basis = _("GB/T 42195—2022 附录 C：两名评估员签字（原文待核实）")
    found = []
    missing = [name for name in required if answers.get(name) in (None, "", [])]
    if missing:
        words = _("还有 %(count)d 题没有答：%(names)s") % {
            "count": len(missing),
            "names": "、".join(missing[:6]) + ("……" if len(missing) > 6 else ""),
        }
        found.append(Finding("missing", words, _("GB/T 42195—2022 附录 B")))
    if conflicts:
        words = _("有 %d 题两台设备的答案不同，要先选定一个。") % len(conflicts)
        found.append(Finding("conflict", words, basis))
    if len(assigned) != _PAIR:
        found.append(Finding("two", _("每次评估要有两名不同的评估员。"), _standard()))
    unsigned = [name for number, name in sorted(assigned.items()) if number not in signed]
    if unsigned:
        words = _("还没有签字：%s") % "、".join(unsigned)
        found.append(Finding("unsigned", words, basis))
    return found


def check_recognition(
    *, standard: str, said: str, agency: str, assessed_on: date, as_of: date
) -> list[Finding]:
    """Return everything that is wrong with a result made elsewhere, as it was written down."""
    basis = _(
        "采信要写明来源、标准和日期（民政部门与医保部门结果互认的通知，医保办发〔2021〕37号）"
    )
    found = []
    levels = {SourceKind.GBT42195: "01234", SourceKind.LTC: "012345"}
    if standard not in SourceKind.values:
        found.append(Finding("standard", _("请选择按哪个标准评估。"), basis))
    elif standard == SourceKind.DISABILITY:
        if not re.fullmatch(r"[1-7]-[1-4]", said):
            words = _("残疾证请写“类别-等级”，例如肢体二级写 4-2。")
            found.append(Finding("level", words, basis))
    elif len(said) != 1 or said not in levels[SourceKind(standard)]:
        words = _("等级应在 0 到 %s 之间。") % levels[SourceKind(standard)][-1]
        found.append(Finding("level", words, basis))
    if not agency.strip():
        found.append(Finding("source", _("请写明由哪里、哪个机构评估。"), basis))
    if assessed_on > as_of:
        found.append(Finding("future", _("评估日期晚于今天。"), basis))
    return found
