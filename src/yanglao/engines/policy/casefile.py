"""Worked cases as files: an as-of day, facts, and what must come out. Officers write these.

A file of ``<pack>/cases/`` holds::

    as_of: 2026-11-01            # for all cases of the file that say nothing else
    person: {alive: true, …}     # facts that every case begins with
    cases:
      - name: 满 80 周岁当天可以享受
        boundary: true
        facts: {birth_date: 1946-11-01}
        expect: {'06': yes}

A fact that is not written is unknown; ``unknown`` takes back what ``person`` says; ``none`` is
*known not to have it*. ``age: 80`` stands for a birthday on the as-of day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from yanglao.engines.policy import rules
from yanglao.engines.policy.catalogue import Item
from yanglao.engines.policy.documents import (
    Cursor,
    read_document,
    read_text,
    refuse_other_endings,
)
from yanglao.engines.policy.problems import ProblemLog, Spot, nearest
from yanglao.engines.policy.sql import AGE
from yanglao.engines.policy.vocabulary import (
    ELSEWHERE,
    NONE_DATE,
    NONE_INT,
    NONE_TEXT,
    FactSpec,
    Vocabulary,
)
from yanglao.kernel.division import normalise_code

STATUSES = ("yes", "no", "possible")
_KEYS = {"name": True, "as_of": False, "boundary": False, "facts": False, "expect": True}
_EXPECTED = {
    "status": True,
    "tier": False,
    "amount": False,
    "delivered": False,
    "missing": False,
}
FactValue = str | int | bool | date | None


@dataclass(frozen=True, slots=True)
class Expected:
    """What must come out for an item; None where the case does not say."""

    status: str
    tier: str | None = None
    amount: int | None = None
    delivered: bool | None = None
    missing: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A worked case."""

    name: str
    as_of: date
    facts: Mapping[str, FactValue]
    expect: Mapping[str, Expected]
    boundary: bool
    spot: Spot


def check_cases(
    root: Path, code: str, vocabulary: Vocabulary, items: Mapping[str, Item], log: ProblemLog
) -> None:
    """Note what is wrong in a pack's cases, and which items lack a yes, no, unknown or boundary."""
    cases = read_cases(root, code, vocabulary, None, log)
    for item in items.values():
        told = [case for case in cases if item.code in case.expect]
        have = {case.expect[item.code].status for case in told}
        for status, words in zip(STATUSES, ("符合", "不符合", "信息不全（可能符合）"), strict=True):
            if status not in have:
                item.spot.note(
                    log,
                    f"项目 {item.code} 没有“{words}”的算例",
                    f"请在 {code}/cases/ 写一个期望为 {status} 的算例",
                )
        by_age = any(leaf.fact == AGE for leaf in rules.leaves_of(item.rule))
        if by_age and not any(case.boundary for case in told):
            item.spot.note(
                log,
                f"项目 {item.code} 与年龄有关，却没有边界算例",
                f"请在 {code}/cases/ 写一个生日当天的算例并标 boundary: true",
            )


def read_cases(
    root: Path,
    code: str,
    vocabulary: Vocabulary,
    items: Mapping[str, Item] | None,
    log: ProblemLog,
) -> list[Case]:
    """All cases of a pack's folder; with ``items``, a case for another item is a problem."""
    found: list[Case] = []
    refuse_other_endings(root / code / "cases", f"{code}/cases", log)
    for file in sorted((root / code / "cases").glob("*.yaml")):
        path = f"{code}/cases/{file.name}"
        text = read_text(file, path, log)
        cursor = None if text is None else read_document(text, path, log)
        if cursor is not None:
            found.extend(_read_file(cursor, vocabulary))
    if items is not None:
        for case in found:
            for item in case.expect:
                if item not in items:
                    case.spot.note(
                        log, f"算例中的项目“{item}”不在清单里{nearest(item, items)}", "请改正编号"
                    )
    return found


def _read_file(root: Cursor, vocabulary: Vocabulary) -> list[Case]:
    """The cases of one file."""
    top = root.mapping({"as_of": False, "person": False, "note": False, "cases": True})
    day = top["as_of"].day() if "as_of" in top else None
    person = top["person"].entries() if "person" in top else {}
    found: list[Case] = []
    for cursor in top["cases"].sequence() if "cases" in top else []:
        at = cursor.mapping(_KEYS)
        as_of = at["as_of"].day() if "as_of" in at else day
        if as_of is None:
            cursor.problem("算例没有日期", "请写 as_of: 2026-11-01")
            continue
        written = {**person, **(at["facts"].entries() if "facts" in at else {})}
        found.append(
            Case(
                name=at["name"].text() if "name" in at else "",
                as_of=as_of,
                facts=_facts(written, vocabulary),
                expect=_expect(at["expect"], vocabulary) if "expect" in at else {},
                boundary=at["boundary"].boolean() if "boundary" in at else False,
                spot=cursor.spot,
            )
        )
    return found


def _facts(written: Mapping[str, Cursor], vocabulary: Vocabulary) -> dict[str, FactValue]:
    """Facts as they go into the facts table; what is unknown is left out."""
    found: dict[str, FactValue] = {}
    for name, cursor in written.items():
        if name == "birth_date":
            found[name] = None if cursor.text() == "unknown" else cursor.day()
        elif name == "place_code":
            found[name] = _code(cursor)
        elif name not in vocabulary:
            cursor.problem(
                f"用了词汇表里没有的事实“{name}”{nearest(name, vocabulary.facts)}",
                "请改用 vocabulary.yaml 中的名称",
            )
        elif cursor.text() != "unknown":
            found[name] = _value(cursor, vocabulary[name])
    return found


def _value(cursor: Cursor, spec: FactSpec) -> FactValue:
    """One fact's value."""
    written = cursor.text()
    if written == "none" and written not in spec.choices:
        if not spec.has_none or spec.type == "bool":
            cursor.problem(f"“{spec.name}”没有“没有”这种状态", "请写具体的值或 unknown")
        if spec.type == "int":
            return NONE_INT
        return NONE_DATE if spec.type == "date" else NONE_TEXT
    match spec.type:
        case "bool":
            return cursor.boolean()
        case "int":
            number = cursor.integer()
            if not spec.low <= number <= spec.high:
                cursor.problem(f"“{spec.name}”应在 {spec.low} 到 {spec.high} 之间", "请改正数值")
            return number
        case "choice":
            return cursor.choice(spec.choices)
        case "date":
            return cursor.day()
        case "code":
            return _code(cursor)
        case _:
            return written


def _code(cursor: Cursor) -> str:
    """A division code of twelve digits, or ``elsewhere``."""
    written = cursor.text()
    if written == ELSEWHERE:
        return written
    try:
        return normalise_code(written)
    except ValueError as error:
        cursor.problem(str(error), "请写 6、9 或 12 位区划代码并加引号")
        return ""


def _expect(cursor: Cursor, vocabulary: Vocabulary) -> dict[str, Expected]:
    """What must come out, by item: ``'06': yes``, or ``'06': {status: yes, tier: …}``."""
    found: dict[str, Expected] = {}
    for item, value in cursor.entries().items():
        if isinstance(value.node, yaml.ScalarNode):
            found[item] = Expected(value.choice(STATUSES))
            continue
        at = value.mapping(_EXPECTED)
        missing = at["missing"].texts() if "missing" in at else None
        for name in missing or ():
            if name not in vocabulary:
                at["missing"].problem(
                    f"词汇表里没有“{name}”{nearest(name, vocabulary.facts)}", "请改正名称"
                )
        found[item] = Expected(
            status=at["status"].choice(STATUSES) if "status" in at else "",
            tier=None if "tier" not in at else "" if at["tier"].is_null else at["tier"].text(),
            amount=at["amount"].integer() if "amount" in at else None,
            delivered=at["delivered"].boolean() if "delivered" in at else None,
            missing=missing,
        )
    return found
