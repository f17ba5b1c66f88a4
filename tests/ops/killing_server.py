"""Kills ``yanglao serve`` while people work with it over HTTP. Run as a program of its own.

``python -m tests.ops.killing_server KILLS SEED`` in an environment that names a demo instance
(``YANGLAO_HOME``, ``DATABASE_URL``). Officers signed in by password hand in lists, move leads,
enter facts and ask for a match; another system pushes rows by the API; the worker beside the pages
does the jobs. At a random moment every process of the server is killed by SIGKILL at once. Then it
is started again, its jobs are let finish, and everything is looked for that an answer had
acknowledged. The last line of output is JSON.
"""

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import requests

from tests.ops.killing import REGION, Told, _list_of_people, in_child
from tests.ops.looking import PUSHED, look_and_tell

PASSWORD = "yanglao-demo"
COUNTY = "653222000000"
VILLAGE = "653222102208"
#: A killed server closes its connections at once; a slow one on a busy machine is waited for.
_WAIT, _LONGEST_JOBS = 60.0, 300.0
#: Serial numbers of one officer and of the next lie so far apart.
_APART = 1_000_000


@dataclass
class Round:
    """What happened between a start and a kill: acknowledged things, and all that was tried."""

    acked: list[dict[str, Any]] = field(default_factory=list)
    tried: list[int] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


class Server:
    """``yanglao serve`` in a process group of its own."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.log = Path(os.environ["YANGLAO_HOME"]) / "serve.log"
        words = [sys.executable, "-m", "yanglao.ops.cli", "serve", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(words, stdout=log, stderr=log, start_new_session=True)
        try:
            self._wait()
        except BaseException:
            self.kill()
            raise

    def _wait(self) -> None:
        for _ in range(1200):
            try:
                if requests.get(f"{self.base}/health/ready", timeout=_WAIT).status_code == 200:
                    return
            except requests.RequestException:
                pass
            if self.process.poll() is not None:
                break
            time.sleep(0.1)
        raise RuntimeError("the server does not start: " + self.log.read_text()[-2000:])

    def kill(self) -> None:
        """Kill all of it at once, and wait until nothing of it is left; twice is once."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        for _ in range(200):
            try:
                os.killpg(self.process.pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.02)
        raise RuntimeError("something of the server outlived the kill")


class Officer:
    """Somebody at a browser who keeps his session from one server to the next."""

    def __init__(self, name: str) -> None:
        self.name, self.session, self.signed_in = name, requests.Session(), 0

    def get(self, base: str, path: str) -> str:
        answer = self.session.get(base + path, timeout=_WAIT)
        if "/login/" in answer.url:
            self._sign_in(base, answer.text)
            answer = self.session.get(base + path, timeout=_WAIT)
        if answer.status_code >= 500:
            raise ValueError(f"{path}: {answer.status_code}")
        return answer.text

    def _sign_in(self, base: str, page: str) -> None:
        told = {"csrfmiddlewaretoken": token_of(page), "username": self.name, "password": PASSWORD}
        answer = self.session.post(f"{base}/login/", told, timeout=_WAIT, allow_redirects=False)
        if answer.status_code != 302:
            raise ValueError(f"{self.name} may not sign in: {answer.status_code}")
        self.signed_in += 1

    def post(self, base: str, path: str, page: str, told: dict[str, Any], files: Any = None) -> str:
        """Send a form; return where the answer leads: it is acknowledged then."""
        told = {"csrfmiddlewaretoken": token_of(page), **told}
        answer = self.session.post(
            base + path, told, files=files, timeout=_WAIT, allow_redirects=False
        )
        if answer.status_code >= 500:
            raise ValueError(f"{path}: {answer.status_code}")
        return str(answer.headers.get("Location", ""))


def token_of(page: str) -> str:
    """Return the token of a page's forms."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    return found[1] if found else ""


def hands_in(one: Officer, base: str, serial: int, now: Round, chance: random.Random) -> None:
    """Upload a list, look at it, have it taken in."""
    now.tried.append(serial)
    page = one.get(base, "/lists/upload/")
    told = {"sender": "杀", "division": REGION, "month": "2026-10", "full": "no", "kind": ""}
    files = [("lists", (f"kill-{serial}.xlsx", _list_of_people(serial)))]
    where = one.post(base, "/lists/upload/", page, told, files)
    token = where.removeprefix("/lists/upload/").strip("/")
    if not token or "/" in token:
        raise ValueError(f"an upload led to {where!r}")
    now.acked.append({"upload": token, "serial": serial})
    page = one.get(base, where)
    where = one.post(base, f"/lists/upload/{token}/take-in/", page, {})
    now.acked.append({"job": int(where.strip("/").split("/")[-1]), "serial": serial})


def moves(one: Officer, base: str, serial: int, now: Round, chance: random.Random) -> None:
    """Say what came of a lead."""
    lead = chance.choice(LEADS)
    page = one.get(base, f"/leads/{lead}/")
    states = re.findall(r'name="to_state"[^>]*value="(contacted|confirmed)"', page)
    states += re.findall(r'value="(contacted|confirmed)"[^>]*name="to_state"', page)
    if not states:
        return
    note = f"kill-{serial}"
    told = {"to_state": chance.choice(states), "note": note, "decline_reason": ""}
    if one.post(base, f"/leads/{lead}/move/", page, told):
        now.acked.append({"note": note, "lead": lead})


def enters(one: Officer, base: str, serial: int, now: Round, chance: random.Random) -> None:
    """Enter what was learnt about somebody."""
    path = f"/people/{chance.choice(PEOPLE)}/record/survey/"
    page = one.get(base, path)
    living = "alone" if serial % 2 else "with_children"
    told = {"living": living, "ground": "visit", "remark": f"kill-{serial}"}
    where = one.post(base, path, page, told)
    if "run=" in where:
        now.acked.append({"run": int(where.split("run=")[1]), "remark": f"kill-{serial}"})


def matches(one: Officer, base: str, serial: int, now: Round, chance: random.Random) -> None:
    """Ask for a match."""
    page = one.get(base, "/runs/start/")
    where = one.post(base, "/runs/start/", page, {"as_of": time.strftime("%Y-%m-%d")})
    now.acked.append({"job": int(where.strip("/").split("/")[-1])})


def pushes(one: Officer, base: str, serial: int, now: Round, chance: random.Random) -> None:
    """Push a list as another system does."""
    from yanglao.kernel.idnumber import check_digit

    serial %= _APART
    rows = []
    for at in range(serial * PUSHED, (serial + 1) * PUSHED):
        born = date.fromordinal(date(1920, 1, 1).toordinal() + at // 900)
        first = f"653222{born:%Y%m%d}{at % 900 + 100:03}"
        number = first + check_digit(first)
        rows.append({"姓名": f"推{serial:05}", "公民身份号码": number, "户籍地区划代码": VILLAGE})
    answer = requests.post(
        f"{base}/api/v1/lists/household?division={COUNTY}&month=2026-10",
        json={"rows": rows},
        headers={"Authorization": f"Bearer {KEY[0]}", "Idempotency-Key": f"kill-{serial:08}"},
        timeout=_WAIT,
    )
    if answer.status_code != 200:
        raise ValueError(f"a push was answered {answer.status_code}: {answer.text[:200]}")
    now.acked.append({"list": answer.json()["list_id"], "pushed": serial, "rows": rows})


LEADS: list[int] = []
PEOPLE: list[int] = []
KEY: list[str] = []
Act = Callable[[Officer, str, int, Round, random.Random], None]
#: Who does what, and for how many seconds he rests between two acts.
WORK: tuple[tuple[str, Act, float], ...] = (
    ("diqu", hands_in, 0.4),
    ("moyu", moves, 0.05),
    ("moyu", enters, 0.2),
    ("diqu", matches, 3.0),
    ("", pushes, 0.3),
)


def works(one: Officer, act: Act, rest: float, base: str, serial: int, now: Round) -> None:
    """Do one thing again and again until the server is gone."""
    chance = random.Random(serial)
    while not now.over.is_set():
        try:
            act(one, base, serial, now, chance)
        except requests.RequestException:
            return  # killed in the middle: nothing was acknowledged
        except (ValueError, IndexError) as problem:
            if not now.over.is_set():
                now.odd.append(f"{act.__name__}: {problem}")
        serial += 1
        now.over.wait(rest * chance.uniform(0.3, 1.5))


def prepare(told: Told) -> None:
    """Tell whom and what the officers may work on, and a key for the other system."""
    from yanglao.domain.clients.public import Purpose, Scope, issue_key
    from yanglao.domain.leads.public import leads
    from yanglao.foundation import clock
    from yanglao.foundation.scoping import system_reader

    acting = system_reader(COUNTY)
    found = list(leads(acting, state="open").order_by("pk").values_list("pk", "person_id")[:300])
    made = issue_key(
        name="杀",
        area_code=COUNTY,
        scopes=list(Scope.values),
        purposes=list(Purpose.values),
        expires_on=clock.today() + timedelta(days=30),
        per_minute=10**6,
        per_day=10**8,
        acting=acting,
    )
    told({"leads": [one[0] for one in found], "people": [one[1] for one in found]})
    told({"key": made.secret})


def wait_for_jobs(told: Told) -> None:
    """Wait until the worker has done what waited; tell how many are left and how they ended."""
    from django.db import connection

    end = time.monotonic() + _LONGEST_JOBS
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT state, count(*) FROM foundation_job GROUP BY state")
            states: dict[str, int] = dict(cursor.fetchall())
        left = states.get("waiting", 0) + states.get("running", 0)
        if not left or time.monotonic() > end:
            told({"left": left, "failed": states.get("failed", 0)})
            return
        time.sleep(0.2)


def _again(server: Server, one: Officer, now: Round) -> list[str]:
    """Ask the new server by HTTP for what the old one had acknowledged."""
    problems = []
    taken = {ack["serial"] for ack in now.acked if "job" in ack and "serial" in ack}
    for ack in now.acked:
        if "upload" in ack and ack["serial"] not in taken:
            page = one.get(server.base, f"/lists/upload/{ack['upload']}/")
            if f"kill-{ack['serial']}.xlsx" not in page:
                # Asked to be taken in, and killed before it could say so? The database knows.
                ack["gone"] = True
        if "pushed" in ack:
            answer = requests.post(
                f"{server.base}/api/v1/lists/household?division={COUNTY}&month=2026-10",
                json={"rows": ack["rows"]},
                headers={
                    "Authorization": f"Bearer {KEY[0]}",
                    "Idempotency-Key": f"kill-{ack['pushed']:08}",
                },
                timeout=_WAIT,
            )
            again = answer.json().get("list_id")
            if again != ack["list"]:
                problems.append(f"lost: push {ack['pushed']}: {answer.status_code} {again}")
    return problems


def _child(work: Callable[..., None]) -> dict[str, Any]:
    """Run work in a child that opens the database; return the last thing that it told."""
    told, _ran = in_child(work, None)
    last: dict[str, Any] = told[-1] if told else {"error": "the child told nothing"}
    return last


def one_round(server: Server, officers: list[Officer], serial: int, after: float) -> Round:
    """Let everybody work on a running server and kill it after some seconds."""
    now = Round()
    threads = [
        threading.Thread(
            target=works, args=(one, act, rest, server.base, serial + at * _APART, now), daemon=True
        )
        for at, (one, (_name, act, rest)) in enumerate(zip(officers, WORK, strict=True))
    ]
    for thread in threads:
        thread.start()
    time.sleep(after)
    now.over.set()
    server.kill()
    for thread in threads:
        thread.join(timeout=30)
    return now


def warm(server: Server, officers: list[Officer]) -> None:
    """Open what is worked with once, so that a kill falls into work and not into its beginning."""
    officers[0].get(server.base, "/lists/upload/")
    officers[1].get(server.base, f"/leads/{LEADS[0]}/")
    officers[2].get(server.base, f"/people/{PEOPLE[0]}/record/survey/")


def afterwards(server: Server, officers: list[Officer], now: Round) -> list[str]:
    """Return everything that is not as it should be on the server started again."""
    problems = list(now.odd)
    jobs = _child(wait_for_jobs)
    if jobs.get("error") or jobs["left"] or jobs["failed"]:
        problems.append(f"jobs: {jobs}")
    problems += _again(server, officers[0], now)
    found = _child(partial(look_and_tell, now.acked, now.tried))
    return problems + list(found.get("problems", [found.get("error")]))


def main(kills: int, seed: int) -> dict[str, Any]:
    """Kill so often; return what came of it."""
    import django

    django.setup()
    import yanglao.ops.doctor  # noqa: F401  children start at once

    prepared, _ran = in_child(prepare, None)
    LEADS[:], PEOPLE[:], KEY[:] = prepared[0]["leads"], prepared[0]["people"], [prepared[1]["key"]]
    # A hundred serial numbers a round, so that no list is handed in twice.
    chance, serial = random.Random(seed), seed % 3 * 20_000
    officers = [Officer(name) for name, _act, _rest in WORK]
    problems: list[str] = []
    acks: Counter[str] = Counter()
    everything = Round()
    server = Server()
    try:
        for one in officers:
            if one.name:
                one.get(server.base, "/")
        for number in range(kills):
            after = chance.uniform(0.2, 6.0)
            warm(server, officers)
            now = one_round(server, officers, serial, after)
            server = Server()
            found = afterwards(server, officers, now)
            problems += [f"{number} {after:.2f}s: {one}" for one in found]
            for one in found:
                print(f"{number} {after:.2f}s: {one}", file=sys.stderr, flush=True)  # noqa: T201
            acks.update(next(iter(one)) for one in now.acked)
            everything.acked += now.acked
            everything.tried += now.tried
            serial += 100
            if number % 10 == 9:
                print(f"{number + 1} kills, {dict(acks)}, {len(problems)} problems", flush=True)  # noqa: T201
        # Once more for all rounds together: later kills must not lose what earlier ones had kept.
        problems += afterwards(server, officers, Round(everything.acked, everything.tried))
    finally:
        server.kill()
    signed_in = sum(one.signed_in for one in officers)
    return {"kills": kills, "acked": dict(acks), "signed_in": signed_in, "problems": problems}


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanglao.config.settings")
    os.environ["YANGLAO_FAST_DOCTOR"] = "1"
    print(json.dumps(main(int(sys.argv[1]), int(sys.argv[2])), ensure_ascii=False))  # noqa: T201
