"""The long-term care grading over its whole range, beside a second, independent calculation."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.scoring import oracle
from yanglao.engines.scoring.ltc import grade, score_ltc
from yanglao.engines.scoring.tables import LtcScale

SHEETS = st.fixed_dictionaries(
    {code: st.sampled_from(points) for code, points in oracle.LTC_POINTS.items()}
)
#: Random answers rarely come near the ends; these sheets have few points somewhere.
LOW = st.fixed_dictionaries(
    {
        code: st.sampled_from(points) if code.startswith("adl") else st.sampled_from((0, 0, 0, 1))
        for code, points in oracle.LTC_POINTS.items()
    }
)
BEST = {code: max(points) for code, points in oracle.LTC_POINTS.items()}


def test_the_form_is_that_of_the_standard(ltc_scale: LtcScale) -> None:
    """10, 4 and 3 items of 100, 16 and 12 points."""
    assert list(ltc_scale.items) == list(oracle.LTC_POINTS)
    assert [one.full for one in ltc_scale.dimensions] == [100, 16, 12]
    for code, item in ltc_scale.items.items():
        assert item.points == tuple(reversed(oracle.LTC_POINTS[code])), code


def test_names_of_the_grades(ltc_scale: LtcScale) -> None:
    """Six, from 基本正常 to 重度失能Ⅲ级."""
    assert list(ltc_scale.grades) == [0, 1, 2, 3, 4, 5]
    assert ltc_scale.grades[0] == "基本正常"
    assert ltc_scale.grades[5] == "重度失能Ⅲ级"


@given(SHEETS | LOW)
def test_any_sheet_is_scored_as_by_the_oracle(ltc_scale: LtcScale, sheet: dict[str, int]) -> None:
    """Sums and grade."""
    found = score_ltc(ltc_scale, sheet)
    assert [*found.sums.values(), found.level] == oracle.ltc(sheet)


def test_every_combination_of_sums(ltc_scale: LtcScale) -> None:
    """All 21 × 17 × 13 sums, so both sides of every boundary and every cell of the table."""
    seen = set()
    for adl, cognition, sensory in product(range(0, 101, 5), range(17), range(13)):
        found = grade(ltc_scale, {"adl": adl, "cognition": cognition, "sensory": sensory})
        expected = oracle.ltc({"adl": adl, "cog": cognition, "sen": sensory})[-1]
        assert found.level == expected, (adl, cognition, sensory)
        seen.add(expected)
    assert seen == set(range(6))


@given(SHEETS | LOW, st.sampled_from(list(oracle.LTC_POINTS)))
def test_a_worse_answer_never_gives_a_better_grade(
    ltc_scale: LtcScale, sheet: dict[str, int], code: str
) -> None:
    """Grades do not fall when one answer falls."""
    level = score_ltc(ltc_scale, sheet).level
    assert level is not None
    for points in oracle.LTC_POINTS[code]:
        if points < sheet[code]:
            assert (score_ltc(ltc_scale, sheet | {code: points}).level or 0) >= level


def test_a_sum_between_the_steps_cannot_be(ltc_scale: LtcScale) -> None:
    """The Barthel table goes by fives; 63 comes from nowhere."""
    with pytest.raises(ValueError, match="no band"):
        grade(ltc_scale, {"adl": 63, "cognition": 16, "sensory": 12})


def test_points_between_the_steps_are_no_answer(ltc_scale: LtcScale) -> None:
    """3 of 0, 5, 10; 15 where 10 is the most."""
    for code, points in (("adl_1", 3), ("adl_1", 15), ("adl_3", 10), ("sen_1", 5)):
        found = score_ltc(ltc_scale, BEST | {code: points})
        assert found.level is None
        assert [fault.column for fault in found.faults] == [code]


def test_reasons_say_what_is_unverified(ltc_scale: LtcScale) -> None:
    """A worked example: 40, 10 and 12 points are 重度失能Ⅰ级."""
    low = (
        BEST
        | {"adl_7": 0, "adl_8": 0, "adl_9": 0, "adl_1": 0, "adl_2": 0}
        | {"cog_4": 0, "cog_3": 2}
    )
    found = score_ltc(ltc_scale, low)
    assert found.sums == {"adl": 40, "cognition": 10, "sensory": 12}
    assert found.level == 3
    told = "；".join(found.reasons)
    assert "日常生活活动能力 40 分，重度受损（0～40 分" in told
    assert "取较重的一项：轻度受损" in told
    assert "重度失能Ⅰ级（医保办发〔2021〕37号" in told
    assert "组合表" in found.reasons[-1]
    assert "待核实" in found.reasons[-1]
    assert len(ltc_scale.unverified()) == 5
