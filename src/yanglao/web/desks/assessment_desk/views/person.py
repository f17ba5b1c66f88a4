"""One person's ability: the level that holds, or what is inferred instead; all that was done."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.assessments.public import bodies
from yanglao.domain.people.public import Person
from yanglao.flows.show_assessments import ability_status
from yanglao.foundation import audit, clock
from yanglao.web.desks.assessment_desk.forms import TieForm
from yanglao.web.desks.assessment_desk.lines import lines_of, person_lines
from yanglao.web.desks.assessment_desk.views.asking import reader_of
from yanglao.web.desks.assessment_desk.words import (
    dispute_status,
    level_words,
    recognition_status,
    result_status,
    said_words,
)
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen

_PURPOSE = "查看能力评估"


@screen(Permission.SEE_ASSESSMENTS, leaves_trace=True)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one person's ability."""
    reader = reader_of(request)
    today = clock.today()
    try:
        status = ability_status(reader, pk, today)
    except Person.DoesNotExist as missing:
        raise Http404 from missing
    audit.read(
        reader,
        "ability_opened",
        subject_id=pk,
        place_code=status.person.place_code,
        purpose=_PURPOSE,
        fields=["ability"],
    )
    can_manage = reader.can(Permission.MANAGE_ASSESSMENTS)
    context: dict[str, Any] = {
        "status": status,
        "line": person_lines([(status.person, status.person.place_code)], today)[0],
        "level": level_words(status.level),
        "assessments": lines_of(status.assessments, today),
        "results": [
            (one, level_words(one.level), result_status(one.state)) for one in status.results
        ],
        "recognitions": [
            (one, recognition_status(one.state), said_words(one.standard, one.said))
            for one in status.recognitions
        ],
        "disputes": [(one, dispute_status(one.state)) for one in status.disputes],
        "can_ask": reader.can(Permission.ASK_ASSESSMENTS)
        and reader.covers(status.person.place_code),
        "tie_form": TieForm(bodies=bodies(reader).filter(active=True)) if can_manage else None,
        "today": today,
        "trail": [
            Crumb(_("能力评估"), reverse("assessment_desk:board")),
            Crumb(status.person.name),
        ],
    }
    return render(request, "assessment_desk/person.html", context)
