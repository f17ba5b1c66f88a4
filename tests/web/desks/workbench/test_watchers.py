"""First pages of those who watch: what nobody has looked at is not called sound."""

from collections.abc import Callable
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from django.test import Client

from yanglao.foundation import audit
from yanglao.foundation.audit import keep_verdict

pytestmark = pytest.mark.django_db


def _tampered(client: Client) -> tuple[str, str]:
    page = BeautifulSoup(client.get("/").content, "html.parser")
    for stat in page.select(".k-stat"):
        if "记录被动过的地方" in stat.get_text():
            value, note = stat.select_one(".k-stat-value"), stat.select_one(".k-stat-note")
            assert value is not None
            assert note is not None
            return value.get_text(strip=True), note.get_text(strip=True)
    raise AssertionError("the page does not say it")


def test_a_record_that_nobody_checked_is_not_said_to_be_whole(
    client_as: Callable[..., Client], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dash until the first check, its count afterwards."""
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    client = client_as("audit_admin", "653200000000")
    assert _tampered(client) == ("—", "还没有核对过")
    keep_verdict(audit.verify())
    value, note = _tampered(client)
    assert value == "0处"
    assert note.endswith("核对")
