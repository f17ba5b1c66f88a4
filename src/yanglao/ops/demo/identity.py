"""Invented names, ID numbers, telephones and dwellings."""

from __future__ import annotations

from datetime import date
from random import Random

from yanglao.kernel.idnumber import check_digit
from yanglao.ops.demo.tables import County, Village, inside, names, seats, shape, villages

# Area parts for people born elsewhere; …99 was never allotted to a county either.
OTHER_AREAS = ("410099", "510099", "620099", "610099", "370099", "320099")
_WEST = 4  # attempts below this spread wide, later ones close to the seat


class IdNumbers:
    """ID numbers whose area part was never allotted, each given once."""

    def __init__(self) -> None:
        self._used: set[str] = set()

    def new(self, rng: Random, area: str, born: date, sex: str) -> str:
        """Return a valid, unused number: odd sequence for men, even for women."""
        head = f"{area}{born:%Y%m%d}"
        odd = 1 if sex == "M" else 0
        while True:
            first17 = f"{head}{int(rng.random() * 500) * 2 + odd:03d}"
            if first17 not in self._used:
                self._used.add(first17)
                return first17 + check_digit(first17)


def uyghur_name(rng: Random, sex: str) -> str:
    """Return a given name and a father's name with a dot between."""
    fathers = names("uyghur_male")
    given = fathers if sex == "M" else names("uyghur_female")
    first = given[int(rng.random() * len(given))]
    father = fathers[int(rng.random() * len(fathers))]
    return f"{first}·{father}"


def han_name(rng: Random, sex: str, *, hui: bool = False) -> str:
    """Return a surname and a given name of one or two characters."""
    surnames = ("马", "白", "丁", "杨", "哈", "沙") if hui else names("han_surnames")
    given = names("han_male" if sex == "M" else "han_female")
    two = given[int(rng.random() * len(given))]
    return surnames[int(rng.random() * len(surnames))] + (two if rng.random() < 0.9 else two[-1])


def any_name(rng: Random, ethnic: str, sex: str) -> str:
    """Return a name as usual for an ethnic group."""
    if ethnic == "维吾尔族":
        return uyghur_name(rng, sex)
    return han_name(rng, sex, hui=ethnic == "回族")


def phone(rng: Random) -> str:
    """Return a telephone of the pattern 199****0000 that this program keeps for invented people."""
    return f"199{int(rng.random() * 10000):04d}0000"


class Settlement:
    """The villages of a county with weights and points of our own making."""

    def __init__(self, county: County, seed: int) -> None:
        rng = Random(f"{seed}/places/{county.code}")  # noqa: S311  reproducible, not secret
        everything = villages(county.code)
        self.county = county
        self.towns: dict[str, str] = {place.code[:9]: place.town_name for place in everything}
        self.names = {place.code: place.name for place in everything}
        self._by_kind: dict[bool, tuple[list[Village], list[float]]] = {}
        for urban in (True, False):
            some = [place for place in everything if place.urban is urban]
            ends, total = [], 0.0
            for _ in some:
                total += rng.lognormvariate(0, 0.5)
                ends.append(total)
            self._by_kind[urban] = (some, ends)
        self.points = {place.code: self._point(rng, place.urban) for place in everything}

    def _point(self, rng: Random, urban: bool) -> tuple[float, float]:
        """Return a point inside the county's schematic shape, communities near the seat."""
        lng, lat = seats()[self.county.code]
        rings = shape(self.county.code)
        for attempt in range(40):
            spread = (0.03 if urban else 0.16) / (1 + max(0, attempt - _WEST) * 0.3)
            x, y = lng + rng.gauss(0, spread), lat + rng.gauss(0, spread)
            if any(inside(ring, x, y) for ring in rings):
                return round(x, 5), round(y, 5)
        return lng, lat

    def draw(self, rng: Random, *, urban: bool) -> Village:
        """Return a village (or community) of the county, large ones more often."""
        some, ends = self._by_kind[urban]
        chance = rng.random() * ends[-1]
        low, high = 0, len(ends) - 1
        while low < high:
            middle = (low + high) // 2
            low, high = (low, middle) if chance < ends[middle] else (middle + 1, high)
        return some[low]

    def dwelling(self, rng: Random, village: str) -> tuple[float, float]:
        """Return a point within a kilometre or so of the village."""
        lng, lat = self.points[village]
        return round(lng + rng.gauss(0, 0.006), 6), round(lat + rng.gauss(0, 0.005), 6)

    def address(self, village: str, number: int) -> str:
        """Return an address in words."""
        town = self.towns[village[:9]]
        short = self.names[village]
        for ending in (
            "居民委员会",
            "村民委员会",
            "社区居委会",
            "村村委会",
            "居委会",
            "村委会",
            "委会",
        ):
            if short.endswith(ending):
                short = short[: -len(ending)] + ("村" if "村" in ending[:1] else "社区")
                break
        return f"和田地区{self.county.name}{town}{short}{number}号"
