"""How fast pages are with everybody loaded: asked through the program, as signed-in officers.

Every kind of page that officers open all day, as a prefecture, a county, a town and a village see
it; those that a role may not open are left out.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

#: How many elders are loaded (issue 2: "pages with 200,000 elders").
ELDERS = 200_000
_AREAS = {
    "prefecture": "653200000000",
    "county": "653222000000",
    "town": "653222100000",
    "village": "653222100001",
}
_PAGES = (
    "/",
    "/people/",
    "/people/?q=买买提",
    "/people/{person}/",
    "/leads/",
    "/leads/?kind=possible",
    "/leads/?page=20",
    "/leads/progress/",
    "/leads/{lead}/",
    "/lists/",
    "/lists/quality/",
    "/policies/",
    "/policies/08/",
    "/policies/08/people/",
    "/policies/08/people/?page=5",
    "/runs/",
    "/runs/{run}/",
    "/runs/{run}/changes/",
    "/system/places/",
    "/system/accounts/",
    "/self/",
)
_TIMES = 10


def measure_pages(home: Path, out: Callable[[str], None]) -> dict[str, Any]:
    """Ask each page ten times; return and say the 95th percentile in milliseconds."""
    done = subprocess.run(
        [sys.executable, "-m", "yanglao.ops.bench.pages"],
        env=os.environ | {"YANGLAO_HOME": str(home), "DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    met = "达到" if told["p95"] < 300 else "没有达到"
    out(
        f"网页（{ELDERS:,} 位老人，{told['pages']} 种页面）：中位数 {told['median']:.0f} 毫秒，"
        f"95% 在 {told['p95']:.0f} 毫秒内（目标 300，{met}）；最慢的是 {told['slowest']}"
    )
    return told


def main() -> None:
    """Ask the pages and print the figures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanglao.config.settings")
    import django

    django.setup()
    times: dict[str, list[float]] = {}
    for role, area in _AREAS.items():
        for page, took in _asked(role, area):
            times.setdefault(f"{role} {page}", []).append(took * 1000)
    every = [one for of_page in times.values() for one in of_page]
    of_pages = {page: statistics.median(of_page) for page, of_page in times.items()}
    told = {
        "p95": statistics.quantiles(every, n=20)[-1],
        "median": statistics.median(every),
        "slowest": max(of_pages, key=lambda page: of_pages[page]),
        "pages": len(of_pages),
        "of_pages": {page: round(took) for page, took in of_pages.items()},
    }
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


def _asked(role: str, area: str) -> Iterator[tuple[str, float]]:
    """Ask every page that the role may open, some times, and give how long each took (seconds)."""
    from django.test import Client

    from yanglao.domain.accounts.public import Role, open_account, reader_of
    from yanglao.domain.entitlements.public import latest_run
    from yanglao.domain.leads.public import leads
    from yanglao.foundation.scoping import system_reader

    account = open_account(
        username=f"bench-{role}",
        password="bench-only-2026",  # noqa: S106  an invented account of a throw-away database
        role=Role(role),
        area_code=area,
        display_name="测量",
        acting=system_reader(),
        invented=True,
    )
    reader = reader_of(account)
    lead = leads(reader, state="open").first()
    run = latest_run(reader)
    client = Client(headers={"host": "localhost"})
    client.force_login(account)
    for page in _PAGES:
        address = page.format(
            person=lead.person_id if lead else 0,
            lead=lead.pk if lead else 0,
            run=run.pk if run else 0,
        )
        if client.get(address).status_code != 200:
            continue
        for _ in range(_TIMES):
            started = time.perf_counter()
            client.get(address)
            yield page, time.perf_counter() - started


if __name__ == "__main__":
    main()
