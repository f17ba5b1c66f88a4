"""Invented people at every corner of a rule, to see what the rule does there.

For each fact that rules look at: its possible values, and for ages, days and places the values
on both sides of every limit. All combinations when they are few, a repeatable sample when many.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import pairwise

from yanglao.engines.policy import rules
from yanglao.engines.policy.sql import AGE, day_literal, named, quoted
from yanglao.engines.policy.vocabulary import ELSEWHERE, NONE_DATE, FactSpec, Vocabulary

_TYPES = {
    "bool": "BOOLEAN",
    "int": "INTEGER",
    "choice": "VARCHAR",
    "text": "VARCHAR",
    "code": "VARCHAR",
    "date": "DATE",
}
_OLDEST = 150


def corner_values(
    leaves: Iterable[rules.Leaf], vocabulary: Vocabulary, as_of: date, *, unknown: bool
) -> dict[str, list[str]]:
    """For every fact of some resolved leaves, SQL literals of the values worth trying.

    Args:
        unknown: Whether to try the unknown too, not only where a rule asks ``known``.
    """
    by_fact: dict[str, list[rules.Leaf]] = {}
    for leaf in leaves:
        by_fact.setdefault(leaf.fact, []).append(leaf)
    found: dict[str, list[str]] = {}
    for name in vocabulary.in_order(set(by_fact)):
        spec = vocabulary[name]
        values = _values(spec, by_fact[name], as_of)
        asked = any(isinstance(leaf, rules.Known) for leaf in by_fact[name])
        values += ["NULL"] if unknown or asked else []
        typed = _TYPES[spec.type]
        found[name] = [f"CAST({value} AS {typed})" for value in dict.fromkeys(values)]
    return found


def grid_sql(values: dict[str, list[str]], most: int, seed: int = 1) -> str:
    """SQL of the combinations: ``person_id`` and a column a fact, at most ``most`` rows."""
    size = 1
    for choices in values.values():
        size *= len(choices)
    whole = size <= most
    columns, stride = [], 1
    for number, (name, choices) in enumerate(values.items()):
        if whole:
            index = f"(i // {stride}) % {len(choices)}"
        else:
            index = f"hash(i + {(seed * 1000 + number) * 1_000_003}) % {len(choices)}"
        columns.append(f"([{', '.join(choices)}])[CAST(1 + {index} AS BIGINT)] AS {named(name)}")
        stride *= len(choices)
    return f"SELECT i AS person_id, {', '.join(columns)} FROM range({min(size, most)}) AS r(i)"


def _values(spec: FactSpec, leaves: list[rules.Leaf], as_of: date) -> list[str]:
    """Literals of the known values of one fact, the known none included."""
    literals = [
        value.value
        for leaf in leaves
        for value in rules.values_of(leaf)
        if isinstance(value, rules.Literal)
    ]
    if spec.type == "bool":
        return ["TRUE", "FALSE"]
    if spec.type == "code":
        places = [quoted(str(area).ljust(12, "9")) for area in literals]
        return [*places, quoted(ELSEWHERE)]
    if spec.type == "date":
        return _days(spec, leaves, literals, as_of)
    if spec.type == "int":
        none = ["-1"] if spec.has_none else []
        if spec.name == AGE:
            return [str(age) for age in _near(literals)] or [str(spec.low), str(spec.high)]
        return [str(number) for number in range(spec.low, spec.high + 1)] + none
    words = list(spec.choices) or [str(word) for word in literals] + ["（其他）"]
    return [quoted(word) for word in words] + (["''"] if spec.has_none else [])


def _near(literals: list[rules.Scalar]) -> list[int]:
    """Ages around every limit, and one between far limits."""
    ages = {age + step for age in literals if isinstance(age, int) for step in (-1, 0, 1)}
    between = {(one + two) // 2 for one, two in pairwise(sorted(ages))}
    return sorted(age for age in ages | between if 0 <= age <= _OLDEST)


def _days(
    spec: FactSpec, leaves: list[rules.Leaf], literals: list[rules.Scalar], as_of: date
) -> list[str]:
    """Days around every limit, this year's, last year's, and those that are just (not) recent."""
    days = {as_of, as_of.replace(month=1, day=1), as_of.replace(month=1, day=1) - timedelta(1)}
    for leaf in leaves:
        if isinstance(leaf, rules.Recent) and isinstance(leaf.months, rules.Literal):
            months = as_of.year * 12 + as_of.month - 1 - int(str(leaf.months.value))
            first = date(months // 12, months % 12 + 1, 1)
            days |= {first, first + timedelta(31)}
    days |= {
        day + timedelta(step) for day in literals if isinstance(day, date) for step in (-1, 0, 1)
    }
    none = [day_literal(NONE_DATE)] if spec.has_none else []
    return [day_literal(day) for day in sorted(days)] + none
