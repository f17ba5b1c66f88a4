"""Kills the program at random moments and looks at what is left. Run as a program of its own.

``python -m tests.ops.killing KILLS SEED`` in an environment that names a demo instance
(``YANGLAO_HOME``, ``DATABASE_URL``). Every act runs in a child process that tells over a pipe what
was acknowledged to its user, and is killed by SIGKILL; then another child looks: nothing
half-written, nothing acknowledged lost, ``doctor`` clean. The parent never opens the database, so
that children start from a clean program and at once. The last line of output is JSON.
"""

import io
import json
import os
import random
import signal
import sys
import time
import traceback
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

ROWS = 150
REGION = "653200000000"
VILLAGE = "653222102208"
Told = Callable[[dict[str, Any]], None]


def _list_of_people(serial: int) -> bytes:
    """Return a household list of people nobody has heard of; the same for the same serial."""
    import xlsxwriter

    from yanglao.kernel.idnumber import check_digit

    target = io.BytesIO()
    with xlsxwriter.Workbook(target, {"in_memory": True}) as book:
        page = book.add_worksheet("户籍")
        page.write_row(0, 0, ["姓名", "公民身份号码", "户籍地区划代码", "人员状态"])
        for at in range(ROWS):
            number = serial * ROWS + at
            # Days of 1930 to 1960 and a three-digit order: enough for a million people.
            born = date.fromordinal(date(1930, 1, 1).toordinal() + number // 900)
            first = f"653222{born:%Y%m%d}{number % 900 + 100:03}"
            row = [f"杀{serial:05}", first + check_digit(first), VILLAGE, "正常"]
            page.write_row(at + 1, 0, row)
    return target.getvalue()


def act_import(serial: int, told: Told) -> None:
    """Take a list in, as the command line does."""
    from yanglao.flows.take_in_list import take_in
    from yanglao.foundation.scoping import system_reader

    taken = take_in(
        [(f"kill-{serial}.xlsx", _list_of_people(serial))],
        acting=system_reader(REGION),
        division=REGION,
        month=date(2026, 10, 1),
        full=False,
    )
    told({"batch": taken.batch_id})


def act_match(serial: int, told: Told) -> None:
    """Match everybody."""
    from yanglao.flows.find_entitled import find_entitled
    from yanglao.foundation import clock
    from yanglao.foundation.scoping import system_reader

    summary = find_entitled(region=REGION, as_of=clock.today(), acting=system_reader(REGION))
    told({"run": summary.run_id})


def act_edit(serial: int, told: Told) -> None:
    """Move leads one after another, as an officer at his desk does."""
    from yanglao.domain.leads.public import LeadState, leads, move_leads
    from yanglao.foundation.scoping import system_reader

    acting = system_reader(REGION)
    chance = random.Random(serial)
    ids = list(leads(acting, state="open").order_by("pk").values_list("pk", flat=True)[:400])
    for number in range(60):
        note = f"kill-{serial}-{number}"
        picked = chance.choice(ids)
        # There and back: every move is one that counts; nothing is told of one that does not.
        for state in (LeadState.CONTACTED, LeadState.CONFIRMED):
            if move_leads(ids=[picked], to_state=state, acting=acting, note=note):
                told({"note": note})
                break


def act_enter(serial: int, told: Told) -> None:
    """Enter what was learnt about a person and match him again."""
    from yanglao.domain.leads.public import leads
    from yanglao.flows.follow_leads import enter_and_recheck
    from yanglao.foundation import clock
    from yanglao.foundation.scoping import system_reader

    acting = system_reader(REGION)
    ids = list(leads(acting).order_by("pk").values_list("person_id", flat=True)[:300])
    person = random.Random(serial).choice(ids)
    done = enter_and_recheck(
        person_id=person,
        kind="survey",
        values={"living": "alone" if serial % 2 else "with_children"},
        acting=acting,
        as_of=clock.today(),
        reason=f"kill-{serial}",
    )
    told({"run": done.run_id})


def act_job(serial: int, told: Told) -> None:
    """Ask for a list to be taken in by the worker, and be the worker."""
    from yanglao.flows.hold_uploads import Asked, hold
    from yanglao.foundation import jobs
    from yanglao.foundation.scoping import system_reader

    acting = system_reader(REGION)
    jobs.take_back_abandoned()
    asked = Asked("杀", REGION, date(2026, 10, 1), full=False)
    files = [(f"kill-{serial}.xlsx", [_list_of_people(serial)])]
    upload = hold(files, asked=asked, acting=acting)
    job = jobs.defer("take_in_list", acting, token=upload.token)
    told({"job": job.pk})
    while jobs.run_next() is not None:
        pass


ACTS: dict[str, Callable[[int, Told], None]] = {
    "import": act_import,
    "match": act_match,
    "edit": act_edit,
    "enter": act_enter,
    "job": act_job,
}


#: Short acts are cut more often than long ones, so that two hundred kills end in a while.
WEIGHTS = (3, 2, 3, 1, 3)


def look(acked: list[dict[str, Any]], serial: int, act: str) -> list[str]:
    """Return everything that is not as it should be after a kill."""
    from django.db import connection

    from yanglao.foundation import jobs
    from yanglao.ops.doctor import findings

    problems = [f"doctor: {one.words}" for one in findings() if one.level == "wrong"]

    def count(text: str, *values: object) -> int:
        with connection.cursor() as cursor:
            cursor.execute(text, values)
            return int(cursor.fetchone()[0])

    if act == "job":
        jobs.take_back_abandoned()
        jobs.run_all()
    name = f"kill-{serial}.xlsx"
    people = count("SELECT count(*) FROM people_person WHERE name = %s", f"杀{serial:05}")
    batches = count(
        "SELECT count(*) FROM exchange_receivedlist WHERE file_name = %s AND state = 'taken_in'",
        name,
    )
    if people not in {0, ROWS} or batches * ROWS != people:
        problems.append(f"{people} people of {batches} lists")
    for one in acked:
        found = {
            "batch": "SELECT count(*) FROM exchange_batch WHERE id = %s",
            "run": "SELECT count(*) FROM entitlements_run"
            " WHERE id = %s AND finished_at IS NOT NULL",
            "job": "SELECT count(*) FROM foundation_job WHERE id = %s AND state = 'done'",
        }
        problems += [
            f"lost: {key} {value}"
            for key, value in one.items()
            if key != "note" and not count(found[key], value)
        ]
    # What officers write is sealed: the database itself can't be asked for it.
    told = {one["note"] for one in acked if "note" in one}
    if told:
        from yanglao.domain.leads.models import LeadStep

        told -= {str(step.words) for step in LeadStep.objects.order_by("-pk")[:5000]}
    return problems + [f"lost: note {note}" for note in sorted(told)]


def look_and_tell(acked: list[dict[str, Any]], serial: int, act: str, told: Told) -> None:
    """Tell what :func:`look` found."""
    told({"problems": look(acked, serial, act)})


def in_child(work: Callable[[Told], None], kill_after: float | None) -> tuple[list[Any], float]:
    """Run work in a child; kill it after some seconds; return what it told and how long it ran."""
    reading, writing = os.pipe()
    started = time.monotonic()
    pid = os.fork()
    if pid == 0:
        os.close(reading)

        def told(one: dict[str, Any]) -> None:
            os.write(writing, (json.dumps(one) + "\n").encode())

        try:
            work(told)
        except BaseException:
            told({"error": traceback.format_exc()[-1500:]})
        finally:
            os._exit(0)
    os.close(writing)
    if kill_after is not None:
        time.sleep(kill_after)
        os.kill(pid, signal.SIGKILL)
    said = b""
    while piece := os.read(reading, 65536):
        said += piece
    os.close(reading)
    os.waitpid(pid, 0)
    # A line that was cut off was never told.
    lines = said.decode().split("\n")[:-1]
    return [json.loads(line) for line in lines], time.monotonic() - started


def main(kills: int, seed: int) -> dict[str, Any]:
    """Kill so often; return what came of it."""
    import django

    django.setup()
    import yanglao.flows.find_entitled
    import yanglao.flows.follow_leads
    import yanglao.ops.doctor  # noqa: F401  children start at once

    chance = random.Random(seed)
    lasts: dict[str, float] = {}
    # Lists of one run are of people whom no run with another seed has brought.
    serial = seed % 90 * 1000
    for act, work in ACTS.items():
        told, lasts[act] = in_child(partial(work, serial), None)
        errors = [one for one in told if "error" in one]
        if errors:
            return {"kills": 0, "problems": errors, "lasts": lasts}
        serial += 1
    problems: list[str] = []
    cut, acks = 0, 0
    for number in range(kills):
        act = chance.choices(list(ACTS), WEIGHTS)[0]
        after = chance.uniform(0.0, lasts[act] * 1.05)
        acked, _ran = in_child(partial(ACTS[act], serial), after)
        errors = [one["error"] for one in acked if "error" in one]
        acked = [one for one in acked if "error" not in one]
        told, _ran = in_child(partial(look_and_tell, acked, serial, act), None)
        found = told[-1].get("problems", [told[-1].get("error")]) + errors
        problems += [f"{number} {act} {after:.2f}s: {one}" for one in found]
        for one in found:
            print(f"{number} {act} {after:.2f}s: {one}", file=sys.stderr, flush=True)  # noqa: T201
        acks += len(acked)
        cut += not acked
        serial += 1
        if number % 20 == 19:
            print(f"{number + 1} kills, {acks} acknowledged, {len(problems)} problems", flush=True)  # noqa: T201
    return {"kills": kills, "cut": cut, "acked": acks, "problems": problems, "lasts": lasts}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanglao.config.settings")
    os.environ["YANGLAO_FAST_DOCTOR"] = "1"
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2])), ensure_ascii=False))  # noqa: T201
