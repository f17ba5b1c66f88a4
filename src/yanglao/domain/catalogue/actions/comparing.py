"""Comparisons of drafts: asked once for the same question, first figures, then the rest."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from yanglao.domain.catalogue.models import Comparison
from yanglao.domain.catalogue.types import ComparisonState
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader, within_area

SEE_DRAFTS = "see_drafts"


@transaction.atomic
def ask_comparison(
    *, key: str, area: str, base_id: int, subjects: list[dict[str, Any]], acting: Reader
) -> tuple[Comparison, bool]:
    """Return the comparison of a question, and whether it must be counted.

    Args:
        key: The same for the same question over the same facts.
        area: 12-digit division whose people are counted.
        subjects: Drafts with their revision, in order.

    Raises:
        PermissionError: Without the permission, or for a place outside the area.
    """
    if not acting.can(SEE_DRAFTS) or not acting.covers(area):
        raise PermissionError("没有测算这个地方的权限。")
    found, new = Comparison.objects.get_or_create(
        area=area,
        key=key,
        defaults={
            "base_id": base_id,
            "subjects": subjects,
            "asked_by": acting.name,
            "asked_at": clock.now(),
        },
    )
    if not new and found.state == ComparisonState.FAILED:
        found.state, found.problem = ComparisonState.WAITING, ""
        found.save(update_fields=["state", "problem"])
        return found, True
    return found, new


def show_first_answer(
    *, comparison_id: int, figures: dict[str, Any], seconds: float, acting: Reader
) -> None:
    """Keep the first figures; lists of people follow."""
    _of(acting, comparison_id).update(
        figures=figures, first_seconds=seconds, state=ComparisonState.FIRST
    )


def finish_comparison(
    *, comparison_id: int, figures: dict[str, Any], file: str, acting: Reader
) -> None:
    """Keep all figures, and the name of the sealed file of who changes."""
    _of(acting, comparison_id).update(figures=figures, file=file, state=ComparisonState.DONE)


def fail_comparison(*, comparison_id: int, problem: str, acting: Reader) -> None:
    """Say why a comparison could not be counted."""
    _of(acting, comparison_id).update(state=ComparisonState.FAILED, problem=problem)


def _of(acting: Reader, comparison_id: int) -> QuerySet[Comparison]:
    """The comparison, when it is of the acting person's area."""
    return within_area(Comparison.objects.filter(pk=comparison_id), acting, "area")
