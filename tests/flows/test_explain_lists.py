"""What pages say of lists is what lists are read by."""

from io import BytesIO

import pytest

from yanglao.domain.people.public import Kind
from yanglao.engines.intake.recognise import recognise
from yanglao.engines.intake.workbook import read_workbook
from yanglao.flows.explain_lists import empty_sheet, kind_columns, list_kind, list_kinds

PLACE = "653222102208"


def test_every_kind_is_explained() -> None:
    assert [one.code for one in list_kinds()] == [kind.value for kind in Kind]
    for one in list_kinds():
        assert one.required
        assert one.sender
        for column in one.columns:
            assert column.form


def test_choices_and_other_names_are_told() -> None:
    columns = {column.name: column for column in list_kind("assistance").columns}
    assert "低保" in columns["救助类别"].choices
    assert columns["救助类别"].required
    assert "身份证号" in columns["公民身份号码"].also
    assert "长期" in columns["保障终止日期"].form
    assert not list_kind("survey").absence
    assert list_kind("assistance").absence


def test_evidence_columns_are_not_told_twice() -> None:
    assert "性别" not in list_kind("household").evidence
    assert "性别" in list_kind("pension").evidence
    assert "常住地区划代码" in kind_columns("pension")


@pytest.mark.parametrize("kind", [kind.value for kind in Kind])
def test_the_empty_sheet_is_recognised_as_its_kind(kind: str) -> None:
    file = empty_sheet(kind, place_code=PLACE)
    assert isinstance(file, BytesIO)
    book = read_workbook(file.read(), "空表.xlsx")
    assert recognise(book.sheets[0], None, None).kind == kind


def test_an_unknown_kind_is_an_error() -> None:
    with pytest.raises(KeyError):
        list_kind("nonsense")
    with pytest.raises(KeyError):
        empty_sheet("nonsense", place_code=PLACE)
