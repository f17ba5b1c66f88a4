"""A new app or desk has the agreed shape, is known everywhere, and its tests fail until written."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tools import scaffold

_LEFT_OUT = shutil.ignore_patterns("__pycache__", "dist", "node_modules", "*.pyc")


@pytest.fixture
def copy(tmp_path: Path, repository: Path) -> Path:
    """Return a copy of the checkout that may be changed."""
    root = tmp_path / "checkout"
    root.mkdir()
    for name in ("src", "tools", "policies", "frontend"):
        if (repository / name).exists():
            shutil.copytree(repository / name, root / name, ignore=_LEFT_OUT)
    for name in ("conftest.py", "loud.py", "prepared.py", "architecture"):
        source = repository / "tests" / name
        target = root / "tests" / name
        target.parent.mkdir(exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, ignore=_LEFT_OUT)
        else:
            shutil.copy(source, target)
    for name in (".importlinter", "pyproject.toml"):
        shutil.copy(repository / name, root / name)
    return root


def _run(root: Path, *words: str) -> tuple[int, str]:
    environment = os.environ | {
        "PYTHONPATH": str(root / "src"),
        "YANGLAO_HOME": str(root / "var"),
        "COLUMNS": "200",
    }
    done = subprocess.run(
        words, cwd=root, env=environment, capture_output=True, text=True, check=False
    )
    return done.returncode, done.stdout + done.stderr


def _pytest(root: Path, *paths: str) -> tuple[int, str]:
    return _run(root, sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n0", *paths)


def test_a_new_app_and_desk_keep_the_contracts(copy: Path) -> None:
    """The import contracts and the architecture tests find nothing wrong with what was made."""
    made = ("orders", "meals", "dispatch_board")
    scaffold.make_app(copy, "orders")
    scaffold.make_app(copy, "meals", above="entitlements")
    scaffold.make_desk(copy, "dispatch_board")
    _code, said = _run(copy, str(Path(sys.executable).parent / "lint-imports"), "--no-cache")
    assert "Contracts" in said
    assert not [name for name in made if name in said], said
    names = ("test_domain", "test_web", "test_sources")
    _code, said = _pytest(copy, *(f"tests/architecture/{name}.py" for name in names))
    assert "passed" in said
    assert not [name for name in made if name in said], said


def test_stubs_fail_until_they_are_written(copy: Path) -> None:
    """Nobody can land an app whose promises are untested."""
    scaffold.make_app(copy, "visits")
    scaffold.make_desk(copy, "visits_desk")
    code, said = _pytest(copy, "tests/domain/visits", "tests/web/desks/visits_desk")
    assert code == 1
    assert "8 failed" in said
    assert "write the test that shows" in said


def test_brackets_are_dropped_where_the_plan_names_the_app(copy: Path) -> None:
    """The plan says where the app stands; nobody needs to."""
    scaffold.make_app(copy, "visits")
    order = (copy / ".importlinter").read_text(encoding="utf-8")
    assert "    (orders) | visits | " in order
    assert "(visits)" not in order


def test_an_app_outside_the_plan_needs_its_place(copy: Path) -> None:
    """Without a place it would land anywhere; the message names the apps to choose from."""
    with pytest.raises(scaffold.CannotScaffold, match=r"ABOVE=…; one of: .*leads, entitlements"):
        scaffold.make_app(copy, "meals")
    scaffold.make_app(copy, "meals", above="leads")
    lines = (copy / ".importlinter").read_text(encoding="utf-8").splitlines()
    assert lines[lines.index("    leads") - 1] == "    meals"


@pytest.mark.parametrize("name", ["utils", "helpers", "Benefits", "a", "with-dash", "class", ""])
def test_bad_names_are_refused(tmp_path: Path, name: str) -> None:
    """A name says what the thing is about, in the form of a Python package."""
    with pytest.raises(scaffold.CannotScaffold):
        scaffold.make_app(tmp_path, name)
    with pytest.raises(scaffold.CannotScaffold):
        scaffold.make_desk(tmp_path, name)


def test_nothing_is_overwritten(copy: Path) -> None:
    """An app that is there stays as it is."""
    before = (copy / ".importlinter").read_text(encoding="utf-8")
    with pytest.raises(scaffold.CannotScaffold, match="already there"):
        scaffold.make_app(copy, "people")
    assert (copy / ".importlinter").read_text(encoding="utf-8") == before
