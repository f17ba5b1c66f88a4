"""What departments cannot both say of one person: found by the pack's rules, settled by a clerk."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from yanglao.domain.linkage.public import (
    Conflict,
    FoundConflict,
    Side,
    find_conflicts_again,
    get_conflict,
    reopen_conflict,
    settle_conflict,
)
from yanglao.domain.people.public import (
    KIND_SENDERS,
    Kind,
    enter_fact,
    load_said,
    refresh_people,
    restore_statements,
    statements_as_they_are,
)
from yanglao.domain.places.public import full_names_of
from yanglao.engines.linkage import ConflictRule, find_conflicts
from yanglao.flows.find_entitled import NoPackInForce, recheck_people
from yanglao.flows.read_linkage_rules import conflict_rules
from yanglao.foundation import clock
from yanglao.foundation.analytics import analytic_session
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.scoping import Reader, system_reader


def look_for_conflicts(*, acting: Reader, report: Progress = silent) -> tuple[int, int]:
    """Bring the worklist of the acting area in line with what lists say; new ones and gone ones.

    Raises:
        PermissionError: If the role may not take in lists.
    """
    rules = conflict_rules()
    report(0, 3, "读取各部门的说法")
    with analytic_session(memory="1GB") as session:
        load_said(session, acting)
        report(1, 3, "逐条规则核对")
        found = find_conflicts(session.con, rules)
    codes = {str(value) for one in found for values in one.enter for value in values.values()}
    names = full_names_of(codes)
    wanted = []
    for one in found:
        rule = rules.rules[one.rule]
        if not rule.needs_person:
            continue
        sides = tuple(
            Side(_named(words, names), str(KIND_SENDERS[Kind(side.source)]), _wins(rule.wins, side))
            for words, side in zip(one.says, rule.sides, strict=True)
        )
        wanted.append(FoundConflict(one.person_id, one.place_code, one.rule, sides))
    report(2, 3, "写入名单")
    counts = find_conflicts_again(wanted, acting=acting)
    report(3, 3, "核对完成")
    return counts


def _wins(wins: str, side: Any) -> bool:
    return bool(wins == side.source)


def _named(words: str, names: dict[str, str]) -> str:
    for code, name in names.items():
        words = words.replace(code, name)
    return words


def settle(*, conflict_id: int, choice: int | None, acting: Reader, reason: str) -> Conflict:
    """Note which side is right; where the rule says so, enter it as a statement by hand.

    Raises:
        Conflict.DoesNotExist: If there is none in the acting area.
        PermissionError: If the role may not.
        ValueError: With what to do.
    """
    with transaction.atomic():
        conflict = get_conflict(acting, conflict_id)
        undo: dict[str, Any] = {}
        entered = _entered(conflict, choice)
        if entered:
            kind, values = entered
            undo = {
                "kind": kind.value,
                "before": statements_as_they_are(kind, conflict.person_id),
            }
            try:
                enter_fact(
                    person_id=conflict.person_id,
                    kind=kind,
                    values=values,
                    acting=acting,
                    as_of=clock.today(),
                    reason=reason,
                )
            except ValidationError as refusal:
                raise ValueError("；".join(refusal.messages)) from refusal
        conflict = settle_conflict(
            conflict_id=conflict_id, choice=choice, undo=undo, acting=acting, reason=reason
        )
    if undo:
        _recheck(conflict.person_id)
    return conflict


def unsettle(*, conflict_id: int, acting: Reader) -> Conflict:
    """Let a conflict be decided again; what was entered for it is taken back.

    Raises:
        Conflict.DoesNotExist: If there is none in the acting area.
        PermissionError: If the role may not.
    """
    with transaction.atomic():
        conflict = get_conflict(acting, conflict_id)
        undo = dict(conflict.undo)
        if undo:
            restore_statements(
                Kind(undo["kind"]),
                conflict.person_id,
                undo["before"],
                list_id=None,
                row="",
                acting=acting,
            )
            refresh_people({conflict.person_id}, acting=acting)
        conflict = reopen_conflict(conflict_id=conflict_id, acting=acting)
    if undo:
        _recheck(conflict.person_id)
    return conflict


def _entered(conflict: Conflict, choice: int | None) -> tuple[Kind, dict[str, Any]] | None:
    """Return what choosing a side means as a statement, found again from what lists say."""
    rule = conflict_rules().rules.get(conflict.rule)
    if choice is None or rule is None or not 0 <= choice < len(rule.sides):
        return None
    side = rule.sides[choice]
    if not side.enter:
        return None
    reader = system_reader(conflict.place_code)
    with analytic_session(memory="512MB") as session:
        load_said(session, reader)
        found = find_conflicts(session.con, conflict_rules())
    words = [one["words"] for one in json.loads(conflict.sides)]
    codes = {str(value) for one in found for values in one.enter for value in values.values()}
    names = full_names_of(codes)
    for one in found:
        same = (one.person_id, one.rule) == (conflict.person_id, conflict.rule)
        if same and [_named(text, names) for text in one.says] == words:
            return Kind(side.source), dict(one.enter[choice])
    raise ValueError("名单又有了变化，请重新核对后再选。")


def _recheck(person_id: int) -> None:
    try:
        recheck_people([person_id], as_of=clock.today(), acting=system_reader())
    except NoPackInForce:
        return


def rule_choices() -> list[tuple[str, str]]:
    """Return the rules of the pack with their labels, in its order."""
    return [(rule.code, rule.label) for rule in conflict_rules().rules.values()]


def rule_of(code: str) -> ConflictRule | None:
    """Return a rule; ``None`` when the pack no longer has it."""
    return conflict_rules().rules.get(code)
