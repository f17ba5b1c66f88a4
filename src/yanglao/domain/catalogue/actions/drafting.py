"""Drafting: open, change, undo. Each change is an entry of the history; the state follows."""

import re
from datetime import date
from typing import Any

from django.db import transaction

from yanglao.domain.catalogue.models import Draft, DraftEdit, PackVersion
from yanglao.domain.catalogue.types import (
    DRAFT_MOVES,
    DraftRefused,
    EditKind,
    Meanwhile,
    Saved,
)
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.whole_words import whole

DRAFT_CATALOGUE = "draft_catalogue"
#: Keys of a draft's own fields; all others name a place of the pack.
TITLE, WORDS, DAY, BASE = "!title", "!words", "!day", "!base"
_KEY = re.compile(r"[!a-z_]+(:[A-Za-z0-9_.\-+]*){0,3}")
_LONGEST = 20_000
_LONGEST_TITLE = 80


@transaction.atomic
def open_draft(
    *,
    title: str,
    pack: str,
    area: str,
    base_id: int,
    in_force_from: date,
    acting: Reader,
    words: str = "",
) -> Draft:
    """Begin a draft on a published version.

    Args:
        title: What officers call it. words: Why.
        pack: The pack whose list it changes. area: 12-digit division it is for.
        base_id: The published version it starts from.
        in_force_from: The first of the month from which it should be in force.

    Raises:
        PermissionError: Without the permission, or for a place outside the area.
        DraftRefused: Without a title, or for a day that is no first of a month.
    """
    _may_draft(acting, area)
    title = _checked_title(title)
    _check_first_of_month(in_force_from)
    now = clock.now()
    draft = Draft.objects.create(
        title=title,
        words=whole(words, _LONGEST, DraftRefused),
        pack=pack,
        area=area,
        base=PackVersion.objects.get(pk=base_id),
        in_force_from=in_force_from,
        made_by_id=acting.user_id,
        made_by=acting.name,
        made_at=now,
        changed_by=acting.name,
        changed_at=now,
    )
    audit.record(
        acting,
        "draft_opened",
        subject="draft",
        subject_id=draft.pk,
        place_code=area,
        detail={"pack": pack, "in_force_from": in_force_from.isoformat()},
    )
    return draft


@transaction.atomic
def copy_draft(*, draft_id: int, title: str, acting: Reader) -> Draft:
    """Begin a draft with the changes of another, to go on from there differently."""
    source = locked(draft_id, acting, "")
    draft = open_draft(
        title=title,
        pack=source.pack,
        area=source.area,
        base_id=source.base_id,
        in_force_from=source.in_force_from,
        acting=acting,
        words=source.words,
    )
    for key, value in source.changes.items():
        _write(draft, key, value, acting)
    return draft


@transaction.atomic
def record_change(
    *, draft_id: int, key: str, after: Any, base_revision: int, acting: Reader
) -> Saved:
    """Change one place of a draft; ``None`` takes a change back to what is published.

    Whoever changed the same place since ``base_revision`` is not written over: what was sent is
    kept aside in the history, and the conflict is returned.

    Args:
        key: The place. after: What is to stand there (JSON).
        base_revision: The revision that the officer's page had.

    Raises:
        PermissionError: Without the permission, or outside the area.
        DraftRefused: When the draft is not being drafted any more, or the value can't be kept.
    """
    draft = locked(draft_id, acting, "change")
    if not _KEY.fullmatch(key) or len(repr(after)) > _LONGEST:
        raise DraftRefused("这一处改不了：内容太长，或位置写错了。请刷新页面再改。")
    _refuse_unseen(after)
    if _standing(draft, key) == after:
        return Saved(draft.revision)
    meanwhile = (
        draft.edits.filter(key=key, number__gt=base_revision)
        .exclude(kind=EditKind.ASIDE)
        .order_by("-number")
        .first()
    )
    if meanwhile is not None:
        kept = _note(draft, EditKind.ASIDE, key, _standing(draft, key), after, acting)
        draft.save(update_fields=["revision"])
        told = Meanwhile(meanwhile.number, meanwhile.by_name, meanwhile.at, meanwhile.after)
        return Saved(draft.revision, told, kept.number)
    _write(draft, key, after, acting)
    return Saved(draft.revision)


@transaction.atomic
def undo_change(*, draft_id: int, acting: Reader) -> DraftEdit | None:
    """Take the last change back that still stands; return what was taken back, ``None``: nothing.

    Raises:
        PermissionError, DraftRefused: As :func:`record_change`.
    """
    draft = locked(draft_id, acting, "change")
    undone = draft.edits.filter(kind=EditKind.UNDO).values_list("undoes", flat=True)
    last = (
        draft.edits.filter(kind=EditKind.EDIT)
        .exclude(number__in=list(undone))
        .order_by("-number")
        .first()
    )
    if last is None:
        return None
    _write(draft, last.key, last.before, acting, undoes=last.number)
    return last


@transaction.atomic
def take_aside(*, draft_id: int, number: int, acting: Reader) -> Saved:
    """Take a change after all that was kept aside for a conflict.

    Raises:
        DraftEdit.DoesNotExist: When nothing is kept aside under this number.
        PermissionError, DraftRefused: As :func:`record_change`.
    """
    draft = locked(draft_id, acting, "change")
    kept = draft.edits.get(number=number, kind=EditKind.ASIDE)
    _write(draft, kept.key, kept.after, acting)
    return Saved(draft.revision)


def locked(draft_id: int, acting: Reader, act: str) -> Draft:
    """Return a draft of the acting person's area, locked, for an act that its state allows.

    Raises:
        PermissionError: Without the permission, or outside the area.
        DraftRefused: When its state does not allow the act.
    """
    rows = within_area(Draft.objects.select_for_update(), acting, "area")
    draft = rows.filter(pk=draft_id).first()
    if draft is None:
        raise PermissionError("没有这个方案，或它不在您的辖区。")
    if act in ("", "change", "submit", "take_back", "withdraw"):
        _may_draft(acting, draft.area)
    if act and draft.state not in DRAFT_MOVES[act][0]:
        raise DraftRefused(f"方案现在是“{draft.get_state_display()}”，不能这样做。")
    return draft


def _check_first_of_month(day: date) -> None:
    """Refuse a day of coming into force that cuts a month.

    Raises:
        DraftRefused: When it is not the first of a month.
    """
    if day.day != 1:
        raise DraftRefused("生效日期要写某月 1 日：待遇按月发放，月中改规则会把一个月切成两半。")


def _may_draft(acting: Reader, area: str) -> None:
    if not acting.can(DRAFT_CATALOGUE) or not acting.covers(area):
        raise PermissionError("没有起草这个地方清单的权限。")


def _checked_title(title: str) -> str:
    kept = whole(title, _LONGEST_TITLE, DraftRefused)
    if not kept:
        raise DraftRefused("请写方案名称，例如“高龄津贴从 75 周岁起”。")
    return kept


def _refuse_unseen(value: Any) -> None:
    """Refuse a text anywhere in a value that has a sign which nobody sees.

    Raises:
        DraftRefused: With the place of the sign.
    """
    if isinstance(value, str):
        whole(value, _LONGEST, DraftRefused)
    elif isinstance(value, dict):
        for one in [*value, *value.values()]:
            _refuse_unseen(one)
    elif isinstance(value, list):
        for one in value:
            _refuse_unseen(one)


def _standing(draft: Draft, key: str) -> Any:
    """What stands at a place now."""
    own = {
        TITLE: draft.title,
        WORDS: draft.words,
        DAY: draft.in_force_from.isoformat(),
        BASE: draft.base_id,
    }
    return own[key] if key in own else draft.changes.get(key)


def _write(
    draft: Draft, key: str, after: Any, acting: Reader, *, undoes: int | None = None
) -> None:
    """Note a change and let it stand."""
    kind = EditKind.EDIT if undoes is None else EditKind.UNDO
    _note(draft, kind, key, _standing(draft, key), after, acting, undoes=undoes)
    if key == TITLE:
        draft.title = _checked_title(str(after or ""))
    elif key == WORDS:
        draft.words = whole(str(after or ""), _LONGEST, DraftRefused)
    elif key == DAY:
        day = date.fromisoformat(str(after))
        _check_first_of_month(day)
        draft.in_force_from = day
    elif key == BASE:
        draft.base = PackVersion.objects.get(pk=int(after), pack=draft.base.pack)
    elif after is None:
        draft.changes.pop(key, None)
    else:
        draft.changes[key] = after
    draft.changed_by, draft.changed_at = acting.name, clock.now()
    draft.save()


def _note(
    draft: Draft,
    kind: EditKind,
    key: str,
    before: Any,
    after: Any,
    acting: Reader,
    *,
    undoes: int | None = None,
) -> DraftEdit:
    draft.revision += 1
    return DraftEdit.objects.create(
        draft=draft,
        number=draft.revision,
        kind=kind,
        key=key,
        before=before,
        after=after,
        undoes=undoes,
        by_id=acting.user_id,
        by_name=acting.name,
        at=clock.now(),
    )
