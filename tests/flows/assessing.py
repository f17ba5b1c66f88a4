"""Assessments to try things on: assessors of a county, a planned sheet, answers, signatures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import uuid4

from yanglao.domain.accounts.public import Account, Role, open_account, reader_of
from yanglao.domain.assessments.models import Assessment, Assessor, Body, Sheet
from yanglao.domain.assessments.public import (
    Edit,
    NewRequest,
    PlannedPair,
    finish_sheet,
    keep_assessor,
    keep_body,
    record_edits,
    sign_sheet,
)
from yanglao.domain.people.models import Person
from yanglao.flows.ask_assessments import accept, ask
from yanglao.flows.plan_assessments import accept_plan
from yanglao.flows.read_assessment_form import ability_form
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader, system_reader

COUNTY = "653222000000"
OFFICER = system_reader(COUNTY, name="测试")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
TODAY = date(2026, 11, 5)


@dataclass(frozen=True, slots=True)
class Team:
    """Assessors of a county: one nurse, one social worker, and their accounts."""

    body: Body
    nurse: Assessor
    social: Assessor
    nurse_account: Account
    social_account: Account

    @property
    def pair(self) -> tuple[int, int]:
        """Their numbers."""
        return (self.nurse.pk, self.social.pk)

    @property
    def readers(self) -> tuple[Reader, Reader]:
        """Both as they sign in."""
        return reader_of(self.nurse_account), reader_of(self.social_account)


def assessor(
    name: str, body: Body, background: str, *, place: str = COUNTY, **more: Any
) -> tuple[Assessor, Account]:
    """Enter an assessor with an account."""
    account = open_account(
        username=f"a-{uuid4().hex[:12]}",
        password="only-for-tests-2026",
        role=Role.ASSESSOR,
        area_code=place,
        display_name=name,
        acting=system_reader(),
        invented=True,
    )
    found = keep_assessor(
        name=name,
        body_id=body.pk,
        background=background,
        place_code=place,
        account_id=account.pk,
        acting=system_reader(),
        **more,
    )
    return found, account


def team(name: str = "测试评估中心", place: str = COUNTY) -> Team:
    """Enter a body with two assessors."""
    body = keep_body(
        name=name, place_code=place, assesses=True, delivers=False, acting=system_reader()
    )
    nurse, first = assessor(f"{name}护士", body, "nursing", place=place)
    social, second = assessor(f"{name}社工", body, "social_work", place=place)
    return Team(body, nurse, social, first, second)


def accepted(*people: Person, kind: str = "", as_of: date = TODAY) -> list[Assessment]:
    """Ask for people and accept."""
    asked = ask(
        requests=[NewRequest(person_id=one.pk, asked_by="village", kind=kind) for one in people],
        acting=system_reader(),
        as_of=as_of,
    )
    accept(ids=asked.created, acting=system_reader(), as_of=as_of)
    return list(Assessment.objects.filter(pk__in=asked.created).order_by("id"))


def planned(person: Person, pair: Sequence[int], *, on: date = TODAY, kind: str = "") -> Sheet:
    """Ask, accept and plan; return the sheet."""
    [one] = accepted(person, kind=kind, as_of=min(on, TODAY))
    plan = PlannedPair(one.pk, tuple(pair), on)
    accept_plan(plans=[plan], acting=system_reader(), as_of=min(on, TODAY))
    return Sheet.objects.get(assessment=one)


def answers(points: int = 0, **changed: Any) -> dict[str, Any]:
    """Return answers to every question; so many steps below the best, as far as each goes."""
    form = ability_form(TODAY)
    found: dict[str, Any] = {}
    for name, field in form.form.fields.items():
        if field.optional:
            continue
        first = field.options[0].code if field.options else "某人"
        found[name] = [first] if field.kind == "many" else first
    for code, item in form.scale.items.items():
        found[code] = item.points[min(points, len(item.points) - 1)]
    return {**found, **changed}


def edits(
    values: Mapping[str, Any], device: str = "甲", *, at: datetime | None = None, base: int = 0
) -> list[Edit]:
    """Return one edit an answer, a minute apart from nothing."""
    moment = at or clock.start_of(TODAY) + timedelta(hours=10)
    return [
        Edit(str(uuid4()), name, value, moment + timedelta(seconds=20 * at_), base, device)
        for at_, (name, value) in enumerate(values.items())
    ]


def fill_and_finish(sheet: Sheet, team: Team, points: int = 0, **changed: Any) -> Sheet:
    """Answer everything, sign twice, hand in."""
    first, second = team.readers
    record_edits(sheet_id=sheet.pk, edits=edits(answers(points, **changed)), acting=first)
    moment = clock.start_of(TODAY) + timedelta(hours=11)
    for reader in (first, second):
        sign_sheet(sheet_id=sheet.pk, signature_png=PNG, at=moment, place=None, acting=reader)
    return finish_sheet(sheet_id=sheet.pk, acting=first)
