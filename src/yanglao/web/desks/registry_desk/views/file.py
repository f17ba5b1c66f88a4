"""一人一档: a person's facts with their sources, and what the person gets or could get."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.access.public import MaskedField, Purpose
from yanglao.domain.accounts.public import Permission
from yanglao.domain.entitlements.public import Change, Outcome, Status, changes_of
from yanglao.domain.people.public import FactLine, Person
from yanglao.flows.look_up_person import PersonView
from yanglao.flows.open_person import OpenedFile, open_file
from yanglao.flows.show_assessments import inferred_ability
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.dates import anniversary, whole_years
from yanglao.web.desks.registry_desk.answers import answer_rows, source_words
from yanglao.web.desks.registry_desk.forms import PurposeForm
from yanglao.web.kit.formats import iso_day
from yanglao.web.kit.parts import Crumb, Event, Fact, Link, person_words
from yanglao.web.kit.parts import Status as Badge
from yanglao.web.kit.screens import screen

_EARLIEST_YEAR = 2000


@screen(Permission.SEE_PEOPLE, leaves_trace=True)
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a person's file as of a day (``?on=``), and with ``?run=`` what that run changed."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    as_of = day_asked(request)
    opened = found_file(reader, pk, as_of, purpose=str(_("办理日常工作")))
    return render(request, "registry_desk/file.html", file_context(request, opened))


def found_file(reader: Reader, pk: int, as_of: date, *, purpose: str) -> OpenedFile:
    """Return the file of a person whom the reader may look at; it is written down.

    Raises:
        Http404: When there is none.
    """
    try:
        return open_file(reader, pk, as_of, purpose=purpose, at=clock.now())
    except Person.DoesNotExist as missing:
        raise Http404 from missing


def day_asked(request: HttpRequest) -> date:
    """Return the day of ``?on=``, today when there is none or it is no day."""
    today = clock.today()
    try:
        asked = date.fromisoformat(request.GET.get("on", ""))
    except ValueError:
        return today
    return asked if asked.year >= _EARLIEST_YEAR else today


def file_context(request: HttpRequest, opened: OpenedFile) -> dict[str, Any]:
    """Return what the file page and its print draw."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    view = opened.view
    own = not opened.by_grant
    person = view.person
    rows = answer_rows(view.answers, view.facts, person.pk)
    known = {fact.name: fact for fact in view.facts}
    return {
        "view": view,
        "person": person,
        "who": person_words(person.sex, whole_years(person.birth_date, _until(view))),
        "he": _("她") if person.sex == "F" else _("他"),
        "place": known["residence_code"] if known["residence_code"].known else known["hukou_code"],
        "chips": [*chips(known, view.as_of), *_inferred(reader, person, known, view.as_of)],
        "died": person.died_on if person.died_on and person.died_on <= view.as_of else None,
        "today": clock.today(),
        "trail": [Crumb(_("老人档案"), reverse("registry_desk:search")), Crumb(person.name)],
        "open_rows": [row for row in rows if not row.is_no],
        "no_rows": [row for row in rows if row.is_no],
        "facts": [_fact(fact) for fact in view.facts],
        "events": [_event(event) for event in view.timeline],
        "opened": opened,
        "phone_form": PurposeForm(
            auto_id="phone-%s", initial={"what": MaskedField.PHONE, "purpose": Purpose.CONTACT}
        ),
        "can_record": own and reader.can(Permission.RECORD_FACTS),
        "can_reveal": reader.can(Permission.REVEAL_IDENTITY),
        "can_keep_rights": own and reader.can(Permission.KEEP_RIGHTS),
        "changes": _changes(request, reader, person),
        "ways": _ways(reader, person) if own else [],
    }


def _ways(reader: Reader, person: Person) -> list[Link]:
    """Return what else is kept about a person, as far as the reader may see it."""
    pages = (
        (Permission.SEE_ASSESSMENTS, _("能力评估"), "assessment_desk:person"),
        (Permission.ASK_BENEFITS, _("申请待遇"), "benefits_desk:apply-choose"),
        (Permission.ASK_INSURANCE, _("长护险"), "insurance_desk:person"),
        (Permission.SEE_STATUSES, _("身份经过"), "status_desk:person"),
        (Permission.SEE_SCREENINGS, _("早期发现"), "health_desk:person"),
    )
    return [
        Link(text, reverse(name, args=[person.pk]))
        for permission, text, name in pages
        if reader.can(permission)
    ]


def chips(known: dict[str, FactLine], as_of: date) -> list[Badge]:
    """Return what an officer should know at a glance."""
    found: list[Badge] = []
    for name in (
        "living",
        "assistance",
        "support_mode",
        "disability_grade",
        "special_contribution",
    ):
        fact = known.get(name)
        if fact is None or not fact.known or fact.value in ("", -1, False, None):
            continue
        words = fact.label if fact.value is True else fact.value_label
        if name == "disability_grade":
            words = _("残疾%(grade)s") % {"grade": fact.value_label}
        found.append(Badge(words))
    level, day = known.get("ability_level"), known.get("assessed_on")
    if level and day and level.known and isinstance(day.value, date):
        until = anniversary(day.value, 1)
        words = _("能力 %(level)s 级，评估到 %(day)s 满一年")
        found.append(Badge(words % {"level": level.value, "day": iso_day(until)}))
    return found


def _inferred(
    reader: Reader, person: Person, known: dict[str, FactLine], as_of: date
) -> list[Badge]:
    """Return what a crosswalk says where nobody has assessed the person, and that it does so."""
    if not reader.can(Permission.SEE_ASSESSMENTS):
        return []
    found = inferred_ability(reader, person, known, as_of)
    if found is None:
        return []
    if found.level is not None:
        words = _("能力推定 %(level)d 级，不是评估结果") % {"level": found.level}
    else:
        words = _("能力推定 %(low)d 到 %(high)d 级，不是评估结果") % {
            "low": found.at_least,
            "high": found.at_most,
        }
    return [Badge(words, "warning")]


def _until(view: PersonView) -> date:
    died = view.person.died_on
    return died if died and died <= view.as_of else view.as_of


def _fact(fact: FactLine) -> Fact:
    detail = ""
    if fact.holds_from and fact.known:
        detail = _("自 %(day)s") % {"day": iso_day(fact.holds_from)}
    if fact.holds_to:
        detail += _("，至 %(day)s") % {"day": iso_day(fact.holds_to)}
    value = fact.value_label if fact.known else None
    sources = (source_words(fact) if fact.known else "", fact.not_counted)
    return Fact(fact.label, value, "；".join(filter(None, sources)), detail)


def _event(event: Any) -> Event:
    row = event.row.rpartition("!")[2]
    where = _("，第 %(row)s 行") % {"row": row} if row.isdigit() else ""
    return Event(
        on=event.on,
        when=f"{event.on:%Y-%m}" if event.by_month else "",
        title=event.title,
        text=event.detail,
        source=f"{event.source}{where}",
    )


def _changes(request: HttpRequest, reader: Reader, person: Person) -> list[dict[str, str]] | None:
    """Return what the run of ``?run=`` changed for the person, ``None`` when not asked."""
    asked = request.GET.get("run", "")
    if not (asked.isascii() and asked.isdigit()):
        return None
    found = changes_of(reader, person.pk).filter(run_id=int(asked[:18]))
    return [_change(change) for change in found]


def _change(change: Change) -> dict[str, str]:
    before, after = _outcome_words(change.before), _outcome_words(change.after)
    what = f"{before} → {after}"
    if before == after:
        # The same answer for another reason, tier or amount.
        what = str(_("还是%(answer)s，依据变了") % {"answer": after})
    return {"item": change.item.name, "what": what, "cause": change.cause}


def _outcome_words(outcome: Outcome | None) -> str:
    if outcome is None:
        return str(_("不符合"))
    if outcome.status == Status.POSSIBLE:
        return str(_("可能符合"))
    return str(_("在享") if outcome.delivered else _("应享"))
