"""长护险情况: everything the insurance knows of one person, and what is inferred, said as such."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.public import (
    BenefitState,
    Grading,
    absences_of,
    benefits,
    gradings,
    month_records,
    valid_grading,
)
from yanglao.domain.people.public import FactLine, person_facts
from yanglao.domain.places.public import town_and_village
from yanglao.flows.infer_ltci_crosswalk import infer_of_facts
from yanglao.foundation import clock
from yanglao.web.desks.insurance_desk.views.gradings import person_of
from yanglao.web.desks.insurance_desk.words import (
    benefit_status,
    grading_status,
    level_words,
    month_words,
    note_look,
    page,
    person_words_of,
    reader_of,
)
from yanglao.web.kit.parts import Action, Fact
from yanglao.web.kit.screens import screen

_SHOWN = (
    "ltci_insured",
    "ltci_level",
    "ltci_assessed_on",
    "ltci_receiving",
    "ability_level",
    "assessed_on",
    "disability_category",
    "disability_grade",
)


@screen(Permission.ASK_INSURANCE, leaves_trace=True)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show facts, inference, gradings, benefits and absences of one person."""
    reader, today = reader_of(request), clock.today()
    row = person_of(request, pk)
    note_look(request, row, _SHOWN)
    facts = {line.name: line for line in person_facts(reader, row, today)}
    values = {name: line.value for name, line in facts.items()}
    about, reverse_walk = infer_of_facts(values, today)
    given = list(benefits(reader, person=row.pk)[:20])
    graded = list(gradings(reader, person=row.pk)[:20])
    place = town_and_village([row.place_code])[row.place_code]
    whole = reader.can(Permission.SEE_INSURANCE)
    context = page(
        "insured" if whole else "gradings",
        _("%(name)s的长护险情况") % {"name": row.name},
        last=row.name,
        reader=reader,
        whole=whole,
        person=row,
        who=f"{person_words_of(row, today)} · {place}",
        facts=[
            _fact(facts[name], valid_grading(reader, row.pk, today))
            for name in _SHOWN
            if name in facts
        ],
        inferences=[one for one in (about, reverse_walk) if one is not None],
        gradings=[(one, grading_status(one.state), level_words(one.level)) for one in graded],
        benefits=[(one, benefit_status(one.state), _months(one)) for one in given],
        absences=list(absences_of(reader, row.pk)[:20]),
        records=month_records(reader, person=row.pk).count(),
        buttons=_buttons(request, row.pk, given),
    )
    return render(request, "insurance_desk/person.html", context)


def _months(benefit: Any) -> str:
    last = month_words(benefit.last_month) or _("继续")
    return f"{month_words(benefit.first_month)} ～ {last}"


def _fact(line: FactLine, grading: Grading | None) -> Fact:
    source = line.source or (line.entered_by and _("%(who)s登记") % {"who": line.entered_by})
    if line.name == "ltci_level" and line.known and line.value not in (None, -1):
        ours = grading is not None and grading.level == line.value
        source = (
            _("本平台评估，第 %(n)d 号") % {"n": grading.pk}
            if ours and grading
            else (_("名单上的等级：%(source)s") % {"source": source or "—"})
        )
    return Fact(line.label, line.value_label if line.known else None, source)


def _buttons(request: HttpRequest, pk: int, given: list[Any]) -> list[Action]:
    reader = reader_of(request)
    found = []
    if reader.can(Permission.SEE_PEOPLE):
        found.append(
            Action(_("看档案"), url=reverse("registry_desk:file", args=[pk]), icon="file-user")
        )
    if reader.can(Permission.ASK_INSURANCE):
        url = reverse("insurance_desk:ask", args=[pk])
        found.append(Action(_("申请失能评估"), url=url, icon="clipboard-list"))
    if not reader.can(Permission.MANAGE_INSURANCE):
        return found
    if not any(one.state in (BenefitState.PREPARED, BenefitState.APPROVED) for one in given):
        found.append(
            Action(_("开始待遇"), url=reverse("insurance_desk:propose", args=[pk]), tone="primary")
        )
    found.append(Action(_("登记住院或外出"), url=reverse("insurance_desk:absence", args=[pk])))
    return found
