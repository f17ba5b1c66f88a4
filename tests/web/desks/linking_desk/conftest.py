"""Places, a fixed day, and doubts of every sort in one county."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.flows.conftest import listed
from tests.web.desks.match_desk.world import COUNTY, REGION, TODAY, VILLAGE, make_places
from yanglao.domain.linkage.models import Conflict, FilePair, WaitingRow
from yanglao.domain.places.queries import forget_codes
from yanglao.flows.check_conflicts import look_for_conflicts
from yanglao.flows.take_in_list import take_in
from yanglao.foundation.scoping import system_reader
from yanglao.kernel.idnumber import check_digit

BORN = "1944-03-05"


@pytest.fixture(autouse=True)
def _fixed_day_places_and_own_folder(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[None]:
    monkeypatch.setenv("YANGLAO_TODAY", TODAY.isoformat())
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    make_places()
    forget_codes()
    yield
    forget_codes()


def number(order: int, born: str = "19440305") -> str:
    """Return a valid ID number."""
    first = f"653222{born}{order:03}"
    return first + check_digit(first)


def take(*lists: list[dict[str, Any]], division: str = COUNTY) -> None:
    """Take lists in as the program does."""
    files = [(f"名单{at}.xlsx", listed(rows)) for at, rows in enumerate(lists)]
    take_in(
        files,
        acting=system_reader(REGION, name="测试"),
        division=division,
        month=date(2026, 10, 1),
        full=False,
        sender="墨玉县民政局",
    )


def registered(order: int, name: str = "买买提·吐尔逊", **more: Any) -> dict[str, Any]:
    """Return a row of the register."""
    row = {"姓名": name, "公民身份号码": number(order), "户籍地区划代码": VILLAGE}
    return row | more


def surveyed(name: str = "买买提·吐尔逊", **more: Any) -> dict[str, Any]:
    """Return a row of a survey, without a number."""
    return {"姓名": name, "常住地区划代码": VILLAGE, "居住状况": "独居", "出生日期": BORN} | more


@dataclass(frozen=True, slots=True)
class Doubts:
    """One of each sort."""

    row: WaitingRow
    pair: FilePair
    conflict: Conflict


@pytest.fixture
def doubts() -> Doubts:
    """A row, a pair of files and a conflict in 墨玉县."""
    take([registered(1), registered(3)])
    take([surveyed()])
    paid = {"险种": "城乡居民基本养老保险", "待遇状态": "正常", "月待遇": "3000"}
    take([{"姓名": "买买提·吐尔逊", "公民身份号码": number(5)} | paid])
    aid = {"救助类别": "低保", "保障起始日期": "2020-01-01"}
    take([{"姓名": "买买提·吐尔逊", "公民身份号码": number(5)} | aid])
    look_for_conflicts(acting=system_reader(REGION, name="测试"))
    return Doubts(
        WaitingRow.objects.latest("id"), FilePair.objects.earliest("id"), Conflict.objects.get()
    )


@pytest.fixture
def more_rows() -> Callable[[int], None]:
    """Return ``more(count)``: rows that wait."""

    def more(count: int) -> None:
        take([surveyed(联系电话=f"1390000{at:04}") for at in range(count)])

    return more
