"""Another payer's list of whom he pays in a month: a file in, every row kept or back with why.

What is taken in waits to be looked at; only a list that is put to use keeps money back.
"""

import re
from collections.abc import Mapping

from yanglao.domain.people.public import KnownPerson, find_by_numbers
from yanglao.domain.settlement.public import (
    BackRow,
    ElsewhereList,
    ElsewhereRow,
    get_elsewhere,
    month_words,
    take_elsewhere,
)
from yanglao.engines.payments.months import read_month
from yanglao.flows.explain_payments import benefit_names
from yanglao.flows.read_table import (
    EXAMPLE,
    TableRow,
    UnusableList,
    read_table,
    returned_book,
    template_book,
)
from yanglao.foundation.scoping import Reader
from yanglao.foundation.secrets import keyed_digest
from yanglao.kernel.idnumber import read_id_number
from yanglao.kernel.names import fold_name

__all__ = ["UnusableList", "elsewhere_template", "returned_sheet", "take_in_elsewhere"]

_COLUMNS = {
    "number": ("身份证号", "公民身份号码", "身份证号码", "证件号码"),
    "name": ("姓名", "老人姓名", "领取人", "户名"),
    "benefit": ("待遇", "补贴项目", "补贴名称", "项目"),
    "month": ("月份", "发放月份", "所属月份"),
}
_NEEDED = ("number",)
_MOST = 200_000
_MONTHS = 12
_MONTH = re.compile(r"(\d{4})[-/.年]?(\d{1,2})(?!\d)")


def take_in_elsewhere(
    *, month: str, payer: str, benefit: str, file_name: str, data: bytes, acting: Reader
) -> ElsewhereList:
    """Read a list, judge each row, and keep it to be looked at.

    Args:
        month: ``2026-11``. payer: Who pays. benefit: Code for rows that name none; may be empty.

    Raises:
        UnusableList: For a file that is no such list.
        Refused, PermissionError: See ``settlement.public.take_elsewhere``.
    """
    number = read_month(month)
    table = read_table(data, file_name, columns=_COLUMNS, needed=_NEEDED, most=_MOST)
    rows = table.rows
    names = benefit_names(acting.area)
    known = _known(rows)
    good: list[ElsewhereRow] = []
    seen: dict[tuple[int, str], str] = {}
    for row in rows:
        code = _benefit(row, benefit, names)
        person = known.get(row.where)
        row.reason = row.reason or _why(row, person, code, number, acting)
        if row.reason or person is None:
            continue
        before = seen.setdefault((person.id, code), row.where)
        if before != row.where:
            row.reason = f"和{before}是同一个人的同一项待遇"
            continue
        good.append(ElsewhereRow(row.number, person.id, person.place_code, code))
    return take_elsewhere(
        month=number,
        payer=payer,
        file_name=file_name,
        digest=keyed_digest("elsewhere.list", data),
        header=table.header,
        rows=good,
        returned=[BackRow(one.where, one.cells, one.reason) for one in rows if one.reason],
        acting=acting,
    )


def _known(rows: list[TableRow]) -> dict[str, KnownPerson]:
    """Find everybody by number at once; return where a row stands to its person."""
    numbers = {}
    for row in rows:
        read = read_id_number(row.values["number"]).number
        if read is None:
            row.reason = "身份证号不对，请核对" if row.values["number"] else "没有身份证号"
        else:
            numbers[row.where] = read.text
    found = find_by_numbers(set(numbers.values()))
    return {where: found[number] for where, number in numbers.items() if number in found}


def _benefit(row: TableRow, told: str, names: Mapping[str, str]) -> str:
    """Return the code of the benefit that a row names; empty when it is none of ours."""
    text = row.values.get("benefit", "")
    if not text:
        return told
    return next((code for code, name in names.items() if text in (code, name)), "")


def _why(row: TableRow, person: KnownPerson | None, code: str, month: int, acting: Reader) -> str:
    """Say why a row goes back; empty when it does not."""
    if person is None or not acting.covers(person.place_code):
        return "档案里没有这个身份证号，或者这个人不在本辖区"
    name = row.values.get("name", "")
    if name and fold_name(name) != person.name_fold:
        return "姓名和身份证号对不上，请核对"
    if not code:
        said = row.values.get("benefit", "")
        return f"没有叫“{said[:20]}”的待遇" if said else "没有写是哪一项待遇"
    text = row.values.get("month", "")
    if text:
        found = _MONTH.match(text)
        if not found or not 1 <= int(found[2]) <= _MONTHS:
            return f"月份“{text[:12]}”请写成 2026-11 的形式"
        other = int(found[1]) * _MONTHS + int(found[2]) - 1
        if other != month:
            return f"写的是{month_words(other)}，这份名单是{month_words(month)}的"
    return ""


def returned_sheet(reader: Reader, list_id: int) -> bytes:
    """Return the rows that went back as a workbook, to be put right and handed in again."""
    found = get_elsewhere(reader, list_id)
    rows = [(where, cells, reason) for where, cells, reason in found.returned_rows]
    return returned_book(found.header, rows, title="退回的行")


def elsewhere_template(reader: Reader) -> bytes:
    """Return the empty sheet with the names of this area's benefits in its examples."""
    names = list(benefit_names(reader.area).values()) or ["高龄津贴"]
    examples = [[f"{EXAMPLE}张三", "650000194001011234", names[0], "2026-11"]]
    return template_book("别处发放名单", ["姓名", "身份证号", "待遇", "月份"], examples)
