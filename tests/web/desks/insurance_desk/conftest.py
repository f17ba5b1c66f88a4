"""The small Hetian of ``tests/web/desks/factories.py``, with an insurance in it."""

from dataclasses import dataclass
from datetime import date

import pytest

from tests.domain.ltci.conftest import COUNTY, MAKER, Office
from tests.domain.ltci.test_settlement import OCTOBER, visits
from tests.flows import population as p
from tests.web.desks.factories import _fixed_day_and_own_folder, places
from yanglao.domain.ltci.public import (
    Benefit,
    Grading,
    Provider,
    Statement,
    ask_grading,
    enter_money,
    submit_statement,
)
from yanglao.domain.people.models import Person
from yanglao.flows.enrol_ltci import enrol_insured
from yanglao.flows.settle_insurance import settle_provider

__all__ = ["_fixed_day_and_own_folder", "places"]

DAY = date(2026, 11, 5)


@dataclass(frozen=True, slots=True)
class Insured:
    """Who is here: one cared for at home, one who asks, one of another county."""

    office: Office
    cared: Person
    asking: Person
    far: Person
    provider: Provider
    benefit: Benefit
    grading: Grading
    statement: Statement


@pytest.fixture
def insured(places: None) -> Insured:
    """Everything once, and once in another county."""
    p.publish()
    p.cover()
    office = Office()
    cared, asking, far = office.elder(), office.elder(), office.elder(place=p.FAR)
    enrol_insured(acting=MAKER, as_of=DAY)
    provider = office.provider()
    benefit = office.benefit(cared)
    office.plan(benefit, provider)
    visits(provider, cared, (1, 480, 120), (2, 480, 60))
    made = settle_provider(provider_id=provider.pk, month=OCTOBER, acting=MAKER, as_of=DAY)
    assert made is not None
    grading = ask_grading(
        person_id=asking.pk, kind="first", applicant="self", acting=MAKER, as_of=DAY
    )
    ask_grading(person_id=far.pk, kind="first", applicant="self", acting=MAKER, as_of=DAY)
    enter_money(
        place_code=COUNTY, on=OCTOBER, kind="opening", fen=1_000_000, acting=MAKER, voucher="1"
    )
    return Insured(
        office,
        cared,
        asking,
        far,
        provider,
        benefit,
        grading,
        submit_statement(statement_id=made.pk, acting=MAKER),
    )
