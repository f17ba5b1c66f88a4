"""Killed at random moments: nothing half-written, nothing acknowledged lost, the doctor content.

A dozen kills on each database here; ``YANGLAO_KILLS=200`` for as many as one likes.
"""

import json
import os
import time
from collections.abc import Callable

import pytest

from tests.ops.conftest import Instance

KILLS = os.environ.get("YANGLAO_KILLS", "12")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_killed_at_random_moments(
    kind: str, made_once: Instance, empty_instance: Callable[[str], Instance]
) -> None:
    instance = empty_instance(kind)
    instance.does("restore", str(next((made_once.home / "backups").glob("*.ylbackup"))))
    seed = str(int(time.time()))
    done = instance.run(KILLS, seed, module="tests.ops.killing")
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert told["problems"] == [], f"seed {seed}"
    assert told["kills"] == int(KILLS)
    assert told["cut"] + told["acked"] > 0
