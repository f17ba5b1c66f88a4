"""跨区查看: asked for, decided by the owner, for some people, data and days; and then over."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from tests.web.desks.factories import COUNTY, OTHER_COUNTY, TODAY, TOWN, World, page_of, text_of
from yanglao.domain.access.models import Grant, GrantPerson
from yanglao.domain.access.public import decide_grant, with_grants
from yanglao.domain.accounts.public import Account, reader_of
from yanglao.foundation.models import AuditEntry

pytestmark = pytest.mark.django_db
As = Callable[..., Client]


def asked(world: World, **changes: Any) -> dict[str, Any]:
    return {
        "owner_area": OTHER_COUNTY,
        "numbers": world.far.id_number,
        "kinds": ["identity", "facts"],
        "purpose": "住在喀拉喀什镇，要送助餐",
        "starts_on": "2026-11-05",
        "ends_on": "2026-12-05",
        **changes,
    }


@pytest.fixture
def grant(world: World, client_as: As) -> tuple[Client, Grant]:
    """A county officer who asked for somebody of the other county."""
    client = client_as("county", COUNTY)
    answer = client.post("/privacy/grants/ask/", asked(world))
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return client, Grant.objects.get()


def test_nothing_is_seen_before_the_owner_approves(
    world: World, grant: tuple[Client, Grant], client_as: As
) -> None:
    client, made = grant
    far = f"/people/{world.far.pk}/"
    assert client.get(far).status_code == 404
    assert made.people.get().person_id == world.far.pk
    mine = client.post(f"/privacy/grants/{made.pk}/", {"act": "approve", "note": ""})
    assert mine.status_code in {403, 404}
    owner = client_as("county", OTHER_COUNTY)
    assert "其中 1 位是本地老人" in text_of(owner.get(f"/privacy/grants/{made.pk}/"))
    owner.post(f"/privacy/grants/{made.pk}/", {"act": "approve", "note": "同意"})
    page = client.get(far)
    assert "凭跨区授权查看" in text_of(page)
    assert page_of(page).select_one("#answers") is not None
    opened = AuditEntry.objects.get(action="file_opened_by_grant")
    assert opened.detail["grants"] == [made.pk]
    assert "助餐" in opened.reason
    assert "外地工作人员现在可以看" in text_of(owner.get(far))


def approved(world: World, grant: tuple[Client, Grant], client_as: As) -> Client:
    owner = client_as("county", OTHER_COUNTY)
    owner.post(f"/privacy/grants/{grant[1].pk}/", {"act": "approve", "note": ""})
    return owner


def test_a_grant_gives_its_kinds_only_and_never_writes(
    world: World, grant: tuple[Client, Grant], client_as: As
) -> None:
    approved(world, grant, client_as)
    client = grant[0]
    far = f"/people/{world.far.pk}/"
    words = text_of(client.get(far))
    assert "没有应享或可能的项目" in words
    assert "能力等级" not in words
    for tail in ("record/", "record/survey/"):
        assert client.get(f"{far}{tail}").status_code == 404
    phone = client.post(f"{far}reveal/", {"what": "phone", "purpose": "contact"})
    assert phone.status_code == 403
    number = client.post(f"{far}reveal/", {"what": "id_number", "purpose": "verify"})
    assert world.far.id_number in text_of(number)
    assert client.get(f"/privacy/people/{world.far.pk}/").status_code == 404


def test_lists_and_searches_stay_in_the_area(
    world: World, grant: tuple[Client, Grant], client_as: As
) -> None:
    approved(world, grant, client_as)
    client = grant[0]
    link = f"/people/{world.far.pk}/"
    assert link not in client.get(f"/people/?q={world.far.name}").content.decode()
    assert link not in client.get("/leads/?state=any").content.decode()
    whole = client.get(f"/people/?q={world.far.id_number}")
    assert whole["Location"] == link, "who knows the whole number finds whom he may look at"


def test_it_ends_by_itself_and_can_be_taken_back(
    world: World, grant: tuple[Client, Grant], client_as: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = approved(world, grant, client_as)
    client, made = grant
    far = f"/people/{world.far.pk}/"
    monkeypatch.setenv("YANGLAO_TODAY", "2026-12-06")
    assert client.get(far).status_code == 404
    monkeypatch.setenv("YANGLAO_TODAY", "2026-12-05")
    assert client.get(far).status_code == 200
    url = f"/privacy/grants/{made.pk}/"
    assert "请写明为什么收回" in text_of(owner.post(url, {"act": "revoke", "note": ""}), 422)
    owner.post(url, {"act": "revoke", "note": "老人已经搬回"})
    assert client.get(far).status_code == 404
    words = [entry.action for entry in AuditEntry.objects.filter(subject="grant").order_by("id")]
    assert words == ["grant_asked", "grant_approved", "grant_revoked"]


def test_the_security_administrator_watches_and_takes_back(
    grant: tuple[Client, Grant], client_as: As, world: World
) -> None:
    approved(world, grant, client_as)
    watcher = client_as("security_admin", "653200000000")
    url = f"/privacy/grants/{grant[1].pk}/"
    assert "测试 county" in text_of(watcher.get("/privacy/grants/"))
    assert world.far.name not in text_of(watcher.get(url))
    watcher.post(url, {"act": "revoke", "note": "超出需要"})
    grant[1].refresh_from_db()
    assert grant[1].state == "revoked"


def test_who_has_nothing_to_do_with_it_does_not_see_it(
    grant: tuple[Client, Grant], client_as: As
) -> None:
    for role, area in (("town", TOWN), ("county", "653223000000")):
        client = client_as(role, area)
        assert client.get(f"/privacy/grants/{grant[1].pk}/").status_code == 404
        sent = client.post(f"/privacy/grants/{grant[1].pk}/", {"act": "revoke", "note": "x"})
        assert sent.status_code == 404


def test_an_unknown_number_tells_the_asker_nothing(world: World, client_as: As) -> None:
    client = client_as("county", COUNTY)
    known = client.post("/privacy/grants/ask/", asked(world), follow=True)
    stranger = asked(world, numbers="11010519491231002X")
    unknown = client.post("/privacy/grants/ask/", stranger, follow=True)
    one, other = (
        text_of(page).replace(f"第 {pk} 号", "")
        for page, pk in zip(
            (known, unknown), Grant.objects.order_by("pk").values_list("pk", flat=True), strict=True
        )
    )
    assert one.count("1 个身份证号") == other.count("1 个身份证号") == 1
    assert GrantPerson.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"numbers": "123"}, "身份证号不对"),
        ({"owner_area": "不存在的地方"}, "没有找到这个地方"),
        ({"owner_area": TOWN}, "本来就是您的辖区"),
        ({"ends_on": "2026-11-01"}, "结束日期不能早于"),
        ({"ends_on": "2028-11-01"}, "最多申请一年"),
        ({"purpose": " "}, ""),
        ({"kinds": []}, ""),
    ],
)
def test_what_does_not_fit_is_said(
    world: World, client_as: As, changes: dict[str, Any], words: str
) -> None:
    answer = client_as("county", COUNTY).post("/privacy/grants/ask/", asked(world, **changes))
    assert answer.status_code == 422
    assert not Grant.objects.exists()
    assert words in text_of(answer, 422)


def test_a_grant_stays_with_the_place_of_the_officer(
    world: World, account_for: Callable[..., Account]
) -> None:
    """Who moves to another office does not take what he was given along."""
    account, owner = account_for("county", COUNTY), account_for("prefecture", "653200000000")
    made = Grant.objects.create(
        account=account,
        account_area=COUNTY,
        owner_area=OTHER_COUNTY,
        whole_area=True,
        kinds=["identity"],
        purpose="x",
        starts_on=TODAY,
        ends_on=TODAY + timedelta(days=1),
        asked_at="2026-11-05T00:00:00+00:00",
    )
    decide_grant(grant_id=made.pk, approve=True, acting=reader_of(owner))
    assert with_grants(reader_of(account), TODAY).reaches(1, "653201001001")
    assert not with_grants(reader_of(account), TODAY).reaches(1, "653223001001")
    assert not with_grants(reader_of(account), date(2026, 11, 4)).sights
    account.area_code = "653223000000"
    assert not with_grants(reader_of(account), TODAY).sights


def test_the_list_asks_the_same_for_few_and_many(
    world: World, client_as: As, same_number_of_queries: Callable[..., int]
) -> None:
    client = client_as("county", COUNTY)

    def page() -> None:
        client.get("/privacy/grants/")

    page()
    client.post("/privacy/grants/ask/", asked(world))
    few = same_number_of_queries(page, page)
    for _number in range(5):
        client.post("/privacy/grants/ask/", asked(world))
    assert same_number_of_queries(page, page) == few
