"""``yanglao import … --report DIR`` says of every row whose it is."""

import csv
from pathlib import Path

import pytest

from tests.flows.conftest import hetian_rows, listed, tiny_hetian  # noqa: F401  fixtures
from tests.flows.list_rows import household, number, survey, wrong
from yanglao.flows.take_in_list import take_in
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.scoping import system_reader
from yanglao.ops.lists import _write_links

pytestmark = pytest.mark.django_db


def test_every_row_has_its_line(
    tiny_hetian: str,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Linked, waiting, new and returned, with probability and candidates."""
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    register = listed([household(1), household(3, "阿依古丽·艾力")])
    rows = [
        survey(公民身份号码=number(1)),
        survey("麦麦提.图尔荪", 公民身份号码=wrong(number(1))),
        survey(出生日期="1940-03-06"),
        survey("王建国", 公民身份号码=number(5, "19500101")),
        survey("帕提古丽·艾力", 出生日期="1951-07-16"),
    ]
    acting = system_reader(tiny_hetian)
    asked = {"acting": acting, "division": tiny_hetian, "month": None, "full": False}
    take_in([("户籍.xlsx", register)], **asked)
    taken = take_in([("排查.xlsx", listed(rows))], **asked, links=True)
    _write_links(tmp_path, taken.lists, acting)
    entry = AuditEntry.objects.get(action="list_exported")
    assert entry.detail == {"rows": 5, "file": "links.csv"}
    with (tmp_path / "links.csv").open(encoding="utf-8") as file:
        found = list(csv.DictReader(file))
    assert [one["outcome"] for one in found] == ["linked", "linked", "desk", "new", "returned"]
    assert [one["row"] for one in found] == ["2", "3", "4", "5", "6"]
    assert [one["id_number"] for one in found] == [
        number(1), number(1), "", number(5, "19500101"), "",
    ]  # fmt: skip
    assert found[0]["probability"] == "1"
    assert float(found[1]["probability"]) > 0.999
    assert found[2]["candidates"].split(";")[0] == number(1)
