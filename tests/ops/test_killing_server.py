"""``yanglao serve`` killed while people work with it: nothing half-written, nothing lost.

Four kills on each database here; ``YANGLAO_SERVER_KILLS=200`` for as many as one likes.
"""

import json
import os
import time
from collections.abc import Callable

import pytest

from tests.ops.conftest import Instance

KILLS = os.environ.get("YANGLAO_SERVER_KILLS", "4")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_a_server_killed_at_random_moments(
    kind: str, made_once: Instance, empty_instance: Callable[[str], Instance]
) -> None:
    instance = empty_instance(kind)
    instance.does("restore", str(next((made_once.home / "backups").glob("*.ylbackup"))))
    seed = str(int(time.time()))
    done = instance.run(KILLS, seed, module="tests.ops.killing_server")
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout.strip().splitlines()[-1])
    assert told["problems"] == [], f"seed {seed}"
    assert told["kills"] == int(KILLS)
    assert sum(told["acked"].values()) > 0, "nothing was acknowledged: nothing could be lost"
