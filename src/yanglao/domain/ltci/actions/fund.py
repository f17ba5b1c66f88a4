"""The book of the fund, and who is insured in a year."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.checks import refuse_unless
from yanglao.domain.ltci.models import Enrolment, FundEntry
from yanglao.domain.ltci.types import BY_HAND, EntryKind, Group, Source, WrongStep
from yanglao.foundation import audit, clock
from yanglao.foundation.analytics import bulk_insert
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.whole_words import whole

_MANAGE = Permission.MANAGE_INSURANCE
_COLUMNS = ("person_id", "place_code", "year", "insured_as", "receiving", "level")


@transaction.atomic
def enter_money(
    *,
    place_code: str,
    on: date,
    kind: str,
    fen: int,
    acting: Reader,
    insured_as: str = "",
    source: str = "",
    voucher: str = "",
) -> FundEntry:
    """Enter money that came in, or that went out for something else than care.

    Args:
        fen: The amount, always positive; the kind says in or out.
        voucher: Number of the bank's slip; the same slip, kind and source twice is refused.

    Raises:
        WrongStep: For an amount or kind that cannot be, a contribution without group and source.
    """
    refuse_unless(acting, _MANAGE, place_code)
    if kind not in BY_HAND or fen <= 0:
        raise WrongStep("请选择收支类别，金额要大于 0。")
    if kind == EntryKind.CONTRIBUTION and (
        insured_as not in Group.values or source not in Source.values
    ):
        raise WrongStep("筹资收入要写明参保类别和资金来源。")
    if kind != EntryKind.CONTRIBUTION:
        insured_as = source = ""
    signed = -fen if kind == EntryKind.OTHER else fen
    entry = FundEntry(
        place_code=place_code,
        on=on,
        kind=kind,
        insured_as=insured_as,
        source=source,
        fen=signed,
        voucher=whole(voucher, 40, WrongStep),
        made_at=clock.now(),
        made_by=acting.name,
    )
    if entry.voucher and _same(entry).exists():
        raise WrongStep("这张凭证的这一笔已经记过了。")
    entry.save()
    _record(entry, "ltci_money_entered", acting)
    return entry


def _same(entry: FundEntry) -> QuerySet[FundEntry]:
    return FundEntry.objects.filter(
        place_code=entry.place_code,
        voucher=entry.voucher,
        kind=entry.kind,
        insured_as=entry.insured_as,
        source=entry.source,
        reversed_by=None,
    )


@transaction.atomic
def reverse_money(*, entry_id: int, on: date, acting: Reader, reason: str) -> FundEntry:
    """Take an entry back by one of the opposite sign; once.

    Raises:
        WrongStep: Without a reason; for a settlement's entry, which its next settlement corrects.
    """
    refuse_unless(acting, _MANAGE)
    if not reason.strip():
        raise WrongStep("冲正要写明原因。")
    entry = within_area(FundEntry.objects.select_for_update(of=("self",)), acting).get(pk=entry_id)
    if entry.statement_id is not None or entry.kind == EntryKind.CORRECTION:
        raise WrongStep("待遇支出由下一张结算单更正，冲正的不能再冲正。")
    known = FundEntry.objects.filter(reverses=entry).first()
    if known is not None:
        return known
    back = FundEntry.objects.create(
        place_code=entry.place_code,
        on=on,
        kind=EntryKind.CORRECTION,
        insured_as=entry.insured_as,
        source=entry.source,
        fen=-entry.fen,
        reverses=entry,
        made_at=clock.now(),
        made_by=acting.name,
    )
    _record(back, "ltci_money_reversed", acting, whole(reason, 200, WrongStep))
    return back


@transaction.atomic
def enrol(
    *,
    year: int,
    rows: Iterable[tuple[int, str, str, bool | None, int | None]],
    acting: Reader,
) -> int:
    """Write who is insured in a year, all of the acting person's area at once; again replaces.

    Args:
        rows: Person, place code, group, whether the list says he receives, grade of the list.
    """
    refuse_unless(acting, _MANAGE)
    within_area(Enrolment.objects.filter(year=year), acting).delete()
    written = (
        (person, place, year, group, receiving, level)
        for person, place, group, receiving, level in rows
    )
    count = bulk_insert(Enrolment._meta.db_table, _COLUMNS, written)
    audit.record(
        acting,
        "ltci_enrolled",
        subject="ltci_enrolment",
        subject_id=year,
        place_code=acting.area,
        detail={"people": count},
    )
    return count


def _record(entry: FundEntry, action: str, acting: Reader, reason: str = "") -> None:
    audit.record(
        acting,
        action,
        subject="ltci_fund",
        subject_id=entry.pk,
        place_code=entry.place_code,
        reason=reason,
        detail={"kind": str(entry.kind), "fen": entry.fen},
    )
