"""The small Hetian, once for each test."""

from pathlib import Path

import pytest

from tests.web.desks.match_desk.world import TODAY, World, make_world


@pytest.fixture(autouse=True)
def _fixed_day_and_own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_TODAY", TODAY.isoformat())
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))


@pytest.fixture
def world(db: None) -> World:
    """People, list, run."""
    return make_world()
