"""What the benchmark measures with: lists of known truth, and a process without protection."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from yanglao.engines.intake.workbook import read_workbook
from yanglao.flows.take_in_list.types import LinkLine
from yanglao.kernel.idnumber import check_digit, read_id_number
from yanglao.ops.bench.bare import lay_bare
from yanglao.ops.bench.linked_list import HEADERS, Truth, read_truth, write_linked_list
from yanglao.ops.bench.linking import judge_links

TRUTH = {
    2: Truth("甲", good=False),
    3: Truth("乙", good=False),
    4: Truth("丙", good=False),
    5: Truth("", good=False),
    6: Truth("丁", good=True),
}


def line(row: int, outcome: str, number: str = "", *candidates: str) -> LinkLine:
    """Return what became of a row."""
    return LinkLine("调查", row, outcome, number, None, candidates)


def test_links_are_held_against_who_was_meant() -> None:
    """Rows with a good number do not count; a stranger who is linked is a mistake."""
    right = [line(2, "linked", "甲"), line(3, "desk", "", "戊", "乙"), line(4, "returned")]
    told = judge_links([*right, line(5, "returned"), line(6, "linked", "丁")], TRUTH)
    assert (told["precision"], told["recall"], told["by_itself"]) == (1, 2 / 3, 1 / 3)
    told = judge_links([*right, line(5, "linked", "甲"), line(6, "linked", "戊")], TRUTH)
    assert (told["precision"], told["wrong"]) == (0.5, 1)
    told = judge_links([line(2, "desk", "", "乙"), *right[1:]], TRUTH)
    assert told["recall"] == 1 / 3


def test_a_list_has_as_many_bad_numbers_as_asked_and_tells_who_is_meant(tmp_path: Path) -> None:
    """Who has a good number stands with it; the others never with a good one of somebody else."""
    path = tmp_path / "list.xlsx"
    with duckdb.connect() as con:
        con.execute(
            """CREATE TABLE elder (id_number VARCHAR, name VARCHAR, sex VARCHAR, birth_date DATE,
            place_code VARCHAR, household_id VARCHAR, person_id BIGINT)"""
        )
        con.executemany(
            "INSERT INTO elder VALUES (?, ?, ?, ?, ?, ?, ?)", list(map(_elder, range(400)))
        )
        write_linked_list(con, {7: "090300000001"}, path, rows=400, without=0.5, seed=1)
    truth = read_truth(path)
    header, *rows = read_workbook(path.read_bytes(), path.name).sheets[0].rows
    assert tuple(header) == HEADERS
    assert len(rows) == len(truth) == 400
    assert 150 < sum(one.good for one in truth.values()) < 250
    for at, row in enumerate(rows, start=2):
        number = read_id_number(row[1]).number
        if truth[at].good:
            assert number is not None
            assert number.text == truth[at].number
        else:
            assert number is None or number.text == truth[at].number
    assert any(not one.number for one in truth.values())


def _elder(n: int) -> tuple[object, ...]:
    body = f"653222{1930 + n % 30}0101{n:03}"
    born = date(1930 + n % 30, 1, 1)
    return (body + check_digit(body), "买买提·吐尔逊", "M", born, "653222102208", f"{n}A", n)


@pytest.mark.django_db
def test_protection_is_taken_out_of_invented_installations_only() -> None:
    """There is no switch: a process does it to itself, and not where anybody real may be."""
    with pytest.raises(RuntimeError, match="虚构"):
        lay_bare()
