"""``pack.yaml``: what a pack is, whom it serves, what it inherits, its derived facts and guards."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yanglao.engines.policy.documents import Cursor
from yanglao.kernel.division import prefix

_KEYS = {
    "title": True,
    "owner": True,
    "legal_basis": True,
    "region": False,
    "in_force_from": True,
    "supersedes": False,
    "inherits": False,
    "adds_to": False,
    "withdraws": False,
    "areas": False,
    "served": False,
    "facts": False,
    "guard": False,
    "note": False,
}
_GUARD = {"everybody_share": True, "growth_factor": True, "minimum_people": True}


@dataclass(frozen=True, slots=True)
class Guard:
    """When a result is held for a person to release.

    Attributes:
        everybody_share: A rule that gives yes to this share of the living elders or more.
        growth_factor: A rule that gives this many times as many yes as last time.
        minimum_people: Below so many people neither is looked at.
    """

    everybody_share: float = 0.95
    growth_factor: float = 2.0
    minimum_people: int = 100


@dataclass(frozen=True, slots=True)
class DraftFact:
    """A derived fact as written: name, label, rule text, where it stands in the document."""

    name: str
    label: str
    clause: str
    rule: Cursor


@dataclass(frozen=True, slots=True)
class Header:
    """A pack.yaml as read. ``parents`` are the packs it builds on, nearest last."""

    code: str
    title: str
    owner: str
    legal_basis: tuple[str, ...]
    region: str
    in_force_from: date
    supersedes: str
    parents: tuple[str, ...]
    adds_to: str
    withdraws: Mapping[str, Cursor]
    areas: Mapping[str, str]
    served: Cursor | None
    facts: tuple[DraftFact, ...]
    guard: Guard | None
    note: str
    cursor: Cursor


def read_header(root: Cursor, code: str) -> Header:
    """The header of a pack; problems go to the cursor's log."""
    at = root.mapping(_KEYS)
    region = _area(at["region"]) if "region" in at else ""
    adds_to = at["adds_to"].text() if "adds_to" in at else ""
    parents = at["inherits"].texts() if "inherits" in at else ()
    withdrawn = at["withdraws"].sequence() if "withdraws" in at else []
    words = {
        key: at[key].text() if key in at else "" for key in ("title", "owner", "supersedes", "note")
    }
    return Header(
        code=code,
        title=words["title"],
        owner=words["owner"],
        legal_basis=at["legal_basis"].texts() if "legal_basis" in at else (),
        region=region,
        in_force_from=(at["in_force_from"].day() if "in_force_from" in at else None) or date.max,
        supersedes=words["supersedes"],
        parents=tuple(dict.fromkeys((*parents, adds_to) if adds_to else parents)),
        adds_to=adds_to,
        withdraws={cursor.text(): cursor for cursor in withdrawn},
        areas=_areas(at["areas"]) if "areas" in at else {},
        served=at.get("served"),
        facts=_drafts(at["facts"]) if "facts" in at else (),
        guard=_guard(at["guard"]) if "guard" in at else None,
        note=words["note"],
        cursor=root,
    )


def _area(cursor: Cursor) -> str:
    """The significant part of a division code."""
    written = cursor.text()
    try:
        return prefix(written)
    except ValueError as error:
        if written:
            cursor.problem(str(error), "请写 2、4、6、9 或 12 位区划代码")
        return ""


def _areas(cursor: Cursor) -> dict[str, str]:
    """Names of the areas that rules mention."""
    found: dict[str, str] = {}
    for code, name in cursor.entries().items():
        try:
            found[prefix(code)] = name.text()
        except ValueError as error:
            name.problem(str(error), "请写 2、4、6、9 或 12 位区划代码并加引号")
    return found


def _drafts(cursor: Cursor) -> tuple[DraftFact, ...]:
    """Derived facts as written."""
    found: list[DraftFact] = []
    for name, entry in cursor.entries().items():
        at = entry.mapping({"label": True, "rule": True, "clause": True, "note": False})
        if "label" in at and "rule" in at and "clause" in at:
            found.append(DraftFact(name, at["label"].text(), at["clause"].text(), at["rule"]))
    return tuple(found)


def _guard(cursor: Cursor) -> Guard:
    """The guard's numbers, which must make sense."""
    at = cursor.mapping(_GUARD)
    if len(at) < len(_GUARD):
        return Guard()
    share, growth = at["everybody_share"].decimal(), at["growth_factor"].decimal()
    if not 0 < share <= 1:
        at["everybody_share"].problem("“everybody_share”应在 0 与 1 之间", "例如 0.95")
    if growth <= 1:
        at["growth_factor"].problem("“growth_factor”应大于 1", "例如 2")
    return Guard(share, growth, at["minimum_people"].integer())
