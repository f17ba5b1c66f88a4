"""Dated numbers of a pack, each with unit and source.

A value holds from its ``from`` day on, until the day before the next value's ``from``;
``value: null`` ends it. An amount table gives money per place and age band; in a table ``null``
means that the amount is not known, and the answer then has no amount.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yanglao.engines.policy.documents import Cursor
from yanglao.engines.policy.problems import Spot
from yanglao.kernel.division import prefix

TYPES = ("int", "money", "date", "code")


@dataclass(frozen=True, slots=True)
class Source:
    """Where a number stands."""

    document: str
    article: str


@dataclass(frozen=True, slots=True)
class Dated:
    """A value and the first day on which it holds."""

    first: date
    value: int | str | date | None


@dataclass(frozen=True, slots=True)
class Band:
    """An age band, both ends included; without ``to_age`` it has no upper end."""

    name: str
    from_age: int
    to_age: int | None


@dataclass(frozen=True, slots=True)
class AmountRow:
    """The dated amounts of one place (significant part of its code) and age band."""

    place: str
    band: str
    values: tuple[Dated, ...]
    spot: Spot


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter: either one dated value, or (money) a table by place and age band.

    ``verified`` is False where the number was not seen in a source; pages say so.
    """

    name: str
    label: str
    type: str
    unit: str
    source: Source
    verified: bool
    note: str
    values: tuple[Dated, ...]
    bands: tuple[Band, ...]
    rows: tuple[AmountRow, ...]
    spot: Spot

    def value_on(self, day: date) -> int | str | date | None:
        """The value in force on a day; None before the first, after an end, and for a table."""
        return value_on(self.values, day)

    @property
    def is_table(self) -> bool:
        """Whether the amount depends on place and age band."""
        return bool(self.rows)

    def places(self) -> tuple[str, ...]:
        """All places of the table, the most particular first."""
        return _particular_first({row.place for row in self.rows})

    def places_on(self, day: date) -> tuple[str, ...]:
        """The places for which the table has an amount on a day, the most particular first."""
        return _particular_first(
            {row.place for row in self.rows if value_on(row.values, day) is not None}
        )

    def amount_at(self, place: str, band: str, day: date) -> int | None:
        """Fen for a place of the table and a band; the nearest place above fills a gap."""
        fitting = [r for r in self.rows if place.startswith(r.place) and r.band == band]
        for row in sorted(fitting, key=lambda r: -len(r.place)):
            value = value_on(row.values, day)
            if value is not None:
                return int(str(value))
        return None


def _particular_first(places: set[str]) -> tuple[str, ...]:
    """Longest codes first."""
    return tuple(sorted(places, key=lambda place: (-len(place), place)))


def value_on(values: tuple[Dated, ...], day: date) -> int | str | date | None:
    """The last value that begins on or before a day."""
    found = None
    for dated in values:
        if dated.first <= day:
            found = dated.value
    return found


_KEYS = {
    "label": True,
    "type": True,
    "unit": True,
    "source": True,
    "verified": False,
    "note": False,
    "values": False,
    "bands": False,
    "amounts": False,
}


def read_parameters(root: Cursor) -> dict[str, Parameter]:
    """All parameters of one file ``name: {...}``; problems go to the cursor's log."""
    return {name: _read_parameter(name, cursor) for name, cursor in root.entries().items()}


def _read_parameter(name: str, cursor: Cursor) -> Parameter:
    """One parameter."""
    at = cursor.mapping(_KEYS)
    kind = at["type"].choice(TYPES) if "type" in at else ""
    values = _read_dated(at["values"], kind) if "values" in at else ()
    bands = _read_bands(at["bands"]) if "bands" in at else ()
    rows = _read_rows(at["amounts"], bands) if "amounts" in at else ()
    if ("values" in at) == ("amounts" in at):
        cursor.problem(f"参数“{name}”要么写 values，要么写 amounts", "请保留其中一个")
    if "amounts" in at and kind != "money":
        at["amounts"].problem(f"参数“{name}”按地区列金额，类型应是 money", "请写 type: money")
    return Parameter(
        name=name,
        label=at["label"].text() if "label" in at else "",
        type=kind,
        unit=at["unit"].text() if "unit" in at else "",
        source=_read_source(at["source"]) if "source" in at else Source("", ""),
        verified=at["verified"].boolean() if "verified" in at else True,
        note=at["note"].text() if "note" in at else "",
        values=values,
        bands=bands,
        rows=rows,
        spot=cursor.spot,
    )


def _read_source(cursor: Cursor) -> Source:
    at = cursor.mapping({"document": True, "article": True})
    words: Mapping[str, str] = {key: value.text() for key, value in at.items()}
    return Source(words.get("document", ""), words.get("article", ""))


def _read_dated(cursor: Cursor, kind: str) -> tuple[Dated, ...]:
    """Dated values, which must be in order of time."""
    found: list[Dated] = []
    for member in cursor.sequence():
        at = member.mapping({"from": True, "value": False, "note": False})
        first = at["from"].day() if "from" in at else None
        if "value" not in at:
            member.problem("缺少“value”", "请补写“value: 数值”；停止执行的写“value: null”")
        if first is None or "value" not in at:
            continue
        if found and first <= found[-1].first:
            at["from"].problem("日期没有按先后排列或重复", "请按 from 从早到晚排列")
        found.append(Dated(first, _read_value(at["value"], kind)))
    return tuple(found)


def _read_value(cursor: Cursor, kind: str) -> int | str | date | None:
    """A value of the parameter's type; None for null."""
    if cursor.is_null:
        return None
    if kind == "date":
        return cursor.day()
    if kind == "code":
        return _read_area(cursor)
    number = cursor.integer()
    if kind == "money" and number < 0:
        cursor.problem("金额不能是负数", "请写以分为单位的整数，例如 11000 表示 110 元")
    return number


def _read_area(cursor: Cursor) -> str:
    """The significant part of a division code."""
    written = cursor.text()
    try:
        return prefix(written)
    except ValueError as error:
        if written:
            cursor.problem(str(error), "请写 2、4、6、9 或 12 位区划代码")
        return ""


def _read_bands(cursor: Cursor) -> tuple[Band, ...]:
    """Age bands, which may not overlap."""
    bands: list[Band] = []
    for member in cursor.sequence():
        at = member.mapping({"name": True, "from_age": True, "to_age": False})
        band = Band(
            at["name"].text() if "name" in at else "",
            at["from_age"].integer() if "from_age" in at else 0,
            at["to_age"].integer() if "to_age" in at and not at["to_age"].is_null else None,
        )
        if band.to_age is not None and band.to_age < band.from_age:
            member.problem(f"年龄段“{band.name}”的止岁小于起岁", "请改正 from_age、to_age")
        if any(_overlap(band, other) for other in bands):
            member.problem(f"年龄段“{band.name}”与前面的年龄段重叠", "请使各段不重叠")
        bands.append(band)
    return tuple(bands)


def _overlap(one: Band, other: Band) -> bool:
    """Whether two bands share an age."""
    one_end = one.to_age if one.to_age is not None else 999
    other_end = other.to_age if other.to_age is not None else 999
    return one.from_age <= other_end and other.from_age <= one_end


def _read_rows(cursor: Cursor, bands: tuple[Band, ...]) -> tuple[AmountRow, ...]:
    """The rows of an amount table."""
    rows: list[AmountRow] = []
    names = [band.name for band in bands]
    for member in cursor.sequence():
        at = member.mapping({"place": True, "band": bool(bands), "values": True})
        place = _read_area(at["place"]) if "place" in at else ""
        band = at["band"].choice(names) if "band" in at else ""
        if any((row.place, row.band) == (place, band) for row in rows):
            member.problem(f"地区 {place} 年龄段“{band}”写了两次", "请只保留一处")
        values = _read_dated(at["values"], "money") if "values" in at else ()
        rows.append(AmountRow(place, band, values, member.spot))
    return tuple(rows)
