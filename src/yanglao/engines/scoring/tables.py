"""What a standard is made of: items with options, dimensions, bands, rules. All of it is data."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Stamp:
    """Where numbers stand, and whether anybody saw them there.

    Attributes:
        document: The document. article: Its annex, clause or table.
        verified: False where the numbers were not seen in a source; pages say so.
        note: What an officer should know about it.
    """

    document: str
    article: str
    verified: bool
    note: str


@dataclass(frozen=True, slots=True)
class Option:
    """One answer that may be chosen: its points, and what it says in plain words."""

    points: int
    says: str


@dataclass(frozen=True, slots=True)
class Item:
    """A question. ``options`` run from best to worst."""

    code: str
    clause: str
    name: str
    hint: str
    aliases: tuple[str, ...]
    options: tuple[Option, ...]

    @property
    def points(self) -> tuple[int, ...]:
        """The points that may be given, highest first."""
        return tuple(option.points for option in self.options)

    @property
    def column(self) -> "Column":
        """Its column in a sheet, known by code, clause and name."""
        both = f"{self.clause}{self.name}"
        names = (self.code, self.clause, self.name, both, *self.aliases)
        return Column(self.code, self.name, names, self.points)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an answer sheet.

    Attributes:
        code: ``b1_1``. name: What people call it. names: All it may be called in a header.
        allowed: What may be answered; None for a count, which has no upper end.
    """

    code: str
    name: str
    names: tuple[str, ...]
    allowed: tuple[int, ...] | None

    @property
    def told(self) -> str:
        """Code and name, for reasons."""
        return f"{self.code}（{self.name}）"


@dataclass(frozen=True, slots=True)
class Band:
    """A range of sums, both ends included. ``rank`` counts from 0, the best."""

    rank: int
    name: str
    low: int
    high: int

    @property
    def text(self) -> str:
        """The range for reading: ``66～89 分``, ``90 分``."""
        return f"{self.low} 分" if self.low == self.high else f"{self.low}～{self.high} 分"


@dataclass(frozen=True, slots=True)
class Bands:
    """Bands that together hold every sum that can come out."""

    rows: tuple[Band, ...]
    clause: str
    stamp: Stamp

    def of(self, total: int) -> Band:
        """The band of a sum. Raises ValueError for a sum that cannot come out."""
        for band in self.rows:
            if band.low <= total <= band.high:
                return band
        raise ValueError(f"{total} lies in no band")


@dataclass(frozen=True, slots=True)
class Dimension:
    """Items whose points are added. ``full`` is the most; ``bands`` only where it has a level."""

    code: str
    clause: str
    name: str
    full: int
    items: tuple[Item, ...]
    bands: Bands | None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What the answer to an item should be when a circumstance is given; else a hint is told."""

    item: str
    points: int


@dataclass(frozen=True, slots=True)
class AdjustmentRule:
    """A circumstance that makes the level worse.

    Attributes:
        code: Its column. name: For people. kind: ``yes_no`` or ``count``.
        evidence: Where in the form it is recorded. says: The circumstance in words.
        at_least: It counts from this number on (1 for ``yes_no``).
        sets: It makes the level at least this bad; None when it adds steps.
        steps: It makes the level so many steps worse; 0 when it sets one.
        kinds: For a count: what is counted.
    """

    code: str
    name: str
    aliases: tuple[str, ...]
    kind: str
    evidence: str
    says: str
    at_least: int
    sets: int | None
    steps: int
    expects: Expectation | None
    kinds: tuple[str, ...]

    @property
    def column(self) -> Column:
        """Its column in a sheet."""
        allowed = (0, 1) if self.kind == "yes_no" else None
        return Column(self.code, self.name, (self.code, self.name, *self.aliases), allowed)

    def meets(self, value: int) -> bool:
        """Whether a recorded value (0, 1, or a count) brings it about."""
        return value >= self.at_least


@dataclass(frozen=True)
class Scale:
    """What every standard has.

    Attributes:
        standard: ``gbt42195`` or ``ltc``. version: Edition. number: How it is cited.
        in_force_from: First day; it stays in force until the next version's.
    """

    standard: str
    version: str
    title: str
    number: str
    in_force_from: date
    stamp: Stamp
    dimensions: tuple[Dimension, ...]

    @cached_property
    def items(self) -> dict[str, Item]:
        """Items by code, in the order of the form."""
        return {item.code: item for dimension in self.dimensions for item in dimension.items}

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The columns of an answer sheet, in the order of the form."""
        return tuple(item.column for item in self.items.values())

    def stamps(self) -> Iterator[tuple[str, Stamp]]:
        """Every part of the scale by name, with where its numbers stand."""
        yield "选项分值", self.stamp
        for dimension in self.dimensions:
            if dimension.bands is not None:
                yield f"{dimension.name}的分界", dimension.bands.stamp

    def unverified(self) -> tuple[str, ...]:
        """What was not seen in a source, in words, for every place that shows a result."""
        return tuple(f"{name}：{stamp.note}" for name, stamp in self.stamps() if not stamp.verified)


@dataclass(frozen=True)
class AbilityScale(Scale):
    """GB/T 42195: one total, bands of it, circumstances that make the level worse.

    Attributes:
        levels: Bands of the total; ``rank`` is the level.
        adjustments: In the order of the standard. ``most_steps``: together at most so many steps.
    """

    levels: Bands
    adjustments: tuple[AdjustmentRule, ...]
    most_steps: int
    steps_stamp: Stamp
    adjust_clause: str
    final_clause: str
    adjust_stamp: Stamp

    @cached_property
    def columns(self) -> tuple[Column, ...]:
        """The items, then the circumstances."""
        items = tuple(item.column for item in self.items.values())
        return items + tuple(rule.column for rule in self.adjustments)

    @property
    def worst(self) -> int:
        """The worst level there is."""
        return max(band.rank for band in self.levels.rows)

    def level_name(self, level: int) -> str:
        """The name of a level."""
        return next(band.name for band in self.levels.rows if band.rank == level)

    def stamps(self) -> Iterator[tuple[str, Stamp]]:
        """As in Scale, with bands, adjustments and the rule of several at once."""
        yield from super().stamps()
        yield "初步等级的分段", self.levels.stamp
        yield "等级调整", self.adjust_stamp
        yield "多种情形同时有时的调整", self.steps_stamp


@dataclass(frozen=True)
class LtcScale(Scale):
    """The long-term care grading: the level of each dimension, then a table.

    Attributes:
        row: Dimension that gives the row of the table.
        worse_of: Dimensions of which the worse gives the column.
        table: Grade by row and column. grades: Name by grade.
    """

    row: str
    worse_of: tuple[str, ...]
    table: tuple[tuple[int, ...], ...]
    grades: dict[int, str]
    table_clause: str
    table_stamp: Stamp

    def stamps(self) -> Iterator[tuple[str, Stamp]]:
        """As in Scale, with the table."""
        yield from super().stamps()
        yield "组合表", self.table_stamp
