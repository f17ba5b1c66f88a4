"""A payment month killed at random moments pays nobody twice and forgets nobody.

``YANGLAO_KILLS=50`` kills more often; the whole is a program of its own, ``killing_payments``.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.killing_payments import fails


@pytest.mark.slow
def test_a_killed_month_pays_everybody_once(tmp_path: Path, repository: Path) -> None:
    kills = os.environ.get("YANGLAO_KILLS", "6")
    # A file of its own: the database of the tests is not for killing.
    environment = os.environ | {"YANGLAO_HOME": str(tmp_path), "DATABASE_URL": ""}
    done = subprocess.run(
        [sys.executable, "-m", "tests.flows.killing_payments", kills, "7"],
        env=environment,
        cwd=repository,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert json.loads(done.stdout.splitlines()[-1])["kills"] >= int(kills)


def test_the_invented_bank_fails_some_first_attempts_and_no_second() -> None:
    assert fails("P7#1") and not fails("P7#2") and not fails("P8#1")
