"""Words of statuses: names, details, badges; one place for list, page and sheet."""

from collections.abc import Mapping
from datetime import date

from django.utils.translation import gettext as _

from yanglao.domain.people.public import field_label, value_label
from yanglao.domain.statuses.public import Cause, Occasion, StatusChange, TaskState
from yanglao.flows.follow_statuses import standing_rules
from yanglao.kernel.dates import zh_day
from yanglao.web.kit.parts import Status

_TONES = {
    TaskState.OPEN: "plain",
    TaskState.DONE: "success",
    TaskState.NOT_NEEDED: "neutral",
    TaskState.OVERTAKEN: "neutral",
}
_OCCASION_TONES = {
    Occasion.ENTER: "success",
    Occasion.CHANGE: "warning",
    Occasion.LEAVE: "accent",
}
#: From this many days before the due date on, a task is pressing.
_PRESSING = 3


def status_names(as_of: date) -> dict[str, str]:
    """Return the names of the statuses of the pack in force, by code, in its order."""
    rules = standing_rules(as_of)
    return {code: one.name for code, one in rules.statuses.items()} if rules else {}


def details_words(details: Mapping[str, object]) -> str:
    """Return the details of a status in words: 供养方式 集中供养、自理能力 全护理."""
    said = [
        f"{field_label(name)} {value_label(name, value)}"
        for name, value in details.items()
        if value not in (None, "", -1)
    ]
    return "；".join(said)


def difference_words(change: StatusChange) -> str:
    """Return what changed: 供养方式 分散供养 → 集中供养."""
    if change.occasion == Occasion.LEAVE:
        return str(Cause(change.cause).label)
    names = [name for name in change.after if change.after[name] != change.before.get(name)]
    if change.occasion == Occasion.ENTER:
        return details_words(change.after)
    said = []
    for name in names:
        before, after = change.before.get(name), change.after[name]
        was = value_label(name, before) if before not in (None, "") else _("没有")
        now = value_label(name, after) if after not in (None, "") else _("没有")
        said.append(f"{field_label(name)} {was} → {now}")
    return "；".join(said)


def task_status(state: str) -> Status:
    """Return the badge of a task's state."""
    found = TaskState(state)
    return Status(found.label, _TONES[found])


def occasion_status(occasion: str) -> Status:
    """Return the badge of an occasion."""
    found = Occasion(occasion)
    return Status(found.label, _OCCASION_TONES[found])


def due_status(due_on: date, *, still_open: bool, today: date) -> Status:
    """Return how long there is."""
    day = zh_day(due_on)
    if not still_open:
        return Status(day, "neutral")
    left = (due_on - today).days
    if left < 0:
        return Status(_("过期 %(days)d 天") % {"days": -left}, "accent")
    if left == 0:
        return Status(_("今天到期"), "accent")
    return Status(_("%(day)s前") % {"day": day}, "warning" if left <= _PRESSING else "plain")
