"""People of three villages, officers with accounts, and cases at hand."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.flows import population as p
from yanglao.domain.accounts.public import reader_of
from yanglao.domain.benefits.models import Case
from yanglao.domain.benefits.public import Applicant, Clocks, Evidence, Judgement, open_case
from yanglao.domain.catalogue.public import items
from yanglao.domain.people.models import Person
from yanglao.foundation.scoping import Reader

DAY = date(2026, 11, 2)
CLOCKS = Clocks(10, 7, 10, 10, 30, 60, "试", False)
COUNTY, TOWN = "653222000000", "653222100000"


@pytest.fixture
def officer(account_for: Callable[..., Any]) -> Callable[..., Reader]:
    """``officer("county", COUNTY)``: a reader with an account of its own."""

    def make(role: str, area: str) -> Reader:
        return reader_of(account_for(role, area))

    return make


@pytest.fixture
def judged(db: None) -> Callable[..., Judgement]:
    """A judgement; a certain yes when nothing else is said."""
    version = p.publish()

    def make(**more: Any) -> Judgement:
        told: dict[str, Any] = {
            "status": "yes",
            "tier": "",
            "fen": 11000,
            "reason": "符合",
            "sentence": "年满 60 周岁",
            "clause": "附件第16项",
            "missing": (),
            "evidence": (Evidence("assistance", "社会救助类别", "低保", "民政 2026-10", ""),),
            "amount_words": "110 元",
            "version_id": version.pk,
            "as_of": DAY.isoformat(),
        }
        return Judgement(**{**told, **more})

    return make


@pytest.fixture
def opened(judged: Callable[..., Judgement], officer: Callable[..., Reader]) -> Callable[..., Case]:
    """``opened(person)``: an application taken at the village."""
    clerk = officer("town", TOWN)

    def make(person: Person, acting: Reader | None = None, **more: Any) -> Case:
        return open_case(
            person_id=person.pk,
            item_id=items("hetian").get(code="16a").pk,
            benefit="disability_living",
            applicant=Applicant.SELF,
            judged=judged(**more),
            clocks=CLOCKS,
            as_of=DAY,
            acting=acting or clerk,
        )

    return make
