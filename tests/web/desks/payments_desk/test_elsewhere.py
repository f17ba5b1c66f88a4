"""别处发放 by the pages: upload, look, use, undo; 回避 by the approval page; 重算核对."""

import io
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from bs4 import BeautifulSoup
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.flows import payment_world as w
from tests.flows import population as p
from tests.web.desks.factories import OTHER_COUNTY, TOWN, page_of, text_of
from tests.web.desks.payments_desk.conftest import Paid, people
from yanglao.domain.accounts.public import name_own_person
from yanglao.domain.people.models import Person
from yanglao.domain.settlement.models import ElsewhereList, Finding, Line
from yanglao.domain.settlement.public import cancel_run, month_before
from yanglao.foundation import jobs
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db
As = Callable[..., Client]
Officers = Callable[[], tuple[Client, Client]]


def sheet(*rows: tuple[str, ...]) -> SimpleUploadedFile:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as book:
        page = book.add_worksheet()
        for line, cells in enumerate([("姓名", "身份证号"), *rows]):
            for place, cell in enumerate(cells):
                page.write(line, place, cell)
    return SimpleUploadedFile("名单.xlsx", target.getvalue())


def send(client: Client, *rows: tuple[str, ...], **more: str) -> Any:
    said = {"month": "2024-04", "payer": "洛浦县民政局", "benefit": "nursing"} | more
    return client.post("/payments/elsewhere/new/", said | {"file": sheet(*rows)}, follow=True)


def test_a_list_is_looked_at_used_and_undone(paid: Paid, officers: Officers) -> None:
    maker, _checker = officers()
    one, two = (Person.objects.get(pk=pk) for pk in sorted(paid.facts.people)[3:5])
    assert "还没有别处发放的名单" in text_of(maker.get("/payments/elsewhere/"))
    template = maker.get("/payments/elsewhere/template.xlsx")
    assert b"".join(template.streaming_content).startswith(b"PK")
    page = text_of(send(maker, (one.name, one.id_number), ("x", "12"), (two.name, two.id_number)))
    assert "采用这份名单" in page and "身份证号不对" in page and "退回的 1 行" in page
    made = ElsewhereList.objects.get()
    base = f"/payments/elsewhere/{made.pk}/"
    back = maker.get(f"{base}returned.xlsx")
    assert b"".join(back.streaming_content).startswith(b"PK")
    assert "已采用" in text_of(maker.post(f"{base}act/", {"act": "use"}, follow=True))
    maker.post(f"/payments/{paid.second.pk}/freeze/")
    jobs.run_all()
    found = Finding.objects.filter(run=paid.second, code="paid_elsewhere")
    assert {row.person_id for row in found} == {one.pk, two.pk}
    assert "写明原因" in text_of(maker.post(f"{base}act/", {"act": "undo"}, follow=True))
    undone = maker.post(f"{base}act/", {"act": "undo", "reason": "传错月份"}, follow=True)
    assert "已撤销" in text_of(undone) and "传错月份" in text_of(undone)


def test_who_was_paid_here_too_is_named(paid: Paid, officers: Officers) -> None:
    maker, _checker = officers()
    one = Person.objects.get(pk=sorted(paid.facts.people)[3])
    page = page_of(send(maker, (one.name, one.id_number), month="2024-03"))
    assert "这里也发了" in page.select_one("tbody").get_text()
    made = ElsewhereList.objects.get()
    only = page_of(maker.get(f"/payments/elsewhere/{made.pk}/", {"twice": "yes"}))
    assert len(only.select("tbody tr")) == 1


def test_a_wrong_file_says_so_and_nothing_is_kept(paid: Paid, officers: Officers) -> None:
    maker, _checker = officers()
    said = {"month": "2024-04", "payer": "某县", "benefit": "nursing"}
    wrong = SimpleUploadedFile("a.xlsx", b"no table")
    answer = maker.post("/payments/elsewhere/new/", said | {"file": wrong})
    assert answer.status_code == 422 and not ElsewhereList.objects.exists()
    missing = maker.post("/payments/elsewhere/new/", said)
    assert "请先选择名单" in text_of(missing, 422)


def test_lists_of_another_county_and_towns_are_closed(paid: Paid, client_as: As) -> None:
    maker = client_as("county", w.COUNTY)
    one = Person.objects.get(pk=sorted(paid.facts.people)[3])
    send(maker, (one.name, one.id_number))
    base = f"/payments/elsewhere/{ElsewhereList.objects.get().pk}/"
    other, town = client_as("county", OTHER_COUNTY), client_as("town", TOWN)
    for address in (base, f"{base}returned.xlsx"):
        assert other.get(address).status_code == 404
        assert town.get(address).status_code == 403
    assert other.post(f"{base}act/", {"act": "use"}).status_code == 404
    assert ElsewhereList.objects.get().state == "waiting"


def submit(paid: Paid, maker: Client) -> str:
    base = f"/payments/{paid.second.pk}/"
    found = list(Finding.objects.filter(run=paid.second, stops=True).values_list("pk", flat=True))
    data = {"chosen": found, "confirm": "1", "decision": "held", "reason": "核实"}
    maker.post(f"{base}findings/decide/", data)
    for move in ("checked", "submit"):
        maker.post(f"{base}move/", {"move": move})
    return base


def own(client: Client, person: Person) -> None:
    name_own_person(
        account_id=int(client.session["_auth_user_id"]),
        person_id=person.pk,
        acting=system_reader(),
    )


def button(page: BeautifulSoup, words: str) -> bool:
    return any(words in one.get_text() for one in page.select("main button"))


def test_an_approver_asks_another_about_his_family(paid: Paid, officers: Officers) -> None:
    """By the pages: no approve button, ask, the other agrees, then it goes."""
    maker, checker = officers()
    other, _one_more = officers()
    mother = Person.objects.get(pk=sorted(paid.facts.people)[5])
    himself = p.elder(90, household=False)
    for one in (himself, mother):
        p.state(one, "household", hukou_code=one.place_code, household_id="H7")
    own(checker, himself)
    base = submit(paid, maker)
    page = page_of(checker.get(f"{base}approve/"))
    assert f"虚构{mother.pk}" in page.get_text() and "您家里人的款项" in page.get_text()
    assert not button(page, "同意，审批") and button(page, "请另一位复核")
    refused = text_of(checker.post(f"{base}approve/", {}, follow=True))
    assert "您家里的人" in refused
    checker.post(f"{base}recusal/", {"act": "ask"})
    assert "等另一位" in text_of(checker.get(f"{base}approve/"))
    assert "请您复核他家里的 1 位" in text_of(other.get(base))
    asked = page_of(other.get(f"{base}approve/"))
    by = asked.select_one("input[name=by]")["value"]
    assert "写明原因" in text_of(
        other.post(f"{base}recusal/", {"act": "refuse", "by": by}, follow=True)
    )
    other.post(f"{base}recusal/", {"act": "agree", "by": by, "words": "无误"})
    assert button(page_of(checker.get(f"{base}approve/")), "同意，审批")
    assert "已审批并入账" in text_of(checker.post(f"{base}approve/", {}, follow=True))
    assert "回避" in text_of(checker.get(base))


def test_an_approver_sees_the_makers_family(paid: Paid, officers: Officers) -> None:
    maker, checker = officers()
    own(maker, Person.objects.get(pk=sorted(paid.facts.people)[5]))
    base = submit(paid, maker)
    assert "经办人家里人的款项" in text_of(checker.get(f"{base}approve/"))


def test_a_month_is_computed_again_by_the_page(paid: Paid, officers: Officers) -> None:
    maker, _checker = officers()
    base = f"/payments/{paid.first.pk}/"
    assert "还没有重算过" in text_of(maker.get(f"{base}recomputed/"))
    page = text_of(maker.post(f"{base}recompute/", follow=True))
    assert "正在重算核对" in page
    assert [job.state for job in jobs.run_all()] == ["done"]
    assert "完全一致" in text_of(maker.get(f"{base}recomputed/"))
    line = Line.objects.filter(run=paid.first).order_by("id")[2]
    Line.objects.filter(pk=line.pk).update(fen=line.fen + 100)
    maker.post(f"{base}recompute/")
    jobs.run_all()
    page = text_of(maker.get(f"{base}recomputed/"))
    assert "有不一致" in page and Person.objects.get(pk=line.person_id).name in page
    assert "用封存的输入重算核对" in text_of(maker.get(base))


def test_a_month_is_compared_with_all_runs_of_the_month_before(paid: Paid, client_as: As) -> None:
    """A second run that put March right is not March."""
    facts = dict(paid.facts.people)
    cancel_run(run_id=paid.second.pk, acting=w.MAKER, reason="重做")
    late = {**facts, **people(1, start=200)}
    again = w.approved(w.Facts(late), "2024-03")
    april = w.frozen(w.Facts(late), "2024-04")
    before = month_before(w.MAKER, april)
    assert before is not None and again.out_fen > 0
    assert before.out_fen == paid.first.out_fen + again.out_fen
    less = (before.out_fen - april.out_fen) // 100
    page = text_of(client_as("county", w.COUNTY).get(f"/payments/{april.pk}/"))
    assert f"比上月少 {less}" in page.replace(",", "")
