"""Native charts of Word documents: DrawingML with the numbers in an embedded workbook.

Written by hand after ECMA-376 part 1, 21.2 (DrawingML charts); python-docx knows no charts.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

import xlsxwriter
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from xlsxwriter.utility import xl_col_to_name

#: The least and the greatest that a number may be.
Interval = tuple[float, float]

KINDS = ("bar", "column", "stacked", "line", "pyramid")
_CHART_TYPE = "application/vnd.openxmlformats-officedocument.drawingml.chart+xml"
_BOOK_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_NS = (
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
)
#: The pine green of the theme, its warm accent, and tones that stay apart in grey print.
_COLOURS = ("1F6F54", "C8642B", "5B7FA6", "8A8F3C", "7A5A86", "3F4A46")
_GREY = "5F6864"
_FACE = '<a:latin typeface="仿宋"/><a:ea typeface="仿宋"/>'


@dataclass(frozen=True, slots=True)
class ChartWords:
    """What a chart says besides its numbers; see ``documents.add_chart``."""

    kind: str
    title: str
    categories: tuple[str, ...]
    unit: str
    number_format: str

    @property
    def lies(self) -> bool:
        """Whether bars lie."""
        return self.kind in ("bar", "pyramid")


def append_chart(
    doc: Document,
    words: ChartWords,
    series: Mapping[str, Sequence[float | None]],
    intervals: Mapping[str, Sequence[Interval]],
    *,
    width: int,
    height: int,
) -> None:
    """Put a chart at the end of a document.

    Args:
        width, height: In EMU.

    Raises:
        ValueError: For an unknown kind, no numbers, or rows of different lengths.
    """
    _check(words, series, intervals)
    if words.kind == "pyramid":
        right, left = series
        series = {
            right: series[right],
            left: [None if value is None else -value for value in series[left]],
        }
    package = doc.part.package
    if package is None:
        raise ValueError("the document is in no package")
    place = package.next_partname("/word/charts/chart%d.xml")
    book = Part(
        PackURI(f"/word/embeddings/{place.filename.removesuffix('.xml')}.xlsx"),
        _BOOK_TYPE,
        _workbook(words, series),
        package,
    )
    chart = Part(place, _CHART_TYPE, b"", package)
    book_rel = chart.relate_to(book, RELATIONSHIP_TYPE.PACKAGE)
    chart._blob = _chart_xml(words, series, intervals, book_rel).encode()
    rel = doc.part.relate_to(chart, RELATIONSHIP_TYPE.CHART)
    run = doc.add_paragraph().add_run()
    run._r.append(parse_xml(_drawing(rel, words.title, _drawing_id(doc), width, height)))


def _check(
    words: ChartWords,
    series: Mapping[str, Sequence[float | None]],
    intervals: Mapping[str, Sequence[Interval]],
) -> None:
    if words.kind not in KINDS:
        raise ValueError(f"unknown chart kind {words.kind!r}")
    if not series or not words.categories:
        raise ValueError("a chart needs categories and numbers")
    if words.kind == "pyramid" and len(series) != len(("right", "left")):
        raise ValueError("a pyramid has two series")
    for name, values in [*series.items(), *intervals.items()]:
        if name not in series or len(values) != len(words.categories):
            raise ValueError(f"series {name} does not fit the categories")


def _drawing_id(doc: Document) -> int:
    """A number that no other drawing of the document has."""
    return 1 + len(doc.element.xpath("//wp:docPr"))


def _workbook(words: ChartWords, series: Mapping[str, Sequence[float | None]]) -> bytes:
    """The numbers as Word opens them when a chart is edited."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("Sheet1")
        for line, name in enumerate(words.categories, start=1):
            sheet.write_string(line, 0, name)
        for column, (name, values) in enumerate(series.items(), start=1):
            sheet.write_string(0, column, name)
            for line, value in enumerate(values, start=1):
                if value is not None:
                    sheet.write_number(line, column, value)
    return buffer.getvalue()


def _text(size: int, *, bold: bool = False, colour: str = "000000") -> str:
    return (
        f'<a:defRPr sz="{size}" b="{int(bold)}"><a:solidFill><a:srgbClr val="{colour}"/>'
        f"</a:solidFill>{_FACE}</a:defRPr>"
    )


def _text_look(size: int) -> str:
    """The look of the words of an axis or a legend."""
    return (
        f"<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>{_text(size)}</a:pPr>"
        '<a:endParaRPr lang="zh-CN"/></a:p></c:txPr>'
    )


def _title(text: str, size: int, *, bold: bool, turned: bool = False) -> str:
    body = '<a:bodyPr rot="-5400000" vert="horz"/>' if turned else "<a:bodyPr/>"
    return (
        f"<c:title><c:tx><c:rich>{body}<a:lstStyle/><a:p><a:pPr>{_text(size, bold=bold)}</a:pPr>"
        f'<a:r><a:rPr lang="zh-CN" sz="{size}" b="{int(bold)}">{_FACE}</a:rPr>'
        f"<a:t>{escape(text)}</a:t></a:r></a:p></c:rich></c:tx>"
        '<c:overlay val="0"/></c:title>'
    )


def _numbers(values: Sequence[float | None], form: str) -> str:
    points = "".join(
        f'<c:pt idx="{place}"><c:v>{value!r}</c:v></c:pt>'
        for place, value in enumerate(values)
        if value is not None
    )
    return f'<c:formatCode>{escape(form)}</c:formatCode><c:ptCount val="{len(values)}"/>{points}'


def _series(
    words: ChartWords,
    place: int,
    name: str,
    values: Sequence[float | None],
    intervals: Sequence[Interval],
) -> str:
    """One row of numbers, with where it stands in the embedded workbook."""
    last, column = len(words.categories) + 1, xl_col_to_name(place + 1)
    names = "".join(
        f'<c:pt idx="{n}"><c:v>{escape(text)}</c:v></c:pt>'
        for n, text in enumerate(words.categories)
    )
    colour = _COLOURS[place % len(_COLOURS)]
    smooth = '<c:smooth val="0"/>' if words.kind == "line" else ""
    if words.kind == "line":
        look = (
            f'<c:spPr><a:ln w="28575"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:ln>'
            '</c:spPr><c:marker><c:symbol val="circle"/><c:size val="5"/><c:spPr><a:solidFill>'
            f'<a:srgbClr val="{colour}"/></a:solidFill></c:spPr></c:marker>'
        )
    else:
        look = (
            f'<c:spPr><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></c:spPr>'
            '<c:invertIfNegative val="0"/>'
        )
    return (
        f'<c:ser><c:idx val="{place}"/><c:order val="{place}"/>'
        f"<c:tx><c:strRef><c:f>Sheet1!${column}$1</c:f><c:strCache>"
        f'<c:ptCount val="1"/><c:pt idx="0"><c:v>{escape(name)}</c:v></c:pt></c:strCache>'
        f"</c:strRef></c:tx>{look}{_bars(values, intervals, colour, words)}"
        f"<c:cat><c:strRef><c:f>Sheet1!$A$2:$A${last}</c:f><c:strCache>"
        f'<c:ptCount val="{len(words.categories)}"/>{names}</c:strCache></c:strRef></c:cat>'
        f"<c:val><c:numRef><c:f>Sheet1!${column}$2:${column}${last}</c:f><c:numCache>"
        f"{_numbers(values, words.number_format)}</c:numCache></c:numRef></c:val>"
        f"{smooth}</c:ser>"
    )


def _bars(
    values: Sequence[float | None],
    intervals: Sequence[Interval],
    colour: str,
    words: ChartWords,
) -> str:
    """Intervals as error bars."""
    if not intervals:
        return ""
    more = [max(0.0, high - (at or 0)) for at, (_low, high) in zip(values, intervals, strict=True)]
    less = [max(0.0, (at or 0) - low) for at, (low, _high) in zip(values, intervals, strict=True)]
    return (
        '<c:errBars><c:errDir val="y"/><c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="0"/><c:plus><c:numLit>{_numbers(more, words.number_format)}</c:numLit>'
        f"</c:plus><c:minus><c:numLit>{_numbers(less, words.number_format)}</c:numLit></c:minus>"
        f'<c:spPr><a:ln w="12700"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:ln>'
        "</c:spPr></c:errBars>"
    )


def _plot(words: ChartWords, rows: str) -> str:
    """The kind of chart with its series and the ids of its axes."""
    axes = '<c:axId val="501"/><c:axId val="502"/>'
    if words.kind == "line":
        return (
            '<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
            f'{rows}<c:marker val="1"/>{axes}</c:lineChart>'
        )
    direction = "bar" if words.lies else "col"
    grouping = "stacked" if words.kind == "stacked" else "clustered"
    overlap = '<c:overlap val="100"/>' if words.kind in ("stacked", "pyramid") else ""
    return (
        f'<c:barChart><c:barDir val="{direction}"/><c:grouping val="{grouping}"/>'
        f'<c:varyColors val="0"/>{rows}<c:gapWidth val="60"/>{overlap}{axes}</c:barChart>'
    )


def _axes(words: ChartWords) -> str:
    """Names along one axis, numbers along the other; lying bars read from above."""
    names_at, numbers_at = ("l", "b") if words.lies else ("b", "l")
    order = "maxMin" if words.kind == "bar" else "minMax"
    crosses = "max" if words.kind == "bar" else "autoZero"
    form = "#,##0;#,##0" if words.kind == "pyramid" else words.number_format
    unit = _title(words.unit, 900, bold=False, turned=not words.lies) if words.unit else ""
    line, grid = _thin(_GREY), f"<c:majorGridlines>{_thin('D9DEDB')}</c:majorGridlines>"
    return (
        f'<c:catAx><c:axId val="501"/><c:scaling><c:orientation val="{order}"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{names_at}"/><c:numFmt formatCode="General" '
        'sourceLinked="0"/><c:majorTickMark val="none"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="low"/>{line}{_text_look(900)}<c:crossAx val="502"/>'
        '<c:crosses val="autoZero"/><c:auto val="1"/><c:lblAlgn val="ctr"/>'
        '<c:lblOffset val="100"/><c:noMultiLvlLbl val="0"/></c:catAx>'
        '<c:valAx><c:axId val="502"/><c:scaling><c:orientation val="minMax"/></c:scaling>'
        f'<c:delete val="0"/><c:axPos val="{numbers_at}"/>{grid}{unit}'
        f'<c:numFmt formatCode="{escape(form)}" sourceLinked="0"/>'
        '<c:majorTickMark val="none"/><c:minorTickMark val="none"/><c:tickLblPos val="nextTo"/>'
        f'{line}{_text_look(900)}<c:crossAx val="501"/><c:crosses val="{crosses}"/>'
        '<c:crossBetween val="between"/></c:valAx>'
    )


def _thin(colour: str) -> str:
    return (
        f'<c:spPr><a:ln w="6350"><a:solidFill><a:srgbClr val="{colour}"/></a:solidFill></a:ln>'
        "</c:spPr>"
    )


def _chart_xml(
    words: ChartWords,
    series: Mapping[str, Sequence[float | None]],
    intervals: Mapping[str, Sequence[Interval]],
    book: str,
) -> str:
    rows = "".join(
        _series(words, place, name, values, intervals.get(name, ()))
        for place, (name, values) in enumerate(series.items())
    )
    legend = (
        f'<c:legend><c:legendPos val="b"/><c:overlay val="0"/>{_text_look(900)}</c:legend>'
        if len(series) > 1
        else ""
    )
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<c:chartSpace {_NS}><c:roundedCorners val="0"/><c:chart>'
        f'{_title(words.title, 1100, bold=True)}<c:autoTitleDeleted val="0"/>'
        f"<c:plotArea><c:layout/>{_plot(words, rows)}{_axes(words)}</c:plotArea>{legend}"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f'<c:externalData r:id="{book}"><c:autoUpdate val="0"/></c:externalData>'
        "</c:chartSpace>"
    )


def _drawing(rel: str, title: str, number: int, width: int, height: int) -> str:
    """Where the chart stands in the text; its title is read aloud in its place."""
    words = escape(title, {'"': "&quot;"})
    return (
        '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        f'{_NS}><wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{width}" cy="{height}"/>'
        f'<wp:docPr id="{number}" name="chart {number}" descr="{words}"/>'
        "<wp:cNvGraphicFramePr/><a:graphic>"
        '<a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">'
        f'<c:chart r:id="{rel}"/></a:graphicData></a:graphic></wp:inline></w:drawing>'
    )
