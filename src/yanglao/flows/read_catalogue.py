"""The catalogue as people read it: items with their sentences, parameters and sources.

Everything is made from the published text of the version in force; no page has words of its own
about who may have what.
"""

from dataclasses import dataclass
from datetime import date

from yanglao.domain.catalogue.public import PackVersion, item_ids, pack_in_force, source_of
from yanglao.engines.policy.catalogue import Item
from yanglao.engines.policy.pack import Pack
from yanglao.engines.policy.parameters import Parameter
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
        conditions: The same, one sentence per part that must hold.
        tiers: ``(name, sentence)``.
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
    conditions: tuple[str, ...]
    tiers: tuple[tuple[str, str], ...]
    delivered: str
    reading: str
    note: str
    lead_days: int
    rule: tuple[str, str]
    parameters: tuple[ParameterLine, ...]


@dataclass(frozen=True, slots=True)
class CatalogueReading:
    """A version of a catalogue, in words, on a day."""

    version: PackVersion
    owner: str
    legal_basis: tuple[str, ...]
    note: str
    on: date
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
    pack = Pack.from_source(source_of(version.pk))
    wording = pack.wording(as_of)
    ids = item_ids(version.pack)
    return CatalogueReading(
        version=version,
        owner=pack.owner,
        legal_basis=pack.legal_basis,
        note=pack.note,
        on=as_of,
        items=tuple(_item(pack, item, wording, ids) for item in pack.items.values()),
    )


_MODES = {"found": "主动找到，免申请", "applied": "本人申请", "on_sight": "出示证件即可享受"}
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
        conditions=conditions(item.rule, wording),
        tiers=tuple((tier.name, sentence(tier.when, wording)) for tier in item.tiers),
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


def _parameter(one: Parameter, wording: Wording) -> list[ParameterLine]:
    source = f"{one.source.document} {one.source.article}".strip()
    if not one.is_table:
        value = one.value_on(wording.on)
        return [_line(one, one.label, value, source)]
    lines = []
    for place in one.places():
        for band in one.bands:
            name = wording.areas.get(place, place)
            value = one.amount_at(place, band.name, wording.on)
            lines.append(_line(one, f"{one.label}（{name}，{band.name} 岁）", value, source))
    return lines


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
