"""Statuses of people (特困, 低保 …): who has one, what hangs on it, which steps people must take.

A file ``<pack>/statuses.yaml`` says it in the language of the catalogue's rules. ``read_statuses``
checks it against vocabulary and list; ``ask_statuses`` asks everybody at once. As with the list,
unknown is not no: who *may* have left keeps the status until a list says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import duckdb

from yanglao.engines.policy import rules
from yanglao.engines.policy.documents import Cursor, read_document
from yanglao.engines.policy.pack import Pack
from yanglao.engines.policy.parse import Scope, parse_rule
from yanglao.engines.policy.problems import ProblemLog, nearest
from yanglao.engines.policy.sentence import sentence
from yanglao.engines.policy.sql import leaf_sql, named, quoted
from yanglao.engines.policy.trees import grow, tree_sql

LEVELS = ("village", "town", "county")
CAUSES = ("died", "gone", "moved")
_STATUS = {
    "name": True,
    "who": True,
    "details": False,
    "anywhere": False,
    "lead": True,
    "clause": True,
    "items": False,
    "enter": False,
    "change": False,
    "leave": False,
}
_STEP = {
    "code": True,
    "do": True,
    "by": True,
    "days": True,
    "when": False,
    "cause": False,
    "fact": False,
}


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a person must do when a status begins, changes or ends.

    Attributes:
        code: Its name within the status and occasion.
        do: What, in words for the officer.
        by: Which level does it: ``village``, ``town``, ``county``.
        days: Days until it is due, counted from the day of the change.
        when: Only where this is known to hold; ``None``: always. Never on a leave.
        cause: Only for this cause of leaving; empty: any.
        fact: Only when this detail changed; empty: any.
    """

    code: str
    do: str
    by: str
    days: int
    when: rules.Node | None = field(repr=False)
    cause: str
    fact: str


@dataclass(frozen=True, slots=True)
class StatusRule:
    """One status.

    Attributes:
        code, name, lead, clause: As written.
        who: Who has it.
        sentence: The same in Chinese.
        details: Facts whose change is a change of the status.
        anywhere: Whether it is given where the person is found, wherever he belongs.
        items: Codes of list items that hang on it.
        enter, change, leave: Steps of each occasion.
    """

    code: str
    name: str
    lead: str
    clause: str
    who: rules.Node = field(repr=False)
    sentence: str
    details: tuple[str, ...]
    anywhere: bool
    items: tuple[str, ...]
    enter: tuple[Step, ...]
    change: tuple[Step, ...]
    leave: tuple[Step, ...]

    def steps(self, occasion: str) -> tuple[Step, ...]:
        """Return the steps of ``enter``, ``change`` or ``leave``."""
        return {"enter": self.enter, "change": self.change, "leave": self.leave}[occasion]


@dataclass(frozen=True, slots=True)
class StatusRules:
    """A file of statuses that passed every check.

    Attributes:
        title, note: As written; ``verified`` False must be said where the steps are shown.
        share: Per cent of those who have a status that may leave in one pass without a person's
            word; ``least``: fewer leavers are never held.
    """

    title: str
    note: str
    verified: bool
    share: int
    least: int
    statuses: Mapping[str, StatusRule]


def read_statuses(text: str, file: str, pack: Pack, day: date) -> StatusRules:
    """Read and check the statuses of a pack.

    Args:
        text: The file.
        file: What to call it in problems.
        pack: Whose vocabulary, areas, parameters and items it speaks of.
        day: The day on which parameters must have a value.

    Raises:
        yanglao.engines.policy.problems.PackErrors: With every problem found.
    """
    log = ProblemLog()
    root = read_document(text, file, log)
    log.raise_if_any()
    if root is None:  # the log has raised; for the type checker
        raise AssertionError(file)
    top = root.mapping(
        {"title": True, "note": False, "verified": True, "guard": True, "statuses": True}
    )
    log.raise_if_any()
    scope = Scope(
        vocabulary=pack.vocabulary,
        derived_names=frozenset(pack.facts),
        derived=lambda name: rules.DerivedRef(name, pack.facts[name].label, pack.facts[name].node),
        parameters=pack.parameters,
        areas=pack.areas,
        on=day,
    )
    guard = top["guard"].mapping({"share": True, "least": True})
    log.raise_if_any()
    found = {
        code: _read_status(code, cursor, scope, pack)
        for code, cursor in top["statuses"].entries().items()
    }
    share, least = guard["share"].integer(), guard["least"].integer()
    if not 0 < share <= 100 or least < 0:
        top["guard"].problem("share 应在 1 到 100 之间，least 不能小于 0", "请改正")
    note = top["note"].text() if "note" in top else ""
    verified = top["verified"].boolean()
    if not verified and not note:
        top["verified"].problem("没有核对过的步骤要写明 note", "请写一句出处说明")
    title = top["title"].text()
    log.raise_if_any()
    statuses = {code: one for code, one in found.items() if one is not None}
    return StatusRules(title, note, verified, share, least, statuses)


def _read_status(code: str, cursor: Cursor, scope: Scope, pack: Pack) -> StatusRule | None:
    read = cursor.mapping(_STATUS)
    if not all(key in read for key, needed in _STATUS.items() if needed):
        return None
    who = parse_rule(read["who"], scope)
    details = _details(read["details"], scope) if "details" in read else ()
    items = tuple(
        text for member in _members(read, "items") if (text := _item(member, pack)) is not None
    )
    steps = {
        occasion: tuple(
            step
            for member in _members(read, occasion)
            if (step := _read_step(member, occasion, scope, details)) is not None
        )
        for occasion in ("enter", "change", "leave")
    }
    for occasion, told in steps.items():
        codes = [step.code for step in told]
        for twice in sorted({one for one in codes if codes.count(one) > 1}):
            read[occasion].problem(f"“{twice}”写了两次", "同一时机里每一步的 code 要不同")
    if who is None:
        return None
    return StatusRule(
        code=code,
        name=read["name"].text(),
        lead=read["lead"].text(),
        clause=read["clause"].text(),
        who=rules.resolve(who, pack.values_on(scope.on)),
        sentence=sentence(who, pack.wording(scope.on)),
        details=details,
        anywhere="anywhere" in read and read["anywhere"].boolean(),
        items=items,
        **steps,
    )


def _members(read: Mapping[str, Cursor], key: str) -> list[Cursor]:
    return read[key].sequence() if key in read else []


def _details(cursor: Cursor, scope: Scope) -> tuple[str, ...]:
    found = []
    for member in cursor.sequence():
        name = member.text()
        if name and name not in scope.vocabulary:
            member.problem(
                f"没有“{name}”这项事实{nearest(name, scope.vocabulary.facts)}", "请改正名称"
            )
        elif name:
            found.append(name)
    return tuple(found)


def _item(cursor: Cursor, pack: Pack) -> str | None:
    code = cursor.text()
    if code not in pack.items:
        cursor.problem(f"清单里没有项目“{code}”{nearest(code, pack.items)}", "请改正编号")
        return None
    return code


def _read_step(
    cursor: Cursor, occasion: str, scope: Scope, details: tuple[str, ...]
) -> Step | None:
    read = cursor.mapping(_STEP)
    if not all(key in read for key, needed in _STEP.items() if needed):
        return None
    if "cause" in read and occasion != "leave":
        read["cause"].problem("只有离开（leave）的步骤才能写 cause", "请删去")
    if "fact" in read and occasion != "change":
        read["fact"].problem("只有变化（change）的步骤才能写 fact", "请删去")
    if "when" in read and occasion == "leave":
        read["when"].problem("离开（leave）的步骤不能写 when", "请删去，需要时写 cause")
    fact = read["fact"].choice(details or ("（先写 details）",)) if "fact" in read else ""
    days = read["days"].integer()
    if days < 0:
        read["days"].problem("天数不能是负数", "请改正")
    when = parse_rule(read["when"], scope) if "when" in read else None
    return Step(
        code=read["code"].text(),
        do=read["do"].text(),
        by=read["by"].choice(LEVELS),
        days=days,
        when=when,
        cause=read["cause"].choice(CAUSES) if "cause" in read else "",
        fact=fact,
    )


def rule_sql(node: rules.Node, pack: Pack, day: date) -> str:
    """Return a rule as a DuckDB expression over the facts' names: TRUE, FALSE or NULL."""
    leaves: list[rules.Leaf] = []

    def number(leaf: rules.Leaf) -> int:
        leaves.append(leaf)
        return len(leaves) - 1

    tree = grow(rules.resolve(node, pack.values_on(day)), number)
    return tree_sql(tree, lambda leaf: f"({leaf_sql(leaves[leaf], pack.vocabulary, day)})")


def ask_statuses(
    con: duckdb.DuckDBPyConnection,
    told: StatusRules,
    pack: Pack,
    day: date,
    *,
    facts: str = "facts",
    into: str = "statuses",
) -> None:
    """Make a table with one row a person and status: has it, has it not, unknown.

    Args:
        con: Connection that holds the facts of the day.
        told: The statuses. pack: Whose rules' words they use. day: The day.
        facts: The table of facts.
        into: Table to make: ``person_id, status, has BOOLEAN`` (NULL: unknown), ``cause`` (why
            not, one of CAUSES, else empty), ``place_code``, ``details`` (JSON of the details
            known; ``null`` for those that are not).
    """
    alive = "(alive IS NOT FALSE)"
    selects = []
    for one in told.statuses.values():
        who = f"({rule_sql(one.who, pack, day)})"
        served = alive
        if pack.served is not None and not one.anywhere:
            # Only whom the list serves; not known to be served is not known to have left.
            served = f"({rule_sql(pack.served, pack, day)})"
        pairs = ", ".join(f"{quoted(name)}, {named(name)}" for name in one.details)
        details = f"json_object({pairs})" if pairs else "'{}'"
        has = f"{alive} AND {who} AND {served}"
        cause = (
            f"CASE WHEN alive IS FALSE THEN 'died' WHEN {who} IS FALSE THEN 'gone' "
            f"WHEN {served} IS FALSE THEN 'moved' ELSE '' END"
        )
        selects.append(
            f"SELECT person_id, {quoted(one.code)} AS status, ({has}) AS has, {cause} AS cause, "
            f"place_code, {details}::VARCHAR AS details FROM {named(facts)}"
        )
    union = " UNION ALL ".join(selects) or (
        f"SELECT person_id, '' AS status, TRUE AS has, '' AS cause, place_code, '{{}}' AS details "
        f"FROM {named(facts)} WHERE FALSE"
    )
    con.execute(f"CREATE OR REPLACE TABLE {named(into)} AS {union}")


def holds_for(
    con: duckdb.DuckDBPyConnection,
    node: rules.Node,
    pack: Pack,
    day: date,
    *,
    people: str,
    facts: str = "facts",
) -> set[int]:
    """Return those of a table of ``person_id`` for whom a rule is known to hold."""
    rows = con.execute(
        f"SELECT person_id FROM {named(facts)} WHERE ({rule_sql(node, pack, day)}) "
        f"AND person_id IN (SELECT person_id FROM {named(people)})"
    ).fetchall()
    return {int(row[0]) for row in rows}
