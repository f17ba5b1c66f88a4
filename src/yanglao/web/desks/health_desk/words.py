"""Words and tones of early finding: one place for lists, pages and sheets."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.health.public import OPEN_STEPS, CareStep, Worsening, WorseState
from yanglao.domain.people.public import value_label
from yanglao.flows.screen_health import fact_of_measure, screening_scale
from yanglao.kernel.dates import zh_date, zh_day
from yanglao.web.kit.parts import Status

_STEP_TONES = {
    CareStep.SCREENED: "accent",
    CareStep.ASSESSED: "info",
    CareStep.PLANNED: "info",
    CareStep.REFERRED: "info",
    CareStep.CLOSED: "success",
    CareStep.DECLINED: "neutral",
    CareStep.NONE: "success",
}
_WORSE_TONES = {
    WorseState.NEW: "accent",
    WorseState.LOOKED: "info",
    WorseState.ACTED: "success",
    WorseState.NO_NEED: "neutral",
}
MEASURE_WORDS = {
    "ability": gettext_lazy("能力等级变差"),
    "ltc": gettext_lazy("长护失能等级变差"),
    "dementia": gettext_lazy("新确诊痴呆"),
    "disability": gettext_lazy("残疾等级变重"),
    "alone": gettext_lazy("变成独居"),
}


def step_status(step: str) -> Status:
    """Return the badge of a step."""
    found = CareStep(step)
    return Status(found.label, _STEP_TONES[found])


def worse_status(state: str) -> Status:
    """Return the badge of what was done about somebody who got worse."""
    found = WorseState(state)
    return Status(found.label, _WORSE_TONES[found])


def domain_names() -> dict[str, str]:
    """Return the names of the domains of the screening in use, by code, in its order."""
    return {code: one.name for code, one in screening_scale().domains.items()}


def domain_words(codes: Iterable[str]) -> str:
    """Return domains in words."""
    names = domain_names()
    return "、".join(names.get(code, code) for code in codes)


def due_status(step: str, due_on: date, today: date) -> Status:
    """Return how long there is: for the next step, or until the next screening."""
    if step not in OPEN_STEPS:
        if step != CareStep.NONE:
            return Status("—", "neutral")
        again = due_on <= today
        words = _("该再筛了") if again else _("%(day)s再筛") % {"day": zh_date(due_on)}
        return Status(words, "warning" if again else "plain")
    left = (due_on - today).days
    if left < 0:
        return Status(_("过期 %(days)d 天") % {"days": -left}, "accent")
    if left == 0:
        return Status(_("今天到期"), "accent")
    return Status(_("%(day)s前") % {"day": zh_day(due_on)}, "warning" if left <= 3 else "plain")


def change_words(row: Worsening) -> str:
    """Return what it was and what it is: 1 级（轻度失能） → 3 级（重度失能）."""
    fact = fact_of_measure(row.measure)
    return f"{_said(fact, row.was)} → {_said(fact, row.is_now)}"


def _said(fact: str, text: str) -> str:
    value: object = text
    if text in {"true", "false"}:
        value = text == "true"
    elif text.lstrip("-").isdigit():
        value = int(text)
    return value_label(fact, value)
