"""Another payer's list: each row kept or back, used, replaced, undone; what months make of it."""

import io
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.flows import payment_world as w
from tests.flows import population as p
from tests.flows.test_pay_month import check_books, net_of_books, simple
from yanglao.domain.people.models import Person
from yanglao.domain.settlement.models import ElsewhereList, Line, PaidElsewhere, Payment
from yanglao.domain.settlement.public import (
    Refused,
    cancel_run,
    drop_elsewhere,
    elsewhere_rows,
    undo_elsewhere,
    use_elsewhere,
)
from yanglao.engines.payments.months import read_month
from yanglao.flows.read_table import UnusableList
from yanglao.flows.take_elsewhere import elsewhere_template, returned_sheet, take_in_elsewhere
from yanglao.foundation.models import AuditEntry

pytestmark = pytest.mark.django_db
FAR_PLACE = "653201001001"


@pytest.fixture(autouse=True)
def _rules(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    w.prepare(tmp_path / "policies", settings)


def book(
    *rows: tuple[Any, ...], head: tuple[str, ...] = ("姓名", "身份证号", "待遇", "月份")
) -> bytes:
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as made:
        sheet = made.add_worksheet()
        for line, cells in enumerate([("某县发放表",), head, *rows]):
            for place, cell in enumerate(cells):
                sheet.write(line, place, cell)
    return target.getvalue()


def take(data: bytes, **more: Any) -> ElsewhereList:
    told = {"month": "2024-03", "payer": "邻县民政局", "benefit": "nursing", "file_name": "a.xlsx"}
    return take_in_elsewhere(**{**told, **more}, data=data, acting=w.MAKER)


def in_use(people: list[Person], month: str = "2024-03", payer: str = "邻县") -> ElsewhereList:
    rows = [(one.name, one.id_number) for one in people]
    made = take(book(*rows, head=("姓名", "身份证号")), month=month, payer=payer)
    return use_elsewhere(list_id=made.pk, acting=w.MAKER)


def test_every_row_is_kept_or_back_with_its_reason() -> None:
    """What was received is what can be used and what went back; nothing is lost on the way."""
    one, two, far = p.elder(1), p.elder(2), p.elder(3, place=FAR_PLACE)
    made = take(
        book(
            (one.name, one.id_number, "", ""),
            (two.name, two.id_number, "nursing", "2024年3月"),
            (one.name, one.id_number, "", ""),
            (far.name, far.id_number, "", ""),
            ("别人", two.id_number, "", ""),
            (one.name, "123", "", ""),
            (one.name, "", "", ""),
            (one.name, one.id_number, "没有这一项", ""),
            (two.name, two.id_number, "", "2024-04"),
            (two.name, two.id_number, "", "三月"),
        )
    )
    assert (made.received, made.accepted, made.returned, made.state) == (10, 2, 8, "waiting")
    why = [reason for _where, _cells, reason in made.returned_rows]
    for part, reason in zip(
        ("同一个人", "辖区", "姓名", "身份证号不对", "没有身份证号", "没有叫", "4 月", "写成"),
        why,
        strict=True,
    ):
        assert part in reason, (part, reason)
    assert made.returned_rows[0][0] == "第 5 行"
    # What went back can be put right in the very sheet that comes out, and handed in again.
    again = take(returned_sheet(w.MAKER, made.pk), file_name="退回的行.xlsx")
    assert (again.received, again.accepted) == (8, 1)


def test_the_same_file_twice_is_refused_while_it_waits_or_is_in_use() -> None:
    one = p.elder(1)
    data = book((one.name, one.id_number), head=("姓名", "身份证号"))
    made = take(data)
    with pytest.raises(Refused, match="待确认"):
        take(data)
    use_elsewhere(list_id=made.pk, acting=w.MAKER)
    with pytest.raises(Refused, match="在用"):
        take(data)
    undo_elsewhere(list_id=made.pk, reason="传错", acting=w.MAKER)
    assert take(data).pk != made.pk


def test_files_that_are_no_such_list_say_what_is_missing() -> None:
    with pytest.raises(UnusableList, match="身份证号"):
        take(book(("a",), head=("谁",)))
    with pytest.raises(UnusableList, match="表头下面没有内容"):
        take(book(head=("姓名", "身份证号")))
    with pytest.raises(UnusableList, match="例子"):
        take(elsewhere_template(w.MAKER))
    with pytest.raises(Refused, match="哪个单位"):
        take(book(("a", "1")), payer="  ")


def test_only_a_list_in_use_holds_money_back() -> None:
    """Taken in, it waits; used, the month holds; dropped, it is only kept."""
    one, two = p.elder(1), p.elder(2)
    facts = w.Facts({one.pk: simple(), two.pk: simple()})
    made = take(book((one.name, one.id_number), head=("姓名", "身份证号")))

    def states(month: str) -> dict[int, str]:
        run = w.frozen(facts, month, start="2024-03")
        found = dict(Payment.objects.filter(run=run).values_list("person_id", "state"))
        cancel_run(run_id=run.pk, acting=w.MAKER, reason="试")
        return found

    assert states("2024-03") == {one.pk: "ready", two.pk: "ready"}
    use_elsewhere(list_id=made.pk, acting=w.MAKER)
    assert states("2024-03") == {one.pk: "held", two.pk: "ready"}
    other = take(book((two.name, two.id_number), head=("姓名", "身份证号")), payer="医保局")
    drop_elsewhere(list_id=other.pk, acting=w.MAKER)
    assert states("2024-03") == {one.pk: "held", two.pk: "ready"}
    with pytest.raises(Refused, match="没有采用"):
        use_elsewhere(list_id=other.pk, acting=w.MAKER)


def test_a_later_list_replaces_the_earlier_and_undoing_brings_it_back() -> None:
    one, two = p.elder(1), p.elder(2)
    first = in_use([one])
    second = in_use([two])
    first.refresh_from_db()
    assert (first.state, second.state, second.replaces_id) == ("replaced", "current", first.pk)
    assert PaidElsewhere.objects.count() == 2
    other_payer = in_use([one], payer="医保局")
    assert other_payer.replaces_id is None
    with pytest.raises(Refused, match="原因"):
        undo_elsewhere(list_id=second.pk, reason=" ", acting=w.MAKER)
    undo_elsewhere(list_id=second.pk, reason="传错了月份", acting=w.MAKER)
    states = dict(ElsewhereList.objects.order_by("id").values_list("pk", "state"))
    assert states == {first.pk: "current", second.pk: "undone", other_payer.pk: "current"}
    told = AuditEntry.objects.filter(action="paid_elsewhere_undone").get()
    assert told.subject_id == str(second.pk)


def test_a_month_that_another_paid_is_no_arrears_until_the_list_is_undone() -> None:
    """Held in March because another paid it; in April only April goes; undone, March comes.

    Else what was held would be paid a month later, and the month would be paid twice.
    """
    one, two = p.elder(1), p.elder(2)
    facts = w.Facts({one.pk: simple(), two.pk: simple()})
    told = in_use([one])
    w.paid_through(facts, "2024-03", start="2024-03")
    w.paid_through(facts, "2024-04")
    march, april, may = (read_month(f"2024-0{n}") for n in (3, 4, 5))
    assert net_of_books().get((one.pk, "nursing", march)) is None
    assert net_of_books()[one.pk, "nursing", april] > 0
    undo_elsewhere(list_id=told.pk, reason="邻县没有发", acting=w.MAKER)
    w.paid_through(facts, "2024-05")
    paid = net_of_books()
    assert paid[one.pk, "nursing", march] == paid[two.pk, "nursing", march]
    assert paid[one.pk, "nursing", may] > 0
    kinds = Line.objects.filter(person_id=one.pk, month=march, held=False)
    assert [line.kind for line in kinds] == ["arrears"]
    check_books()


def test_a_list_that_comes_late_shows_who_was_paid_twice() -> None:
    one, two = p.elder(1), p.elder(2)
    facts = w.Facts({one.pk: simple(), two.pk: simple()})
    w.paid_through(facts, "2024-03", start="2024-03")
    late = in_use([one, two])
    assert {row.person_id for row in elsewhere_rows(w.MAKER, late, twice=True)} == {one.pk, two.pk}
    april = in_use([one], month="2024-04")
    assert not elsewhere_rows(w.MAKER, april, twice=True)


def test_an_officer_of_elsewhere_neither_sees_nor_undoes_it() -> None:
    one = p.elder(1)
    made = in_use([one])
    other = w.officer(7, "653201000000")
    with pytest.raises(ElsewhereList.DoesNotExist):
        undo_elsewhere(list_id=made.pk, reason="x", acting=other)
