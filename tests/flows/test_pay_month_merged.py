"""Two files turn out to be one person: what was paid under either is paid, and owed by both."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.flows import payment_world as w
from tests.flows import population as p
from tests.flows.test_pay_month import check_books, simple
from yanglao.domain.people.public import merge_files
from yanglao.domain.settlement.models import Claim, Line
from yanglao.domain.settlement.public import (
    claims_of_person,
    payments_of_person,
)
from yanglao.flows.recompute_month import recompute_month
from yanglao.foundation.scoping import system_reader

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rules(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    w.prepare(tmp_path / "policies", settings)


def merged() -> tuple[int, int]:
    """Two files of one person: the one that goes on, and the one laid into it."""
    one, two = p.elder(1), p.elder(2)
    return one.pk, two.pk


def lay(goes_on: int, laid_in: int) -> None:
    merge_files(goes_on=goes_on, laid_in=laid_in, acting=system_reader(), reason="同一人")


def lines(run: Any) -> set[tuple[int, int, str]]:
    found = Line.objects.filter(run=run)
    return {(one.person_id, one.month % 12 + 1, one.kind) for one in found}


def test_what_was_paid_under_the_file_laid_in_is_not_paid_again() -> None:
    """March was paid to one file; merged, April pays April and no March as arrears."""
    goes_on, laid_in = merged()
    w.paid_through(w.Facts({laid_in: simple()}), "2024-03", start="2024-03")
    lay(goes_on, laid_in)
    april = w.paid_through(w.Facts({goes_on: simple()}), "2024-04")
    assert lines(april) == {(goes_on, 4, "regular")}
    # Neither is the money of last month new, nor stopped: it is the same person's.
    assert april.figures["differences"] == [["same", "payable", 1, 0]] or not [
        row for row in april.figures["differences"] if row[0] in ("new", "stopped")
    ]
    assert payments_of_person(w.MAKER, goes_on).count() == 2
    check_books()
    assert recompute_month(run_id=april.pk, acting=w.CHECKER).same


def test_who_was_paid_under_both_files_owes_what_came_twice() -> None:
    goes_on, laid_in = merged()
    w.paid_through(w.Facts({goes_on: simple(), laid_in: simple()}), "2024-03", start="2024-03")
    lay(goes_on, laid_in)
    w.paid_through(w.Facts({goes_on: simple()}), "2024-04")
    claim = Claim.objects.get()
    assert (claim.person_id, claim.first_month % 12 + 1) == (goes_on, 3)
    check_books()


def test_a_claim_on_the_file_laid_in_is_kept_back_from_the_one_that_goes_on() -> None:
    """A claim stays where it was booked; instalments come out of the person's next months."""
    goes_on, laid_in = merged()
    facts = {laid_in: simple(), goes_on: simple(end=date(2024, 2, 1), cause="other")}
    w.paid_through(w.Facts(facts), "2024-03", start="2024-03")
    late = {laid_in: simple(end=date(2024, 2, 10), cause="other"), goes_on: facts[goes_on]}
    w.approved(w.Facts(late), "2024-04")
    owed = Claim.objects.get()
    assert owed.person_id == laid_in and owed.left_fen > 0
    lay(goes_on, laid_in)
    may = w.approved(w.Facts({goes_on: simple()}), "2024-05")
    assert "recovery" in {kind for _person, _month, kind in lines(may)}
    owed.refresh_from_db()
    assert owed.withheld_fen > 0
    assert claims_of_person(w.MAKER, goes_on).count() == 1
    check_books()
