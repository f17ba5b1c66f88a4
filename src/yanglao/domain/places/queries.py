"""Reading places: trees, names, search, shapes."""

import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Min, Q, QuerySet
from django.utils.translation import gettext as _

from yanglao.domain.places.models import CorpsUnit, Division
from yanglao.domain.places.types import LEVEL_LABELS, NETWORK_ROLES, PACK_REGIONS, Level
from yanglao.foundation.scoping import EVERYWHERE, Reader, within_area
from yanglao.kernel.division import code_range, prefix

_SHAPES = Path(__file__).parent / "data" / "hetian_shapes.geojson"
#: Lengths of the significant part of a code, from the whole down.
_LENGTHS = (12, 9, 6, 4, 2)

#: No full name of a place is longer.
_LONGEST_NAME = 200


def division(code: str) -> Division:
    """Return one place.

    Raises:
        Division.DoesNotExist: If no such place is loaded.
    """
    return Division.objects.get(pk=code)


def divisions(reader: Reader, level: Level | None = None) -> QuerySet[Division]:
    """Return the places of the reader's area, by code, of one level when given."""
    rows = within_area(Division.objects.all(), reader, "code").order_by("code")
    return rows.filter(level=level.value) if level else rows


def children(code: str) -> QuerySet[Division]:
    """Return the places directly below one, by code."""
    return Division.objects.filter(parent_id=code).order_by("code")


def breadcrumb(code: str, reader: Reader) -> list[Division]:
    """Return the places from the top of the reader's area down to ``code``, both included.

    Empty when the place is unknown or lies outside the area.
    """
    if not reader.covers(code):
        return []
    above = [code[:length].ljust(12, "0") for length in _LENGTHS]
    found = Division.objects.filter(pk__in=above).order_by("code")
    return [place for place in found if reader.covers(place.code)]


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Return code to name; unknown codes are left out. One query for any number of codes."""
    return dict(
        Division.objects.filter(pk__in=set(codes)).order_by("code").values_list("code", "name")
    )


def full_names_of(codes: Iterable[str]) -> dict[str, str]:
    """Return code to full name, from the prefecture down; unknown codes are left out."""
    return dict(
        Division.objects.filter(pk__in=set(codes)).order_by("code").values_list("code", "full_name")
    )


def town_and_village(codes: Iterable[str]) -> dict[str, str]:
    """Return each code as lists show it (``"喀拉喀什镇 阔纳巴扎村"``); one query for all."""
    pairs = {code: (f"{code[:9]}000", code) for code in codes}
    names = names_of({part for pair in pairs.values() for part in pair})
    return {
        code: " ".join(dict.fromkeys(names[part] for part in pair if names.get(part)))
        for code, pair in pairs.items()
    }


def place_choices(reader: Reader, *, own: bool) -> list[tuple[str, str]]:
    """Return the places right below the reader's, to choose from; his own first if asked for."""
    below = [(place.code, place.name) for place in children(reader.area)]
    if not own:
        return below
    here = names_of([reader.area]).get(reader.area, reader.area)
    return [(reader.area, _("%(place)s（全部）") % {"place": here}), *below]


def place_search(reader: Reader, text: str) -> QuerySet[Division]:
    """Return places of the reader's area whose name contains, or code begins with, ``text``.

    Several words must all stand in the full name ("墨玉 奎牙"). Empty text finds nothing, nor does
    text longer than any name: databases refuse patterns of thousands of letters.
    """
    words = text.split()
    rows = within_area(Division.objects.all(), reader, "code")
    if not words or len(text) > _LONGEST_NAME or "\x00" in text:
        return rows.none()
    if len(words) == 1 and words[0].isascii() and words[0].isdigit():
        return rows.filter(code__startswith=words[0]).order_by("code")
    condition = Q()
    for word in words:
        condition &= Q(full_name__contains=word)
    # The place itself must answer to one of the words, not only a place above it.
    own = Q()
    for word in words:
        own |= Q(name__contains=word)
    return rows.filter(condition & own).order_by("code")


def place_named(text: str, within: str) -> str:
    """Return the code of the one place in an area that a title names; empty if it is not one.

    "和田市", "和田地区和田市" and "墨玉县奎牙镇" all name the place at their end; a name that
    several places bear is told apart by what stands before it.
    """
    low, high = code_range(within)
    endings = [text[at:] for at in range(max(len(text) - 1, 0))]
    rows = Division.objects.filter(code__gte=low, code__lt=high, name__in=endings)
    found = list(rows.order_by("code").values_list("code", "name", "full_name"))
    longest = max((len(name) for _, name, _ in found), default=0)
    fitting = [
        code
        for code, name, full_name in found
        if len(name) == longest and (text == name or full_name.replace(" ", "").endswith(text))
    ]
    return fitting[0] if len(fitting) == 1 else ""


def level_label(level: str) -> str:
    """Return the Chinese label of a level of the tree."""
    return str(LEVEL_LABELS[Level(level)])


def network_role(level: str) -> str:
    """Return what the three-level network calls the site at a level; empty where it has none."""
    return str(NETWORK_ROLES.get(Level(level), ""))


def region_of(pack: str) -> str:
    """Return the 12-digit code of the area that a pack governs.

    Raises:
        KeyError: For a pack that has no divisions.
    """
    return PACK_REGIONS[pack]


def known_codes() -> frozenset[str]:
    """Return the codes of all places, kept in memory for as long as the table stays the same."""
    marks = Division.objects.aggregate(Count("code"), Min("code"), Max("code"))
    return _codes(str(connection.settings_dict["NAME"]), tuple(sorted(marks.items())))


@lru_cache(maxsize=4)
def _codes(database: str, marks: tuple[tuple[str, Any], ...]) -> frozenset[str]:
    """Read all codes; the arguments only tell one state of one database from another."""
    return frozenset(Division.objects.order_by("code").values_list("code", flat=True))


def forget_codes() -> None:
    """Let the next caller read the codes anew; for the action that loads places."""
    _codes.cache_clear()


def code_checker() -> Callable[[str], bool]:
    """Return a test for codes on lists: a known place, or one outside all regions loaded here.

    Inside a region whose whole tree is known, a code that is not in the tree is a mistake; of
    other regions this installation knows nothing and lets their codes pass.
    """
    known = known_codes()
    regions = tuple(prefix(code) for code in PACK_REGIONS.values() if code in known)

    def is_acceptable(code: str) -> bool:
        return code in known or not code.startswith(regions)

    return is_acceptable


def map_shapes(reader: Reader | None = None) -> dict[str, Any]:
    """Return a GeoJSON FeatureCollection of county shapes, within the reader's area.

    The shapes are schematic cells that show which county is which (示意图，不作界线依据).
    A reader of a town or village gets the county around it.
    """
    shapes = _shapes()
    if reader is None or reader.area == EVERYWHERE:
        return shapes
    county = reader.area[:6].ljust(12, "0")
    features = [
        feature
        for feature in shapes["features"]
        if reader.covers(feature["properties"]["code"]) or feature["properties"]["code"] == county
    ]
    return {**shapes, "features": features}


@lru_cache(maxsize=1)
def _shapes() -> dict[str, Any]:
    shapes: dict[str, Any] = json.loads(_SHAPES.read_text(encoding="utf-8"))
    return shapes


def corps_unit(code: str) -> CorpsUnit:
    """Return one unit of 兵团.

    Raises:
        CorpsUnit.DoesNotExist: If there is none with this code.
    """
    return CorpsUnit.objects.get(pk=code)


def corps_children(code: str) -> QuerySet[CorpsUnit]:
    """Return the units directly below one, by code."""
    return CorpsUnit.objects.filter(parent_id=code).order_by("code")


def corps_units_at(area_code: str) -> QuerySet[CorpsUnit]:
    """Return the units that stand on a place or below it, by code."""
    part = prefix(area_code)
    return CorpsUnit.objects.filter(area_code__startswith=part).order_by("code")
