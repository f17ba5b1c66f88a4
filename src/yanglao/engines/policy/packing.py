"""Condition columns packed into a few whole numbers, exactly, and taken out again.

A person's answers follow from nothing but these columns, so people with equal numbers have equal
answers: one of them is asked, and stands for the others. The SQL is DuckDB's; see ``spark_sql``.
"""

from collections.abc import Iterator

from yanglao.engines.policy.compile import Compiled

#: Bits of a number that are used; BIGINT has 63 besides the sign.
_NUMBER_BITS = 62
#: For a column of a type: bits; SQL that puts it in; SQL that takes it out. Unknown has a value
#: of its own: 2, 256 and 2 to the 32nd.
_HOW = {
    "BOOLEAN": (
        2,
        "CASE WHEN {0} THEN 1 WHEN {0} IS NULL THEN 2 ELSE 0 END",
        "CASE {0} WHEN 1 THEN TRUE WHEN 0 THEN FALSE END",
    ),
    "UTINYINT": (9, "coalesce(CAST({0} AS BIGINT), 256)", "nullif({0}, 256)"),
    "UINTEGER": (33, "coalesce(CAST({0} AS BIGINT), 4294967296)", "nullif({0}, 4294967296)"),
}


def pack_columns(compiled: Compiled) -> list[str]:
    """SQL over the condition columns: one whole number each, together exact."""
    terms: dict[int, list[str]] = {}
    for name, kind, number, shift in _places(compiled):
        text = _HOW[kind][1].format(name)
        terms.setdefault(number, []).append(f"CAST({text} AS BIGINT) * {1 << shift}")
    return [" + ".join(one) for one in terms.values()] or ["CAST(0 AS BIGINT)"]


def unpack_columns(compiled: Compiled, numbers: str = "k") -> dict[str, str]:
    """SQL by condition column over the numbers, which are called ``k0``, ``k1`` …"""
    found = {}
    for name, kind, number, shift in _places(compiled):
        bits, _put, take = _HOW[kind]
        found[name] = take.format(f"(({numbers}{number} >> {shift}) & {(1 << bits) - 1})")
    return found


def _places(compiled: Compiled) -> Iterator[tuple[str, str, int, int]]:
    """Name, type, number and shift of each condition column."""
    number = shift = 0
    for name, kind in compiled.kinds.items():
        bits = _HOW[kind][0]
        if shift + bits > _NUMBER_BITS:
            number, shift = number + 1, 0
        yield name, kind, number, shift
        shift += bits
