"""Service records of a provider: a file in, every row accepted or back with the reason."""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from yanglao.domain.ltci.public import (
    NewRecord,
    Place,
    Provider,
    RecordBatch,
    ReturnedRow,
    get_batch,
    get_provider,
    next_month,
    take_records,
)
from yanglao.domain.people.public import KnownPerson, find_by_numbers
from yanglao.engines.intake.unreadable import UnreadableWorkbook
from yanglao.engines.intake.workbook import Sheet, read_workbook
from yanglao.foundation.scoping import Reader
from yanglao.foundation.secrets import keyed_digest
from yanglao.foundation.tabular import harmless
from yanglao.kernel.dates import read_date
from yanglao.kernel.idnumber import read_id_number
from yanglao.kernel.names import fold_name

#: Our columns with the names that providers give them.
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "老人姓名", "参保人姓名", "服务对象"),
    "id_number": ("身份证号", "身份证号码", "证件号码", "公民身份号码"),
    "day": ("服务日期", "日期"),
    "place": ("服务方式", "护理方式", "居家或机构"),
    "start": ("开始时间", "起始时间", "签到时间"),
    "end": ("结束时间", "签退时间"),
    "minutes": ("分钟数", "服务时长（分钟）", "时长（分钟）", "服务时长(分钟)", "时长"),
    "task": ("服务内容", "服务项目"),
}
_NEEDED = ("id_number", "day")
_HEADER_WITHIN = 10
_DAY = 24 * 60
_CLOCK = re.compile(r"(\d{1,2})[:：时](\d{1,2})(?:[:：分]\d{1,2}秒?)?分?")
_PLACES = {
    "居家": Place.HOME,
    "居家护理": Place.HOME,
    "上门": Place.HOME,
    "机构": Place.INSTITUTION,
    "机构护理": Place.INSTITUTION,
    "入住": Place.INSTITUTION,
}


class CannotTake(ValueError):
    """The whole file goes back; the message says why and what to do."""


@dataclass(slots=True)
class _Row:
    """A row on its way: where it stands, its cells as text, what was read, or why it goes back."""

    where: str
    cells: tuple[str, ...]
    values: dict[str, object]
    reason: str = ""


def template_rows() -> tuple[list[str], list[list[str]]]:
    """Return header and example rows of the sheet that providers fill in."""
    header = [names[0] for names in COLUMNS.values()]
    return header, [
        ["（例）张三", "650000194001011234", "2026-10-08", "居家", "09:00", "10:30", "", "洗浴"],
        ["（例）李四", "650000194501011234", "2026-10-08", "机构", "", "", "", "全日护理"],
    ]


def take_in_insurance_records(
    *, provider_id: int, month: date, file_name: str, data: bytes, acting: Reader, as_of: date
) -> RecordBatch:
    """Read a file, judge each row, store the good ones, keep the others with their reasons.

    Raises:
        CannotTake: For a file that is no table, or lacks a column that is needed.
    """
    provider = get_provider(acting, provider_id)
    try:
        book = read_workbook(data, file_name)
    except UnreadableWorkbook as problem:
        raise CannotTake(str(problem)) from problem
    header: list[str] = []
    rows: list[_Row] = []
    for sheet in book.sheets:
        if sheet.hidden:
            continue
        at, columns = _header(sheet)
        if at is None:
            continue
        header = header or [_text(cell) for cell in sheet.rows[at]]
        rows += [
            _Row(
                f"{sheet.name} 第 {number + 1} 行", tuple(map(_text, cells)), _named(columns, cells)
            )
            for number, cells in enumerate(sheet.rows)
            if number > at and any(_text(cell) for cell in cells)
        ]
    if not header:
        wanted = "、".join(COLUMNS[name][0] for name in _NEEDED)
        raise CannotTake(f"没有找到表头：至少要有{wanted}两列，可以下载样表照着填。")
    rows = [row for row in rows if not _text(row.values.get("name")).startswith("（例）")]
    if not rows:
        raise CannotTake("表里没有服务记录。")
    known = _people(rows)
    records = []
    for row in rows:
        record = _record(row, known, provider, month, acting, as_of)
        if record is not None:
            records.append(record)
    back = [ReturnedRow(row.where, row.cells, row.reason) for row in rows if row.reason]
    return take_records(
        provider_id=provider_id,
        month=month,
        file_name=file_name,
        digest=keyed_digest("ltci.batch", data),
        header=header,
        records=records,
        returned=back,
        acting=acting,
    )


def returned_book(reader: Reader, batch_id: int) -> bytes:
    """Return the sheet with the rows that went back, each with its reason in front."""
    import xlsxwriter

    batch = get_batch(reader, batch_id)
    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("退回的行")
        bold = book.add_format({"bold": True})
        for place, title in enumerate(["为什么退回", "原来在哪一行", *batch.header]):
            sheet.write_string(0, place, str(title), bold)
        for line, (where, cells, reason) in enumerate(batch.returned_rows, 1):
            for place, cell in enumerate([reason, where, *cells]):
                sheet.write_string(line, place, str(harmless(str(cell))))
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, 12, 20)
    return target.getvalue()


def _header(sheet: Sheet) -> tuple[int | None, dict[int, str]]:
    for at, cells in enumerate(sheet.rows[:_HEADER_WITHIN]):
        columns: dict[int, str] = {}
        for place, cell in enumerate(cells):
            title = re.sub(r"\s", "", _text(cell))
            name = next((key for key, names in COLUMNS.items() if title in names), None)
            if name is not None and name not in columns.values():
                columns[place] = name
        if set(_NEEDED) <= set(columns.values()):
            return at, columns
    return None, {}


def _named(columns: Mapping[int, str], cells: Sequence[object]) -> dict[str, object]:
    return {name: cells[place] for place, name in columns.items() if place < len(cells)}


def _people(rows: Sequence[_Row]) -> dict[str, KnownPerson]:
    numbers = set()
    for row in rows:
        number = read_id_number(row.values.get("id_number")).number
        if number is None:
            row.reason = "身份证号不对，请核对"
        else:
            row.values["number"] = number.text
            numbers.add(number.text)
    return find_by_numbers(numbers)


def _record(
    row: _Row,
    known: Mapping[str, KnownPerson],
    provider: Provider,
    month: date,
    acting: Reader,
    as_of: date,
) -> NewRecord | None:
    if row.reason:
        return None
    person = known.get(str(row.values["number"]))
    try:
        if person is None or not acting.covers(person.place_code):
            raise ValueError("档案里没有这个身份证号，或者这个人不在本辖区")
        name = _text(row.values.get("name"))
        if name and fold_name(name) != person.name_fold:
            raise ValueError("姓名和身份证号对不上，请核对")
        day = _day(row.values.get("day"), month, as_of)
        place = _place(row.values.get("place"), provider)
        start, amount = _time(row, place)
    except ValueError as problem:
        row.reason = str(problem)
        return None
    return NewRecord(
        row.where,
        person.id,
        person.place_code,
        str(place),
        day,
        start,
        amount,
        _text(row.values.get("task")),
    )


def _day(cell: object, month: date, as_of: date) -> date:
    day = read_date(cell)
    if day is None:
        raise ValueError("没有写服务日期")
    if not month <= day < next_month(month):
        raise ValueError(f"服务日期 {day} 不在 {month:%Y-%m} 里")
    if day > as_of:
        raise ValueError(f"服务日期 {day} 还没有到")
    return day


def _place(cell: object, provider: Provider) -> Place:
    text = re.sub(r"\s", "", _text(cell))
    if not text and provider.kind in Place.values:
        return Place(provider.kind)
    if text not in _PLACES:
        raise ValueError("服务方式请写“居家”或“机构”")
    return _PLACES[text]


def _time(row: _Row, place: Place) -> tuple[int, int]:
    if place == Place.INSTITUTION:
        return 0, 1
    start, end = _clock(row.values.get("start")), _clock(row.values.get("end"))
    told = re.sub(r"(分钟|分|\.0)$", "", _text(row.values.get("minutes")))
    if start is None:
        raise ValueError("居家服务要写开始时间，例如 09:00")
    if end is None and not told:
        raise ValueError("居家服务要写结束时间或分钟数")
    if told and not told.isdigit():
        raise ValueError(f"分钟数“{told[:10]}”不是整数")
    minutes = end - start if end is not None else int(told)
    if end is not None and told and int(told) != minutes:
        raise ValueError(f"起止时间是 {minutes} 分钟，分钟数写的是 {told}，请核对")
    if minutes <= 0 or start + minutes > _DAY:
        raise ValueError("结束时间要晚于开始时间，跨夜的请分成两条")
    return start, minutes


def _clock(cell: object) -> int | None:
    if isinstance(cell, datetime | time):
        return cell.hour * 60 + cell.minute
    if isinstance(cell, float) and 0 <= cell < 1:
        return round(cell * _DAY)
    text = _text(cell)
    if not text:
        return None
    found = _CLOCK.fullmatch(text)
    if not found or int(found[1]) > 24 or int(found[2]) > 59:
        raise ValueError(f"时间“{text[:12]}”请写成 09:00 这样")
    return int(found[1]) * 60 + int(found[2])


def _text(cell: object) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()
