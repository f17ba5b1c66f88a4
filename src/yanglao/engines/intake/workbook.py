"""Bytes of a file to sheets of cells: xlsx, xls, csv in any usual encoding.

What cannot be read is refused whole, with a Chinese sentence that says what is wrong and what to
do.
"""

import io
import re
import zipfile
from dataclasses import dataclass
from typing import cast

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from yanglao.engines.intake.collection import collection_paused
from yanglao.engines.intake.delimited import read_delimited
from yanglao.engines.intake.unreadable import UnreadableWorkbook

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
# Beginnings of files that people send by mistake, each with what it is.
_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "是 PDF 文件"),
    (b"\x89PNG", "是图片"),
    (b"\xff\xd8\xff", "是图片"),
    (b"GIF8", "是图片"),
    (b"Rar!", "是压缩包，请先解压"),
    (b"7z\xbc\xaf", "是压缩包，请先解压"),
    (b"\x1f\x8b", "是压缩包，请先解压"),
    (b"{\\rtf", "是 RTF 文档"),
    (b"\x00\x00\x02\x00", "是 Lotus 1-2-3 的旧格式表格"),
    (b"\x00\x00\x1a\x00", "是 Lotus 1-2-3 的旧格式表格"),
    (b"\x09\x00\x04\x00", "是 Excel 4.0 及更早的旧格式表格"),
    (b"\x09\x02\x06\x00", "是 Excel 4.0 及更早的旧格式表格"),
    (b"\x09\x04\x06\x00", "是 Excel 4.0 及更早的旧格式表格"),
)
_SAVE_AS = "请用 Excel 或 WPS 打开后另存为 .xlsx，再重新上传"
_PASSWORD = "文件设了打开密码，无法读取。请在 Excel 中取消密码（文件—信息—保护工作簿）后重新上传"  # noqa: S105

# A page of 100,000 rows with 15 columns has 1.5 million cells; this is where a stray cell far out
# must have been meant.
LARGEST_CELLS = 30_000_000
LARGEST_UNPACKED = 3_000_000_000
_DIMENSION = re.compile(rb'<dimension ref="(?:[A-Z]+[0-9]+:)?([A-Z]+)([0-9]+)"')


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet as received.

    `rows[0]` is the first row of the sheet even when empty, so a row number is an index plus one.
    All rows are equally long. Blank cells are "" or None. A cell merged downwards has its value in
    every row it covers.
    """

    name: str
    rows: list[list[object]]
    number: int = 1
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Workbook:
    """A file as received.

    Its worksheets in order (at least one), and which form it had ("xlsx", "xls", "csv" …).
    """

    sheets: tuple[Sheet, ...]
    form: str


def read_workbook(data: bytes, filename: str = "") -> Workbook:
    """Read a file into sheets of cells.

    The form is told by the content; the file name only names a csv's sheet. Raises
    UnreadableWorkbook, with a Chinese sentence, for what is no table, is protected, empty, damaged.
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        raise UnreadableWorkbook("文件是空的，没有任何内容。请检查是否传错文件")
    for beginning, what in _FOREIGN:
        if data.startswith(beginning):
            raise UnreadableWorkbook(f"文件{what}，不是电子表格。{_SAVE_AS}")
    if data.startswith(_ZIP):
        form = _check_package(data)
    elif data.startswith(_OLE):
        form = _check_compound(data)
    else:
        _refuse_markup(data)
        return Workbook((Sheet(_stem(filename), read_delimited(data)),), "csv")
    return Workbook(_read_sheets(data), form)


def _read_sheets(data: bytes) -> tuple[Sheet, ...]:
    try:
        with collection_paused(), CalamineWorkbook.from_filelike(io.BytesIO(data)) as book:
            sheets = tuple(
                _read_sheet(book.get_sheet_by_index(index), index + 1, meta.visible)
                for index, meta in enumerate(book.sheets_metadata)
                if meta.typ == SheetTypeEnum.WorkSheet
            )
    except PasswordError as error:
        raise UnreadableWorkbook(_PASSWORD) from error
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise UnreadableWorkbook(f"文件已损坏或格式不完整，无法读取。{_SAVE_AS}") from error
    if not sheets:
        raise UnreadableWorkbook("文件中没有工作表。请检查是否传错文件")
    if not any(sheet.rows for sheet in sheets):
        raise UnreadableWorkbook("所有工作表都是空的，没有任何内容。请检查是否传错文件")
    return sheets


def _read_sheet(sheet: CalamineSheet, number: int, visible: SheetVisibleEnum) -> Sheet:
    if sheet.total_height * sheet.total_width > LARGEST_CELLS:
        raise _too_wide(sheet.name)
    rows = cast(list[list[object]], sheet.to_python(skip_empty_area=False))
    for (top, left), (bottom, right) in sheet.merged_cell_ranges or ():
        if left == right and top < len(rows) and left < len(rows[top]):
            for row in rows[top + 1 : bottom + 1]:
                row[left] = rows[top][left]
    return Sheet(sheet.name, rows, number, visible != SheetVisibleEnum.Visible)


def _check_package(data: bytes) -> str:
    """Tell a workbook from other zip files, and refuse one that would not fit into memory."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            names = set(package.namelist())
            if sum(info.file_size for info in package.infolist()) > LARGEST_UNPACKED:
                raise UnreadableWorkbook("文件解压后过大，无法读取。请拆分成几个文件后重新上传")
            for name in names:
                if name.startswith("xl/worksheets/") and name.endswith(".xml"):
                    _check_dimension(package, name)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise UnreadableWorkbook(f"文件已损坏或没有传完整，无法读取。{_SAVE_AS}") from error
    if "xl/workbook.bin" in names:
        return "xlsb"
    if any(name.startswith("xl/") for name in names):
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    if "word/document.xml" in names:
        raise UnreadableWorkbook(
            "文件是 Word 文档，不是电子表格。请把其中的表格复制到 Excel，另存为 .xlsx 后重新上传"
        )
    raise UnreadableWorkbook("文件是压缩包，不是电子表格。请解压后上传其中的表格文件")


def _check_dimension(package: zipfile.ZipFile, name: str) -> None:
    with package.open(name) as part:
        found = _DIMENSION.search(part.read(4096))
    if found is None:
        return
    width = 0
    for letter in found[1]:
        width = width * 26 + letter - 64
    if width * int(found[2]) > LARGEST_CELLS:
        raise _too_wide(name.rsplit("/", 1)[-1].removesuffix(".xml"))


def _check_compound(data: bytes) -> str:
    """Tell an old workbook from the other things that Office puts into a compound file."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise UnreadableWorkbook(_PASSWORD)
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book", "WORKBOOK", "BOOK")):
        return "xls"
    if "WordDocument".encode("utf-16-le") in data:
        raise UnreadableWorkbook(
            "文件是 Word 文档，不是电子表格。请把其中的表格复制到 Excel，另存为 .xlsx 后重新上传"
        )
    raise UnreadableWorkbook(f"文件不是电子表格。{_SAVE_AS}")


def _refuse_markup(data: bytes) -> None:
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(
        (b"<html", b"<!doctype", b"<table", b"<?xml", b"<meta", b"<head", b"mime-version")
    ):
        raise UnreadableWorkbook(f"文件是网页或 XML，只是改了扩展名。{_SAVE_AS}")


def _too_wide(name: str) -> UnreadableWorkbook:
    return UnreadableWorkbook(
        f"工作表“{name}”的有效区域过大，可能在很远的行列里误填了内容。请删除数据区以外的空行空列后重新上传"
    )


def _stem(filename: str) -> str:
    base = re.split(r"[/\\]", filename)[-1]
    return base.rsplit(".", 1)[0] or "数据"
