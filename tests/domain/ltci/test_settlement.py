"""Settlements: balanced, idempotent, never twice; whatever happens in between."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db.models import Sum

from tests.domain.ltci.conftest import AS_OF, CHECKER, COUNTY, MAKER, OTHER, Office
from yanglao.domain.ltci.public import (
    FundEntry,
    NewRecord,
    Provider,
    ServiceRecord,
    Statement,
    StatementLine,
    StatementState,
    WrongStep,
    approve_statement,
    balance,
    benefits,
    enter_absence,
    get_statement,
    mark_statement_paid,
    send_back_statement,
    statements,
    stop_benefit,
    submit_statement,
    take_records,
    withdraw_record,
)
from yanglao.domain.people.models import Person
from yanglao.flows.settle_insurance import prices_of, settle_everybody, settle_provider
from yanglao.foundation.scoping import Reader

pytestmark = pytest.mark.django_db

OCTOBER = date(2026, 10, 1)


def visits(
    provider: Provider, person: Person, *when: tuple[int, int, int], place: str = "home"
) -> None:
    """Hand in records: day of October, beginning in minutes, minutes."""
    take_records(
        provider_id=provider.pk,
        month=OCTOBER,
        file_name="x.xlsx",
        digest="0" * 64,
        header=[],
        records=[
            NewRecord(
                f"表!{at}", person.pk, person.place_code, place, date(2026, 10, day), start, n
            )
            for at, (day, start, n) in enumerate(when)
        ],
        returned=[],
        acting=MAKER,
    )


def settled(provider: Provider) -> Statement | None:
    """Compute October."""
    return settle_provider(provider_id=provider.pk, month=OCTOBER, acting=MAKER, as_of=AS_OF)


def approved(row: Statement) -> Statement:
    """Submit and approve."""
    submit_statement(statement_id=row.pk, acting=MAKER)
    return approve_statement(
        statement_id=row.pk, fingerprint=row.fingerprint, acting=CHECKER, as_of=AS_OF
    )


@pytest.fixture
def cared(office: Office) -> tuple[Provider, Person]:
    """A person with a plan of 25 hours a month."""
    provider, person = office.provider(), office.elder()
    office.plan(office.benefit(person), provider)
    return provider, person


def test_two_people_approve_and_the_book_has_it_once(cared: tuple[Provider, Person]) -> None:
    provider, person = cared
    visits(provider, person, (1, 480, 120), (5, 480, 60))
    row = settled(provider)
    assert row is not None
    assert (row.fee_fen, row.fund_fen, row.person_fen) == (15_000, 10_500, 4_500)
    submit_statement(statement_id=row.pk, acting=MAKER)
    with pytest.raises(WrongStep, match="自己经办的不能自己批准"):
        approve_statement(
            statement_id=row.pk, fingerprint=row.fingerprint, acting=MAKER, as_of=AS_OF
        )
    for _twice in range(2):
        done = approve_statement(
            statement_id=row.pk, fingerprint=row.fingerprint, acting=CHECKER, as_of=AS_OF
        )
    assert done.state == StatementState.APPROVED
    assert balance(MAKER, AS_OF) == -10_500
    assert ServiceRecord.objects.filter(paid_in=row).count() == 2
    assert mark_statement_paid(statement_id=row.pk, paid_on=AS_OF, acting=MAKER).state == "paid"


def test_computed_again_it_is_the_same_and_then_nothing(cared: tuple[Provider, Person]) -> None:
    provider, person = cared
    visits(provider, person, (1, 480, 120))
    first, second = settled(provider), settled(provider)
    assert first is not None
    assert second is not None
    assert first.fingerprint == second.fingerprint
    assert Statement.objects.count() == 1
    approved(second)
    assert settled(provider) is None
    assert Statement.objects.count() == 1


def test_what_was_seen_is_what_is_approved(cared: tuple[Provider, Person]) -> None:
    provider, person = cared
    visits(provider, person, (1, 480, 120))
    row = settled(provider)
    assert row is not None
    submit_statement(statement_id=row.pk, acting=MAKER)
    with pytest.raises(WrongStep, match="和您看到的不一样"):
        approve_statement(statement_id=row.pk, fingerprint="x", acting=CHECKER, as_of=AS_OF)
    with pytest.raises(WrongStep, match="等批准"):
        settled(provider)
    StatementLine.objects.filter(statement=row).update(fund_fen=1, person_fen=9_999)
    with pytest.raises(WrongStep, match="和您看到的不一样"):
        approve_statement(
            statement_id=row.pk, fingerprint=row.fingerprint, acting=CHECKER, as_of=AS_OF
        )
    assert send_back_statement(statement_id=row.pk, acting=CHECKER, reason="再看").state == "draft"


def test_late_records_and_withdrawn_ones_come_as_differences(
    cared: tuple[Provider, Person],
) -> None:
    provider, person = cared
    visits(provider, person, (1, 480, 120))
    first = settled(provider)
    assert first is not None
    approved(first)
    visits(provider, person, (9, 480, 60))
    second = settled(provider)
    assert second is not None
    assert (second.number, second.fund_fen) == (2, 3_500)
    approved(second)
    gone = ServiceRecord.objects.order_by("day").first()
    assert gone is not None
    withdraw_record(record_id=gone.pk, acting=MAKER, reason="报错了")
    third = settled(provider)
    assert third is not None
    assert third.fund_fen == -7_000
    approved(third)
    assert balance(MAKER, AS_OF) == -3_500


def test_a_death_that_is_known_late_brings_money_back(cared: tuple[Provider, Person]) -> None:
    provider, person = cared
    visits(provider, person, (1, 480, 60), (20, 480, 60))
    first = settled(provider)
    assert first is not None
    approved(first)
    Person.objects.filter(pk=person.pk).update(died_on=date(2026, 10, 10))
    back = settled(provider)
    assert back is not None
    assert back.fund_fen == -3_500
    assert [one.code for line in back.lines.all() for one in line.deductions.all()] == ["dead"]


def test_hospital_overlap_and_two_providers(office: Office) -> None:
    one, two, person = office.provider(0), office.provider(1), office.elder()
    benefit = office.benefit(person)
    office.plan(benefit, one, 600)
    office.plan(benefit, two, 600)
    enter_absence(
        person_id=person.pk,
        kind="hospital",
        first=date(2026, 10, 3),
        last=date(2026, 10, 4),
        acting=MAKER,
    )
    visits(one, person, (1, 480, 60), (3, 480, 60), (8, 480, 60))
    visits(two, person, (8, 500, 60), (9, 480, 60))
    first, second = settled(one), settled(two)
    assert first is not None
    assert second is not None
    told = {
        (row.provider_id, row.day.day): row.verdict for row in ServiceRecord.objects.order_by("id")
    }
    assert told == {
        (one.pk, 1): "",
        (one.pk, 3): "absent",
        (one.pk, 8): "two_providers",
        (two.pk, 8): "two_providers",
        (two.pk, 9): "",
    }


def test_a_stopped_benefit_ends_its_plans(office: Office, cared: tuple[Provider, Person]) -> None:
    provider, person = cared
    visits(provider, person, (1, 480, 60))
    first = settled(provider)
    assert first is not None
    approved(first)
    row = benefits(MAKER, person=person.pk)[0]
    stop_benefit(benefit_id=row.pk, cause="moved", last_month=date(2026, 9, 1), acting=office.maker)
    back = settled(provider)
    assert back is not None
    assert back.fund_fen == -3_500


def test_the_month_must_be_over(cared: tuple[Provider, Person]) -> None:
    provider, _person = cared
    with pytest.raises(WrongStep, match="没有过完"):
        settle_provider(provider_id=provider.pk, month=date(2026, 11, 1), acting=MAKER, as_of=AS_OF)


def test_the_same_records_again_change_nothing(cared: tuple[Provider, Person]) -> None:
    provider, person = cared
    for _twice in range(2):
        visits(provider, person, (1, 480, 120), (2, 480, 60))
    assert ServiceRecord.objects.count() == 2
    visits(provider, person, (1, 480, 90))
    assert ServiceRecord.objects.count() == 2


def test_areas_and_rights(
    cared: tuple[Provider, Person], reader_for: Callable[..., Reader]
) -> None:
    provider, person = cared
    visits(provider, person, (1, 480, 120))
    row = settled(provider)
    assert row is not None
    here, there = reader_for("county", COUNTY), reader_for("county", OTHER)
    assert list(statements(here)) == [row]
    assert list(statements(there)) == []
    with pytest.raises(Statement.DoesNotExist):
        get_statement(there, row.pk)
    with pytest.raises(Statement.DoesNotExist):
        submit_statement(statement_id=row.pk, acting=there)
    with pytest.raises(Provider.DoesNotExist):
        settle_provider(provider_id=provider.pk, month=OCTOBER, acting=there, as_of=AS_OF)
    with pytest.raises(PermissionError):
        submit_statement(
            statement_id=row.pk, acting=replace(here, permissions=frozenset({"see_insurance"}))
        )


@pytest.mark.parametrize("seed", range(6))
def test_any_history_ends_balanced_and_equal_to_one_computation(office: Office, seed: int) -> None:
    """Records, deaths, absences, withdrawals between settlements: the sum of all settlements is
    what one computation at the end says, the book has the fund's part, nothing is paid twice.
    """
    chance = random.Random(seed)
    providers = [office.provider(at) for at in range(2)]
    people = [office.elder() for _ in range(3)]
    for person in people:
        benefit = office.benefit(person)
        for provider in providers:
            office.plan(benefit, provider, chance.choice([300, 600, 3000]))
    for _round in range(7):
        _something_happens(chance, providers, people)
        provider = chance.choice(providers)
        row = settled(provider)
        if row is not None and chance.random() < 0.7:
            approved(row)
    for _until_quiet in range(4):
        for provider in providers:
            row = settled(provider)
            if row is not None:
                approved(row)
    for provider in providers:
        assert settled(provider) is None
    sums = Statement.objects.filter(state=StatementState.APPROVED).aggregate(
        fee=Sum("fee_fen"), fund=Sum("fund_fen"), own=Sum("person_fen")
    )
    lines = StatementLine.objects.filter(statement__state="approved")
    whole = lines.aggregate(fee=Sum("fee_fen"), fund=Sum("fund_fen"), own=Sum("person_fen"))
    assert sums == whole
    assert (sums["fund"] or 0) + (sums["own"] or 0) == (sums["fee"] or 0)
    assert balance(MAKER, AS_OF) == -(sums["fund"] or 0)
    assert FundEntry.objects.count() <= Statement.objects.filter(state="approved").count()
    _nothing_overlaps(people)


def _something_happens(
    chance: random.Random, providers: list[Provider], people: list[Person]
) -> None:
    what = chance.random()
    person = chance.choice(people)
    if what < 0.6:
        days = [(chance.randrange(1, 32), 480 + 30 * chance.randrange(8), 60) for _ in range(4)]
        visits(chance.choice(providers), person, *days)
    elif what < 0.75:
        rows = list(ServiceRecord.objects.filter(withdrawn_at=None).order_by("id"))
        if rows:
            withdraw_record(record_id=chance.choice(rows).pk, acting=MAKER, reason="报错")
    elif what < 0.9:
        first = date(2026, 10, chance.randrange(1, 28))
        enter_absence(
            person_id=person.pk,
            kind="hospital",
            first=first,
            last=first + timedelta(days=3),
            acting=MAKER,
        )
    else:
        Person.objects.filter(pk=person.pk).update(died_on=date(2026, 10, chance.randrange(10, 30)))


def _nothing_overlaps(people: list[Person]) -> None:
    """No minute of a person's day is paid for twice, no matter to whom."""
    for person in people:
        paid = ServiceRecord.objects.filter(
            person=person, withdrawn_at=None, payable__gt=0, verdict=""
        )
        taken: set[tuple[date, int]] = set()
        for row in paid.order_by("id"):
            minutes = {(row.day, row.start + n) for n in range(row.amount)}
            assert not minutes & taken
            taken |= minutes


def test_queries_do_not_grow_with_people(
    office: Office, same_number_of_queries: Callable[..., int]
) -> None:
    provider = office.provider()

    def more(number: int) -> None:
        for _ in range(number):
            person = office.elder()
            office.plan(office.benefit(person), provider)
            visits(provider, person, (1, 480, 120))

    more(2)
    settled(provider)
    few = lambda: settled(provider)  # noqa: E731 - two calls of one thing
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as before:
        few()
    more(8)
    with CaptureQueriesContext(connection) as after:
        few()
    assert len(after) <= len(before) + 2


def test_everybody_of_a_month(cared: tuple[Provider, Person]) -> None:
    provider, person = cared
    visits(provider, person, (1, 480, 120))
    assert settle_everybody(month=OCTOBER, acting=MAKER, as_of=AS_OF) == (1, [])
    row = statements(MAKER)[0]
    submit_statement(statement_id=row.pk, acting=MAKER)
    made, refused = settle_everybody(month=OCTOBER, acting=MAKER, as_of=AS_OF)
    assert made == 0
    assert "等批准" in refused[0]


def test_prices_come_from_the_parameters() -> None:
    prices = prices_of(OCTOBER)
    assert prices.fee("home", 60) == prices.hour_fen
    assert prices.fee("institution", 31) == 31 * prices.day_fen
