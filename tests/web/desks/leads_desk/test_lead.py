"""One lead, several leads: what officers record, and what they are refused."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests.web.desks.factories import (
    COUNTY,
    FAR,
    TOWN,
    VILLAGE,
    World,
    page_of,
    text_of,
)
from yanglao.domain.leads.models import Lead, LeadStep
from yanglao.web.desks.leads_desk.words import due_status, why_words

pytestmark = pytest.mark.django_db

As = Callable[..., Client]


def test_the_page_says_why_what_and_whom_to_call(world: World, client_as: As) -> None:
    words = text_of(client_as("village", VILLAGE).get(f"/leads/{world.lead(world.old).pk}/"))
    assert "为什么该享" in words and "已满 80 周岁" in words
    assert "附件第6项" in words and "地区民政局" in words
    assert "138****0000" in words and "13812340000" not in words


def test_a_lead_of_another_place_does_not_exist(world: World, client_as: As) -> None:
    far = world.lead(world.far)
    client = client_as("town", TOWN)
    assert client.get(f"/leads/{far.pk}/").status_code == 404
    assert client.post(f"/leads/{far.pk}/move/", {"to_state": "contacted"}).status_code == 404
    assert client.get(f"/leads/visit/{world.far.pk}/").status_code == 404
    assert Lead.objects.get(pk=far.pk).state == "found"


def test_one_tap_records_and_can_be_taken_back(world: World, client_as: As) -> None:
    client = client_as("village", VILLAGE)
    pk = world.lead(world.old).pk
    answer = client.post(f"/leads/{pk}/move/", {"to_state": "contacted", "note": "打通了"})
    assert answer.status_code == 302
    assert Lead.objects.get(pk=pk).state == "contacted"
    page = text_of(client.get(f"/leads/{pk}/"))
    assert "联系上了" in page and "打通了" in page and "撤回上一步" in page
    client.post(f"/leads/{pk}/undo/")
    assert Lead.objects.get(pk=pk).state == "found"
    assert "撤回上一步，回到“已发现”" in text_of(client.get(f"/leads/{pk}/"))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"to_state": "declined"}, "请选择谢绝的原因"),
        ({"to_state": "delivered"}, "请写明送达的凭据"),
    ],
)
def test_a_decline_has_a_reason_and_a_delivery_a_proof(
    world: World, client_as: As, sent: dict[str, str], said: str
) -> None:
    client = client_as("village", VILLAGE)
    lead = world.lead(world.old)
    answer = client.post(f"/leads/{lead.pk}/move/", sent)
    page = page_of(answer, 422)
    assert said in page.get_text()
    # The form that was refused stands open.
    assert page.select_one("details[open] .k-field-error")
    assert Lead.objects.get(pk=lead.pk).state == "found"


def test_delivered_by_hand_keeps_the_proof(world: World, client_as: As) -> None:
    lead = world.lead(world.old)
    client_as("village", VILLAGE).post(
        f"/leads/{lead.pk}/move/", {"to_state": "delivered", "note": "11 月 4 日存折到账"}
    )
    lead.refresh_from_db()
    assert lead.state == "delivered"
    assert "存折到账" in lead.proof


def test_opening_an_act_by_address_changes_nothing(world: World, client_as: As) -> None:
    pk = world.lead(world.old).pk
    client = client_as("county", COUNTY)
    for act in ("move", "assign", "undo"):
        assert client.get(f"/leads/{pk}/{act}/").status_code == 302
    assert client.get("/leads/bulk/").status_code == 302
    assert not LeadStep.objects.exclude(act="open").exists()


def test_the_town_gives_a_lead_to_its_village(
    world: World, client_as: As, account_for: Callable[..., Any]
) -> None:
    officer = account_for("village", VILLAGE)
    stranger = account_for("village", FAR)
    pk = world.lead(world.old).pk
    client = client_as("town", TOWN)
    client.post(f"/leads/{pk}/assign/", {"assignee": officer.pk})
    assert Lead.objects.get(pk=pk).assignee_id == officer.pk
    assert f"交给 {officer.display_name}" in text_of(client.get(f"/leads/{pk}/"))
    refused = client.post(f"/leads/{pk}/assign/", {"assignee": stranger.pk})
    assert refused.status_code == 422


def test_several_leads_are_asked_once_then_done(
    world: World, client_as: As, account_for: Callable[..., Any]
) -> None:
    officer = account_for("town", TOWN)
    ids = [world.lead(world.old).pk, world.lead(world.poor, "07").pk]
    client = client_as("town", TOWN)
    asked = client.post("/leads/bulk/?kind=entitled", {"action": "assign", "chosen": ids})
    assert "分派这 2 条线索" in text_of(asked)
    assert not Lead.objects.filter(assignee=officer).exists()
    done = client.post(
        "/leads/bulk/?kind=entitled",
        {"action": "assign", "chosen": ids, "confirm": "1", "assignee": officer.pk},
    )
    assert done["Location"] == "/leads/?kind=entitled"
    assert Lead.objects.filter(assignee=officer).count() == 2


def test_several_results_at_once_need_the_reason_once(world: World, client_as: As) -> None:
    ids = [world.lead(world.old).pk, world.lead(world.poor, "07").pk]
    client = client_as("town", TOWN)
    data = {"action": "move", "chosen": ids, "confirm": "1", "to_state": "declined"}
    assert "请选择谢绝的原因" in text_of(client.post("/leads/bulk/", data), 422)
    client.post("/leads/bulk/", {**data, "decline_reason": "away"})
    assert set(Lead.objects.filter(pk__in=ids).values_list("state", flat=True)) == {"declined"}


def test_bulk_leaves_leads_of_other_places_alone(world: World, client_as: As) -> None:
    far = world.lead(world.far)
    data = {"action": "move", "chosen": [far.pk], "confirm": "1", "to_state": "contacted"}
    answer = client_as("town", TOWN).post("/leads/bulk/", data)
    assert answer.status_code == 302
    assert Lead.objects.get(pk=far.pk).state == "found"


@pytest.mark.parametrize("data", [{"action": "burn"}, {"action": "move", "chosen": ["1 OR 1"]}, {}])
def test_nonsense_in_bulk_is_refused(world: World, client_as: As, data: dict[str, Any]) -> None:
    assert client_as("town", TOWN).post("/leads/bulk/", data).status_code == 400


def test_one_visit_settles_several_things(world: World, client_as: As) -> None:
    client = client_as("village", VILLAGE)
    first, second = Lead.objects.filter(person=world.old).order_by("pk")[:2]
    url = f"/leads/visit/{world.old.pk}/"
    assert "一次上门" in text_of(client.get(url))
    assert "至少选一件" in text_of(client.post(url, {}), 422)
    mixed = {f"lead-{first.pk}": "confirmed", f"lead-{second.pk}": "declined"}
    assert "请选择谢绝的原因" in text_of(client.post(url, mixed), 422)
    assert Lead.objects.get(pk=first.pk).state == "found"
    done = client.post(url, {**mixed, "decline_reason": "no_need", "note": "在家"})
    assert done["Location"] == f"/people/{world.old.pk}/"
    assert Lead.objects.get(pk=first.pk).state == "confirmed"
    assert Lead.objects.get(pk=second.pk).decline_reason == "no_need"


def test_reasons_are_short_beside_the_name_of_the_item() -> None:
    assert why_words("可能符合 护理补贴，缺：能力评估") == "缺 能力评估"
    assert why_words("已满 80 周岁；户籍地或常住地在和田地区；健在") == "已满 80 周岁"
    assert why_words("健在") == "健在"
    assert "健在" in why_words("已满 80 周岁；健在", whole=True)
    today = date(2026, 11, 5)
    assert due_status(date(2026, 11, 5), None, today).tone == "accent"
    assert str(due_status(date(2026, 11, 7), None, today).text) == "还有 2 天"
    assert str(due_status(date(2026, 11, 1), date(2026, 11, 4), today).text) == "11 月 4 日办结"
