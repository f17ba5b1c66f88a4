"""What a sender sees: preview before, returned rows after, all or nothing in between."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from tests.flows.conftest import REGION, listed
from yanglao.domain.exchange.public import Batch, ReceivedList, RowNote, file_path
from yanglao.domain.people.models import ENTRY_MODELS, Coverage
from yanglao.domain.people.public import Person
from yanglao.flows.take_in_list import TakenIn, preview, returned_sheet, taking, template_sheet
from yanglao.foundation.scoping import Reader, system_reader
from yanglao.kernel.idnumber import check_digit

pytestmark = pytest.mark.django_db

HandIn = Callable[..., TakenIn]


def number(order: int) -> str:
    """Return a valid ID number."""
    first = f"65322219400305{order:03}"
    return first + check_digit(first)


def pension(order: int, **more: Any) -> dict[str, Any]:
    """Return a row of the pension list."""
    row = {"姓名": f"买买提{order}", "公民身份号码": number(order)}
    return {**row, "险种": "城乡居民基本养老保险", "待遇状态": "正常", **more}


def nothing_written() -> bool:
    """Say whether no table of the flow has a row."""
    tables = [Batch, ReceivedList, RowNote, Person, Coverage, *ENTRY_MODELS.values()]
    return not any(table.objects.exists() for table in tables)


def test_a_preview_counts_and_writes_nothing(tiny_hetian: str) -> None:
    """Kinds, columns, suggestions, rows that would go back."""
    rows = [pension(1, 养老金额="1"), pension(3, 待遇状态="?"), pension(5, 公民身份号码="")]
    seen = preview([("甲.xlsx", listed(rows))], reader=system_reader(REGION))
    sheet = seen.files[0].sheets[0]
    assert (sheet.kind, sheet.received, sheet.good, sheet.bad) == ("pension", 3, 1, 2)
    assert (sheet.known, sheet.new) == (0, 1)
    assert [row.row_no for row in sheet.bad_rows] == [3, 4]
    assert {column.name for column in sheet.columns} >= {"姓名", "公民身份号码", "险种"}
    assert nothing_written()


def test_a_preview_says_what_is_missing(tiny_hetian: str) -> None:
    """And what the foreign column may mean."""
    rows = [{"姓名": "甲", "公民身份号码": number(1), "险种": "居民", "发放情形": "正常"}]
    sheet = preview([("甲.xlsx", listed(rows))], reader=system_reader(REGION)).files[0].sheets[0]
    assert sheet.kind == ""
    assert sheet.missing == ("待遇状态",)
    assert [column.header for column in sheet.unknown] == ["发放情形"]


def test_a_preview_of_another_departments_list(
    tiny_hetian: str, reader_for: Callable[..., Reader]
) -> None:
    """It would be refused."""
    clerk = reader_for("clerk", REGION, "police")
    seen = preview([("甲.xlsx", listed([pension(1)]))], reader=clerk)
    assert "不报送" in seen.files[0].refusal


@pytest.mark.parametrize("kept", [True, False])
def test_returned_rows_come_back_with_their_reason(hand_in: HandIn, kept: bool) -> None:
    """In a copy of the sheet; from what was kept of the rows when the file is gone."""
    rows = [pension(1), pension(3, 待遇状态="同上"), pension(5, 公民身份号码="653")]
    taken = hand_in(listed(rows, title="墨玉县养老保险名单"))
    received = ReceivedList.objects.get()
    if not kept:
        file_path(received.file_hash).unlink()
    made = returned_sheet(system_reader(REGION), taken.lists[0].list_id)
    cells = CalamineWorkbook.from_filelike(made).get_sheet_by_index(0).to_python()
    header = next(row for row in cells if "退回原因" in row)
    body = [dict(zip(header, row, strict=True)) for row in cells[cells.index(header) + 1 :]]
    assert [row["公民身份号码"] for row in body] == [number(3), "653"]
    assert "看不懂" in str(body[0]["退回原因"])


def test_returned_rows_are_for_those_who_may_see_the_list(
    hand_in: HandIn, reader_for: Callable[..., Reader]
) -> None:
    """Not for another county, nor another department."""
    taken = hand_in([pension(1, 待遇状态="?")])
    for reader in (reader_for("county", "653201000000"), reader_for("clerk", REGION, "police")):
        with pytest.raises(ReceivedList.DoesNotExist):
            returned_sheet(reader, taken.lists[0].list_id)


def test_every_kind_has_a_template() -> None:
    """With samples that are not taken in."""
    assert template_sheet("survey").stat().st_size > 1000


@pytest.mark.parametrize(
    "step",
    ["create_people", "take_statements", "record_rows", "refresh_people", "declare_coverage"],
)
def test_a_crash_on_the_way_leaves_nothing(
    hand_in: HandIn, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """Of none of the lists; and the next try goes in whole."""

    def fall(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("power failure")

    with monkeypatch.context() as patch:
        patch.setattr(taking, step, fall)
        with pytest.raises(RuntimeError, match="power failure"):
            hand_in([pension(1), pension(3)], [pension(5, 待遇状态="?")])
    assert nothing_written()
    assert hand_in([pension(1), pension(3)]).accepted == 2


_KILLED = """
import os, signal, sys
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from yanglao.domain.people.public import Person
from yanglao.domain.places.public import load_divisions
from yanglao.flows.take_in_list import take_in, taking
from yanglao.foundation.scoping import system_reader
if sys.argv[2] == "kill":
    load_divisions("hetian")
    taking.record_rows = lambda **kwargs: os.kill(os.getpid(), signal.SIGKILL)
    file = ("a.xlsx", open(sys.argv[1], "rb").read())
    take_in([file], acting=system_reader(), division="6532", month=None, full=False)
print(Person.objects.count())
"""


@pytest.mark.slow
def test_a_killed_import_leaves_nothing(tmp_path: Path) -> None:
    """The process is killed in the middle of the transaction; on a database file of its own."""
    file = tmp_path / "a.xlsx"
    file.write_bytes(listed([pension(order) for order in range(1, 40)]))
    environment = {
        **os.environ,
        "YANGLAO_HOME": str(tmp_path / "home"),
        "DATABASE_URL": "",
        "DJANGO_SETTINGS_MODULE": "yanglao.config.settings",
        "PYTHONPATH": "src",
    }

    def run(what: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", _KILLED, str(file), what]
        return subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False, timeout=300
        )

    assert run("kill").returncode == -signal.SIGKILL
    after = run("look")
    assert after.stdout.strip() == "0", after.stderr
