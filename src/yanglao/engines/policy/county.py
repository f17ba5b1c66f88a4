"""A county's list may only add to the prefecture's or raise it: where does it lower?

Rules are not compared by their text. Both are tried on invented people of the county at every
corner of both rules; whoever loses by the county's rule is the proof, and is told.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import duckdb

from yanglao.engines.policy import rules
from yanglao.engines.policy.catalogue import Item
from yanglao.engines.policy.grid import corner_values, grid_sql
from yanglao.engines.policy.pack import Pack
from yanglao.engines.policy.parameters import Parameter
from yanglao.engines.policy.problems import PackProblem, ProblemLog, Spot
from yanglao.engines.policy.sentence import spaced
from yanglao.engines.policy.sql import AGE, leaf_sql, named
from yanglao.engines.policy.trees import grow, tree_sql
from yanglao.kernel.no_spill import in_memory

_MOST = 200_000
_CODES = ("hukou_code", "residence_code")
_A_YEAR = {"month": 12, "year": 1}
_RAISE = "县（市）清单只能增加项目、扩大范围或提高标准，请改回或提高"


def check_not_lower(parent: Pack, child: Pack) -> list[PackProblem]:
    """Where a county's list falls below the list it adds to; empty when nowhere.

    Looks at items withdrawn, people who lose a yes or a possible, lower money, people who were
    found and now must apply, and items counted as delivered that were not.

    Args:
        parent: The prefecture's pack. child: The county's, whose ``adds_to`` is the parent.
    """
    log = ProblemLog()
    day = max(parent.in_force_from, child.in_force_from)
    for code, item in parent.items.items():
        if code not in child.items:
            spot = child.withdraws[code].spot if code in child.withdraws else _header(child)
            spot.note(log, f"取消了上级清单的项目 {code} {item.name}", _RAISE)
            continue
        own = child.items[code]
        _check_mode(item, own, child, log)
        _check_who(parent, child, code, day, log)
        _check_money(parent, child, code, day, log)
    return sorted(set(log.problems))


def _header(pack: Pack) -> Spot:
    return Spot(f"{pack.code}/pack.yaml", 1)


def _own_spot(pack: Pack, item: Item, *keys: str) -> Spot:
    """Where the pack itself says something about an item that may be the reason of a change."""
    prefix = f"{pack.code}/"
    spots = [item.spots[key] for key in keys if key in item.spots]
    derived = {name for name in _derived_names(item.rule) if name in pack.facts}
    spots += [pack.facts[name].spot for name in sorted(derived)]
    spots += [pack.parameters[name].spot for name in sorted(item.parameters())]
    own = [spot for spot in spots if spot.file.startswith(prefix)]
    return own[0] if own else _header(pack)


def _derived_names(node: rules.Node) -> Iterator[str]:
    """Names of the derived facts in a rule."""
    match node:
        case rules.And() | rules.Or():
            for child in node.children:
                yield from _derived_names(child)
        case rules.Not():
            yield from _derived_names(node.child)
        case rules.DerivedRef():
            yield node.name
            yield from _derived_names(node.node)


def _check_mode(item: Item, own: Item, child: Pack, log: ProblemLog) -> None:
    """Found before and to be applied for now; carried before and taken for delivered now."""
    if own.mode == "applied" and item.mode != "applied":
        spot = _own_spot(child, own, "mode")
        spot.note(log, f"项目 {item.code} 由主动办理改成了本人申请", _RAISE)
    taken = ("always", "listed")
    if own.delivered.how in taken and item.delivered.how not in taken:
        spot = _own_spot(child, own, "delivered")
        spot.note(log, f"项目 {item.code} 把没有送达的也算作已经享受", _RAISE)


def _check_who(parent: Pack, child: Pack, code: str, day: date, log: ProblemLog) -> None:
    """Somebody of the county who gets the item by the parent's rule and not by the child's."""
    sides = [rules.resolve(pack.items[code].rule, pack.values_on(day)) for pack in (parent, child)]
    if sides[0] == sides[1]:
        return
    county: list[rules.Leaf] = []
    looked_at = rules.facts_of(sides[0]) | rules.facts_of(sides[1])
    if child.region:
        area = rules.Literal(child.region)
        county = [rules.Within(name, area) for name in _CODES if name in looked_at]
    loser = _somebody_who_loses(child, sides, county, day)
    if loser:
        spot = _own_spot(child, child.items[code], "who", "served")
        told = _told(loser, child)
        spot.note(log, f"项目 {code} 的范围比上级清单窄，例如这样的人不再符合：{told}", _RAISE)


def _somebody_who_loses(
    child: Pack, sides: list[rules.Node], county: list[rules.Leaf], day: date
) -> Mapping[str, object]:
    """Facts of a person who loses a yes, or a possible for a no; empty when there is none."""
    vocabulary = child.vocabulary
    leaves = list(dict.fromkeys([leaf for side in sides for leaf in rules.leaves_of(side)]))
    values = corner_values([*leaves, *county], vocabulary, day, unknown=True)

    def text(leaf: rules.Leaf) -> str:
        return leaf_sql(leaf, vocabulary, day)

    before, after = (
        tree_sql(grow(side, leaves.index), lambda number: text(leaves[number])) for side in sides
    )
    inside = " OR ".join(text(leaf) for leaf in county) or "TRUE"
    columns = ", ".join(named(name) for name in values)
    unknowns = " + ".join(f"({named(name)} IS NULL)::INTEGER" for name in values)
    plainest = f"{unknowns}, {columns}"
    with duckdb.connect(":memory:", config=in_memory(threads=1)) as con:
        cursor = con.execute(
            f"SELECT * EXCLUDE (person_id, before, after) FROM "
            f"(SELECT *, {before} AS before, {after} AS after FROM ({grid_sql(values, _MOST)}) "
            f"WHERE {inside}) WHERE (before AND after IS NOT TRUE) "
            "OR (before IS NULL AND after IS FALSE) "
            f"ORDER BY before DESC NULLS LAST, {plainest} LIMIT 1"
        )
        names = [column[0] for column in cursor.description or ()]
        row = cursor.fetchone()
    return dict(zip(names, row, strict=True)) if row else {}


def _told(facts: Mapping[str, object], pack: Pack) -> str:
    """A person in words: what is known of the facts that the rules look at."""
    words = []
    for name, value in facts.items():
        if value is None:
            continue
        spec = pack.vocabulary[name]
        label = spec.value_label(value)
        if spec.type == "code":
            around = [area for area in pack.areas if str(value).startswith(area)]
            where = pack.areas[max(around, key=len)] if around else "外地"
            words.append(f"{spec.label}在{where}")
        elif spec.type == "bool" or name == AGE or label == spec.none_label:
            words.append(label)
        else:
            words.append(spec.label + spaced("为", label))
    return "、".join(words)


def _check_money(parent: Pack, child: Pack, code: str, day: date, log: ProblemLog) -> None:
    """Less money a year for some place of the county and some age."""
    item, own = parent.items[code], child.items[code]
    if item.amount is None:
        return
    before = parent.parameters[item.amount.parameter]
    if own.amount is None:
        spot = _own_spot(child, own, "amount")
        spot.note(log, f"项目 {code} 取消了金额（原为{before.label}）", _RAISE)
        return
    after = child.parameters[own.amount.parameter]
    if item.amount.per != own.amount.per and "once" in (item.amount.per, own.amount.per):
        spot = _own_spot(child, own, "amount")
        spot.note(log, f"项目 {code} 的发放方式由 {item.amount.per} 改成 {own.amount.per}", _RAISE)
        return
    factors = (_A_YEAR.get(item.amount.per, 1), _A_YEAR.get(own.amount.per, 1))
    for place in _places(before, after, child.region):
        for age in _ages(before, after):
            old, new = _amount(before, place, age, day), _amount(after, place, age, day)
            if old is not None and (new is None or new * factors[1] < old * factors[0]):
                where = f"{child.areas.get(place, place)}{f' {age} 周岁' if age else ''}"
                spot = after.spot if after != before else _own_spot(child, own, "amount")
                told = "没有金额" if new is None else f" {new} 分"
                spot.note(
                    log, f"项目 {code} 的金额低于上级清单：{where}由 {old} 分变成{told}", _RAISE
                )
                return


def _places(before: Parameter, after: Parameter, region: str) -> list[str]:
    """The county itself and the places below it that a table names."""
    named = {*before.places(), *after.places()}
    return [
        region,
        *sorted(place for place in named if place.startswith(region) and place != region),
    ]


def _ages(before: Parameter, after: Parameter) -> list[int]:
    """An age in every band, and beyond the last."""
    bands = [*before.bands, *after.bands]
    return sorted({band.from_age for band in bands}) or [0]


def _amount(parameter: Parameter, place: str, age: int, day: date) -> int | None:
    """Fen a payment for a place and age."""
    if not parameter.is_table:
        value = parameter.value_on(day)
        return None if value is None else int(str(value))
    for band in parameter.bands:
        if band.from_age <= age and (band.to_age is None or age <= band.to_age):
            return parameter.amount_at(place, band.name, day)
    return parameter.amount_at(place, "", day) if not parameter.bands else None
