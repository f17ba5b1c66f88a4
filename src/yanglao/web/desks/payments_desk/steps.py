"""How far a run is, as a ladder, and its history as a timeline."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.settlement.public import PaymentRun, RunState, RunStep
from yanglao.foundation import clock
from yanglao.kernel.money import format_yuan
from yanglao.web.kit.parts import Event, Text

_ACTS = {
    "opened": gettext_lazy("建立批次"),
    "frozen": gettext_lazy("冻结名单"),
    "decided": gettext_lazy("处理核查提示"),
    "checked": gettext_lazy("核查完成"),
    "submitted": gettext_lazy("提交审批"),
    "sent_back": gettext_lazy("退回"),
    "approved": gettext_lazy("审批通过，入账"),
    "recomputed": gettext_lazy("用封存的输入重算核对"),
    "recusal_asked": gettext_lazy("回避：请别人复核家里人的款项"),
    "recusal_answered": gettext_lazy("回避：复核了别人家里人的款项"),
    "cancelled": gettext_lazy("取消"),
    "file_made": gettext_lazy("生成银行文件"),
    "file_handing": gettext_lazy("开始交银行"),
    "file_handed": gettext_lazy("已交银行"),
    "returned": gettext_lazy("接收回盘"),
    "closed": gettext_lazy("办结"),
}
_ORDER = (
    (RunState.DRAFT, gettext_lazy("冻结名单")),
    (RunState.FROZEN, gettext_lazy("核查")),
    (RunState.CHECKED, gettext_lazy("提交")),
    (RunState.SUBMITTED, gettext_lazy("审批")),
    (RunState.APPROVED, gettext_lazy("送银行")),
    (RunState.SENT, gettext_lazy("回盘")),
    (RunState.RETURNED, gettext_lazy("办结")),
)


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder: its name, and whether it is done, next, or later."""

    text: Text
    state: str

    @property
    def look(self) -> str:
        """CSS class of the step."""
        return "step step-primary" if self.state in ("done", "next") else "step"


def ladder(run: PaymentRun) -> list[Rung]:
    """Return the steps of a run; empty for one that was cancelled."""
    if run.state == RunState.CANCELLED:
        return []
    places = [state for state, _text in _ORDER]
    here = places.index(RunState(run.state)) if run.state in places else len(places)
    return [
        Rung(text, "done" if number < here else "next" if number == here else "later")
        for number, (_state, text) in enumerate(_ORDER)
    ]


def step_events(steps: list[RunStep]) -> list[Event]:
    """Return the history of a run, the latest first."""
    found = []
    for step in steps:
        text = step.words
        if step.act == "returned":
            counts = step.detail.get("counts", {})
            text = _("到账 %(paid)d 笔，失败 %(failed)d 笔") % {
                "paid": counts.get("paid", 0),
                "failed": counts.get("failed", 0) + counts.get("back", 0),
            }
        if step.act == "recomputed":
            text = _("完全一致") if step.detail["same"] else _("不一致")
        if step.act == "file_made":
            text = _("%(n)d 笔，%(yuan)s 元") % {
                "n": step.detail["payments"],
                "yuan": format_yuan(step.detail["fen"]),
            }
        found.append(
            Event(
                clock.day_of(step.at),
                _ACTS.get(step.act, step.act),
                text,
                source=step.by_name,
                tone="error" if step.act in ("sent_back", "cancelled") else "plain",
            )
        )
    return found
