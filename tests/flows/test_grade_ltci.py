"""The whole way of a grading through the flows: the sheet, the score, the file, the inference."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.domain.ltci.conftest import AS_OF, CHECKER, COUNTY, MAKER
from tests.flows import population as p
from yanglao.domain.accounts.public import Account, reader_of
from yanglao.domain.ltci.public import WrongStep, plan_grading
from yanglao.domain.people.public import person_facts
from yanglao.flows.enrol_ltci import contribution_lines, enrol_insured
from yanglao.flows.foresee_insurance import NOT_HELD, by_year, foresee_all
from yanglao.flows.give_ltci_benefits import (
    approve_ltci_benefit,
    grade_of,
    propose_benefit,
    propose_plan,
    stop_ltci_benefit,
)
from yanglao.flows.grade_ltci import (
    ask_ltci_grading,
    clean_answers,
    conclude_ltci_grading,
    ltc_scale,
    ltci_sheet,
    publish_ltci_grading,
    save_ltci_sheet,
    sign_ltci_sheet,
)
from yanglao.flows.infer_ltci_crosswalk import count_inferred, infer_of_facts, walk_tables
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_TODAY", AS_OF.isoformat())


def facts_of(person: p.Person, day: date = AS_OF) -> dict[str, object]:
    """Return a person's facts by name."""
    return {line.name: line.value for line in person_facts(MAKER, person, day)}


@st.composite
def _answers(draw: st.DrawFn) -> dict[str, int]:
    scale = ltc_scale(AS_OF)
    chosen = draw(st.sets(st.sampled_from(sorted(scale.items)), min_size=0))
    whole = draw(st.booleans())
    return {
        code: draw(st.sampled_from(item.points))
        for code, item in scale.items.items()
        if whole or code in chosen
    }


@given(_answers())
@settings(max_examples=60, deadline=None)
def test_the_page_shows_what_a_plain_count_gives(answers: dict[str, int]) -> None:
    """Sums, worse column, cell of the table; nothing until every item has an answer."""
    sheet = ltci_sheet(answers, AS_OF)
    sums = {
        prefix: sum(points for code, points in answers.items() if code.startswith(prefix))
        for prefix in ("adl", "cog", "sen")
    }
    assert [part.so_far for part in sheet.parts] == list(sums.values())
    assert sheet.missing == 17 - len(answers)
    here = [cell.level for _name, _row, cells in sheet.rows for cell in cells if cell.here]
    if len(answers) < 17:
        assert sheet.level is None
        return
    adl = 0 if sums["adl"] == 100 else 1 if sums["adl"] >= 65 else 2 if sums["adl"] >= 45 else 3
    worse = max(_rank(sums["cog"], 16), _rank(sums["sen"], 12))
    table = ((0, 0, 1, 1), (1, 1, 1, 2), (2, 2, 2, 3), (3, 3, 4, 5))
    assert sheet.level == table[adl][worse]
    assert here == [sheet.level]


def _rank(total: int, full: int) -> int:
    if total == full:
        return 0
    return 1 if total >= 4 else 2 if total >= 2 else 3


def test_a_posted_form_keeps_possible_answers_only() -> None:
    given_ = {"adl_1": "10", "adl_2": "7", "adl_3": "x", "cog_1": "４", "other": "1"}
    assert clean_answers(given_, AS_OF) == {"adl_1": 10}


def test_a_result_becomes_a_fact_and_a_benefit(account_for: Callable[..., Account]) -> None:
    p.publish()
    p.cover()
    person = p.elder(1, ltci={"ltci_insured": True})
    assert facts_of(person)["ltci_level"] != 5
    row = ask_ltci_grading(
        person_id=person.pk, kind="first", applicant="family", acting=MAKER, as_of=AS_OF
    )
    one, two = (account_for("assessor", COUNTY) for _ in range(2))
    plan_grading(grading_id=row.pk, graders=(one.pk, two.pk), planned_on=AS_OF, acting=MAKER)
    worst = {code: item.points[-1] for code, item in ltc_scale(AS_OF).items.items()}
    save_ltci_sheet(grading_id=row.pk, answers={"adl_1": 0}, acting=reader_of(one), as_of=AS_OF)
    with pytest.raises(WrongStep, match="还有 16 项"):
        sign_ltci_sheet(grading_id=row.pk, acting=reader_of(one), as_of=AS_OF)
    save_ltci_sheet(grading_id=row.pk, answers=worst, acting=reader_of(one), as_of=AS_OF)
    for who in (one, two):
        sign_ltci_sheet(grading_id=row.pk, acting=reader_of(who), as_of=AS_OF)
    publish_ltci_grading(grading_id=row.pk, acting=MAKER, as_of=AS_OF)
    done = date(2026, 11, 9)
    held = conclude_ltci_grading(grading_id=row.pk, acting=MAKER, as_of=done)
    assert held.level == 5
    facts = facts_of(person, done)
    assert (facts["ltci_level"], facts["ltci_assessed_on"]) == (5, AS_OF)
    assert facts["ltci_insured"] is True
    about, _reverse = infer_of_facts(facts, done)
    assert about is not None
    assert about.says.startswith("推定，不是评估结果")
    benefit = propose_benefit(person_id=person.pk, care_place="home", acting=MAKER, as_of=done)
    assert (benefit.first_month, benefit.grading_id) == (date(2026, 12, 1), row.pk)
    assert benefit.last_month == held.valid_to.replace(day=1)  # type: ignore[union-attr]
    approve_ltci_benefit(benefit_id=benefit.pk, approve=True, acting=CHECKER, as_of=done)
    assert facts_of(person, done)["ltci_receiving"] is True
    assert facts_of(person, done)["ltci_level"] == 5
    stop_ltci_benefit(
        benefit_id=benefit.pk, cause="withdrawn", happened_on=done, acting=MAKER, as_of=done
    )
    assert facts_of(person, done)["ltci_receiving"] is False


def test_who_is_not_insured_is_told_so() -> None:
    p.cover()
    person = p.elder(1, ltci={"ltci_insured": False})
    with pytest.raises(WrongStep, match="没有参加"):
        ask_ltci_grading(
            person_id=person.pk, kind="first", applicant="self", acting=MAKER, as_of=AS_OF
        )


def test_a_grade_of_a_list_counts_while_it_holds_and_is_heavy_enough() -> None:
    p.cover()
    heavy = {"ltci_insured": True, "ltci_level": 3, "assessed_on": date(2026, 1, 1)}
    person = p.elder(1, ltci=heavy)
    grade = grade_of(MAKER, person.pk, AS_OF)
    assert grade is not None
    assert (grade.level, grade.grading_id) == (3, None)
    light = p.elder(2, ltci={**heavy, "ltci_level": 2})
    with pytest.raises(WrongStep, match="3 级及以上"):
        propose_benefit(person_id=light.pk, care_place="home", acting=MAKER, as_of=AS_OF)
    old = p.elder(3, ltci={**heavy, "assessed_on": date(2023, 1, 1)})
    with pytest.raises(WrongStep, match="已经过期"):
        propose_benefit(person_id=old.pk, care_place="home", acting=MAKER, as_of=AS_OF)
    nobody = p.elder(4)
    with pytest.raises(WrongStep, match="没有失能等级"):
        propose_benefit(person_id=nobody.pk, care_place="home", acting=MAKER, as_of=AS_OF)


def test_inference_only_without_a_valid_assessment_and_always_said() -> None:
    p.cover()
    graded = {"ltci_insured": True, "ltci_level": 4, "assessed_on": date(2026, 6, 1)}
    p.elder(1, ltci=graded)
    p.elder(2, ltci=graded, assessment={"ability_level": 1})
    p.elder(3, disability={"disability_category": 4, "disability_grade": 1})
    p.elder(4, assessment={"ability_level": 4})
    counts = count_inferred(system_reader(p.REGION), AS_OF)
    assert (counts.assessed, counts.inferred, counts.to_grade) == (2, 2, 1)
    assert sum(counts.levels.values()) == 2
    other = count_inferred(system_reader("653201000000"), AS_OF)
    assert other.inferred == 0
    assert not walk_tables(AS_OF).verified


def test_the_insured_and_what_they_pay() -> None:
    p.cover()
    insured = {"ltci_insured": True}
    p.elder(1, ltci=insured, pension={"pension_kind": "employee"})
    p.elder(2, ltci=insured, pension={})
    p.elder(3, ltci=insured, assistance={})
    p.elder(4, ltci={"ltci_insured": False})
    dead = p.elder(5, ltci=insured, deaths={})
    assert enrol_insured(acting=MAKER, as_of=AS_OF) == 3, dead
    lines = {(one.group, one.source): one for one in contribution_lines(MAKER, 2026)}
    assert lines["职工", "个人"].people == 1
    assert lines["救助对象", "财政"].due_fen == lines["救助对象", "财政"].rate_fen
    assert ("居民", "单位") not in lines


def test_the_outlook_says_what_it_rests_on() -> None:
    p.cover()
    for number in range(1, 30):
        born = date(1936 + number % 30, 1, 1)
        p.elder(number, born, ltci={"ltci_insured": True, "ltci_receiving": number % 5 == 0})
    enrol_insured(acting=MAKER, as_of=AS_OF)
    found = foresee_all(system_reader(p.REGION), AS_OF)
    assert [one.variant.code for one in found] == ["base", "table", "need", "rates"]
    base = found[0]
    assert (base.insured, base.receiving, base.balance_fen) == (29, 5, 0)
    assert len(base.outlook.months) == 60
    assert base.unverified
    assert "按参数表" in base.need_from
    more = found[2].outlook.months[0]
    assert more.in_need == pytest.approx(base.outlook.months[0].in_need * 1.2)
    assert sum(int(str(row["months"])) for row in by_year(base)) == 60
    assert any("60 周岁" in line for line in NOT_HELD)


def test_a_plan_speaks_hours_at_home() -> None:
    p.cover()
    heavy = {"ltci_insured": True, "ltci_level": 3, "assessed_on": date(2026, 6, 1)}
    person = p.elder(1, ltci=heavy)
    from tests.domain.ltci.conftest import Office

    office = Office()
    provider = office.provider()
    benefit = office.benefit(person)
    row = propose_plan(
        benefit_id=benefit.pk,
        provider_id=provider.pk,
        first=AS_OF,
        last=None,
        amount=20,
        acting=MAKER,
    )
    assert row.amount == 1200
    with pytest.raises(WrongStep, match="上限"):
        propose_plan(
            benefit_id=benefit.pk,
            provider_id=provider.pk,
            first=AS_OF,
            last=None,
            amount=20,
            acting=MAKER,
        )
