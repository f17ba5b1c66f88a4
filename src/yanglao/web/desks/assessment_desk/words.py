"""Words and tones of assessments: one place, so that list, page and sheet say the same."""

from datetime import date

from django.utils.translation import gettext as _

from yanglao.domain.assessments.public import (
    AssessmentState,
    DisputeState,
    RecognitionState,
    ResultState,
    SourceKind,
)
from yanglao.kernel.dates import zh_day
from yanglao.web.kit.parts import Status

_STATES = {
    AssessmentState.ASKED: "warning",
    AssessmentState.ACCEPTED: "warning",
    AssessmentState.PLANNED: "info",
    AssessmentState.ASSESSING: "info",
    AssessmentState.FINISHED: "accent",
    AssessmentState.NOTICE: "info",
    AssessmentState.FINAL: "success",
    AssessmentState.REFUSED: "neutral",
    AssessmentState.WITHDRAWN: "neutral",
    AssessmentState.STOPPED: "neutral",
}
_RESULTS = {
    ResultState.NOTICE: "info",
    ResultState.CONTESTED: "warning",
    ResultState.FINAL: "success",
    ResultState.REPLACED: "neutral",
    ResultState.OVERTURNED: "neutral",
}
_DISPUTES = {
    DisputeState.OPEN: "accent",
    DisputeState.REVIEWING: "info",
    DisputeState.UPHELD: "success",
    DisputeState.DISMISSED: "neutral",
}
_RECOGNITIONS = {
    RecognitionState.WAITING: "warning",
    RecognitionState.ACCEPTED: "success",
    RecognitionState.REFUSED: "neutral",
}
#: From this many days before the due date on, a step is pressing.
_PRESSING = 3
#: Short names of the levels, GB/T 42195 C.5.
_LEVELS = ("能力完好", "轻度失能", "中度失能", "重度失能", "完全失能")


def state_status(state: str) -> Status:
    """Return the badge of an assessment's state."""
    found = AssessmentState(state)
    return Status(found.label, _STATES[found])


def result_status(state: str) -> Status:
    """Return the badge of a result's state."""
    found = ResultState(state)
    return Status(found.label, _RESULTS[found])


def dispute_status(state: str) -> Status:
    """Return the badge of a dispute's state."""
    found = DisputeState(state)
    return Status(found.label, _DISPUTES[found])


def recognition_status(state: str) -> Status:
    """Return the badge of a recognition's state."""
    found = RecognitionState(state)
    return Status(found.label, _RECOGNITIONS[found])


def level_words(level: int | None) -> str:
    """Return a level as people say it: ``3 级 重度失能``."""
    if level is None:
        return ""
    return _("%(level)d 级　%(name)s") % {"level": level, "name": _LEVELS[level]}


def said_words(standard: str, said: str) -> str:
    """Return what another place found, with the name of its standard."""
    name = SourceKind(standard).label
    if standard == SourceKind.GBT42195 and said.isdigit() and int(said) < len(_LEVELS):
        return f"{name}{level_words(int(said))}"
    if standard == SourceKind.LTC:
        return _("%(name)s %(said)s 级") % {"name": name, "said": said}
    return f"{name} {said}"


def clock_status(due_on: date, closed_on: date | None, today: date) -> Status:
    """Return how long the present step still has; late and pressing ones stand out."""
    if closed_on is not None:
        return Status(_("%(day)s办结") % {"day": zh_day(closed_on)}, "plain")
    days = (due_on - today).days
    if days < 0:
        return Status(_("已过期 %(days)d 天") % {"days": -days}, "accent")
    if days == 0:
        return Status(_("今天到期"), "accent")
    words = _("还有 %(days)d 天") % {"days": days}
    return Status(words, "warning" if days <= _PRESSING else "plain")
