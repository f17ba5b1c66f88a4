"""Build hetian_shapes.geojson: schematic county cells of Hetian for the map on the screen.

No boundary data is used. Each county is given a few points where its people roughly live; the
ground inside an outline drawn by us is shared out to the nearest point, and the cells of one county
are joined. The result shows which county is which and nothing else (示意图，不作界线依据).

Run from the repository root: python tools/build_shapes.py
"""

from __future__ import annotations

import csv
import json
from math import cos, radians
from pathlib import Path

DATA = Path(__file__).resolve().parent.parent / "src/yanglao/domain/places/data"
NOTICE = "示意图，不作界线依据"
STRETCH = cos(radians(37.0))  # a degree of longitude, in degrees of latitude, at Hetian
Point = tuple[float, float]  # longitude, latitude in degrees

# Rough and convex, drawn by us; counter-clockwise from the south-west.
OUTLINE: list[Point] = [
    (77.5, 36.0), (78.2, 35.3), (79.4, 34.7), (80.6, 34.6), (82.4, 35.1), (84.0, 35.8),
    (84.7, 36.5), (84.6, 37.4), (84.1, 38.2), (83.0, 38.9), (81.6, 39.3), (80.2, 39.3),
    (78.9, 38.9), (77.9, 38.2), (77.4, 37.2),
]  # fmt: skip
# Further points per county, so that a narrow oasis county keeps its desert and its mountains.
FURTHER: dict[str, list[Point]] = {
    "653201": [(79.96, 37.22)],
    "653221": [(79.70, 36.70), (79.70, 36.00), (79.80, 35.30), (80.28, 38.30)],
    "653222": [(79.52, 37.35), (79.50, 37.70), (79.60, 38.40)],
    "653223": [(78.60, 37.00), (78.30, 36.30), (78.60, 38.10), (79.00, 37.50)],
    "653224": [(80.30, 36.70), (80.30, 37.50), (80.60, 38.30)],
    "653225": [(80.90, 36.20), (80.95, 37.60), (80.95, 38.40), (80.90, 35.40)],
    "653226": [(81.80, 36.10), (81.70, 37.60), (81.80, 38.40), (82.00, 35.50)],
    "653227": [(83.20, 36.30), (83.00, 37.90), (83.90, 36.90)],
}


def closer_half(shape: list[Point], here: Point, there: Point) -> list[Point]:
    """Cut a convex shape to the part that is nearer to `here` than to `there`."""

    def side(point: Point) -> float:
        dx, dy = (there[0] - here[0]) * STRETCH, there[1] - here[1]
        x = (point[0] - (here[0] + there[0]) / 2) * STRETCH
        return x * dx + (point[1] - (here[1] + there[1]) / 2) * dy

    kept: list[Point] = []
    for start, end in zip(shape, [*shape[1:], shape[0]], strict=True):
        first, second = side(start), side(end)
        if first <= 0:
            kept.append(start)
        if first * second < 0:
            share = first / (first - second)
            kept.append(
                (start[0] + share * (end[0] - start[0]), start[1] + share * (end[1] - start[1]))
            )
    return kept


def cell(here: Point, everyone: list[Point]) -> list[Point]:
    """Return the part of the outline nearer to `here` than to any other point, rounded."""
    shape = OUTLINE
    for there in everyone:
        if there != here:
            shape = closer_half(shape, here, there)
    rounded = [(round(x, 3), round(y, 3)) for x, y in shape]
    return [point for i, point in enumerate(rounded) if point != rounded[i - 1]]


def joined(cells: list[list[Point]]) -> list[list[list[Point]]]:
    """Join cells: edges walked in both directions are inside and vanish. Returns polygons."""
    edges: dict[Point, list[Point]] = {}
    for ring in cells:
        for start, end in zip(ring, [*ring[1:], ring[0]], strict=True):
            if start in edges.get(end, []):
                edges[end].remove(start)
            else:
                edges.setdefault(start, []).append(end)
    polygons = []
    while any(edges.values()):
        start = next(point for point, ends in edges.items() if ends)
        ring = [start]
        while (following := edges[ring[-1]].pop()) != start:
            ring.append(following)
        polygons.append([[*ring, start]])
    return polygons


def main() -> None:
    """Write the shapes of the eight counties."""
    with (DATA / "points.csv").open(encoding="utf-8", newline="") as source:
        counties = list(csv.DictReader(source))
    points = {
        row["code"]: [(float(row["lng"]), float(row["lat"])), *FURTHER[row["code"][:6]]]
        for row in counties
    }
    everyone = [point for some in points.values() for point in some]
    features = [
        {
            "type": "Feature",
            "id": row["code"],
            "properties": {"code": row["code"], "name": row["name"], "notice": NOTICE},
            "geometry": {
                "type": "MultiPolygon",
                "coordinates": joined([cell(here, everyone) for here in points[row["code"]]]),
            },
        }
        for row in counties
    ]
    shapes = {"type": "FeatureCollection", "notice": NOTICE, "features": features}
    text = json.dumps(shapes, ensure_ascii=False, separators=(",", ":"))
    (DATA / "hetian_shapes.geojson").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
