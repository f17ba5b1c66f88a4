"""Publishing packs."""

from datetime import date

from django.db import transaction

from yanglao.domain.catalogue.models import Item, PackVersion
from yanglao.domain.catalogue.types import PackToPublish
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader


@transaction.atomic
def publish_pack(
    *, pack: PackToPublish, acting: Reader, in_force_from: date | None = None
) -> tuple[PackVersion, bool]:
    """Publish a checked pack from a day on; return the version and whether it is new.

    The same text from the same day is the same version. Items keep their identity through
    versions; an item that is no longer in the pack stays, because findings name it.

    Args:
        pack: The pack, checked by the caller.
        acting: Who publishes.
        in_force_from: Other than the day the pack itself names.
    """
    day = in_force_from or pack.in_force_from
    version, new = PackVersion.objects.get_or_create(
        pack=pack.name,
        hash=pack.hash,
        in_force_from=day,
        defaults={
            "title": pack.title,
            "region_code": pack.region_code,
            "source": pack.source,
            "published_at": clock.now(),
            "published_by": acting.name,
        },
    )
    if not new:
        return version, False
    for position, (code, name) in enumerate(pack.items):
        Item.objects.update_or_create(
            pack=pack.name, code=code, defaults={"name": name, "position": position}
        )
    audit.record(
        acting,
        "pack_published",
        subject="pack_version",
        subject_id=version.pk,
        place_code=pack.region_code,
        detail={"pack": pack.name, "hash": pack.hash, "in_force_from": day.isoformat()},
    )
    return version, True
