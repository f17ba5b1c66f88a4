"""What changes between two packs, in words that an officer can check."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from yanglao.engines.policy.catalogue import Item
from yanglao.engines.policy.pack import Pack
from yanglao.engines.policy.parameters import Dated, Parameter
from yanglao.engines.policy.sentence import Wording, sentence

_PLAIN = {
    "name": "名称",
    "object": "对象",
    "content": "服务内容",
    "kind": "服务类型",
    "standard": "服务标准",
    "funder": "支出责任",
    "lead": "牵头部门",
    "clause": "依据条款",
    "mode": "办理方式",
    "lead_days": "线索期限（天）",
    "cycle": "周期",
    "universal": "人人都有",
    "reading": "解读",
    "note": "说明",
}
_MODES = {"found": "主动找到", "applied": "本人申请", "on_sight": "出示证件"}
_PER = {"month": "每月", "year": "每年", "once": "一次"}
_DELIVERED = {
    "always": "不需要送达",
    "listed": "在名单上即为已经享受",
    "by_hand": "由工作人员登记",
}


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field that differs: its name in the file, its label, both values in words."""

    field: str
    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class ItemChange:
    """An item that is in both packs and differs."""

    code: str
    name: str
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class PackDifference:
    """What a new pack changes. ``added`` and ``removed`` are (code, name) of items."""

    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    changed: tuple[ItemChange, ...]
    parameters: tuple[FieldChange, ...]
    facts: tuple[FieldChange, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing changes for anybody."""
        return not (self.added or self.removed or self.changed or self.parameters or self.facts)


def compare_packs(old: Pack, new: Pack, day: date | None = None) -> PackDifference:
    """What differs from an old pack to a new one.

    Args:
        day: The day whose parameters stand in the sentences; the new pack's first day if None.
    """
    on = day or new.in_force_from
    words = old.wording(on), new.wording(on)
    changed = []
    for code, item in new.items.items():
        if code in old.items:
            changes = tuple(_item_changes(old.items[code], item, *words))
            if changes:
                changed.append(ItemChange(code, item.name, changes))
    return PackDifference(
        added=_only(new.items, old.items),
        removed=_only(old.items, new.items),
        changed=tuple(changed),
        parameters=tuple(_parameter_changes(old.parameters, new.parameters)),
        facts=tuple(_fact_changes(old, new, *words)),
    )


def _only(these: Mapping[str, Item], others: Mapping[str, Item]) -> tuple[tuple[str, str], ...]:
    """Items of one side that the other does not have."""
    return tuple((code, item.name) for code, item in these.items() if code not in others)


def _item_changes(
    old: Item, new: Item, old_words: Wording, new_words: Wording
) -> Iterator[FieldChange]:
    """Fields of an item that differ."""
    for field, label in _PLAIN.items():
        before, after = str(getattr(old, field)), str(getattr(new, field))
        if field == "mode":
            before, after = _MODES[before], _MODES[after]
        if before != after:
            yield FieldChange(field, label, before, after)
    rules = (
        ("served", "服务范围", sentence(old.served, old_words), sentence(new.served, new_words)),
        ("who", "条件", sentence(old.who, old_words), sentence(new.who, new_words)),
        ("tiers", "档次", tiers_text(old, old_words), tiers_text(new, new_words)),
        ("amount", "金额", amount_text(old), amount_text(new)),
        ("delivered", "已享受", delivered_text(old, old_words), delivered_text(new, new_words)),
    )
    for field, label, before, after in rules:
        if before != after:
            yield FieldChange(field, label, before, after)


def tiers_text(item: Item, words: Wording) -> str:
    """``60-64（未满 65 周岁）；…``; empty without tiers."""
    return "；".join(f"{tier.name}（{sentence(tier.when, words)}）" for tier in item.tiers)


def amount_text(item: Item) -> str:
    """Which parameter gives the money and how often; empty without money."""
    if item.amount is None:
        return ""
    return f"{_PER[item.amount.per]}，按参数 {item.amount.parameter}"


def delivered_text(item: Item, words: Wording) -> str:
    """When a person has the item already."""
    if item.delivered.rule is not None:
        return sentence(item.delivered.rule, words)
    return _DELIVERED[item.delivered.how]


def _parameter_changes(
    old: Mapping[str, Parameter], new: Mapping[str, Parameter]
) -> Iterator[FieldChange]:
    """Parameters that differ in value, unit or source."""
    for name in dict.fromkeys([*old, *new]):
        before, after = old.get(name), new.get(name)
        told = tuple("" if one is None else parameter_text(one) for one in (before, after))
        if told[0] != told[1]:
            label = (after or before).label if (after or before) else name  # type: ignore[union-attr]
            yield FieldChange(name, label, *told)


def parameter_text(parameter: Parameter) -> str:
    """All dated values of a parameter in one line."""
    lines = [_dated_text(parameter.values)] if parameter.values else []
    lines += [
        f"{row.place} {row.band}：{_dated_text(row.values)}".replace(" ：", "：")
        for row in parameter.rows
    ]
    checked = "" if parameter.verified else "（未核实）"
    where = f"{parameter.source.document} {parameter.source.article}".strip()
    return f"{'；'.join(lines)} {parameter.unit}{checked}，出处：{where}"


def _dated_text(values: tuple[Dated, ...]) -> str:
    """``2024-01-01 起 11000``, one after the other."""
    return "，".join(
        f"{dated.first} 起{'无' if dated.value is None else f' {dated.value}'}" for dated in values
    )


def _fact_changes(
    old: Pack, new: Pack, old_words: Wording, new_words: Wording
) -> Iterator[FieldChange]:
    """Derived facts whose rule differs."""
    for name in dict.fromkeys([*old.facts, *new.facts]):
        before = sentence(old.facts[name].node, old_words) if name in old.facts else ""
        after = sentence(new.facts[name].node, new_words) if name in new.facts else ""
        if before != after:
            label = (new.facts.get(name) or old.facts[name]).label
            yield FieldChange(name, label, before, after)
