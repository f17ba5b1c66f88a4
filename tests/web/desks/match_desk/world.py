"""A small Hetian with people, a published list and a run: what these desks are opened on."""

from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.flows import population as p
from yanglao.domain.entitlements.public import Run, get_run
from yanglao.domain.people.public import Person
from yanglao.domain.places.models import Division
from yanglao.flows.find_entitled import find_entitled
from yanglao.foundation.scoping import system_reader

REGION, COUNTY, TOWN = "653200000000", "653222000000", "653222100000"
VILLAGE, NEIGHBOUR, FAR = p.VILLAGE, p.NEIGHBOUR, p.FAR
OTHER_COUNTY = "653201000000"
TODAY = date(2026, 11, 5)
READER = system_reader(REGION, name="测试")

_PLACES = (
    ("650000000000", "新疆维吾尔自治区", "province", None),
    (REGION, "和田地区", "prefecture", "650000000000"),
    (COUNTY, "墨玉县", "county", REGION),
    (OTHER_COUNTY, "和田市", "county", REGION),
    (TOWN, "喀拉喀什镇", "town", COUNTY),
    ("653201001000", "奴尔巴格街道", "town", OTHER_COUNTY),
    (VILLAGE, "阔纳巴扎村", "village", TOWN),
    (NEIGHBOUR, "夏普吐鲁克村", "village", TOWN),
    (FAR, "乌鲁木齐北路社区", "village", "653201001000"),
)


def make_places() -> None:
    """Load the few places that the tests use."""
    full: dict[str | None, str] = {None: ""}
    for code, name, level, parent in _PLACES:
        full[code] = name if level in {"province", "prefecture"} else f"{full[parent]} {name}"
        Division.objects.create(
            code=code, name=name, level=level, parent_id=parent, full_name=full[code]
        )


def match(as_of: date = p.AS_OF) -> Run:
    """Match everybody and return the run."""
    return get_run(READER, find_entitled(region=REGION, as_of=as_of, acting=READER).run_id)


@dataclass
class World:
    """Three old people of 墨玉县, one of 和田市, and the run that looked at them."""

    run: Run
    here: Person
    poor: Person
    young: Person
    far: Person


def make_world() -> World:
    """Publish the list, make the people, match once."""
    make_places()
    p.publish()
    p.cover()
    here = p.elder(1, date(1944, 3, 5), survey={"living": "alone"})
    poor = p.elder(2, date(1950, 1, 1), place=NEIGHBOUR, assistance={})
    young = p.elder(3, date(1962, 1, 1))
    far = p.elder(4, date(1940, 5, 5), place=FAR)
    return World(match(), here, poor, young, far)


def more_people(count: int, start: int = 100) -> None:
    """Add people of 80 and more; they need another run to be found."""
    for number in range(start, start + count):
        p.elder(number, date(1941, 1, 1 + number % 28), assistance={})


def status_of(client: Client, url: str, data: dict[str, str] | None = None) -> int:
    """Open an address, read what it sends to its end, and return its status."""
    answer = client.get(url, data)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return int(answer.status_code)


def cells(response: HttpResponse | StreamingHttpResponse) -> list[list[Any]]:
    """Return the cells of the one sheet of an Excel answer."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    book = CalamineWorkbook.from_filelike(BytesIO(content))
    return book.get_sheet_by_index(0).to_python()
