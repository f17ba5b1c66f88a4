"""The one choke point: what lies in an area is seen, what lies beside it never."""

import pytest

from yanglao.domain.places.models import Division
from yanglao.foundation.scoping import (
    EVERYWHERE,
    Reader,
    area_range,
    system_reader,
    within_area,
)

TOWN = "653222100000"
NEXT_TOWN = "653222101000"


def reader(area: str) -> Reader:
    return Reader(user_id=1, name="测试", role="town", area=area)


def test_a_town_covers_its_villages_and_not_the_next_town() -> None:
    assert reader(TOWN).covers("653222100201")
    assert not reader(TOWN).covers(NEXT_TOWN)
    assert not reader(TOWN).covers("653222000000"), "the county is wider than the town"


def test_no_code_lies_in_no_area() -> None:
    assert not reader(TOWN).covers("")
    assert not system_reader().covers("")


def test_drilling_down_narrows_and_never_widens() -> None:
    county = reader("653222000000")
    assert county.narrowed(TOWN).area == TOWN
    assert county.narrowed("653201000000").area == "653222000000"
    assert county.narrowed(None).area == "653222000000"
    assert county.narrowed(TOWN).role == "town", "the rest of the reader stays"


def test_permissions_are_asked_by_name() -> None:
    officer = Reader(1, "测试", "town", TOWN, permissions=frozenset({"see_people"}))
    assert officer.can("see_people")
    assert not officer.can("see_audit")
    assert system_reader().can("anything")


def test_everywhere_is_a_range_over_all_codes() -> None:
    low, high = area_range(EVERYWHERE)
    assert low <= "110000000000" < high
    assert low <= "999999999999" < high
    assert low <= "" < high, "people without a place are seen by the program"


@pytest.mark.django_db
def test_a_queryset_is_limited_to_the_area() -> None:
    for code in (TOWN, "653222100201", NEXT_TOWN, "653201000000"):
        Division.objects.create(code=code, name=code, level="town", full_name=code)
    seen = within_area(Division.objects.all(), reader(TOWN), "code")
    assert {row.code for row in seen} == {TOWN, "653222100201"}
