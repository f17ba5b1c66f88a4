"""Word documents: title, page header, numbered headings, tables, charts that stay editable.

Charts are native DrawingML with their numbers in an embedded workbook, so no picture library and
no font is needed to make one, and whoever gets the document can change it in Word or WPS. A
document is built with python-docx; whatever is missing here can be added to it directly.
"""

import io
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.http import HttpRequest, HttpResponseBase
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from docx import Document as open_document
from docx.document import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.table import CT_Row
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.document_charts import ChartWords, Interval, append_chart
from yanglao.web.kit.downloads import file_response
from yanglao.web.kit.screens import on_record

__all__ = [
    "DOCX",
    "add_chart",
    "add_heading",
    "add_note",
    "add_paragraph",
    "add_table",
    "as_bytes",
    "as_response",
    "new_document",
]

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
#: Faces as official papers use them (GB/T 9704-2012); another machine takes its nearest.
_BODY_FACE, _HEAD_FACE = "仿宋", "黑体"
_PAGE_WIDTH, _MARGIN = 21.0, 2.6
#: Centimetres between the margins of an A4 page.
TEXT_WIDTH = _PAGE_WIDTH - 2 * _MARGIN
_LEVELS = 3
#: What each level of headings is numbered with: 一、 · （一） · 1.
_NUMBERS = (("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
_NUMBERING = "77"


def new_document(
    title: str,
    *,
    subtitle: str = "",
    marked_as: str = "",
    by: str = "",
    at: datetime | None = None,
    wide: bool = False,
) -> Document:
    """Begin a document on A4 with its title, and a header that says who made it when.

    Args:
        title: In the middle of the first page, and in the properties of the file.
        subtitle: The grey line under the title.
        marked_as: Classification or how far it may go (内部资料), at the left of each page header.
        by: Who made it (制表人). at: When; now if not given.
        wide: Landscape, for tables with many columns.
    """
    doc = open_document()
    moment = localtime(at or clock.now())
    doc.core_properties.title = title
    doc.core_properties.author = by
    doc.core_properties.comments = ""
    doc.core_properties.created = moment.replace(tzinfo=None)
    doc.core_properties.language = "zh-CN"
    _set_page(doc, wide=wide)
    _set_styles(doc)
    _number_headings(doc)
    _write_header(doc, marked_as, by, moment)
    head = doc.add_paragraph(title, style="Title")
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if subtitle:
        line = doc.add_paragraph(subtitle, style="Subtitle")
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
    return doc


def add_heading(doc: Document, text: str, level: int = 1) -> Paragraph:
    """Add a heading of level 1 to 3, numbered by Word itself: 一、 （一） 1."""
    if not 1 <= level <= _LEVELS:
        raise ValueError(f"headings have levels 1 to {_LEVELS}, not {level}")
    return doc.add_heading(text, level)


def add_paragraph(doc: Document, text: str) -> Paragraph:
    """Add a paragraph of running text, its first line set in by two characters."""
    made = doc.add_paragraph(text)
    made.paragraph_format.first_line_indent = Pt(24)
    return made


def add_note(doc: Document, text: str) -> Paragraph:
    """Add a small grey line: a source, how a number was found."""
    made = doc.add_paragraph()
    run = made.add_run(text)
    run.font.size = Pt(9)
    run.font.color.rgb = RGBColor(0x5F, 0x68, 0x64)
    return made


def add_table(
    doc: Document,
    header: Sequence[str],
    rows: Sequence[Sequence[object]],
    widths: Sequence[float] | None = None,
    *,
    caption: str = "",
) -> Table:
    """Add a table with a head that is repeated on each page.

    Args:
        header: Titles of the columns.
        rows: Cells; numbers stand right and with separators, ``None`` is —.
        widths: Share of each column; alike when not given.
        caption: A line above the table.

    Raises:
        ValueError: When a row or the widths do not fit the header.
    """
    for number, row in enumerate(rows, start=1):
        if len(row) != len(header):
            raise ValueError(f"row {number} has {len(row)} cells, the header {len(header)}")
    shares = list(widths) if widths else [1.0] * len(header)
    if len(shares) != len(header):
        raise ValueError("give one width for each column")
    if caption:
        above = doc.add_paragraph(caption, style="Caption")
        above.paragraph_format.keep_with_next = True
    table = doc.add_table(rows=1 + len(rows), cols=len(header))
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    section = doc.sections[0]
    text = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    wide = [int(text * share / sum(shares)) for share in shares]
    for column, width in zip(table.columns, wide, strict=True):
        column.width = width
    for line, cells in enumerate([header, *rows]):
        drawn = table.rows[line]
        _keep_whole(drawn._tr)
        for cell, value, width in zip(drawn.cells, cells, wide, strict=True):
            cell.width = width
            _fill(cell, value, is_head=line == 0)
    _repeat(table.rows[0]._tr)
    doc.add_paragraph().paragraph_format.space_after = Pt(2)
    return table


def add_chart(
    doc: Document,
    kind: str,
    title: str,
    categories: Sequence[str],
    series: Mapping[str, Sequence[float | None]],
    *,
    unit: str = "",
    height: float = 7.5,
    intervals: Mapping[str, Sequence[Interval]] | None = None,
    number_format: str = "#,##0",
) -> None:
    """Add a native chart; its numbers can be changed in Word.

    Args:
        kind: ``bar`` (lying), ``column`` (standing), ``stacked`` (standing, one on another),
            ``line``, ``pyramid`` (lying; the second series to the left).
        title: The answer in one sentence.
        categories: Names along the axis.
        series: Name to numbers, one a category; ``None`` is a gap.
        unit: Of the numbers, at the axis. height: Centimetres.
        intervals: Name of a series to ``(low, high)`` of each number, drawn as error bars.
        number_format: As Excel writes it.

    Raises:
        ValueError: For an unknown kind, no numbers, or rows of different lengths.
    """
    section = doc.sections[0]
    text = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    words = ChartWords(kind, title, tuple(categories), unit, number_format)
    append_chart(doc, words, series, intervals or {}, width=int(text), height=int(Cm(height)))


def as_bytes(doc: Document) -> bytes:
    """Return the document as a file."""
    buffer = io.BytesIO()
    doc.save(buffer)
    return buffer.getvalue()


def as_response(
    doc: Document, filename: str, *, request: HttpRequest | None = None
) -> HttpResponseBase:
    """Answer with the document to save, and put on record who took it.

    Args:
        filename: With or without ``.docx``; Chinese is fine.
        request: Whose reader takes it; without one (a public page) nothing is recorded.
    """
    name = filename if filename.endswith(".docx") else f"{filename}.docx"
    data = io.BytesIO(as_bytes(doc))
    reader: Reader | None = getattr(request, "reader", None)
    if request is not None and reader is not None:
        with on_record(), transaction.atomic():
            audit.record(
                reader,
                "list_exported",
                subject="list",
                subject_id=request.path[:60],
                place_code=reader.area,
                detail={"title": name.removesuffix(".docx"), "as": "docx"},
            )
    return file_response(data, name, DOCX)


def _set_page(doc: Document, *, wide: bool) -> None:
    section = doc.sections[0]
    section.page_width, section.page_height = Cm(_PAGE_WIDTH), Cm(29.7)
    section.left_margin = section.right_margin = Cm(_MARGIN)
    section.top_margin, section.bottom_margin = Cm(3.0), Cm(2.6)
    if wide:
        section.page_width, section.page_height = section.page_height, section.page_width


def _set_styles(doc: Document) -> None:
    """Chinese faces, black headings, a line and a half between lines."""
    looks = {
        "Normal": (_BODY_FACE, 12, False),
        "Title": (_HEAD_FACE, 20, True),
        "Subtitle": (_BODY_FACE, 11, False),
        "Caption": (_BODY_FACE, 10.5, True),
        "Header": (_BODY_FACE, 9, False),
        "Footer": (_BODY_FACE, 9, False),
        "Heading 1": (_HEAD_FACE, 15, True),
        "Heading 2": (_HEAD_FACE, 13, True),
        "Heading 3": (_HEAD_FACE, 12, True),
    }
    for name, (face, size, bold) in looks.items():
        style = doc.styles[name]
        style.font.size, style.font.bold, style.font.italic = Pt(size), bold, False
        style.font.color.rgb = (
            RGBColor(0x5F, 0x68, 0x64) if name == "Subtitle" else RGBColor(0, 0, 0)
        )
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in list(fonts.attrib):
            del fonts.attrib[key]
        for key in ("ascii", "hAnsi", "eastAsia", "cs"):
            fonts.set(qn(f"w:{key}"), face)
        if name == "Title":
            # The line that the template draws under a title.
            for border in style.element.findall(f".//{qn('w:pBdr')}"):
                border.getparent().remove(border)
    normal = doc.styles["Normal"].paragraph_format
    normal.line_spacing, normal.space_after = 1.35, Pt(6)


def _number_headings(doc: Document) -> None:
    """Tie the headings to one numbering, so that Word counts them."""
    levels = "".join(
        f'<w:lvl w:ilvl="{place}"><w:start w:val="1"/><w:numFmt w:val="{form}"/>'
        f'<w:pStyle w:val="Heading{place + 1}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
        '<w:pPr><w:ind w:left="0" w:firstLine="0"/></w:pPr></w:lvl>'
        for place, (form, text) in enumerate(_NUMBERS)
    )
    root = doc.part.numbering_part.element
    made = parse_xml(
        f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{_NUMBERING}">'
        f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
    )
    # The schema wants all of these before the first w:num.
    first = root.find(qn("w:num"))
    root.insert(list(root).index(first) if first is not None else len(root), made)
    root.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{_NUMBERING}">'
            f'<w:abstractNumId w:val="{_NUMBERING}"/></w:num>'
        )
    )
    for level in range(_LEVELS):
        within = doc.styles[f"Heading {level + 1}"].element.get_or_add_pPr()
        numbered = within._add_numPr()
        numbered._add_ilvl().val = level
        numbered._add_numId().val = int(_NUMBERING)


def _write_header(doc: Document, marked_as: str, by: str, moment: datetime) -> None:
    """On each page: how far it may go, who made it, when; its number below."""
    section = doc.sections[0]
    width = (section.page_width or 0) - (section.left_margin or 0) - (section.right_margin or 0)
    made = _("制表人：{name}").format(name=by) if by else ""
    when = _("制表时间：{at}").format(at=moment.strftime("%Y-%m-%d %H:%M"))
    line = section.header.paragraphs[0]
    stops = line.paragraph_format.tab_stops
    stops.add_tab_stop(int(width / 2), WD_TAB_ALIGNMENT.CENTER)
    stops.add_tab_stop(int(width), WD_TAB_ALIGNMENT.RIGHT)
    line.text = "\t".join([marked_as, made, when])
    foot = section.footer.paragraphs[0]
    foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _add_field(foot, "PAGE")
    foot.add_run(" / ")
    _add_field(foot, "NUMPAGES")


def _add_field(line: Paragraph, code: str) -> None:
    """A number that Word puts in itself."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "1"
    run.append(text)
    field.append(run)
    line._p.append(field)


def _fill(cell: _Cell, value: object, *, is_head: bool) -> None:
    """One cell: heads bold on grey, numbers to the right."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    text = "—" if value is None or value == "" else f"{value:,}" if is_number else str(value)
    line = cell.paragraphs[0]
    line.paragraph_format.space_after = Pt(0)
    line.paragraph_format.line_spacing = 1.1
    run = line.add_run(text)
    run.font.size, run.font.bold = Pt(10.5), is_head
    if is_head:
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        cell._tc.get_or_add_tcPr().append(
            parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="E8EEEA"/>')
        )
    elif is_number:
        line.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _repeat(row: CT_Row) -> None:
    row.get_or_add_trPr().append(parse_xml(f"<w:tblHeader {nsdecls('w')}/>"))


def _keep_whole(row: CT_Row) -> None:
    row.get_or_add_trPr().append(parse_xml(f"<w:cantSplit {nsdecls('w')}/>"))
