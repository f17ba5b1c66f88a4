"""``catalogue.yaml``: the items of the list of basic services (基本养老服务清单)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from yanglao.engines.policy import rules
from yanglao.engines.policy.documents import Cursor
from yanglao.engines.policy.parse import Scope, parse_rule
from yanglao.engines.policy.problems import Spot, nearest

KINDS = ("物质帮助", "照护服务", "关爱服务")
#: found: we find the people · applied: they apply · on_sight: had by showing a card.
MODES = ("found", "applied", "on_sight")
CYCLE_WORDS = {"month": "每月", "year": "每年", "once": "一次"}
CYCLES = tuple(CYCLE_WORDS)

_KEYS = {
    "code": True,
    "name": True,
    "object": True,
    "content": True,
    "kind": True,
    "standard": True,
    "funder": True,
    "lead": True,
    "clause": True,
    "mode": True,
    "served": False,
    "who": True,
    "tiers": False,
    "amount": False,
    "delivered": True,
    "lead_days": True,
    "cycle": False,
    "universal": False,
    "reading": True,
    "note": False,
}
_TEXTS = (
    "code",
    "name",
    "object",
    "content",
    "standard",
    "funder",
    "lead",
    "clause",
    "reading",
    "note",
)


@dataclass(frozen=True, slots=True)
class Tier:
    """A tier and when it applies; the first that applies is a person's."""

    name: str
    when: rules.Node


@dataclass(frozen=True, slots=True)
class Amount:
    """Money: the parameter that gives it and how often it is paid (month, year, once)."""

    parameter: str
    per: str


@dataclass(frozen=True, slots=True)
class Delivered:
    """When a person already has the item.

    ``always``: nothing needs to be carried to anybody; ``listed``: whoever certainly matches has
    it; ``by_hand``: an officer says so; ``rule``: when ``rule`` is true.
    """

    how: Literal["always", "listed", "by_hand", "rule"]
    rule: rules.Node | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """An item of the catalogue. ``who`` holds beyond ``served``; ``texts`` are rules as written."""

    code: str
    name: str
    object: str
    content: str
    kind: str
    standard: str
    funder: str
    lead: str
    clause: str
    mode: str
    served: rules.Node
    who: rules.Node
    tiers: tuple[Tier, ...]
    amount: Amount | None
    delivered: Delivered
    lead_days: int
    cycle: str
    universal: bool
    reading: str
    note: str
    texts: Mapping[str, str]
    spot: Spot
    spots: Mapping[str, Spot]

    @property
    def rule(self) -> rules.Node:
        """Served and who together."""
        return rules.all_of(self.served, self.who)

    def parameters(self) -> set[str]:
        """Names of all parameters that the item uses."""
        nodes = [self.rule, *(tier.when for tier in self.tiers)]
        if self.delivered.rule is not None:
            nodes.append(self.delivered.rule)
        names = {name for node in nodes for name in rules.params_of(node)}
        return names | ({self.amount.parameter} if self.amount else set())


@dataclass(frozen=True, slots=True)
class DraftItem:
    """An item as written: its entries, each knowing its own file (a county may change some)."""

    code: str
    entries: Mapping[str, Cursor]
    cursor: Cursor


def draft_items(root: Cursor, inherited: Mapping[str, DraftItem]) -> dict[str, DraftItem]:
    """Items of a catalogue file laid over inherited ones, key by key."""
    found = dict(inherited)
    seen: dict[str, Cursor] = {}
    top = root.mapping({"items": True})
    for cursor in top["items"].sequence() if "items" in top else []:
        entries = cursor.entries()
        code = entries["code"].text() if "code" in entries else ""
        if not code:
            cursor.problem("清单项目缺少“code”", "请补写“code: '06'”")
            continue
        if code in seen:
            cursor.problem(
                f"项目编号“{code}”重复（另一处在第 {seen[code].line} 行）", "请改成不同的编号"
            )
            continue
        seen[code] = cursor
        before = inherited[code].entries if code in inherited else {}
        found[code] = DraftItem(code, {**before, **entries}, cursor)
    return found


def read_item(draft: DraftItem, served: rules.Node | None, scope: Scope) -> Item | None:
    """An item; None when anything is wrong with it, all of which is noted."""
    cursor, at = draft.cursor, dict(draft.entries)
    before = len(cursor.log.problems)
    _check_keys(draft, at)
    words = {key: at[key].text() if key in at else "" for key in _TEXTS}
    own_served = parse_rule(at["served"], scope) if "served" in at else served
    who = parse_rule(at["who"], scope) if "who" in at else None
    if "served" not in at and served is None:
        cursor.problem(
            f"项目 {draft.code}：没有服务范围", "请在 pack.yaml 写 served，或在本项目写 served"
        )
    tiers = _read_tiers(at["tiers"], scope) if "tiers" in at else ()
    amount = _read_amount(at["amount"], scope) if "amount" in at else None
    delivered = _read_delivered(at["delivered"], scope) if "delivered" in at else None
    lead_days = at["lead_days"].integer() if "lead_days" in at else 0
    if "lead_days" in at and lead_days < 1:
        at["lead_days"].problem(f"项目 {draft.code}：lead_days 应是 1 以上的天数", "例如 30")
    item = (
        None
        if own_served is None or who is None or delivered is None
        else Item(
            **words,
            kind=at["kind"].choice(KINDS) if "kind" in at else "",
            mode=at["mode"].choice(MODES) if "mode" in at else "",
            served=own_served,
            who=who,
            tiers=tiers,
            amount=amount,
            delivered=delivered,
            lead_days=lead_days,
            cycle=at["cycle"].choice(CYCLES) if "cycle" in at else "",
            universal=at["universal"].boolean() if "universal" in at else False,
            texts={key: at[key].text() for key in ("served", "who") if key in at},
            spot=cursor.spot,
            spots={key: value.spot for key, value in at.items()},
        )
    )
    if item is None and len(cursor.log.problems) == before:
        cursor.problem(f"项目 {draft.code} 的规则不能用", "请先改正它引用的条件")
    return item if len(cursor.log.problems) == before else None


def _check_keys(draft: DraftItem, at: dict[str, Cursor]) -> None:
    """Unknown keys, missing keys, empty rules."""
    for key in [key for key in at if key not in _KEYS]:
        at[key].problem(
            f"项目 {draft.code}：不认识的键“{key}”{nearest(key, _KEYS)}",
            f"可以写：{'、'.join(_KEYS)}",
        )
        del at[key]
    for key in [key for key in at if at[key].is_null]:
        at[key].problem(f"项目 {draft.code}：“{key}”是空的", "请填写，或删去这一行")
        del at[key]
    for key, required in _KEYS.items():
        if required and key not in draft.entries:
            draft.cursor.problem(f"项目 {draft.code}：缺少“{key}”", f"请补写“{key}: …”")


def _read_tiers(cursor: Cursor, scope: Scope) -> tuple[Tier, ...]:
    """Tiers in order, with different names."""
    found: list[Tier] = []
    names: set[str] = set()
    for member in cursor.sequence():
        at = member.mapping({"name": True, "when": True})
        name = at["name"].text() if "name" in at else ""
        if name in names:
            member.problem(f"档次“{name}”重复", "请改成不同的名称")
        names.add(name)
        when = parse_rule(at["when"], scope) if "when" in at else None
        if when is not None:
            found.append(Tier(name, when))
    return tuple(found)


def _read_amount(cursor: Cursor, scope: Scope) -> Amount | None:
    """The parameter of the money, which must be money."""
    at = cursor.mapping({"parameter": True, "per": True})
    if "parameter" not in at or "per" not in at:
        return None
    name, per = at["parameter"].text(), at["per"].choice(CYCLES)
    parameter = scope.parameters.get(name)
    if parameter is None:
        at["parameter"].problem(
            f"没有定义参数“{name}”{nearest(name, scope.parameters)}", "请在 parameters/ 下定义它"
        )
    elif parameter.type != "money":
        at["parameter"].problem(
            f"参数“{name}”的类型是 {parameter.type}", "金额参数应写 type: money"
        )
    elif not parameter.is_table and parameter.value_on(scope.on) is None:
        at["parameter"].problem(
            f"参数“{name}”在 {scope.on} 没有生效的值",
            f"请在 {parameter.spot.file} 第 {parameter.spot.line} 行补上当日生效的值",
        )
    return Amount(name, per)


def _read_delivered(cursor: Cursor, scope: Scope) -> Delivered | None:
    """``always``, ``true``, ``by_hand`` or a rule."""
    written = cursor.text()
    if written == "always":
        return Delivered("always")
    if written == "true":
        return Delivered("listed")
    if written == "by_hand":
        return Delivered("by_hand")
    rule = parse_rule(cursor, scope)
    return None if rule is None else Delivered("rule", rule)
