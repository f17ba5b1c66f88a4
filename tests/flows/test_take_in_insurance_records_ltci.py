"""Files of service records: every row accepted or back with a reason, whatever they look like."""

import io
from datetime import date, datetime, time

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook

from tests.domain.ltci.conftest import AS_OF, MAKER, Office
from tests.flows import population as p
from yanglao.domain.ltci.public import Provider, RecordBatch, month_records
from yanglao.flows.take_in_insurance_records import (
    CannotTake,
    returned_book,
    take_in_insurance_records,
    template_rows,
)
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db

OCTOBER = date(2026, 10, 1)
DAY_CELL = datetime(2026, 10, 2)  # noqa: DTZ001 - a cell of a sheet has no zone
HEADER = ["姓名", "身份证号", "服务日期", "服务方式", "开始时间", "结束时间", "分钟数", "服务内容"]


@pytest.fixture(autouse=True)
def _fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_TODAY", AS_OF.isoformat())


def book(*rows: list[object], header: list[str] | None = None) -> bytes:
    """Return an xlsx with a title line above its header."""
    target = io.BytesIO()
    with xlsxwriter.Workbook(target) as made:
        sheet = made.add_worksheet("十月")
        day = made.add_format({"num_format": "yyyy-mm-dd"})
        clock = made.add_format({"num_format": "hh:mm"})
        sheet.write_string(0, 0, "十月服务记录")
        for line, cells in enumerate([header or HEADER, *rows], 1):
            for place, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    sheet.write_datetime(line, place, cell, day)
                elif isinstance(cell, time):
                    sheet.write_datetime(line, place, cell, clock)
                else:
                    sheet.write(line, place, cell)
    return target.getvalue()


def take(provider: Provider, data: bytes, acting: object = MAKER) -> RecordBatch:
    """Take a file in."""
    return take_in_insurance_records(
        provider_id=provider.pk,
        month=OCTOBER,
        file_name="十月.xlsx",
        data=data,
        acting=acting,  # type: ignore[arg-type]
        as_of=AS_OF,
    )


def test_forms_of_days_and_times(db: None) -> None:
    provider, person = Office().provider(kind="both"), p.elder(1)
    number = person.id_number
    data = book(
        [person.name, number, "2026-10-01", "居家", "09:00", "10:30", "", "洗浴"],
        [person.name, number, DAY_CELL, "上门", time(9, 0), time(10, 0), 60, ""],
        ["", number, "20261003", "居家护理", "9时05分", "", "45分钟", ""],
        [person.name, number, "2026年10月4日", "机构", "", "", "", ""],
    )
    batch = take(provider, data)
    assert (batch.received, batch.accepted, batch.returned) == (4, 4, 0), batch.returned_rows
    found = [(r.care_place, r.day.day, r.start, r.amount) for r in month_records(MAKER)]
    assert found == [
        ("home", 1, 540, 90),
        ("home", 2, 540, 60),
        ("home", 3, 545, 45),
        ("institution", 4, 0, 1),
    ]
    again = take(provider, data)
    assert (again.accepted, again.repeated) == (0, 4)
    assert month_records(MAKER).count() == 4


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({1: "11010119400101123X"}, "身份证号不对"),
        ({0: "别人"}, "姓名和身份证号对不上"),
        ({2: "2026-09-30"}, "不在 2026-10 里"),
        ({2: ""}, "没有写服务日期"),
        ({2: "十月一日"}, "日期"),
        ({3: "电话"}, "请写“居家”或“机构”"),
        ({4: ""}, "要写开始时间"),
        ({4: "25点"}, "请写成 09:00"),
        ({5: "", 6: ""}, "结束时间或分钟数"),
        ({5: "08:00"}, "晚于开始时间"),
        ({6: 30}, "起止时间是 60 分钟"),
        ({5: "", 6: "半小时"}, "不是整数"),
    ],
)
def test_a_row_goes_back_with_its_reason(db: None, changed: dict[int, object], why: str) -> None:
    provider, person = Office().provider(kind="both"), p.elder(1)
    row: list[object] = [
        person.name,
        person.id_number,
        "2026-10-01",
        "居家",
        "09:00",
        "10:00",
        "",
        "",
    ]
    for at, cell in changed.items():
        row[at] = cell
    batch = take(provider, book(row))
    assert (batch.accepted, batch.returned) == (0, 1)
    assert why in batch.returned_rows[0][2]
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(returned_book(MAKER, batch.pk)))
    cells = sheet.get_sheet_by_index(0).to_python()
    assert why in str(cells[1][0])
    assert cells[0][2:4] == HEADER[:2]


def test_people_of_other_areas_and_unknown_ones_go_back(db: None) -> None:
    provider, far = Office().provider(), p.elder(1, place=p.FAR)
    row: list[object] = [far.name, far.id_number, "2026-10-01", "居家", "09:00", "10:00", "", ""]
    county = system_reader("653222000000", name="县")
    batch = take(provider, book(row), county)
    assert "不在本辖区" in batch.returned_rows[0][2]


def test_what_is_no_table_of_records_is_refused_whole(db: None) -> None:
    provider = Office().provider()
    for data, why in (
        (b"%PDF-1.4", "PDF"),
        (book(header=["姓名", "电话"]), "没有找到表头"),
        (book(), "没有服务记录"),
    ):
        with pytest.raises(CannotTake, match=why):
            take(provider, data)
    assert RecordBatch.objects.count() == 0


def test_the_template_itself_brings_nothing(db: None) -> None:
    provider = Office().provider()
    header, rows = template_rows()
    with pytest.raises(CannotTake, match="没有服务记录"):
        take(provider, book(*rows, header=header))


def test_names_and_numbers_of_returned_rows_lie_in_the_envelope(db: None) -> None:
    provider, person = Office().provider(), p.elder(1)
    row: list[object] = [
        person.name,
        person.id_number,
        "2026-09-01",
        "居家",
        "09:00",
        "10:00",
        "",
        "",
    ]
    batch = take(provider, book(row))
    stored = repr(RecordBatch.objects.filter(pk=batch.pk).values().get())
    assert person.id_number not in stored
    assert person.name not in stored
