"""Reading versions, items, drafts and comparisons.

A published catalogue is public: versions and items are not scoped by place. Drafts are.
"""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Q, QuerySet

from yanglao.domain.catalogue.models import Comparison, Draft, DraftEdit, Item, PackVersion
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.division import contains


def versions(pack: str | None = None) -> QuerySet[PackVersion]:
    """Return published versions, the newest in force first; of one pack when named."""
    rows = PackVersion.objects.order_by("-in_force_from", "-id").defer("source")
    return rows.filter(pack=pack) if pack else rows


def pack_in_force(
    as_of: date,
    pack: str | None = None,
    *,
    region: str | None = None,
    known_at: datetime | None = None,
) -> PackVersion | None:
    """Return the version in force on a day, ``None`` when there is none yet.

    Of versions in force from the same day the one published last counts.

    Args:
        as_of: The day.
        pack: Name of the pack; any when not given.
        region: 12-digit division that the pack must be for (it or a place above it).
        known_at: Leave out what was published after this moment.
    """
    rows = versions(pack).filter(in_force_from__lte=as_of)
    if known_at is not None:
        rows = rows.filter(published_at__lte=known_at)
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


def drafts(reader: Reader) -> QuerySet[Draft]:
    """Return the drafts of the reader's area, the last changed first; without their figures."""
    rows = within_area(Draft.objects.all(), reader, "area")
    return (
        rows.select_related("base").defer("figures", "base__source").order_by("-changed_at", "-id")
    )


def get_draft(reader: Reader, pk: int) -> Draft:
    """Return a draft of the reader's area with its frozen figures.

    Raises:
        Draft.DoesNotExist: If there is none in the area.
    """
    rows = within_area(Draft.objects.all(), reader, "area")
    return rows.select_related("base").defer("base__source").get(pk=pk)


def draft_history(reader: Reader, draft: Draft) -> QuerySet[DraftEdit]:
    """Return what was done to a draft of the reader's area, the newest first."""
    rows = within_area(DraftEdit.objects.all(), reader, "draft__area")
    return rows.filter(draft=draft).order_by("-number")


def comparisons(reader: Reader) -> QuerySet[Comparison]:
    """Return comparisons over places of the reader's area, the newest first."""
    return within_area(Comparison.objects.all(), reader, "area").order_by("-id")


def get_comparison(reader: Reader, pk: int) -> Comparison:
    """Return a comparison over a place of the reader's area.

    Raises:
        Comparison.DoesNotExist: If there is none in the area.
    """
    return comparisons(reader).get(pk=pk)
