"""Everybody against the whole list: what is found, what differs, why, and what it leads to."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import TestCase

from tests.flows import population as p
from yanglao.domain.catalogue.public import Item
from yanglao.domain.entitlements.models import (
    AnswerSet,
    Change,
    CurrentAnswers,
    Outcome,
    PastAnswers,
    Run,
    RunItem,
    Tally,
)
from yanglao.domain.entitlements.public import changes, findings, findings_of, latest_run, tallies
from yanglao.domain.leads.models import Lead, LeadStep
from yanglao.domain.people.models import Person
from yanglao.flows.find_entitled import RunSummary, find_entitled, recheck_people
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db

READER = system_reader(p.REGION, name="测试")


@pytest.fixture(autouse=True)
def _listed() -> None:
    p.publish()
    p.cover()


def match(as_of: date = p.AS_OF, **options: Any) -> RunSummary:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return find_entitled(region=p.REGION, as_of=as_of, acting=READER, **options)


def answers(person: Person) -> dict[str, tuple[int, bool | None]]:
    return {
        row.item.code: (row.outcome.status, row.outcome.delivered)
        for row in findings_of(READER, person.pk)
    }


def told(run_id: int) -> dict[tuple[int, str], tuple[str, str]]:
    run = Run.objects.get(pk=run_id)
    return {(row.person_id, row.item.code): (row.kind, row.cause) for row in changes(READER, run)}


def everything() -> dict[str, Any]:
    """Return every row that a run may write, but for the runs themselves."""
    return {
        "current": sorted(CurrentAnswers.objects.order_by("pk").values_list("pk", "answer_set")),
        "past": PastAnswers.objects.count(),
        "sets": AnswerSet.objects.count(),
        "outcomes": Outcome.objects.count(),
        "changes": Change.objects.count(),
        "leads": sorted(Lead.objects.order_by("pk").values_list("pk", "state", "kind")),
        "steps": LeadStep.objects.count(),
    }


def test_a_first_run_finds_what_the_list_says() -> None:
    poor = p.elder(1, date(1944, 3, 5), assistance={}, survey={"living": "alone"})
    young = p.elder(2, date(1980, 1, 1))
    summary = match()
    assert summary.people == 2
    found = answers(poor)
    assert found["06"] == (1, None)
    assert found["11"] == (1, True)
    assert found["14"] == (1, None)
    assert "01" not in found
    assert answers(young) == {}
    assert summary.yes == sum(1 for status, _ in found.values() if status == 1)
    assert summary.new == summary.yes + summary.possible
    assert not Change.objects.exists()


def test_nothing_changed_writes_nothing_but_the_run_and_its_counts() -> None:
    p.elder(1, date(1944, 3, 5), assistance={}, survey={})
    p.elder(2, date(1958, 3, 5), disability={}, health={})
    first = match()
    before = everything()
    second = match()
    assert everything() == before
    assert (second.new, second.lost, second.changed) == (0, 0, 0)
    assert second.run_id != first.run_id
    counts = [
        list(rows.order_by("item_id").values_list("item_id", "yes", "possible", "delivered"))
        for rows in (
            RunItem.objects.filter(run_id=first.run_id),
            RunItem.objects.filter(run_id=second.run_id),
        )
    ]
    assert counts[0] == counts[1]


def test_a_changed_fact_is_the_cause() -> None:
    person = p.elder(1, date(1950, 3, 5), survey={}, assistance={})
    match()
    p.state(person, "assessment", ability_level=4, assessed_on=date(2026, 10, 20))
    summary = match()
    found = told(summary.run_id)
    kind, cause = found[person.pk, "09"]
    assert kind == "changed"
    assert "能力等级：未知 → " in cause
    assert answers(person)["09"] == (1, None)
    assert summary.changed >= 1


def test_a_birthday_is_the_cause() -> None:
    person = p.elder(1, date(1946, 11, 20), survey={})
    match(date(2026, 11, 1))
    summary = match(date(2026, 12, 1))
    assert told(summary.run_id)[person.pk, "06"] == ("new", "年满 80 周岁")


def test_death_loses_everything_and_lets_leads_lapse() -> None:
    person = p.elder(1, date(1940, 3, 5), survey={"living": "alone"})
    match()
    assert Lead.objects.filter(person=person, state="found").exists()
    p.state(person, "deaths", died_on=date(2026, 11, 3))
    summary = match(date(2026, 12, 1))
    assert answers(person) == {}
    assert not CurrentAnswers.objects.filter(person=person).exists()
    lost = told(summary.run_id)
    assert {kind for kind, _ in lost.values()} == {"lost"}
    assert all("健在 → 已故" in cause for _, cause in lost.values())
    assert set(Lead.objects.filter(person=person).values_list("state", flat=True)) == {"lapsed"}


def test_a_new_file_is_the_cause() -> None:
    p.elder(1)
    match()
    person = p.elder(2, date(1940, 3, 5))
    summary = match()
    assert told(summary.run_id)[person.pk, "06"] == ("new", "新建档案")


def test_time_alone_is_the_cause_when_a_year_ends() -> None:
    person = p.elder(
        1,
        date(1950, 3, 5),
        survey={"residence_code": p.VILLAGE},
        health={"health_checked_on": date(2026, 5, 1)},
    )
    match(date(2026, 12, 1))
    assert answers(person)["05"] == (1, True)
    summary = match(date(2027, 1, 1))
    assert told(summary.run_id)[person.pk, "05"] == (
        "changed",
        "日期推移：2026-12-01 → 2027-01-01",
    )
    assert answers(person)["05"] == (1, False)


def test_another_version_of_the_pack_is_the_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    from yanglao.domain.catalogue.public import PackToPublish, publish_pack
    from yanglao.engines.policy.pack import Pack

    person = p.elder(1, date(1950, 3, 5), survey={"living": "alone"})
    match()
    source = dict(p.ready("hetian").source)
    name = next(path for path in source if path.endswith("ages.yaml"))
    source[name] = source[name].replace("value: 80", "value: 75")
    pack = Pack.from_source(source)
    publish_pack(
        pack=PackToPublish(
            name=pack.code,
            title="新清单",
            region_code=p.REGION,
            hash=pack.hash,
            source=source,
            in_force_from=date(2026, 11, 15),
            items=tuple((item.code, item.name) for item in pack.items.values()),
        ),
        acting=READER,
    )
    assert "06" not in answers(person)
    match(date(2026, 11, 10))
    assert "06" not in answers(person)
    summary = match(date(2026, 12, 1))
    assert told(summary.run_id)[person.pk, "06"] == (
        "new",
        "政策清单更新：新清单（2026-11-15 起）",
    )


def test_an_earlier_day_is_a_trial() -> None:
    person = p.elder(1, date(1946, 11, 20), survey={})
    match(date(2026, 12, 1))
    before = everything()
    summary = match(date(2026, 11, 1))
    assert summary.trial
    assert everything() == before
    assert "06" in answers(person)
    run = latest_run(READER)
    assert run is not None
    assert run.as_of == date(2026, 12, 1)
    assert Run.objects.get(pk=summary.run_id).state == "trial"


def test_a_look_ahead_does_not_block_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_TODAY", "2026-11-05")
    person = p.elder(1, date(1946, 11, 20), survey={})
    match(date(2027, 3, 1))
    assert "06" in answers(person)
    summary = match(date(2026, 11, 5))
    assert not summary.trial
    assert "06" not in answers(person)


def test_tallies_count_what_stands(reader_for: Any) -> None:
    for number in range(1, 6):
        p.elder(number, date(1940, 1, number), place=p.VILLAGE, assistance={})
    p.elder(6, date(1940, 1, 6), place=p.FAR)
    match()
    run = latest_run(READER)
    by_item = {row.item: row for row in tallies(READER, run, "item")}
    assert by_item["06"].yes == 6
    assert (by_item["11"].yes, by_item["11"].delivered) == (5, 5)
    item = Item.objects.get(code="06").pk
    counties = tallies(READER, run, "county", item=item)
    assert [(row.code, row.yes) for row in counties] == [
        ("653201000000", 1),
        ("653222000000", 5),
    ]
    village = reader_for("village", p.VILLAGE)
    assert {row.item: row.yes for row in tallies(village, run, "item")}["06"] == 5
    assert findings(village, item=item).count() == 5


def test_a_wrong_region_is_refused(reader_for: Any) -> None:
    with pytest.raises(PermissionError):
        find_entitled(region=p.REGION, as_of=p.AS_OF, acting=reader_for("county", "653222000000"))


def test_a_countys_own_run_leaves_the_others_alone() -> None:
    near = p.elder(1, date(1940, 1, 1), place=p.VILLAGE)
    far = p.elder(2, date(1940, 1, 1), place=p.FAR)
    match()
    p.state(near, "deaths")
    p.state(far, "deaths")
    county = system_reader("653222000000")
    find_entitled(region="653222000000", as_of=p.AS_OF, acting=county)
    assert answers(near) == {}
    assert answers(far) != {}
    whole = latest_run(READER)
    assert whole is not None
    assert whole.region_code == p.REGION
    by_county = {row.code: row.yes for row in tallies(READER, whole, "county")}
    assert "653222000000" not in by_county
    assert by_county["653201000000"] > 0


def test_one_person_again(django_assert_max_num_queries: Any) -> None:
    person = p.elder(1, date(1950, 3, 5), survey={}, assistance={})
    p.elder(2, date(1950, 3, 5), survey={}, assistance={})
    match()
    p.state(person, "assessment", ability_level=4, assessed_on=date(2026, 11, 2))
    # PostgreSQL sets up its temporary tables in a few statements more.
    with django_assert_max_num_queries(95 if connection.vendor == "postgresql" else 80):
        summary = recheck_people([person.pk], as_of=date(2026, 11, 3), acting=READER)
    assert summary.people == 1
    assert answers(person)["09"] == (1, None)
    assert Lead.objects.get(person=person, item__code="09").kind == "entitled"
    assert_tallies_are_counts()
    run = latest_run(READER)
    assert run is not None
    assert run.whole_region


def test_looking_again_never_goes_back_in_time() -> None:
    person = p.elder(1, date(1946, 11, 20), survey={})
    match(date(2026, 12, 1))
    recheck_people([person.pk], as_of=date(2026, 11, 5), acting=READER)
    assert "06" in answers(person)


def test_a_move_takes_answers_and_counts_along() -> None:
    person = p.elder(1, date(1940, 3, 5), survey={"living": "alone"})
    match()
    Person.objects.filter(pk=person.pk).update(place_code=p.FAR)
    summary = match()
    assert (summary.new, summary.lost) == (0, 0)
    assert CurrentAnswers.objects.get(pk=person.pk).place_code == p.FAR
    assert set(Lead.objects.filter(person=person).values_list("place_code", flat=True)) == {p.FAR}
    assert LeadStep.objects.filter(act="follow").exists()
    assert_tallies_are_counts()


def assert_tallies_are_counts() -> None:
    """Compare the tallies of the newest run with what is counted from the findings."""
    run = latest_run(READER)
    counted: dict[tuple[Any, ...], int] = {}
    for row in findings(READER):
        key = (
            row.place_code,
            row.item_id,
            row.outcome.status,
            bool(row.outcome.delivered),
        )
        counted[key] = counted.get(key, 0) + 1
    stored = {
        (row.place_code, row.item_id, row.status, row.delivered): row.people
        for row in Tally.objects.filter(run=run).order_by("id")
    }
    assert stored == counted
