"""Kills a payment month at random moments and looks whether anybody was paid twice or forgotten.

``python -m tests.flows.killing_payments KILLS SEED`` in an environment that names an empty instance
(``YANGLAO_HOME``, ``DATABASE_URL``). A child process carries a month from facts to the bank's
answer and is killed by SIGKILL; the next one goes on from what it finds. The bank is a folder that
pays every file that arrives, and refuses to be asked to take the same number again. The last line
of output is JSON.
"""

import json
import os
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

PEOPLE, FIRST = 60, 2024 * 12 + 9


class FolderBank:
    """A folder as a bank: a file in it has arrived, and is paid."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def has(self, number: str) -> bool:
        return (self.folder / f"{number}.txt").exists()

    def take(self, number: str, content: bytes) -> None:
        draft = self.folder / f".{number}.part"
        draft.write_bytes(content)
        os.link(draft, self.folder / f"{number}.txt")  # fails when it arrived before
        draft.unlink()


def fails(key: str) -> bool:
    """Say whether the bank cannot pay an attempt: some first ones, never a second."""
    payment, _mark, number = key.partition("#")
    return number == "1" and int(payment[1:]) % 7 == 0


def start() -> None:
    """Open Django on the instance with the rules of the tests."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanglao.config.settings")
    os.environ.setdefault("YANGLAO_KEYRING", f"index hmac-sm3 {'5a' * 32}\n1 sm4 {'a5' * 16}\n")
    os.environ["YANGLAO_POLICIES"] = str(Path(os.environ["YANGLAO_HOME"]) / "policies")
    import django

    django.setup()
    # Loaded once, before children are made: they start at once then.
    import yanglao.flows.send_payments  # noqa: F401
    from tests.flows import test_pay_month  # noqa: F401


def prepare() -> None:
    """Migrate, and publish the rules."""
    from django.conf import settings
    from django.core.management import call_command

    from tests.flows import payment_world as w
    from yanglao.foundation import home

    call_command("migrate", verbosity=0, interactive=False)
    w.prepare(home.home() / "policies", settings)
    home.home_folder("bank")


def facts_of(month: int, seed: int) -> Any:
    """Return what is known in a month: the same whoever asks."""
    from tests.engines.payments import histories as h
    from tests.flows import payment_world as w

    chance = random.Random(seed)
    known = {n: h.random_history(chance) for n in range(1, PEOPLE + 1)}
    for _past in range(FIRST, month):
        for person in chance.sample(sorted(known), PEOPLE // 8):
            known[person] = h.changed(chance, known[person])
    return w.Facts(known)


def push_on(month: int, seed: int) -> None:
    """Carry a month on from where it stands until it is closed."""
    from tests.flows import payment_world as w
    from yanglao.domain.settlement.public import close_run, runs
    from yanglao.flows.pay_month import begin_run

    day = date(month // 12, month % 12 + 1, 20)
    facts = facts_of(month, seed)
    run = runs(w.MAKER).filter(month=month).first()
    if run is None:
        text = f"{month // 12:04}-{month % 12 + 1:02}"
        run = begin_run(
            region=w.COUNTY, month=text, benefits=w.OURS, acting=w.MAKER, as_of=day, start="2024-10"
        )
    while run.state != "closed":
        if run.state == "returned" and not _owes(run):
            close_run(run_id=run.pk, acting=w.MAKER)
        else:
            _STEPS[run.state](run, facts, day)
        run.refresh_from_db()


def _owes(run: Any) -> bool:
    from yanglao.domain.settlement.models import BankFile, Payment

    waits = BankFile.objects.filter(run=run).exclude(state="answered").exists()
    return waits or Payment.objects.filter(run=run, state="failed").exists()


def _freeze(run: Any, facts: Any, day: date) -> None:
    from tests.flows import payment_world as w
    from yanglao.flows.pay_month import freeze_run

    freeze_run(run_id=run.pk, acting=w.MAKER, as_of=day, load=facts.load)


def _check(run: Any, facts: Any, day: date) -> None:
    from tests.flows import payment_world as w
    from yanglao.domain.settlement.models import Finding
    from yanglao.domain.settlement.public import decide_findings, finish_checks

    found = Finding.objects.filter(run=run, stops=True, decision="").values_list("pk", flat=True)
    if found:
        decide_findings(
            run_id=run.pk, finding_ids=list(found), decision="held", reason="核实", acting=w.MAKER
        )
    finish_checks(run_id=run.pk, acting=w.MAKER)


def _submit(run: Any, facts: Any, day: date) -> None:
    from tests.flows import payment_world as w
    from yanglao.domain.settlement.public import submit_run

    submit_run(run_id=run.pk, acting=w.MAKER)


def _approve(run: Any, facts: Any, day: date) -> None:
    from tests.flows import payment_world as w
    from yanglao.domain.settlement.public import approve_run

    approve_run(run_id=run.pk, acting=w.CHECKER, as_of=day)


def _send(run: Any, facts: Any, day: date) -> None:
    from tests.flows import payment_world as w
    from yanglao.domain.settlement.public import close_run, payment_states
    from yanglao.flows.send_payments import make_file

    if not {"owed", "failed"} & set(payment_states(w.MAKER, run)):
        close_run(run_id=run.pk, acting=w.MAKER)
        return
    make_file(run_id=run.pk, acting=w.MAKER, as_of=day, load=facts.load)


def _bank(run: Any, facts: Any, day: date) -> None:
    """Carry files to the bank and fetch its answers."""
    from tests.flows import payment_world as w
    from yanglao.domain.settlement.models import BankFile
    from yanglao.engines.payments.bankfile import read_payments
    from yanglao.flows.send_payments import carry_to_bank, invent_returns, print_file, take_back
    from yanglao.foundation.home import home_folder

    bank = FolderBank(home_folder("bank"))
    files = list(BankFile.objects.filter(run=run).exclude(state="answered").order_by("id"))
    for file in files:
        carry_to_bank(bank_file_id=file.pk, bank=bank, acting=w.MAKER)
        _same, content = print_file(bank_file_id=file.pk, acting=w.MAKER)
        _head, rows = read_payments(content, "utf-8")
        bad = {n: "账户已销户" for n, row in enumerate(rows, 1) if fails(row[0])}
        back = invent_returns(content=content, failed=bad)
        take_back(bank_file_id=file.pk, content=back, acting=w.MAKER, as_of=day)
    if not files:
        _send(run, facts, day)


_STEPS: dict[str, Callable[[Any, Any, date], None]] = {
    "draft": _freeze,
    "frozen": _check,
    "checked": _submit,
    "submitted": _approve,
    "approved": _send,
    "sent": _bank,
    "returned": _bank,
}


def look(month: int, seed: int) -> None:
    """Compare what the bank paid with what everybody was due, and look into the books."""
    from tests.flows import payment_world as w
    from tests.flows.test_pay_month import _expected, check_books, net_of_books
    from yanglao.domain.settlement.models import Payment, PaymentRun
    from yanglao.engines.payments.bankfile import read_payments
    from yanglao.foundation.home import home_folder

    paid: Counter[int] = Counter()
    for path in home_folder("bank").glob("*.txt"):
        _head, rows = read_payments(path.read_bytes(), "utf-8")
        for key, _token, _name, fen in rows:
            if not fails(key):
                paid[int(key[1:].partition("#")[0])] += fen
    payments = list(Payment.objects.order_by("id"))
    for one in payments:
        due = 0 if one.state == "held" else one.net_fen
        assert paid.pop(one.pk, 0) == due, f"payment {one.pk} {one.state}"
    assert not paid, f"paid and unknown: {paid}"
    by_month = Counter(PaymentRun.objects.order_by("id").values_list("month", flat=True))
    assert all(number == 1 for number in by_month.values()), by_month
    net = net_of_books()
    for person, history in facts_of(month, seed).people.items():
        for past in range(FIRST, month + 1):
            for benefit, fen in _expected(history, past).items():
                if benefit != "outside" and fen is not None:
                    held = any(
                        p.state == "held" and (p.person_id, p.benefit) == (person, benefit)
                        for p in payments
                    )
                    got = net.get((person, benefit, past), 0)
                    assert held or got == fen, (person, benefit, past)
    check_books()
    assert w.MAKER.user_id != w.CHECKER.user_id


def in_child(work: Callable[[], None], delay: float | None) -> str:
    """Run work in a child and kill it after a delay; return ``done``, ``killed`` or ``failed``."""
    child = os.fork()
    if child == 0:
        status = 0
        try:
            work()
        except BaseException:
            traceback.print_exc()
            status = 1
        os._exit(status)
    if delay is not None:
        end = time.monotonic() + delay
        while time.monotonic() < end:
            got, status = os.waitpid(child, os.WNOHANG)
            if got:
                return "done" if status == 0 else "failed"
            time.sleep(0.005)
        os.kill(child, signal.SIGKILL)
    _got, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return "killed"
    return "done" if status == 0 else "failed"


def killed_at_statement(number: int, work: Callable[[], None], *, after: bool) -> None:
    """Do work in which the process kills itself at the so-manieth statement, or right after it."""
    from django.db import connection

    count = 0

    def wrapped(execute: Any, sql: str, values: Any, many: bool, context: Any) -> Any:
        nonlocal count
        count += 1
        if count == number and not after:
            os.kill(os.getpid(), signal.SIGKILL)
        result = execute(sql, values, many, context)
        if count == number:
            os.kill(os.getpid(), signal.SIGKILL)
        return result

    with connection.execute_wrapper(wrapped):
        work()


#: A month is some hundred statements; which of them is the last is chosen anew each time.
_STATEMENTS = 320


def one_try(chance: random.Random, work: Callable[[], None], typical: float) -> str:
    """Carry a month on and kill it: at a statement, or at a moment."""
    if chance.random() < 0.7:
        number, after = chance.randrange(1, _STATEMENTS), chance.random() < 0.5
        return in_child(lambda: killed_at_statement(number, work, after=after), None)
    return in_child(work, typical * chance.random())


def main(kills: int, seed: int) -> dict[str, Any]:
    """Kill so many times, over as many months as it takes; return what was seen."""
    start()
    assert in_child(prepare, None) == "done"
    chance, month, told = random.Random(seed), FIRST, Counter[str]()
    typical = 8.0
    while told["killed"] < kills:
        began = time.monotonic()
        became = one_try(chance, partial(push_on, month, seed), typical)
        told[became] += 1
        sys.stderr.write(f"{dict(told)}\n")
        if became == "failed":
            raise SystemExit("a month failed")
        if became == "done":
            typical = max(1.0, (typical + time.monotonic() - began) / 2)
            assert in_child(partial(look, month, seed), None) == "done", "something is wrong"
            told["months"] += 1
            month += 1
    assert in_child(partial(push_on, month, seed), None) == "done"
    assert in_child(partial(look, month, seed), None) == "done", "something is wrong"
    return {"kills": told["killed"], "months": told["months"] + 1, "people": PEOPLE}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2]))))  # noqa: T201 - its answer
