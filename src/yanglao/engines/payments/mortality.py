"""Who is still alive in some years: yearly chances of dying by sex and age, read from the pack."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, log

from yanglao.engines.payments.reading import Problems, Value, read_root

_ROOT = {
    "title": True,
    "source": True,
    "verified": False,
    "note": False,
    "spread_percent": True,
    "per_100000": True,
}
_WHOLE = 100_000
_OLDEST = 130


@dataclass(frozen=True, slots=True)
class Mortality:
    """Chances of dying within a year.

    Attributes:
        source: Document and article, for pages. verified: False when no source was seen.
        spread: By what part all chances may be too low or too high.
        points: Sex (``M``, ``F``) to ages with deaths per 100,000, in order of age.
    """

    title: str
    source: str
    verified: bool
    spread: float
    points: Mapping[str, tuple[tuple[int, int], ...]]

    def chance(self, sex: str, age: int, factor: float = 1.0) -> float:
        """The chance of dying within a year at an age; of an unknown sex, the mean of all."""
        if sex not in self.points:
            all_ = [self.chance(one, age, factor) for one in self.points]
            return sum(all_) / len(all_)
        points = self.points[sex]
        below = [p for p in points if p[0] <= age] or [points[0]]
        above = [p for p in points if p[0] >= age] or [points[-1]]
        (one, low), (other, high) = below[-1], above[0]
        share = (age - one) / (other - one) if other > one else 0.0
        deaths = exp(log(low) + (log(high) - log(low)) * share)
        return min(1.0, deaths * factor / _WHOLE)

    def survival(self, sex: str, age: int, years: int, factor: float = 1.0) -> float:
        """The chance of living some more years."""
        chance = 1.0
        for one in range(age, age + years):
            chance *= 1 - self.chance(sex, one, factor)
        return chance


def read_mortality(text: str, file: str) -> Mortality:
    """The table of a file. Raises TermsErrors with every mistake."""
    log_ = Problems()
    root = read_root(text, file, log_)
    log_.raise_if_any()
    at = root.mapping(_ROOT) if root else {}
    points = {sex: _points(value) for sex, value in _sexes(at).items()}
    source = at["source"].mapping({"document": True, "article": True}) if "source" in at else {}
    words = "".join(value.text() for value in source.values())
    spread = at["spread_percent"].integer(0, 100) if "spread_percent" in at else 0
    verified = at["verified"].boolean() if "verified" in at else True
    title = at["title"].text() if "title" in at else ""
    log_.raise_if_any()
    return Mortality(title, words, verified, spread / 100, points)


def _sexes(at: Mapping[str, Value]) -> Mapping[str, Value]:
    return at["per_100000"].mapping({"M": True, "F": True}) if "per_100000" in at else {}


def _points(value: Value) -> tuple[tuple[int, int], ...]:
    found: list[tuple[int, int]] = []
    for age, deaths in value.entries().items():
        if not age.isdigit() or int(age) > _OLDEST or (found and int(age) <= found[-1][0]):
            deaths.problem(f"年龄“{age}”不对或没有从小到大排列", "请按年龄从小到大写")
            continue
        found.append((int(age), deaths.integer(1, _WHOLE)))
    if not found:
        value.problem("没有写任何年龄", "请写“年龄: 每十万人死亡数”")
    return tuple(found)
