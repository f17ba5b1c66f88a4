"""A provider's month: everything about it from the tables, judged and priced, stored as a draft."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction

from yanglao.domain.ltci.public import (
    MonthInput,
    NewLine,
    ServiceRecord,
    Statement,
    StatementState,
    WrongStep,
    month_input,
    next_month,
    providers_of_month,
    statements,
    store_statement,
)
from yanglao.engines.ltcfund.settling import (
    REASONS,
    Due,
    Plan,
    Prices,
    Service,
    Span,
    Standing,
    settle_month,
)
from yanglao.engines.ltcfund.terms import GRADES, PLACES
from yanglao.flows.read_ltci_terms import ltci_terms, needed
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.scoping import Reader


def reason_words(code: str) -> str:
    """Return why something is not paid, in Chinese."""
    return REASONS.get(code, code)


def prices_of(month: date) -> Prices:
    """Return the numbers of a month.

    Raises:
        NumberMissing: When one is not published.
    """
    terms = ltci_terms(month)
    return Prices(
        hour_fen=needed(terms, "home_price", month),
        day_fen=needed(terms, "institution_price", month),
        share={place: needed(terms, "fund_share", month, place) for place in PLACES},
        ceiling={
            (place, int(grade)): needed(terms, "ceiling", month, f"{place}/{grade}")
            for place in PLACES
            for grade in GRADES
        },
        day_minutes=needed(terms, "day_minutes", month),
    )


@transaction.atomic
def settle_provider(
    *, provider_id: int, month: date, acting: Reader, as_of: date
) -> Statement | None:
    """Compute a provider's month and store the draft; ``None`` when there is nothing new.

    Computed again from the same records it is the same; the part that approved settlements
    account for is never due twice.

    Raises:
        WrongStep: For a month that is not over. NumberMissing: see :func:`prices_of`.
    """
    if next_month(month) > as_of:
        raise WrongStep("这个月还没有过完，下个月再结算。")
    found = month_input(acting, provider_id, month)
    dues = settle_month(
        [_service(record) for record in found.records],
        [
            Plan(
                plan.pk,
                plan.benefit.person_id,
                Span(plan.first, plan.last),
                plan.care_place,
                plan.level,
                plan.amount,
            )
            for plan in found.plans
        ],
        _standings(found),
        Span(found.provider.contract_from, found.provider.contract_to),
        prices_of(month),
    )
    return store_statement(
        provider_id=provider_id, month=month, lines=[_line(due) for due in dues], acting=acting
    )


def settle_everybody(
    *, month: date, acting: Reader, as_of: date, report: Progress = silent
) -> tuple[int, list[str]]:
    """Compute the month of every provider of the area that has records.

    Returns:
        How many settlements there are now to look at, and what could not be computed, in words.
    """
    rows = providers_of_month(acting, month)
    # Providers whose records are all gone may have money to give back.
    known = {row["provider_id"] for row in rows}
    paid = statements(acting, month=month, state=StatementState.PAID)
    names = {row["provider_id"]: row["provider__name"] for row in rows}
    for one in paid:
        known.add(one.provider_id)
        names[one.provider_id] = one.provider.name
    made, refused = 0, []
    for at, pk in enumerate(sorted(known)):
        try:
            if settle_provider(provider_id=pk, month=month, acting=acting, as_of=as_of) is not None:
                made += 1
        except WrongStep as problem:
            refused.append(f"{names[pk]}：{problem}")
        report(at + 1, len(known), "核对各机构的服务记录")
    return made, refused


def _service(record: ServiceRecord) -> Service:
    return Service(
        record.pk,
        record.person_id,
        record.care_place,
        record.day,
        record.start,
        record.amount,
        paid=record.paid_in_id is not None,
    )


def _standings(found: MonthInput) -> dict[int, Standing]:
    people = {record.person_id for record in found.records}
    benefits: dict[int, list[Span]] = {}
    for benefit in found.benefits:
        last = benefit.last_month
        end = next_month(last) - timedelta(days=1) if last else None
        if end is None or end >= benefit.first_month:
            benefits.setdefault(benefit.person_id, []).append(Span(benefit.first_month, end))
    absences: dict[int, list[Span]] = {}
    for one in found.absences:
        absences.setdefault(one.person_id, []).append(Span(one.first, one.last))
    others = _by_person(found.others)
    return {
        pk: Standing(
            found.died.get(pk),
            tuple(benefits.get(pk, ())),
            tuple(absences.get(pk, ())),
            tuple(others.get(pk, ())),
            found.used_fen.get(pk, 0),
        )
        for pk in people
    }


def _by_person(records: Iterable[ServiceRecord]) -> dict[int, list[Service]]:
    found: dict[int, list[Service]] = {}
    for record in records:
        found.setdefault(record.person_id, []).append(_service(record))
    return found


def _line(due: Due) -> NewLine:
    return NewLine(
        person_id=due.person,
        plan_id=due.plan or None,
        place=due.place,
        grade=due.grade,
        claimed=due.claimed,
        approved=due.approved,
        payable=due.payable,
        fee_fen=due.fee_fen,
        fund_fen=due.fund_fen,
        person_fen=due.person_fen,
        over_ceiling_fen=due.over_ceiling_fen,
        deductions=tuple((one.code, one.amount, one.fen) for one in due.deductions),
        verdicts=due.verdicts,
    )
