"""要办的事: the steps that people must take because somebody's status began, changed or ended."""

from datetime import date
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.places.public import place_choices
from yanglao.domain.statuses.public import (
    Level,
    StatusTask,
    TaskCounts,
    TaskState,
    task_counts,
    tasks,
)
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.status_desk.lines import TASKS, lines_of
from yanglao.web.desks.status_desk.tabs import desk_tabs, unverified_note, waiting_holds
from yanglao.web.desks.status_desk.words import status_names
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.pager import query_without
from yanglao.web.kit.parts import Action, Tab, Text
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen

_PART = "status-tasks"


@screen(Permission.SEE_STATUSES)
def board(request: HttpRequest) -> HttpResponse:
    """List the tasks that match the filters, the earliest due first."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    names = status_names(today)
    bar = filter_bar(request, reader, names)
    counts = task_counts(reader, today)
    rows = chosen_tasks(request, reader, bar, today)
    context: dict[str, Any] = {
        "tabs": desk_tabs("tasks", counts),
        "shortcuts": _shortcuts(request, bar, counts),
        "bar": bar,
        "holds": waiting_holds(request, names),
        "unverified": unverified_note(today),
        "part_id": _PART,
        "table": TASKS.bind(
            request,
            fetch_dressed(rows, partial(lines_of, names=names, today=today)),
            total=rows.count(),
            export_url=reverse("status_desk:tasks-export") if reader.can("export") else "",
            actions=_actions(reader),
            action_url=reverse("status_desk:bulk"),
            empty=_empty(bar, counts),
            part_id=_PART,
        ),
    }
    return render_page_or_part(
        request, "status_desk/tasks.html", "status_desk/parts/list.html", context
    )


@screen(Permission.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with the tasks that match the filters as an Excel sheet."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    names = status_names(today)
    bar = filter_bar(request, reader, names)
    found = chosen_tasks(request, reader, bar, today)
    return excel_response(
        request,
        TASKS,
        all_dressed(found, TASKS.order_of(request), partial(lines_of, names=names, today=today)),
        title=_("救助供养要办的事"),
        file_name=_("救助供养要办的事 %(day)s") % {"day": today.isoformat()},
        note="；".join(f"{item.filter.label}：{item.words}" for item in bar.active),
        behind=found,
    )


def filter_bar(request: HttpRequest, reader: Reader, names: dict[str, str]) -> FilterBar:
    """Return the filters of the board."""
    states: list[tuple[str, Text]] = [*TaskState.choices, ("any", _("全部，含办结的"))]
    return bind_filters(
        request,
        [
            Filter("q", _("找人"), "text", hint=_("姓名或身份证号后四位")),
            Filter("status", _("身份"), choices=list(names.items())),
            Filter("state", _("办到哪一步"), choices=states),
            Filter("level", _("谁办"), choices=list(Level.choices)),
            Filter(
                "place",
                _("地点"),
                choices=place_choices(reader, own=bool(request.GET.get("place"))),
            ),
        ],
        part_id=_PART,
    )


def chosen_tasks(
    request: HttpRequest, reader: Reader, bar: FilterBar, today: date
) -> "QuerySet[StatusTask]":
    """Return the tasks that the shortcut and the filters keep."""
    due = request.GET.get("due", "")
    return tasks(
        reader,
        state=bar["state"] or TaskState.OPEN,
        status=bar["status"],
        level=bar["level"],
        due=due if due in {"overdue", "week"} else "",
        text=bar["q"],
        as_of=today,
    )


def _shortcuts(request: HttpRequest, bar: FilterBar, counts: TaskCounts) -> list[Tab]:
    keep = query_without(request, "page", "due", "state", "sort")
    due, done = request.GET.get("due", ""), bar["state"] == TaskState.DONE
    return [
        Tab(_("没办完"), f"?{keep}", current=not due and not done, count=counts.open),
        Tab(_("已过期"), f"?{keep}due=overdue", current=due == "overdue", count=counts.overdue),
        Tab(_("七天内"), f"?{keep}due=week", current=due == "week", count=counts.soon),
        Tab(_("本月已办"), f"?{keep}state=done", current=done, count=counts.done_this_month),
    ]


def _actions(reader: Reader) -> list[Action]:
    if not reader.can(Permission.WORK_STATUSES):
        return []
    return [
        Action(_("已办"), "done", icon="clipboard-check", tone="primary"),
        Action(_("不需要办"), "not_needed", icon="circle-minus"),
    ]


def _empty(bar: FilterBar, counts: TaskCounts) -> dict[str, Any]:
    if bar.active or counts.open:
        return {
            "title": _("没有符合条件的事"),
            "text": _("换一个条件，或清除筛选看全部没办完的。"),
            "icon": "list-filter",
        }
    return {
        "title": _("没有要办的事"),
        "text": _("有人进入或离开特困、低保、光荣院、流浪救助，要办的步骤会出现在这里。"),
        "icon": "circle-check",
    }
