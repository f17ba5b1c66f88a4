"""The file of a person: what is shown, what is hidden until asked for, what is entered by hand."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from tests.flows import population as p
from tests.web.desks.factories import (
    COUNTY,
    NEIGHBOUR,
    TODAY,
    TOWN,
    VILLAGE,
    World,
    page_of,
    text_of,
)
from yanglao.domain.leads.models import Lead
from yanglao.domain.people.models import HealthEntry, HouseholdEntry
from yanglao.domain.people.public import CODED_VALUES, Kind, get_person
from yanglao.foundation import clock
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import system_reader
from yanglao.web.desks.registry_desk.forms import BY_HAND, CHOICES, HINTS, FactForm

pytestmark = pytest.mark.django_db

As = Callable[..., Client]


def test_the_file_says_what_is_owed_first_and_why(world: World, client_as: As) -> None:
    page = page_of(client_as("village", VILLAGE).get(f"/people/{world.old.pk}/"))
    rows = page.select("table.k-answers")[0].select("tbody tr")
    states = [row.select_one(".k-status").get_text().strip() for row in rows]  # type: ignore[union-attr]
    order = ["应享未享", "可能符合", "在享"]
    assert [order.index(state) for state in states] == sorted(
        order.index(state) for state in states
    )
    allowance = page.select_one("#item-06")
    assert allowance is not None
    words = " ".join(allowance.get_text(" ").split())
    assert "年满 80 周岁" in words and "符合" in words
    assert "附件第6项" in words and "地区民政局" in words
    lead = world.lead(world.old)
    assert allowance.find("a", href=f"/leads/{lead.pk}/", string="联系本人")


def test_what_does_not_fit_says_why_too(world: World, client_as: As) -> None:
    page = page_of(client_as("village", VILLAGE).get(f"/people/{world.plain.pk}/"))
    refused = page.select_one("#item-06")
    assert refused is not None
    words = " ".join(refused.get_text(" ").split())
    assert "不符合" in words and "年满 80 周岁" in words and "64 周岁" in words


def test_facts_carry_their_source_and_unknown_is_said(world: World, client_as: As) -> None:
    words = text_of(client_as("village", VILLAGE).get(f"/people/{world.old.pk}/"))
    assert "居住状况 独居" in words
    assert "未知" in words
    assert "完整名单上没有此人" in words


def test_numbers_are_masked_until_a_purpose_is_given(world: World, client_as: As) -> None:
    client = client_as("village", VILLAGE)
    plain = client.get(f"/people/{world.old.pk}/").content.decode()
    assert world.old.id_number not in plain
    assert "13812340000" not in plain
    url = f"/people/{world.old.pk}/reveal/"
    assert client.post(url, {"what": "id"}).status_code == 422
    assert not AuditEntry.objects.filter(action="identity_revealed").exists()
    shown = client.post(url, {"what": "id_number", "purpose": "apply"})
    assert world.old.id_number in text_of(shown)
    entry = AuditEntry.objects.get(action="identity_revealed")
    assert (entry.subject_id, entry.reason) == (str(world.old.pk), "替本人办理申请")
    assert entry.place_code == VILLAGE
    assert world.old.id_number not in str(entry.detail)


def test_a_call_is_one_tap_and_written_down(world: World, client_as: As) -> None:
    answer = client_as("village", VILLAGE).post(
        f"/people/{world.old.pk}/reveal/",
        {"what": "phone", "purpose": "contact"},
        headers={"HX-Request": "true"},
    )
    page = page_of(answer)
    assert page.find("html") is None
    assert page.find("a", href="tel:13812340000")
    assert AuditEntry.objects.filter(
        action="identity_revealed", detail={"fields": ["phone"]}
    ).exists()


def test_what_was_opened_stays_open_for_a_while_and_for_nobody_else(
    world: World, client_as: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, other = client_as("village", VILLAGE), client_as("town", TOWN)
    url = f"/people/{world.old.pk}/"
    number = world.old.id_number
    assert number not in text_of(client.get(url))
    client.post(f"{url}reveal/", {"what": "id_number", "purpose": "verify"})
    assert number in text_of(client.get(url))
    assert number not in text_of(other.get(url))
    assert number not in text_of(client.get(f"/people/{world.plain.pk}/"))
    later = clock.now() + timedelta(minutes=16)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert number not in text_of(client.get(url))


def test_addresses_and_diagnoses_are_covered_until_opened(world: World, client_as: As) -> None:
    made = {"person": world.old, "seen_from": TODAY, "seen_to": TODAY, "last_batch": 1}
    made |= {"first_row": "", "last_row": "", "digest": "x"}
    HouseholdEntry.objects.create(
        **made, name="某人", hukou_code=VILLAGE, status="normal", address="阔纳巴扎村 3 组 17 号"
    )
    HealthEntry.objects.create(**made, health_checked_on=TODAY, chronic="高血压", dementia=True)
    client = client_as("village", VILLAGE)
    url = f"/people/{world.old.pk}/"
    covered = text_of(client.get(url))
    for secret in ("3 组 17 号", "高血压"):
        assert secret not in covered
    assert "已遮盖" in covered
    shown = client.post(f"{url}reveal/", {"what": "diagnosis", "purpose": "visit"})
    assert "高血压" in text_of(shown)
    assert "3 组 17 号" not in text_of(client.get(url))
    client.post(f"{url}reveal/", {"what": "address", "purpose": "visit"})
    assert "3 组 17 号" in text_of(client.get(url))


def test_another_purpose_needs_words(world: World, client_as: As) -> None:
    client = client_as("village", VILLAGE)
    url = f"/people/{world.old.pk}/reveal/"
    answer = client.post(url, {"what": "id_number", "purpose": "other"})
    assert "请写明用来做什么" in text_of(answer, 422)
    answer = client.post(url, {"what": "id_number", "purpose": "other", "note": "核对存折"})
    assert world.old.id_number in text_of(answer)
    entry = AuditEntry.objects.get(action="identity_revealed")
    assert entry.reason == "其他工作需要（请写明）：核对存折"


def test_opening_a_file_and_being_refused_one_are_on_record(world: World, client_as: As) -> None:
    client = client_as("village", VILLAGE)
    client.get(f"/people/{world.old.pk}/", headers={"User-Agent": "测试机"})
    client.get(f"/people/{world.poor.pk}/")
    opened = AuditEntry.objects.get(action="file_opened")
    assert (opened.kind, opened.result, opened.subject_id) == ("read", "done", str(world.old.pk))
    assert (opened.address, opened.device) == ("127.0.0.1", "测试机")
    refused = AuditEntry.objects.get(action="file_refused")
    assert (refused.result, refused.subject_id) == ("refused", str(world.poor.pk))


def test_somebody_of_another_place_does_not_exist(world: World, client_as: As) -> None:
    client = client_as("village", VILLAGE)
    for tail in ("", "print/", "reveal/", "record/", "record/survey/"):
        assert client.get(f"/people/{world.poor.pk}/{tail}").status_code == 404
    sent = client.post(
        f"/people/{world.poor.pk}/reveal/", {"what": "id_number", "purpose": "apply"}
    )
    assert sent.status_code == 404
    assert not AuditEntry.objects.filter(action="identity_revealed").exists()


def test_as_of_an_earlier_day_the_birthday_has_not_come(world: World, client_as: As) -> None:
    client = client_as("village", VILLAGE)
    before = page_of(client.get(f"/people/{world.old.pk}/", {"on": "2024-03-04"}))
    row = before.select_one("#item-06")
    assert row is not None and "不符合" in row.get_text()
    assert "79 岁" in before.get_text()
    on_the_day = page_of(client.get(f"/people/{world.old.pk}/", {"on": "2024-03-05"}))
    row = on_the_day.select_one("#item-06")
    assert row is not None and "应享未享" in row.get_text()
    nonsense = client.get(f"/people/{world.old.pk}/", {"on": "tomorrow"})
    assert TODAY.isoformat() in nonsense.content.decode()


def test_a_fact_entered_shows_what_it_changed(world: World, client_as: As) -> None:
    client = client_as("village", VILLAGE)
    url = f"/people/{world.old.pk}/record/assessment/"
    page = page_of(client.get(url))
    assert page.select_one("select[name=ability_level]")
    answer = client.post(
        url,
        {
            "assessed_on": "2026-11-02",
            "ability_level": "3",
            "ground": "paper",
            "remark": "评估报告原件",
        },
        follow=True,
    )
    words = text_of(answer)
    assert "已登记" in words
    assert "有了变化" in words
    assert "重度失能" in words
    assert "看了证件或文书" in AuditEntry.objects.get(action="fact_entered").reason


def test_an_empty_or_future_fact_is_refused(world: World, client_as: As) -> None:
    client = client_as("village", VILLAGE)
    empty = client.post(f"/people/{world.old.pk}/record/survey/", {"ground": "visit"})
    assert "一项都没有填" in text_of(empty, 422)
    future = client.post(
        f"/people/{world.old.pk}/record/deaths/", {"died_on": "2027-01-01", "ground": "paper"}
    )
    assert "晚于今天" in text_of(future, 422)
    assert get_person(system_reader(), world.old.pk).died_on is None
    assert client.get(f"/people/{world.old.pk}/record/household/").status_code == 404


def test_moving_inside_the_county_is_a_choice_of_villages(world: World, client_as: As) -> None:
    page = page_of(client_as("village", VILLAGE).get(f"/people/{world.old.pk}/record/survey/"))
    offered = {option["value"] for option in page.select("select[name=residence_code] option")}
    assert offered == {"", VILLAGE, NEIGHBOUR}


def test_the_sheet_for_the_house_carries_no_number(world: World, client_as: As) -> None:
    answer = client_as("village", VILLAGE).get(f"/people/{world.old.pk}/print/")
    words = text_of(answer)
    assert "基本养老服务告知单" in words and "高龄津贴" in words and "12345" in words
    assert world.old.id_number not in answer.content.decode()
    assert world.old.id_tail not in words


def test_a_dead_persons_file_says_so(world: World, client_as: As) -> None:
    from yanglao.domain.people.models import Person

    Person.objects.filter(pk=world.old.pk).update(died_on="2026-11-02")
    assert "去世" in text_of(client_as("village", VILLAGE).get(f"/people/{world.old.pk}/"))


def test_roles_that_may_not_record_get_no_form(world: World, client_as: As) -> None:
    clerk = client_as("clerk", COUNTY)
    assert clerk.get(f"/people/{world.old.pk}/").status_code == 403
    assert clerk.post(f"/people/{world.old.pk}/record/survey/", {}).status_code == 403


def test_every_kind_has_a_form_with_every_code(world: World) -> None:
    for kind in BY_HAND:
        assert kind in HINTS
        assert FactForm(kind=Kind(kind), today=TODAY, villages=[]).fields
    for name, codes in CHOICES.items():
        assert set(codes) == set(CODED_VALUES[name])


def test_queries_do_not_grow_with_what_is_known(
    world: World, client_as: As, same_number_of_queries: Callable[..., int]
) -> None:
    client = client_as("town", TOWN)

    def look() -> None:
        assert client.get(f"/people/{world.old.pk}/").status_code == 200

    def known(**more: Any) -> None:
        for month in range(1, 9):
            p.state(world.old, "health", health_checked_on=TODAY.replace(month=month), **more)
            p.state(world.old, "survey", living="alone", phone=f"1390000000{month}")

    known()
    few = same_number_of_queries(look, look)
    known(chronic="高血压")
    assert Lead.objects.filter(person=world.old).count() > 1
    assert same_number_of_queries(look, look) == few
