"""Doubtful rows, double files and conflicts: decided, remembered, taken back to the last fact."""

from datetime import date
from typing import Any

import pytest

from tests.flows.conftest import MONTH, REGION
from tests.flows.list_rows import (
    TOWN_OF_HETIAN_CITY,
    HandIn,
    assistance,
    household,
    number,
    pension,
    reasons,
    remarks,
    survey,
    wrong,
)
from yanglao.domain.exchange.public import ReceivedList
from yanglao.domain.linkage.models import Conflict, FilePair, WaitingRow
from yanglao.domain.linkage.public import ConflictState, PairState, RowState
from yanglao.domain.people.models import ENTRY_MODELS, PensionEntry, SurveyEntry
from yanglao.domain.people.public import Person, load_facts
from yanglao.flows.check_conflicts import look_for_conflicts, settle, unsettle
from yanglao.flows.settle_doubts import (
    decide_and_recheck,
    look_for_twins,
    merge_pair,
    take_back_and_recheck,
    undo_pair,
)
from yanglao.foundation.analytics import analytic_session
from yanglao.foundation.scoping import Reader, system_reader

pytestmark = pytest.mark.django_db

CLERK = system_reader(REGION, name="测试")
NEXT = date(2026, 11, 1)
BORN = "1940-03-05"


def facts(as_of: date = date(2026, 12, 1)) -> dict[int, tuple[Any, ...]]:
    """Return the whole row of facts of everybody."""
    with analytic_session(memory="512MB") as session:
        load_facts(session, as_of=as_of, region=REGION)
        rows = session.rows("SELECT * FROM facts ORDER BY person_id")
    return {row[0]: row for row in rows}


def own_rows() -> list[tuple[Any, ...]]:
    """Return every person's own row, and every statement."""
    people = Person.objects.order_by("id").values_list(
        "id", "name", "name_fold", "place_code", "hukou_code", "residence_code", "died_on"
    )
    found: list[tuple[Any, ...]] = list(people)
    for kind, model in ENTRY_MODELS.items():
        rows = model.objects.order_by("id").values_list(
            "id", "person_id", "seen_from", "seen_to", "last_batch", "last_row", "digest"
        )
        found += [(kind.value, *row) for row in rows]
    return found


# --- rows --------------------------------------------------------------------------------------


def waiting(hand_in: HandIn, row: dict[str, Any], **more: Any) -> WaitingRow:
    """Hand in a row that waits."""
    assert hand_in([row], **more).lists[0].waiting == 1
    return WaitingRow.objects.latest("id")


def test_a_decided_row_is_the_persons_as_if_linked_at_once(hand_in: HandIn) -> None:
    """The statement has the list, row and month of the list that brought it."""
    hand_in([household(1), household(3)])
    row = waiting(hand_in, survey(出生日期=BORN, 联系电话="13900000000"))
    person = row.candidates.get(rank=0).person_id
    decide_and_recheck(row_id=row.pk, decision="same", acting=CLERK, person_id=person)
    entry = SurveyEntry.objects.get()
    assert (entry.person_id, entry.first_list_id) == (person, row.received_list_id)
    assert (entry.seen_from, entry.living, entry.phone) == (MONTH, "alone", "13900000000")
    row.refresh_from_db()
    assert row.state == RowState.LINKED


def test_a_decision_is_remembered_for_the_senders_next_list(hand_in: HandIn) -> None:
    """The same row is not asked about twice; another sender's is."""
    hand_in([household(1), household(3)])
    row = waiting(hand_in, survey(出生日期=BORN), sender="阔纳巴扎村")
    person = row.candidates.get(rank=1).person_id
    decide_and_recheck(row_id=row.pk, decision="same", acting=CLERK, person_id=person)
    again = hand_in([survey(出生日期=BORN, 居住状况="空巢")], sender="阔纳巴扎村", month=NEXT)
    assert again.lists[0].waiting == 0
    assert "确认" in remarks(again)[0]
    assert set(SurveyEntry.objects.values_list("person_id", flat=True)) == {person}
    waiting(hand_in, survey(出生日期=BORN), sender="别的村", month=NEXT)


def test_a_row_sent_back_is_counted_and_goes_back_again(hand_in: HandIn) -> None:
    """Received stays accepted plus returned; the sender's next list gets the same answer."""
    hand_in([household(1), household(3)])
    row = waiting(hand_in, survey(出生日期=BORN), sender="村")
    decide_and_recheck(row_id=row.pk, decision="return", acting=CLERK, reason="查无此人")
    received = ReceivedList.objects.get(pk=row.received_list_id)
    assert (received.received, received.accepted, received.returned) == (1, 0, 1)
    again = hand_in([survey(出生日期=BORN)], sender="村", month=NEXT)
    assert again.lists[0].returned == 1
    assert "查无此人" in reasons(again)[0]


def test_a_decision_taken_back_leaves_nothing(hand_in: HandIn) -> None:
    """Statements and people are as before; the row waits again."""
    hand_in([household(1), household(3)])
    row = waiting(hand_in, pension(1, 公民身份号码="", 出生日期=BORN))
    before, known = own_rows(), facts()
    person = row.candidates.get(rank=0).person_id
    decide_and_recheck(row_id=row.pk, decision="same", acting=CLERK, person_id=person)
    assert PensionEntry.objects.count() == 1
    take_back_and_recheck(row_id=row.pk, acting=CLERK)
    assert (own_rows(), facts()) == (before, known)
    row.refresh_from_db()
    assert row.state == RowState.WAITING


def test_the_right_number_typed_in_finds_its_person(hand_in: HandIn) -> None:
    """Also somebody who was no candidate; a wrong one is refused."""
    hand_in([household(1), household(3), household(5, "别人")])
    row = waiting(hand_in, survey(出生日期=BORN))
    with pytest.raises(ValueError, match="校验位"):
        decide_and_recheck(row_id=row.pk, decision="number", acting=CLERK, number=wrong(number(5)))
    decide_and_recheck(row_id=row.pk, decision="number", acting=CLERK, number=number(5))
    assert SurveyEntry.objects.get().person.name == "别人"


def test_a_number_in_anothers_name_waits(hand_in: HandIn) -> None:
    """Neither the owner of the number nor the namesake is guessed."""
    hand_in([household(1), household(2, "阿依古丽·艾力")])
    row = survey("阿依古丽·艾力", 公民身份号码=number(1), 出生日期=BORN)
    doubtful = waiting(hand_in, row)
    assert doubtful.why == "other_name"
    whose = {one.person.name for one in doubtful.candidates.all()}
    assert whose == {"买买提·吐尔逊", "阿依古丽·艾力"}
    assert not SurveyEntry.objects.exists()


def test_nobody_decides_about_rows_of_another_county(hand_in: HandIn) -> None:
    """Not even knowing its number."""
    hand_in([household(1), household(3)])
    row = waiting(hand_in, survey(出生日期=BORN))
    far = system_reader("653201000000")
    with pytest.raises(WaitingRow.DoesNotExist):
        decide_and_recheck(row_id=row.pk, decision="return", acting=far, reason="x")
    powerless = Reader(None, "村", "village", REGION)
    with pytest.raises(PermissionError):
        decide_and_recheck(row_id=row.pk, decision="return", acting=powerless, reason="x")


# --- files -------------------------------------------------------------------------------------


@pytest.fixture
def pair(hand_in: HandIn) -> FilePair:
    """Two files of one person, one with a wrong but valid number."""
    hand_in([household(1)], [assistance(1)], full=True)
    hand_in([pension(3)])
    return FilePair.objects.get()


def test_a_second_file_beside_a_twin_is_put_before_a_clerk(pair: FilePair) -> None:
    """As soon as it is opened; looking again finds it no second time."""
    assert pair.state == PairState.WAITING
    assert look_for_twins(acting=CLERK).pairs == 0


def test_merged_files_are_one_person(pair: FilePair) -> None:
    """All that was said of either is known of the one; the other is met nowhere."""
    apart = facts()
    merge_pair(pair_id=pair.pk, goes_on=pair.one_id, acting=CLERK, reason="看过身份证")
    together = facts()
    assert set(together) == {pair.one_id}
    names = [*apart[pair.one_id]]
    assert len(names) == len(together[pair.one_id])
    with analytic_session(memory="512MB") as session:
        load_facts(session, as_of=date(2026, 12, 1), region=REGION, person_ids=[pair.one_id])
        said = session.rows("SELECT assistance, pension_kind FROM facts")
    assert said == [("dibao", "resident")]


def test_a_merge_undone_leaves_every_fact_as_it_was(pair: FilePair) -> None:
    """Own rows, statements and facts, to the last value."""
    before, known = own_rows(), facts()
    merge_pair(pair_id=pair.pk, goes_on=pair.other_id, acting=CLERK, reason="看过户口本")
    assert facts() != known
    undo_pair(pair_id=pair.pk, acting=CLERK)
    assert (own_rows(), facts()) == (before, known)
    pair.refresh_from_db()
    assert pair.state == PairState.WAITING


def later_lists(hand_in: HandIn, **more: Any) -> None:
    """Hand in next month's lists, which still have both numbers."""
    hand_in([household(1, 户籍地址="新地址", **more)], month=NEXT)
    hand_in([pension(3, 待遇状态="暂停", **more), pension(1, **more)], month=NEXT)
    hand_in([survey(公民身份号码=number(3), 居住状况="空巢", **more)], month=NEXT)


def test_a_merge_undone_later_is_as_if_it_had_never_been(hand_in: HandIn) -> None:
    """Lists that came in meanwhile went to the file whose number they had."""
    hand_in([household(1)], [assistance(1)], full=True)
    hand_in([pension(3)])
    pair = FilePair.objects.get()
    merge_pair(pair_id=pair.pk, goes_on=pair.one_id, acting=CLERK, reason="同一人")
    later_lists(hand_in)
    undo_pair(pair_id=pair.pk, acting=CLERK)
    after = {row[0]: row[1:] for row in facts().values()}
    merged = [after[pair.one_id], after[pair.other_id]]
    Person.objects.all().delete()
    # Other files: the same bytes sent twice change nothing, and a workbook made in the same second
    # has the same bytes.
    again = {"备注": "再来"}
    hand_in([household(1, **again)], [assistance(1, **again)], full=True)
    hand_in([pension(3, **again)])
    later_lists(hand_in, **again)
    never = [row[1:] for row in sorted(facts().values(), key=lambda row: row[0])]
    assert merged == never


def test_pairs_told_apart_are_not_asked_about_again(pair: FilePair) -> None:
    """Unless the clerk takes it back."""
    from yanglao.domain.linkage.public import say_different

    say_different(pair_id=pair.pk, acting=CLERK, reason="见过两个人")
    assert look_for_twins(acting=CLERK).pairs == 0
    pair.refresh_from_db()
    assert pair.state == PairState.DIFFERENT


# --- conflicts ---------------------------------------------------------------------------------


def test_conflicts_are_found_settled_and_reopened(hand_in: HandIn) -> None:
    """Asked once while the departments say the same; gone when they agree."""
    hand_in([household(1)])
    hand_in([assistance(1)], [pension(1, 月待遇="3000")])
    assert look_for_conflicts(acting=CLERK) == (1, 0)
    conflict = Conflict.objects.get()
    assert conflict.rule == "dibao_and_pension"
    settle(conflict_id=conflict.pk, choice=None, acting=CLERK, reason="按家庭人均算，没有错")
    assert look_for_conflicts(acting=CLERK) == (0, 0)
    unsettle(conflict_id=conflict.pk, acting=CLERK)
    hand_in([pension(1, 月待遇="200")], month=NEXT)
    assert look_for_conflicts(acting=CLERK) == (0, 1)
    conflict.refresh_from_db()
    assert conflict.state == ConflictState.GONE


def test_a_residence_chosen_is_entered_and_taken_back(
    hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two villages of one month: the one that the clerk names counts."""
    monkeypatch.setenv("YANGLAO_TODAY", "2026-10-20")
    hand_in([household(1)])
    hand_in([survey(公民身份号码=number(1))])
    hand_in([survey(公民身份号码=number(1), 常住地区划代码=TOWN_OF_HETIAN_CITY)])
    look_for_conflicts(acting=CLERK)
    conflict = Conflict.objects.get(rule="two_residences")
    before = facts()
    settle(conflict_id=conflict.pk, choice=1, acting=CLERK, reason="上门看过")
    hand = SurveyEntry.objects.filter(entered_by="测试").get()
    assert hand.residence_code == "653222102208"
    unsettle(conflict_id=conflict.pk, acting=CLERK)
    assert facts() == before
