"""Maker and checker: who may decide what, and what the table of states allows."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from tests.domain.benefits.conftest import CLOCKS, COUNTY, DAY, TOWN
from tests.flows import population as p
from yanglao.domain.accounts.public import Account, name_own_person
from yanglao.domain.benefits.models import Approval, Case, CaseStep
from yanglao.domain.benefits.public import (
    MOVES,
    Bulk,
    CaseAct,
    CaseState,
    DisputeKind,
    DisputeState,
    StopCause,
    SuspendCause,
    WrongMove,
    approve_cases,
    ask_restart,
    cases,
    decide_dispute,
    post_notice,
    prepare_cases,
    refuse_case,
    resume_case,
    return_case,
    stop_case,
    suspend_case,
    take_dispute,
    withdraw_case,
)
from yanglao.domain.people.models import Person
from yanglao.domain.rights.public import (
    Asker,
    Channel,
    give_consent,
    publish_text,
    withdraw_consent,
)
from yanglao.foundation.models import AuditEntry, Job
from yanglao.foundation.scoping import Reader, system_reader

Officer = Callable[..., Reader]
Opened = Callable[..., Case]
AFTER = DAY + timedelta(days=7)
ALL = {"disability_living": CLOCKS}


def prepare(case: Case, acting: Reader, on: date = DAY) -> Bulk:
    return prepare_cases(ids=[case.pk], clocks=ALL, as_of=on, acting=acting, words="")


def post(case: Case, acting: Reader) -> None:
    post_notice(ids=[case.pk], clocks=ALL, as_of=DAY, acting=acting)


@pytest.fixture
def posted(officer: Officer, opened: Opened) -> tuple[Case, Reader]:
    """A case that hangs out, and who prepared it (an officer of the county)."""
    case = opened(p.elder(1))
    maker = officer("county", COUNTY)
    prepare(case, maker)
    post(case, maker)
    case.refresh_from_db()
    return case, maker


def test_the_whole_way_takes_two_people_and_a_notice(officer: Officer, opened: Opened) -> None:
    """Taken, prepared, posted, approved: four acts, each with who and when, each on record."""
    case = opened(p.elder(1))
    maker, checker = officer("town", TOWN), officer("county", COUNTY)
    assert prepare(case, maker).done == 1
    post(case, maker)
    early = approve_cases(ids=[case.pk], as_of=AFTER - timedelta(days=1), acting=checker)
    assert (early.done, "期满" in early.left[case.pk]) == (0, True)
    assert approve_cases(ids=[case.pk], as_of=AFTER, acting=checker).done == 1
    case.refresh_from_db()
    assert (case.state, case.approved_on) == (CaseState.APPROVED, AFTER)
    (approval,) = Approval.objects.filter(case=case)
    assert (approval.applied_on, approval.approved_on, approval.revoked_on) == (DAY, AFTER, None)
    acts = list(CaseStep.objects.filter(case=case).order_by("id").values_list("act", "by_id"))
    assert [act for act, _ in acts] == ["apply", "prepare", "notice", "approve"]
    assert [by for _, by in acts][1:] == [maker.user_id, maker.user_id, checker.user_id]
    recorded = AuditEntry.objects.filter(action="benefit_cases_approved").get()
    assert recorded.subject_id == str(case.pk)


def test_nobody_approves_what_he_prepared(posted: tuple[Case, Reader]) -> None:
    """The same officer is left out with the reason; the database would refuse him too."""
    case, maker = posted
    done = approve_cases(ids=[case.pk], as_of=AFTER, acting=maker)
    assert (done.done, "自己初审" in done.left[case.pk]) == (0, True)
    with pytest.raises(WrongMove, match="自己初审"):
        refuse_case(case_id=case.pk, words="不符合", as_of=AFTER, acting=maker)
    with pytest.raises(IntegrityError), transaction.atomic():
        Case.objects.filter(pk=case.pk).update(approved_by_id=maker.user_id)


def own(acting: Reader, person: Person) -> None:
    name_own_person(account_id=acting.user_id or 0, person_id=person.pk, acting=acting)


def test_nobody_decides_about_himself_or_his_household(officer: Officer, opened: Opened) -> None:
    """The officer's mother is of his household: neither preparing nor approving is his."""
    officer_himself, mother = p.elder(21, household=False), p.elder(22, household=False)
    for one in (officer_himself, mother):
        p.state(one, "household", hukou_code=one.place_code, household_id="H7")
    checker, maker = officer("county", COUNTY), officer("county", COUNTY)
    own(checker, officer_himself)
    mine, hers = opened(officer_himself), opened(mother)
    for case in (mine, hers):
        assert "家里" in prepare(case, checker).left[case.pk]
        assert prepare(case, maker).done == 1
        post(case, maker)
        done = approve_cases(ids=[case.pk], as_of=AFTER, acting=checker)
        assert (done.done, "家里" in done.left[case.pk]) == (0, True)
        with pytest.raises(WrongMove, match="家里"):
            return_case(case_id=case.pk, words="补", clocks=CLOCKS, as_of=AFTER, acting=checker)
        other = officer("county", COUNTY)
        assert approve_cases(ids=[case.pk], as_of=AFTER, acting=other).done == 1
        with pytest.raises(WrongMove, match="家里"):
            suspend_case(
                case_id=case.pk,
                first=AFTER,
                cause=SuspendCause.DOUBT,
                words="核实",
                as_of=AFTER,
                acting=checker,
            )


def test_an_own_file_is_named_once_and_corrected_by_another(officer: Officer) -> None:
    """Who could change it himself could step out of his family for a day."""
    checker, one, two = officer("county", COUNTY), p.elder(1), p.elder(2)
    own(checker, one)
    with pytest.raises(PermissionError):
        own(checker, two)
    name_own_person(account_id=checker.user_id or 0, person_id=two.pk, acting=system_reader())
    assert Account.objects.get(pk=checker.user_id).person_id == two.pk


def test_what_is_not_certain_cannot_be_prepared(officer: Officer, opened: Opened) -> None:
    """Possible: the missing fact is asked for. No: it can only be refused or withdrawn."""
    maker = officer("town", TOWN)
    perhaps = opened(p.elder(1), status="possible", missing=("问残联",))
    no = opened(p.elder(2), status="no")
    assert "还缺" in prepare(perhaps, maker).left[perhaps.pk]
    assert "不符合" in prepare(no, maker).left[no.pk]
    with pytest.raises(WrongMove, match="原因"):
        refuse_case(case_id=no.pk, words=" ", as_of=DAY, acting=officer("county", COUNTY))
    refuse_case(case_id=no.pk, words="没有残疾人证", as_of=DAY, acting=officer("county", COUNTY))
    no.refresh_from_db()
    assert no.state == CaseState.REFUSED


def test_an_open_objection_holds_the_approval(
    posted: tuple[Case, Reader], officer: Officer
) -> None:
    """Objected, answered, approved; an objection that stands sends the case back."""
    case, maker = posted
    village = officer("village", case.place_code)
    told = take_dispute(
        case_id=case.pk,
        kind=DisputeKind.OBJECTION,
        asker="邻居",
        words="他家有车",
        clocks=CLOCKS,
        as_of=DAY,
        acting=village,
    )
    checker = officer("county", COUNTY)
    assert "异议" in approve_cases(ids=[case.pk], as_of=AFTER, acting=checker).left[case.pk]
    decide_dispute(
        dispute_id=told.pk,
        outcome=DisputeState.UPHELD,
        answer="属实",
        as_of=AFTER,
        acting=maker,
    )
    case.refresh_from_db()
    assert (case.state, case.notice_id) == (CaseState.RETURNED, None)
    with pytest.raises(WrongMove):
        take_dispute(
            case_id=case.pk,
            kind=DisputeKind.OBJECTION,
            asker="",
            words="再提",
            clocks=CLOCKS,
            as_of=AFTER,
            acting=village,
        )


@pytest.fixture
def paid(posted: tuple[Case, Reader], officer: Officer) -> tuple[Case, Reader, Reader]:
    """An approved case, its maker and its checker."""
    case, maker = posted
    checker = officer("county", COUNTY)
    approve_cases(ids=[case.pk], as_of=AFTER, acting=checker)
    case.refresh_from_db()
    return case, maker, checker


def test_who_suspends_does_not_give_free_again(paid: tuple[Case, Reader, Reader]) -> None:
    """A suspension has a beginning, an end after it, and whether anything was found."""
    case, maker, checker = paid
    held = suspend_case(
        case_id=case.pk,
        first=AFTER,
        cause=SuspendCause.LIFE,
        words="没有做生存认证",
        as_of=AFTER,
        acting=checker,
    )
    later = AFTER + timedelta(days=20)
    with pytest.raises(WrongMove, match="换别人"):
        resume_case(case_id=case.pk, end=later, cleared=True, words="", as_of=later, acting=checker)
    with pytest.raises(WrongMove, match="晚于"):
        resume_case(case_id=case.pk, end=AFTER, cleared=True, words="", as_of=later, acting=maker)
    resume_case(case_id=case.pk, end=later, cleared=True, words="", as_of=later, acting=maker)
    held.refresh_from_db()
    case.refresh_from_db()
    assert (held.end, held.cleared, case.state) == (later, True, CaseState.APPROVED)


def test_a_stop_ends_the_approval_and_an_appeal_takes_another_decider(
    paid: tuple[Case, Reader, Reader], officer: Officer
) -> None:
    """Stopped by hand, appealed, upheld by somebody else: as if it had not been."""
    case, _maker, checker = paid
    stop_on = AFTER + timedelta(days=3)
    stop_case(
        case_id=case.pk,
        on=stop_on,
        cause=StopCause.REVOKED,
        words="骗领",
        as_of=stop_on,
        acting=checker,
    )
    case.refresh_from_db()
    assert (case.state, case.stopped_by_hand) == (CaseState.STOPPED, True)
    assert Approval.objects.get(case=case).revoked_on == stop_on
    assert Job.objects.filter(name="follow_benefits").count() == 1
    appeal = take_dispute(
        case_id=case.pk,
        kind=DisputeKind.APPEAL,
        asker="本人",
        words="没有骗领",
        clocks=CLOCKS,
        as_of=stop_on,
        acting=officer("town", TOWN),
    )
    told: dict[str, Any] = {
        "dispute_id": appeal.pk,
        "outcome": DisputeState.UPHELD,
        "answer": "查无此事",
        "as_of": stop_on,
    }
    with pytest.raises(WrongMove, match="原来"):
        decide_dispute(**told, acting=checker)
    decide_dispute(**told, acting=officer("county", COUNTY))
    case.refresh_from_db()
    assert case.state == CaseState.APPROVED
    open_one = Approval.objects.get(case=case, revoked_on=None)
    assert open_one.approved_on == AFTER


def test_starting_again_takes_two_people_but_no_second_notice(
    paid: tuple[Case, Reader, Reader], officer: Officer
) -> None:
    """Who asks for it does not approve it; the old approval stays as it ended."""
    case, maker, checker = paid
    stop_case(
        case_id=case.pk,
        on=AFTER,
        cause=StopCause.ADMISSION,
        words="入住敬老院",
        as_of=AFTER,
        acting=checker,
    )
    again = AFTER + timedelta(days=40)
    ask_restart(case_id=case.pk, words="已经离院", as_of=again, acting=maker)
    assert approve_cases(ids=[case.pk], as_of=again, acting=maker).done == 0
    assert approve_cases(ids=[case.pk], as_of=again, acting=officer("county", COUNTY)).done == 1
    rows = Approval.objects.filter(case=case).order_by("id")
    assert [row.revoked_on for row in rows] == [AFTER, None]


def test_an_appeal_after_its_time_is_told_so(posted: tuple[Case, Reader], officer: Officer) -> None:
    """Sixty days after the decision, and before any decision, there is no appeal."""
    case, _maker = posted
    village = officer("village", case.place_code)
    told: dict[str, Any] = {
        "case_id": case.pk,
        "kind": DisputeKind.APPEAL,
        "asker": "本人",
        "words": "不服",
        "clocks": CLOCKS,
        "acting": village,
    }
    with pytest.raises(WrongMove, match="还没有作出决定"):
        take_dispute(**told, as_of=DAY)
    refuse_case(case_id=case.pk, words="不符", as_of=DAY, acting=officer("county", COUNTY))
    with pytest.raises(WrongMove, match="期限"):
        take_dispute(**told, as_of=DAY + timedelta(days=61))
    assert take_dispute(**told, as_of=DAY + timedelta(days=60)).due_on


@pytest.mark.parametrize("state", list(CaseState))
def test_what_the_table_does_not_allow_is_refused(
    state: CaseState, officer: Officer, opened: Opened
) -> None:
    """Each act from each state: the table says whether, and the act obeys it."""
    case = opened(p.elder(1))
    Case.objects.filter(pk=case.pk).update(
        state=state, stop_cause="other" if state == CaseState.STOPPED else ""
    )
    checker = officer("county", COUNTY)
    if state in MOVES[CaseAct.WITHDRAW][0]:
        withdraw_case(case_id=case.pk, words="", as_of=DAY, acting=checker)
    else:
        with pytest.raises(WrongMove):
            withdraw_case(case_id=case.pk, words="", as_of=DAY, acting=checker)
    if state not in MOVES[CaseAct.PREPARE][0]:
        assert prepare(case, checker).done == 0


def test_another_county_sees_and_does_nothing(opened: Opened, officer: Officer) -> None:
    """Reads and acts stay within the area; roles that may not approve are refused."""
    case = opened(p.elder(1))
    other = officer("county", "653201000000")
    assert not cases(other).exists()
    assert prepare(case, other).done == 0
    with pytest.raises(Case.DoesNotExist):
        withdraw_case(case_id=case.pk, words="", as_of=DAY, acting=other)
    with pytest.raises(PermissionError):
        approve_cases(ids=[case.pk], as_of=AFTER, acting=officer("town", TOWN))
    with pytest.raises(PermissionError):
        prepare(case, officer("village", case.place_code))


def test_bulk_takes_all_but_exceptions_in_a_fixed_number_of_queries(
    officer: Officer, opened: Opened, django_assert_max_num_queries: Any
) -> None:
    """Forty cases cost what four cost; each left one has its reason."""
    maker, checker = officer("town", TOWN), officer("county", COUNTY)
    made = [opened(p.elder(number)) for number in range(1, 21)]
    ids = [case.pk for case in made]
    with django_assert_max_num_queries(12):
        done = prepare_cases(ids=ids, clocks=ALL, as_of=DAY, acting=maker, words="")
    assert done.done == 20
    post_notice(ids=ids[:-1], clocks=ALL, as_of=DAY, acting=maker)
    with django_assert_max_num_queries(20):
        done = approve_cases(ids=ids, as_of=AFTER, acting=checker)
    assert (done.done, list(done.left.values())) == (19, ["还没有公示。"])


def test_a_consent_taken_back_holds_the_approval(
    posted: tuple[Case, Reader], officer: Officer
) -> None:
    """Who was found without applying and does not want it any more is not paid."""
    case, _maker = posted
    county = officer("county", COUNTY)
    text = publish_text(code="c", title="t", body="b", acting=system_reader())
    consent = give_consent(
        person_id=case.person_id,
        text_id=text.pk,
        given_by=Asker.SELF,
        channel=Channel.HOME,
        as_of=DAY,
        acting=county,
    )
    Case.objects.filter(pk=case.pk).update(consent=consent)
    withdraw_consent(consent_id=consent.pk, channel=Channel.PHONE, as_of=DAY, acting=county)
    done = approve_cases(ids=[case.pk], as_of=AFTER, acting=county)
    assert (done.done, "撤回同意" in done.left[case.pk]) == (0, True)
