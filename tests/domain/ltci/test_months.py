"""Benefit months for others; what is refused about benefits, plans, codes and money."""

from collections.abc import Callable
from datetime import date

import pytest

from tests.domain.ltci.conftest import AS_OF, CHECKER, CODES, COUNTY, MAKER, OTHER, Office
from tests.domain.ltci.test_settlement import OCTOBER, approved, settled, visits
from yanglao.domain.accounts.public import Account, name_own_person, reader_of
from yanglao.domain.ltci.public import (
    Benefit,
    WrongStep,
    balance,
    benefits,
    credit_code_fault,
    decide_benefit,
    decide_plan,
    enrol,
    enrolment_counts,
    enrolments,
    enter_money,
    fund_entries,
    get_benefit,
    load_benefit_months,
    prepare_benefit,
    prepare_plan,
    reverse_money,
    save_provider,
    stop_benefit,
)
from yanglao.domain.people.models import Person
from yanglao.domain.people.public import get_person, merge_files, undo_merge
from yanglao.foundation.analytics import analytic_session
from yanglao.foundation.scoping import Reader

pytestmark = pytest.mark.django_db


def months_of() -> list[tuple[int, date, date | None, int | None]]:
    """Return the rows of ``in_ltci``."""
    with analytic_session() as session:
        load_benefit_months(session, region="653200000000")
        return session.rows('SELECT person, first, "end", fen FROM in_ltci ORDER BY person, first')  # type: ignore[return-value]


def test_a_settled_month_has_what_was_paid_the_others_what_may_be(office: Office) -> None:
    provider, person, other = office.provider(), office.elder(), office.elder()
    office.plan(office.benefit(person), provider)
    office.benefit(other, first=date(2026, 10, 1))
    visits(provider, person, (1, 480, 120))
    row = settled(provider)
    assert row is not None
    assert months_of() == [
        (person.pk, date(2026, 8, 1), None, 90_000),
        (other.pk, date(2026, 10, 1), None, 90_000),
    ]
    approved(row)
    assert months_of() == [
        (person.pk, date(2026, 8, 1), date(2026, 10, 1), 90_000),
        (person.pk, date(2026, 10, 1), date(2026, 11, 1), 7_000),
        (person.pk, date(2026, 11, 1), None, 90_000),
        (other.pk, date(2026, 10, 1), None, 90_000),
    ]
    benefit = benefits(MAKER, person=person.pk)[0]
    stop_benefit(benefit_id=benefit.pk, cause="other", last_month=date(2026, 11, 1), acting=MAKER)
    assert months_of()[2] == (person.pk, date(2026, 11, 1), date(2026, 12, 1), 90_000)


def test_what_waits_is_no_benefit_yet(office: Office) -> None:
    _prepared(office, office.elder())
    assert months_of() == []


def test_money_of_a_file_laid_into_another_is_the_persons_who_goes_on(office: Office) -> None:
    """Else the same care would be paid twice: by the fund, and as a subsidy to the other file."""
    one, two = office.elder(), office.elder()
    decide_benefit(benefit_id=_prepared(office, one).pk, approve=True, acting=CHECKER)
    assert {row[0] for row in months_of()} == {one.pk}
    merge = merge_files(goes_on=two.pk, laid_in=one.pk, acting=MAKER, reason="看过身份证")
    assert {row[0] for row in months_of()} == {two.pk}
    assert [row.person_id for row in benefits(MAKER, person=two.pk)] == [one.pk]
    two.refresh_from_db()  # the name is what the newest statement of either file says
    assert benefits(MAKER, text=two.name).get().person_id == one.pk
    assert get_person(MAKER, one.pk).pk == two.pk, "a link from an old row still leads somewhere"
    undo_merge(merge_id=merge.pk, acting=MAKER)
    assert {row[0] for row in months_of()} == {one.pk}
    assert not benefits(MAKER, person=two.pk).exists()
    assert get_person(MAKER, one.pk).pk == one.pk


def _prepared(office: Office, person: Person, level: int = 4) -> Benefit:
    return prepare_benefit(
        person_id=person.pk,
        level=level,
        grading_id=None,
        care_place="home",
        first_month=OCTOBER,
        last_month=None,
        monthly_fen=None,
        acting=office.maker,
        as_of=AS_OF,
    )


def test_two_pairs_of_hands_for_a_benefit(
    office: Office, account_for: Callable[..., Account]
) -> None:
    person = office.elder()
    row = _prepared(office, person)
    assert _prepared(office, person).pk == row.pk
    with pytest.raises(WrongStep, match="自己经办的"):
        decide_benefit(benefit_id=row.pk, approve=True, acting=MAKER)
    officer = account_for("county", COUNTY)
    name_own_person(account_id=officer.pk, person_id=person.pk, acting=MAKER)
    with pytest.raises(WrongStep, match="回避"):
        decide_benefit(benefit_id=row.pk, approve=True, acting=reader_of(officer))
    with pytest.raises(WrongStep, match="写明原因"):
        decide_benefit(benefit_id=row.pk, approve=False, acting=CHECKER)
    assert decide_benefit(benefit_id=row.pk, approve=True, acting=CHECKER).state == "approved"
    with pytest.raises(WrongStep, match="不能转到"):
        decide_benefit(benefit_id=row.pk, approve=True, acting=CHECKER)


def test_benefits_stay_in_their_area(office: Office, reader_for: Callable[..., Reader]) -> None:
    row = _prepared(office, office.elder())
    assert list(benefits(reader_for("county", COUNTY))) == [row]
    assert list(benefits(reader_for("county", OTHER))) == []
    with pytest.raises(Benefit.DoesNotExist):
        get_benefit(reader_for("county", OTHER), row.pk)


def test_a_plan_within_contract_grade_and_months(office: Office) -> None:
    home, inside = office.provider(), office.provider(1, kind="institution")
    benefit = office.benefit(office.elder())
    wanted = {"benefit_id": benefit.pk, "last": None, "most": 1500, "acting": MAKER}
    with pytest.raises(WrongStep, match="没有居家护理"):
        prepare_plan(provider_id=inside.pk, first=OCTOBER, amount=60, **wanted)
    with pytest.raises(WrongStep, match="待遇的月份"):
        prepare_plan(provider_id=home.pk, first=date(2026, 7, 1), amount=60, **wanted)
    with pytest.raises(WrongStep, match="协议期"):
        prepare_plan(provider_id=home.pk, first=date(2025, 12, 1), amount=60, **wanted)
    with pytest.raises(WrongStep, match="上限"):
        prepare_plan(provider_id=home.pk, first=OCTOBER, amount=1501, **wanted)
    row = prepare_plan(provider_id=home.pk, first=OCTOBER, amount=1000, **wanted)
    with pytest.raises(WrongStep, match="上限"):
        prepare_plan(provider_id=home.pk, first=OCTOBER, amount=501, **wanted)
    with pytest.raises(WrongStep, match="自己经办的"):
        decide_plan(plan_id=row.pk, approve=True, acting=MAKER)
    decide_plan(plan_id=row.pk, approve=True, acting=CHECKER)
    second = prepare_plan(provider_id=home.pk, first=OCTOBER, amount=500, **wanted)
    with pytest.raises(WrongStep, match="已经有一份批准的计划"):
        decide_plan(plan_id=second.pk, approve=True, acting=CHECKER)


@pytest.mark.parametrize("code", CODES)
def test_a_credit_code_knows_every_wrong_sign(code: str) -> None:
    """GB 32100-2015: any one sign changed is found, two neighbours swapped too."""
    assert credit_code_fault(code) == ""
    signs = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    for at, right in enumerate(code):
        for sign in signs:
            if sign != right:
                assert credit_code_fault(code[:at] + sign + code[at + 1 :])
    for at in range(17):
        swapped = code[:at] + code[at + 1] + code[at] + code[at + 2 :]
        assert swapped == code or credit_code_fault(swapped)
    assert credit_code_fault(code[:-1])
    assert credit_code_fault("I" + code[1:])


def test_a_provider_is_registered_once_and_here(
    office: Office, reader_for: Callable[..., Reader]
) -> None:
    office.provider()
    with pytest.raises(WrongStep, match="已经登记"):
        office.provider()
    with pytest.raises(PermissionError):
        save_provider(
            name="别处",
            credit_code=CODES[1],
            kind="home",
            place_code=OTHER,
            contract_from=OCTOBER,
            contract_to=None,
            acting=reader_for("county", COUNTY),
        )


def test_the_book_is_only_added_to(office: Office, reader_for: Callable[..., Reader]) -> None:
    slip = {
        "place_code": COUNTY,
        "on": OCTOBER,
        "kind": "contribution",
        "fen": 12_345,
        "insured_as": "resident",
        "source": "government",
        "voucher": "2026-1",
        "acting": MAKER,
    }
    entry = enter_money(**slip)  # type: ignore[arg-type]
    with pytest.raises(WrongStep, match="已经记过"):
        enter_money(**slip)  # type: ignore[arg-type]
    for wrong in ({"fen": 0}, {"kind": "settlement"}, {"source": ""}, {"insured_as": "x"}):
        with pytest.raises(WrongStep):
            enter_money(**{**slip, "voucher": "2", **wrong})  # type: ignore[arg-type]
    assert balance(MAKER, AS_OF) == 12_345
    assert balance(MAKER, date(2026, 9, 30)) == 0
    back = reverse_money(entry_id=entry.pk, on=AS_OF, acting=MAKER, reason="记错了")
    assert reverse_money(entry_id=entry.pk, on=AS_OF, acting=MAKER, reason="记错了") == back
    assert balance(MAKER, AS_OF) == 0
    assert fund_entries(MAKER).count() == 2
    assert fund_entries(reader_for("county", OTHER)).count() == 0


def test_the_insured_of_a_year_are_written_again_not_twice(
    office: Office, reader_for: Callable[..., Reader]
) -> None:
    here = office.elder()
    far = office.elder(place="653201001001")
    rows = [
        (here.pk, here.place_code, "resident", True, 4),
        (far.pk, far.place_code, "employee", None, None),
    ]
    for _twice in range(2):
        assert enrol(year=2026, rows=rows, acting=MAKER) == 2
    county = reader_for("county", COUNTY)
    assert enrolment_counts(county, 2026) == {"resident": 1, "receiving": 1}
    assert [row.person_id for row in enrolments(county, 2026)] == [here.pk]
    assert enrolments(county, 2026, text=here.name).count() == 1
    # A county writes its own people anew and leaves the others alone.
    enrol(year=2026, rows=[], acting=county)
    assert enrolment_counts(MAKER, 2026) == {"employee": 1, "receiving": 0}
