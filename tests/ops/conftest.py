"""An instance of its own, made once through the command line, copied for each test."""

import os
import shutil
import subprocess
import sys
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tools.run_tests import find_postgres

ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Instance:
    """An installation: its folder, its database, and the command line on it."""

    home: Path
    url: str = ""
    more: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("YANGLAO_", "DATABASE_"))}
        kept |= {
            "YANGLAO_HOME": str(self.home),
            "YANGLAO_KEYRING": os.environ["YANGLAO_KEYRING"],
            "YANGLAO_DEMO": "1",
            "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}",
        }
        if self.url:
            kept["DATABASE_URL"] = self.url
        return kept | self.more

    def run(self, *words: str, module: str = "yanglao.ops.cli") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", module, *words],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def does(self, *words: str) -> str:
        done = self.run(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="session")
def made_once(tmp_path_factory: pytest.TempPathFactory, _state_of_tests: None) -> Instance:
    """A demo of sixty people on SQLite, with a backup of it. Tests don't change it."""
    made = Instance(tmp_path_factory.mktemp("instance") / "home")
    made.home.mkdir(mode=0o750)
    made.does("demo", "--people", "60", "--no-serve")
    made.does("backup")
    return made


@pytest.fixture
def instance(made_once: Instance, tmp_path: Path) -> Instance:
    """A copy of the demo, to do with what a test likes."""
    home = tmp_path / "home"
    shutil.copytree(made_once.home, home)
    return Instance(home)


@pytest.fixture
def empty_instance(
    tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Callable[[str], Instance]]:
    """Return ``empty_instance("sqlite" | "postgresql")``: a place where nothing is yet."""
    made: list[tuple[str, str]] = []

    def make(kind: str) -> Instance:
        home = tmp_path / f"empty-{uuid.uuid4().hex[:6]}"
        if kind == "sqlite":
            return Instance(home)
        url, note = find_postgres()
        if not url:
            pytest.skip(note)
        server = url.rsplit("/", 1)[0] + "/postgres"
        name = f"yanglao_ops_{uuid.uuid4().hex[:10]}"
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        made.append((server, name))
        return Instance(home, f"{url.rsplit('/', 1)[0]}/{name}")

    yield make
    for server, name in made:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
