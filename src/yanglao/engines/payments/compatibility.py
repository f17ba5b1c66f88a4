"""Which benefits go together: the table of a pack, by version, read and checked.

A relation holds between two benefits in one month: ``ALLOW`` both are paid; ``EXCLUDE`` the one
that ``keep`` names is paid and the other is not; ``HIGHER_OF`` the higher is paid; ``DIFFERENCE``
the ``base`` is paid in full and the other only by what it is above the base. Two benefits of one
purpose must have a relation. Benefits of different purposes without one go together.

Every table that can be loaded has exactly one answer for any benefits and amounts: benefits tied
by HIGHER_OF form a group, the arrows of EXCLUDE between groups may not run in a ring, nor those of
DIFFERENCE. A version holds from its month on, until the next; a later one says nothing of before.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from yanglao.engines.payments.months import Month, month_text
from yanglao.engines.payments.reading import Problems, Value, read_root

Kind = Literal["ALLOW", "EXCLUDE", "HIGHER_OF", "DIFFERENCE"]
KINDS: tuple[Kind, ...] = ("ALLOW", "EXCLUDE", "HIGHER_OF", "DIFFERENCE")
PURPOSES = {
    "living": "生活",
    "care": "护理",
    "service": "服务",
    "advanced_age": "高龄",
    "support": "救助供养",
}


@dataclass(frozen=True, slots=True)
class Benefit:
    """A benefit: code, name, purpose (one of PURPOSES).

    ``paid_here`` is False for money that another office pays: it counts, but is never on a list.
    """

    code: str
    name: str
    purpose: str
    paid_here: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """What holds between two benefits. ``first`` is the one kept, or the base; else no order."""

    first: str
    second: str
    kind: Kind
    clause: str
    verified: bool
    line: int = 0
    file: str = ""


@dataclass(frozen=True)
class Table:
    """The relations in force from a month on, as both sides see them."""

    first_month: Month
    relations: tuple[Relation, ...]
    order: tuple[str, ...] = ()
    _by_pair: dict[tuple[str, str], Relation] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        for row in self.relations:
            self._by_pair[row.first, row.second] = self._by_pair[row.second, row.first] = row

    def between(self, one: str, other: str) -> Relation | None:
        """The relation of two benefits; None when none was written."""
        return self._by_pair.get((one, other))


@dataclass(frozen=True)
class Compatibility:
    """All versions of a pack's table, and the benefits they speak of, in the order of the file.

    ``items`` are the catalogue's item codes to the benefits that they are.
    """

    code: str
    title: str
    benefits: Mapping[str, Benefit]
    items: Mapping[str, str]
    versions: tuple[Table, ...]
    hash: str

    def in_force(self, month: Month) -> Table | None:
        """The version of a month; None before the first."""
        found = [one for one in self.versions if one.first_month <= month]
        return found[-1] if found else None

    def of_item(self, item: str) -> Benefit | None:
        """The benefit that is a catalogue's item."""
        return self.benefits[self.items[item]] if item in self.items else None

    def unverified(self) -> tuple[Relation, ...]:
        """Relations that were not seen in a source."""
        rows = {row for table in self.versions for row in table.relations if not row.verified}
        return tuple(sorted(rows, key=lambda row: (row.file, row.line)))


_ROOT = {
    "title": True,
    "inherits": False,
    "note": False,
    "benefits": False,
    "items": False,
    "versions": False,
}
_BENEFIT = {"name": True, "purpose": True, "paid_here": False, "note": False}
_PAIR = {
    "pair": True,
    "relation": True,
    "keep": False,
    "base": False,
    "clause": True,
    "verified": False,
    "note": False,
}


def read_compatibility(sources: Mapping[str, str]) -> Compatibility:
    """The table made of files, the most general first (national, then a region).

    Args:
        sources: What to call each file in problems, to its text. A later file may add benefits and
            versions, and says otherwise of a pair by naming it again.

    Raises:
        TermsErrors: With every mistake: unknown benefits, a pair said twice, a pair of one purpose
            left out, rings.
    """
    log = Problems()
    roots = [(file, root) for file, text in sources.items() if (root := read_root(text, file, log))]
    log.raise_if_any()
    benefits: dict[str, Benefit] = {}
    layers: list[dict[Month, list[Relation]]] = []
    items: dict[str, str] = {}
    title = ""
    for _, root in roots:
        at = root.mapping(_ROOT)
        title = at["title"].text() if "title" in at else ""
        benefits |= _benefits(at["benefits"], benefits) if "benefits" in at else {}
        for item, code in at["items"].entries().items() if "items" in at else ():
            items[item] = code.choice(benefits)
        layers.append(_versions(at["versions"], benefits) if "versions" in at else {})
    log.raise_if_any()
    months = sorted({month for layer in layers for month in layer})
    tables = []
    for month in months:
        table = Table(month, _merged(layers, month), tuple(benefits))
        _check(table, benefits, roots[-1][1])
        tables.append(table)
    log.raise_if_any()
    digest = hashlib.sha256("\0".join(f"{k}\0{v}" for k, v in sources.items()).encode())
    name = list(sources)[-1].split("/")[0]
    return Compatibility(name, title, benefits, items, tuple(tables), digest.hexdigest())


def load_compatibility(code: str, policies: Path) -> Compatibility:
    """The table of a pack's folder with all that it inherits. Raises TermsErrors as above."""
    sources: dict[str, str] = {}
    while code and f"{code}/compatibility.yaml" not in sources:
        path = f"{code}/compatibility.yaml"
        sources[path] = (policies / path).read_text(encoding="utf-8-sig")
        log = Problems()
        root = read_root(sources[path], path, log)
        log.raise_if_any()
        parent = root.mapping(_ROOT).get("inherits") if root else None
        code = parent.text() if parent else ""
    return read_compatibility(dict(reversed(sources.items())))


def _benefits(value: Value, known: Mapping[str, Benefit]) -> dict[str, Benefit]:
    found: dict[str, Benefit] = {}
    for code, entry in value.entries().items():
        if code in known:
            entry.problem(f"事项“{code}”在上级文件里已有", "请改名，或只在一处写")
        at = entry.mapping(_BENEFIT)
        found[code] = Benefit(
            code,
            at["name"].text() if "name" in at else "",
            at["purpose"].choice(PURPOSES) if "purpose" in at else "",
            at["paid_here"].boolean() if "paid_here" in at else True,
        )
    return found


def _versions(value: Value, benefits: Mapping[str, Benefit]) -> dict[Month, list[Relation]]:
    found: dict[Month, list[Relation]] = {}
    for member in value.members():
        at = member.mapping({"from": True, "pairs": True, "note": False})
        if "from" not in at or "pairs" not in at:
            continue
        month = at["from"].month()
        if found and month <= max(found):
            at["from"].problem("版本没有按先后排列或重复", "请按 from 从早到晚排列")
        rows: list[Relation] = []
        for pair in at["pairs"].members():
            row = _relation(pair, benefits)
            if row is None:
                continue
            twin = next((r for r in rows if {r.first, r.second} == {row.first, row.second}), None)
            if twin:
                same = "重复" if twin.kind == row.kind and twin.first == row.first else "互相矛盾"
                pair.problem(
                    f"“{row.first}”与“{row.second}”的关系写了两次，{same}"
                    f"（另一处在第 {twin.line} 行）",
                    "请只保留一处",
                )
            rows.append(row)
        found[month] = rows
    return found


def _relation(value: Value, benefits: Mapping[str, Benefit]) -> Relation | None:
    at = value.mapping(_PAIR)
    if not {"pair", "relation", "clause"} <= set(at):
        return None
    codes = [member.choice(benefits) for member in at["pair"].members()]
    kind = at["relation"].choice(KINDS)
    if len(codes) != 2 or len(set(codes)) != 2:
        at["pair"].problem("pair 应是两个不同的事项", "请写成 [事项, 事项]")
        return None
    if not all(codes) or not kind:
        return None
    first = _first(value, at, codes, kind)
    if not first:
        return None
    return Relation(
        first,
        codes[1] if codes[0] == first else codes[0],
        next(one for one in KINDS if one == kind),
        at["clause"].text(),
        at["verified"].boolean() if "verified" in at else True,
        value.line,
        value.file,
    )


def _first(value: Value, at: Mapping[str, Value], codes: list[str], kind: str) -> str:
    """The benefit kept, or the base; of the symmetric relations the one written first."""
    key = {"EXCLUDE": "keep", "DIFFERENCE": "base"}.get(kind, "")
    for other in ("keep", "base"):
        if other != key and other in at:
            at[other].problem(f"{kind} 不用写 {other}", "请删去，或改关系")
    if not key:
        return codes[0]
    if key not in at:
        value.problem(f"{kind} 没有写 {key}", f"请写明 {key}: 其中一个事项")
        return ""
    return at[key].choice(codes)


def _merged(layers: Iterable[Mapping[Month, list[Relation]]], month: Month) -> tuple[Relation, ...]:
    """The rows in force in a month: each file's newest version, a later file over an earlier."""
    found: dict[frozenset[str], Relation] = {}
    for layer in layers:
        begun = [first for first in layer if first <= month]
        for row in layer[max(begun)] if begun else ():
            found[frozenset((row.first, row.second))] = row
    return tuple(found.values())


def _check(table: Table, benefits: Mapping[str, Benefit], root: Value) -> None:
    """Pairs left out, and rings."""
    when = month_text(table.first_month)
    codes = list(benefits)
    for number, one in enumerate(codes):
        for other in codes[number + 1 :]:
            alike = benefits[one].purpose == benefits[other].purpose
            # What two other offices pay is between them.
            ours = benefits[one].paid_here or benefits[other].paid_here
            if alike and ours and table.between(one, other) is None:
                purpose = PURPOSES.get(benefits[one].purpose, "")
                root.problem(
                    f"自 {when} 起，“{one}”与“{other}”同属{purpose}，却没有写关系",
                    "请补写一对，可以并领的写 ALLOW",
                )
    for row in table.relations:
        _refuse_powerless(row, benefits, root, when)
    group = _groups(codes, [r for r in table.relations if r.kind == "HIGHER_OF"])
    excluding = [r for r in table.relations if r.kind == "EXCLUDE"]
    for row in excluding:
        if group[row.first] == group[row.second]:
            _at(root, row).problem(
                f"自 {when} 起，“{row.first}”与“{row.second}”一处择高、一处互斥，互相矛盾",
                "请改成一种关系",
            )
    edges = [(group[r.first], group[r.second], r) for r in excluding]
    _ring(root, when, [e for e in edges if e[0] != e[1]], "互斥（EXCLUDE）")
    differing = [r for r in table.relations if r.kind == "DIFFERENCE"]
    _ring(root, when, [(r.first, r.second, r) for r in differing], "补差（DIFFERENCE）")


def _refuse_powerless(
    row: Relation, benefits: Mapping[str, Benefit], root: Value, when: str
) -> None:
    """Money of another office is paid whatever this table says: it can only be counted."""
    loses = {
        "EXCLUDE": (row.second,),
        "DIFFERENCE": (row.second,),
        "HIGHER_OF": (row.first, row.second),
    }.get(row.kind, ())
    for code in loses:
        if not benefits[code].paid_here:
            _at(root, row).problem(
                f"自 {when} 起，“{code}”由别处发放，这里的规则停不了它",
                f"择高请写 DIFFERENCE 并写 base: {code}（补足到较高的），互斥请写 keep: {code}",
            )


def _at(root: Value, row: Relation) -> Value:
    """A value that reports at the line of a relation."""
    return _Line(root.node, row.file, root.log, "", row.line)


@dataclass(frozen=True, slots=True)
class _Line(Value):
    """A value whose line is known by number only."""

    number: int = 0

    @property
    def line(self) -> int:
        """The line that was given."""
        return self.number


def _groups(codes: list[str], rows: list[Relation]) -> dict[str, str]:
    """Benefits tied by HIGHER_OF, each to the first of its group."""
    group = {code: code for code in codes}
    for row in rows:
        one, other = group[row.first], group[row.second]
        group = {code: one if mine == other else mine for code, mine in group.items()}
    return group


def _ring(root: Value, when: str, edges: list[tuple[str, str, Relation]], kind: str) -> None:
    """Note a ring of arrows: what is left after taking away ends again and again."""
    left = list(edges)
    while True:
        starts = {one for one, _, _ in left}
        ends = {other for _, other, _ in left}
        kept = [edge for edge in left if edge[1] in starts and edge[0] in ends]
        if len(kept) == len(left):
            break
        left = kept
    if left:
        names = "、".join(dict.fromkeys(name for edge in left for name in edge[:2]))
        _at(root, left[0][2]).problem(
            f"自 {when} 起，{kind}的关系绕成了圈：{names}", "请改其中一对的 keep、base 或关系"
        )
