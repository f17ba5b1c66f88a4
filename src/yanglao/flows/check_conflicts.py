"""What departments cannot both say of one person: found by the pack's rules, settled by a clerk."""

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from yanglao.domain.linkage.public import (
    Conflict,
    ConflictState,
    FoundConflict,
    Side,
    conflicts,
    find_conflicts_again,
    get_conflict,
    reopen_conflict,
    settle_conflict,
)
from yanglao.domain.people.public import (
    KIND_SENDERS,
    Disregarded,
    Kind,
    conflicts_followed_by_rule,
    count_again,
    enter_fact,
    load_said,
    refresh_people,
    restore_statements,
    set_aside,
    statements_as_they_are,
)
from yanglao.domain.places.public import full_names_of
from yanglao.engines.linkage import ConflictRule, ConflictRules, Found, find_conflicts
from yanglao.flows.find_entitled import NoPackInForce, recheck_people
from yanglao.flows.read_linkage_rules import conflict_rules
from yanglao.foundation import clock
from yanglao.foundation.analytics import analytic_session
from yanglao.foundation.jobs import defer_once
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.scoping import Reader, system_reader

#: Who asks for a look after lists came in.
AFTER_LISTS = "接收名单以后"


def look_for_conflicts(*, acting: Reader, report: Progress = silent) -> tuple[int, int]:
    """Bring the worklist of the acting area in line with what lists say; new ones and gone ones.

    Where a rule says so, facts follow the side that wins until a person has decided.

    Raises:
        PermissionError: If the role may not take in lists.
    """
    rules = conflict_rules()
    report(0, 4, "读取各部门的说法")
    with analytic_session(step="核对部门说法") as session:
        load_said(session, acting)
        report(1, 4, "逐条规则核对")
        found = find_conflicts(session.con, rules)
    codes = {str(value) for one in found for values in one.enter for value in values.values()}
    names = full_names_of(codes)
    wanted = [
        FoundConflict(
            one.person_id, one.place_code, one.rule, _sides(rules.rules[one.rule], one, names)
        )
        for one in found
        if rules.rules[one.rule].needs_person
    ]
    report(2, 4, "写入名单")
    counts = find_conflicts_again(wanted, acting=acting)
    report(3, 4, "按规则取舍")
    _follow_rules(rules, acting)
    report(4, 4, "核对完成")
    return counts


def ask_to_look(area: str) -> None:
    """Ask for a look through a place whose lists have changed; one that waits there will do.

    Where the pack says so, facts then follow the winning side without anybody having to ask.
    """
    defer_once("look_for_conflicts", system_reader(area, name=AFTER_LISTS))


def _sides(rule: ConflictRule, one: Found, names: dict[str, str]) -> tuple[Side, ...]:
    return tuple(
        Side(
            _named(words, names),
            str(KIND_SENDERS[Kind(side.source)]),
            _wins(rule.wins, side),
            side.source,
            side.value,
            entries,
        )
        for words, side, entries in zip(one.says, rule.sides, one.entries, strict=True)
    )


def _follow_rules(rules: ConflictRules, acting: Reader) -> None:
    """Let facts follow the pack where nobody has decided, and no longer where it is no conflict."""
    waiting = [
        one
        for one in conflicts(acting, state=ConflictState.OPEN)
        if one.rule in rules.rules and rules.rules[one.rule].by_rule
    ]
    found = [told for one in waiting for told in _losers(one, _winner(one), "")]
    still = {one.conflict_id for one in found}
    over = [pk for pk in conflicts_followed_by_rule(acting) if pk not in still]
    with transaction.atomic():
        changed = set_aside(found, by_rule=True, on=clock.today(), acting=acting)
        changed += count_again(over, acting=acting)
    _recheck(sorted(set(changed)))


def _winner(conflict: Conflict) -> int | None:
    """Return which side the rule holds to be right."""
    sides = json.loads(conflict.sides)
    return next((at for at, side in enumerate(sides) if side["wins"]), None)


def _losers(conflict: Conflict, winner: int | None, reason: str) -> list[Disregarded]:
    """Return what does not count when one side is right."""
    sides = json.loads(conflict.sides)
    if winner is None or not 0 <= winner < len(sides):
        return []
    instead = f"{sides[winner]['source']}：{sides[winner]['words']}"
    return [
        Disregarded(
            conflict.person_id,
            conflict.pk,
            Kind(side["kind"]),
            tuple(side["entries"]),
            side["value"],
            instead,
            reason,
        )
        for at, side in enumerate(sides)
        if at != winner and side.get("entries")
    ]


def _wins(wins: str, side: Any) -> bool:
    return bool(wins == side.source)


def _named(words: str, names: dict[str, str]) -> str:
    for code, name in names.items():
        words = words.replace(code, name)
    return words


def settle(*, conflict_id: int, choice: int | None, acting: Reader, reason: str) -> Conflict:
    """Note which side is right: the others' statements count no longer.

    Where the rule says so, the choice is entered as a statement by hand instead.

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
        changed = count_again([conflict_id], acting=acting)
        if not undo:
            losers = _losers(conflict, choice, reason.strip())
            changed += set_aside(losers, by_rule=False, on=clock.today(), acting=acting)
        conflict = settle_conflict(
            conflict_id=conflict_id, choice=choice, undo=undo, acting=acting, reason=reason
        )
    _recheck(sorted({*changed, *([conflict.person_id] if undo else [])}))
    return conflict


def unsettle(*, conflict_id: int, acting: Reader) -> Conflict:
    """Let a conflict be decided again; what was entered or set aside for it is taken back.

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
        changed = count_again([conflict_id], acting=acting)
        rule = rule_of(conflict.rule)
        if rule is not None and rule.by_rule:
            losers = _losers(conflict, _winner(conflict), "")
            changed += set_aside(losers, by_rule=True, on=clock.today(), acting=acting)
        conflict = reopen_conflict(conflict_id=conflict_id, acting=acting)
    _recheck(sorted({*changed, *([conflict.person_id] if undo else [])}))
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
    with analytic_session(step="核对部门说法") as session:
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


def _recheck(person_ids: list[int]) -> None:
    """Match those whose facts may have changed."""
    if not person_ids:
        return
    try:
        recheck_people(person_ids, as_of=clock.today(), acting=system_reader())
    except NoPackInForce:
        return


def rule_choices() -> list[tuple[str, str]]:
    """Return the rules of the pack with their labels, in its order."""
    return [(rule.code, rule.label) for rule in conflict_rules().rules.values()]


def rules_followed() -> frozenset[str]:
    """Return the rules that facts follow until a person has decided."""
    return frozenset(rule.code for rule in conflict_rules().rules.values() if rule.by_rule)


def rule_of(code: str) -> ConflictRule | None:
    """Return a rule; ``None`` when the pack no longer has it."""
    return conflict_rules().rules.get(code)
