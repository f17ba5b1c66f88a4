"""快到期: results that run out within sixty days; chosen people are asked for again."""

from dataclasses import dataclass
from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.assessments.public import AskedBy, NewRequest, Result, running_out
from yanglao.flows.ask_assessments import ask
from yanglao.flows.assessment_rules import NoPackInForce, assessment_rules
from yanglao.foundation import clock
from yanglao.web.desks.assessment_desk.lines import PersonLine, person_lines
from yanglao.web.desks.assessment_desk.views.asking import chosen, reader_of, tried
from yanglao.web.desks.assessment_desk.words import clock_status, level_words
from yanglao.web.kit.pager import paginate
from yanglao.web.kit.parts import Crumb, Status
from yanglao.web.kit.screens import screen

_A_PAGE = 50


@dataclass(frozen=True, slots=True)
class DueRow:
    """A result that runs out."""

    result: Result
    whose: PersonLine

    @property
    def level(self) -> str:
        """The level in words."""
        return level_words(self.result.level)

    @property
    def clock(self) -> Status:
        """How long it still holds."""
        last = self.result.valid_to or self.whose.today
        return clock_status(last, None, self.whose.today)

    @property
    def reminded(self) -> str:
        """Which reminders went out."""
        days = sorted((one.days for one in self.result.reminders.all()), reverse=True)
        return "、".join(_("提前 %(days)d 天") % {"days": one} for one in days)


@screen(Permission.ASK_ASSESSMENTS, writes=True)
def board(request: HttpRequest) -> HttpResponse:
    """List results that run out; ask for the chosen people again."""
    reader = reader_of(request)
    today = clock.today()
    if request.method == "POST":
        people = chosen(request)
        if not people:
            messages.warning(request, _("先勾选要评估的人。"))
        else:
            wanted = [NewRequest(person_id=pk, asked_by=AskedBy.DUE) for pk in people]
            tried(
                request,
                lambda: ask(requests=wanted, acting=reader, as_of=today),
                _("已登记常规评估申请。"),
            )
        return redirect("assessment_desk:due")
    try:
        days = max(assessment_rules(today).reminders)
    except NoPackInForce as refusal:
        messages.error(request, str(refusal))
        return redirect("assessment_desk:board")
    page = paginate(request, running_out(reader, today, today + timedelta(days=days)), size=_A_PAGE)
    found: list[Result] = list(page.rows)
    whose = person_lines([(one.person, one.place_code) for one in found], today)
    context = {
        "page": page,
        "rows": [DueRow(one, line) for one, line in zip(found, whose, strict=True)],
        "days": days,
        "trail": [Crumb(_("能力评估"), reverse("assessment_desk:board")), Crumb(_("快到期"))],
    }
    return render(request, "assessment_desk/due.html", context)
