"""A lead's life, from the run that finds it to the list that proves it."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.flows import population as p
from yanglao.domain.entitlements.public import latest_run, tallies
from yanglao.domain.exchange.models import ReceivedList
from yanglao.domain.leads.models import Lead, LeadStep
from yanglao.domain.leads.public import (
    WrongMove,
    assign_leads,
    hand_back,
    lead_counts,
    leads,
    move_lead,
    move_leads,
    undo_last_step,
)
from yanglao.domain.people.models import Person
from yanglao.flows.find_entitled import find_entitled
from yanglao.flows.follow_leads import close_account_and_hand_back
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db

READER = system_reader(p.REGION, name="测试")


def match(as_of: date = p.AS_OF) -> Any:
    return find_entitled(region=p.REGION, as_of=as_of, acting=READER)


def lead_of(person: Person, code: str) -> Lead:
    return Lead.objects.filter(person=person, item__code=code).order_by("-id")[0]


@pytest.fixture(autouse=True)
def _published() -> None:
    p.publish()


def test_due_days_come_from_the_catalogue() -> None:
    p.cover()
    person = p.elder(1, date(1940, 3, 5), survey={"living": "alone"})
    match()
    lead = lead_of(person, "14")
    assert (lead.state, lead.kind, lead.place_code) == ("found", "entitled", p.VILLAGE)
    assert lead.due_on == p.AS_OF + timedelta(days=15)
    codes = set(Lead.objects.filter(person=person).values_list("item__code", flat=True))
    assert "03" not in codes


def test_what_waits_for_a_list_is_told_apart() -> None:
    person = p.elder(1, date(1950, 3, 5), survey={})
    match()
    assert lead_of(person, "11").kind == "awaiting_list"
    p.cover(("assistance",))
    match()
    assert lead_of(person, "11").state == "lapsed"


def test_possible_becomes_yes_on_the_same_lead() -> None:
    p.cover()
    person = p.elder(1, date(1950, 3, 5), survey={}, assistance={})
    match()
    first = lead_of(person, "09")
    assert first.kind == "possible"
    p.state(person, "assessment", ability_level=4)
    match()
    lead = lead_of(person, "09")
    assert (lead.pk, lead.kind) == (first.pk, "entitled")
    step = LeadStep.objects.get(lead=lead)
    assert step.act == "kind"
    assert "只差信息" in step.said


def test_the_next_list_proves_delivery() -> None:
    by = p.cover()
    person = p.elder(1, date(1950, 3, 5), survey={}, pension={"pension_status": "unclaimed"})
    match()
    assert lead_of(person, "02").state == "found"
    p.forget(person, "pension")
    received = ReceivedList.objects.create(
        batch=by,
        kind="pension",
        place_code=p.REGION,
        file_name="墨玉县城乡居民养老保险.xlsx",
        file_hash="0" * 64,
        state="taken_in",
    )
    p.state(person, "pension", received=received)
    match(date(2026, 12, 1))
    lead = lead_of(person, "02")
    assert (lead.state, lead.closed_on) == ("delivered", date(2026, 12, 1))
    assert lead.proof == "墨玉县城乡居民养老保险.xlsx 表!2"


def test_what_lapsed_goes_on_where_it_stood() -> None:
    p.cover()
    person = p.elder(1, date(1950, 3, 5), survey={"living": "alone"})
    match()
    lead = lead_of(person, "14")
    move_lead(lead_id=lead.pk, to_state="contacted", acting=READER)
    p.state(person, "survey", month=date(2026, 11, 1), living="with_children")
    match(date(2026, 11, 2))
    p.state(person, "assessment", ability_level=0)
    match(date(2026, 11, 3))
    assert lead_of(person, "14").state == "lapsed"
    p.state(person, "survey", month=date(2026, 12, 1), living="alone")
    match(date(2026, 12, 2))
    again = lead_of(person, "14")
    assert (again.pk, again.state, again.closed_on) == (lead.pk, "contacted", None)


def test_declined_stays_declined_until_something_else_is_offered() -> None:
    p.cover()
    person = p.elder(1, date(1950, 3, 5), survey={}, assistance={})
    match()
    lead = lead_of(person, "09")
    move_lead(lead_id=lead.pk, to_state="declined", decline_reason="no_need", acting=READER)
    match()
    assert lead_of(person, "09").state == "declined"
    p.state(person, "assessment", ability_level=4)
    match()
    again = lead_of(person, "09")
    assert (again.pk, again.state, again.kind) == (lead.pk, "found", "entitled")
    assert again.decline_reason == ""


def test_delivered_by_hand_counts_at_once_and_can_be_undone() -> None:
    p.cover()
    person = p.elder(1, date(1940, 3, 5), survey={})
    match()
    lead = lead_of(person, "06")

    def had() -> int:
        rows = tallies(READER, latest_run(READER), "item")
        return next(row.delivered for row in rows if row.item == "06")

    move_lead(lead_id=lead.pk, to_state="delivered", note="已到账", acting=READER)
    assert had() == 1
    match()
    assert had() == 1
    assert Lead.objects.filter(person=person, item__code="06").count() == 1
    undo_last_step(lead_id=lead.pk, acting=READER)
    assert had() == 0
    assert lead_of(person, "06").state == "found"


def test_moves_go_by_the_table() -> None:
    p.cover()
    person = p.elder(1, date(1940, 3, 5), survey={})
    match()
    lead = lead_of(person, "06")
    with pytest.raises(WrongMove, match="原因"):
        move_lead(lead_id=lead.pk, to_state="declined", acting=READER)
    with pytest.raises(WrongMove):
        move_lead(lead_id=lead.pk, to_state="lapsed", acting=READER)
    other = system_reader("653201000000")
    with pytest.raises(Lead.DoesNotExist):
        move_lead(lead_id=lead.pk, to_state="contacted", acting=other)
    assert move_leads(ids=[lead.pk], to_state="contacted", acting=other) == 0


def test_many_leads_move_in_the_same_number_of_queries(same_number_of_queries: Any) -> None:
    p.cover()
    for number in range(1, 13):
        p.elder(number, date(1940, 3, number), survey={})
    match()
    ids = list(Lead.objects.filter(item__code="06").order_by("id").values_list("id", flat=True))
    same_number_of_queries(
        lambda: move_leads(ids=ids[:1], to_state="contacted", acting=READER),
        lambda: move_leads(ids=ids[1:], to_state="contacted", acting=READER),
    )
    assert LeadStep.objects.filter(act="move").count() == 12
    assert AuditEntry.objects.filter(action="leads_moved").count() == 2


def test_nothing_is_lost_when_an_officer_leaves(account_for: Any) -> None:
    p.cover()
    person = p.elder(1, date(1940, 3, 5), survey={})
    match()
    officer = account_for("town", "653222100000")
    lead = lead_of(person, "06")
    assert assign_leads(ids=[lead.pk], assignee_id=officer.pk, acting=READER) == 1
    closed = close_account_and_hand_back(account_id=officer.pk, acting=READER, reason="调离")
    assert closed.leads_back == 1
    again = lead_of(person, "06")
    assert (again.assignee_id, again.state) == (None, "found")
    assert list(
        LeadStep.objects.filter(lead=lead).order_by("id").values_list("act", flat=True)
    ) == [
        "assign",
        "back",
    ]
    assert hand_back(account_id=officer.pk, acting=READER) == 0


def test_a_lead_follows_its_person_and_leaves_the_old_officer(account_for: Any) -> None:
    p.cover()
    person = p.elder(1, date(1940, 3, 5), survey={})
    match()
    officer = account_for("town", "653222100000")
    lead = lead_of(person, "06")
    assign_leads(ids=[lead.pk], assignee_id=officer.pk, acting=READER)
    Person.objects.filter(pk=person.pk).update(place_code=p.NEIGHBOUR)
    match()
    assert lead_of(person, "06").assignee_id == officer.pk
    Person.objects.filter(pk=person.pk).update(place_code=p.FAR)
    match()
    moved = lead_of(person, "06")
    assert (moved.place_code, moved.assignee_id) == (p.FAR, None)


def test_every_reading_stays_in_the_area(reader_for: Any) -> None:
    p.cover()
    near = p.elder(1, date(1940, 3, 5), survey={})
    p.elder(2, date(1940, 3, 5), place=p.FAR, survey={})
    match()
    village = reader_for("village", p.VILLAGE)
    assert set(leads(village).values_list("person_id", flat=True)) == {near.pk}
    assert lead_counts(village, p.AS_OF).open == leads(village, state="open").count()
    assert leads(READER, state="open").count() > leads(village, state="open").count()
