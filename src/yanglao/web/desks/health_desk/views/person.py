"""A person's early finding: all screenings, and by what the person got worse."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.health.public import screenings_of, worsenings_of
from yanglao.domain.people.public import Person, get_person
from yanglao.domain.places.public import full_names_of
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.dates import whole_years
from yanglao.web.desks.health_desk.words import (
    MEASURE_WORDS,
    change_words,
    domain_words,
    step_status,
    worse_status,
)
from yanglao.web.kit.parts import Crumb, person_words
from yanglao.web.kit.screens import screen


@screen(Permission.SEE_SCREENINGS, leaves_trace=True)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person's screenings and worsenings."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    try:
        found = get_person(reader, pk)
    except Person.DoesNotExist as missing:
        audit.refused(
            reader, "file_refused", subject="person", subject_id=pk, reason=_("查看早期发现")
        )
        raise Http404 from missing
    audit.read(
        reader,
        "screening_opened",
        subject_id=pk,
        place_code=found.place_code,
        purpose=_("查看早期发现"),
        fields=("health",),
    )
    context = {
        "person": found,
        "who": person_words(found.sex, whole_years(found.birth_date, clock.today())),
        "place": full_names_of([found.place_code]).get(found.place_code, ""),
        "screenings": [
            (one, domain_words(one.failed), step_status(one.step))
            for one in screenings_of(reader, found.pk)
        ],
        "worse": [
            (
                one,
                MEASURE_WORDS.get(one.measure, one.measure),
                change_words(one),
                worse_status(one.state),
            )
            for one in worsenings_of(reader, found.pk)
        ],
        "may_screen": reader.can(Permission.RECORD_SCREENINGS),
        "trail": [Crumb(_("早期发现"), reverse("health_desk:screenings")), Crumb(found.name)],
    }
    return render(request, "health_desk/person.html", context)
