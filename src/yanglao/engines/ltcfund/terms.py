"""Dated parameters of the fund, each with unit, source and whether anybody saw the number there.

A parameter has exactly the keys that ``SPECS`` names; anything else in the file is an error that
names it. A value may be null (nobody published it): whoever needs it says so and computes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import yaml

PLACES = ("home", "institution")
GRADES = ("0", "1", "2", "3", "4", "5")
GROUPS = ("employee", "resident", "assisted")
SOURCES = ("individual", "unit", "government", "medical")
BANDS = ("60-64", "65-69", "70-74", "75-79", "80-84", "85-89", "90+")
STOPS = ("death", "moved", "grade", "withdrawn", "other")
VALUE = ("value",)


def _pairs(one: Iterable[str], other: Iterable[str]) -> tuple[str, ...]:
    others = tuple(other)
    return tuple(f"{a}/{b}" for a in one for b in others)


#: Name of each parameter, with the keys of its values and the largest number allowed.
SPECS: dict[str, tuple[tuple[str, ...], int]] = {
    "lowest_grade": (VALUE, 5),
    "valid_months": (GRADES, 120),
    "notice_days": (VALUE, 60),
    "dispute_days": (VALUE, 120),
    "start_months": (VALUE, 12),
    "stop_months": (STOPS, 12),
    "hours": (GRADES, 744),
    "day_minutes": (VALUE, 1440),
    "home_price": (VALUE, 10**7),
    "institution_price": (VALUE, 10**7),
    "fund_share": (PLACES, 100),
    "ceiling": (_pairs(PLACES, GRADES), 10**8),
    "contribution": (_pairs(GROUPS, SOURCES), 10**8),
    "reserve_months": (VALUE, 60),
    "prevalence": (BANDS, 10_000),
    "prevalence_spread": (VALUE, 100),
    "cost_growth": (VALUE, 50),
}
_HEAD = {"label", "unit", "source", "verified", "note", "values"}


class LtcTermsErrors(Exception):
    """A file that may not be used; the message names every mistake, in Chinese."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A dated parameter.

    Attributes:
        name, label, unit: What it is. document, article: Where it stands.
        verified: Whether the numbers were seen there. note: What to know about it.
        values: First month (as its first day) with the numbers by key, the earliest first.
    """

    name: str
    label: str
    unit: str
    document: str
    article: str
    verified: bool
    note: str
    values: tuple[tuple[date, Mapping[str, int | None]], ...]

    def on(self, month: date) -> Mapping[str, int | None]:
        """The numbers in force in a month; empty before the first."""
        found: Mapping[str, int | None] = {}
        for first, numbers in self.values:
            if first <= month.replace(day=1):
                found = numbers
        return found


@dataclass(frozen=True, slots=True)
class Variant:
    """A supposition of the outlook: percentages by which something is other than in the base.

    Attributes:
        code, name: For addresses and pages. prevalence: ``observed`` or ``parameter``.
        need, price, rates: Added percent: people in need, cost a month, contributions.
        entrants: Percent of those of the lowest age who come in each year.
    """

    code: str
    name: str
    prevalence: str
    need: int
    price: int
    rates: int
    entrants: int


@dataclass(frozen=True, slots=True)
class Terms:
    """All parameters of a place and the variants of its outlook."""

    title: str
    parameters: Mapping[str, Parameter]
    variants: tuple[Variant, ...]

    def value(self, name: str, month: date, key: str = "value") -> int | None:
        """A number in force in a month; None when nobody published one.

        Raises:
            KeyError: For a parameter or key that does not exist.
        """
        if key not in SPECS[name][0]:
            raise KeyError(f"{name}: {key}")
        return self.parameters[name].on(month).get(key)

    def unverified(self, names: Iterable[str] = SPECS) -> tuple[Parameter, ...]:
        """The parameters that nobody saw in a source."""
        return tuple(p for name in names if not (p := self.parameters[name]).verified)


def read_terms(files: Iterable[tuple[str, str]]) -> Terms:
    """The terms of a place from the texts of its packs, the widest first; later ones go before.

    Args:
        files: Name and text of each file.

    Raises:
        LtcTermsErrors: With every mistake, and every parameter that no file has.
    """
    problems: list[str] = []
    parameters: dict[str, Parameter] = {}
    variants: tuple[Variant, ...] = ()
    title = ""
    for name, text in files:
        root = _root(name, text, problems)
        title = str(root.get("title") or title)
        for code, given in (root.get("parameters") or {}).items():
            found = _parameter(f"{name} {code}", str(code), given, problems)
            if found is not None:
                parameters[found.name] = found
        if root.get("variants"):
            variants = _variants(name, root["variants"], problems)
    problems += [f"没有写参数 {name}" for name in SPECS if name not in parameters]
    if not variants:
        problems.append("没有写测算方案 variants")
    if problems:
        raise LtcTermsErrors("；".join(problems))
    return Terms(title, parameters, variants)


def _root(name: str, text: str, problems: list[str]) -> dict[str, Any]:
    try:
        root = yaml.safe_load(text)
    except yaml.YAMLError as error:
        problems.append(f"{name}：不是 YAML：{error}")
        return {}
    if not isinstance(root, dict):
        problems.append(f"{name}：应是一组“名称: 内容”")
        return {}
    problems += [
        f"{name}：不认识的“{key}”"
        for key in root
        if key not in {"title", "note", "parameters", "variants"}
    ]
    return root


def _parameter(at: str, code: str, given: Any, problems: list[str]) -> Parameter | None:
    if code not in SPECS:
        problems.append(f"{at}：没有这个参数")
        return None
    if not isinstance(given, dict) or not isinstance(given.get("source"), dict):
        problems.append(f"{at}：要写 label、unit、source（document、article）、values")
        return None
    problems += [f"{at}：不认识的“{key}”" for key in given if key not in _HEAD]
    verified = given.get("verified", True)
    if not isinstance(verified, bool):
        problems.append(f"{at}：verified 只能写 true 或 false")
    if verified is False and not given.get("note"):
        problems.append(f"{at}：没有核实的数要写 note")
    values = tuple(_values(at, code, given.get("values"), problems))
    if any(one[0] >= other[0] for one, other in pairwise(values)):
        problems.append(f"{at}：values 要按 from 从早到晚排列，不能重复")
    source = given["source"]
    return Parameter(
        code,
        str(given.get("label") or code),
        str(given.get("unit") or ""),
        str(source.get("document") or ""),
        str(source.get("article") or ""),
        verified is True,
        str(given.get("note") or ""),
        values,
    )


def _values(
    at: str, code: str, given: Any, problems: list[str]
) -> Iterable[tuple[date, Mapping[str, int | None]]]:
    keys, most = SPECS[code]
    if not isinstance(given, list) or not given:
        problems.append(f"{at}：values 至少写一组")
        return
    for row in given:
        month = _month(row.get("from") if isinstance(row, dict) else None)
        if month is None:
            problems.append(f"{at}：from 要写年月，例如 2026-01")
            continue
        numbers = {str(key): value for key, value in row.items() if key != "from"}
        if set(numbers) != set(keys):
            problems.append(f"{at} {month:%Y-%m}：应正好写 {'、'.join(keys)}")
            continue
        wrong = [key for key, value in numbers.items() if not _is_number(value, most)]
        problems += [f"{at} {month:%Y-%m} {key}：应是 0～{most} 的整数或 null" for key in wrong]
        if not wrong:
            yield month, numbers


def _is_number(value: Any, most: int) -> bool:
    return value is None or (
        isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most
    )


def _month(value: Any) -> date | None:
    try:
        year, month = str(value).split("-")[:2]
        return date(int(year), int(month), 1)
    except ValueError:
        return None


def _variants(name: str, given: Any, problems: list[str]) -> tuple[Variant, ...]:
    wanted = {"code", "name", "prevalence", "need", "price", "rates", "entrants"}
    found = []
    for row in given if isinstance(given, list) else [None]:
        if not isinstance(row, dict) or set(row) != wanted:
            problems.append(f"{name} variants：每个方案正好写 {'、'.join(sorted(wanted))}")
            continue
        whole = all(isinstance(row[key], int) for key in ("need", "price", "rates", "entrants"))
        if row["prevalence"] not in {"observed", "parameter"} or not whole:
            problems.append(f"{name} variants {row['code']}：prevalence 或百分数不对")
            continue
        found.append(Variant(**row))
    return tuple(found)
