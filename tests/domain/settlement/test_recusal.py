"""Nobody decides about money of his own household: in a run of many, and of a claim."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.flows import payment_world as w
from tests.flows import population as p
from tests.flows.test_pay_month import simple
from yanglao.domain.accounts.public import name_own_person, reader_of
from yanglao.domain.people.models import Person
from yanglao.domain.settlement.models import Claim, Finding, PaymentRun, Recusal
from yanglao.domain.settlement.public import (
    Refused,
    agree_instalments,
    answer_recusal,
    approve_run,
    ask_recusal,
    ask_write_off,
    decide_findings,
    decide_write_off,
    finish_checks,
    own_money,
    record_repayment,
    send_back,
    submit_run,
    took_part,
)
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import Reader

pytestmark = pytest.mark.django_db
DAY = date(2024, 3, 20)
Officer = Callable[[], Reader]


@pytest.fixture(autouse=True)
def _rules(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    w.prepare(tmp_path / "policies", settings)


@pytest.fixture
def officer(account_for: Callable[..., Any]) -> Officer:
    """Return officers of the county with accounts of their own, none that of MAKER or CHECKER."""
    for _spare in range(2):
        account_for("county", w.COUNTY)
    return lambda: reader_of(account_for("county", w.COUNTY))


@pytest.fixture
def household() -> tuple[Person, Person]:
    """An officer himself, too young to be paid, and his mother, who is."""
    himself, mother = p.elder(21, household=False), p.elder(22, household=False)
    for one in (himself, mother):
        p.state(one, "household", hukou_code=one.place_code, household_id="H7")
    return himself, mother


def submitted(people: dict[int, Any], month: str = "2024-03") -> PaymentRun:
    run = w.frozen(w.Facts(people), month, start="2024-03")
    finish_checks(run_id=run.pk, acting=w.MAKER)
    return submit_run(run_id=run.pk, acting=w.MAKER)


def own(acting: Reader, person: Person) -> None:
    name_own_person(account_id=acting.user_id or 0, person_id=person.pk, acting=acting)


def approve(run: PaymentRun, acting: Reader) -> PaymentRun:
    return approve_run(run_id=run.pk, acting=acting, as_of=DAY)


def test_an_approver_leaves_his_family_to_another_and_approves_the_rest(
    officer: Officer, household: tuple[Person, Person]
) -> None:
    """Refused until another approver agreed to exactly that money; then the run goes at once."""
    himself, mother = household
    stranger = p.elder(1)
    run = submitted({mother.pk: simple(), stranger.pk: simple()})
    checker, other = officer(), officer()
    own(checker, himself)
    (hers,) = own_money(run, [checker.user_id])
    assert (hers.person_id, hers.fen > 0) == (mother.pk, True)
    with pytest.raises(Refused, match="家里的人"):
        approve(run, checker)
    assert ask_recusal(run_id=run.pk, acting=checker) == 1
    assert ask_recusal(run_id=run.pk, acting=checker) == 1  # again: nothing is asked twice
    with pytest.raises(Refused, match="家里的人"):
        approve(run, checker)
    with pytest.raises(Refused, match="自己复核"):
        answer_recusal(
            run_id=run.pk,
            asked_by_id=checker.user_id or 0,
            agree=True,
            words="",
            acting=checker,
        )
    by = checker.user_id or 0
    done = answer_recusal(run_id=run.pk, asked_by_id=by, agree=True, words="金额无误", acting=other)
    assert done == 1 and Recusal.objects.count() == 1
    assert not took_part(run, acting=other) and not took_part(run, acting=checker)
    approve(run, checker)
    run.refresh_from_db()
    assert run.state == "approved"
    told = AuditEntry.objects.get(action="payment_run_approved")
    assert told.detail["recused"] == 1
    assert AuditEntry.objects.filter(action="payment_run_recusal_answered").count() == 1


def test_another_approver_may_take_the_whole_run(
    officer: Officer, household: tuple[Person, Person]
) -> None:
    himself, mother = household
    run = submitted({mother.pk: simple()})
    checker, other = officer(), officer()
    own(checker, himself)
    approve(run, other)


def test_what_was_agreed_counts_for_that_submission_only(
    officer: Officer, household: tuple[Person, Person]
) -> None:
    """Given back and submitted again, it is asked again: decisions may have changed meanwhile."""
    himself, mother = household
    run = submitted({mother.pk: simple()})
    checker, other = officer(), officer()
    own(checker, himself)
    by = checker.user_id or 0
    ask_recusal(run_id=run.pk, acting=checker)
    answer_recusal(run_id=run.pk, asked_by_id=by, agree=True, words="", acting=other)
    send_back(run_id=run.pk, acting=other, reason="再核一遍")
    finish_checks(run_id=run.pk, acting=w.MAKER)
    submit_run(run_id=run.pk, acting=w.MAKER)
    with pytest.raises(Refused, match="家里的人"):
        approve(run, checker)
    assert Recusal.objects.count() == 1


def test_who_does_not_agree_says_why_and_the_run_stays(
    officer: Officer, household: tuple[Person, Person]
) -> None:
    himself, mother = household
    run = submitted({mother.pk: simple()})
    checker, other = officer(), officer()
    own(checker, himself)
    by = checker.user_id or 0
    ask_recusal(run_id=run.pk, acting=checker)
    with pytest.raises(Refused, match="原因"):
        answer_recusal(run_id=run.pk, asked_by_id=by, agree=False, words=" ", acting=other)
    answer_recusal(run_id=run.pk, asked_by_id=by, agree=False, words="本人已去世", acting=other)
    with pytest.raises(Refused, match="家里的人"):
        approve(run, checker)
    with pytest.raises(Refused, match="没有等您"):
        answer_recusal(run_id=run.pk, asked_by_id=by, agree=True, words="", acting=other)


def test_neither_a_maker_nor_one_of_the_same_household_can_agree(
    officer: Officer, household: tuple[Person, Person]
) -> None:
    """Two officers of one household do not sign for each other."""
    himself, mother = household
    sister = p.elder(23, household=False)
    p.state(sister, "household", hukou_code=sister.place_code, household_id="H7")
    run = submitted({mother.pk: simple()})
    checker, relative = officer(), officer()
    own(checker, himself)
    own(relative, sister)
    ask_recusal(run_id=run.pk, acting=checker)
    answer = {"run_id": run.pk, "asked_by_id": checker.user_id or 0, "agree": True, "words": ""}
    with pytest.raises(Refused, match="您家里的人"):
        answer_recusal(**answer, acting=relative)
    with pytest.raises(Refused, match="经办过"):
        answer_recusal(**answer, acting=w.MAKER)
    one = Recusal.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Recusal.objects.filter(pk=one.pk).update(decided_by_id=one.asked_by_id, agreed=True)


def test_findings_about_ones_family_are_left_to_another(
    officer: Officer, household: tuple[Person, Person]
) -> None:
    """Holding or releasing is the only thing a maker decides: of his family he decides nothing."""
    himself, mother = household
    stranger = p.elder(1)
    facts = w.Facts({mother.pk: simple(), stranger.pk: simple()}, accounts=[])
    run = w.frozen(facts, "2024-03", start="2024-03")
    maker = officer()
    own(maker, himself)
    found = {one.person_id: one.pk for one in Finding.objects.filter(run=run, stops=True)}
    assert set(found) == {mother.pk, stranger.pk}
    said = {"run_id": run.pk, "decision": "held", "reason": "核实"}
    assert decide_findings(finding_ids=found.values(), acting=maker, **said) == 1
    assert Finding.objects.get(pk=found[mother.pk]).decision == ""
    with pytest.raises(Refused, match="家里的人"):
        decide_findings(finding_ids=[found[mother.pk]], acting=maker, **said)
    with pytest.raises(Refused, match="1 条"):
        finish_checks(run_id=run.pk, acting=maker)
    assert decide_findings(finding_ids=[found[mother.pk]], acting=w.MAKER, **said) == 1


def test_what_ones_family_owes_is_another_officers(
    officer: Officer, household: tuple[Person, Person]
) -> None:
    """Instalments, receipts, asking for and deciding a write-off."""
    himself, mother = household
    facts = w.Facts({mother.pk: simple()})
    w.paid_through(facts, "2024-03", start="2024-03")
    later = w.Facts({mother.pk: simple(end=date(2024, 2, 10), cause="death")})
    w.approved(later, "2024-04")
    claim = Claim.objects.get()
    relative, other = officer(), officer()
    own(relative, himself)
    with pytest.raises(Refused, match="家里的人"):
        agree_instalments(claim_id=claim.pk, months=3, as_of=DAY, acting=relative)
    with pytest.raises(Refused, match="家里的人"):
        record_repayment(claim_id=claim.pk, fen=1, paid_on=DAY, proof="1", acting=relative)
    with pytest.raises(Refused, match="家里的人"):
        ask_write_off(claim_id=claim.pk, why="困难", acting=relative)
    asked = ask_write_off(claim_id=claim.pk, why="困难", acting=other)
    with pytest.raises(Refused, match="家里的人"):
        decide_write_off(write_off_id=asked.pk, agree=True, as_of=DAY, acting=relative)
    decide_write_off(write_off_id=asked.pk, agree=True, as_of=DAY, acting=w.CHECKER)


def test_asking_costs_the_same_for_many_recipients(
    officer: Officer,
    household: tuple[Person, Person],
    django_assert_max_num_queries: Any,
) -> None:
    himself, mother = household
    checker = officer()
    own(checker, himself)
    run = submitted({n: simple() for n in range(1001, 1300)} | {mother.pk: simple()})
    with django_assert_max_num_queries(12):
        assert len(own_money(run, [checker.user_id])) == 1
