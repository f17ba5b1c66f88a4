"""How fast pages are with everybody loaded: asked through the program, as a signed-in officer."""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PAGES = ("/", "/leads/", "/leads/?kind=possible", "/people/?q=买买提", "/policies/", "/runs/")


def measure_pages(home: Path, out: Callable[[str], None]) -> dict[str, Any]:
    """Ask each page twenty times; return and say the 95th percentile in milliseconds."""
    done = subprocess.run(
        [sys.executable, "-m", "yanglao.ops.bench.pages"],
        env=os.environ | {"YANGLAO_HOME": str(home), "DATABASE_URL": ""},
        stdout=subprocess.PIPE,
        check=True,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    out(f"网页：95% 在 {told['p95']:.0f} 毫秒内（目标 300）；最慢的是 {told['slowest']}")
    return told


def main() -> None:
    """Ask the pages and print the figures."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanglao.config.settings")
    import django

    django.setup()
    from django.test import Client

    from yanglao.domain.accounts.public import Role, open_account
    from yanglao.foundation.scoping import system_reader

    account = open_account(
        username="bench",
        password="bench-only-2026",  # noqa: S106  an invented account of a throw-away database
        role=Role.COUNTY,
        area_code="653222000000",
        display_name="测量",
        acting=system_reader(),
        invented=True,
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(account)
    times: list[tuple[float, str]] = []
    for page in PAGES:
        client.get(page)
        for _ in range(20):
            started = time.perf_counter()
            response = client.get(page)
            times.append(((time.perf_counter() - started) * 1000, page))
            if response.status_code != 200:
                raise RuntimeError(f"{page}: {response.status_code}")
    p95 = statistics.quantiles([one for one, _page in times], n=20)[-1]
    told = {"p95": p95, "slowest": max(times)[1], "pages": len(PAGES)}
    sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
