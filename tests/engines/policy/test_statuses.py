"""Files of statuses are refused with their place when they say what cannot be."""

from datetime import date

import pytest

from tests.engines.policy.conftest import POLICIES
from yanglao.engines.policy.pack import PackErrors, load_pack
from yanglao.engines.policy.statuses import read_statuses

DAY = date(2026, 11, 1)
GOOD = (POLICIES / "hetian" / "statuses.yaml").read_text("utf-8")


def problems(text: str) -> str:
    pack = load_pack("hetian", POLICIES)
    with pytest.raises(PackErrors) as refused:
        read_statuses(text, "hetian/statuses.yaml", pack, DAY)
    return str(refused.value)


def test_the_file_of_hetian_is_sound() -> None:
    told = read_statuses(GOOD, "hetian/statuses.yaml", load_pack("hetian", POLICIES), DAY)
    assert not told.verified
    assert told.note


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("who: assistance = 'tekun'", "who: assistence = 'tekun'", "assistence"),
        ("who: in_relief", "who: ''", "文字"),
        ('items: ["17"]', 'items: ["71"]', "没有项目“71”"),
        ("by: town, days: 10}", "by: towns, days: 10}", "towns"),
        ("days: 10}", "days: -1}", "负数"),
        ("cause: died}", "cause: dead}", "dead"),
        ("details: [support_mode, tekun_care]", "details: [support_mod]", "support_mod"),
        ("\nverified: false", "\nverified: maybe", "true 或 false"),
        ("share: 20", "share: 0", "share"),
        ("code: move_out,", "code: move_in,", "写了两次"),
        ("days: 3, cause: died", "days: 3, when: alive", "不能写 when"),
    ],
)
def test_mistakes_are_told_with_their_place(old: str, new: str, says: str) -> None:
    assert old in GOOD
    told = problems(GOOD.replace(old, new, 1))
    assert says in told
    assert "hetian/statuses.yaml:" in told
