"""What doctor, command line and units say of memory and of the folder for what does not fit."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from yanglao.foundation import duck
from yanglao.ops import cli, matching
from yanglao.ops.doctor import machine
from yanglao.ops.doctor.finding import Level
from yanglao.ops.says import CannotDo
from yanglao.ops.systemd_units import units


def told(code: str) -> tuple[Level, str]:
    """Return what the doctor says under a code."""
    found = {one.code: one for one in machine.look_at_memory()}
    assert found[code].remedy or found[code].level is Level.GOOD
    return found[code].level, found[code].words


def test_the_doctor_tells_how_much_a_computation_may_take(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the machine is good; next to nothing and nearly all of it are notes."""
    monkeypatch.setattr(machine, "machine_memory", lambda: 8_000_000_000)
    monkeypatch.setattr(duck, "machine_memory", lambda: 8_000_000_000)
    monkeypatch.delenv(duck.ENV_MEMORY, raising=False)
    assert told("memory") == (Level.GOOD, "一次计算最多用 4.0 GB 内存（机器共 8.0 GB）")
    for words, said in (("1GB", "可能不够"), ("7.5GB", "太多")):
        monkeypatch.setenv(duck.ENV_MEMORY, words)
        level, sentence = told("memory")
        assert level is Level.NOTE and said in sentence
    monkeypatch.setenv(duck.ENV_MEMORY, "a lot")
    assert told("memory")[0] is Level.WRONG


def test_the_doctor_tells_on_what_the_folder_lies(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """None is good, a disk seen to be encrypted too; one that may not be is a note."""
    monkeypatch.delenv(duck.ENV_SPILL, raising=False)
    assert told("spill") == (Level.GOOD, "计算不写临时文件，放不进内存时会停下并说明")
    folder = tmp_path / "spill"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv(duck.ENV_SPILL, str(folder))
    for disk, level, said in (
        ("encrypted", Level.GOOD, "加密盘"),
        ("memory", Level.GOOD, "内存"),
        ("unknown", Level.NOTE, "明文"),
    ):
        monkeypatch.setattr(machine, "disk_of", lambda _folder, disk=disk: disk)
        assert told("spill")[0] is level and said in told("spill")[1]
    folder.chmod(0o755)
    level, sentence = told("spill")
    assert level is Level.WRONG and "不是 700" in sentence


def test_the_units_may_write_into_the_folder(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A hardened service sees the rest of the disk read-only."""
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv(duck.ENV_SPILL, "/srv/encrypted/spill")
    made = units(user="yanglao", host="127.0.0.1", port=8000)
    assert all(" -/srv/encrypted/spill\n" in made[name] for name in made if "service" in name)
    monkeypatch.setenv(duck.ENV_SPILL, str(tmp_path / "home" / "spill"))
    assert "spill" not in units(user="yanglao", host="127.0.0.1", port=8000)["yanglao-web.service"]


def test_the_command_line_says_it_in_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """No trace of Python: the step and what to do."""

    def match(**_options: object) -> None:
        with duck.open_duckdb(step="比对清单", memory="20MB") as con:
            con.execute("CREATE TABLE t AS SELECT range::VARCHAR AS a FROM range(9000000)")

    monkeypatch.setattr(matching, "run_match", match)
    done = CliRunner().invoke(cli.program, ["match"])
    assert isinstance(done.exception, CannotDo)
    assert str(done.exception).startswith("“比对清单”没有做完")
