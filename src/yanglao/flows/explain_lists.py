"""What each kind of list looks like, for the people who fill it in; and its empty sheet.

Made from the very tables that lists are read with, so that a page never promises what the reader
of lists does not keep.
"""

import io
from dataclasses import dataclass
from typing import BinaryIO

from yanglao.engines.intake.kinds import EVIDENCE, KINDS, Column, ListKind
from yanglao.engines.intake.template import write_template
from yanglao.engines.intake.variants import COMMON, OF_KIND

#: More other ways of writing than this are not shown.
_MOST_WORDS = 12

_FORMS = {
    "id": "18 位或 15 位；全角、空格、小写 x 会自动整理。变成 6.53E+17 的认不出，单元格请设为文本",
    "card": "20 位残疾人证号：18 位身份证号、1 位类别、1 位等级",
    "name": "少数民族姓名中间的点和空格怎么写都可以",
    "text": "文字",
    "date": "1940-03-05、1940/3/5、1940.3.5、19400305、1940年3月5日都可以",
    "month": "2026-10、2026年10月都可以",
    "code": "统计用区划代码，6、9 或 12 位，文本或数字都可以",
    "money": "单位元，可以有两位小数",
    "phone": "手机或带区号的固定电话；认不出也收，只是不记电话",
    "coord": "小数的度，如 79.92",
    "int": "整数",
}


@dataclass(frozen=True, slots=True)
class ColumnReading:
    """A column as people fill it in.

    Attributes:
        name: Canonical header. required: Must be there, and every row must have a value.
        form: What a cell may look like. choices: The values it may have, as templates offer them.
        also: Other headers that are understood. lenient: What can't be read is left out with a
            warning, and the row still goes in.
    """

    name: str
    required: bool
    form: str
    choices: tuple[str, ...]
    also: tuple[str, ...]
    lenient: bool


@dataclass(frozen=True, slots=True)
class KindReading:
    """A kind of list as people know it.

    Attributes:
        absence: Whether somebody missing from a full list is known not to have it.
        columns: Its own, in the order of the template. evidence: Names of the columns that any
            list may carry besides, to link a row to its person.
    """

    code: str
    label: str
    sender: str
    absence: bool
    columns: tuple[ColumnReading, ...]
    evidence: tuple[str, ...]

    @property
    def required(self) -> tuple[str, ...]:
        """Names of the columns that must be there."""
        return tuple(column.name for column in self.columns if column.required)


def list_kinds() -> tuple[KindReading, ...]:
    """Return all kinds of lists, in their fixed order."""
    return tuple(_reading(kind) for kind in KINDS.values())


def list_kind(code: str) -> KindReading:
    """Return one kind.

    Raises:
        KeyError: If there is none of this code.
    """
    return _reading(KINDS[code])


def kind_columns(code: str) -> tuple[str, ...]:
    """Return the names of all columns that a list of a kind may have, evidence included.

    Raises:
        KeyError: If there is no such kind.
    """
    return tuple(column.name for column in KINDS[code].all_columns)


def empty_sheet(code: str, *, place_code: str) -> BinaryIO:
    """Return the empty list of a kind as an open xlsx file, with samples that fit a place.

    Raises:
        KeyError: If there is no such kind.
    """
    file = io.BytesIO()
    write_template(file, code, place_code=place_code)
    file.seek(0)
    return file


def _reading(kind: ListKind) -> KindReading:
    own = {column.name for column in kind.columns}
    return KindReading(
        code=kind.code,
        label=kind.label,
        sender=kind.sender,
        absence=kind.has_absence,
        columns=tuple(_column(kind, column) for column in kind.columns),
        evidence=tuple(column.name for column in EVIDENCE if column.name not in own),
    )


def _column(kind: ListKind, column: Column) -> ColumnReading:
    variants = f"{OF_KIND.get(kind.code, {}).get(column.name, '')} {COMMON.get(column.name, '')}"
    others = [word for word in dict.fromkeys(variants.split()) if word != column.name]
    chosen = column.choices if column.kind != "text" else ()
    form = "填下面几种之一" if chosen else _FORMS[column.kind]
    if column.open_words:
        form += "；没有终止日期的空着或写“长期”"
    return ColumnReading(
        name=column.name,
        required=column.required,
        form=form,
        choices=tuple(choice.label for choice in chosen),
        also=tuple(others[:_MOST_WORDS]),
        lenient=not column.strict,
    )
