"""A person looks at a held result and lets it out."""

from django.db import transaction

from yanglao.domain.entitlements.models import RunItem
from yanglao.domain.entitlements.queries import runs
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.whole_words import whole


@transaction.atomic
def release_item(*, run_item_id: int, acting: Reader, reason: str = "") -> RunItem:
    """Release a held result; opening its leads is the flow's part (``flows.find_entitled``).

    Raises:
        RunItem.DoesNotExist: When there is no such row, or it is outside the acting area.
        ValueError: When it is not held (any more).
    """
    row = (
        RunItem.objects.select_for_update(of=("self",))
        .select_related("run", "item")
        .get(pk=run_item_id, run__in=runs(acting))
    )
    if not row.held:
        raise ValueError("这一项没有待放行的结果。")
    row.released_by = acting.name
    row.released_at = clock.now()
    row.save(update_fields=["released_by", "released_at"])
    audit.record(
        acting,
        "held_item_released",
        subject="run_item",
        subject_id=row.pk,
        place_code=row.run.region_code,
        reason=whole(reason, 200, ValueError),
        detail={"run": row.run_id, "item": row.item.code, "yes": row.yes},
    )
    return row
