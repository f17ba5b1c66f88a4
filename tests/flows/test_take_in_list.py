"""A list comes in: counts that add up, links, coverage, repeats, refusals."""

from datetime import date
from typing import Any

import pytest

from tests.flows.conftest import MONTH, REGION, listed
from tests.flows.list_rows import (
    MOYU,
    TOWN_OF_HETIAN_CITY,
    VILLAGE,
    HandIn,
    assistance,
    household,
    number,
    pension,
    reasons,
    remarks,
    statements,
    survey,
    wrong,
)
from yanglao.domain.exchange.public import ListState, ReceivedList
from yanglao.domain.linkage.models import WaitingRow
from yanglao.domain.people.models import (
    ENTRY_MODELS,
    AssistanceEntry,
    Contact,
    Coverage,
    HouseholdEntry,
    Mention,
    PensionEntry,
)
from yanglao.domain.people.public import Kind, Person
from yanglao.kernel.idnumber import check_digit

pytestmark = pytest.mark.django_db

#: Everything fits but the month.
NO_SUCH_DAY = "65322219401305001" + check_digit("65322219401305001")


# --- what comes in ---------------------------------------------------------------------------


def test_a_register_opens_files(hand_in: HandIn) -> None:
    """Name, birth date, sex and place of a person follow from his row and number."""
    taken = hand_in([household(1, "买买提. 吐尔逊"), household(2, "古丽·艾力", born="19511231")])
    assert [(one.state, one.received, one.accepted) for one in taken.lists] == [("taken_in", 2, 2)]
    first, second = Person.objects.order_by("birth_date")
    assert (first.name, first.name_fold) == ("买买提·吐尔逊", "买买提吐尔逊")
    assert (first.birth_date, first.sex) == (date(1940, 3, 5), "M")
    assert (first.place_code, first.hukou_code, first.in_register) == (VILLAGE, VILLAGE, True)
    assert (second.birth_date, second.sex) == (date(1951, 12, 31), "F")
    entry = HouseholdEntry.objects.get(person=first)
    assert (entry.holds_from, entry.seen_from, entry.seen_to) == (MONTH, MONTH, MONTH)
    assert entry.last_row == "名单!2"


def test_someone_on_another_list_only_gets_a_file_too(hand_in: HandIn) -> None:
    """Birth date and sex from the number, registration unknown, place that of the list."""
    hand_in([pension(5)])
    person = Person.objects.get()
    assert (person.hukou_code, person.residence_code, person.in_register) == ("", "", False)
    assert (person.birth_date, person.sex) == (date(1940, 3, 5), "M")
    assert person.place_code == REGION


def test_the_title_narrows_the_place_of_such_a_person(hand_in: HandIn) -> None:
    """A list headed 墨玉县 is of 墨玉县; so its officers see it."""
    taken = hand_in(listed([pension(5)], title="墨玉县2026年10月城乡居民养老保险花名册"))
    assert Person.objects.get().place_code == MOYU
    assert ReceivedList.objects.get(pk=taken.lists[0].list_id).place_code == MOYU


def test_the_register_is_taken_in_first_whatever_the_order(hand_in: HandIn) -> None:
    """A pension row with a wrong number is linked to the person of a later file."""
    row = pension(1, 公民身份号码=wrong(number(1)))
    taken = hand_in([row], [household(1)])
    assert [one.accepted for one in taken.lists] == [1, 1]
    assert "校验位不符" in remarks(taken)[0]
    assert PensionEntry.objects.get().person == Person.objects.get()


def test_answers_keep_the_order_of_the_files(hand_in: HandIn) -> None:
    """Whatever was taken in first."""
    taken = hand_in([pension(1)], [household(1)])
    assert [one.kind for one in taken.lists] == ["pension", "household"]


def test_the_name_follows_the_register(hand_in: HandIn) -> None:
    """A name from another list stands until the register brings its own."""
    hand_in([pension(1, "麦麦提·吐尔逊")])
    hand_in([household(1, "买买提·吐尔逊")])
    assert Person.objects.get().name == "买买提·吐尔逊"
    hand_in([pension(1, "麦麦提·吐尔逊")], month=date(2026, 11, 1))
    assert Person.objects.get().name == "买买提·吐尔逊"
    hand_in([household(1, "买买提·吐尔洪")], month=date(2026, 11, 1))
    assert Person.objects.get().name == "买买提·吐尔洪"


def test_residence_counts_before_registration(hand_in: HandIn) -> None:
    """A person is served where he lives, if that is a place we know."""
    hand_in([household(1)], [survey(公民身份号码=number(1), 常住地区划代码=TOWN_OF_HETIAN_CITY)])
    person = Person.objects.get()
    assert (person.place_code, person.residence_code) == (TOWN_OF_HETIAN_CITY,) * 2
    assert person.hukou_code == VILLAGE


def test_a_move_away_leaves_the_place_and_says_elsewhere(hand_in: HandIn) -> None:
    """户籍地 is then known to be elsewhere; nobody else has told where the person is served."""
    hand_in([household(1)])
    hand_in([household(1, 人员状态="迁出", 状态日期="2026-10-20")], month=date(2026, 11, 1))
    person = Person.objects.get()
    assert (person.hukou_code, person.place_code) == ("elsewhere", VILLAGE)


@pytest.mark.parametrize("kind", ["register", "deaths"])
def test_a_death_is_kept_with_the_person(hand_in: HandIn, kind: str) -> None:
    """Whichever list tells it; the earliest date counts."""
    if kind == "register":
        hand_in([household(1, 人员状态="死亡", 状态日期="2026-09-09")])
    else:
        row = {"姓名": "买买提", "公民身份号码": number(1), "死亡日期": "2026-09-09"}
        hand_in([household(1)], [row, {**row, "死亡日期": "2026-09-12"}])
    assert Person.objects.get().died_on == date(2026, 9, 9)


def test_registration_outside_the_region_is_fine(hand_in: HandIn) -> None:
    """The person is served where the list is from."""
    hand_in([household(1, 户籍地区划代码="510104")])
    person = Person.objects.get()
    assert (person.hukou_code, person.place_code) == ("510104000000", REGION)


def test_a_code_inside_the_region_that_does_not_exist_goes_back(hand_in: HandIn) -> None:
    """Inside the region every place is known."""
    taken = hand_in([household(1, 户籍地区划代码="653222999")])
    assert taken.lists[0].returned == 1
    assert "区划" in reasons(taken)[0]
    assert not Person.objects.exists()


def test_other_columns_are_kept_as_received(hand_in: HandIn) -> None:
    """In words, beside the statement."""
    hand_in([pension(1, 备注="老人在乌鲁木齐")])
    assert PensionEntry.objects.get().extra == '{"备注": "老人在乌鲁木齐"}'


def test_a_telephone_is_kept_once(hand_in: HandIn) -> None:
    """With the last list that gave it."""
    hand_in([pension(1, 联系电话="13900000000")])
    taken = hand_in([assistance(1, 联系电话="139 0000 0000")])
    contact = Contact.objects.get()
    assert (contact.phone, contact.kind) == ("13900000000", "assistance")
    assert contact.last_list_id == taken.lists[0].list_id


# --- who a row is about ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (pension(1, 公民身份号码=wrong(number(1))), "校验位不符"),
        (pension(1, "买买提 吐尔逊", 公民身份号码=wrong(number(1))), "校验位不符"),
        (survey(出生日期="1940-03-05"), "没有公民身份号码"),
        (survey(出生日期="1940-03-05", 性别="男"), "没有公民身份号码"),
        (survey("麦麦提.图尔荪", 公民身份号码=wrong(number(1))), "校验位不符"),
        (pension(1, 公民身份号码=number(1)[:17]), "位数不对"),
        (pension(1, 公民身份号码=number(1)[:9] + "0" + number(1)[9:]), "位数不对"),
    ],
)
def test_a_wrong_number_is_linked_by_name_birth_and_place(
    hand_in: HandIn, row: dict[str, Any], why: str
) -> None:
    """Accepted with a warning that says how it was linked; no second file."""
    hand_in([household(1), household(2, "古丽·艾力")])
    taken = hand_in([row])
    assert (taken.lists[0].accepted, taken.lists[0].flagged) == (1, 1)
    assert why in remarks(taken)[0] and "对应到" in remarks(taken)[0]
    assert Person.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (survey("帕提古丽·艾力"), "缺少出生日期"),
        (survey("帕提古丽·艾力", 出生日期="1951-07-16"), "没有找到"),
        (pension(1, 公民身份号码=""), "缺少出生日期"),
        (survey("王建国", 出生日期="1940-03-15"), "没有找到"),
        (pension(1, 公民身份号码="6.53222E+17", 出生日期="1940-03-05"), "丢失"),
        (pension(1, 公民身份号码=6.53222194003050011e17), "丢失"),
        (pension(1, 公民身份号码="123"), "不是 18 位"),
        (pension(1, 公民身份号码=wrong(number(1)), 待遇状态="同上"), "看不懂"),
    ],
)
def test_a_row_that_fits_nobody_goes_back(hand_in: HandIn, row: dict[str, Any], why: str) -> None:
    """With a reason that says what to do; a wrong number never opens a file."""
    hand_in([household(1)])
    taken = hand_in([row])
    assert (taken.lists[0].accepted, taken.lists[0].returned) == (0, 1)
    assert why in reasons(taken)[0]
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    "row",
    [
        survey(),
        survey("买买提·吐尔洪", 出生日期="1940-03-05"),
        survey(出生日期="1940-03-06"),
        survey(出生日期="1940-03-05", 常住地区划代码=TOWN_OF_HETIAN_CITY),
        survey(出生日期="1940-03-05", 性别="女"),
        pension(1, 公民身份号码="", 出生日期="1940-03-05"),
        pension(1, 公民身份号码=NO_SUCH_DAY, 出生日期="1940-03-05"),
    ],
)
def test_a_doubtful_row_waits_for_a_clerk(hand_in: HandIn, row: dict[str, Any]) -> None:
    """Accepted, nobody's, nothing lost: neither guessed nor sent back."""
    hand_in([household(1)])
    taken = hand_in([row]).lists[0]
    assert (taken.accepted, taken.returned, taken.waiting, taken.facts_new) == (1, 0, 1, 0)
    assert Person.objects.count() == 1
    assert WaitingRow.objects.get().name == row["姓名"]


def test_twins_in_name_birth_and_place_are_never_guessed(hand_in: HandIn) -> None:
    """Two who fit: the row waits, and neither is concluded to be absent."""
    hand_in([household(1), household(3)])
    row = pension(1, 公民身份号码="", 出生日期="1940-03-05")
    taken = hand_in([row], full=True).lists[0]
    assert (taken.accepted, taken.waiting) == (1, 1)
    assert Mention.objects.count() == 2


def test_sex_tells_twins_apart(hand_in: HandIn) -> None:
    """A man and a woman of one name and birth date."""
    hand_in([household(1), household(2)])
    taken = hand_in([survey(出生日期="1940-03-05", 性别="女")])
    assert taken.lists[0].waiting == 1
    first = WaitingRow.objects.get().candidates.get(rank=0)
    assert first.person.sex == "F"


def test_the_title_tells_twins_of_two_counties_apart(hand_in: HandIn) -> None:
    """A pension list headed 墨玉县 is about the one of 墨玉县."""
    hand_in([household(1), household(3, 户籍地区划代码=TOWN_OF_HETIAN_CITY)])
    row = pension(1, 公民身份号码=wrong(number(1)))
    unsure = pension(1, 公民身份号码="", 出生日期="1940-03-05")
    assert hand_in([unsure]).lists[0].waiting == 1
    taken = hand_in(listed([row], title="墨玉县2026年10月养老保险花名册"))
    assert taken.lists[0].accepted == 1
    assert PensionEntry.objects.get().person.hukou_code == VILLAGE


def test_a_register_row_beside_its_exact_twin_goes_back(hand_in: HandIn) -> None:
    """The twin's own row stands in the same register: the wrong one is somebody else's."""
    taken = hand_in([household(1), household(3, 公民身份号码=wrong(number(3)))])
    assert (taken.lists[0].accepted, taken.lists[0].returned) == (1, 1)
    assert "同名同生日" in reasons(taken)[0]
    assert Person.objects.count() == 1


def test_a_register_row_with_a_slip_finds_its_known_person(hand_in: HandIn) -> None:
    """Next month's register has a slip in the number: the person stays one."""
    hand_in([household(1)])
    taken = hand_in([household(1, 公民身份号码=wrong(number(1)))], month=date(2026, 11, 1))
    assert taken.lists[0].accepted == 1
    assert Person.objects.count() == 1


def test_a_valid_number_beside_an_exact_twin_is_not_silent(hand_in: HandIn) -> None:
    """A list other than the register that brings a new number for such a person is flagged."""
    hand_in([household(1)])
    taken = hand_in([pension(3)])
    assert taken.lists[0].people_new == 1
    assert "同名同生日" in remarks(taken)[0]


def test_a_name_unlike_the_registers_is_flagged(hand_in: HandIn) -> None:
    """Most likely the number is somebody else's; another spelling is no reason."""
    hand_in([household(1)])
    taken = hand_in(
        [pension(1, "阿依古丽·艾力")],
        [assistance(1, "麦麦提．吐尔逊")],
    )
    assert [one.flagged for one in taken.lists] == [1, 0]
    assert remarks(taken) == ["姓名与户籍不一致（户籍为 买买提·吐尔逊），请核对号码"]


@pytest.mark.parametrize(
    "cell", [number(1), f"'{number(1)}", number(1).lower(), " ".join(number(1))]
)
def test_numbers_are_cleaned(hand_in: HandIn, cell: str) -> None:
    """Blanks, apostrophes and lower case do not matter."""
    hand_in([household(1)])
    hand_in([pension(1, 公民身份号码=cell)])
    assert Person.objects.count() == 1


def test_a_disability_row_is_linked_by_its_card(hand_in: HandIn) -> None:
    """Eighteen digits of the card are the number."""
    hand_in([household(1)])
    row = {"姓名": "买买提·吐尔逊", "残疾人证号": number(1) + "43", "发证日期": "2020-05-06"}
    hand_in([row], [{**row, "残疾人证号": wrong(number(1)) + "43"}])
    entries = ENTRY_MODELS[Kind.DISABILITY].objects.order_by("id")
    assert {entry.holds_from for entry in entries} == {date(2020, 5, 6)}
    assert Person.objects.count() == 1


# --- the same again ------------------------------------------------------------------------------


def test_the_same_file_again_changes_nothing(hand_in: HandIn) -> None:
    """It is answered as repeated."""
    hand_in([household(1), household(2, "古丽")], full=True)
    before = statements()
    covered = Coverage.objects.count()
    taken = hand_in([household(1), household(2, "古丽")], full=True)
    assert taken.lists[0].state == ListState.REPEATED
    assert taken.received == 0
    assert statements() == before
    assert Coverage.objects.count() == covered


def test_the_same_file_twice_in_a_batch_counts_once(hand_in: HandIn) -> None:
    """Under two names."""
    taken = hand_in([household(1)], [household(1)])
    assert [one.state for one in taken.lists] == ["taken_in", "repeated"]


@pytest.mark.parametrize(
    "other",
    [{"month": date(2026, 11, 1)}, {"full": True}, {"division": "653222"}],
)
def test_the_same_file_for_something_else_is_no_repeat(
    hand_in: HandIn, other: dict[str, Any]
) -> None:
    """Another month, place or completeness is another thing said."""
    hand_in([household(1)])
    assert hand_in([household(1)], **other).lists[0].state == "taken_in"
    assert HouseholdEntry.objects.count() == 1


def test_the_same_file_read_otherwise_is_no_repeat(hand_in: HandIn) -> None:
    """A column is mapped that was not before: now its values come in."""
    row = pension(1, 每月金额数=210.5)
    hand_in([row])
    assert PensionEntry.objects.get().monthly_fen is None
    taken = hand_in([row], mapping={"每月金额数": "月待遇"})
    assert taken.lists[0].state == "taken_in"
    assert PensionEntry.objects.order_by("-id")[0].monthly_fen == 21050


def test_the_same_content_saved_again_adds_no_statement(hand_in: HandIn) -> None:
    """Another file, the same rows: known already."""
    hand_in(listed([household(1), household(2, "古丽")], sheet="甲"), full=True)
    before = statements()
    taken = hand_in(listed([household(1), household(2, "古丽")], sheet="乙"), full=True)
    assert (taken.lists[0].facts_new, taken.lists[0].facts_same) == (0, 2)
    assert statements() == before
    assert HouseholdEntry.objects.order_by("id")[0].last_row == "乙!2"


def test_next_month_extends_what_stays_the_same(hand_in: HandIn) -> None:
    """One statement over two months; what changed is one of its own."""
    hand_in([pension(1), pension(2, "古丽")])
    hand_in([pension(1), pension(2, "古丽", 待遇状态="暂停")], month=date(2026, 11, 1))
    rows = PensionEntry.objects.order_by("person__name", "id").values_list(
        "pension_status", "holds_from", "seen_from", "seen_to"
    )
    october, november = MONTH, date(2026, 11, 1)
    assert list(rows) == [
        ("normal", october, october, november),
        ("normal", october, october, october),
        ("suspended", november, november, november),
    ]


def test_what_came_back_after_something_else_is_said_anew(hand_in: HandIn) -> None:
    """Normal, suspended, normal: three statements."""
    for at, status in enumerate(["正常", "暂停", "正常"]):
        hand_in([pension(1, 待遇状态=status)], month=date(2026, 8 + at, 1))
    assert PensionEntry.objects.count() == 3


def test_an_older_list_that_comes_late_does_not_replace(hand_in: HandIn) -> None:
    """It becomes history."""
    hand_in([pension(1, 待遇状态="暂停")])
    hand_in([pension(1)], month=date(2026, 9, 1))
    newest = PensionEntry.objects.order_by("-seen_to")[0]
    assert newest.pension_status == "suspended"
    assert PensionEntry.objects.count() == 2


def test_duplicates_in_a_list_are_all_kept(hand_in: HandIn) -> None:
    """Two dates are two statements; a word for word repeat is one."""
    taken = hand_in(
        [assistance(1), assistance(1, 保障起始日期="2025-01-01"), assistance(1)],
    )
    assert (taken.lists[0].accepted, taken.lists[0].facts_new) == (3, 2)
    assert AssistanceEntry.objects.count() == 2


def test_a_list_without_month_is_never_outdated(
    hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even when the clock stands before the month of the full list that came first."""
    monkeypatch.setenv("YANGLAO_TODAY", "2026-09-15")
    hand_in([pension(1)], full=True)
    hand_in([pension(2, "古丽")], month=None)
    entry = PensionEntry.objects.order_by("-id")[0]
    assert (entry.holds_from, entry.seen_to) == (None, MONTH)


def test_the_title_tells_the_month(hand_in: HandIn) -> None:
    """When nobody says another."""
    hand_in(listed([pension(1)], title="和田地区2026年9月养老保险花名册"), month=None)
    assert PensionEntry.objects.get().seen_to == date(2026, 9, 1)
    taken = hand_in(listed([pension(2, "古丽")], title="和田地区2026年9月养老保险花名册"))
    assert "2026 年 9 月" in taken.lists[0].notices[0]
