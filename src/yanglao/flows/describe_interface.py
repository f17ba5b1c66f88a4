"""The words other systems need: which facts evaluation knows, which items are in force."""

from datetime import date
from typing import Any

from yanglao.flows.open_pack import OpenPack, open_pack
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader


def facts_in_force(reader: Reader, as_of: date | None, place: str) -> dict[str, Any]:
    """Return the vocabulary of the pack in force.

    Raises:
        PermissionError: When the place lies outside the reader's area.
        yanglao.flows.open_pack.NoPackInForce: When there is none.
    """
    opened = _opened(reader, as_of, place)
    facts = [
        {
            "name": spec.name,
            "label": spec.label,
            "type": spec.type,
            "values": dict(spec.choices),
            "low": spec.low if spec.type == "int" else None,
            "high": spec.high if spec.type == "int" else None,
            "may_be_none": spec.has_none,
        }
        for spec in opened.pack.vocabulary.facts.values()
        if spec.name != "age"
    ]
    version = opened.version
    return {"pack": version.hash, "in_force_from": version.in_force_from, "facts": facts}


def items_in_force(reader: Reader, as_of: date | None, place: str) -> dict[str, Any]:
    """Return the list of services in force; raises as :func:`facts_in_force`."""
    opened = _opened(reader, as_of, place)
    version = opened.version
    items = [
        {
            "code": item.code,
            "name": item.name,
            "object": item.object,
            "content": item.content,
            "standard": item.standard,
            "clause": item.clause,
            "department": item.lead,
            "funder": item.funder,
        }
        for item in opened.pack.items.values()
    ]
    return {
        "pack": version.hash,
        "title": version.title,
        "in_force_from": version.in_force_from,
        "items": items,
    }


def _opened(reader: Reader, as_of: date | None, place: str) -> OpenPack:
    if place and not reader.covers(place):
        raise PermissionError("这个区划不在密钥的辖区内。")
    return open_pack(as_of or clock.today(), place or reader.area)
