"""The register of providers, and the service records they hand in."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.checks import credit_code_fault, refuse_unless
from yanglao.domain.ltci.models import Provider, RecordBatch, ServiceRecord
from yanglao.domain.ltci.types import NewRecord, ProviderKind, ReturnedRow, WrongStep
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.whole_words import whole

_MANAGE = Permission.MANAGE_INSURANCE


@transaction.atomic
def save_provider(
    *,
    name: str,
    credit_code: str,
    kind: str,
    place_code: str,
    contract_from: date,
    contract_to: date | None,
    acting: Reader,
    provider_id: int | None = None,
) -> Provider:
    """Enter a provider or change one.

    Raises:
        WrongStep: For a wrong credit code, one that another provider has, a contract that ends
            before it begins.
    """
    refuse_unless(acting, _MANAGE, place_code)
    code = "".join(credit_code.split()).upper()
    fault = credit_code_fault(code)
    if fault:
        raise WrongStep(fault)
    if kind not in ProviderKind.values or not name.strip():
        raise WrongStep("请写机构名称，选择服务类别。")
    if contract_to is not None and contract_to < contract_from:
        raise WrongStep("协议止日不能早于起日。")
    if Provider.objects.filter(credit_code=code).exclude(pk=provider_id or 0).exists():
        raise WrongStep("这个统一社会信用代码已经登记过了。")
    if provider_id is None:
        provider = Provider(credit_code=code)
    else:
        provider = within_area(Provider.objects.select_for_update(), acting).get(pk=provider_id)
    provider.name, provider.credit_code = whole(name, 80, WrongStep), code
    provider.kind, provider.place_code = kind, place_code
    provider.contract_from, provider.contract_to = contract_from, contract_to
    provider.save()
    audit.record(
        acting,
        "ltci_provider_saved",
        subject="ltci_provider",
        subject_id=provider.pk,
        place_code=place_code,
        detail={"kind": kind, "from": contract_from.isoformat()},
    )
    return provider


@transaction.atomic
def take_records(
    *,
    provider_id: int,
    month: date,
    file_name: str,
    digest: str,
    header: Sequence[str],
    records: Sequence[NewRecord],
    returned: Sequence[ReturnedRow],
    acting: Reader,
) -> RecordBatch:
    """Store a file of service records; the same file or row a second time changes nothing.

    A record of the same person, place, day and beginning that says the same is known already; one
    that says something else goes back.
    """
    refuse_unless(acting, _MANAGE)
    provider = within_area(Provider.objects.all(), acting).get(pk=provider_id)
    batch = RecordBatch(
        provider=provider,
        place_code=provider.place_code,
        month=month.replace(day=1),
        digest=digest,
        received=len(records) + len(returned),
        accepted=0,
        repeated=0,
        sent_at=clock.now(),
        sent_by_id=acting.user_id,
        sent_by=acting.name,
    )
    batch.file_name, batch.header = file_name[:120], list(header)
    fresh, differing, batch.repeated = _sorted(provider.pk, records)
    back = [*returned, *differing]
    batch.accepted = len(fresh)
    batch.returned_rows = [[one.row, list(one.cells), one.reason] for one in back]
    batch.save()
    _store(batch, fresh)
    audit.record(
        acting,
        "ltci_records_taken",
        subject="ltci_batch",
        subject_id=batch.pk,
        place_code=provider.place_code,
        detail={
            "provider": provider.pk,
            "received": batch.received,
            "accepted": batch.accepted,
            "returned": len(back),
        },
    )
    return batch


def _sorted(
    provider_id: int, records: Sequence[NewRecord]
) -> tuple[list[NewRecord], list[ReturnedRow], int]:
    """Tell new records, those that differ from known ones, and how many are known."""
    known = _known(provider_id, records)
    fresh: list[NewRecord] = []
    differing: list[ReturnedRow] = []
    for one in records:
        key = (one.person_id, one.place, one.day, one.start)
        if key not in known:
            known[key] = one.amount
            fresh.append(one)
        elif known[key] != one.amount:
            why = "同一时间已有一条时长不同的记录，请先撤回那一条"
            differing.append(ReturnedRow(one.row, (), why))
    return fresh, differing, len(records) - len(fresh) - len(differing)


def _store(batch: RecordBatch, fresh: Sequence[NewRecord]) -> None:
    ServiceRecord.objects.bulk_create(
        [
            ServiceRecord(
                batch=batch,
                provider=batch.provider,
                person_id=one.person_id,
                place_code=one.place_code,
                care_place=one.place,
                day=one.day,
                start=one.start,
                amount=one.amount,
                task=one.task[:40],
                row=one.row[:60],
            )
            for one in fresh
        ],
        batch_size=1000,
    )


def _known(provider_id: int, records: Sequence[NewRecord]) -> dict[tuple[int, str, date, int], int]:
    if not records:
        return {}
    days = [one.day for one in records]
    rows = ServiceRecord.objects.filter(
        provider_id=provider_id, withdrawn_at=None, day__gte=min(days), day__lte=max(days)
    ).order_by("id")
    return {
        (person, place, day, start): amount
        for person, place, day, start, amount in rows.values_list(
            "person_id", "care_place", "day", "start", "amount"
        )
    }


@transaction.atomic
def withdraw_record(*, record_id: int, acting: Reader, reason: str) -> ServiceRecord:
    """Take a record back; what was paid for it comes back by the next settlement.

    Raises:
        WrongStep: Without a reason.
    """
    refuse_unless(acting, _MANAGE)
    if not reason.strip():
        raise WrongStep("请写明为什么撤回。")
    rows = ServiceRecord.objects.select_for_update(of=("self",))
    record = within_area(rows, acting).get(pk=record_id)
    if record.withdrawn_at is None:
        record.withdrawn_at, record.withdrawn_by = clock.now(), acting.name
        record.save(update_fields=["withdrawn_at", "withdrawn_by"])
        audit.record(
            acting,
            "ltci_record_withdrawn",
            subject="ltci_record",
            subject_id=record.pk,
            place_code=record.place_code,
            reason=whole(reason, 200, WrongStep),
        )
    return record
