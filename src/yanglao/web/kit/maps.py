"""Maps from our own points and shapes: no tiles, no glyph server, nothing from outside.

A map answers one question: areas are shaded with one hue in at most five classes, points cluster.
Where no shapes exist, an area is drawn as a circle at its seat, its size and shade by the number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from yanglao.web.kit.formats import number
from yanglao.web.kit.parts import Text

#: Most classes of shading that an eye tells apart with one hue.
CLASSES = 5


@dataclass(frozen=True, slots=True)
class Area:
    """One shaded area.

    Attributes:
        code: Division code.
        name: Name shown on the map.
        value: Number that decides the shade; ``None`` is "no data", hatched grey, not zero.
        shape: GeoJSON geometry (Polygon, MultiPolygon) in WGS-84, or ``None``.
        seat: Longitude and latitude of the middle, used when there is no shape.
        url: Page that a click opens.
        note: Second line of the pop-up.
    """

    code: str
    name: str
    value: float | None
    shape: Mapping[str, Any] | None = None
    seat: tuple[float, float] | None = None
    url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Spot:
    """One point: where, what it says, what it opens, its tone (see ``parts.TONES``)."""

    lng: float
    lat: float
    name: str
    note: str = ""
    url: str = ""
    tone: str = "plain"


@dataclass(frozen=True, slots=True)
class LegendClass:
    """A class of the legend: shade 0 (lightest) to 4, and its range in words."""

    shade: int
    words: str


@dataclass(frozen=True, slots=True)
class Map:
    """A map ready for ``{% map m %}``.

    Attributes:
        title: The answer in one sentence.
        question: What is shown, in grey.
        areas: Shaded areas.
        spots: Clustered points.
        value_title: Heading of the number in the table behind.
        unit: 人, %, 元.
        steps: Upper bounds of the classes but the last, ascending.
        height: Height in pixels.
    """

    title: Text
    question: Text
    areas: tuple[Area, ...] = ()
    spots: tuple[Spot, ...] = ()
    value_title: Text = ""
    unit: Text = ""
    steps: tuple[float, ...] = ()
    height: int = 420

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that could be placed on a map."""
        return not self.spots and not any(area.shape or area.seat for area in self.areas)

    @property
    def legend(self) -> list[LegendClass]:
        """Classes from light to dark."""
        if not self.areas or not self.steps:
            return []
        bounds = [None, *self.steps, None]
        shades = _shades(len(self.steps) + 1)
        found = []
        for place, shade in enumerate(shades):
            low, high = bounds[place], bounds[place + 1]
            if low is None:
                words = f"< {number(high)}"
            elif high is None:
                words = f"≥ {number(low)}"
            else:
                words = f"{number(low)}–{number(high)}"
            found.append(LegendClass(shade, words))
        return found

    @property
    def has_gaps(self) -> bool:
        """Whether some area has no number."""
        return any(area.value is None for area in self.areas)

    @property
    def payload(self) -> dict[str, Any]:
        """What the browser needs, JSON-ready: GeoJSON of areas, seats and spots."""
        shapes = [_feature(area.shape, self._tags(area)) for area in self.areas if area.shape]
        seats = [
            _feature({"type": "Point", "coordinates": list(area.seat)}, self._tags(area))
            for area in self.areas
            if area.seat and not area.shape
        ]
        points = [
            _feature(
                {"type": "Point", "coordinates": [spot.lng, spot.lat]},
                {"name": spot.name, "note": spot.note, "url": spot.url, "tone": spot.tone},
            )
            for spot in self.spots
        ]
        return {
            "shapes": {"type": "FeatureCollection", "features": shapes},
            "seats": {"type": "FeatureCollection", "features": seats},
            "spots": {"type": "FeatureCollection", "features": points},
            "unit": str(self.unit),
        }

    def shade(self, value: float | None) -> int:
        """Return the shade 0 to 4 of a value, -1 for no data."""
        if value is None:
            return -1
        place = sum(1 for step in self.steps if value >= step)
        return _shades(len(self.steps) + 1)[place]

    def _tags(self, area: Area) -> dict[str, Any]:
        largest = max((item.value or 0 for item in self.areas), default=0)
        words = "" if area.value is None else f"{number(area.value)} {self.unit}".strip()
        return {
            "code": area.code,
            "name": area.name,
            "words": words,
            "note": area.note,
            "url": area.url,
            "shade": self.shade(area.value),
            "size": round((area.value or 0) / largest, 4) if largest else 0,
        }


def shaded_map(
    title: Text,
    question: Text,
    areas: Sequence[Area],
    *,
    value_title: Text,
    unit: Text = "",
    steps: Sequence[float] = (),
    height: int = 420,
) -> Map:
    """Return a map of shaded areas; classes are quantiles unless ``steps`` are given."""
    bounds = tuple(steps) or quantile_steps([area.value for area in areas])
    if list(bounds) != sorted(set(bounds)) or len(bounds) >= CLASSES:
        raise ValueError(f"steps must ascend, at most {CLASSES - 1}: {bounds}")
    return Map(
        title=title,
        question=question,
        areas=tuple(areas),
        value_title=value_title,
        unit=unit,
        steps=bounds,
        height=height,
    )


def point_map(
    title: Text, question: Text, spots: Sequence[Spot], *, unit: Text = "", height: int = 420
) -> Map:
    """Return a map of points; near ones cluster into a circle with their number."""
    return Map(title=title, question=question, spots=tuple(spots), unit=unit, height=height)


def quantile_steps(values: Sequence[float | None]) -> tuple[float, ...]:
    """Return bounds that put about as many areas in each class; fewer classes for few values."""
    known = sorted({value for value in values if value is not None})
    classes = min(CLASSES, len(known))
    if classes < 2:
        return ()
    bounds = [known[ceil(len(known) * place / classes)] for place in range(1, classes)]
    return tuple(sorted(set(bounds)))


def _shades(classes: int) -> list[int]:
    """Spread a few classes over the five shades, so that two classes are light and dark."""
    if classes <= 1:
        return [2]
    return [round(place * (CLASSES - 1) / (classes - 1)) for place in range(classes)]


def _feature(geometry: Mapping[str, Any], tags: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": dict(geometry), "properties": tags}
