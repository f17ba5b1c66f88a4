"""From the parts of a rule to DuckDB SQL, with NULL as unknown.

In the facts table NULL is unknown and *known not to be* is ``''``, ``-1`` or ``0001-01-01``.
A comparison with a known none is FALSE. Most comparisons come out so by themselves; those that
look for small numbers or early days are kept from taking the sentinel for a value.
"""

from datetime import date

from yanglao.engines.policy import rules
from yanglao.engines.policy.vocabulary import NONE_DATE, Vocabulary

#: The column that ``age_column`` makes; rules call it by the fact's name.
AGE = "age"
_LEVELS = (2, 4, 6, 9)


def quoted(text: str) -> str:
    """A text as an SQL literal."""
    return "'" + text.replace("'", "''") + "'"


def named(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def day_literal(day: date) -> str:
    """A day as an SQL literal."""
    return f"DATE '{day.isoformat()}'"


def age_column(as_of: date) -> str:
    """Whole years on a day, from ``birth_date``, reached on the birthday.

    Born on 29 February: reached on 1 March in years without that day, because 301 is the first
    month-and-day from which 229 is not later.
    """
    today = as_of.month * 100 + as_of.day
    born = "month(birth_date) * 100 + day(birth_date)"
    return f"({as_of.year} - year(birth_date) - CASE WHEN {born} > {today} THEN 1 ELSE 0 END)"


def months_since(column: str, as_of: date) -> str:
    """Whole months from a day to the as-of day; of 29 February, a year is full on 1 March."""
    month = as_of.year * 12 + as_of.month
    return (
        f"({month} - year({column}) * 12 - month({column})"
        f" - CASE WHEN day({column}) > {as_of.day} THEN 1 ELSE 0 END)"
    )


def leaf_sql(leaf: rules.Leaf, vocabulary: Vocabulary, as_of: date) -> str:
    """A resolved leaf (literals only) as a boolean SQL expression over the facts' names."""
    column = named(leaf.fact)
    match leaf:
        case rules.BoolFact():
            return column
        case rules.Known():
            return f"({column} IS NOT NULL)"
        case rules.SameYear():
            return f"(year({column}) = {as_of.year})"
        case rules.Recent():
            months = months_since(column, as_of)
            return f"({months} BETWEEN 0 AND {_number(leaf.months) - 1})"
        case rules.Within():
            return _within(column, str(_literal(leaf.area)))
        case rules.In():
            listed = ", ".join(_value(value) for value in leaf.values)
            return f"({column} IN ({listed}))"
        case rules.Between():
            return f"({column} BETWEEN {_value(leaf.low)} AND {_value(leaf.high)})"
        case rules.Compare():
            return _compare(leaf, column, vocabulary[leaf.fact].type)


def _compare(leaf: rules.Compare, column: str, kind: str) -> str:
    """``column op value``, where "small" does not take in the sentinel for none."""
    plain = f"{column} {leaf.op} {_value(leaf.value)}"
    if leaf.op in ("<", "<=") and leaf.fact != AGE:
        floor = day_literal(NONE_DATE) if kind == "date" else "-1"
        return f"({plain} AND {column} > {floor})"
    return f"({plain})"


def _within(column: str, area: str) -> str:
    """In the area, outside of it, or (when the code is too coarse to tell) unknown."""
    parts = [area[:length] for length in _LEVELS if length < len(area)]
    coarse = ", ".join(quoted(code) for part in parts for code in (part, part.ljust(12, "0")))
    inside = f"starts_with({column}, {quoted(area)})"
    if not coarse:
        return inside
    return f"(CASE WHEN {column} IN ({coarse}) THEN NULL ELSE {inside} END)"


def _literal(value: rules.Value) -> rules.Scalar:
    if not isinstance(value, rules.Literal):
        raise TypeError(f"parameter :{value.name} was not resolved before compiling")
    return value.value


def _number(value: rules.Value) -> int:
    found = _literal(value)
    if not isinstance(found, int):
        raise TypeError(f"{found!r} is not a number")
    return found


def _value(value: rules.Value) -> str:
    found = _literal(value)
    if isinstance(found, date):
        return day_literal(found)
    return str(found) if isinstance(found, int) else quoted(found)
