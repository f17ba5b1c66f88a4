"""What a person may ask about his data, at the counter."""

import json
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client

from tests.web.desks.factories import (
    COUNTY,
    TODAY,
    TOWN,
    VILLAGE,
    World,
    page_of,
    text_of,
)
from tests.web.desks.match_desk.world import cells, status_of
from yanglao.domain.people.models import Contact, SurveyEntry
from yanglao.domain.rights.models import Consent, LegalHold, RightsRequest
from yanglao.domain.rights.public import publish_text, working_days_after
from yanglao.foundation import audit
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db
As = Callable[..., Client]
ASK = {"kind": "correct", "asker": "self", "identity_seen": "身份证原件", "wish": "常住地写错了"}


def ask(client: Client, world: World, **changes: str) -> RightsRequest:
    answer = client.post(f"/privacy/people/{world.old.pk}/ask/", ASK | changes)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    return RightsRequest.objects.latest("pk")


def test_working_days_skip_weekends() -> None:
    assert working_days_after(date(2026, 11, 6), 1) == date(2026, 11, 9)
    assert working_days_after(date(2026, 11, 5), 15) == date(2026, 11, 26)


def test_the_sheet_tells_who_looked_and_why(world: World, client_as: As) -> None:
    officer = client_as("village", VILLAGE)
    officer.get(f"/people/{world.old.pk}/")
    officer.post(f"/people/{world.old.pk}/reveal/", {"what": "phone", "purpose": "contact"})
    cells(client_as("county", COUNTY).get("/leads/export.xlsx"))
    officer.get(f"/people/{world.plain.pk}/")
    words = text_of(officer.get(f"/privacy/people/{world.old.pk}/who-looked/"))
    for told in ("打开档案", "打开遮盖的内容", "联系本人或家属", "测试 village", "导出"):
        assert told in words
    assert world.old.id_number not in words
    assert AuditEntry.objects.filter(action="looks_told").count() == 1


def test_a_copy_holds_everything_and_is_on_record(world: World, client_as: As) -> None:
    client = client_as("village", VILLAGE)
    url = f"/privacy/people/{world.old.pk}/copy"
    plain = json.loads(client.get(f"{url}.json").content)
    assert plain["person"]["id_number"] == world.old.id_number
    assert plain["contacts"][0]["phone"] == "13812340000"
    assert {fact["name"] for fact in plain["facts"]} >= {"living", "alive"}
    assert any(row["status"] == "yes" for row in plain["results"])
    sheet = cells(client.get(f"{url}.xlsx"))
    told = {cell for row in sheet for cell in row}
    assert {"13812340000", world.old.id_number, "居住状况"} <= told
    entries = AuditEntry.objects.filter(action="own_copy_given")
    assert [entry.subject_id for entry in entries] == [str(world.old.pk)] * 2
    assert world.old.id_number not in str([entry.detail for entry in entries])


def test_a_request_has_a_clock_and_an_answer(world: World, client_as: As) -> None:
    taken = ask(client_as("village", VILLAGE), world)
    assert taken.due_on == working_days_after(TODAY, 15)
    village = client_as("village", VILLAGE)
    assert "更正和删除由县市以上答复" in text_of(village.get(f"/privacy/{taken.pk}/"))
    refused = village.post(f"/privacy/{taken.pk}/", {"state": "done", "answer": "改了"})
    assert refused.status_code == 403
    county = client_as("county", COUNTY)
    assert "测试老人1" in text_of(county.get("/privacy/"))
    county.post(f"/privacy/{taken.pk}/", {"state": "done", "answer": "已按身份证更正"})
    taken.refresh_from_db()
    assert (taken.state, taken.decided_on) == ("done", TODAY)
    again = county.post(f"/privacy/{taken.pk}/", {"state": "refused", "answer": "不"})
    assert again.status_code == 403
    assert "没有等着答复" in text_of(county.get("/privacy/"))
    entry = AuditEntry.objects.get(action="rights_request_answered")
    assert entry.detail["in_time"] is True


def test_a_correction_tells_what_was_entered(world: World, client_as: As) -> None:
    county = client_as("county", COUNTY)
    taken = ask(county, world)
    county.post(
        f"/people/{world.old.pk}/record/survey/",
        {"living": "with_children", "ground": "visit", "remark": ""},
    )
    entered = AuditEntry.objects.get(action="fact_entered")
    assert entered.detail["changes"]["living"] == ["alone", "with_children"]
    county.post(f"/privacy/{taken.pk}/", {"state": "done", "answer": "已更正"})
    taken.refresh_from_db()
    assert "living" in taken.effect[0]


def test_a_hold_stands_in_the_way_of_deleting(world: World, client_as: As) -> None:
    county = client_as("county", COUNTY)
    taken = ask(county, world, kind="delete", wish="删掉我的电话")
    hold = {"ground": "benefit", "basis": "津贴发放凭证", "starts_on": "2026-11-01", "ends_on": ""}
    assert county.post(f"/privacy/people/{world.old.pk}/hold/", hold).status_code == 302
    whole = county.post(f"/privacy/{taken.pk}/", {"state": "done", "answer": "都删了"})
    assert "依法必须保留" in text_of(whole, 422)
    county.post(
        f"/privacy/{taken.pk}/",
        {"state": "partly", "answer": "电话已删", "erase_contacts": "on"},
    )
    taken.refresh_from_db()
    assert taken.effect[0].startswith("已删除：电话")
    assert "津贴发放凭证" in taken.effect[1]
    assert not Contact.objects.filter(person=world.old).exists()
    assert [row.phone for row in SurveyEntry.objects.filter(person=world.old)] == [""]
    assert "没有电话" in text_of(county.get(f"/people/{world.old.pk}/"))
    standing = LegalHold.objects.get()
    county.post(f"/privacy/holds/{standing.pk}/lift/", {"reason": "发放结束"})
    standing.refresh_from_db()
    assert standing.lifted_on == TODAY


def test_a_consent_is_to_one_version_and_can_be_taken_back(world: World, client_as: As) -> None:
    acting = system_reader()
    first = publish_text(code="photo", title="拍照同意书", body="第一版", acting=acting)
    assert publish_text(code="photo", title="拍照同意书", body="第一版", acting=acting) == first
    client = client_as("village", VILLAGE)
    url = f"/privacy/people/{world.old.pk}/"
    sent = {"text": str(first.pk), "given_by": "self", "channel": "counter", "note": ""}
    client.post(f"{url}consent/", sent)
    client.post(f"{url}consent/", sent)
    consent = Consent.objects.get()
    publish_text(code="photo", title="拍照同意书", body="第二版", acting=acting)
    assert "第 1 版" in text_of(client.get(url)).replace(" ", " ")
    client.post(f"/privacy/consents/{consent.pk}/withdraw/", {"channel": "phone"})
    consent.refresh_from_db()
    assert (consent.withdrawn_on, consent.text) == (TODAY, first)
    acts = AuditEntry.objects.filter(action__startswith="consent_").order_by("id")
    assert [entry.action for entry in acts] == [
        "consent_text_published",
        "consent_given",
        "consent_text_published",
        "consent_withdrawn",
    ]


def test_somebody_of_another_place_has_no_rights_page(world: World, client_as: As) -> None:
    county = client_as("county", COUNTY)
    hold = {"ground": "benefit", "basis": "x", "starts_on": "2026-11-01", "ends_on": ""}
    for tail in ("", "who-looked/", "copy.xlsx", "copy.json", "ask/", "consent/", "hold/"):
        url = f"/privacy/people/{world.far.pk}/{tail}"
        assert status_of(county, url) == 404, url
        assert county.post(url, ASK | hold).status_code in {404, 405}, url
    other = client_as("county", "653201000000")
    taken = ask(county, world)
    assert other.get(f"/privacy/{taken.pk}/").status_code == 404
    assert other.post(f"/privacy/{taken.pk}/", {"state": "done", "answer": "x"}).status_code == 404
    text = publish_text(code="photo", title="拍照", body="x", acting=system_reader())
    sent = {"text": str(text.pk), "given_by": "self", "channel": "counter", "note": ""}
    county.post(f"/privacy/people/{world.old.pk}/consent/", sent)
    consent = Consent.objects.get()
    gone = other.post(f"/privacy/consents/{consent.pk}/withdraw/", {"channel": "phone"})
    assert gone.status_code == 404
    county.post(f"/privacy/people/{world.old.pk}/hold/", hold)
    lifted = other.post(f"/privacy/holds/{LegalHold.objects.get().pk}/lift/", {"reason": "x"})
    assert lifted.status_code == 404


def test_the_town_takes_and_the_village_page_is_plain(world: World, client_as: As) -> None:
    page = page_of(client_as("town", TOWN).get(f"/privacy/people/{world.old.pk}/"))
    assert page.find("h1") is not None
    assert "没有登记过同意" in page.get_text()


def test_the_list_asks_the_same_for_few_and_many(
    world: World, client_as: As, same_number_of_queries: Callable[..., int]
) -> None:
    client = client_as("county", COUNTY)

    def page() -> None:
        client.get("/privacy/")

    page()
    ask(client, world)
    few = same_number_of_queries(page, page)
    for _number in range(5):
        ask(client, world)
    assert same_number_of_queries(page, page) == few


def test_the_whole_record_of_it_is_good(world: World, client_as: As) -> None:
    ask(client_as("county", COUNTY), world)
    assert audit.verify().good


def test_what_is_written_lies_in_envelopes(world: World, client_as: As) -> None:
    """Neither the rows nor the record hold a wish, an answer, a basis or a note to read."""
    county = client_as("county", COUNTY)
    words = {"wish": "邻居家常来闹事", "answer": "已劝住他儿子", "basis": "墨公案字第八号"}
    taken = ask(county, world, wish=words["wish"])
    hold = {"ground": "inquiry", "basis": words["basis"], "starts_on": "2026-11-01", "ends_on": ""}
    county.post(f"/privacy/people/{world.old.pk}/hold/", hold)
    county.post(f"/privacy/{taken.pk}/", {"state": "done", "answer": words["answer"]})
    again = RightsRequest.objects.get(pk=taken.pk)
    assert (again.wish, again.answer) == (words["wish"], words["answer"])
    assert LegalHold.objects.get().basis == words["basis"]
    rows = str([*RightsRequest.objects.values(), *LegalHold.objects.values()])
    acts = str(list(AuditEntry.objects.filter(action__startswith="rights").values()))
    for told in (words["wish"], words["answer"]):
        assert told not in rows + acts
    assert words["basis"] not in rows
    page = text_of(county.get(f"/privacy/{taken.pk}/"))
    assert words["wish"] in page and words["answer"] in page
