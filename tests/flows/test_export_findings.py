"""The file that leaves the program: just that evaluation, in order, harmless to open."""

import csv
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.test import TestCase

from tests.flows import population as p
from yanglao.domain.people.models import Person
from yanglao.flows.export_findings import COLUMNS, export_findings
from yanglao.flows.find_entitled import RunSummary, find_entitled
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db

READER = system_reader(p.REGION, name="测试")


@pytest.fixture(autouse=True)
def _listed() -> None:
    p.publish()
    p.cover()


def match(as_of: date = p.AS_OF) -> RunSummary:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return find_entitled(region=p.REGION, as_of=as_of, acting=READER)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_yes_and_possible_in_order(tmp_path: Path) -> None:
    old = p.elder(2, date(1940, 3, 5), survey={}, assistance={}, disability={})
    p.elder(1, date(1960, 3, 5), survey={})
    summary = match()
    target = tmp_path / "out.csv"
    count = export_findings(target, reader=READER, run_id=summary.run_id)
    found = rows(target)
    assert count == len(found) == summary.yes + summary.possible
    assert tuple(found[0]) == COLUMNS
    keys = [(row["id_number"], row["item"]) for row in found]
    assert keys == sorted(keys)
    allowance = next(row for row in found if row["item"] == "16a")
    assert allowance["id_number"] == old.id_number
    assert (allowance["division"], allowance["status"]) == (p.VILLAGE, "yes")
    assert allowance["amount"] == "110.00"
    assert "附件第16项" in allowance["reason"]
    care = next(row for row in found if row["item"] == "09")
    assert (care["status"], care["missing"]) == ("possible", "ability_level")
    # For programs: a byte order mark would become part of the first column's name.
    assert target.read_bytes().startswith(b"id_number,")


def test_a_name_is_never_a_formula(tmp_path: Path) -> None:
    person = p.elder(1, date(1940, 3, 5), survey={})
    Person.objects.filter(pk=person.pk).update(name='=HYPERLINK("x")')
    summary = match()
    export_findings(tmp_path / "out.csv", reader=READER, run_id=summary.run_id)
    assert rows(tmp_path / "out.csv")[0]["name"] == '\'=HYPERLINK("x")'
    export_findings(tmp_path / "out.xlsx", reader=READER, run_id=summary.run_id)
    sheet = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert sheet is not None
    assert sheet.cell(2, 2).data_type == "s"


def test_a_trial_is_exported_as_it_was(tmp_path: Path) -> None:
    person = p.elder(1, date(1946, 11, 20), survey={})
    match(date(2026, 12, 1))
    trial = match(date(2026, 11, 1))
    assert trial.trial
    export_findings(tmp_path / "then.csv", reader=READER, run_id=trial.run_id)
    export_findings(tmp_path / "now.csv", reader=READER)
    assert "06" not in {row["item"] for row in rows(tmp_path / "then.csv")}
    assert "06" in {row["item"] for row in rows(tmp_path / "now.csv")}
    assert person.id_number == rows(tmp_path / "now.csv")[0]["id_number"]


def test_a_past_run_is_repeated_exactly(tmp_path: Path) -> None:
    person = p.elder(1, date(1950, 3, 5), survey={}, assistance={})
    first = match()
    export_findings(tmp_path / "before.csv", reader=READER, run_id=first.run_id)
    p.forget(person, "assistance")
    p.state(person, "disability")
    match()
    export_findings(tmp_path / "again.csv", reader=READER, run_id=first.run_id)
    assert rows(tmp_path / "again.csv") == rows(tmp_path / "before.csv")


def test_a_past_run_without_its_file_comes_from_the_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = p.elder(1, date(1950, 3, 5), survey={}, assistance={})
    first = match()
    export_findings(tmp_path / "before.csv", reader=READER, run_id=first.run_id)
    p.forget(person, "assistance")
    match()
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path / "elsewhere"))
    export_findings(tmp_path / "again.csv", reader=READER, run_id=first.run_id)
    assert rows(tmp_path / "again.csv") == rows(tmp_path / "before.csv")


def test_only_the_area(tmp_path: Path, reader_for: Any) -> None:
    near = p.elder(1, date(1940, 3, 5), survey={})
    p.elder(2, date(1940, 3, 5), place=p.FAR, survey={})
    match()
    village = reader_for("village", p.VILLAGE)
    export_findings(tmp_path / "out.csv", reader=village)
    assert {row["id_number"] for row in rows(tmp_path / "out.csv")} == {near.id_number}


def test_without_a_run_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="yanglao match"):
        export_findings(tmp_path / "out.csv", reader=READER)
    assert not list(tmp_path.glob("*out*"))
