"""Reading published versions and items. A catalogue is public: nothing here is scoped by place."""

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from yanglao.domain.catalogue.models import Item, PackVersion
from yanglao.kernel.division import contains


def versions(pack: str | None = None) -> QuerySet[PackVersion]:
    """Return published versions, the newest in force first; of one pack when named."""
    rows = PackVersion.objects.order_by("-in_force_from", "-id").defer("source")
    return rows.filter(pack=pack) if pack else rows


def pack_in_force(
    as_of: date, pack: str | None = None, *, region: str | None = None
) -> PackVersion | None:
    """Return the version in force on a day, ``None`` when there is none yet.

    Of versions in force from the same day the one published last counts.

    Args:
        as_of: The day.
        pack: Name of the pack; any when not given.
        region: 12-digit division that the pack must be for (it or a place above it).
    """
    rows = versions(pack).filter(in_force_from__lte=as_of)
    if region is None:
        return rows.first()
    found = [row for row in rows if contains(row.region_code, region)]
    # The list of the nearest place counts: a county's own before the prefecture's.
    return max(
        found,
        key=lambda row: (len(row.region_code.rstrip("0")), row.in_force_from, row.pk),
        default=None,
    )


def first_version(pack: str | None = None, *, region: str) -> PackVersion | None:
    """Return the version that came into force first for a region, ``None`` without any."""
    found = [row for row in versions(pack) if contains(row.region_code, region)]
    return found[-1] if found else None


def source_of(version_id: int) -> dict[str, str]:
    """Return the whole text of a published version: path to text."""
    return dict(PackVersion.objects.values_list("source", flat=True).get(pk=version_id))


def items(pack: str | None = None) -> QuerySet[Item]:
    """Return the items of a pack (of all packs when not named) in the order of the catalogue."""
    rows = Item.objects.order_by("pack", "position", "id")
    return rows.filter(pack=pack) if pack else rows


def item_ids(pack: str) -> dict[str, int]:
    """Return the ids of a pack's items by code."""
    return dict(Item.objects.filter(pack=pack).order_by("id").values_list("code", "id"))


def items_by_id(ids: Iterable[int]) -> dict[int, Item]:
    """Return items by id."""
    return Item.objects.order_by("id").filter(Q(id__in=list(ids))).in_bulk()
