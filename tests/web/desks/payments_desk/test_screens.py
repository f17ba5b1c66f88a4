"""Screens of the payments desk: who may, whose area, the same whole and in part, few queries."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from tests.flows import payment_world as w
from tests.web.desks.factories import OTHER_COUNTY, PREFECTURE, TOWN, page_of, text_of
from tests.web.desks.payments_desk.conftest import Paid, people
from yanglao.domain.people.public import Person
from yanglao.domain.settlement.public import BankFile, Claim, Finding, Payment, PaymentRun
from yanglao.flows.pay_month import freeze_run
from yanglao.flows.send_payments import invent_returns
from yanglao.foundation import jobs

pytestmark = pytest.mark.django_db
As = Callable[..., Client]
Officers = Callable[[], tuple[Client, Client]]


def sheet(answer: Any) -> list[list[Any]]:
    """Return the cells of an Excel answer."""
    book = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content)))
    return book.get_sheet_by_index(0).to_python()


def status(client: Client, address: str) -> int:
    """Return the status of a page or file; a file is read to its end, which closes it."""
    answer = client.get(address)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return answer.status_code


def addresses(paid: Paid) -> list[str]:
    """Return every page that reads."""
    run = paid.second.pk
    payment = Payment.objects.filter(run=paid.first).order_by("id")[0].pk
    returned = paid.first.files.get().returns.get().pk
    lists = ("differences", "findings", "choices", "payments", "report")
    return [
        *("/payments/", "/payments/runs.xlsx", f"/payments/{run}/", f"/payments/{paid.first.pk}/"),
        *(f"/payments/{run}/{name}/" for name in lists),
        *(f"/payments/{run}/{name}.xlsx" for name in lists),
        *(f"/payments/payment/{payment}/", f"/payments/returned/{returned}/"),
        *(f"/payments/file/{paid.first.files.get().pk}/", "/payments/claims/"),
        *("/payments/claims.xlsx", f"/payments/claims/{paid.claim.pk}/", "/payments/books/"),
        *("/payments/books/entries/", "/payments/books/entries.xlsx"),
    ]


def test_every_page_opens_and_a_town_or_a_clerk_is_refused(paid: Paid, client_as: As) -> None:
    county, town = client_as("county", w.COUNTY), client_as("town", TOWN)
    clerk = client_as("clerk", w.COUNTY)
    for address in addresses(paid):
        assert status(county, address) == 200, address
        if not address.endswith(".xlsx"):
            assert status(town, address) == 403, address
        assert status(clerk, address) == 403, address


def test_another_county_sees_nothing(paid: Paid, client_as: As) -> None:
    other = client_as("county", OTHER_COUNTY)
    for address in addresses(paid):
        # Its own lists open, and are empty; what has a number is not there.
        numbered = any(part.isdigit() for part in address.split("/"))
        assert status(other, address) == (404 if numbered else 200), address
    assert "还没有发放批次" in text_of(other.get("/payments/"))
    assert "2024 年 3 月" in text_of(client_as("prefecture", PREFECTURE).get("/payments/"))


def test_the_part_is_the_same_part_of_the_page(paid: Paid, client_as: As) -> None:
    client = client_as("county", w.COUNTY)
    for address, part_id in (
        ("/payments/", "runs-list"),
        (f"/payments/{paid.second.pk}/differences/", "differences-list"),
        (f"/payments/{paid.second.pk}/findings/", "findings-list"),
        (f"/payments/{paid.second.pk}/payments/", "payments-list"),
        ("/payments/claims/", "claims-list"),
        ("/payments/books/entries/", "entries-list"),
    ):
        whole = page_of(client.get(address)).select_one(f"#{part_id}")
        part = page_of(client.get(address, headers={"HX-Request": "true"}))
        assert whole is not None and part.find("html") is None
        assert whole.select("tbody th") == part.select("tbody th"), address


def test_queries_do_not_grow_with_rows(
    paid: Paid, client_as: As, same_number_of_queries: Callable[..., int]
) -> None:
    client = client_as("county", w.COUNTY)
    pages = [
        "/payments/",
        *(
            f"/payments/{paid.second.pk}/{name}/"
            for name in ("", "differences", "findings", "payments", "report")
        ),
        "/payments/books/entries/",
    ]
    pages = [page.replace("//", "/") for page in pages]
    before = {}
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def number(page: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        return len(queries)

    for page in pages:
        number(page)
        before[page] = number(page)
    paid.facts.people = {**paid.facts.people, **people(25, start=100)}
    freeze_run(run_id=paid.second.pk, acting=w.MAKER, as_of=date(2024, 4, 20))
    for page in pages:
        assert number(page) <= before[page], page


def test_a_month_by_the_pages(
    paid: Paid, officers: Officers, django_capture_on_commit_callbacks: Any
) -> None:
    """Look into what was found, submit, be refused one's own approval, approve, send, answer."""
    maker, checker = officers()
    base = f"/payments/{paid.second.pk}/"
    words = text_of(maker.get(base))
    assert "条须处理" in words and "停发·去世" in words
    worklist = maker.get(f"{base}findings/", {"tab": "waiting"})
    assert "没有账户" in text_of(worklist)
    answer = maker.post(f"{base}move/", {"move": "checked"}, follow=True)
    assert "没有处理" in text_of(answer)
    found = Finding.objects.get(run=paid.second, stops=True)
    asked = maker.post(f"{base}findings/decide/", {"chosen": [found.pk], "action": "chosen"})
    assert "处理这 1 条提示" in text_of(asked)
    data = {"chosen": [found.pk], "confirm": "1", "decision": "released", "reason": "已核对"}
    assert "没有可用的账户" in text_of(maker.post(f"{base}findings/decide/", data), 422)
    maker.post(f"{base}findings/decide/", data | {"decision": "held"})
    maker.post(f"{base}move/", {"move": "checked"})
    maker.post(f"{base}move/", {"move": "submit", "reason": "请审批"})
    assert "您经办过这一批" in text_of(maker.get(base))
    assert "不能审批自己的批次" in text_of(maker.post(f"{base}approve/", {}, follow=True))
    page = text_of(checker.get(f"{base}approve/"))
    assert "1 笔多发的" in page and "笔暂缓不发" in page
    assert "已审批并入账" in text_of(checker.post(f"{base}approve/", {}, follow=True))
    maker.post(f"{base}make-file/", {"encoding": "gbk"})
    assert [job.state for job in jobs.run_all()] == ["done"]
    file = BankFile.objects.get(run=paid.second)
    taken = [b"".join(maker.get(f"/payments/file/{file.pk}/").streaming_content) for _ in range(2)]
    assert taken[0] == taken[1] and taken[0].decode("gbk").startswith("H|YLPAY|1|")
    early = {"file": BytesIO(b"x")}
    assert "还没有交给银行" in text_of(maker.post(f"/payments/file/{file.pk}/returns/", early), 422)
    maker.post(f"/payments/file/{file.pk}/handed/")
    bad = {"file": BytesIO(b"x")}
    assert "不完整" in text_of(maker.post(f"/payments/file/{file.pk}/returns/", bad), 422)
    back = invent_returns(content=taken[0], failed={1: "户名不符"}, encoding="gbk")
    answer = maker.post(f"/payments/file/{file.pk}/returns/", {"file": BytesIO(back)}, follow=True)
    assert "户名不符" in text_of(answer) and "失败，可改账户重发" in text_of(answer)
    maker.post(f"{base}move/", {"move": "close"})
    assert PaymentRun.objects.get(pk=paid.second.pk).state == "closed"
    balance = text_of(maker.get("/payments/books/"))
    assert "借方合计等于贷方合计" in balance


def test_a_new_run_is_begun_and_frozen_behind_the_page(
    rules: None, officers: Officers, paid: Paid
) -> None:
    maker, _checker = officers()
    data = {"month": "2024-05", "benefits": ["nursing"]}
    assert "还没有办完" in text_of(maker.post("/payments/new/", data), 422)
    maker.post(f"/payments/{paid.second.pk}/move/", {"move": "cancel", "reason": "重做"})
    answer = maker.post("/payments/new/", data)
    assert answer.status_code == 302
    base = answer.headers["Location"]
    page = maker.post(f"{base}freeze/", follow=True)
    assert "正在冻结名单" in text_of(page)
    assert [job.state for job in jobs.run_all()] == ["done"]
    assert "已冻结" in text_of(maker.get(base))


def test_a_claim_is_agreed_on_repaid_and_given_up_by_two(paid: Paid, officers: Officers) -> None:
    maker, checker = officers()
    run = paid.second
    found = Finding.objects.get(run=run, stops=True)
    base = f"/payments/{run.pk}/"
    data = {"chosen": [found.pk], "confirm": "1", "decision": "held", "reason": "核实"}
    maker.post(f"{base}findings/decide/", data)
    for move in ("checked", "submit"):
        maker.post(f"{base}move/", {"move": move})
    checker.post(f"{base}approve/", {})
    claim = Claim.objects.get()
    page = f"/payments/claims/{claim.pk}/"
    act = f"{page}act/"
    maker.post(act, {"act": "agree", "months": "3"})
    claim.refresh_from_db()
    assert (claim.state, claim.instalment_fen) == ("agreed", -(-claim.fen // 3))
    wrong = maker.post(act, {"act": "repay", "yuan": "abc", "paid_on": "2024-04-28", "proof": "1"})
    assert wrong.status_code == 422
    repay = {"act": "repay", "yuan": "40", "paid_on": "2024-04-28", "proof": "收 1"}
    maker.post(act, repay)
    maker.post(act, repay)  # the same receipt
    claim.refresh_from_db()
    assert claim.repaid_fen == 4000
    assert "约定分期扣回" in text_of(maker.get(page))
    Person.objects.filter(pk=claim.person_id).update(died_on=date(2024, 2, 10))
    told = text_of(maker.get(page))
    assert "老人已于 2024-02-10 去世" in told and "登记家属退回" in told
    assert "登记约定" not in told and "约定每月扣回" not in told
    refused = maker.post(act, {"act": "agree", "months": "2"}, follow=True)
    assert "没有以后的待遇可扣" in text_of(refused)
    maker.post(act, {"act": "ask", "why": "家属已无力退回"})
    yes = {"act": "answer", "agree": "yes"}
    assert "不能审批自己的申请" in text_of(maker.post(act, yes, follow=True))
    checker.post(act, yes)
    claim.refresh_from_db()
    assert (claim.state, claim.left_fen, claim.written_off_fen) == (
        "settled",
        0,
        claim.fen - 4000,
    )
    letter = maker.get(f"{page}letter.docx")
    assert b"".join(letter.streaming_content).startswith(b"PK")


def test_sheets_hold_what_the_page_lists(paid: Paid, client_as: As) -> None:
    client = client_as("county", w.COUNTY)
    cells = sheet(client.get(f"/payments/{paid.second.pk}/differences.xlsx"))
    flat = [str(cell) for row in cells for cell in row]
    assert "停发" in flat and "去世" in flat
    report = sheet(client.get(f"/payments/{paid.first.pk}/report.xlsx"))
    assert any("喀拉喀什镇" in str(cell) for row in report for cell in row)
