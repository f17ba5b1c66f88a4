"""From draft to list in force: submitted with its figures, approved, published from a month on.

Old months stay as they were: a version says nothing of days before it begins, and none may begin
in a month that has begun already.
"""

import hashlib
import json
from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction

from yanglao.domain.catalogue.public import (
    Comparison,
    ComparisonState,
    Draft,
    DraftRefused,
    PackToPublish,
    PackVersion,
    get_comparison,
    get_draft,
    mark_published,
    pack_in_force,
    publish_pack,
    record_change,
    source_of,
    submit_draft,
)
from yanglao.engines.payments.compatibility import load_compatibility
from yanglao.engines.payments.months import month_of
from yanglao.engines.payments.reading import TermsErrors
from yanglao.engines.payments.terms import read_terms, refuse_rewriting
from yanglao.flows.compare_drafts import figures_of
from yanglao.flows.draft_catalogue import PAYMENTS, DraftReading, newer_base, read_draft
from yanglao.foundation.scoping import Reader

#: A catalogue is revised every year: after so many days its officers are reminded.
REVISION_DAYS = 365
_SHOWN = 3


def submit(*, draft_id: int, comparison_id: int, acting: Reader) -> Draft:
    """Submit a draft with the figures of a comparison that it was counted in.

    Raises:
        DraftRefused: When it has mistakes or failing cases, or the figures are not of this text.
        PermissionError: Without the permission, or outside the area.
    """
    draft = get_draft(acting, draft_id)
    reading = read_draft(draft)
    _refuse_unsound(reading)
    _refuse_old_base(draft)
    try:
        comparison = get_comparison(acting, comparison_id)
    except Comparison.DoesNotExist as problem:
        raise DraftRefused("没有这次测算。请先测算，再提交。") from problem
    figures = _figures_for(draft, comparison)
    return submit_draft(
        draft_id=draft.pk,
        revision=draft.revision,
        source_hash=reading.hash,
        figures=figures,
        figures_hash=fingerprint(figures, reading.hash),
        acting=acting,
    )


def fingerprint(figures: dict[str, Any], source_hash: str) -> str:
    """What figures and the text they were counted with come to, in 64 characters."""
    told = json.dumps([source_hash, figures], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def publish(*, draft_id: int, acting: Reader, today: date) -> PackVersion:
    """Publish an approved draft from its first month on.

    Raises:
        DraftRefused: When the month has begun, another version came between, or the text is not
            what was approved.
        PermissionError: Without the permission to approve.
    """
    draft = get_draft(acting, draft_id)
    reading = read_draft(draft)
    _refuse_unsound(reading)
    _refuse_old_base(draft)
    if reading.hash != draft.source_hash:
        raise DraftRefused("清单的文字与批准时不一致（算例或发放规定的文件改过）。请退回重新提交。")
    if draft.in_force_from <= today:
        raise DraftRefused(
            f"生效日期 {draft.in_force_from} 已经到了或过了，过去的月份不能改。"
            "请退回，另定生效日期。"
        )
    _refuse_rewritten_payments(draft, today)
    pack = reading.pack
    if pack is None:  # pragma: no cover - refused above
        raise DraftRefused("方案还有错误。")
    with transaction.atomic():
        version, _new = publish_pack(
            pack=PackToPublish(
                name=reading.code,
                title=pack.title,
                region_code=f"{pack.region:0<12}",
                hash=reading.hash,
                source=dict(reading.source),
                in_force_from=draft.in_force_from,
                items=tuple((item.code, item.name) for item in pack.items.values()),
            ),
            acting=acting,
        )
        mark_published(draft_id=draft.pk, version=version, acting=acting)
    return version


def move_to_newest(*, draft_id: int, acting: Reader) -> None:
    """Lay a draft's changes over the version that was published since it was begun.

    Raises:
        DraftRefused: When there is none, or the draft is not being drafted.
    """
    draft = get_draft(acting, draft_id)
    newest = newer_base(draft)
    if newest is None:
        raise DraftRefused("没有更新的清单版本。")
    record_change(
        draft_id=draft.pk,
        key="!base",
        after=newest.pk,
        base_revision=draft.revision,
        acting=acting,
    )


def revision_due(area: str, today: date) -> tuple[PackVersion, int] | None:
    """Return the list in force and its age in days when its yearly revision is due."""
    version = pack_in_force(today, region=area)
    if version is None:
        return None
    days = (today - version.in_force_from).days
    return (version, days) if days >= REVISION_DAYS else None


def _figures_for(draft: Draft, comparison: Comparison) -> dict[str, Any]:
    counted = next((s for s in comparison.subjects if s["draft"] == draft.pk), None)
    if counted is None or comparison.state not in (ComparisonState.FIRST, ComparisonState.DONE):
        raise DraftRefused("这个方案还没有测算结果。请先测算，再提交。")
    if counted["revision"] != draft.revision or comparison.area != draft.area:
        raise DraftRefused("方案在测算之后又改过。请重新测算，再提交。")
    return figures_of(comparison.figures or {}, str(draft.pk))


def _refuse_unsound(reading: DraftReading) -> None:
    if reading.problems:
        told = "；".join(str(problem) for problem in reading.problems[:_SHOWN])
        raise DraftRefused(f"方案还有 {len(reading.problems)} 处要改：{told}")
    if reading.failed:
        names = "、".join(f"{one.item} {one.name}" for one in reading.failed[:_SHOWN])
        raise DraftRefused(
            f"有 {len(reading.failed)} 个算例结果变了，还没有人确认：{names}。请逐个确认或改规则。"
        )
    if reading.difference is not None and reading.difference.empty:
        raise DraftRefused("方案与现行清单没有区别。")


def _refuse_old_base(draft: Draft) -> None:
    if newer_base(draft) is not None:
        raise DraftRefused("起草之后又发布了新的清单版本。请先把方案移到新版本上，重新测算。")


def _refuse_rewritten_payments(draft: Draft, today: date) -> None:
    """How money is paid may have been written anew since; months that have begun stay.

    Raises:
        DraftRefused: When a month that has begun would be paid otherwise.
    """
    path = f"{draft.base.pack}/{PAYMENTS}"
    before = source_of(draft.base_id).get(path)
    file = settings.POLICIES / path
    if before is None or not file.is_file():
        return
    known = load_compatibility(draft.base.pack, settings.POLICIES).benefits
    try:
        old = read_terms(before, path, known)
        new = read_terms(file.read_text(encoding="utf-8-sig"), path, known)
        refuse_rewriting(old, new, month_of(today) + 1, path)
    except TermsErrors as problem:
        raise DraftRefused(f"发放规定改动了已经过去的月份：{problem}") from problem
