"""A home that was filled with invented people says so however it is served."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

_ASK = "import django; from django.conf import settings; django.setup(); print(settings.DEMO)"


@pytest.mark.parametrize(("marked", "shown"), [(False, "False"), (True, "True")])
def test_a_demo_home_is_a_demo_without_a_setting(marked: bool, shown: str, tmp_path: Path) -> None:
    """``yanglao serve`` on it showed no banner once."""
    if marked:
        (tmp_path / "demo.json").write_text("{}")
    named = {"YANGLAO_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "yanglao.config.settings"}
    environment = {name: value for name, value in os.environ.items() if name != "YANGLAO_DEMO"}
    done = subprocess.run(
        [sys.executable, "-c", _ASK], env=environment | named, capture_output=True, check=True
    )
    assert done.stdout.decode().strip() == shown
