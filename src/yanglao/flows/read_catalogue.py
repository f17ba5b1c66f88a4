"""The catalogue as people read it: items with their sentences, parameters and sources.

Everything is made from the published text of the version in force; no page has words of its own
about who may have what.
"""

from dataclasses import dataclass
from datetime import date

from yanglao.domain.catalogue.public import (
    PackVersion,
    item_ids,
    pack_in_force,
    source_of,
    versions,
)
from yanglao.engines.policy.catalogue import Item
from yanglao.engines.policy.compare import PackDifference, compare_packs
from yanglao.engines.policy.county import check_not_lower
from yanglao.engines.policy.pack import Pack
from yanglao.engines.policy.parameters import Parameter
from yanglao.engines.policy.rulebook import rule_book
from yanglao.engines.policy.sentence import Wording, conditions, sentence
from yanglao.kernel.money import plain_yuan


class NothingInForce(LookupError):
    """No catalogue is in force for the region on the day."""


@dataclass(frozen=True, slots=True)
class ParameterLine:
    """A number an item turns on: what it is, its value on the day, where it stands."""

    label: str
    value: str
    unit: str
    source: str
    verified: bool
    note: str


@dataclass(frozen=True, slots=True)
class ItemReading:
    """One item of the catalogue, in words.

    Attributes:
        item_id: Id in ``catalogue.Item``.
        sentence: Who may have it, generated from the rule.
        who: The same without the people that the list serves at all.
        conditions: The same, one sentence per part that must hold.
        tiers: ``(name, sentence)``.
        amount: Which number gives the money and how often; empty without money.
        delivered: When a person counts as having it.
        rule: The rule as written, and where: ``(text, "hetian/catalogue.yaml:35")``.
    """

    item_id: int
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
    sentence: str
    who: str
    conditions: tuple[str, ...]
    tiers: tuple[tuple[str, str], ...]
    amount: str
    delivered: str
    reading: str
    note: str
    lead_days: int
    rule: tuple[str, str]
    parameters: tuple[ParameterLine, ...]


@dataclass(frozen=True, slots=True)
class FactReading:
    """A fact that the catalogue defines itself: its name, what it means, where that stands."""

    label: str
    sentence: str
    clause: str


@dataclass(frozen=True, slots=True)
class CatalogueReading:
    """A version of a catalogue, in words, on a day.

    Attributes:
        served: Whom the catalogue serves at all.
        facts: What its own words mean (经济困难 …).
    """

    version: PackVersion
    owner: str
    legal_basis: tuple[str, ...]
    note: str
    on: date
    served: str
    facts: tuple[FactReading, ...]
    items: tuple[ItemReading, ...]

    def item(self, code: str) -> ItemReading:
        """Return one item.

        Raises:
            KeyError: If the catalogue has none of this code.
        """
        for item in self.items:
            if item.code == code:
                return item
        raise KeyError(code)


def read_catalogue(as_of: date, *, region: str | None = None) -> CatalogueReading:
    """Return the catalogue in force on a day for a region (12 digits; any when not given).

    Raises:
        NothingInForce: With what to do, in Chinese.
    """
    version = pack_in_force(as_of, region=region)
    if version is None:
        raise NothingInForce(f"{as_of} 还没有生效的政策清单：请换一个日期，或先发布清单。")
    pack = _pack(version)
    wording = pack.wording(as_of)
    ids = item_ids(version.pack)
    return CatalogueReading(
        version=version,
        owner=pack.owner,
        legal_basis=pack.legal_basis,
        note=pack.note,
        on=as_of,
        served="" if pack.served is None else sentence(pack.served, wording),
        facts=tuple(
            FactReading(fact.label, sentence(fact.node, wording), fact.clause)
            for fact in pack.facts.values()
        ),
        items=tuple(_item(pack, item, wording, ids) for item in pack.items.values()),
    )


def rule_book_text(as_of: date, *, region: str | None = None) -> tuple[PackVersion, str]:
    """Return the version in force on a day and its rule book in Markdown.

    Raises:
        NothingInForce: As :func:`read_catalogue`.
    """
    version = pack_in_force(as_of, region=region)
    if version is None:
        raise NothingInForce(f"{as_of} 还没有生效的政策清单：请换一个日期，或先发布清单。")
    return version, rule_book(_pack(version), as_of)


@dataclass(frozen=True, slots=True)
class VersionDifference:
    """What a later version changes against an earlier one.

    Attributes:
        lowers: Where a county's list falls below the list it adds to, one line each; ``None``
            when the later one is no such list.
    """

    before: PackVersion
    after: PackVersion
    difference: PackDifference
    lowers: tuple[str, ...] | None


def compare_versions(before_id: int, after_id: int) -> VersionDifference:
    """Compare two published versions, whichever packs they are of.

    Raises:
        LookupError: When one of them was never published.
    """
    found = versions().in_bulk([before_id, after_id])
    if before_id not in found or after_id not in found:
        raise LookupError("没有这个版本的清单。")
    old, new = _pack(found[before_id]), _pack(found[after_id])
    lowers = None
    if new.adds_to and new.adds_to == old.code:
        lowers = tuple(str(problem) for problem in check_not_lower(old, new))
    return VersionDifference(
        before=found[before_id],
        after=found[after_id],
        difference=compare_packs(old, new),
        lowers=lowers,
    )


def _pack(version: PackVersion) -> Pack:
    """Return the pack of a published version, rebuilt from its stored text."""
    return Pack.from_source(source_of(version.pk))


_MODES = {"found": "主动找到，免申请", "applied": "本人申请", "on_sight": "出示证件即可享受"}
_PER = {"month": "每月", "year": "每年", "once": "一次"}
_DELIVERED = {
    "always": "不需要送达，出示证件即可",
    "listed": "在名单上就是已经享受",
    "by_hand": "由工作人员登记送达",
}


def _item(pack: Pack, item: Item, wording: Wording, ids: dict[str, int]) -> ItemReading:
    spot = item.spots.get("who", item.spot)
    delivered = _DELIVERED.get(item.delivered.how, "")
    if item.delivered.rule is not None:
        delivered = sentence(item.delivered.rule, wording)
    return ItemReading(
        item_id=ids[item.code],
        code=item.code,
        name=item.name,
        object=item.object,
        content=item.content,
        kind=item.kind,
        standard=item.standard,
        funder=item.funder,
        lead=item.lead,
        clause=item.clause,
        mode=_MODES[item.mode],
        sentence=sentence(item.rule, wording),
        who=sentence(item.who, wording),
        conditions=conditions(item.rule, wording),
        tiers=tuple((tier.name, sentence(tier.when, wording)) for tier in item.tiers),
        amount=_amount(pack, item),
        delivered=delivered,
        reading=item.reading,
        note=item.note,
        lead_days=item.lead_days,
        rule=(item.texts.get("who", ""), f"{spot.file}:{spot.line}"),
        parameters=tuple(
            line
            for name in sorted(item.parameters())
            for line in _parameter(pack.parameters[name], wording)
        ),
    )


def _amount(pack: Pack, item: Item) -> str:
    if item.amount is None:
        return ""
    return f"{_PER[item.amount.per]}，金额见“{pack.parameters[item.amount.parameter].label}”"


def _parameter(one: Parameter, wording: Wording) -> list[ParameterLine]:
    source = f"{one.source.document} {one.source.article}".strip()
    if not one.is_table:
        value = one.value_on(wording.on)
        return [_line(one, one.label, value, source)]
    values = {
        (place, band.name): one.amount_at(place, band.name, wording.on)
        for place in one.places()
        for band in one.bands
    }
    if values and all(value is None for value in values.values()):
        return [_line(one, f"{one.label}（{len(values)} 个地方和年龄段）", None, source)]
    return [
        _line(one, f"{one.label}（{wording.areas.get(place, place)}，{band} 岁）", value, source)
        for (place, band), value in values.items()
    ]


def _line(one: Parameter, label: str, value: object, source: str) -> ParameterLine:
    unit = one.unit
    if value is None:
        shown = "未公布"
        unit = ""
    elif one.type == "money":
        shown = plain_yuan(int(str(value)))
        unit = unit.replace("分", "元", 1)
    else:
        shown = str(value)
    return ParameterLine(label, shown, unit, source, one.verified, one.note)
