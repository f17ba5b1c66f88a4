"""Asking for, giving and taking back access outside one's area; opening masked values."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from yanglao.domain.access.models import Grant, GrantPerson, Opening
from yanglao.domain.access.types import DataKind, GrantState, MaskedField, Purpose
from yanglao.domain.people.public import reachable_person
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.whole_words import at_field, whole

#: How long a masked value stays open for one account and person.
OPEN_FOR = timedelta(minutes=15)
#: A grant is for a piece of work, not for good: longer ones are asked for again.
LONGEST_DAYS = 366


@transaction.atomic
def ask_grant(
    *,
    acting: Reader,
    owner_area: str,
    person_ids: Collection[int],
    numbers_asked: int,
    kinds: Collection[DataKind],
    purpose: str,
    starts_on: date,
    ends_on: date,
    as_of: date,
) -> Grant:
    """Ask to look at people of another area.

    Args:
        acting: Who asks, and who is to look.
        owner_area: Whose people they are.
        person_ids: The people; empty with ``numbers_asked`` 0 asks for the whole area.
        numbers_asked: How many ID numbers were given; the asker does not learn which are known.
        kinds: Kinds of data.
        purpose: What for.
        starts_on: First day.
        ends_on: Last day.
        as_of: Today.

    Raises:
        PermissionError: If the role may not ask, or nobody is signed in.
        django.core.exceptions.ValidationError: By field, in Chinese.
    """
    if not acting.can("ask_grants") or acting.user_id is None:
        raise PermissionError("没有申请跨区查看的权限。")
    _check_asking(acting, owner_area, kinds, purpose, (starts_on, ends_on), as_of)
    grant = Grant.objects.create(  # type: ignore[misc]  # ``purpose`` lies in the envelope
        account_id=acting.user_id,
        account_area=acting.area,
        owner_area=owner_area,
        whole_area=numbers_asked == 0,
        # Nobody can be told from another without name, age and place.
        kinds=sorted({DataKind.IDENTITY.value, *(kind.value for kind in kinds)}),
        purpose=whole(purpose, 200, at_field("purpose", ValidationError)),
        starts_on=starts_on,
        ends_on=ends_on,
        numbers_asked=numbers_asked,
        asked_at=clock.now(),
    )
    GrantPerson.objects.bulk_create(
        GrantPerson(grant=grant, person_id=pk) for pk in sorted(set(person_ids))
    )
    detail = {"people": len(set(person_ids)), "whole_area": grant.whole_area}
    _write_down(grant, "grant_asked", acting, grant.purpose, detail)
    return grant


def _check_asking(
    acting: Reader,
    owner_area: str,
    kinds: Collection[DataKind],
    purpose: str,
    days: tuple[date, date],
    as_of: date,
) -> None:
    """Refuse what cannot be asked for, by field."""
    starts_on, ends_on = days
    wrong: dict[str, str] = {}
    if not purpose.strip():
        wrong["purpose"] = "请写明要做什么。"
    if not kinds:
        wrong["kinds"] = "请选择要看哪些内容。"
    if acting.covers(owner_area):
        wrong["owner_area"] = "这里本来就是您的辖区，不用申请。"
    if ends_on < starts_on or ends_on < as_of:
        wrong["ends_on"] = "结束日期不能早于开始日期，也不能早于今天。"
    elif (ends_on - starts_on).days > LONGEST_DAYS:
        wrong["ends_on"] = "一次最多申请一年；到期可以再申请。"
    if wrong:
        raise ValidationError(wrong)


@transaction.atomic
def decide_grant(*, grant_id: int, approve: bool, acting: Reader, note: str = "") -> Grant:
    """Approve or refuse a grant, as an officer of the owning area and never the asker.

    Raises:
        Grant.DoesNotExist: If there is none for the acting person to decide.
        PermissionError: If he may not decide, asked himself, or it is decided already.
        django.core.exceptions.ValidationError: A refusal without a reason.
    """
    grant = Grant.objects.select_for_update().get(pk=grant_id)
    if not acting.covers(grant.owner_area):
        raise Grant.DoesNotExist
    if not acting.can("approve_grants"):
        raise PermissionError("没有批准跨区查看的权限。")
    if acting.user_id is not None and acting.user_id == grant.account_id:
        raise PermissionError("不能批准自己的申请。")
    if grant.state != GrantState.ASKED:
        raise PermissionError("这个申请已经办过了。")
    if not approve and not note.strip():
        raise ValidationError({"note": "请写明为什么不批准。"})
    grant.state = GrantState.APPROVED if approve else GrantState.REFUSED
    grant.decided_at = clock.now()
    grant.decided_by_id = acting.user_id
    grant.decided_by_name = acting.name[:80]
    grant.decision_note = whole(note, 200, at_field("note", ValidationError))
    grant.save(update_fields=["state", "decided_at", "decided_by_id", "decided_by_name", "sealed"])
    _write_down(grant, "grant_approved" if approve else "grant_refused", acting, note)
    return grant


@transaction.atomic
def revoke_grant(*, grant_id: int, acting: Reader, reason: str) -> Grant:
    """Take a grant back at once: the owning area, the asker, or the security administrator.

    Raises:
        Grant.DoesNotExist: If the acting person has nothing to do with it.
        PermissionError: If it is not in force.
        django.core.exceptions.ValidationError: Without a reason.
    """
    grant = Grant.objects.select_for_update().get(pk=grant_id)
    owns = acting.covers(grant.owner_area) and acting.can("approve_grants")
    watches = acting.can("watch_grants") and (
        acting.covers(grant.owner_area) or acting.covers(grant.account_area)
    )
    asked = acting.user_id is not None and acting.user_id == grant.account_id
    if not (owns or watches or asked):
        raise Grant.DoesNotExist
    if grant.state not in {GrantState.ASKED, GrantState.APPROVED}:
        raise PermissionError("这个授权已经结束了。")
    if not reason.strip():
        raise ValidationError({"reason": "请写明为什么收回。"})
    grant.state = GrantState.REVOKED
    grant.ended_at = clock.now()
    grant.ended_by_name = acting.name[:80]
    grant.end_reason = whole(reason, 200, at_field("reason", ValidationError))
    grant.save(update_fields=["state", "ended_at", "ended_by_name", "sealed"])
    _write_down(grant, "grant_revoked", acting, reason)
    return grant


def _write_down(
    grant: Grant,
    action: str,
    acting: Reader,
    reason: str,
    detail: dict[str, Any] | None = None,
) -> None:
    audit.record(
        acting,
        action,
        subject="grant",
        subject_id=grant.pk,
        place_code=grant.owner_area,
        reason=reason,
        detail={
            "account": grant.account_id,
            "kinds": grant.kinds,
            "from": grant.starts_on,
            "to": grant.ends_on,
            **(detail or {}),
        },
    )


@transaction.atomic
def open_fields(
    *,
    person_id: int,
    fields: Collection[MaskedField],
    purpose: Purpose,
    acting: Reader,
    note: str = "",
) -> Opening:
    """Open masked values of one person for a purpose; valid for :data:`OPEN_FOR`, recorded.

    Raises:
        Person.DoesNotExist: If the acting person may not look at him.
        PermissionError: If the role may not open masked values, or no grant covers these.
        django.core.exceptions.ValidationError: No field, or "other" without words.
    """
    if not acting.can("reveal_identity"):
        raise PermissionError("没有查看完整号码的权限。")
    person = reachable_person(acting, person_id)
    if not fields:
        raise ValidationError({"fields": "请选择要看什么。"})
    if purpose == Purpose.OTHER and not note.strip():
        raise ValidationError({"note": "请写明用来做什么。"})
    if not acting.covers(person.place_code):
        _within_grant(acting, person.pk, person.place_code, fields)
    now = clock.now()
    opening = Opening.objects.create(  # type: ignore[misc]  # ``note`` lies in the envelope
        account_id=acting.user_id or 0,
        person=person,
        fields=sorted(field.value for field in fields),
        purpose=purpose.value,
        note=whole(note, 120, at_field("note", ValidationError)),
        opened_at=now,
        until=now + OPEN_FOR,
    )
    words = "：".join(str(part) for part in (Purpose(purpose).label, note.strip()) if part)
    audit.read(
        acting,
        "identity_revealed",
        subject_id=person.pk,
        place_code=person.place_code,
        purpose=words,
        fields=opening.fields,
    )
    return opening


_KIND_OF = {
    MaskedField.ID_NUMBER: DataKind.IDENTITY,
    MaskedField.PHONE: DataKind.CONTACT,
    MaskedField.ADDRESS: DataKind.CONTACT,
    MaskedField.DIAGNOSIS: DataKind.HEALTH,
}


def _within_grant(
    acting: Reader, person_id: int, place_code: str, fields: Collection[MaskedField]
) -> None:
    sights = acting.sights_of(person_id, place_code)
    given = frozenset().union(*(sight.kinds for sight in sights))
    if any(_KIND_OF[field].value not in given for field in fields):
        raise PermissionError("跨区授权里没有这一项内容。")
