"""What many people would be entitled to, from facts that another system sends along.

Nobody's file is read and nothing is kept. Work and memory grow with the number of people and no
faster: people go through DuckDB in portions, and those who are alike are asked once.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from yanglao.domain.clients.public import ApiKey
from yanglao.engines.policy.people import facts_columns
from yanglao.engines.policy.vocabulary import (
    ELSEWHERE,
    NONE_DATE,
    NONE_INT,
    NONE_TEXT,
    FactSpec,
    Vocabulary,
)
from yanglao.flows.ask_alike_once import ask_alike_once
from yanglao.flows.open_pack import OpenPack, open_pack
from yanglao.foundation import audit
from yanglao.foundation.duck import open_duckdb
from yanglao.foundation.scoping import Reader

#: People that one request may bring.
MOST_PEOPLE = 100_000
_PORTION = 20_000
_LONGEST_TEXT = 80
_WORDS = {1: "yes", 2: "possible"}
_OLDEST = date(1850, 1, 1)
_CODE = re.compile(r"[1-9][0-9]{11}")


@dataclass
class BadPerson(Exception):
    """A person whose facts cannot be read.

    Attributes:
        at: Position, from 0. field: Which fact; empty for the whole. why: In Chinese.
    """

    at: int
    field: str
    why: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A portion of people: for each the numbers of the outcomes that he has."""

    people: list[tuple[str, list[int]]]


class ManyAnswers:
    """Answers for many people, portion by portion; outcomes are named once and shared.

    Args:
        opened: The pack of the day.
    """

    def __init__(self, opened: OpenPack) -> None:
        """Begin without people."""
        self.opened = opened
        self.outcomes: list[dict[str, Any]] = []
        self._numbers: dict[str, int] = {}
        self._reader = _Facts(opened.pack.vocabulary)

    def check(self, at: int, person: Mapping[str, Any]) -> tuple[str, list[Any]]:
        """Return a person's own id and his row of facts.

        Raises:
            BadPerson: For an unknown fact or a value that it cannot have.
        """
        return self._reader.row(at, person)

    def answer(self, people: Sequence[tuple[str, list[Any]]]) -> Iterator[Answered]:
        """Answer for people from :meth:`check`, in their order."""
        for start in range(0, len(people), _PORTION):
            yield self._portion(people[start : start + _PORTION])

    def _portion(self, people: Sequence[tuple[str, list[Any]]]) -> Answered:
        with open_duckdb(step="批量判断") as con:
            _put(con, self._reader.columns, [row for _own, row in people])
            found = ask_alike_once(con, self.opened.compiled)
            numbers = {one.key: self._number(one) for one in found}
            rows = con.execute(
                "SELECT a.person_id, list(r.outcome_key ORDER BY r.item) FROM alike a "
                "JOIN result r ON r.person_id = a.stands_for GROUP BY 1"
            ).fetchall()
        answers: list[list[int]] = [[] for _ in people]
        for person, keys in rows:
            answers[person] = sorted({numbers[key] for key in keys})
        return Answered([(own, told) for (own, _row), told in zip(people, answers, strict=True)])

    def _number(self, one: Any) -> int:
        number = self._numbers.get(one.key)
        if number is None:
            number = self._numbers[one.key] = len(self.outcomes)
            item = self.opened.pack.items[one.item]
            self.outcomes.append(
                {
                    "item": one.item,
                    "name": item.name,
                    "status": _WORDS[one.status],
                    "tier": one.tier,
                    "amount_fen": one.amount_fen,
                    "delivered": one.delivered,
                    "reason": one.reason,
                    "missing": list(one.missing),
                }
            )
        return number


def open_for(reader: Reader, as_of: date, region: str) -> ManyAnswers:
    """Open the list in force for a place on a day.

    Raises:
        PermissionError: When the place lies outside the reader's area.
        yanglao.flows.open_pack.NoPackInForce: When there is none.
    """
    if not reader.covers(region):
        raise PermissionError("只能按自己辖区的清单判断。")
    return ManyAnswers(open_pack(as_of, region))


def record_evaluation(key: ApiKey, acting: Reader, count: int, as_of: date) -> None:
    """Write down that a key asked for so many people; in the caller's transaction."""
    audit.record(
        acting,
        "api_evaluated",
        subject="api_key",
        subject_id=key.pk,
        place_code=key.area_code,
        detail={"people": count, "as_of": as_of.isoformat()},
    )


def _put(
    con: duckdb.DuckDBPyConnection, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]
) -> None:
    """Make the table ``facts``; people are numbered from 0 in their order."""
    lists = [list(column) for column in zip(*rows, strict=True)]
    lists[0] = list(range(len(lists[0])))
    shape = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    con.execute(f"CREATE TABLE facts ({shape})")
    values = ", ".join(f"unnest(CAST(? AS {kind}[]))" for kind in columns.values())
    con.execute(f"INSERT INTO facts SELECT {values}", lists)


class _Facts:
    """Reads a person's facts by the vocabulary, strictly."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.columns = facts_columns(vocabulary)
        self._specs = vocabulary.facts
        self._at = {name: at for at, name in enumerate(self.columns)}

    def row(self, at: int, person: Mapping[str, Any]) -> tuple[str, list[Any]]:
        strange = set(person) - {"id", "birth_date", "place_code", "facts"}
        if strange:
            raise BadPerson(at, str(min(strange))[:80], "没有这个字段")
        own = person.get("id")
        if not isinstance(own, str) or not 0 < len(own) <= 64 or not own.isprintable():
            raise BadPerson(at, "id", "要有 1 到 64 个字的编号")
        facts = person.get("facts", {})
        if not isinstance(facts, dict):
            raise BadPerson(at, "facts", "要写成“名称: 值”的对象")
        row: list[Any] = [None] * len(self.columns)
        if (born := person.get("birth_date")) is not None:
            row[self._at["birth_date"]] = _day(at, "birth_date", born)
        if (place := person.get("place_code")) is not None:
            row[self._at["place_code"]] = self._code(at, "place_code", place)
        for name, value in facts.items():
            spec = self._specs.get(name)
            if spec is None or name == "age":
                raise BadPerson(at, f"facts/{name}"[:80], "没有这个事实，年龄请写 birth_date")
            if value is not None:
                row[self._at[name]] = self._value(at, spec, value)
        return own, row

    def _value(self, at: int, spec: FactSpec, value: object) -> object:
        field = f"facts/{spec.name}"
        if value == "" and spec.has_none:
            return _NONES.get(spec.type, NONE_TEXT)
        if spec.type == "bool":
            if isinstance(value, bool):
                return value
            raise BadPerson(at, field, "只能是 true 或 false")
        if spec.type == "int":
            if type(value) is int and spec.low <= value <= spec.high:
                return value
            raise BadPerson(at, field, f"只能是 {spec.low} 到 {spec.high} 的整数")
        if spec.type == "date":
            return _day(at, field, value)
        if spec.type == "code":
            return self._code(at, field, value)
        if not isinstance(value, str) or len(value) > _LONGEST_TEXT or not value.isprintable():
            raise BadPerson(at, field, f"只能是 {_LONGEST_TEXT} 个字以内的文字")
        if spec.type == "choice" and value not in spec.choices:
            raise BadPerson(at, field, f"只能是 {'、'.join(spec.choices)}")
        return value

    def _code(self, at: int, field: str, value: object) -> str:
        if value == ELSEWHERE and field != "place_code":
            return ELSEWHERE
        if isinstance(value, str) and _CODE.fullmatch(value):
            return value
        raise BadPerson(at, field, "要写 12 位区划代码")


_NONES: dict[str, object] = {"int": NONE_INT, "date": NONE_DATE}


def _day(at: int, field: str, value: object) -> date:
    try:
        if isinstance(value, str) and len(value) == 10:
            day = date.fromisoformat(value)
            if day >= _OLDEST:
                return day
    except ValueError:
        pass
    raise BadPerson(at, field, "要写成 2026-10-31 这样的日期")
