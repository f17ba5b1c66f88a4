"""A person's file: search, facts with their sources, timeline, household, and entering by hand."""

from collections.abc import Callable
from datetime import date

import pytest
from django.core.exceptions import ValidationError

from tests.domain.people.history import MOYU, PISHAN, History, listed
from yanglao.domain.people.models import HouseholdEntry, Person, SurveyEntry
from yanglao.domain.people.public import (
    FACT_LABELS,
    contacts_of,
    enter_fact,
    find_people,
    get_person,
    household_members,
    list_quality,
    people_counts,
    person_facts,
    person_timeline,
)
from yanglao.domain.places.public import load_divisions
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import Reader, system_reader

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 1)
EVERYONE = system_reader()


def test_people_are_found_by_name_number_and_tail() -> None:
    """Within the reader's area; empty text finds nobody."""
    person = History().person
    Person.objects.filter(pk=person.pk).update(name="买买提·吐尔逊", name_fold="买买提吐尔逊")
    number = person.id_number
    for text in (
        "买买提 吐",
        "吐尔逊",
        number,
        f" {number.lower()} ",
        number[-4:],
        f"买买提 {number[-4:]}",
    ):
        assert list(find_people(EVERYONE, text)) == [person], text
    for text in ("", "  ", "古丽", "6532"[:3], number[:10]):
        assert not find_people(EVERYONE, text), text
    assert not find_people(system_reader(PISHAN), number)
    with pytest.raises(Person.DoesNotExist):
        get_person(system_reader(PISHAN), person.pk)


def test_facts_say_where_they_came_from() -> None:
    """From a list, from the absence from one, or unknown."""
    load_divisions("hetian")
    history = History().said("disability", "2026-10", 1)
    listed("disability", "2026-10", 1, division=MOYU)
    listed("pension", "2026-10", 1, division=MOYU)
    lines = {line.name: line for line in person_facts(EVERYONE, history.person, DAY)}
    assert set(lines) == set(FACT_LABELS)
    grade = lines["disability_grade"]
    assert (grade.value_label, grade.source) == ("二级", "墨玉县残联 2026-10")
    assert lines["pension_kind"].absent and lines["pension_kind"].value_label == "未参保"
    assert not lines["living"].known and lines["living"].value_label == "未知"
    assert lines["age"].value == 86
    with pytest.raises(PermissionError):
        person_facts(system_reader(PISHAN), history.person, DAY)


def test_the_timeline_tells_beginnings_ends_and_leaving_a_list() -> None:
    """The newest first."""
    history = History().said("assistance", "2026-09", 1, holds_to=date(2026, 12, 31))
    history.said("deaths", "2026-10", 2)
    listed("assistance", "2026-09", 1)
    listed("assistance", "2026-10", 2)
    titles = [event.title for event in person_timeline(EVERYONE, history.person)]
    assert titles == [
        "社会救助到期",
        "不再在社会救助名单上",
        "去世",
        "开始享受社会救助",
        "出生",
    ]


def test_a_household_is_of_one_county() -> None:
    """The same number in another county is another household."""
    one, two, three = History(), History(), History()
    one.said("household", "2026-10", household_id="H1", relation="户主")
    two.said("household", "2026-10", household_id="H1", relation="配偶")
    three.said("household", "2026-10", household_id="H1", hukou_code="653223100201")
    members = household_members(EVERYONE, one.person)
    assert [(member.person_id, member.relation) for member in members] == [(two.person.pk, "配偶")]
    assert HouseholdEntry.objects.count() == 3


def test_what_an_officer_enters_is_a_fact_with_his_name(
    reader_for: Callable[..., Reader],
) -> None:
    """In force at once, audited, and the person's place follows it."""
    history = History().said("survey", "2026-10", 1)
    officer = reader_for("village", MOYU)
    enter_fact(
        person_id=history.person.pk,
        kind="survey",
        values={"living": "institution", "residence_code": "653222102207", "phone": "13900000000"},
        acting=officer,
        as_of=DAY,
        reason="入户走访",
    )
    facts = history.facts()
    assert (facts["living"], facts["supporter"]) == ("institution", "none")
    entry = SurveyEntry.objects.get(entered_by=officer.name)
    assert (entry.holds_from, entry.entry_reason) == (DAY, "入户走访")
    assert Person.objects.get().residence_code == "653222102207"
    assert AuditEntry.objects.filter(action="fact_entered").count() == 1
    assert contacts_of(EVERYONE, history.person)[0].phone == "13900000000"
    lines = {line.name: line for line in person_facts(EVERYONE, history.person, DAY)}
    assert "手工录入" in lines["living"].source


def test_wrong_values_are_refused_by_field(reader_for: Callable[..., Reader]) -> None:
    """In words; nothing is written, and not outside the area."""
    person = History().person
    officer = reader_for("village", MOYU)
    entered = {"acting": officer, "as_of": DAY, "reason": ""}
    with pytest.raises(ValidationError) as problem:
        enter_fact(
            person_id=person.pk,
            kind="assessment",
            values={"ability_level": 9, "assessed_on": date(2027, 1, 1)},
            **entered,  # type: ignore[arg-type]
        )
    assert set(problem.value.message_dict) == {"ability_level", "assessed_on"}
    away = reader_for("village", PISHAN)
    with pytest.raises(Person.DoesNotExist):
        enter_fact(person_id=person.pk, kind="survey", values={}, acting=away, as_of=DAY, reason="")


def test_counts_and_freshness() -> None:
    """One line a kind and county; ages on the day."""
    load_divisions("hetian")
    History(born=date(1966, 11, 1))
    History(born=date(1966, 11, 2))
    counts = people_counts(system_reader(MOYU), DAY)
    assert (counts.people, counts.elders, counts.elders_80) == (2, 1, 0)
    listed("pension", "2026-09")
    quality = [line for line in list_quality(system_reader(MOYU), DAY) if line.kind == "pension"]
    assert [(line.county, line.months_old) for line in quality] == [(MOYU, 2)]
