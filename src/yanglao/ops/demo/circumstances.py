"""What an invented person lives from and with: pension, aid, health, care, home."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from yanglao.kernel.dates import anniversary, whole_years
from yanglao.ops.demo import rates
from yanglao.ops.demo.identity import Settlement, any_name, phone
from yanglao.ops.demo.person import (
    Aid,
    Assessment,
    Card,
    CareInsurance,
    Check,
    Pension,
    Person,
    Relief,
    Survey,
)


class Circumstances:
    """Draws the circumstances of people, as of a day; the seed is in the random generator."""

    def __init__(self, rng: Random, as_of: date) -> None:
        self.rng = rng
        self.as_of = as_of
        self.last_day = as_of - timedelta(days=1)
        self.year_start = date(self.last_day.year, 1, 1)
        self.year_ago = anniversary(as_of, -1)

    def fill(self, person: Person, settlement: Settlement) -> None:
        """Draw everything for one person whose identity and household stand."""
        chance = self.rng.random
        age = whole_years(person.born, self.as_of)
        person.pension = self.pension(person, age)
        person.aids = self.aids(person, age)
        if chance() < rates.by_age(rates.CARD, age):
            person.card = self.card(age)
        person.checks = self.checks(age)
        kind = person.pension.kind if person.pension else ""
        level = rates.by_age(rates.ABILITY, age)(chance())
        if chance() < rates.INSURED[kind]:
            person.insurance = self.insurance(level)
        if person.sex == "M" and chance() < rates.VETERAN:
            person.veteran = rates.VETERAN_KINDS(chance())
            person.special_contribution = chance() < rates.SPECIAL_CONTRIBUTION
        person.assessments = self.assessments(age, level)
        if chance() < rates.SURVEYED or not person.in_register:
            person.survey = self.survey(person, settlement)

    def days_before(self, latest: date, days: int) -> date:
        """Return a day among so many days that end with the latest."""
        return latest - timedelta(days=int(self.rng.random() * days))

    def pension(self, person: Person, age: int) -> Pension | None:
        """Return the standing in a pension scheme, None for nobody's member."""
        chance = self.rng.random
        if chance() < rates.NO_PENSION:
            return None
        employee = chance() < rates.EMPLOYEE[person.minority, person.urban]
        starts = 60 if person.sex == "M" or not employee else 55
        if age < starts:
            return Pension("employee" if employee else "resident", "unclaimed", 0, None)
        status = rates.PENSION_STATUS(chance())
        began: date | None = anniversary(person.born, starts).replace(day=1)
        if status == "unclaimed":
            return Pension("employee" if employee else "resident", status, 0, None)
        fen = 280000 + int(chance() * 26000) * 10 if employee else 20500 + int(chance() * 700) * 10
        return Pension("employee" if employee else "resident", status, fen, began)

    def aids(self, person: Person, age: int) -> tuple[Aid, ...]:
        """Return spells of assistance, the latest last."""
        chance = self.rng.random
        tekun, dibao, margin, expense = rates.AID[person.urban]
        draw = chance() * (1.0 if age >= 60 else 1.8)
        if draw < tekun:
            central = chance() < rates.TEKUN_CENTRAL
            care = rates.TEKUN_CARE(chance())
            start = self.days_before(self.last_day, 3000)
            return (Aid("tekun", "central" if central else "dispersed", care, start, None),)
        if draw < tekun + dibao:
            return self._dibao()
        if draw < tekun + dibao + margin:
            start = self.days_before(self.last_day, 900)
            return (Aid("dibao_margin", "", "", start, None),)
        if draw < tekun + dibao + margin + expense:
            start = self.days_before(self.last_day, 500)
            return (Aid("expense", "", "", start, anniversary(start, 1) - timedelta(days=1)),)
        return ()

    def _dibao(self) -> tuple[Aid, ...]:
        """Return dibao: mostly without end, some ended, some after a spell on its margin."""
        chance = self.rng.random()
        if chance < 0.90:
            return (Aid("dibao", "", "", self.days_before(self.last_day, 2500), None),)
        start = self.days_before(self.last_day - timedelta(days=60), 400)
        if chance < 0.95:
            before = Aid(
                "dibao_margin", "", "", start - timedelta(days=365), start - timedelta(days=1)
            )
            return (before, Aid("dibao", "", "", start, None))
        if chance < 0.985:
            end = date(self.last_day.year, 12, 31)
            return (Aid("dibao", "", "", start, end),)
        if chance < 0.99:  # ends with the last day of the month: over on the day after
            return (Aid("dibao", "", "", start, self.last_day),)
        if chance < 0.995:  # both days included: still holds on the day itself
            return (Aid("dibao", "", "", start, self.as_of),)
        return (Aid("dibao", "", "", start, self.days_before(self.last_day, 50)),)

    def card(self, age: int) -> Card:
        """Return a disability card."""
        chance = self.rng.random
        grade = rates.GRADE(chance())
        asked = chance() < 0.97
        needs = (chance() < (0.72 if grade <= 2 else 0.06)) if asked else None
        issued = self.days_before(self.last_day, 365 * min(15, age - 50))
        status = "valid" if chance() < 0.98 else "cancelled"
        return Card(rates.CATEGORY(chance()), grade, needs, issued, status)

    def checks(self, age: int) -> tuple[Check, ...]:
        """Return health checks, the latest last."""
        chance = self.rng.random
        draw = chance()
        so_far = (self.last_day - self.year_start).days + 1
        if age < 65:
            if draw >= rates.CHECKED_UNDER_65:
                return ()
            day = self.days_before(self.last_day, so_far)
        elif draw < rates.CHECKED_THIS_YEAR:
            day = self.days_before(self.last_day, so_far)
        elif draw < rates.CHECKED_LAST_YEAR:
            day = self.days_before(self.year_start - timedelta(days=1), 365)
        else:
            return ()
        latest = self.check(day, age)
        if chance() < 0.02:
            before = day - timedelta(days=90 + int(chance() * 200))
            return (latest._replace(checked_on=before), latest)
        return (latest,)

    def check(self, day: date, age: int) -> Check:
        """Return what a check on a day found."""
        chance = self.rng.random
        asked = chance() >= rates.DEMENTIA_NOT_ASKED
        dementia = age >= 65 and chance() < rates.DEMENTIA_FROM_65 if asked else None
        doctor = f"{any_name(self.rng, '汉族', 'F')}（虚构）" if chance() < 0.3 else "村医（虚构）"
        return Check(day, rates.CHRONIC(chance()), doctor, dementia)

    def insurance(self, level: int) -> CareInsurance:
        """Return the standing of an insured person; few were ever assessed."""
        chance = self.rng.random
        if chance() > (0.5 if level >= 2 else 0.04):
            return CareInsurance(True, None, False, None)
        graded = min(5, level + (1 if level and chance() < 0.4 else 0))
        day = self.days_before(self.last_day, 700)
        return CareInsurance(True, graded, graded >= 2 and chance() < 0.85, day)

    def assessments(self, age: int, level: int) -> tuple[Assessment, ...]:
        """Return assessments, the latest last; valid is: within twelve months."""
        chance = self.rng.random
        draw = chance()
        if age < 65:
            draw = 0.0 if draw < rates.ASSESSED_UNDER_65 else 1.0
        agency = rates.AGENCIES[int(chance() * len(rates.AGENCIES))]
        if draw < rates.ASSESSED_VALID:
            latest = Assessment(
                self.days_before(self.last_day, (self.as_of - self.year_ago).days - 1),
                level,
                agency,
            )
        elif draw < rates.ASSESSED_EVER:
            latest = Assessment(self.days_before(self.year_ago, 500), level, agency)
        else:
            return ()
        if chance() < 0.02:
            earlier = latest.assessed_on - timedelta(days=200 + int(chance() * 300))
            return (Assessment(earlier, max(0, level - 1), agency), latest)
        return (latest,)

    def survey(self, person: Person, settlement: Settlement) -> Survey:
        """Return what the village would write down about a person."""
        rng = self.rng
        chance = rng.random
        living = (rates.LIVING_COUPLE if person.companions else rates.LIVING_SINGLE)(chance())
        supporter = rates.SUPPORTER(chance())
        aid = person.aids[-1] if person.aids else None
        if aid and aid.kind == "tekun":
            living = "institution" if aid.support_mode == "central" else "alone"
            supporter = "none" if chance() < 0.9 else "unable"
        lng, lat = settlement.dwelling(rng, person.village)
        told = chance()
        return Survey(
            residence_code=person.village,
            living=living,
            supporter=supporter,
            special_family=rates.SPECIAL_FAMILY(chance()),
            phone=phone(rng) if told < 0.8 else "",
            contact=any_name(rng, person.ethnic, "M") if told < 0.6 else "",
            contact_phone=phone(rng) if told < 0.6 else "",
            lng=lng if told < 0.93 else None,
            lat=lat if told < 0.93 else None,
        )

    def relief(self, *, in_station: bool) -> tuple[Relief, ...]:
        """Return a stay in a relief station, or one that is over."""
        start = self.days_before(self.last_day - timedelta(days=3), 40)
        if in_station:
            return (Relief(start, True),)
        return (Relief(start, True), Relief(start + timedelta(days=2), False))
