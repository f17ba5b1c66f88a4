"""What can be done next with a grading, a benefit, a settlement: buttons and what they ask."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.public import Grading, GradingState, GradingStep
from yanglao.foundation.clock import day_of
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.formats import moment
from yanglao.web.kit.parts import Event, Text


@dataclass(frozen=True, slots=True)
class Step:
    """A button.

    Attributes:
        value: Sent as ``act``. text: What happens. words: Label of the words it asks for; empty
            asks nothing. url: A page to go to instead. main: The usual next one.
        question, undo: Asked before it happens.
    """

    value: str
    text: Text
    words: Text = ""
    url: str = ""
    main: bool = False
    question: Text = ""
    undo: Text = ""


def grading_steps(reader: Reader, row: Grading, today: date) -> list[Step]:
    """Return what the reader can do with a grading now, the usual step first."""
    if not reader.can(Permission.MANAGE_INSURANCE):
        return []
    plan = reverse("insurance_desk:grading-plan", args=[row.pk])
    found: dict[str, list[Step]] = {
        GradingState.ASKED: [
            Step("", _("安排评估员"), url=plan, main=True),
            Step("refused", _("不予受理"), words=_("为什么不受理")),
            Step("withdrawn", _("本人撤回"), words=_("撤回的原因")),
        ],
        GradingState.GRADING: [
            Step("", _("看评估表"), url=reverse("insurance_desk:sheet", args=[row.pk]), main=True),
            Step("", _("换评估员"), url=plan),
            Step("withdrawn", _("本人撤回"), words=_("撤回的原因")),
        ],
        GradingState.SIGNED: [
            Step("publish", _("开始公示"), main=True),
            Step("send_back", _("退回评估员"), words=_("哪里要再看")),
        ],
        GradingState.NOTICE: [
            *([Step("hold", _("公示期满，生效"), main=True)] if _over(row, today) else []),
            Step("object", _("登记异议"), words=_("异议的内容和提出人")),
        ],
        GradingState.HELD: [Step("object", _("登记异议"), words=_("异议的内容和提出人"))],
        GradingState.DISPUTED: [
            Step("review", _("安排复评"), main=True),
            Step("overrule", _("维持原结论"), words=_("为什么维持，例如本人撤回异议")),
        ],
    }
    return found.get(row.state, [])


def _over(row: Grading, today: date) -> bool:
    return row.notice_to is not None and row.notice_to < today


_ACTS = {
    "ask": "收下申请",
    "plan": "安排评估员",
    "sign": "评估员签字",
    "send_back": "退回评估员",
    "publish": "开始公示",
    "object": "登记异议",
    "hold": "结论生效",
    "replace": "被新结论代替",
    "refused": "不予受理",
    "withdrawn": "本人撤回",
}


def step_events(rows: Iterable[GradingStep]) -> list[Event]:
    """Return the steps of a grading as a timeline."""
    return [
        Event(
            on=day_of(row.at),
            title=_ACTS.get(row.act, row.act),
            text=str(row.words),
            source=f"{row.by_name} · {moment(row.at)}",
        )
        for row in rows
    ]
