"""Units for systemd, and accounts from the command line."""

import configparser

import pytest

from tests.ops.conftest import Instance
from yanglao.ops.says import CannotDo
from yanglao.ops.systemd_units import install_units, units


def test_units_are_hardened_and_whole() -> None:
    made = units(user="yanglao", host="127.0.0.1", port=8000)
    assert len(made) == 4
    for name, text in made.items():
        read = configparser.RawConfigParser(strict=False)
        read.optionxform = str  # type: ignore[assignment,method-assign]
        read.read_string(text)
        if not name.endswith(".service"):
            assert read["Timer"]["Persistent"] == "yes"
            continue
        told = read["Service"]
        assert told["User"] == "yanglao"
        assert (told["NoNewPrivileges"], told["ProtectSystem"]) == ("yes", "strict")
        assert told["ExecStart"].startswith("/")
    assert "--no-worker" in made["yanglao-web.service"]
    assert "HUP" in made["yanglao-web.service"]


@pytest.mark.parametrize("user", [None, "root"])
def test_nothing_runs_as_root(user: str | None) -> None:
    with pytest.raises(CannotDo, match=r"root|用户"):
        install_units(user=user, host="127.0.0.1", port=8000)


def test_an_account_gets_a_link_and_no_password(instance: Instance) -> None:
    said = instance.does(
        "account", "add", "nur", "--role", "county", "--area", "653222", "--name", "努尔"
    )
    assert "/login/link/" in said
    assert "密码" in said
    again = instance.does("account", "link", "nur")
    assert "/login/link/" in again
    assert again.splitlines()[1] not in said
    assert "没有账号" in instance.run("account", "link", "nobody").stderr
