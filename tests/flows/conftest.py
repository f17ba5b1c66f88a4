"""Flows keep files beside the database; each test has its own folder."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
