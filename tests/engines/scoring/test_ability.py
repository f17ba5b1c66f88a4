"""GB/T 42195 over its whole range, beside a second, independent calculation."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.scoring import oracle
from yanglao.engines.scoring.ability import conclude, score_ability
from yanglao.engines.scoring.tables import AbilityScale

SHEETS = st.fixed_dictionaries(
    {
        **{code: st.integers(0, best) for code, best in oracle.BEST.items()},
        "coma": st.integers(0, 1),
        "dementia": st.integers(0, 1),
        "mental_disorder": st.integers(0, 1),
        "risk_events": st.integers(0, 5),
    }
)
#: Sheets near the top, where nearly every level has room below.
WELL = dict.fromkeys(oracle.CIRCUMSTANCES, 0) | oracle.BEST


def cells(scale: AbilityScale, sheet: dict[str, int]) -> list[int | None]:
    """What the program makes of a sheet, in the order of the oracle."""
    found = score_ability(scale, sheet)
    return [*found.sums.values(), found.total, found.preliminary, found.final]


def sheet_of(total: int) -> dict[str, int]:
    """A sheet without circumstances whose answers come to a total."""
    sheet = dict(WELL)
    for code, best in oracle.BEST.items():
        sheet[code] = min(best, total)
        total -= sheet[code]
    assert total == 0
    return sheet


def test_the_form_is_that_of_the_standard(ability_scale: AbilityScale) -> None:
    """26 items in four dimensions of 32, 15, 28 and 15 points, 90 together."""
    assert list(ability_scale.items) == list(oracle.BEST)
    assert [one.full for one in ability_scale.dimensions] == [32, 15, 28, 15]
    for code, item in ability_scale.items.items():
        assert item.points == tuple(range(oracle.BEST[code], -1, -1)), code
        assert item.clause == f"B.{code[1]}.{code[3:]}"


@given(SHEETS)
def test_any_sheet_is_scored_as_by_the_oracle(
    ability_scale: AbilityScale, sheet: dict[str, int]
) -> None:
    """Sums, levels; and the reasons end with the final level."""
    assert cells(ability_scale, sheet) == oracle.ability(sheet)
    found = score_ability(ability_scale, sheet)
    assert f"最终等级 {found.final} 级" in found.reasons[-1]
    assert f"初步等级 {found.preliminary} 级" in found.reasons[0]


def test_every_total_under_every_circumstance(ability_scale: AbilityScale) -> None:
    """All 91 totals, all circumstances, both sides of every boundary: nothing left to chance."""
    for total in range(91):
        for met in product((0, 1), (0, 1), (0, 1), (0, 1, 2, 3, 7)):
            found = conclude(
                ability_scale, total, dict(zip(oracle.CIRCUMSTANCES, met, strict=True))
            )
            first = oracle.preliminary(total)
            assert (found.preliminary, found.final) == (first, oracle.final(first, *met))
            assert found.final >= found.preliminary, "an adjustment never improves"


@pytest.mark.parametrize(
    ("total", "level"),
    [(90, 0), (89, 1), (66, 1), (65, 2), (46, 2), (45, 3), (30, 3), (29, 4), (0, 4)],
)
def test_boundaries(ability_scale: AbilityScale, total: int, level: int) -> None:
    """The totals on both sides of every boundary, as whole sheets."""
    found = score_ability(ability_scale, sheet_of(total))
    assert (found.total, found.preliminary, found.final) == (total, level, level)


@pytest.mark.parametrize("total", [-1, 91])
def test_a_total_that_cannot_be(ability_scale: AbilityScale, total: int) -> None:
    """There is no level for it."""
    with pytest.raises(ValueError, match="no band"):
        conclude(ability_scale, total, dict.fromkeys(oracle.CIRCUMSTANCES, 0))


def test_every_option_of_every_item_counts_in_its_own_dimension(
    ability_scale: AbilityScale,
) -> None:
    """One answer is worse than best: its points, and no others, are missing."""
    names = [one.code for one in ability_scale.dimensions]
    for code, best in oracle.BEST.items():
        for points in range(best + 1):
            found = score_ability(ability_scale, WELL | {code: points})
            assert found.total == 90 - (best - points)
            sums = dict(zip(names, [32, 15, 28, 15], strict=True))
            sums[names[int(code[1]) - 1]] -= best - points
            assert found.sums == sums


@given(SHEETS, st.sampled_from(list(oracle.BEST)))
def test_a_worse_answer_never_gives_a_better_level(
    ability_scale: AbilityScale, sheet: dict[str, int], code: str
) -> None:
    """Levels do not fall when one answer falls."""
    level = score_ability(ability_scale, sheet)
    for points in range(sheet[code]):
        worse = score_ability(ability_scale, sheet | {code: points})
        assert (worse.preliminary or 0) >= (level.preliminary or 0)
        assert (worse.final or 0) >= (level.final or 0)


@given(SHEETS, st.sampled_from(oracle.CIRCUMSTANCES))
def test_a_circumstance_more_never_improves(
    ability_scale: AbilityScale, sheet: dict[str, int], name: str
) -> None:
    """And the preliminary level does not know of it."""
    without = score_ability(ability_scale, sheet | {name: 0})
    with_it = score_ability(ability_scale, sheet | {name: 3 if name == "risk_events" else 1})
    assert with_it.preliminary == without.preliminary
    assert (with_it.final or 0) >= (without.final or 0)


def test_reasons_name_circumstance_and_clause(ability_scale: AbilityScale) -> None:
    """A worked example: 70 points, dementia, three falls."""
    sheet = sheet_of(70) | {"dementia": 1, "risk_events": 3}
    found = score_ability(ability_scale, sheet)
    assert (found.preliminary, found.final) == (1, 2)
    first, dementia, risk, last = found.reasons
    assert first.startswith("总分 70 分（66～89 分），初步等级 1 级，能力轻度受损")
    assert "附录 C.3" in first
    assert dementia == "确诊为痴呆（附录 A.4.1（F00～F03）），加重 1 级（附录 C.4）"
    assert "记录为 3 次" in risk
    assert "不再加重" in risk
    assert "待核实" in risk, "that it is one level at most was seen in no source"
    assert last == "最终等级 2 级，能力中度受损（中度失能）（附录 C.5）"


def test_one_event_is_not_two(ability_scale: AbilityScale) -> None:
    """The rule begins with the second event."""
    assert score_ability(ability_scale, WELL | {"risk_events": 1}).final == 0
    assert score_ability(ability_scale, WELL | {"risk_events": 2}).final == 1


def test_coma_is_the_last_level_and_says_what_does_not_fit(ability_scale: AbilityScale) -> None:
    """Found awake but recorded in coma: level by the rule, and somebody should look."""
    found = score_ability(ability_scale, WELL | {"coma": 1})
    assert (found.preliminary, found.final) == (0, 4)
    assert any("直接定为 4 级" in reason for reason in found.reasons)
    assert "意识水平（b3_9）" in found.hints[0]
    assert score_ability(ability_scale, WELL | {"coma": 1, "b3_9": 0}).hints == ()


def test_the_last_level_gets_no_worse(ability_scale: AbilityScale) -> None:
    """It says so instead of a sixth level."""
    found = score_ability(ability_scale, sheet_of(10) | {"dementia": 1})
    assert found.final == 4
    assert any("已是最重一级" in reason for reason in found.reasons)


@given(SHEETS, st.data())
def test_a_sheet_with_a_hole_has_no_level(
    ability_scale: AbilityScale, sheet: dict[str, int], data: st.DataObject
) -> None:
    """Whole dimensions keep their sums; every hole is named."""
    holes = data.draw(st.sets(st.sampled_from(list(sheet)), min_size=1, max_size=5))
    found = score_ability(
        ability_scale, {code: value for code, value in sheet.items() if code not in holes}
    )
    assert (found.preliminary, found.final, found.reasons) == (None, None, ())
    assert {fault.column for fault in found.faults} == holes
    for number, value in enumerate(found.sums.values(), 1):
        touched = any(code.startswith(f"b{number}_") for code in holes)
        assert (value is None) == touched


@pytest.mark.parametrize(
    "value", [-1, 5, 2.5, "x", "", None, "４４", "½", "①", "1e0", "--", "３－"]
)
def test_impossible_answers(ability_scale: AbilityScale, value: object) -> None:
    """No guess is made."""
    found = score_ability(ability_scale, WELL | {"b1_1": value})
    assert found.final is None
    assert [fault.column for fault in found.faults] == ["b1_1"]
    assert "b1_1（进食）" in found.faults[0].says


@pytest.mark.parametrize("value", ["4", " 4", "4 ", "４", "4.0", "'4", "\u20034\u200b", 4])
def test_ways_to_write_four(ability_scale: AbilityScale, value: object) -> None:
    """What a person sees as 4 is 4."""
    assert score_ability(ability_scale, WELL | {"b1_1": value}).final == 0
