"""One cell at a time: the value of a column's cell, or the sentence that says why there is none.

A parser is compiled once for each column; `read_column` then parses each different cell once,
however often it stands in the column.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from typing import Any, NamedTuple, cast

from yanglao.engines.intake.choices import Choice
from yanglao.engines.intake.kinds import Column
from yanglao.kernel.characters import (
    half_width,
    number_text,
    tidy_text,
    without_blanks,
    without_hyphens,
)
from yanglao.kernel.dates import WITHOUT_END_YEAR, read_date
from yanglao.kernel.division import normalise_code
from yanglao.kernel.money import yuan_to_fen
from yanglao.kernel.names import tidy_name


class Cell(NamedTuple):
    """A parsed cell. With a message.

    A fault when `grave` (there is no value), else a remark on the value.
    """

    value: Any
    message: str = ""
    grave: bool = False


Parser = Callable[[object], Cell]
# Reads a cell that is not blank; the second argument is its tidied text.
_Reader = Callable[[object, str], Cell]
Places = Callable[[str], bool]

BLANK = Cell(None)

_UNKNOWN_WORDS = """
    不详 未知 无 空 暂无 不明 不清 不清楚 待定 待查 待核 待核实 待补 待补充 未填 未登记 未提供
    未采集 未评估 未说明 未记录 无记录 无数据 没有 不适用 缺失 (空白) (空) (NULL)
    N/A NA NULL NONE NAN NIL UNKNOWN #N/A #REF! #VALUE! #NAME? #DIV/0! #NULL! #NUM!
"""
_UNKNOWN = frozenset(_UNKNOWN_WORDS.split())
# What needs no cleaning: see `compile_plain`. Text must hold more than marks.
_PLAIN_NAME = re.compile("[\u4e00-\u9fff]{1,20}(?:·[\u4e00-\u9fff]{1,20}){0,2}")
_PLAIN_PHONE = re.compile("[0-9]{7,15}")
_PLAIN_TEXT = "(?=.*[0-9A-Za-z\u4e00-\u9fff])[!-&(-_a-~·\u4e00-\u9fff]"
_LONGEST_UNKNOWN = 12
_MARKS = "-‐‑‒–—―−－_/\\?？.。．*、~～…·#=+ 　"
_ONLY_MARKS = re.compile(r"[-‐‑‒–—―−_/\\?？.。*、~～…·#=+]+")
_BRACKETED = re.compile(r"\(([^()]*)\)")
_LEADING_CODE = re.compile(r"^[0-9A-Z]{1,3}[.、:\-_)](?=.)|^0?[0-9](?=[\u4e00-\u9fff])")
# Words in the rest of a text that deny it, or say that it holds more than one thing.
_DENIES = re.compile(
    r"非|不|无|未|没|否|退出|退保|停|取消|曾|原|拟|待定|待审|待核|申请|疑|或|[、/,;+]"
)
_EDGES = " '\"“”‘’。.,，;；:：!！"


def is_blank(cell: object) -> bool:
    """Whether a cell has nothing in it, blanks and apostrophes aside."""
    return not cell_text(cell)


def is_unknown(text: str) -> bool:
    """Whether a text only says that nothing is known: 不详, 未知, 无, /, —, #N/A …"""
    if len(text) > _LONGEST_UNKNOWN and text[0] not in _MARKS:
        return False
    key = without_blanks(half_width(text)).upper()
    return key in _UNKNOWN or bool(_ONLY_MARKS.fullmatch(key))


def cell_text(cell: object) -> str:
    """A cell as text for keeping: 653201.0 is "653201", a day "2026-10-01", true "是"."""
    if isinstance(cell, str):
        return tidy_text(cell)
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        return number_text(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep=" ", timespec="minutes")
    return str(cell)


def column_texts(cells: Sequence[object]) -> list[str]:
    """The cells of a column as text for keeping; as `cell_text`, faster for running numbers."""
    if set(map(type, cells)) == {float} and all(map(float.is_integer, cast(list[float], cells))):
        return list(map(str, map(int, cast(list[float], cells))))
    return ["" if cell == "" else cell_text(cell) for cell in cells]


def choice_key(text: str) -> str:
    """What a coded value is compared by: half-width, no blanks, upper case."""
    return without_blanks(half_width(text)).strip(_EDGES).upper()


def compile_parser(column: Column, places: Places | None = None) -> Parser:
    """The parser of a column's cells: never raises; blank cells give the column's default.

    Args:
        column: Any column but "id" and "card", which `identity` reads.
        places: Whether a division code of twelve digits exists; None takes every well-formed code.
    """
    read = _READERS[column.kind](column, places)
    blank = _blank_cell(column)
    own_words = frozenset(map(choice_key, column.open_words))
    # Among choices, words like 无 may be an answer: their readers decide.
    decides_itself = bool(column.choices)

    def parse(cell: object) -> Cell:
        text = cell_text(cell)
        if not text or (own_words and choice_key(text) in own_words):
            return blank
        if not decides_itself and is_unknown(text):
            return _unknown_cell(column, text)
        return read(cell, text)

    return parse


def compile_plain(column: Column) -> Callable[[str], object] | None:
    """A quick test for cells whose value is their text as it stands; None where there are none.

    Most cells of names, phones and free text are so; parsing them would change nothing.
    """
    if column.kind == "name":
        return _PLAIN_NAME.fullmatch
    if column.kind == "phone":
        return _PLAIN_PHONE.fullmatch
    if column.kind == "text" and not column.choices:
        return re.compile(f"{_PLAIN_TEXT}{{1,{column.max_length}}}").fullmatch
    return None


def read_column(
    column: Column, cells: Sequence[object], places: Places | None = None
) -> tuple[list[Any], dict[int, Cell]]:
    """Parse a whole column: the values in order, and by position the cells that have a message."""
    parse, plain = compile_parser(column, places), compile_plain(column)
    if bool in set(map(type, cells)):
        # True and 1 are one key of a dict, but not one cell.
        cells = [(cell,) if isinstance(cell, bool) else cell for cell in cells]
    values: dict[object, Any] = {}
    messages: dict[object, Cell] = {}
    for cell in set(cells):
        if (
            plain is not None
            and type(cell) is str
            and plain(cell)
            and (len(cell) > _LONGEST_UNKNOWN or cell.upper() not in _UNKNOWN)
        ):
            values[cell] = cell
            continue
        found = parse(cell[0] if isinstance(cell, tuple) else cell)
        values[cell] = found.value
        if found.message:
            messages[cell] = found
    remarks: dict[int, Cell] = {}
    if messages:
        remarks = {i: messages[cell] for i, cell in enumerate(cells) if cell in messages}
    return list(map(values.__getitem__, cells)), remarks


def _fault(column: Column, message: str) -> Cell:
    return Cell(None if column.strict else column.default, message, grave=column.strict)


def _blank_cell(column: Column) -> Cell:
    if column.required:
        return Cell(None, f"{column.name}为空，请填写", grave=True)
    return Cell(column.default)


def _unknown_cell(column: Column, text: str) -> Cell:
    if column.required:
        return Cell(None, f"{column.name}写的是“{text}”，此列必填，请填写", grave=True)
    return Cell(column.default)


def _read_name(column: Column, places: Places | None) -> _Reader:
    def read(cell: object, text: str) -> Cell:
        if not isinstance(cell, str):
            return _fault(column, f"姓名“{text}”不是文字，请核对")
        name = tidy_name(text)
        if not any(letter.isalpha() for letter in name):
            return _fault(column, f"姓名“{text}”不是文字，请核对")
        if len(name) > column.max_length:
            return _fault(column, f"姓名超过 {column.max_length} 个字，请核对")
        return Cell(name)

    return read


def _read_text(column: Column, places: Places | None) -> _Reader:
    """Free text.

    With choices, the words that are among them come to one form and others stay as they are.
    """
    known = _choice_table(column.choices)

    def read(cell: object, text: str) -> Cell:
        if known:
            key = choice_key(text)
            if key not in known and is_unknown(key):
                return _unknown_cell(column, text)
            text = str(known.get(key, text))
        if len(text) > column.max_length:
            cut = text[: column.max_length]
            return Cell(cut, f"{column.name}超过 {column.max_length} 个字，只保留前面部分")
        return Cell(text)

    return read


def _read_date(column: Column, places: Places | None) -> _Reader:
    def read(cell: object, text: str) -> Cell:
        # A date cell that refers to an empty one shows 0 or 1900-01-00.
        if cell == 0 or cell == "0" or isinstance(cell, time):
            return _blank_cell(column)
        try:
            day = read_date(cell)
        except ValueError as error:
            return _fault(column, f"{column.name}：{error}")
        if day is not None and day.year == WITHOUT_END_YEAR:
            if column.open_words:
                return _blank_cell(column)
            return _fault(column, f"{column.name}：“{text}”的年份不合理，请核对")
        return Cell(day)

    return read


def _read_month(column: Column, places: Places | None) -> _Reader:
    read_day = _read_date(column, places)

    def read(cell: object, text: str) -> Cell:
        found = read_day(cell, text)
        return Cell(found.value.replace(day=1)) if isinstance(found.value, date) else found

    return read


def _read_code(column: Column, places: Places | None) -> _Reader:
    def read(cell: object, text: str) -> Cell:
        try:
            code = normalise_code(cell)
        except ValueError as error:
            return _fault(column, f"{column.name}：{error}")
        if places is not None and not places(code):
            return _fault(column, f"{column.name}：区划代码 {text} 不在区划表中，请核对")
        return Cell(code)

    return read


def _read_money(column: Column, places: Places | None) -> _Reader:
    def read(cell: object, text: str) -> Cell:
        try:
            fen = yuan_to_fen(cell)
        except ValueError as error:
            return _fault(column, f"{column.name}：{error}")
        if fen < 0:
            return _fault(column, f"{column.name}：“{text}”不应为负数，请核对")
        return Cell(fen)

    return read


_PHONE = re.compile(r"\+?(?:[0-9]{7,15})(?:转[0-9]{1,6})?")


def _read_phone(column: Column, places: Places | None) -> _Reader:
    def read(cell: object, text: str) -> Cell:
        parts = re.split(r"[,，;；/、]", re.sub(r"[\s()]", "", text))
        numbers = list(filter(None, map(without_hyphens, parts)))
        kept = "、".join(numbers)
        if not numbers or not all(map(_PHONE.fullmatch, numbers)) or len(kept) > column.max_length:
            return _fault(column, f"{column.name}“{text[:30]}”不是电话号码，没有采用，请核对")
        return Cell(kept)

    return read


def _read_coord(column: Column, places: Places | None) -> _Reader:
    def read(cell: object, text: str) -> Cell:
        number_part = text.rstrip("°EeNn度")
        try:
            number = float(number_part)
        except ValueError:
            number = float("nan")
        if not column.low <= number <= column.high:
            shown = f"{column.name}“{text[:30]}”"
            span = f"{column.low:g} 至 {column.high:g}"
            return _fault(column, f"{shown}应为 {span} 之间的小数，没有采用，请核对")
        return Cell(number)

    return read


def _read_choice(column: Column, places: Places | None) -> _Reader:
    table = _choice_table(column.choices)
    offered = "、".join(choice.label for choice in column.choices)

    def read(cell: object, text: str) -> Cell:
        key = choice_key(text)
        for form in _forms(key):
            if form in table:
                return Cell(table[form])
        if is_unknown(key):
            return _unknown_cell(column, text)
        value = _by_words(column.choices, key)
        if value is not None:
            return Cell(value)
        return _fault(column, f"{column.name}“{text[:30]}”看不懂，请填写：{offered}")

    return read


def _forms(key: str) -> tuple[str, ...]:
    """A key as it stands, without a leading code, without its brackets, and what stands in them."""
    forms = [key, _LEADING_CODE.sub("", key)]
    bare = _BRACKETED.sub("", key)
    if bare != key:
        forms += [bare, _LEADING_CODE.sub("", bare)]
        if not bare or bare.isdigit():
            forms += _BRACKETED.findall(key)
    return tuple(form for form in forms if form)


def _choice_table(choices: Sequence[Choice]) -> dict[str, str | int | bool]:
    table: dict[str, str | int | bool] = {}
    for choice in choices:
        for word in (choice.label, *choice.also.split()):
            table.setdefault(choice_key(word), choice.value)
    return table


def _by_words(choices: Sequence[Choice], key: str) -> str | int | bool | None:
    """The one choice whose longest word stands in the text, when nothing in the rest denies it."""
    found: list[tuple[int, str, Choice]] = []
    for choice in choices:
        words = [word for word in choice.within.split() if word in key]
        if words:
            longest = max(words, key=len)
            found.append((len(longest), longest, choice))
    found.sort(key=lambda hit: hit[0], reverse=True)
    if not found or (len(found) > 1 and found[0][0] == found[1][0]):
        return None
    _, word, choice = found[0]
    return None if _DENIES.search(key.replace(word, "", 1)) else choice.value


_READERS: dict[str, Callable[[Column, Places | None], _Reader]] = {
    "name": _read_name,
    "text": _read_text,
    "date": _read_date,
    "month": _read_month,
    "code": _read_code,
    "bool": _read_choice,
    "enum": _read_choice,
    "int": _read_choice,
    "money": _read_money,
    "phone": _read_phone,
    "coord": _read_coord,
}
