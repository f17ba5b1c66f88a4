"""The figures of a comparison as pages and papers show them: summed up, with names."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from yanglao.kernel.money import format_yuan

_MONTHS = 12
_WAN = 10_000 * 100
_KINDS = ("gained", "lost", "raised", "lowered")


@dataclass(frozen=True, slots=True)
class DraftLine:
    """A draft in the table that sets drafts side by side; money in fen a month.

    ``unpriced`` are those who receive something whose amount is not published.
    """

    name: str
    title: str
    changed: tuple[str, ...]
    gained: int
    lost: int
    raised: int
    lowered: int
    people: int
    fen: int
    more: int
    unpriced: int
    possible: int


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """What a draft does in a county; money in fen a month."""

    code: str
    name: str
    gained: int
    lost: int
    raised: int
    lowered: int
    more: int


@dataclass(frozen=True, slots=True)
class YearLine:
    """A year's cost of the base and of each draft: expected, least, most, in 万元."""

    label: str
    costs: tuple[tuple[float, float, float], ...]
    complete: bool


class Figures:
    """Figures of a comparison.

    Args:
        figures: As ``flows.compare_drafts`` keeps them.
        names: Names of counties by 6-digit code.
    """

    def __init__(self, figures: Mapping[str, Any], names: Mapping[str, str]) -> None:
        """Keep them."""
        self.raw = figures
        self._names = names
        self.items: dict[str, str] = dict(figures["items"])

    @property
    def drafts(self) -> list[tuple[str, str]]:
        """Name and title of every draft, in order."""
        return [(one["name"], one["title"]) for one in self.raw["drafts"]]

    def title(self, name: str) -> str:
        """The title of a draft; the base is what is in force."""
        return dict(self.drafts).get(name, _("现行清单"))

    def item_words(self, code: str) -> str:
        """An item with its name."""
        return f"{code} {self.items.get(code, '')}".strip()

    def lines(self) -> list[DraftLine]:
        """The base and every draft, over the items that some draft changes."""
        touched = {code for codes in self.raw["changed"].values() for code in codes}
        found = []
        for name, title in [("", _("现行清单")), *self.drafts]:
            people, fen, unpriced, possible = self._total(name, touched)
            counts = self._changes(name)
            found.append(
                DraftLine(
                    name=name,
                    title=title,
                    changed=tuple(self.item_words(c) for c in self.raw["changed"].get(name, ())),
                    people=people,
                    fen=fen,
                    more=counts["fen"] if name else 0,
                    unpriced=unpriced,
                    possible=possible,
                    **{kind: counts[kind] for kind in _KINDS},
                )
            )
        return found

    def _total(self, name: str, codes: set[str]) -> tuple[int, int, int, int]:
        rows = [r for r in self.raw["totals"] if r["draft"] == name and r["benefit"] in codes]
        people, fen, unpriced, possible = (
            sum(row[key] for row in rows) for key in ("people", "fen", "unpriced", "possible")
        )
        return people, fen, unpriced, possible

    def _changes(self, name: str) -> dict[str, int]:
        rows = [row for row in self.raw["changes"] if row["draft"] == name]
        return {key: sum(row[key] for row in rows) for key in (*_KINDS, "fen")}

    def items_of(self, name: str) -> list[tuple[str, dict[str, int]]]:
        """What a draft does to each benefit: item in words, counts and fen a month."""
        found: dict[str, dict[str, int]] = {}
        for row in self.raw["changes"]:
            if row["draft"] == name:
                own = found.setdefault(row["benefit"], defaultdict(int))
                for key in (*_KINDS, "fen"):
                    own[key] += row[key]
        return [(self.item_words(code), dict(own)) for code, own in sorted(found.items())]

    def places(self, name: str) -> list[PlaceLine]:
        """What a draft does county by county."""
        found: dict[str, dict[str, int]] = {code: defaultdict(int) for code in self._names}
        for row in self.raw["changes"]:
            if row["draft"] == name and row["county"]:
                own = found.setdefault(row["county"], defaultdict(int))
                for key in (*_KINDS, "fen"):
                    own[key] += row[key]
        return [
            PlaceLine(
                code,
                self._names.get(code, code),
                own["gained"],
                own["lost"],
                own["raised"],
                own["lowered"],
                own["fen"],
            )
            for code, own in sorted(found.items())
        ]

    def ages(self, name: str, kind: str = "gained") -> list[tuple[str, int, int]]:
        """Who gains (or another kind) by five years of age: label, women, men."""
        found: dict[int, list[int]] = {}
        for row in self.raw["changes"]:
            if row["draft"] == name and row[kind]:
                own = found.setdefault(row["age"], [0, 0])
                own[1 if row["sex"] == "M" else 0] += row[kind]
        return [
            (_("年龄不详") if age < 0 else f"{age}—{age + 4}", own[0], own[1])
            for age, own in sorted(found.items())
        ]

    def years(self, first: int) -> list[YearLine]:
        """Cost year by year in 万元, the base first.

        Args:
            first: The calendar year that is counted as the first.
        """
        names = ["", *(name for name, _title in self.drafts)]
        rows = {(row["draft"], row["year"]): row for row in self.raw["years"]}
        found = []
        for year in sorted({row["year"] for row in self.raw["years"]}):
            of_year = [rows[name, year] for name in names]
            found.append(
                YearLine(
                    str(first + year),
                    tuple(
                        (_wan(row["expected"]), _wan(row["low"]), _wan(row["high"]))
                        for row in of_year
                    ),
                    all(row["complete"] for row in of_year),
                )
            )
        return found

    def overlaps(self, name: str) -> list[tuple[str, str, int]]:
        """Who would receive two benefits: both in words and how many, the most first."""
        touched = {code for codes in self.raw["changed"].values() for code in codes}
        rows = [
            (self.item_words(row["one"]), self.item_words(row["other"]), row["people"])
            for row in self.raw["overlaps"]
            if row["draft"] == name and (row["one"] in touched or row["other"] in touched)
        ]
        return sorted(rows, key=lambda row: -row[2])

    def near(self, name: str) -> dict[str, int]:
        """How many are just outside: kind to people."""
        touched = set(self.raw["changed"].get(name, ()))
        found: dict[str, int] = defaultdict(int)
        for row in self.raw["near"]:
            if row["draft"] == name and row["benefit"] in touched:
                found[row["kind"]] += row["people"]
        return dict(found)

    def missing(self, name: str) -> list[tuple[str, str, int]]:
        """Of whom it is not known: item, what is missing, how many; of changed items."""
        touched = set(self.raw["changed"].get(name, ()))
        labels = self.raw["labels"]
        rows = [
            (
                self.item_words(row["benefit"]),
                "、".join(labels.get(fact, fact) for fact in row["lacks"] if fact) or _("不详"),
                row["people"],
            )
            for row in self.raw["missing"]
            if row["draft"] == name and row["benefit"] in touched
        ]
        return sorted(rows, key=lambda row: -row[2])


def _wan(fen: int) -> float:
    return round(fen / _WAN, 1)


def yuan_words(fen: int) -> str:
    """Money for a sentence: 1,234 元, or 56.7 万元 from ten thousand on."""
    if abs(fen) >= _WAN:
        return _("%s 万元") % f"{fen / _WAN:,.1f}"
    return _("%s 元") % format_yuan(fen).removesuffix(".00")


def signed(fen: int) -> str:
    """Money that comes on top, or is saved."""
    if not fen:
        return _("不变")
    return (_("多 %s") if fen > 0 else _("少 %s")) % yuan_words(abs(fen))


def a_year(fen: int) -> int:
    """Fen a year of fen a month."""
    return fen * _MONTHS


def summary(lines: Sequence[DraftLine]) -> str:
    """The answer in one sentence: which draft costs how much more."""
    parts = [
        _("“%(title)s”每年%(more)s") % {"title": line.title, "more": signed(a_year(line.more))}
        for line in lines
        if line.name
    ]
    return "；".join(parts)
