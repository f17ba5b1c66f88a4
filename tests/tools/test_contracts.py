"""The import contracts say no: every kind of fault, put into a small house on purpose, is named."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_APPS = (
    *("accounts", "places", "people", "catalogue", "exchange", "entitlements", "leads"),
    *("clients", "access", "linkage", "rights", "assessments", "statuses", "ltci", "benefits"),
    *("health", "settlement"),
)
_ROOMS = [
    "kernel",
    "foundation",
    "engines",
    "engines/policy",
    "engines/intake",
    "adapters",
    "api",
    "api/v1",
    "domain",
    "flows",
    "jobs",
    "ops",
    "config",
    "web",
    "web/kit",
    "web/desks",
    "web/desks/leads_desk",
    "web/desks/policy_room",
]
_FILES = [
    "kernel/dates.py",
    "kernel/periods.py",
    "foundation/clock.py",
    "engines/policy/pack.py",
    "flows/find.py",
    "engines/intake/kinds.py",
    "jobs/wrappers.py",
    "ops/cli.py",
    "web/kit/pager.py",
    "config/urls.py",
    "web/desks/leads_desk/urls.py",
    "web/desks/policy_room/urls.py",
]

#: A file, what it imports on purpose, and the beginning of the contract that must say no.
_FAULTS = [
    ("kernel/dates.py", "yanglao.foundation.clock", "Floors"),
    ("foundation/clock.py", "yanglao.domain.places.public", "Floors"),
    ("flows/find.py", "yanglao.web.kit.pager", "Floors"),
    ("jobs/wrappers.py", "yanglao.ops.cli", "Floors"),
    ("domain/places/actions.py", "yanglao.engines.policy.pack", "Floors"),
    ("domain/places/actions.py", "yanglao.domain.people.public", "Domain apps"),
    ("domain/people/actions.py", "yanglao.domain.catalogue.public", "Domain apps"),
    ("domain/entitlements/actions.py", "yanglao.domain.leads.public", "Domain apps"),
    ("domain/places/models.py", "yanglao.domain.places.actions", "Shape of every domain app"),
    ("flows/find.py", "yanglao.domain.people.models", "A domain app is entered"),
    ("domain/people/queries.py", "yanglao.domain.places.models", "A domain app is entered"),
    ("kernel/dates.py", "django.utils.timezone", "Kernel and engines"),
    ("engines/policy/pack.py", "django.db", "Kernel and engines"),
    ("kernel/dates.py", "yaml", "The kernel stands"),
    ("engines/policy/pack.py", "yanglao.engines.intake.kinds", "Engines do not know"),
    ("web/desks/leads_desk/urls.py", "yanglao.web.desks.policy_room.urls", "Desks"),
    ("web/kit/pager.py", "yanglao.web.desks.policy_room.urls", "The kit of page parts knows"),
    ("web/kit/pager.py", "yanglao.domain.people.public", "The kit of page parts does not"),
    ("web/desks/leads_desk/urls.py", "yanglao.engines.policy.pack", "Screens, jobs"),
    ("ops/cli.py", "yanglao.engines.policy.pack", "Screens, jobs"),
    ("kernel/periods.py", "yanglao.kernel.dates", "No rings"),
    ("common/__init__.py", "sys", "Floors"),
    ("domain/people/leftovers.py", "sys", "Shape of every domain app"),
    (
        "domain/strangers/__init__.py",
        "sys",
        "Missing layer in container 'yanglao.domain.strangers'",
    ),
]


def _build(root: Path, contracts: Path) -> Path:
    """Make a house of this shape with nearly empty files."""
    package = root / "src" / "yanglao"
    for room in ("", *_ROOMS, *(f"domain/{app}" for app in _APPS)):
        (package / room).mkdir(parents=True, exist_ok=True)
        (package / room / "__init__.py").touch()
    for app in _APPS:
        folder = package / "domain" / app
        (folder / "migrations").mkdir()
        (folder / "migrations" / "__init__.py").touch()
        (folder / "apps.py").touch()
        _add(folder / "public.py", f"import yanglao.domain.{app}.actions")
        _add(folder / "actions.py", f"import yanglao.domain.{app}.models")
        _add(folder / "queries.py", f"import yanglao.domain.{app}.models")
        _add(folder / "models.py", f"import yanglao.domain.{app}.types")
        (folder / "types.py").touch()
    for path in _FILES:
        (package / path).touch()
    _add(package / "kernel" / "dates.py", "import yanglao.kernel.periods")
    _add(package / "flows" / "find.py", "import yanglao.engines.policy.pack")
    shutil.copy(contracts, root / ".importlinter")
    (root / "tools").mkdir()
    (root / "tools" / "__init__.py").touch()
    shutil.copy(contracts.parent / "tools" / "doors.py", root / "tools" / "doors.py")
    return package


def _add(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")


def _lint(root: Path) -> tuple[int, str]:
    environment = os.environ | {"PYTHONPATH": str(root / "src"), "COLUMNS": "300"}
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=root,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


@pytest.fixture
def house(tmp_path: Path, repository: Path) -> Path:
    """Return the package folder of a small house without faults."""
    return _build(tmp_path, repository / ".importlinter")


def test_a_house_without_faults_passes(house: Path) -> None:
    """The contracts forbid no more than they say."""
    code, said = _lint(house.parents[1])
    assert code == 0, said


@pytest.mark.parametrize(("path", "imported", "contract"), _FAULTS)
def test_every_fault_is_named(house: Path, path: str, imported: str, contract: str) -> None:
    """One fault at a time: the build stops, and the report names the contract."""
    _add(house / path, f"import {imported}")
    code, said = _lint(house.parents[1])
    assert code != 0
    refusals = [line for line in said.splitlines() if "BROKEN" in line or "Missing" in line]
    assert any(line.startswith(contract) for line in refusals), said
