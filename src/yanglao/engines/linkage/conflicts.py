"""Rules about what departments cannot both say: read from the pack, checked, asked of everybody."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import duckdb
import sqlglot
import yaml
from sqlglot import exp

from yanglao.engines.linkage.rules import WrongRules

_RULE_KEYS = {"label", "sentence", "when", "sides", "wins", "needs_person", "until_then", "advice"}
_SIDE_KEYS = {"from", "says", "enter", "value", "entries"}
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_ALLOWED = (
    exp.And, exp.Or, exp.Not, exp.Is, exp.Null, exp.EQ, exp.NEQ, exp.GT, exp.GTE, exp.LT, exp.LTE,
    exp.In, exp.Between, exp.Column, exp.Identifier, exp.Literal, exp.Paren, exp.Boolean, exp.Add,
    exp.Sub,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class RuleSide:
    """What one department says.

    Attributes:
        source: List kind.
        says: Words with ``{columns}``.
        enter: Value field to the column whose value is entered when this side is chosen.
        value: The value that does not count when another side is right; empty: the whole row.
        entries: Column with the ids of the statements that say so.
    """

    source: str
    says: str
    enter: Mapping[str, str] = field(default_factory=dict)
    value: str = ""
    entries: str = ""


@dataclass(frozen=True, slots=True)
class ConflictRule:
    """One rule.

    Attributes:
        code: Its name in the file.
        label, sentence, advice: Words for the clerk.
        when: Predicate over what departments say.
        sides: Who says what.
        wins: List kind that has precedence; ``nobody`` when a person must say.
        needs_person: Whether a person must look even so.
        by_rule: Whether facts follow the one that wins until a person has decided; else all count.
    """

    code: str
    label: str
    sentence: str
    advice: str
    when: str
    sides: tuple[RuleSide, ...]
    wins: str
    needs_person: bool
    by_rule: bool = False


@dataclass(frozen=True, slots=True)
class ConflictRules:
    """All rules, and the parameters that they may use."""

    parameters: dict[str, int]
    rules: dict[str, ConflictRule]


@dataclass(frozen=True, slots=True)
class Found:
    """A person for whom a rule holds: the words of each side, and what may be entered for it.

    Attributes:
        entries: Ids of the statements of each side.
    """

    person_id: int
    place_code: str
    rule: str
    says: tuple[str, ...]
    enter: tuple[dict[str, Any], ...]
    entries: tuple[tuple[int, ...], ...] = ()


def read_conflict_rules(
    text: str,
    columns: Mapping[str, str],
    kinds: Mapping[str, Collection[str]],
    entries: Collection[str] = (),
) -> ConflictRules:
    """Return the rules of the file.

    Args:
        text: YAML.
        columns: Columns that rules may use, with their DuckDB types.
        kinds: List kinds that may say something, with the values of each.
        entries: Columns with the ids of statements.

    Raises:
        WrongRules: With every mistake: rule, what, and what to do.
    """
    try:
        data: Any = yaml.safe_load(text)
    except yaml.YAMLError as problem:
        raise WrongRules([f"conflicts.yaml：不是有效的 YAML：{problem}"]) from problem
    if not isinstance(data, dict) or not isinstance(data.get("rules"), dict):
        raise WrongRules(["conflicts.yaml：应有 rules，每条规则一个名称"])
    messages: list[str] = []
    parameters = {}
    for name, one in (data.get("parameters") or {}).items():
        value = one.get("value") if isinstance(one, dict) else None
        if isinstance(value, bool) or not isinstance(value, int):
            messages.append(f"conflicts.yaml：参数 {name} 应写 value: 整数")
        else:
            parameters[str(name)] = value
    known = {*columns, *parameters}
    rules = {}
    for code, one in data["rules"].items():
        wrong = _wrong_with(one, known, kinds, entries)
        messages += [f"conflicts.yaml：{code}：{message}" for message in wrong]
        if not wrong:
            rules[str(code)] = _rule(str(code), one)
    if messages:
        raise WrongRules(messages)
    return ConflictRules(parameters, rules)


def _wrong_with(
    one: Any, known: set[str], kinds: Mapping[str, Collection[str]], entries: Collection[str]
) -> list[str]:
    if not isinstance(one, dict):
        return ["应是“名称: 内容”"]
    missing = sorted(_RULE_KEYS - set(one))
    unknown = sorted(set(one) - _RULE_KEYS)
    messages = [f"缺少 {'、'.join(missing)}"] if missing else []
    messages += [f"看不懂 {'、'.join(unknown)}，请删去或改正"] if unknown else []
    if messages:
        return messages
    messages += _wrong_predicate(str(one["when"]), known)
    sides = one["sides"]
    if not isinstance(sides, list) or len(sides) < 2:
        return [*messages, "sides 至少要有两方"]
    for side in sides:
        messages += _wrong_side(side, known, kinds, entries)
    if one["wins"] != "nobody" and one["wins"] not in {side.get("from") for side in sides}:
        messages.append("wins 应是其中一方的名单，或 nobody")
    if not isinstance(one["needs_person"], bool):
        messages.append("needs_person 应为 true 或 false")
    if one["until_then"] not in {"rule", "both"}:
        messages.append("until_then 应为 rule（先按优先的一方）或 both（有人核实前两边都算）")
    same = len({side.get("from") for side in sides}) < len(sides)
    if one["until_then"] == "rule" and (one["wins"] == "nobody" or same):
        messages.append("until_then: rule 要有一方优先，各方来自不同的名单")
    return messages


def _wrong_side(
    side: Any, known: set[str], kinds: Mapping[str, Collection[str]], entries: Collection[str]
) -> list[str]:
    source = side.get("from")
    messages = [f"看不懂 {one}" for one in sorted(set(side) - _SIDE_KEYS)]
    if source not in kinds:
        return [*messages, f"没有“{source}”这种名单"]
    words = _PLACEHOLDER.findall(str(side.get("says", "")))
    words += list((side.get("enter") or {}).values())
    messages += [f"不认识 {{{word}}}" for word in words if word not in known]
    if side.get("value", "") not in {"", *kinds[source]}:
        messages.append(f"“{source}”名单没有 {side['value']} 这一项")
    if entries and _entries_of(side) not in entries:
        messages.append(f"没有 {_entries_of(side)} 这一列")
    return messages


def _entries_of(side: Mapping[str, Any]) -> str:
    return str(side.get("entries") or f"{side['from']}_entries")


def _wrong_predicate(text: str, known: set[str]) -> list[str]:
    try:
        tree = sqlglot.parse_one(text, dialect="duckdb")
    except sqlglot.errors.ParseError:
        return [f"看不懂 when：{text}"]
    nodes = list(tree.walk())
    strange = sorted({type(node).__name__ for node in nodes if not isinstance(node, _ALLOWED)})
    names = sorted({node.name for node in nodes if isinstance(node, exp.Column)} - known)
    messages = [f"when 里不能用 {'、'.join(strange)}"] if strange else []
    return messages + [f"when 里不认识 {name}" for name in names]


def _rule(code: str, one: dict[str, Any]) -> ConflictRule:
    return ConflictRule(
        code=code,
        label=str(one["label"]),
        sentence=str(one["sentence"]),
        advice=str(one["advice"]),
        when=str(one["when"]),
        sides=tuple(
            RuleSide(
                side["from"],
                str(side["says"]),
                dict(side.get("enter") or {}),
                str(side.get("value", "")),
                _entries_of(side),
            )
            for side in one["sides"]
        ),
        wins=str(one["wins"]),
        needs_person=one["needs_person"],
        by_rule=one["until_then"] == "rule",
    )


def find_conflicts(con: duckdb.DuckDBPyConnection, rules: ConflictRules) -> list[Found]:
    """Return everybody for whom a rule holds, by rule and person.

    Reads the table ``said`` (one row a person: ``person_id``, ``place_code`` and the columns).
    """
    constants = "".join(f", {value} AS {name}" for name, value in rules.parameters.items())
    found = []
    for rule in rules.rules.values():
        # Read, not made of strings from outside: names and nodes were checked when the file was.
        con.execute(
            f"SELECT * FROM (SELECT *{constants} FROM said) WHERE {rule.when} "  # noqa: S608
            "ORDER BY person_id"
        )
        names = [column[0] for column in con.description or ()]
        for row in con.fetchall():
            values = dict(zip(names, row, strict=True))
            found.append(
                Found(
                    values["person_id"],
                    values["place_code"],
                    rule.code,
                    tuple(_filled(side.says, values) for side in rule.sides),
                    tuple(
                        {name: values[column] for name, column in side.enter.items()}
                        for side in rule.sides
                    ),
                    tuple(tuple(values.get(side.entries) or ()) for side in rule.sides),
                )
            )
    return found


def _filled(words: str, values: Mapping[str, Any]) -> str:
    def one(match: re.Match[str]) -> str:
        value = values[match[1]]
        if isinstance(value, date):
            return value.isoformat() if value.day != 1 else f"{value:%Y-%m}"
        return "未知" if value is None else str(value)

    return _PLACEHOLDER.sub(one, words)
