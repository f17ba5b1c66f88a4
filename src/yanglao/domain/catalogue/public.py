"""Catalogue: published versions of the policy packs.

A pack is data in ``policies/``; publishing it stores the whole text with its hash and the day from
which it is in force, so that every past run can be repeated from the database alone. Items outlive
versions: findings, leads and counts name an item by its id.
"""

from yanglao.domain.catalogue.actions import publish_pack
from yanglao.domain.catalogue.models import Item, PackVersion
from yanglao.domain.catalogue.queries import (
    first_version,
    item_ids,
    items,
    items_by_id,
    pack_in_force,
    source_of,
    versions,
)
from yanglao.domain.catalogue.types import PackToPublish

__all__ = [
    "Item",
    "PackToPublish",
    "PackVersion",
    "first_version",
    "item_ids",
    "items",
    "items_by_id",
    "pack_in_force",
    "publish_pack",
    "source_of",
    "versions",
]
