"""A batch as a whole: full lists, refusals, areas, counts, mappings."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.flows.conftest import MONTH, REGION, workbook
from tests.flows.list_rows import (
    MOYU,
    TOWN_OF_HETIAN_CITY,
    HandIn,
    household,
    number,
    pension,
    reasons,
)
from yanglao.domain.exchange.public import ReceivedList, RowNote, mappings
from yanglao.domain.people.models import (
    Coverage,
    HouseholdEntry,
    Mention,
)
from yanglao.domain.people.public import Person, number_indexes
from yanglao.flows.take_in_list import CannotTakeIn, take_in
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import Reader, system_reader

pytestmark = pytest.mark.django_db


# --- full lists --------------------------------------------------------------------------------


def test_a_full_batch_covers_the_kinds_it_brings(hand_in: HandIn) -> None:
    """For its place and month, and no other kind."""
    hand_in([household(1)], [pension(1)], full=True)
    assert set(Coverage.objects.values_list("kind", "division_code", "month", "full")) == {
        ("household", REGION, MONTH, True),
        ("pension", REGION, MONTH, True),
    }


def test_a_supplement_covers_nothing(hand_in: HandIn) -> None:
    """It is noted as such."""
    hand_in([pension(1)])
    assert Coverage.objects.get().full is False


def test_an_empty_full_list_covers(hand_in: HandIn) -> None:
    """Nobody in the shelter this month is a list too."""
    header = ["姓名", "公民身份号码", "救助日期", "状态"]
    taken = hand_in(workbook({"救助": [["和田地区2026年10月流浪救助名单"], header]}), full=True)
    assert taken.lists[0].received == 0
    assert Coverage.objects.get().full


def test_a_returned_row_is_mentioned(hand_in: HandIn) -> None:
    """The person stands on the list; only the row could not be read."""
    hand_in([household(1), household(2, "古丽")])
    hand_in([pension(1, 待遇状态="同上"), pension(2, "古丽")], full=True)
    assert Mention.objects.get().person == Person.objects.get(
        id_index=number_indexes([number(1)])[0]
    )


def test_a_lost_number_is_mentioned_by_what_is_left_of_it(hand_in: HandIn) -> None:
    """Fifteen digits and the name point to one person: not linked, but not absent either."""
    hand_in([household(1), household(2, "古丽·艾力", born="19511231")])
    rows = [
        pension(2, "古丽·艾力", 公民身份号码=number(2, "19511231")),
        pension(1, 公民身份号码=6.53222194003050e17),
    ]
    taken = hand_in(rows, full=True)
    assert "丢失" in reasons(taken)[0]
    assert Mention.objects.get().person.name == "买买提·吐尔逊"


def test_a_list_of_which_everything_went_back_concludes_nothing(hand_in: HandIn) -> None:
    """A spreadsheet that lost all numbers would take everybody's pension away."""
    hand_in([household(1)])
    taken = hand_in([pension(1, 公民身份号码="6.53222E+17")], full=True)
    assert not Coverage.objects.get(kind="pension").full
    assert "没有作为完整名单" in taken.lists[0].notices[-1]


def test_a_full_file_with_an_unreadable_sheet_goes_back(hand_in: HandIn) -> None:
    """The people on that sheet would count as absent."""
    good = [list(pension(1)), list(pension(1).values())]
    bad = [["名字", "某列"], ["甲", number(2)], ["乙", number(3)]]
    taken = hand_in(workbook({"一": good, "二": bad}), [household(1)], full=True)
    assert [one.state for one in taken.lists] == ["refused", "taken_in"]
    assert "二" in taken.lists[0].refusal
    assert set(Coverage.objects.values_list("kind", flat=True)) == {"household"}


def test_a_supplement_with_an_unreadable_sheet_gives_it_back(hand_in: HandIn) -> None:
    """The other sheets go in; the one that could not be read is answered for by itself."""
    good = [list(pension(1)), list(pension(1).values())]
    bad = [["名字", "某列"], ["甲", number(2)], ["乙", number(3)]]
    taken = hand_in(workbook({"一": good, "二": bad}))
    assert [one.state for one in taken.lists] == ["taken_in", "refused"]
    assert "二" in taken.lists[1].name


def test_pages_of_notes_are_left_alone(hand_in: HandIn) -> None:
    """A cover or explanation is no list."""
    good = [list(pension(1)), list(pension(1).values())]
    note = [["填表说明"], ["一、姓名按户口簿填写"], ["二、号码为 18 位"]]
    taken = hand_in(workbook({"说明": note, "名单": good}), full=True)
    assert taken.lists[0].accepted == 1
    assert "说明" in taken.lists[0].notices[0]


def test_a_refused_list_of_a_kind_keeps_the_kind_uncovered(hand_in: HandIn) -> None:
    """Two counties' pension files, one without a required column: nobody is concluded absent."""
    half = [{k: v for k, v in pension(2).items() if k != "待遇状态"}]
    taken = hand_in([pension(1)], half, full=True)
    assert [one.state for one in taken.lists] == ["taken_in", "refused"]
    assert taken.lists[1].kind == "pension"
    assert not Coverage.objects.get(kind="pension").full


# --- what goes back whole ------------------------------------------------------------------------


def test_an_unreadable_file_goes_back_and_the_others_go_in(hand_in: HandIn) -> None:
    """With the reason in words."""
    taken = hand_in(b"%PDF-1.7 ...", [household(1)])
    assert [one.state for one in taken.lists] == ["refused", "taken_in"]
    assert "PDF" in taken.lists[0].refusal
    assert ReceivedList.objects.get(state="refused").received == 0


def test_a_clerk_hands_in_his_departments_kinds_only(
    hand_in: HandIn, reader_for: Callable[..., Reader]
) -> None:
    """Others are refused with the reason."""
    clerk = reader_for("clerk", REGION, "social")
    taken = hand_in([pension(1)], [household(1)], acting=clerk)
    assert [one.state for one in taken.lists] == ["taken_in", "refused"]
    assert "不报送" in taken.lists[1].refusal


def test_rows_outside_the_area_go_back(hand_in: HandIn, reader_for: Callable[..., Reader]) -> None:
    """A county officer brings in his county's people, and new ones."""
    hand_in([household(1, 户籍地区划代码=TOWN_OF_HETIAN_CITY), household(2, "古丽")])
    county = reader_for("county", MOYU)
    taken = hand_in(
        [pension(1), pension(2, "古丽"), pension(4, "艾力")], acting=county, division=MOYU
    )
    assert (taken.lists[0].accepted, taken.lists[0].returned) == (2, 1)
    assert "辖区" in reasons(taken)[0]
    assert Person.objects.get(id_index=number_indexes([number(4)])[0]).place_code == MOYU


def test_a_new_person_outside_the_area_goes_back(
    hand_in: HandIn, reader_for: Callable[..., Reader]
) -> None:
    """No file is opened for him."""
    rows = [household(1, 户籍地区划代码=TOWN_OF_HETIAN_CITY)]
    taken = hand_in(rows, acting=reader_for("county", MOYU), division=MOYU)
    assert taken.lists[0].returned == 1
    assert not Person.objects.exists()


def test_a_mover_into_the_area_may_be_brought_in(
    hand_in: HandIn, reader_for: Callable[..., Reader]
) -> None:
    """The register row itself says that he is here now."""
    hand_in([household(1, 户籍地区划代码=TOWN_OF_HETIAN_CITY)])
    taken = hand_in([household(1)], acting=reader_for("county", MOYU), division=MOYU)
    assert taken.lists[0].accepted == 1


@pytest.mark.parametrize(
    ("asked", "error", "message"),
    [
        ({"full": True, "month": None}, CannotTakeIn, "写明月份"),
        ({"division": "6532x"}, CannotTakeIn, "看不懂区划"),
        ({"division": "653299"}, CannotTakeIn, "没有区划"),
        ({"division": "4453"}, PermissionError, "辖区"),
        ({"kind": "elephants"}, CannotTakeIn, "没有“elephants”"),
        ({"mapping": {"甲": "乙列"}}, CannotTakeIn, "乙列"),
    ],
)
def test_a_batch_asked_for_wrongly(
    hand_in: HandIn, asked: dict[str, Any], error: type[Exception], message: str
) -> None:
    """Said at once, in words; nothing is written."""
    with pytest.raises(error, match=message):
        hand_in([household(1)], **asked)
    assert not ReceivedList.objects.exists()


def test_no_files_is_no_batch(tiny_hetian: str) -> None:
    """Said in words."""
    with pytest.raises(CannotTakeIn, match="没有文件"):
        take_in([], acting=system_reader(), division="6532", month=None, full=False)


@pytest.mark.parametrize("role", ["system_admin", "village", "town"])
def test_who_may_not_take_in(hand_in: HandIn, reader_for: Callable[..., Reader], role: str) -> None:
    """Lists are taken in by clerks and by officers from the county up."""
    with pytest.raises(PermissionError):
        hand_in([household(1)], acting=reader_for(role, REGION))


# --- answering ------------------------------------------------------------------------------------


def test_received_is_accepted_plus_returned(hand_in: HandIn) -> None:
    """For every list, and only what was wrong or odd leaves a note."""
    rows = [household(order) for order in range(1, 30, 2)]
    rows += [household(31, 户籍地区划代码="653222999"), household(33, 公民身份号码="123")]
    rows += [household(35, 出生日期="1950-01-01")]
    taken = hand_in(rows, [pension(1), pension(3, 待遇状态="?")])
    for one in taken.lists:
        assert one.received == one.accepted + one.returned
    assert (taken.lists[0].received, taken.lists[0].returned, taken.lists[0].flagged) == (18, 2, 1)
    assert RowNote.objects.count() == 4
    (note,) = [one for one in RowNote.objects.order_by("pk") if "18 位" in one.reasons]
    assert (note.sheet, note.row_no, note.name) == ("名单", 18, "买买提·吐尔逊")
    assert note.cells[1] == "123"


def test_a_mapping_is_remembered_for_the_sender(hand_in: HandIn) -> None:
    """Confirmed once, applied from then on; other senders' files are not read by it."""
    row = {"老人": "买买提", "证件": number(1), "类型": "城乡居民基本养老保险", "情形": "正常"}
    names = {"老人": "姓名", "证件": "公民身份号码", "类型": "险种", "情形": "待遇状态"}
    assert hand_in([row], sender="墨玉县人社局").lists[0].state == "refused"
    taken = hand_in([row], sender="墨玉县人社局", mapping=names)
    assert taken.lists[0].accepted == 1
    assert mappings("墨玉县人社局") == {"pension": names}
    other = {**row, "情形": "暂停"}
    assert hand_in([other], sender="墨玉县人社局").lists[0].accepted == 1
    assert hand_in([other], sender="和田市人社局").lists[0].state == "refused"


def test_acts_are_audited(hand_in: HandIn) -> None:
    """Who took in which list."""
    hand_in([household(1)])
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"list_taken_in", "batch_taken_in"} <= actions


def test_progress_goes_from_nothing_to_done(hand_in: HandIn) -> None:
    """Never backwards, and ends at a hundred."""
    seen: list[tuple[int, int]] = []
    hand_in(
        [household(1)], [pension(1)], report=lambda done, total, what: seen.append((done, total))
    )
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    assert seen[-1] == (100, 100)


def test_several_sheets_of_a_file_are_one_list(hand_in: HandIn) -> None:
    """A sheet a town; rows are told apart by sheet and row."""
    header = list(household(1))
    sheets = {f"{at}镇": [header, list(household(at, f"买买提{at}").values())] for at in (1, 3, 5)}
    taken = hand_in(workbook(sheets))
    assert (len(taken.lists), taken.lists[0].accepted) == (1, 3)
    rows = set(HouseholdEntry.objects.values_list("last_row", flat=True))
    assert rows == {"1镇!2", "3镇!2", "5镇!2"}


def test_several_kinds_in_a_file_are_several_lists(hand_in: HandIn) -> None:
    """Each counted for itself."""
    register = [list(household(1)), list(household(1).values())]
    pensions = [list(pension(1)), list(pension(1).values())]
    taken = hand_in(workbook({"养老": pensions, "户籍": register}))
    assert [one.kind for one in taken.lists] == ["pension", "household"]
    assert [one.accepted for one in taken.lists] == [1, 1]
