"""The pack in force on a day, opened from its published text: rules ready to run, words to tell."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from yanglao.domain.catalogue.public import (
    PackVersion,
    first_version,
    item_ids,
    pack_in_force,
    source_of,
)
from yanglao.domain.entitlements.public import FactWords, HoldLimits, ItemRule, RunRules
from yanglao.domain.leads.public import LeadRule
from yanglao.engines.policy import rules
from yanglao.engines.policy.compile import Compiled, CompiledItem, compile_pack
from yanglao.engines.policy.pack import Pack
from yanglao.engines.policy.sql import AGE
from yanglao.engines.policy.vocabulary import ELSEWHERE, FactSpec

#: Parameter of the packs: how long an ability assessment holds, in months.
_ASSESSMENT = "assessment_valid_months"
_BIRTH = "birth_date"
_PLACE = "place_code"


class NoPackInForce(Exception):
    """There is no published list for the place on the day; the message says what to do."""


@dataclass(frozen=True, slots=True)
class OpenPack:
    """A published version ready to run on a day.

    Attributes:
        version: The row of the catalogue (without its text).
        pack: The pack it holds.
        compiled: Its rules as of the day.
        item_ids: Id of each item by code.
    """

    version: PackVersion
    pack: Pack
    compiled: Compiled
    item_ids: dict[str, int]

    @property
    def assessment_months(self) -> int:
        """How long an ability assessment holds, in months."""
        value = self.pack.values_on(self.compiled.as_of).get(_ASSESSMENT)
        return int(value) if isinstance(value, int) else 12


def open_pack(as_of: date, region: str) -> OpenPack:
    """Open the pack in force on a day for a region.

    Raises:
        NoPackInForce: When none was published, or the first is in force only later.
        yanglao.engines.policy.pack.PackErrors: When a parameter has no value on the day.
    """
    version = pack_in_force(as_of, region=region)
    if version is None:
        first = first_version(region=region)
        if first is None:
            raise NoPackInForce(f"没有发布过 {region} 的政策清单：先运行 yanglao init。")
        raise NoPackInForce(
            f"{as_of} 还没有生效的政策清单：{first.title}从 {first.in_force_from} 起生效。"
        )
    return open_version(version, as_of, region)


def open_version(version: PackVersion, as_of: date, region: str) -> OpenPack:
    """Open one published version as of a day."""
    pack = _rebuilt(version.hash, version.pk)
    ids = item_ids(version.pack)
    return OpenPack(
        version=version,
        pack=pack,
        compiled=compile_pack(pack, as_of, region),
        item_ids={code: ids[code] for code in pack.items},
    )


@lru_cache(maxsize=8)
def _rebuilt(pack_hash: str, version_id: int) -> Pack:
    """Rebuild a pack from its stored text; the hash keeps the cache honest."""
    pack = Pack.from_source(source_of(version_id))
    if pack.hash != pack_hash:
        raise RuntimeError(f"pack version {version_id} does not have the hash it was stored with")
    return pack


def run_rules(opened: OpenPack, *, other_hash: str | None) -> RunRules:
    """Return what comparing and holding need to know of a pack.

    Args:
        opened: The pack of this run.
        other_hash: Hash of the pack of the run before; ``None`` without one.
    """
    version = opened.version
    changed = other_hash is not None and other_hash != version.hash
    note = pack_note(version.title, version.in_force_from) if changed else ""
    guard = opened.pack.guard
    return RunRules(
        items={
            opened.item_ids[one.item.code]: item_rule(
                opened.compiled, one, opened.item_ids[one.item.code]
            )
            for one in opened.compiled.items
        },
        words=all_words(opened.pack),
        limits=HoldLimits(guard.everybody_share, guard.growth_factor, guard.minimum_people),
        pack_note=note,
    )


def pack_note(title: str, in_force_from: date) -> str:
    """Return how another version of the list is told as a cause."""
    return f"政策清单更新：{title}（{in_force_from} 起）"


def lead_rules(opened: OpenPack) -> list[LeadRule]:
    """Return, for each item, its due days and whether somebody must be carried to."""
    return [
        LeadRule(
            item_id=opened.item_ids[item.code],
            lead_days=item.lead_days,
            # Whoever certainly matches an item that its own list delivers has it: no lead opens.
            # Whoever only may match it does not: that is a lead.
            opens=item.mode != "on_sight" and item.delivered.how != "always",
        )
        for item in opened.pack.items.values()
    ]


def item_rule(compiled: Compiled, one: CompiledItem, item_id: int) -> ItemRule:
    """Return what the rule of an item means for comparing and for holding."""
    facts = {leaf.fact for leaf in one.leaves}
    told = list(compiled.pack.vocabulary.in_order(facts - {AGE}))
    if AGE in facts:
        told.insert(0, _BIRTH)
    if one.places:
        told.append(_PLACE)
    return ItemRule(
        item_id=item_id,
        facts=tuple(told),
        ages=tuple(sorted({age for leaf in one.leaves for age in _ages(leaf)})),
        universal=one.item.universal,
    )


def _ages(leaf: rules.Leaf) -> Iterator[int]:
    """Yield the ages at which a condition about age may turn."""
    if leaf.fact != AGE:
        return
    match leaf:
        case rules.Compare():
            value = _number(leaf.value)
            yield value
            if leaf.op in {">", "<=", "=", "<>"}:
                yield value + 1
        case rules.Between():
            yield _number(leaf.low)
            yield _number(leaf.high) + 1
        case rules.In():
            for each in leaf.values:
                yield _number(each)
                yield _number(each) + 1


def _number(value: rules.Value) -> int:
    if isinstance(value, rules.Literal) and isinstance(value.value, int):
        return value.value
    raise TypeError(f"an age that is no number: {value!r}")


def all_words(pack: Pack) -> dict[str, FactWords]:
    """Return how each fact is told in a cause, by name."""
    words = {name: _words(spec) for name, spec in pack.vocabulary.facts.items() if name != AGE}
    words[_BIRTH] = FactWords(_BIRTH, "出生日期", {})
    words[_PLACE] = FactWords(_PLACE, "服务地", {})
    return words


def _words(spec: FactSpec) -> FactWords:
    values = dict(spec.choices)
    if spec.type == "bool":
        values = {"true": spec.yes, "false": spec.no}
    if spec.type == "code":
        values = {ELSEWHERE: spec.value_label(ELSEWHERE)}
    unit = f" {spec.unit}" if spec.unit and not values else ""
    return FactWords(spec.name, spec.label, values, spec.none_label, unit)
