"""The commands of the Makefile, and the run of the tests on two databases."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tools import run_tests


def _make(repository: Path, *words: str) -> str:
    environment = {n: v for n, v in os.environ.items() if not n.startswith("MAKE")}
    done = subprocess.run(
        ["make", "--no-print-directory", *words],
        cwd=repository,
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_plain_make_shows_every_command(repository: Path) -> None:
    """Help is built from the comments; a command without one would be hidden."""
    makefile = (repository / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    shown = set(re.findall(r"^  make (\w+)", _make(repository), re.MULTILINE))
    assert shown == targets
    assert {"demo", "test", "check", "setup", "bench", "scaffold", "help"} <= shown


def test_ci_runs_what_check_runs(repository: Path) -> None:
    """Lint, types, imports, then the very command of the README; nothing besides."""
    planned = _make(repository, "--dry-run", "check")
    steps = ["ruff check", "mypy", "lint-imports", "tools/run_tests.py"]
    places = [planned.index(step) for step in steps]
    assert places == sorted(places)
    assert "make --no-print-directory check" in (repository / ".ci" / "run").read_text("utf-8")


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the databases that the suite would have been run on; every run succeeds."""
    made: list[str] = []

    def run(url: str, words: list[str], *, again: bool = False) -> int:
        assert again == bool(made), "only the second database is asked less"
        made.append(url)
        return 0

    monkeypatch.setattr(run_tests, "run_pytest", run)
    monkeypatch.delenv(run_tests.ASKED, raising=False)
    return made


def test_both_databases_are_tested_when_postgres_answers(
    runs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite first, since it is the default."""
    monkeypatch.setattr(run_tests, "find_postgres", lambda: ("postgresql:///x", "answers"))
    assert run_tests.main([]) == 0
    assert runs == ["", "postgresql:///x"]


def test_it_is_said_when_postgres_was_not_tested(
    runs: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A green run on one database must not look like a run on two."""
    monkeypatch.setattr(run_tests, "_refusal", lambda url: "nobody there")
    assert run_tests.main([]) == 0
    assert runs == [""]
    assert "it is NOT tested" in capsys.readouterr().out


def test_a_database_asked_for_must_answer(
    runs: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Somebody who names a server wants it tested, not skipped."""
    monkeypatch.setenv(run_tests.ASKED, "postgresql://tester:secret@127.0.0.1:9/none")
    assert run_tests.main([]) == 1
    assert runs == []
    assert "secret" not in capsys.readouterr().out


def test_the_first_failure_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The last lines are then those of the run that failed, and the exit code is its own."""
    monkeypatch.setattr(run_tests, "find_postgres", lambda: ("postgresql:///x", "answers"))
    monkeypatch.setattr(run_tests, "run_pytest", lambda url, words, again=False: 2)
    assert run_tests.main([]) == 2


def test_a_shell_full_of_settings_does_not_leak_into_tests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Tests stand on their own day, their own database and their own folder."""
    seen: dict[str, str] = {}

    class Done:
        returncode = 0

    def run(command: list[str], *, cwd: Path, env: dict[str, str], check: bool) -> Done:
        seen.update(env)
        return Done()

    monkeypatch.setenv("YANGLAO_TODAY", "2020-02-02")
    monkeypatch.setenv("DATABASE_URL", "postgresql://production/real")
    monkeypatch.setenv("YANGLAO_HOME", "/somewhere/real")
    monkeypatch.setattr(run_tests.subprocess, "run", run)
    assert run_tests.run_pytest("", []) == 0
    assert "YANGLAO_TODAY" not in seen
    assert "DATABASE_URL" not in seen
    assert seen["YANGLAO_HOME"] != "/somewhere/real"


def test_the_address_of_the_server_is_kept() -> None:
    """An empty host is a socket; a path is the name of a database."""
    assert run_tests._shown("postgresql://postgres:secret@127.0.0.1/one") == "127.0.0.1/one"
    assert run_tests._shown("postgresql:///one") == "socket/one"
