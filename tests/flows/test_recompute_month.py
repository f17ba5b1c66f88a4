"""A month computed again is what was paid, to the fen; and what was tampered with is found."""

from datetime import date
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.db import connection

from tests.engines.payments.histories import random_history
from tests.flows import payment_world as w
from tests.flows.test_pay_month import simple
from yanglao.domain.catalogue.models import PackVersion
from yanglao.domain.settlement.models import BankFile, Line, Payment, PaymentRun, RunStep
from yanglao.domain.settlement.public import Refused, cancel_run, took_part
from yanglao.flows.recompute_month import gaps_of, recompute_month
from yanglao.foundation import clock
from yanglao.foundation.models import AuditEntry
from yanglao.foundation.secrets import sealed_folder

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _rules(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    w.prepare(tmp_path / "policies", settings)


def again(run: PaymentRun) -> Any:
    return recompute_month(run_id=run.pk, acting=w.CHECKER)


def test_months_of_random_people_come_out_the_same() -> None:
    """Also a month that asked only whose facts had changed, held money, claims and recoveries."""
    random = Random(5)
    people = {n: random_history(random) for n in range(1, 120)}
    made = [w.paid_through(w.Facts(people), "2024-05", release=True, start="2024-01")]
    for month in ("2024-06", "2024-07"):
        for person in random.sample(sorted(people), 30):
            people[person] = random_history(random)
        made.append(w.paid_through(w.Facts(people), month, release=True))
    assert not made[-1].everybody
    # A version of the list that was published later, for any month, changes nothing of then.
    w.publish("v9", date(2024, 1, 1))
    PackVersion.objects.filter(hash="v9").update(published_at=clock.now())
    for run in made:
        done = again(run)
        assert done.same, (done, run.number)
        assert done.lines == Line.objects.filter(run=run).count() and done.files == 1
    assert not took_part(made[0], acting=w.CHECKER)


def paid() -> PaymentRun:
    return w.paid_through(w.Facts({n: simple() for n in (1, 2, 3)}), "2024-03", start="2024-03")


def test_a_line_that_was_tampered_with_is_named() -> None:
    """One fen more for somebody, straight in the table, past every door."""
    run = paid()
    line = Line.objects.filter(run=run).order_by("id")[1]
    Line.objects.filter(pk=line.pk).update(fen=line.fen + 1)
    done = again(run)
    (gap,) = done.named
    assert (done.same, done.same_input, done.gaps) == (False, True, 1)
    assert (gap.where, gap.person_id, gap.month) == ("line", line.person_id, line.month)
    assert (gap.computed, gap.stored) == (line.fen, line.fen + 1)
    step = RunStep.objects.get(run=run, act="recomputed")
    assert step.detail["gaps"] == 1 and gaps_of(step) == [gap]
    # Whose money differs stands sealed in the history, not in the record of acts.
    told = AuditEntry.objects.get(action="payment_run_recomputed")
    assert told.detail["same"] is False and "named" not in told.detail


def test_a_payment_or_a_line_that_is_too_many_or_gone_is_named() -> None:
    run = paid()
    first, second = Payment.objects.filter(run=run).order_by("id")[:2]
    Payment.objects.filter(pk=first.pk).update(gross_fen=first.gross_fen + 500)
    Line.objects.filter(run=run, person_id=second.person_id).delete()
    Line.objects.create(
        run=run, person_id=77, benefit="nursing", month=run.month, fen=900, kind="regular"
    )
    found = {(one.where, one.person_id): (one.computed, one.stored) for one in again(run).named}
    assert found["payment", first.person_id] == (first.gross_fen, first.gross_fen + 500)
    assert found["line", second.person_id] == (second.gross_fen, None)
    assert found["line", 77] == (None, 900)


def test_an_entry_put_into_the_books_is_named() -> None:
    run = paid()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO settlement_entry (act, debit, credit, fen, booked_on, run_id, person_id, "
            "place_code, benefit, payment_ref, claim_ref, attempt, source_ref) "
            "SELECT act, debit, credit, fen, booked_on, run_id, person_id, place_code, benefit, "
            "payment_ref + 1000, claim_ref, attempt, source_ref FROM settlement_entry "
            "WHERE act = 1 AND person_id = 1"
        )
    (gap,) = again(run).named
    assert (gap.where, gap.person_id, gap.stored) == ("entry", 1, 2 * (gap.computed or 0))


def test_a_bank_file_or_an_input_that_was_changed_is_found() -> None:
    run = paid()
    file = BankFile.objects.get(run=run)
    path = sealed_folder("payments") / file.file
    kept = path.read_bytes()
    path.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    assert again(run).broken_files == (file.number,)
    path.write_bytes(kept)
    assert again(run).same
    sealed = sealed_folder("payments") / run.snapshot
    whole = sealed.read_bytes()
    sealed.write_bytes(whole[:200] + bytes([whole[200] ^ 1]) + whole[201:])
    with pytest.raises(Refused, match="封存的输入"):
        again(run)
    sealed.unlink()
    with pytest.raises(Refused, match="不在了"):
        again(run)


def test_a_cancelled_run_has_nothing_to_compute() -> None:
    run = w.frozen(w.Facts({1: simple()}), "2024-03", start="2024-03")
    assert again(run).same
    cancel_run(run_id=run.pk, acting=w.MAKER, reason="重做")
    with pytest.raises(Refused, match="取消"):
        again(run)
