"""Word documents that the kit writes: opened again, and their charts read as the standard says."""

import io
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import python_calamine
from django.test import RequestFactory
from docx import Document as open_document
from docx.oxml import parse_xml
from docx.oxml.ns import qn

from yanglao.web.kit import documents

C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
AT = datetime(2026, 11, 1, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


def made() -> bytes:
    """Return a document with everything in it."""
    doc = documents.new_document(
        "测算报告", subtitle="和田地区", marked_as="内部资料", by="阿依古丽", at=AT
    )
    documents.add_heading(doc, "总的情况")
    documents.add_heading(doc, "分县市", 2)
    documents.add_paragraph(doc, "正文")
    documents.add_table(doc, ["县", "人数"], [["墨玉县", 1206], ["民丰县", None]], [2, 1])
    documents.add_chart(doc, "bar", "墨玉县最多 <&>", ["墨玉县", "民丰县"], {"新增": [12, None]})
    documents.add_chart(
        doc,
        "line",
        "五年",
        ["2026", "2027"],
        {"现行": [10.0, 12.5], "草案": [11.0, 14.0]},
        unit="万元",
        intervals={"草案": [(11.0, 11.0), (13.0, 16.5)]},
    )
    documents.add_chart(doc, "pyramid", "年龄", ["80", "85"], {"女": [3, 4], "男": [2, 1]})
    documents.add_note(doc, "来源")
    return documents.as_bytes(doc)


def chart(data: bytes, number: int):  # type: ignore[no-untyped-def]  # lxml has no types
    """Return the root of a chart part."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return parse_xml(package.read(f"word/charts/chart{number}.xml"))


def test_a_document_opens_again_with_its_words() -> None:
    """Title, header and cells are there; numbers have separators, nothing is a dash."""
    doc = open_document(io.BytesIO(made()))
    assert doc.core_properties.title == doc.paragraphs[0].text == "测算报告"
    assert doc.sections[0].header.paragraphs[0].text == (
        "内部资料\t制表人：阿依古丽\t制表时间：2026-11-01 09:30"
    )
    cells = [[cell.text for cell in row.cells] for row in doc.tables[0].rows]
    assert cells == [["县", "人数"], ["墨玉县", "1,206"], ["民丰县", "—"]]
    assert doc.tables[0].rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None


def test_headings_are_numbered_by_word() -> None:
    """The styles point to a numbering that exists, and it counts in Chinese."""
    doc = open_document(io.BytesIO(made()))
    ids = {doc.styles[f"Heading {level}"].element.pPr.numPr.numId.val for level in (1, 2, 3)}
    assert len(ids) == 1
    root = doc.part.numbering_part.element
    order = [child.tag for child in root if child.tag in (qn("w:abstractNum"), qn("w:num"))]
    assert order == sorted(order, key=lambda tag: tag == qn("w:num"))
    number = next(n for n in root.findall(qn("w:num")) if n.numId == ids.copy().pop())
    texts = [
        one.get(qn("w:val"))
        for abstract in root.findall(qn("w:abstractNum"))
        if abstract.get(qn("w:abstractNumId")) == str(number.abstractNumId.val)
        for one in abstract.iter(qn("w:lvlText"))
    ]
    assert texts == ["%1、", "（%2）", "%3."]


def test_a_chart_holds_its_numbers_and_a_workbook() -> None:
    """The cache in the chart and the embedded workbook say the same; a gap is no zero."""
    data = made()
    root = chart(data, 1)
    points = [(p.get("idx"), p.findtext(f"{C}v")) for p in root.find(f".//{C}val").iter(f"{C}pt")]
    assert points == [("0", "12")]
    assert [n.findtext(f"{C}v") for n in root.find(f".//{C}cat").iter(f"{C}pt")] == [
        "墨玉县",
        "民丰县",
    ]
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        book = python_calamine.CalamineWorkbook.from_filelike(
            io.BytesIO(package.read("word/embeddings/chart1.xlsx"))
        )
        types = package.read("[Content_Types].xml").decode()
        rels = package.read("word/charts/_rels/chart1.xml.rels").decode()
    assert book.get_sheet_by_index(0).to_python() == [
        ["", "新增"],
        ["墨玉县", 12.0],
        ["民丰县", ""],
    ]
    assert "drawingml.chart+xml" in types
    assert root.find(f"{C}externalData").get(qn("r:id")) in rels


def test_an_interval_is_an_error_bar_around_the_number() -> None:
    """Up to the higher end, down to the lower one, of the right series only."""
    root = chart(made(), 2)
    first, second = root.iter(f"{C}ser")
    assert first.find(f"{C}errBars") is None
    bars = second.find(f"{C}errBars")
    plus = [float(v.text) for v in bars.find(f"{C}plus").iter(f"{C}v")]
    minus = [float(v.text) for v in bars.find(f"{C}minus").iter(f"{C}v")]
    assert (plus, minus) == ([0.0, 2.5], [0.0, 1.0])


def test_elements_of_a_series_stand_in_the_order_of_the_schema() -> None:
    """Word refuses a file in which they do not (ECMA-376 part 1, CT_BarSer, CT_LineSer)."""
    order = ["idx", "order", "tx", "spPr", "invertIfNegative", "marker", "errBars", "cat", "val"]
    for number in (1, 2, 3):
        for series in chart(made(), number).iter(f"{C}ser"):
            names = [child.tag.removeprefix(C) for child in series]
            known = [name for name in names if name in order]
            assert known == sorted(known, key=order.index)
            assert set(names) - set(order) <= {"smooth"}


def test_a_pyramid_goes_both_ways_and_shows_no_minus() -> None:
    """The second series is negative, and written without its sign."""
    root = chart(made(), 3)
    values = [
        [float(v.text) for v in s.find(f"{C}val").iter(f"{C}v")] for s in root.iter(f"{C}ser")
    ]
    assert values == [[3.0, 4.0], [-2.0, -1.0]]
    assert root.find(f".//{C}valAx/{C}numFmt").get("formatCode") == "#,##0;#,##0"


@pytest.mark.parametrize(
    ("kind", "series"),
    [("cake", {"a": [1]}), ("bar", {}), ("bar", {"a": [1, 2]}), ("pyramid", {"a": [1]})],
)
def test_a_chart_that_cannot_be_drawn_is_refused(kind: str, series: dict[str, list[float]]) -> None:
    """Rather than a document that Word cannot open."""
    doc = documents.new_document("x", at=AT)
    with pytest.raises(ValueError):
        documents.add_chart(doc, kind, "t", ["一"], series)


def test_rows_that_do_not_fit_are_refused() -> None:
    """A table with a cell too few is a mistake of ours."""
    doc = documents.new_document("x", at=AT)
    with pytest.raises(ValueError):
        documents.add_table(doc, ["a", "b"], [[1]])
    with pytest.raises(ValueError):
        documents.add_heading(doc, "x", 4)


def test_the_answer_is_a_file_to_save() -> None:
    """With a Chinese name, and not kept by anything between."""
    request = RequestFactory().get("/x/")
    answer = documents.as_response(
        documents.new_document("报告", at=AT), "测算报告", request=request
    )
    assert "%E6%B5%8B%E7%AE%97%E6%8A%A5%E5%91%8A.docx" in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"
    body = b"".join(answer)  # type: ignore[arg-type]
    assert open_document(io.BytesIO(body)).paragraphs[0].text == "报告"
