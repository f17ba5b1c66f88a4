"""The desk: who may open it, what a county sees, what buttons do, that queries do not grow."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.domain.ltci.conftest import COUNTY, MAKER, OTHER
from tests.domain.ltci.test_settlement import visits
from tests.web.desks.factories import TOWN, page_of, text_of
from tests.web.desks.insurance_desk.conftest import DAY, Insured
from yanglao.domain.accounts.public import Account, reader_of
from yanglao.domain.ltci.public import (
    Grading,
    ServiceRecord,
    Statement,
    balance,
    get_grading,
    plan_grading,
)
from yanglao.domain.people.models import Person
from yanglao.flows.enrol_ltci import enrol_insured
from yanglao.flows.grade_ltci import ltc_scale
from yanglao.foundation.jobs import run_all
from yanglao.web.desks.insurance_desk.urls import urlpatterns

pytestmark = pytest.mark.django_db

As = Callable[..., Client]
LISTS = ("insured", "gradings", "benefits", "plans", "providers", "records", "settlements", "fund")

#: What villages and towns see: applications of their people, and no money.
ASKED = ("overview", "gradings", "gradings-export", "notice", "grading", "person", "ask")


def at(name: str, *args: object) -> str:
    """Return an address of the desk."""
    return reverse(f"insurance_desk:{name}", args=args)


@pytest.mark.parametrize("role", ["town", "village", "assessor"])
def test_a_role_without_the_permission_gets_the_403_page(
    insured: Insured, client_as: As, role: str
) -> None:
    client = client_as(role, TOWN if role == "town" else COUNTY)
    asked = () if role == "assessor" else ASKED
    for pattern in urlpatterns:
        if str(pattern.name).startswith("my-") or pattern.name in asked:
            continue
        args = [1] if "<int:pk>" in str(pattern.pattern) else []
        assert client.get(at(str(pattern.name), *args)).status_code == 403, pattern.name


@pytest.mark.parametrize("role", ["town", "village"])
def test_a_town_and_a_village_hand_applications_in_and_follow_them(
    insured: Insured, client_as: As, role: str
) -> None:
    client = client_as(role, TOWN if role == "town" else insured.cared.place_code)
    assert client.get(at("overview")).url == at("gradings")  # type: ignore[attr-defined]
    listed = page_of(client.get(at("gradings")))
    assert insured.asking.name in listed.get_text()
    assert not listed.select(f'a[href="{at("fund")}"], a[href="{at("settlements")}"]')
    sent = {"kind": "first", "applicant": "village", "wish": "长期卧床"}
    made = client.post(at("ask", insured.cared.pk), sent)
    grading = Grading.objects.get(person=insured.cared)
    assert made.url == at("grading", grading.pk)  # type: ignore[attr-defined]
    shown = page_of(client.get(made.url))  # type: ignore[attr-defined]
    assert "长期卧床" in shown.get_text()
    assert not shown.select('form[action*="/act/"]'), "the office decides"
    own = page_of(client.get(at("person", insured.cared.pk)))
    assert not own.select(f'a[href="{at("benefit", insured.benefit.pk)}"]')
    assert client.get(at("person", insured.far.pk)).status_code == 404


def test_a_month_is_settled_by_a_job_that_can_be_watched(
    insured: Insured, client_as: As, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    client = client_as("county", COUNTY)
    visits(insured.provider, insured.cared, (9, 480, 60))
    watched = client.post(at("settle"), {"month": "2026-10"}).url  # type: ignore[attr-defined]
    assert client.post(at("settle"), {"month": "2026-10"}).url == watched, "asked once"  # type: ignore[attr-defined]
    page = client.get(watched)
    assert "正在核对一个月的服务记录" in text_of(page) and "等待开始" in text_of(page)
    assert client_as("county", OTHER).get(watched).status_code == 404
    (job,) = run_all()
    assert job.error == ""
    answer = client.get(watched, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == f"{at('settlements')}?month=2026-10"
    assert "张结算单等您核对" in text_of(client.get(answer["HX-Redirect"]))


def test_every_page_opens_for_a_county(insured: Insured, client_as: As) -> None:
    client = client_as("county", COUNTY)
    ids = {
        "person": insured.cared.pk, "ask": insured.cared.pk, "propose": insured.asking.pk,
        "absence": insured.cared.pk, "grading": insured.grading.pk, "sheet": insured.grading.pk,
        "grading-plan": insured.grading.pk, "score": insured.grading.pk,
        "benefit": insured.benefit.pk, "stop": insured.benefit.pk, "plan-new": insured.benefit.pk,
        "plan-end": insured.benefit.plans.get().pk, "provider": insured.provider.pk,
        "statement-records": insured.statement.pk,
        "withdraw": ServiceRecord.objects.order_by("id")[0].pk,
        "statement": insured.statement.pk, "lines-export": insured.statement.pk,
        "paper": insured.statement.pk, "batch": 1,
    }  # fmt: skip
    for pattern in urlpatterns:
        name, needs = str(pattern.name), "<int:pk>" in str(pattern.pattern)
        if name.startswith("my-") or (needs and name not in ids):
            continue
        if name == "batch":
            ids["batch"] = insured.provider.pk and _batch(insured)
        answer = client.get(at(name, *([ids[name]] if needs else [])))
        assert answer.status_code == 200, name
        answer.getvalue()


def _batch(insured: Insured) -> int:
    from yanglao.domain.ltci.public import batches

    return int(batches(MAKER)[0].pk)


def test_a_county_sees_the_own_people_on_lists_counts_charts_and_sheets(
    insured: Insured, client_as: As
) -> None:
    own, other = client_as("county", COUNTY), client_as("county", OTHER)
    assert insured.cared.name in text_of(own.get(at("insured")))
    assert insured.cared.name not in text_of(other.get(at("insured")))
    assert insured.far.name in text_of(other.get(at("insured")))
    assert insured.asking.name not in text_of(other.get(at("gradings")))
    assert insured.cared.name not in text_of(other.get(at("benefits")))
    assert insured.provider.name not in text_of(other.get(at("settlements")))
    assert "没有这样的结算单" in text_of(other.get(at("settlements")))
    figures = [
        stat.get_text() for stat in page_of(other.get(at("overview"))).select(".k-stat-value")
    ]
    assert figures[0].startswith("1")
    assert figures[3].startswith("0")
    names = _cells(other.get(at("insured-export")))
    assert insured.far.name in names
    assert insured.cared.name not in names
    for name, pk in (
        ("person", insured.cared.pk),
        ("grading", insured.grading.pk),
        ("benefit", insured.benefit.pk),
        ("statement", insured.statement.pk),
        ("lines-export", insured.statement.pk),
        ("paper", insured.statement.pk),
        ("provider", insured.provider.pk),
    ):
        assert other.get(at(name, pk)).status_code == 404, name


def _cells(answer: Any) -> set[str]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.getvalue()))
    return {str(cell) for row in book.get_sheet_by_index(0).to_python() for cell in row}


def test_a_county_narrowed_to_a_town_sees_the_town(insured: Insured, client_as: As) -> None:
    client = client_as("county", COUNTY)
    here = text_of(client.get(at("insured"), {"place": TOWN}))
    assert insured.cared.name in here
    elsewhere = text_of(client.get(at("insured"), {"place": "653222101000"}))
    assert insured.cared.name not in elsewhere or "653222101000" not in elsewhere


@pytest.mark.parametrize("name", LISTS)
def test_the_part_equals_the_page(insured: Insured, client_as: As, name: str) -> None:
    client = client_as("county", COUNTY)
    whole = page_of(client.get(at(name)))
    part = page_of(client.get(at(name), headers={"HX-Request": "true"}))
    assert part.find("html") is None
    rows = [row.get_text(" ", strip=True) for row in part.select("tbody tr")]
    holder = whole.select_one(".k-main .k-card-flush table")
    assert holder is not None
    assert rows == [row.get_text(" ", strip=True) for row in holder.select("tbody tr")]


def test_the_number_of_queries_does_not_grow_with_the_rows(
    insured: Insured, client_as: As, same_number_of_queries: Callable[..., int]
) -> None:
    client = client_as("county", COUNTY)
    pages = [at(name) for name in LISTS] + [at("overview"), at("statement", insured.statement.pk)]
    before = {url: _queries(client, url) for url in pages}
    for _ in range(6):
        person = insured.office.elder()
        insured.office.plan(insured.office.benefit(person), insured.provider)
        visits(insured.provider, person, (3, 480, 60))
        from yanglao.domain.ltci.public import ask_grading

        other = insured.office.elder()
        ask_grading(person_id=other.pk, kind="first", applicant="self", acting=MAKER, as_of=DAY)
    enrol_insured(acting=MAKER, as_of=DAY)
    for url in pages:
        assert _queries(client, url) <= before[url], url


def _queries(client: Client, url: str) -> int:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from yanglao.foundation.remembered import forget_remembered

    client.get(url)
    forget_remembered()
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_approving_a_settlement_from_its_page(insured: Insured, client_as: As) -> None:
    client = client_as("county", COUNTY)
    page = page_of(client.get(at("statement", insured.statement.pk)))
    form = page.select_one("form:has(input[name=seen])")
    assert form is not None
    sent = {one["name"]: one.get("value", "") for one in form.select("input")}
    answer = client.post(form["action"], sent, follow=True)  # type: ignore[arg-type]
    assert "已批准，可以支付" in text_of(answer)
    assert Statement.objects.get().state == "approved"
    assert balance(MAKER, DAY) == 1_000_000 - insured.statement.fund_fen
    refused = client.post(at("statement-act", insured.statement.pk), {"act": "submit"}, follow=True)
    assert "不能转到" in text_of(refused)


def test_a_record_is_taken_back_with_a_reason(insured: Insured, client_as: As) -> None:
    client = client_as("county", COUNTY)
    listed = client.get(at("statement-records", insured.statement.pk))
    link = page_of(listed).select_one("a[href*=withdraw]")
    assert link is not None
    assert client.post(link["href"], {"words": ""}).status_code == 422  # type: ignore[arg-type]
    client.post(link["href"], {"words": "报错了"})  # type: ignore[arg-type]
    assert ServiceRecord.objects.exclude(withdrawn_at=None).count() == 1
    again = page_of(client.get(at("statement-records", insured.statement.pk)))
    assert "已撤回" in again.get_text()
    other = client_as("county", OTHER)
    assert other.get(link["href"]).status_code == 404  # type: ignore[arg-type]


def test_who_submitted_sees_no_button_to_approve(
    insured: Insured, account_for: Callable[..., Account]
) -> None:
    officer, client = account_for("county", COUNTY), Client()
    client.force_login(officer)
    Statement.objects.update(prepared_by_id=officer.pk)
    words = text_of(client.get(at("statement", insured.statement.pk)))
    assert "要由另一位同事批准" in words
    assert "批准，可以支付" not in words


def test_an_assessor_fills_in_the_form_by_keyboard_and_sees_the_score(
    insured: Insured, account_for: Callable[..., Account]
) -> None:
    one, two, third = (account_for("assessor", COUNTY) for _ in range(3))
    plan_grading(
        grading_id=insured.grading.pk, graders=(one.pk, two.pk), planned_on=DAY, acting=MAKER
    )
    client = Client()
    client.force_login(one)
    assert insured.asking.name in text_of(client.get(at("my-sheets")))
    page = page_of(client.get(at("my-sheet", insured.grading.pk)))
    assert len(page.select("fieldset")) == 17
    assert all(box.find_parent("label") for box in page.select("fieldset input"))
    live = client.post(at("my-score", insured.grading.pk), {"adl_1": "10", "adl_2": "5"})
    assert "15 / 100" in text_of(live)
    assert "还差 15 项" in text_of(live)
    worst = {code: str(item.points[-1]) for code, item in ltc_scale(DAY).items.items()}
    shown = client.post(at("my-score", insured.grading.pk), worst)
    assert "5 级" in text_of(shown)
    assert page_of(shown).select_one("mark[aria-current]") is not None
    for who in (one, two):
        client.force_login(who)
        client.post(at("my-sheet", insured.grading.pk), {**worst, "act": "sign"})
    assert get_grading(MAKER, insured.grading.pk).state == "signed"
    client.force_login(third)
    assert client.get(at("my-sheet", insured.grading.pk)).status_code == 403


def test_the_notice_masks_names(insured: Insured, client_as: As) -> None:
    Grading.objects.filter(pk=insured.grading.pk).update(
        state="notice", level=4, notice_from=DAY, notice_to=DAY, graded_on=DAY
    )
    Person.objects.filter(pk=insured.asking.pk).update(name="阿依古丽·买买提")
    words = text_of(client_as("county", COUNTY).get(at("notice")))
    assert "阿依古丽·买买提" not in words
    assert "阿" in words


def test_inference_is_always_called_so(insured: Insured, client_as: As) -> None:
    words = text_of(client_as("county", COUNTY).get(at("person", insured.cared.pk)))
    assert "推定，不是评估结果" in words
    assert "名单上的等级" in words
    assert "没有核实" in text_of(client_as("county", COUNTY).get(at("crosswalk")))


def test_looking_at_a_person_is_on_record(insured: Insured, client_as: As) -> None:
    from yanglao.foundation.models import AuditEntry

    client_as("county", COUNTY).get(at("person", insured.cared.pk))
    assert AuditEntry.objects.filter(
        action="ltci_file_opened", subject_id=str(insured.cared.pk)
    ).exists()


def test_money_by_hand_and_its_reversal(insured: Insured, client_as: As) -> None:
    client = client_as("county", COUNTY)
    sent = {"place": COUNTY, "on": "2026-11-01", "kind": "contribution", "amount": "1,234.50"}
    assert client.post(at("fund-new"), {**sent, "voucher": "8"}).status_code == 422
    good = {**sent, "voucher": "8", "insured_as": "resident", "source": "government"}
    assert client.post(at("fund-new"), good).status_code == 302
    assert balance(MAKER, DAY) == 1_000_000 + 123_450
    assert "已经记过" in text_of(client.post(at("fund-new"), good), 422)
    page = page_of(client.get(at("fund")))
    form = page.select_one("form[action*=reverse]")
    assert form is not None
    client.post(form["action"], {"words": "记错了"})  # type: ignore[arg-type]
    assert balance(MAKER, DAY) == 1_000_000


def test_upload_tells_what_came_of_the_rows(insured: Insured, client_as: As) -> None:
    client = client_as("county", COUNTY)
    person = insured.cared
    text = (
        "姓名,身份证号,服务日期,服务方式,开始时间,结束时间\n"
        f"{person.name},{person.id_number},2026-10-09,居家,09:00,10:00\n"
        f"别人,{person.id_number},2026-10-10,居家,09:00,10:00\n"
    )
    file = io.BytesIO(text.encode())
    file.name = "十月.csv"
    sent = {"provider": insured.provider.pk, "month": "2026-10", "file": file}
    answer = client.post(at("upload"), sent, follow=True)
    words = text_of(answer)
    assert "收到 2 行，接收 1 行" in words
    assert "姓名和身份证号对不上" in words
    returned = re.search(r'href="([^"]+returned\.xlsx)"', answer.content.decode())
    assert returned is not None
    assert "姓名和身份证号对不上，请核对" in _cells(client.get(returned[1]))


def test_a_person_is_reader_of_nothing_else(
    insured: Insured, account_for: Callable[..., Account]
) -> None:
    """The reader of an account and the client's own agree about what is visible."""
    officer = account_for("county", OTHER)
    with pytest.raises(Grading.DoesNotExist):
        get_grading(reader_of(officer), insured.grading.pk)
