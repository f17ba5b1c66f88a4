"""Elders, officers, a provider: what the tests of the insurance stand on."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest

from tests.flows import population as p
from yanglao.domain.ltci.public import (
    Benefit,
    CarePlan,
    Provider,
    decide_benefit,
    decide_plan,
    prepare_benefit,
    prepare_plan,
    save_provider,
)
from yanglao.domain.people.models import Person
from yanglao.foundation.scoping import Reader, system_reader

COUNTY, OTHER = "653222000000", "653201000000"
AS_OF = date(2026, 11, 1)
#: GB 32100-2015, made up, with right check signs.
CODES = ("91350100M000100Y43", "52653222MJX000012B", "52653222MJX000024J")
MAKER = system_reader("653200000000", name="经办")
CHECKER = system_reader("653200000000", name="复核")


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("YANGLAO_TODAY", AS_OF.isoformat())
    yield


@dataclass(slots=True)
class Office:
    """Two officers, and ways to bring about what a test needs."""

    maker: Reader = MAKER
    checker: Reader = CHECKER
    made: int = 0

    def elder(self, place: str = p.VILLAGE, **statements: Any) -> Person:
        """Make an insured elder with a heavy grade by the list."""
        self.made += 1
        ltci = {"ltci_insured": True, "ltci_level": 4, "assessed_on": date(2026, 6, 1)}
        return p.elder(self.made, place=place, **{"ltci": ltci, **statements})

    def provider(self, at: int = 0, kind: str = "home", place: str = COUNTY) -> Provider:
        """Register a provider."""
        return save_provider(
            name=f"护理站{at}",
            credit_code=CODES[at],
            kind=kind,
            place_code=place,
            contract_from=date(2026, 1, 1),
            contract_to=None,
            acting=self.maker,
        )

    def benefit(
        self, person: Person, first: date = date(2026, 8, 1), place: str = "home"
    ) -> Benefit:
        """Give a person an approved benefit."""
        row = prepare_benefit(
            person_id=person.pk,
            level=4,
            grading_id=None,
            care_place=place,
            first_month=first,
            last_month=None,
            monthly_fen=90_000,
            acting=self.maker,
            as_of=AS_OF,
        )
        return decide_benefit(benefit_id=row.pk, approve=True, acting=self.checker)

    def plan(self, benefit: Benefit, provider: Provider, amount: int = 1500) -> CarePlan:
        """Give a benefit an approved plan."""
        row = prepare_plan(
            benefit_id=benefit.pk,
            provider_id=provider.pk,
            first=benefit.first_month,
            last=None,
            amount=amount,
            most=None,
            acting=self.maker,
        )
        return decide_plan(plan_id=row.pk, approve=True, acting=self.checker)


@pytest.fixture
def office(db: None) -> Office:
    """The two officers."""
    return Office()


As = Callable[..., Reader]
