"""Tables and migrations say the same."""

import io
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.architecture.house import ROOT, apps, told


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    """A changed table without its migration works in tests alone."""
    said = io.StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said, verbosity=1)
    except (SystemExit, CommandError):
        pytest.fail(f"Run: .venv/bin/python -m django makemigrations\n{said.getvalue()}")


@pytest.mark.django_db
def test_the_whole_program_is_sound(settings: Any) -> None:
    """Django's own checks find nothing, warnings included."""
    # pytest-django's guard against unknown template variables is no string, and is meant.
    settings.SILENCED_SYSTEM_CHECKS = ["templates.E002"]
    call_command("check", fail_level="WARNING")


def test_migrations_import_no_code_of_ours_but_floors_that_stay() -> None:
    """A migration must run in ten years: it does not lean on actions, queries or models."""
    problems = []
    for app in apps():
        for path in sorted((app / "migrations").glob("0*.py")):
            text = path.read_text(encoding="utf-8")
            problems += [
                f"{path.relative_to(ROOT)}: {line.strip()}"
                for line in text.splitlines()
                if line.startswith(("import yanglao", "from yanglao"))
                and not line.split()[1].startswith(("yanglao.kernel", "yanglao.foundation"))
                and not line.split()[1].endswith(".types")
            ]
    told(problems, "Use apps.get_model, or write the value out.")
