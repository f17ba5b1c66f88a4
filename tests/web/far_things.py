"""One thing of every sort that the desks show, of one person in one county.

The rows carry the given words wherever a word is free, so that a page which shows them where they
do not belong is found. They are written straight to the tables: what matters is where they stand.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import uuid4

from django.db.models import Field, Model

from tests.flows.population import state
from yanglao.domain.assessments import models as assessments
from yanglao.domain.benefits import models as benefits
from yanglao.domain.catalogue import models as catalogue
from yanglao.domain.health import models as health
from yanglao.domain.ltci import models as ltci
from yanglao.domain.people.models import ENTRY_MODELS, Person
from yanglao.domain.people.types import Kind
from yanglao.domain.settlement import models as settlement
from yanglao.domain.statuses import models as statuses
from yanglao.foundation import clock
from yanglao.foundation.secrets import SealedModel

#: Sealed fields that hold digits, and those that hold no words.
_NUMBERS = ("number", "tail", "phone", "asker_phone", "objector_phone")
_NO_WORDS = {"picture"}
#: Shorter secrets (the end of an account) stand in other numbers by chance.
_TELLING = 6
#: Columns that hold a county.
_PLACES = ("place_code", "area", "region_code")


@dataclass
class Things:
    """Makes things of one person.

    Attributes:
        person: Whose they are.
        county: The county that keeps them.
        word: Stands wherever a name or a free word stands.
        made: What was made and has pages of its own, by a short name.
        rows: All that was made.
    """

    person: Person
    county: str
    word: str
    made: dict[str, Any] = field(default_factory=dict)
    rows: list[Model] = field(default_factory=list)

    @property
    def numbers(self) -> dict[str, Any]:
        """Numbers of what was made, by its short name."""
        numbers = {name: row.pk for name, row in self.made.items()}
        return numbers | {"person": self.person.pk, "photo": self.made["photo"].photo_id}

    @property
    def secrets(self) -> list[str]:
        """Everything that stands in sealed fields."""
        return [
            value
            for row in self.rows
            if isinstance(row, SealedModel)
            for name in row.secret_names()
            if isinstance(value := getattr(row, name), str) and len(value) > _TELLING
        ]

    @property
    def masked(self) -> dict[str, str]:
        """What must not be read at a glance in the person's own county, by what it is."""
        return {
            "ID number": str(self.person.id_number),
            "telephone": self.number("phone"),
            "telephone of who asked": self.number("asker_phone"),
            "telephone of who objected": self.number("objector_phone"),
            "account": self.number("number"),
            "home": f"{self.word}密封住址",
            "diseases": f"{self.word}密封慢病",
            "doctor": f"{self.word}密封医生",
        }

    def make(self, model: type[Model], **given: Any) -> Any:
        """Write a row; what is not given and must be, is filled in by its type."""
        for column in model._meta.fields:
            known = column.name in given or column.attname in given
            if not known and not column.primary_key and not column.null:
                value = self._value(column)
                if value is not None:
                    given[column.name] = value
        if issubclass(model, SealedModel):
            given = {**self._secrets_of(model), **given}
        row = model._default_manager.create(**given)
        self.rows.append(row)
        return row

    def _secrets_of(self, model: type[SealedModel]) -> dict[str, str]:
        """Return something recognisable for every sealed text of a table."""
        kept = {name: getattr(model, name).blank for name in model.secret_names()}
        return {
            name: self.number(name) if name in _NUMBERS else f"{self.word}密封{name}"
            for name, blank in kept.items()
            if blank == "" and name not in _NO_WORDS
        }

    def number(self, name: str) -> str:
        """Return a telephone or an account that nobody else has."""
        own = f"{self.person.pk % 10_000:04}"
        ends = {"number": f"6217007790{own}8633", "tail": "8633"}
        return ends.get(name, f"1399{_NUMBERS.index(name)}{own}77")

    def _value(self, column: Field) -> Any:
        if column.name == "person":
            return self.person
        if column.name == "place_code":
            return self.person.place_code
        if column.name in _PLACES:
            return self.county
        if column.is_relation or column.has_default():
            return None
        if column.choices:
            return column.choices[0][0]
        kinds = {
            "DateField": clock.today(),
            "DateTimeField": clock.now(),
            "JSONField": {},
            "BinaryField": b"",
            "BooleanField": True,
        }
        kind = column.get_internal_type()
        if kind in {"CharField", "TextField"}:
            return self.word[: column.max_length or 99]
        return kinds.get(kind, 1)


def things_of(person: Person, county: str, word: str) -> Things:
    """Make one thing of every sort."""
    things = Things(person, county, word)
    _assessments(things)
    _benefits(things)
    _payments(things)
    _insurance(things)
    _statuses(things)
    _health(things)
    _drafts(things)
    _statements(things)
    return things


def _statements(t: Things) -> None:
    """What lists say of a person and nobody may read at a glance."""
    told: dict[str, dict[str, Any]] = {
        "household": {"address": f"{t.word}密封住址", "hukou_code": t.person.hukou_code},
        "health": {"chronic": f"{t.word}密封慢病", "doctor": f"{t.word}密封医生"},
        "survey": {"phone": t.number("phone"), "contact": f"{t.word}密封联系人"},
    }
    for kind, values in told.items():
        state(t.person, kind, **values)
        rows = ENTRY_MODELS[Kind(kind)].objects.filter(person=t.person)
        t.rows.append(rows.latest("id"))


def _assessments(t: Things) -> None:
    today = clock.today()
    body = t.make(assessments.Body, name=f"{t.word}{t.person.pk}", delivers=False)
    # An officer: his telephone is not the person's.
    own = f"137{t.person.pk % 10_000:04}9999"
    t.made["assessor"] = t.make(assessments.Assessor, body=body, phone=own)
    t.make(assessments.ServiceTie, body=body)
    one = t.made["assessment"] = t.make(assessments.Assessment, state="notice", planned_on=today)
    t.make(assessments.Assignment, assessment=one, assessor=t.made["assessor"])
    sheet = t.made["sheet"] = t.make(
        assessments.Sheet, id=str(uuid4()), assessment=one, required=[], finished_at=clock.now()
    )
    t.made["photo"] = t.make(assessments.Photo, sheet=sheet, photo_id=str(uuid4()))
    t.made["recognition"] = t.make(assessments.Recognition, said="2")
    result = t.made["result"] = t.make(
        assessments.Result, assessment=one, level=2, notice_from=today, notice_to=today
    )
    t.made["assessment_dispute"] = t.make(assessments.Dispute, result=result)


def _benefits(t: Things) -> None:
    today = clock.today()
    item = catalogue.Item.objects.get(code="07")
    version = catalogue.PackVersion.objects.order_by("id").first()
    t.made["account"] = t.make(benefits.PayAccount, token=uuid4().bytes)
    notice = t.made["benefit_notice"] = t.make(
        benefits.Notice, place_code=t.county, item=item, from_on=today, to_on=today
    )
    case = t.made["case"] = t.make(
        benefits.Case,
        item=item,
        version=version,
        benefit="nursing",
        state="noticed",
        status="owed",
        fen=12_345,
        notice=notice,
    )
    t.make(benefits.CaseStep, case=case)
    t.made["benefit_dispute"] = t.make(benefits.Dispute, case=case)
    run = t.make(benefits.FollowRun, as_of=today)
    t.make(benefits.Spell, benefit="nursing", version="", since=run, first=date(2026, 1, 1))
    t.make(benefits.CaseAlert, case=case, run=run)


def _payments(t: Things) -> None:
    run = t.made["run"] = t.make(
        settlement.PaymentRun,
        number=f"{t.county[:6]}-{t.person.pk}",
        month=24321,
        benefits="nursing",
        state="approved",
        as_of=clock.today(),
        rules="",
        snapshot="",
        fingerprint="",
    )
    part = {"run": run, "benefit": "nursing"}
    t.make(settlement.RunStep, run=run)
    t.make(settlement.Line, **part, month=24321)
    paid = t.made["payment"] = t.make(settlement.Payment, **part, gross_fen=12_345, name=t.word)
    listed = t.made["elsewhere"] = t.make(
        settlement.ElsewhereList, month=24321, payer=f"{t.word}{t.person.pk}", state="current"
    )
    t.make(settlement.PaidElsewhere, of_list=listed, benefit="nursing")
    step = t.make(settlement.RunStep, run=run, act="submitted")
    t.make(settlement.Recusal, run=run, submitted=step, asked_by_id=1, decided_by_id=None)
    t.make(settlement.Finding, **part, code="no_account", decision="")
    t.make(settlement.Difference, **part, difference="new", code="")
    t.make(
        settlement.MonthChoice, **part, state="held", code="held_unknown", against="", month=24321
    )
    file = t.made["file"] = t.make(
        settlement.BankFile, run=run, number=f"{t.county[:6]}-{t.person.pk}-1", encoding="utf-8"
    )
    attempt = t.make(settlement.Attempt, payment=paid, bank_file=file)
    back = t.made["returned"] = t.make(settlement.ReturnFile, bank_file=file, digest="0" * 64)
    t.make(settlement.ReturnLine, returned=back, attempt=attempt)
    claim = t.made["claim"] = t.make(
        settlement.Claim, **part, name=t.word, fen=500, first_month=24321, last_month=24321
    )
    t.make(settlement.Repayment, claim=claim, fen=1)
    # Its two postings are a view of it.
    t.make(settlement.Entry, **part, act=1, debit=1, credit=2, fen=12_345, payment_ref=paid.pk)
    t.make(settlement.Tally, **part, act=1)


def _insurance(t: Things) -> None:
    year = clock.today().replace(month=1, day=1)
    t.make(ltci.Enrolment, year=year.year)
    provider = t.made["provider"] = t.make(
        ltci.Provider,
        place_code=t.county,
        credit_code=f"9165{t.county[2:6]}MA{t.person.pk:08}",
        contract_from=year,
    )
    grading = t.made["grading"] = t.make(ltci.Grading, level=4, state="asked")
    benefit = t.made["ltci_benefit"] = t.make(
        ltci.Benefit,
        level=4,
        first_month=year,
        grading=grading,
    )
    plan = t.made["plan"] = t.make(
        ltci.CarePlan, benefit=benefit, provider=provider, level=4, first=year
    )
    t.make(ltci.Absence)
    batch = t.made["batch"] = t.make(
        ltci.RecordBatch, provider=provider, place_code=t.county, month=date(2026, 10, 1)
    )
    statement = t.made["statement"] = t.make(
        ltci.Statement, provider=provider, place_code=t.county, month=date(2026, 10, 1)
    )
    record = {"batch": batch, "provider": provider, "day": date(2026, 10, 2)}
    t.make(ltci.ServiceRecord, **record, verdict="")
    line = t.make(
        ltci.StatementLine,
        statement=statement,
        plan=plan,
        level=4,
        due_fee_fen=2,
        due_fund_fen=1,
        due_person_fen=1,
        fee_fen=2,
        fund_fen=1,
        person_fen=1,
    )
    t.make(ltci.Deduction, line=line, code="ceiling")
    t.made["fund"] = t.make(ltci.FundEntry, place_code=t.county)


def _statuses(t: Things) -> None:
    spell = t.made["spell"] = t.make(statuses.StatusSpell, status="tekun", cause="")
    change = t.make(statuses.StatusChange, spell=spell, cause="")
    t.made["task"] = t.make(statuses.StatusTask, change=change, status="tekun", step="visit")
    t.made["held"] = t.make(statuses.StatusHold, status=f"tekun{t.person.pk}", reason="")


def _health(t: Things) -> None:
    screening = t.made["screening"] = t.make(
        health.Screening, scale="icope-2019", failed=["mood"], unclear=[], step="screened"
    )
    t.make(health.CareMove, screening=screening)
    t.made["worsening"] = t.make(
        health.Worsening, measure="ability", is_now="3", was="1", weight=10
    )


def _drafts(t: Things) -> None:
    base = catalogue.PackVersion.objects.order_by("id").first()
    assert base is not None
    common = {"base": base, "area": t.county}
    draft = t.made["draft"] = t.make(
        catalogue.Draft, **common, pack=base.pack, in_force_from=date(2027, 1, 1), revision=1
    )
    t.make(catalogue.DraftEdit, draft=draft, number=1, key="title")
    t.made["comparison"] = t.make(
        catalogue.Comparison, **common, key=uuid4().hex, subjects=[], file="", problem=""
    )


#: Which thing the number in an address of a desk means, by default and by the address's name.
_MEANS: dict[str, tuple[str, dict[str, str]]] = {
    "assessment_desk": (
        "assessment",
        {
            "objection": "result",
            **dict.fromkeys(("dispute", "dismiss", "review"), "assessment_dispute"),
            **dict.fromkeys(("recognition", "recognise"), "recognition"),
            **dict.fromkeys(("assessor", "assessor-close"), "assessor"),
            "person": "person",
        },
    ),
    "benefits_desk": (
        "case",
        {"notice": "benefit_notice", "dispute": "benefit_dispute", "account-decide": "account"},
    ),
    "payments_desk": (
        "run",
        {
            "payment": "payment",
            **dict.fromkeys(("file", "handed", "returns"), "file"),
            "returned": "returned",
            **dict.fromkeys(("claim", "claim-act", "letter"), "claim"),
            **dict.fromkeys(("elsewhere-list", "elsewhere-act", "elsewhere-returned"), "elsewhere"),
        },
    ),
    "insurance_desk": (
        "statement",
        {
            **dict.fromkeys(("person", "ask", "propose", "absence"), "person"),
            **dict.fromkeys(
                ("grading", "grading-plan", "grading-act", "sheet", "score"), "grading"
            ),
            **dict.fromkeys(("my-sheet", "my-score"), "grading"),
            **dict.fromkeys(("benefit", "benefit-decide", "stop", "plan-new"), "ltci_benefit"),
            **dict.fromkeys(("plan-decide", "plan-end"), "plan"),
            "provider": "provider",
            **dict.fromkeys(("batch", "returned", "withdraw"), "batch"),
            "fund-reverse": "fund",
        },
    ),
    "drafting_desk": (
        "draft",
        dict.fromkeys(("comparison", "paper", "public", "people", "people-export"), "comparison"),
    ),
    "status_desk": ("task", {"person": "person", "held": "held"}),
    "health_desk": (
        "screening",
        {"worsening": "worsening", **dict.fromkeys(("person", "screen"), "person")},
    ),
}
NOBODY = 987654


def samples(names: list[str], near: dict[str, Any], far: dict[str, Any]) -> dict[str, list[Any]]:
    """Return near, far and nothing for the number in every address of these desks."""
    found: dict[str, list[Any]] = {
        "sheet_id": [near["sheet"], far["sheet"], "nothing"],
        "photo_id": [near["photo"], far["photo"], "nothing"],
        "act": ["prepare", "withdraw", "nothing"],
    }
    for name in names:
        desk, _, page = name.partition(":")
        if desk in _MEANS:
            usual, others = _MEANS[desk]
            thing = others.get(page, usual)
            found[f"{name}:pk"] = [near[thing], far[thing], NOBODY]
    return found
