"""Runs the test suite on SQLite, and again on PostgreSQL when one answers.

``make test`` calls it. What follows ``--`` or is not known here goes to pytest. The last lines of
the output are always pytest's own.
"""

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

ROOT = Path(__file__).resolve().parents[1]
#: An address given on purpose: then a database that does not answer is a failure.
ASKED = "YANGLAO_TEST_DATABASE_URL"
OLDEST_POSTGRES = 140000
#: Settings of a developer's shell that must not leak into tests.
LEAKS = ("DATABASE_URL", "YANGLAO_TODAY", "YANGLAO_DEMO", "YANGLAO_DEBUG", "YANGLAO_HOSTS")


def main(words: Sequence[str] | None = None) -> int:
    """Run the suite on each database; return pytest's exit code of the first run that failed."""
    parser = argparse.ArgumentParser(prog="tools/run_tests.py", description=__doc__)
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    options, for_pytest = parser.parse_known_args(words)
    runs: list[tuple[str, str]] = []
    if options.database != "postgres":
        runs.append(("SQLite", ""))
    if options.database != "sqlite":
        url, note = find_postgres()
        print(f"→ {note}", flush=True)
        if url:
            runs.append(("PostgreSQL", url))
        elif options.database == "postgres" or os.environ.get(ASKED):
            return 1
    for number, (name, url) in enumerate(runs):
        again = number > 0
        note = "（凡用到数据库的 · all that ask a database）" if again else ""
        print(f"→ 在 {name} 上测试 · testing on {name}{note}", flush=True)
        code = run_pytest(url, [word for word in for_pytest if word != "--"], again=again)
        if code:
            return code
    return 0


def run_pytest(url: str, words: list[str], *, again: bool = False) -> int:
    """Run pytest on one database, with a state folder of its own; return its exit code.

    ``again``: a second database; only tests that ask a database are repeated.
    """
    environment = {name: value for name, value in os.environ.items() if name not in LEAKS}
    if url:
        environment["DATABASE_URL"] = url
    if again:
        environment["YANGLAO_TESTS"] = "database"
    cores = [] if any(word.startswith("-n") for word in words) else ["-n", "2"]
    with tempfile.TemporaryDirectory(prefix="yanglao-tests-") as home:
        environment["YANGLAO_HOME"] = home
        command = [sys.executable, "-m", "pytest", *cores, "--dist", "loadfile", *words]
        return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode


def find_postgres() -> tuple[str, str]:
    """Return ``(address or "", sentence)``: a server where this user may make databases."""
    asked = os.environ.get(ASKED)
    # One test database per checkout, so that two of them do not tread on each other.
    name = f"yanglao_{hashlib.sha256(str(ROOT).encode()).hexdigest()[:8]}"
    tried = [asked] if asked else _local_addresses(name)
    why = ""
    for url in tried:
        why = _refusal(url)
        if not why:
            return url, f"PostgreSQL 可用，两种数据库都测 · PostgreSQL answers ({_shown(url)})."
    if asked:
        return "", f"{ASKED}: {why}"
    return "", (
        "没有可用的 PostgreSQL，只在 SQLite 上测试 · No PostgreSQL answers here: it is NOT tested. "
        f"Set {ASKED} to test it too."
    )


def _local_addresses(name: str) -> list[str]:
    """Return the addresses of a server of this machine: by socket, then by loopback."""
    return [
        f"postgresql:///{name}",
        f"postgresql://127.0.0.1/{name}",
        f"postgresql://postgres@127.0.0.1/{name}",
    ]


def _refusal(url: str) -> str:
    """Return why tests cannot run at this address; ``""`` when they can."""
    server = urlsplit(url)._replace(path="/postgres").geturl()
    if "//" not in server:  # urlsplit drops an empty host
        server = server.replace(":", "://", 1)
    try:
        with psycopg.connect(server, connect_timeout=3) as connection:
            row = connection.execute(
                "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
            ).fetchone()
            if connection.info.server_version < OLDEST_POSTGRES:
                return f"PostgreSQL {connection.info.server_version // 10000} is too old (14)"
    except psycopg.Error as problem:
        return str(problem).strip()
    return "" if row and row[0] else "this user may not make databases"


def _shown(url: str) -> str:
    """Return an address without its password."""
    parts = urlsplit(url)
    return f"{parts.hostname or 'socket'}{parts.path}"


if __name__ == "__main__":
    sys.exit(main())
