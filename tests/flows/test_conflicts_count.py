"""Facts follow what a clerk, or a rule of the pack, finds about a conflict, until it is undone."""

from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from tests.flows.conftest import MONTH, REGION
from tests.flows.list_rows import HandIn, assistance, household, number, survey
from yanglao.domain.linkage.models import Conflict
from yanglao.domain.linkage.public import ConflictState
from yanglao.domain.people.models import SetAside
from yanglao.domain.people.public import (
    Disregarded,
    Kind,
    Person,
    load_facts,
    person_facts,
    set_aside,
)
from yanglao.flows import read_linkage_rules
from yanglao.flows.check_conflicts import ask_to_look, look_for_conflicts, settle, unsettle
from yanglao.flows.push_list import checked_row, push_rows
from yanglao.foundation import clock, jobs
from yanglao.foundation.analytics import analytic_session
from yanglao.foundation.scoping import system_reader
from yanglao.jobs import schedule

pytestmark = pytest.mark.django_db

CLERK = system_reader(REGION, name="阿依古丽")
NEXT = date(2026, 11, 1)
DAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def _day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_TODAY", DAY.isoformat())


def fact(name: str) -> Any:
    """Return a fact of the one person: the same whether everybody is loaded or only he."""
    told = []
    for person_ids in (None, [Person.objects.get().pk]):
        with analytic_session(memory="512MB") as session:
            load_facts(session, as_of=DAY, region=REGION, person_ids=person_ids)
            told.append(session.rows(f"SELECT {name} FROM facts")[0][0])
    assert told[0] == told[1]
    return told[0]


def everything() -> tuple[Any, ...]:
    """Return all facts of the one person, and his own row."""
    with analytic_session(memory="512MB") as session:
        load_facts(session, as_of=DAY, region=REGION)
        rows = session.rows("SELECT * FROM facts")
    own = Person.objects.values_list("died_on", "place_code", "residence_code").get()
    return (*rows[0], *own)


def tekun(**more: Any) -> dict[str, Any]:
    row = assistance(1, 救助类别="特困", 供养方式="分散", 自理能力="全自理")
    return {**row, **more}


def supported(**more: Any) -> dict[str, Any]:
    return survey(**{"公民身份号码": number(1), "法定赡养人": "有", **more})


def conflict_of(rule: str, reader: Any = CLERK) -> Conflict:
    look_for_conflicts(acting=reader)
    return Conflict.objects.get(rule=rule)


def test_the_other_sides_word_counts_no_longer(hand_in: HandIn) -> None:
    """Only the value that was wrong, only until it is undone, and whatever lists repeat it."""
    hand_in([household(1)], [tekun()])
    hand_in([supported()])
    before = everything()
    conflict = conflict_of("tekun_and_supporter")
    settle(conflict_id=conflict.pk, choice=0, acting=CLERK, reason="女儿已去世")
    assert (fact("supporter"), fact("living"), fact("assistance")) == (None, "alone", "tekun")
    # The village repeats it next month: no new conflict, and it still does not count.
    hand_in([supported()], month=NEXT)
    assert look_for_conflicts(acting=CLERK) == (0, 0)
    assert fact("supporter") is None
    # The village says something else: that counts, and there is nothing left to contradict.
    hand_in([supported(法定赡养人="无赡养能力")], month=NEXT)
    assert fact("supporter") == "unable"
    unsettle(conflict_id=conflict.pk, acting=CLERK)
    assert not SetAside.objects.exists()
    hand_in([supported()], month=DAY)
    assert everything()[: len(before)] == before


def test_a_row_that_does_not_count_is_unknown_and_not_none(hand_in: HandIn) -> None:
    """Also beside a full list: a family is not refused because two offices disagree."""
    hand_in([household(1)])
    hand_in([tekun()], full=True)
    hand_in([supported()])
    conflict = conflict_of("tekun_and_supporter")
    settle(conflict_id=conflict.pk, choice=1, acting=CLERK, reason="女儿每月寄钱")
    assert (fact("assistance"), fact("tekun_care"), fact("supporter")) == (None, None, "yes")
    # Repeated by the next full list: unknown. Left out by it: then he has none, and that is known.
    hand_in([tekun()], full=True, month=NEXT)
    assert fact("assistance") is None
    hand_in([assistance(3, "别人")], full=True, month=DAY)
    people = Person.objects.order_by("pk")
    with analytic_session(memory="512MB") as session:
        load_facts(session, as_of=DAY, region=REGION, person_ids=[people[0].pk])
        assert session.rows("SELECT assistance FROM facts")[0][0] == ""


def test_a_report_of_death_found_wrong_was_never_made(hand_in: HandIn) -> None:
    hand_in([household(1)])
    hand_in([{"姓名": "买买提·吐尔逊", "公民身份号码": number(1), "死亡日期": "2026-09-10"}])
    hand_in([household(1)], month=NEXT)
    before = everything()
    assert fact("alive") is False and Person.objects.get().died_on == date(2026, 9, 10)
    conflict = conflict_of("alive_and_dead")
    settle(conflict_id=conflict.pk, choice=0, acting=CLERK, reason="上门见到本人")
    assert fact("alive") is True and Person.objects.get().died_on is None
    line = next(
        one for one in person_facts(CLERK, Person.objects.get(), DAY) if one.name == "alive"
    )
    assert "没有采信" in line.not_counted and "上门见到本人" in line.not_counted
    assert "阿依古丽" in line.not_counted and "2026-12-01" in line.not_counted
    assert look_for_conflicts(acting=CLERK) == (0, 0)
    unsettle(conflict_id=conflict.pk, acting=CLERK)
    assert everything() == before


def test_the_register_is_never_set_aside(hand_in: HandIn) -> None:
    """Where somebody is registered hangs on it; a death counts before it anyway."""
    hand_in([household(1)])
    hand_in([{"姓名": "买买提·吐尔逊", "公民身份号码": number(1), "死亡日期": "2026-09-10"}])
    hand_in([household(1)], month=NEXT)
    before = everything()
    conflict = conflict_of("alive_and_dead")
    settle(conflict_id=conflict.pk, choice=1, acting=CLERK, reason="看了死亡证明")
    assert everything() == before and not SetAside.objects.exists()
    assert look_for_conflicts(acting=CLERK) == (0, 0), "asked once while both say the same"


def test_of_two_cards_the_one_that_is_right_counts(hand_in: HandIn) -> None:
    def card(grade: str, issued: str) -> dict[str, Any]:
        return {"姓名": "买买提·吐尔逊", "残疾人证号": number(1) + "4" + grade, "发证日期": issued,
                "证件状态": "有效"}  # fmt: skip

    hand_in([household(1)])
    hand_in([card("1", "2020-01-01")], [card("3", "2024-01-01")])
    assert fact("disability_grade") == 3
    conflict = conflict_of("two_grades")
    settle(conflict_id=conflict.pk, choice=0, acting=CLERK, reason="残联说新证已注销")
    assert fact("disability_grade") == 1
    unsettle(conflict_id=conflict.pk, acting=CLERK)
    assert fact("disability_grade") == 3


@pytest.fixture
def by_rule(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Let the rule about 特困 and a supporter be followed until somebody has decided."""
    text = (Path(settings.POLICIES) / "national" / "conflicts.yaml").read_text("utf-8")
    head, tail = text.split("  tekun_and_supporter:")
    changed = (
        head + "  tekun_and_supporter:" + tail.replace("until_then: both", "until_then: rule", 1)
    )
    own = read_linkage_rules._text
    monkeypatch.setattr(
        read_linkage_rules,
        "_text",
        lambda name: changed if name == "conflicts.yaml" else own(name),
    )


@pytest.mark.usefixtures("by_rule")
def test_a_rule_of_the_pack_counts_until_somebody_decides(hand_in: HandIn) -> None:
    hand_in([household(1)], [tekun()])
    hand_in([supported()])
    assert fact("supporter") == "yes"
    conflict = conflict_of("tekun_and_supporter")
    assert conflict.state == ConflictState.OPEN, "a person is asked all the same"
    assert fact("supporter") is None and SetAside.objects.get().by_rule
    line = next(
        one for one in person_facts(CLERK, Person.objects.get(), DAY) if one.name == "supporter"
    )
    assert "按规则" in line.not_counted
    # A person decides otherwise; taken back, the rule counts again.
    settle(conflict_id=conflict.pk, choice=1, acting=CLERK, reason="女儿每月寄钱")
    assert (fact("supporter"), fact("assistance")) == ("yes", None)
    look_for_conflicts(acting=CLERK)
    assert (fact("supporter"), fact("assistance")) == ("yes", None)
    unsettle(conflict_id=conflict.pk, acting=CLERK)
    assert (fact("supporter"), fact("assistance")) == (None, "tekun")
    settle(conflict_id=conflict.pk, choice=None, acting=CLERK, reason="两边都没错")
    assert (fact("supporter"), fact("assistance")) == ("yes", "tekun")


@pytest.mark.usefixtures("by_rule")
def test_a_conflict_that_is_gone_sets_nothing_aside(hand_in: HandIn) -> None:
    hand_in([household(1)], [tekun()])
    hand_in([supported()])
    conflict_of("tekun_and_supporter")
    hand_in([tekun(救助类别="低保", 供养方式="", 自理能力="")], month=NEXT)
    look_for_conflicts(acting=CLERK)
    assert Conflict.objects.get().state == ConflictState.GONE
    assert fact("supporter") == "yes" and not SetAside.objects.exists()


def test_nobody_sets_aside_what_lies_out_of_his_area(hand_in: HandIn) -> None:
    hand_in([household(1)], [tekun()], month=MONTH)
    entry = Person.objects.get()
    told = Disregarded(entry.pk, 1, Kind.ASSISTANCE, (1,), "", "", "")
    with pytest.raises(PermissionError):
        set_aside([told], by_rule=False, on=DAY, acting=system_reader("653201000000"))
    with pytest.raises(ValueError, match="shoes"):
        set_aside(
            [Disregarded(entry.pk, 1, Kind.ASSISTANCE, (1,), "shoes", "", "")],
            by_rule=False,
            on=DAY,
            acting=CLERK,
        )


@pytest.mark.usefixtures("by_rule")
def test_lists_that_came_in_are_looked_through_without_anybody_asking(
    hand_in: HandIn, tiny_hetian: str
) -> None:
    """By every way in, once however many came; facts follow the rule as soon as the job has run."""
    hand_in([household(1)], [tekun()])
    push_rows(
        [checked_row(0, supported(), "survey")],
        kind="survey",
        division=tiny_hetian,
        month=MONTH,
        full=False,
        sender="村",
        acting=CLERK,
    )
    ask_to_look(tiny_hetian)
    assert fact("supporter") == "yes"
    assert [job.name for job in jobs.run_all() if job.name == "look_for_conflicts"] == [
        "look_for_conflicts"
    ]
    assert fact("supporter") is None and SetAside.objects.get().by_rule


@pytest.mark.usefixtures("by_rule")
def test_every_night_looks_through_the_region(
    hand_in: HandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What came in by a way that asks for nothing is followed by the next morning."""
    hand_in([household(1)], [tekun()])
    hand_in([supported()])
    region = SimpleNamespace(region_code=REGION)
    monkeypatch.setattr(schedule, "pack_in_force", lambda day: region)
    (entry,) = (one for one in schedule.TIMETABLE if one.name == "look_for_conflicts")
    night = datetime(2026, 12, 1, 3, 0, tzinfo=clock.BEIJING)
    assert entry.slot(night) == night.replace(hour=1)
    entry.ask()
    (job,) = jobs.run_all()
    assert (job.error, job.outcome) == ("", {"new": 1, "gone": 0})
    assert fact("supporter") is None
