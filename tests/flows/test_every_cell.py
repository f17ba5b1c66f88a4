"""Every cell of every kind of list is given what nobody should type.

A row is taken in or goes back with a reason, never half; nothing breaks; and what goes back, or out
again, runs in no spreadsheet.
"""

import csv
import io
import unicodedata
from datetime import date
from io import BytesIO
from typing import Any

import openpyxl
import pytest

from tests.flows.conftest import MONTH, REGION, workbook
from tests.flows.list_rows import number
from yanglao.domain.exchange.public import ReceivedList
from yanglao.domain.people.models import Person
from yanglao.domain.people.public import load_facts
from yanglao.engines.intake.kinds import KINDS
from yanglao.flows.take_in_list import TakenIn, returned_sheet, take_in
from yanglao.foundation.analytics import analytic_session
from yanglao.foundation.scoping import system_reader

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

MARKERS = {
    "controls": "甲\x01\x08\x1b[31m乙",
    "c1": "甲\x85\x9b乙",
    "newlines": "甲\r\n乙\u2028丙",
    "emoji": "👵🏽👨‍👩‍👧‍👦🏳️‍🌈",
    "rtl": "甲\u202e乙\u2066丙\u200f",
    "uyghur": "ئابدۇللا مەمەت",
    "sql": "'; DROP TABLE people_person; --",
    "html": "<script>alert('xss')</script>",
    "template": "{{ 7*7 }}{% load x %}",
    "formula": '=HYPERLINK("http://evil","x")',
    "plus": "+1+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)",
    "format": "%s%n%(name)s{0}",
    "long": "长" * 20_000,
    "digits": "9" * 400,
    "float": "1e308",
    "minus": "-1",
    "date": "9999-99-99",
    "early": "0001-01-01",
    "nan": "nan",
}
_VALUES = {"name": "虚构人", "code": "653222102208", "date": "2026-06-01", "month": "2026-06"}


def _row(kind: str, serial: int) -> dict[str, Any]:
    """Return a good row of a kind."""
    own = number(serial % 900 + 100, f"19{40 + serial // 900:02}0305")
    values = {**_VALUES, "id": own, "card": own + "41", "money": "100"}
    row = {}
    for column in KINDS[kind].all_columns:
        value = values.get(column.kind) or (column.choices[0].label if column.choices else "1")
        row[column.name] = value
    return row


def _take(files: list[tuple[str, bytes]], kind: str) -> TakenIn:
    return take_in(
        files,
        acting=system_reader(REGION),
        division=REGION,
        month=MONTH,
        full=False,
        sender="试",
        kind=kind,
    )


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_cell_of_a_kind(kind: str, tiny_hetian: str) -> None:
    headers = [column.name for column in KINDS[kind].all_columns]
    rows, serial = [], 0
    for header in headers:
        for text in MARKERS.values():
            rows.append({**_row(kind, serial), header: text})
            serial += 1
    cells = [headers, *([row[header] for header in headers] for row in rows)]
    for name, content in (
        ("名单.xlsx", workbook({"名单": cells})),
        ("名单.csv", _csv(cells)),
    ):
        taken = _take([(name, content)], kind)
        (one,) = taken.lists
        received = ReceivedList.objects.get(pk=one.list_id)
        assert received.received == received.accepted + received.returned
        assert received.state == "taken_in", received.refusal
        assert received.received >= len(rows) * 0.9, "rows may be furniture, not vanish"
        if received.returned:
            assert _formulas(returned_sheet(system_reader(REGION), received.pk).read()) == []
    with analytic_session(memory="512MB") as session:
        load_facts(session, as_of=date(2026, 11, 1), region=REGION)
    for person in Person.objects.order_by("pk"):
        assert person.birth_date.year >= 1850
        assert len(person.name) <= 80, person.name[:40]
        kinds = {unicodedata.category(letter) for letter in person.name}
        assert not kinds & {"Cc", "Cs", "Zl", "Zp"}, repr(person.name)


def _csv(cells: list[list[Any]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(cells)
    return text.getvalue().encode("utf-8")


def test_a_cell_of_ten_megabytes(tiny_hetian: str) -> None:
    """Said plainly; not cut off in silence, and the rows beside it go in."""
    headers = ["姓名", "公民身份号码", "户籍地区划代码", "户籍地址"]
    good = ["虚构人", number(101), "653222102208", "一号"]
    huge = ["虚构乙", number(103), "653222102208", "长" * (10 * 1024 * 1024 // 3)]
    taken = _take([("名单.csv", _csv([headers, good, huge]))], "household")
    received = ReceivedList.objects.get(pk=taken.lists[0].list_id)
    assert received.received == received.accepted + received.returned == 2 or received.refusal
    if not received.refusal:
        assert (received.accepted, received.returned) == (1, 1)


def _formulas(content: bytes) -> list[str]:
    book = openpyxl.load_workbook(BytesIO(content))
    return [
        str(cell.value)
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
