"""Data files of the generator, read once: names, the census, divisions, county shapes."""

from __future__ import annotations

import csv
import json
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve().parent / "data"
PLACES = Path(__file__).resolve().parents[2] / "domain" / "places" / "data"

#: Ages of the census rows: five-year groups by their first year; 85 stands for 85 and over.
BANDS = (55, 60, 65, 70, 75, 80, 85)
Ring = list[tuple[float, float]]


class County(NamedTuple):
    """One of the eight counties; percentages as in the census of 2020."""

    code: str  # 6 digits
    name: str
    id_area: str  # area part of invented ID numbers: never allotted, so nobody has such a number
    minority_percent: float
    urban_percent: float


class Village(NamedTuple):
    """A village or community."""

    code: str  # 12 digits
    name: str
    town_name: str
    urban: bool  # a community (居委会) rather than a village


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


@cache
def counties() -> tuple[County, ...]:
    """Return the eight counties in the order of their codes."""
    return tuple(
        County(
            row["county"],
            row["name"],
            row["id_area"],
            float(row["minority_percent"]),
            float(row["urban_percent"]),
        )
        for row in _rows(HERE / "counties.csv")
    )


@cache
def census() -> dict[tuple[str, str, int], int]:
    """Return people counted in 2020 by (county, sex "M" or "F", first age of the group)."""
    return {
        (row["county"], row["sex"], int(row["from_age"])): int(row["people"])
        for row in _rows(HERE / "census.csv")
    }


@cache
def names(which: str) -> tuple[str, ...]:
    """Return one list of names: uyghur_male, uyghur_female, han_surnames, han_male, han_female."""
    return tuple((HERE / f"names_{which}.txt").read_text(encoding="utf-8").split())


@cache
def villages(county: str) -> tuple[Village, ...]:
    """Return the places where people of a county live; parks, farms and prisons (4xx) left out."""
    found, towns = [], {}
    for row in _rows(PLACES / "hetian.csv"):
        if row["level"] == "town":
            towns[row["code"]] = row["name"]
        elif row["level"] == "village" and row["code"].startswith(county):
            code = row["code"]
            if code[6] != "4":
                town = towns[row["parent"]]
                found.append(Village(code, row["name"], town, code[9:] < "200"))
    return tuple(found)


@cache
def seats() -> dict[str, tuple[float, float]]:
    """Return longitude and latitude of each county seat by 6-digit code."""
    return {
        row["code"][:6]: (float(row["lng"]), float(row["lat"]))
        for row in _rows(PLACES / "points.csv")
    }


@cache
def shape(county: str) -> tuple[Ring, ...]:
    """Return the outer rings of a county's schematic shape."""
    shapes = json.loads((PLACES / "hetian_shapes.geojson").read_text(encoding="utf-8"))
    for feature in shapes["features"]:
        if feature["properties"]["code"].startswith(county):
            return tuple(
                [(x, y) for x, y in polygon[0]] for polygon in feature["geometry"]["coordinates"]
            )
    raise KeyError(county)


def inside(ring: Ring, lng: float, lat: float) -> bool:
    """Return whether a point lies inside a closed ring (ray casting)."""
    within = False
    for (x1, y1), (x2, y2) in pairwise(ring):
        if (y1 > lat) != (y2 > lat) and lng < (x2 - x1) * (lat - y1) / (y2 - y1) + x1:
            within = not within
    return within
