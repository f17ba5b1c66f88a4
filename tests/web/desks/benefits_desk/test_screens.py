"""The desk: whose cases, the counter, everybody found, two people, notices, disputes, accounts."""

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.flows import population as p
from tests.web.desks.factories import (
    COUNTY,
    FAR,
    NEIGHBOUR,
    OTHER_COUNTY,
    PREFECTURE,
    TODAY,
    TOWN,
    VILLAGE,
    World,
    match,
    more_leads,
    page_of,
    text_of,
)
from yanglao.domain.benefits.models import Case, Dispute, Notice, PayAccount
from yanglao.domain.people.models import Person
from yanglao.domain.rights.models import Consent

pytestmark = pytest.mark.django_db

As = Callable[..., Client]


def names(client: Client, **query: str) -> set[str]:
    """Return the names listed under a filter."""
    page = page_of(client.get("/benefits/", query))
    return {link.get_text().strip() for link in page.select("tbody th a")}


def applied(client: Client, person: Person, code: str = "06") -> Case:
    """Apply at the counter."""
    answer = client.post(f"/benefits/apply/{person.pk}/{code}/", {"applicant": "self"})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return Case.objects.get(person=person, item__code=code)


def test_roles_without_the_permission_get_the_403_page(world: World, client_as: As) -> None:
    """Department clerks and administrators have no business here; villages may not decide."""
    for role, area in (("clerk", COUNTY), ("system_admin", PREFECTURE), ("assessor", COUNTY)):
        for path in ("/benefits/", "/benefits/found/", "/benefits/notices/", "/benefits/apply/"):
            assert client_as(role, area).get(path).status_code == 403
    village = client_as("village", VILLAGE)
    case = applied(village, world.old)
    assert village.get("/benefits/").status_code == 200
    assert village.post(f"/benefits/{case.pk}/prepare/").status_code == 403
    town = client_as("town", TOWN)
    assert town.post(f"/benefits/{case.pk}/approve/").status_code == 403
    sent = {"action": "approve", "chosen": [case.pk]}
    assert town.post("/benefits/bulk/", sent).status_code == 403


def test_a_town_sees_the_town_on_list_count_and_export(world: World, client_as: As) -> None:
    """Cases of another county are nowhere: list, number, sheet, page."""
    here = applied(client_as("county", COUNTY), world.old)
    there = applied(client_as("county", OTHER_COUNTY), world.far)
    town = client_as("town", TOWN)
    assert names(town) == {world.old.name}
    assert names(town, place=FAR) == {world.old.name}
    assert town.get(f"/benefits/{there.pk}/").status_code == 404
    assert town.get(f"/benefits/{there.pk}/withdraw/").status_code == 404
    tab = page_of(town.get("/benefits/")).select_one(".k-tabs [aria-current]")
    assert tab is not None and "1" in tab.get_text()
    cells = _sheet(town.get("/benefits/export.xlsx"))
    flat = [str(cell) for row in cells for cell in row]
    assert world.old.name in flat and world.far.name not in flat
    assert here.place_code == VILLAGE


def _sheet(answer: Any) -> list[list[Any]]:
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    return book.get_sheet_by_index(0).to_python()


def test_htmx_gets_the_list_alone_and_the_same(world: World, client_as: As) -> None:
    """The part that is swapped in equals the same part of the page."""
    client = client_as("county", COUNTY)
    applied(client, world.old)
    whole = page_of(client.get("/benefits/")).select_one("#cases-list")
    part = page_of(client.get("/benefits/", headers={"HX-Request": "true"}))
    assert part.find("html") is None
    assert whole is not None
    assert whole.select("tbody th a") == part.select("tbody th a")


def test_queries_do_not_grow_with_rows(world: World, client_as: As) -> None:
    """One case or many, the worklist, the notices and the page of those found cost the same."""
    client = client_as("county", COUNTY)
    more_leads(2)
    found = _count(lambda: client.get("/benefits/found/", {"item": "06"}))
    applied(client, world.old)
    listed = _count(lambda: client.get("/benefits/"))
    more_leads(6, start=200)
    assert _count(lambda: client.get("/benefits/found/", {"item": "06"})) == found
    for person in Person.objects.filter(birth_date__year=1941):
        applied(client, person)
    assert _count(lambda: client.get("/benefits/")) == listed


def _count(doing: Callable[[], Any]) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    doing()
    with CaptureQueriesContext(connection) as captured:
        doing()
    return len(captured)


def test_the_counter_shows_evidence_with_sources_and_asks_what_is_missing(
    world: World, client_as: As
) -> None:
    """Search, choose, see list and month behind each fact; the amount is said to be unpublished."""
    client = client_as("village", VILLAGE)
    found = client.post("/kit/look/", {"to": "/benefits/apply/", "q": world.old.name}, follow=True)
    assert world.old.name in text_of(found)
    choose = text_of(client.get(f"/benefits/apply/{world.old.pk}/"))
    assert "高龄津贴" in choose and "探访服务" not in choose
    page = text_of(client.get(f"/benefits/apply/{world.old.pk}/06/"))
    assert "金额未公布" in page and "附件第6项" in page and "公安" in page
    missing = text_of(client.get(f"/benefits/apply/{world.old.pk}/09/"))
    assert "不符合" in missing or "现场问清" in missing
    case = applied(client, world.old)
    again = applied(client, world.old)
    assert again.pk == case.pk
    text = text_of(client.get(f"/benefits/{case.pk}/"))
    assert "受理申请" in text and "办理期间不再变" in text


def test_found_without_applying_needs_the_consent_of_each(world: World, client_as: As) -> None:
    """Only those ticked, only with the consent; the version of the text is kept."""
    client = client_as("county", COUNTY)
    page = text_of(client.get("/benefits/found/", {"item": "06"}))
    assert world.old.name in page and world.far.name not in page and "金额未公布" in page
    sent: dict[str, Any] = {"chosen": [world.old.pk], "given_by": "self", "channel": "home"}
    refused = client.post("/benefits/found/?item=06", sent)
    assert refused.status_code == 422
    assert not Case.objects.exists()
    done = client.post("/benefits/found/?item=06", {**sent, "agreed": "on"})
    assert done.status_code == 302
    case = Case.objects.get()
    consent = Consent.objects.get()
    assert (case.way, case.consent_id, consent.text.version) == ("found", consent.pk, 1)
    far = client.post(
        "/benefits/found/?item=06", {**sent, "chosen": [world.far.pk], "agreed": "on"}
    )
    assert far.status_code == 302
    assert Case.objects.count() == 1


def test_two_people_and_a_notice_with_masked_names(
    world: World, client_as: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Prepared in bulk, posted, approved by another after the days; the sheet hides the names."""
    maker = client_as("county", COUNTY)
    case = applied(maker, world.old)
    sent = {"chosen": [case.pk], "confirm": "1"}
    assert maker.post("/benefits/bulk/", {**sent, "action": "prepare"}).status_code == 302
    assert maker.post("/benefits/bulk/", {**sent, "action": "post"}).status_code == 302
    notice = Notice.objects.get()
    assert notice.to_on == TODAY + timedelta(days=6)
    sheet = text_of(maker.get(f"/benefits/notices/{notice.pk}/"))
    printed = page_of(maker.get(f"/benefits/notices/{notice.pk}/")).select("tbody td")
    assert world.old.name not in " ".join(cell.get_text() for cell in printed)
    assert "拟享受人员公示" in sheet
    checker = client_as("county", COUNTY)
    early = text_of(checker.post("/benefits/bulk/", {**sent, "action": "approve"}))
    assert "期满后才能审批" in early
    monkeypatch.setenv("YANGLAO_TODAY", (TODAY + timedelta(days=8)).isoformat())
    own = text_of(maker.post("/benefits/bulk/", {**sent, "action": "approve"}))
    assert "自己初审" in own
    assert "自己初审" in text_of(maker.get(f"/benefits/{case.pk}/"))
    assert checker.post("/benefits/bulk/", {**sent, "action": "approve"}).status_code == 302
    case.refresh_from_db()
    assert case.state == "approved"
    assert "金额未公布" in text_of(checker.get(f"/benefits/{case.pk}/"))
    assert world.lead(world.old).state == "delivered"


def test_an_objection_is_taken_and_answered(world: World, client_as: As) -> None:
    """Registered on the case, listed with its clock, answered; the case goes back."""
    maker = client_as("county", COUNTY)
    case = applied(maker, world.old)
    maker.post(f"/benefits/{case.pk}/prepare/")
    maker.post(f"/benefits/{case.pk}/post/")
    village = client_as("village", VILLAGE)
    sent = {"asker": "", "words": "他不住这里"}
    assert village.post(f"/benefits/{case.pk}/object/", sent).status_code == 302
    row = Dispute.objects.get()
    assert "还有 10 天" in text_of(maker.get("/benefits/disputes/"))
    assert "他不住这里" in text_of(maker.get(f"/benefits/disputes/{row.pk}/"))
    decided = {"outcome": "upheld", "answer": "属实，已搬走"}
    assert village.post(f"/benefits/disputes/{row.pk}/", decided).status_code == 403
    assert maker.post(f"/benefits/disputes/{row.pk}/", decided).status_code == 302
    case.refresh_from_db()
    assert case.state == "returned"


def test_an_account_shows_its_tail_only_and_takes_a_second_person(
    world: World, client_as: As
) -> None:
    """The number is on no page and in no column; who entered it cannot confirm it."""
    client = client_as("county", COUNTY)
    number = "6228480402564890018"
    sent = {
        "kind": "bank",
        "bank": "农行",
        "number": number,
        "holder": "买买提",
        "first": TODAY.isoformat(),
    }
    path = f"/benefits/accounts/person/{world.old.pk}/"
    assert client.post(path, {**sent, "number": "12"}).status_code == 422
    assert client.post(path, sent).status_code == 302
    page = client.get(path).content.decode()
    assert number not in page and "0018" in page
    row = PayAccount.objects.get()
    assert number.encode() not in bytes(row.sealed or b"")
    waiting = text_of(client.get("/benefits/accounts/"))
    assert "是您录入的" in waiting and "和老人姓名不一样" in waiting
    decided = {"decision": "confirm"}
    client.post(f"/benefits/accounts/{row.pk}/decide/", decided)
    row.refresh_from_db()
    assert row.state == "waiting"
    client_as("town", TOWN).post(f"/benefits/accounts/{row.pk}/decide/", decided)
    row.refresh_from_db()
    assert row.state == "confirmed"


def test_the_choice_among_benefits_is_explained_with_the_money_not_paid(
    world: World, client_as: As
) -> None:
    """Care money for the disabled beside care money of the poor: the higher, and what is not."""
    from tests.flows.test_follow_benefits import approved, follow

    person = p.elder(
        50,
        date(1950, 1, 1),
        place=NEIGHBOUR,
        assistance={"assistance": "tekun", "support_mode": "dispersed"},
        disability={},
    )
    match()
    first = approved(person, "16b", on=date(2026, 10, 5))
    second = approved(person, "12", on=date(2026, 10, 5), fen=None)
    follow(TODAY)
    text = text_of(client_as("county", COUNTY).get(f"/benefits/{first.pk}/"))
    assert "特困分散供养" in text
    assert "不发重度残疾人护理补贴" in text or "已享受特困分散供养" in text
    assert "110.00" in text
    assert second.pk != first.pk


def test_who_the_officer_is_keeps_him_from_his_family(world: World, client_as: As) -> None:
    """Named once by his own number; then his own file is not his to decide."""
    client = client_as("county", COUNTY)
    assert "家属回避" in text_of(client.get("/benefits/own/"))
    wrong = client.post("/benefits/own/", {"id_number": "1234"})
    assert wrong.status_code == 422
    done = client.post("/benefits/own/", {"id_number": world.old.id_number})
    assert done.status_code == 302
    assert "已登记" in text_of(client.get("/benefits/own/"))
    case = applied(client, world.old)
    refused = client.post(f"/benefits/{case.pk}/prepare/")
    assert refused.status_code == 422
    assert "家里的人" in refused.content.decode()


def test_what_happened_is_listed_until_somebody_has_seen_it(world: World, client_as: As) -> None:
    """A death stops the money by itself; the officer sees why and says that he has seen it."""
    from tests.flows.test_follow_benefits import approved, follow

    case = approved(world.old, "06", fen=None)
    p.state(world.old, "deaths", died_on=date(2026, 10, 20))
    follow(TODAY)
    client = client_as("town", TOWN)
    assert "从 2026-10-20 起自动停发" in text_of(client.get("/benefits/alerts/"))
    assert "停发：去世" in text_of(client.get(f"/benefits/{case.pk}/"))
    alert = case.alerts.get()
    other = client_as("county", OTHER_COUNTY)
    other.post("/benefits/alerts/", {"chosen": [alert.pk]})
    alert.refresh_from_db()
    assert alert.seen_at is None
    client.post("/benefits/alerts/", {"chosen": [alert.pk]})
    alert.refresh_from_db()
    assert alert.seen_by
    assert "没有要看的变动" in text_of(client.get("/benefits/alerts/"))


def test_a_list_of_accounts_is_entered_row_by_row(world: World, client_as: As) -> None:
    """Good rows wait for a second person; the others are named with the reason."""
    text = (
        "身份证号,户名,账号,开户银行\n"
        f"{world.old.id_number},{world.old.name},6228480402564890018,农行\n"
        f"{world.far.id_number},{world.far.name},6228480402564890026,农行\n"
        "123,某人,6228480402564890034,农行\n"
    )
    client = client_as("county", COUNTY)
    sent: dict[str, Any] = {"kind": "card", "first": TODAY.isoformat()}
    no_head = client.post(
        "/benefits/accounts/list/", {**sent, "file": SimpleUploadedFile("a.csv", b"x,y\n1,2\n")}
    )
    assert no_head.status_code == 422
    file = SimpleUploadedFile("账户.csv", text.encode())
    page = text_of(client.post("/benefits/accounts/list/", {**sent, "file": file}))
    assert "录入了 1 个账户" in page
    assert "第 3 行 不在您的辖区" in page and "第 4 行" in page
    row = PayAccount.objects.get()
    assert (row.person_id, row.state, row.tail) == (world.old.pk, "waiting", "0018")
