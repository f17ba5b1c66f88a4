"""A month of invented lists taken in through the front door: each row fares as was told of it."""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.flows.conftest import REGION, hetian_rows, tiny_hetian  # noqa: F401  fixtures
from tests.ops.demo.conftest import verdicts_of
from yanglao.flows.take_in_list import take_in
from yanglao.foundation.scoping import system_reader
from yanglao.ops.demo.generate import MAPPING_FILE, generate

#: What may become of a row that was told to be so.
MAY_BE = {
    "accepted": {"new", "linked"},
    "returned": {"returned"},
    "either": {"returned", "desk", "linked"},
}
TWIN = "号码与另一人不同而姓名生日住处相同"


def test_every_row_fares_as_was_told_of_it(
    tiny_hetian: str,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rows are whose they are meant to be; a wrong number is linked, waits or comes back."""
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path / "home"))
    month = generate(tmp_path / "lists", people=700, seed=11)
    taken = take_in(
        [(one.path.name, one.path.read_bytes()) for one in month.files],
        acting=system_reader(REGION),
        division=REGION,
        month=date(2026, 10, 1),
        full=True,
        mapping=json.loads((month.folder / MAPPING_FILE).read_text(encoding="utf-8")),
        links=True,
    )
    told = verdicts_of(month.verdicts)
    fared: Counter[tuple[str, str]] = Counter()
    for file in month.files:
        rows = {(row["sheet_name"], int(row["row"])): row for row in told[file.path.name]}
        if file.path.suffix == ".csv":
            rows = {(file.path.stem, at): row for (_, at), row in rows.items()}
        lists = [one for one in taken.lists if one.name == file.path.name]
        links = {(line.sheet, line.row_no): line for one in lists for line in one.links}
        assert links.keys() == rows.keys()
        for place, row in rows.items():
            _fares(row, links[place])
            fared[row["expected"], links[place].outcome] += 1
        returned = sum(one.returned for one in lists)
        assert file.returned <= returned <= file.returned + file.either
    assert fared["returned", "returned"] > 5
    assert fared["either", "linked"] > 10
    assert fared["either", "desk"] == taken.waiting > 0


def _fares(row: dict[str, str], link: Any) -> None:
    if row["reason"] == TWIN and link.outcome == "new":
        return  # a valid number that nobody has: a file is opened, and looked at beside its twin
    assert link.outcome in MAY_BE[row["expected"]], (row, link)
    if link.outcome in {"new", "linked"}:
        assert link.id_number == row["id_number"], (row, link)
