"""A draft's way into force: submitted with its figures, approved by another person, published."""

from typing import Any

from django.db import transaction

from yanglao.domain.catalogue.actions.drafting import locked
from yanglao.domain.catalogue.models import Draft, PackVersion
from yanglao.domain.catalogue.types import DRAFT_MOVES, DraftRefused
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.whole_words import whole

APPROVE_CATALOGUE = "approve_catalogue"
_LONGEST = 2000


@transaction.atomic
def submit_draft(
    *,
    draft_id: int,
    revision: int,
    source_hash: str,
    figures: dict[str, Any],
    figures_hash: str,
    acting: Reader,
) -> Draft:
    """Freeze a draft with the figures that the meeting sees.

    Args:
        revision: The revision that was looked at and counted.
        source_hash: Of the pack it makes. figures_hash: Of the figures and that pack together.

    Raises:
        PermissionError: Without the permission, or outside the area.
        DraftRefused: When it was changed since, or is not being drafted.
    """
    draft = locked(draft_id, acting, "submit")
    if draft.revision != revision:
        raise DraftRefused("方案在测算之后又改过。请重新测算，再提交。")
    draft.figures, draft.figures_hash, draft.source_hash = figures, figures_hash, source_hash
    draft.submitted_by_id, draft.submitted_by = acting.user_id, acting.name
    draft.submitted_at = clock.now()
    draft.decided_by, draft.decided_by_id, draft.decided_at, draft.decision = "", None, None, ""
    return _move(draft, "submit", acting, {"figures": figures_hash, "source": source_hash})


@transaction.atomic
def take_back_draft(*, draft_id: int, acting: Reader, reason: str = "") -> Draft:
    """Take a submitted draft back to go on drafting; its frozen figures go.

    Raises:
        PermissionError, DraftRefused: As :func:`submit_draft`.
    """
    draft, reason = locked(draft_id, acting, "take_back"), whole(reason, _LONGEST, DraftRefused)
    _thaw(draft)
    return _move(draft, "take_back", acting, {"reason": reason})


@transaction.atomic
def return_draft(*, draft_id: int, reason: str, acting: Reader) -> Draft:
    """Give a submitted or approved draft back to its authors, saying why.

    Raises:
        PermissionError: Without the permission to approve.
        DraftRefused: Without a reason, or in another state.
    """
    draft = _to_decide(draft_id, acting, "return")
    reason = whole(reason, _LONGEST, DraftRefused)
    if not reason:
        raise DraftRefused("请写退回的原因。")
    _thaw(draft)
    draft.decision = reason
    return _move(draft, "return", acting, {"reason": reason})


@transaction.atomic
def approve_draft(*, draft_id: int, figures_hash: str, acting: Reader, reason: str = "") -> Draft:
    """Approve a draft; whoever drafted or submitted it can't.

    Args:
        figures_hash: The fingerprint of what was looked at.

    Raises:
        PermissionError: Without the permission, or for one's own draft.
        DraftRefused: When it is not submitted, or not with these figures.
    """
    draft = _to_decide(draft_id, acting, "approve")
    # Nobody approves what he had a hand in; the program itself has no hand.
    own = {draft.submitted_by_id, draft.made_by_id, *draft.edits.values_list("by_id", flat=True)}
    if acting.user_id is not None and acting.user_id in own:
        raise PermissionError("起草、修改或提交过方案的人不能批准它，请由另一位同志批准。")
    if draft.figures_hash != figures_hash:
        raise DraftRefused("您看的测算结果不是这次提交的。请重新打开方案。")
    draft.decided_by_id, draft.decided_by = acting.user_id, acting.name
    draft.decided_at = clock.now()
    draft.decision = whole(reason, _LONGEST, DraftRefused)
    return _move(draft, "approve", acting, {"figures": figures_hash})


@transaction.atomic
def mark_published(*, draft_id: int, version: PackVersion, acting: Reader) -> Draft:
    """Say of an approved draft that it became a published version.

    Raises:
        PermissionError: Without the permission to approve.
        DraftRefused: When it was not approved, or the version is not what was approved.
    """
    draft = _to_decide(draft_id, acting, "publish")
    if version.hash != draft.source_hash:
        raise DraftRefused("要发布的内容与批准的不一致。")
    draft.published = version
    return _move(draft, "publish", acting, {"hash": version.hash})


@transaction.atomic
def withdraw_draft(*, draft_id: int, acting: Reader, reason: str = "") -> Draft:
    """Give a draft up; its history stays.

    Raises:
        PermissionError, DraftRefused: As :func:`submit_draft`.
    """
    draft, reason = locked(draft_id, acting, "withdraw"), whole(reason, _LONGEST, DraftRefused)
    return _move(draft, "withdraw", acting, {"reason": reason})


def _to_decide(draft_id: int, acting: Reader, act: str) -> Draft:
    draft = locked(draft_id, acting, act)
    if not acting.can(APPROVE_CATALOGUE):
        raise PermissionError("没有批准清单的权限。")
    return draft


def _thaw(draft: Draft) -> None:
    draft.figures, draft.figures_hash, draft.source_hash = None, "", ""
    draft.decided_by, draft.decided_by_id, draft.decided_at, draft.decision = "", None, None, ""


def _move(draft: Draft, act: str, acting: Reader, detail: dict[str, Any]) -> Draft:
    draft.state = DRAFT_MOVES[act][1]
    draft.save()
    audit.record(
        acting,
        _ACTS[act],
        subject="draft",
        subject_id=draft.pk,
        place_code=draft.area,
        detail=detail,
    )
    return draft


#: How each move is written down.
_ACTS = {
    "submit": "draft_submitted",
    "take_back": "draft_taken_back",
    "return": "draft_returned",
    "approve": "draft_approved",
    "publish": "draft_published",
    "withdraw": "draft_withdrawn",
}
