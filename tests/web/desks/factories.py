"""A small Hetian to open the desks of officers on: places, elders, one match, and its leads.

Four elders whose leads the tests know; ``more_leads`` adds as many as a page needs. What stands in
the tables went through the same flows as in an office.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.http import HttpResponse
from django.test import TestCase

from tests.flows import population as p
from yanglao.domain.leads.models import Lead
from yanglao.domain.people.models import Person
from yanglao.domain.places.models import Division
from yanglao.flows.find_entitled import RunSummary, find_entitled
from yanglao.foundation.scoping import system_reader

PREFECTURE, COUNTY, TOWN = "653200000000", "653222000000", "653222100000"
VILLAGE, NEIGHBOUR = p.VILLAGE, p.NEIGHBOUR
OTHER_COUNTY, OTHER_TOWN, FAR = "653201000000", "653201001000", p.FAR
TODAY = date(2026, 11, 5)
READER = system_reader(PREFECTURE, name="测试")

_PLACES = (
    ("650000000000", "新疆维吾尔自治区", "province", None),
    (PREFECTURE, "和田地区", "prefecture", "650000000000"),
    (COUNTY, "墨玉县", "county", PREFECTURE),
    (OTHER_COUNTY, "和田市", "county", PREFECTURE),
    (TOWN, "喀拉喀什镇", "town", COUNTY),
    (OTHER_TOWN, "努尔巴格街道", "town", OTHER_COUNTY),
    (VILLAGE, "阔纳巴扎村", "village", TOWN),
    (NEIGHBOUR, "夏普吐鲁克村", "village", TOWN),
    (FAR, "托格拉克社区", "village", OTHER_TOWN),
)


@dataclass(frozen=True, slots=True)
class World:
    """Who lives here.

    Attributes:
        old: 82, alone, in the village; owed 高龄津贴 and others.
        poor: 76, on assistance, in the neighbouring village of the same town.
        plain: 64, nothing is owed beyond what everybody has.
        far: 86, in another county.
        run: The match.
    """

    old: Person
    poor: Person
    plain: Person
    far: Person
    run: RunSummary

    def lead(self, person: Person, code: str = "06") -> Lead:
        """Return the lead of a person for an item."""
        return Lead.objects.get(person=person, item__code=code)


def make_places() -> None:
    """Load the few places."""
    full: dict[str | None, str] = {None: ""}
    for code, name, level, parent in _PLACES:
        full[code] = name if level in {"province", "prefecture"} else f"{full[parent]} {name}"
        Division.objects.create(
            code=code, name=name, level=level, parent_id=parent, full_name=full[code]
        )


def match(as_of: date = p.AS_OF) -> RunSummary:
    """Match everybody, as the prefecture does."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        return find_entitled(region=PREFECTURE, as_of=as_of, acting=READER)


def make_world() -> World:
    """Publish the list, make the people, match once."""
    p.publish()
    p.cover()
    old = p.elder(1, date(1944, 3, 5), survey={"living": "alone", "phone": "13812340000"}, ltci={})
    poor = p.elder(2, date(1950, 1, 1), place=NEIGHBOUR, assistance={})
    plain = p.elder(
        3, date(1962, 1, 1), assessment={"ability_level": 0}, survey={}, ltci={"ltci_level": 0}
    )
    far = p.elder(4, date(1940, 5, 5), place=FAR)
    return World(old, poor, plain, far, match())


def more_leads(number: int, start: int = 100) -> None:
    """Add people over 80 to the village, and match again."""
    for each in range(start, start + number):
        p.elder(each, date(1941, 1, 1 + each % 28), survey={"phone": f"1390000{each:04}"})
    match()


def page_of(response: HttpResponse, status: int = 200) -> BeautifulSoup:
    """Return the parsed page of an answer with the expected status."""
    assert response.status_code == status, response.content[:2000].decode()
    return BeautifulSoup(response.content, "html.parser")


def text_of(response: HttpResponse, status: int = 200) -> str:
    """Return the words of a page, spaces folded."""
    return " ".join(page_of(response, status).get_text(" ").split())


@pytest.fixture(autouse=True)
def _fixed_day_and_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stand on a fixed day; keep files of a test in its own folder."""
    monkeypatch.setenv("YANGLAO_TODAY", TODAY.isoformat())
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))


@pytest.fixture
def places(db: None) -> Iterator[None]:
    """The places and nobody in them."""
    from yanglao.domain.places.queries import forget_codes

    make_places()
    yield
    forget_codes()


@pytest.fixture
def world(places: None) -> World:
    """Places, people, a match."""
    return make_world()
