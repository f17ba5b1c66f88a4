"""Column names: as departments write them, and how they come to ours.

A name is compared by its key: half-width, without blanks, stars and what stands in brackets. A
clerk's own mapping comes first, the canonical name second, the table of known variants last.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache

from yanglao.engines.intake.kinds import KINDS, Column, ListKind
from yanglao.engines.intake.variants import COMMON, OF_KIND
from yanglao.kernel.characters import half_width, number_text, without_blanks

# : The column that a returned sheet has more than the received one; it is dropped when the sheet
# comes back.
REASON_HEADER = "退回原因"

_MARKS = re.compile(r"[*★☆※#!'\"“”‘’`:。.,、;_|\-?]+")
_BRACKETS = re.compile(
    r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】|〔[^〔〕]*〕|<[^<>]*>|《[^《》]*》|\{[^{}]*\}"
)
# What a bracket must not lose: an amount in ten thousands is another amount.
_KEEP = re.compile("万元")
_LONGEST_HEADER = 60


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A foreign column name and the canonical one that it may mean; `likeness` from 0 to 1."""

    header: str
    column: str
    likeness: float


def header_text(cell: object) -> str:
    """A header cell as one line of text, blanks at the ends and line breaks taken out."""
    if cell is None:
        return ""
    text = cell if isinstance(cell, str) else _plain(cell)
    return " ".join(text.split())


def header_key(cell: object) -> str:
    """What a header is compared by; empty for a cell that is no header (blank, or far too long)."""
    if not isinstance(cell, str) or not cell:
        return ""
    text = without_blanks(half_width(cell))
    if len(text) > _LONGEST_HEADER:
        return ""
    if not _KEEP.search(text):
        bare = _BRACKETS.sub("", text)
        text = bare or text
    return _MARKS.sub("", text).casefold()


def find_column(kind: ListKind, key: str) -> Column | None:
    """The column of the kind that a header key means, by its own name or a known variant."""
    return _lookup(kind.code).get(key)


def rank_of(column: Column, key: str) -> int:
    """How well a header names its column: 0 by the canonical name, 1 by a variant."""
    return 0 if key == header_key(column.name) else 1


def mapped_keys(mapping: Mapping[str, str] | None) -> dict[str, str]:
    """A clerk's mapping by header keys: to a canonical name, or to "" for an extra column."""
    return {header_key(foreign): name for foreign, name in (mapping or {}).items()}


def suggest_mapping(headers: Iterable[str], kind: str) -> list[Suggestion]:
    """For a clerk to confirm: which of our columns the foreign headers may mean, most alike first.

    Headers that are understood already are left out, and so are the columns that they take; each
    header and each column is suggested once at most.
    """
    lookup = _lookup(kind)
    foreign: dict[str, str] = {}
    taken: set[str] = set()
    for header in headers:
        key = header_key(header)
        known = lookup.get(key)
        if known is not None:
            taken.add(known.name)
        elif key and key != header_key(REASON_HEADER):
            foreign[header] = key
    pairs = sorted(
        (
            Suggestion(header, column.name, likeness)
            for column in KINDS[kind].all_columns
            if column.name not in taken
            for header, key in foreign.items()
            if (likeness := _likeness(key, _words(kind, column.name))) >= _LEAST_LIKENESS
        ),
        key=lambda pair: (-pair.likeness, pair.header, pair.column),
    )
    chosen: list[Suggestion] = []
    for pair in pairs:
        if all(pair.header != other.header and pair.column != other.column for other in chosen):
            chosen.append(pair)
    return chosen


_LEAST_LIKENESS = 0.5


def _likeness(key: str, words: Sequence[str]) -> float:
    return max(SequenceMatcher(None, key, word, autojunk=False).ratio() for word in words)


@cache
def _words(kind: str, name: str) -> tuple[str, ...]:
    variants = f"{OF_KIND[kind].get(name, '')} {COMMON.get(name, '')}".split()
    return tuple(dict.fromkeys(header_key(word) for word in (name, *variants)))


@cache
def _lookup(kind: str) -> dict[str, Column]:
    found: dict[str, Column] = {}
    columns = KINDS[kind].all_columns
    # Canonical names first: a variant of one column never takes the name of another.
    for column in columns:
        found[header_key(column.name)] = column
    for column in columns:
        for word in _words(kind, column.name):
            found.setdefault(word, column)
    return found


def _plain(cell: object) -> str:
    return number_text(cell) if isinstance(cell, int | float) else str(cell)
