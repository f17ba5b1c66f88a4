"""Everybody against the whole list: what is found, what differs, why, and what it leads to."""

from datetime import date

import pytest

from tests.flows import population as p
from yanglao.domain.entitlements.public import findings, findings_of
from yanglao.flows.find_entitled import find_entitled, recheck_people
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db

READER = system_reader(p.REGION, name="测试")


def match(as_of: date = p.AS_OF, **options):
    return find_entitled(region=p.REGION, as_of=as_of, acting=READER, **options)


def answers(person) -> dict[str, tuple[int, bool | None]]:
    return {
        row.item.code: (row.outcome.status, row.outcome.delivered)
        for row in findings_of(READER, person.pk)
    }


def test_a_first_run_finds_what_the_list_says() -> None:
    p.publish()
    p.cover()
    poor = p.elder(1, date(1944, 3, 5), assistance={}, survey={"living": "alone"})
    young = p.elder(2, date(1980, 1, 1))
    summary = match()
    assert summary.people == 2
    found = answers(poor)
    assert found["06"] == (1, None)
    assert found["11"] == (1, True)
    assert found["14"] == (1, None)
    assert "01" not in found
    assert answers(young) == {}
    assert summary.yes == sum(1 for status, _ in found.values() if status == 1)
