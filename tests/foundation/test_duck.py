"""DuckDB at the end of its memory: what it says, and where it writes nothing."""

import os
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pyarrow as pa
import pytest

from yanglao.foundation import duck
from yanglao.foundation.analytics import AnalyticSession, analytic_session
from yanglao.foundation.duck import (
    NotEnoughMemory,
    WrongSetting,
    bytes_of,
    disk_of,
    open_duckdb,
    session_memory,
    spill,
)

#: Half a GB of text, sorted in a tenth of that.
_BIG = (
    "CREATE TABLE big AS SELECT '虚构的老人' || hash(range)::VARCHAR AS word FROM range(6000000) "
    "ORDER BY word"
)


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """No settings, and a folder to work in where a stray file would be seen."""
    monkeypatch.delenv(duck.ENV_MEMORY, raising=False)
    monkeypatch.delenv(duck.ENV_SPILL, raising=False)
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    yield
    assert list(work.rglob("*")) == [], "DuckDB wrote into the folder of work"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to spill into, set."""
    made = tmp_path / "spill"
    made.mkdir(mode=0o700)
    monkeypatch.setenv(duck.ENV_SPILL, str(made))
    return made


def test_at_the_limit_a_session_says_what_to_do_and_writes_nothing(tmp_path: Path) -> None:
    """The step, the limit and both remedies are named; no file anywhere."""
    with (
        pytest.raises(NotEnoughMemory) as told,
        analytic_session(step="比对清单", memory="100MB") as session,
    ):
        session.con.execute(_BIG)
    said = str(told.value)
    assert said.startswith("“比对清单”没有做完") and "100MB" in said
    assert duck.ENV_MEMORY in said and duck.ENV_SPILL in said
    assert isinstance(told.value.__cause__, duckdb.OutOfMemoryException)
    assert not any(path.is_file() for path in tmp_path.rglob("*"))


def test_a_named_folder_is_used_and_left_empty(folder: Path) -> None:
    """The same work is done; the files go with the session, those of killed ones too."""
    left = folder / "duck-999999999-dead"
    left.mkdir()
    (left / "duckdb_temp_storage-0.tmp").write_bytes(b"left by a killed process")
    with analytic_session(memory="100MB") as session:
        session.con.execute(_BIG)
        assert session.rows("SELECT count(*) FROM big") == [(6_000_000,)]
        spilled = [path for path in folder.rglob("*") if path.is_file()]
        assert sum(path.stat().st_size for path in spilled) > 50_000_000
        assert {path.parent.name.split("-")[1] for path in spilled} == {str(os.getpid())}
    assert list(folder.iterdir()) == []


def test_a_folder_that_is_full_is_named(folder: Path) -> None:
    """What does not fit there either ends with words about that folder."""
    with (
        pytest.raises(NotEnoughMemory, match=str(folder)),
        open_duckdb(step="核对", memory="100MB") as con,
    ):
        con.execute("SET max_temp_directory_size = '10MB'")
        con.execute(_BIG)
    assert list(folder.iterdir()) == []


def test_a_folder_that_others_may_open_is_not_used(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Missing, a link, a file, not a full path, readable by others: told, and not written to."""
    assert spill() == duck.Spill(folder)
    link, file = tmp_path / "link", tmp_path / "file"
    link.symlink_to(folder)
    file.write_text("")
    for named, said in (
        (str(tmp_path / "none"), "没有文件夹"),
        (str(link), "链接"),
        (str(file), "文件夹"),
        ("spill", "没有文件夹"),
    ):
        monkeypatch.setenv(duck.ENV_SPILL, named)
        assert spill().folder is None and said in spill().problem
    monkeypatch.setenv(duck.ENV_SPILL, str(folder))
    folder.chmod(0o750)
    with (
        pytest.raises(NotEnoughMemory, match="权限不是 700"),
        analytic_session(memory="100MB") as session,
    ):
        session.con.execute(_BIG)
    assert list(folder.iterdir()) == []


def test_sessions_of_pages_never_spill(folder: Path) -> None:
    """What a thread keeps for a few rows has a small limit and no folder."""
    session = AnalyticSession(memory="100MB", threads=1, spilling=False)
    with pytest.raises(duckdb.OutOfMemoryException):
        session.con.execute(_BIG)
    session.close()
    assert list(folder.iterdir()) == []


def test_memory_follows_the_machine_or_the_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the machine or of its container; the setting wins; nonsense is told."""
    monkeypatch.setattr(duck, "machine_memory", lambda: 24_000_000_000)
    assert session_memory() == "12000MB"
    monkeypatch.setattr(duck, "machine_memory", lambda: 500_000_000)
    assert session_memory() == "1000MB"
    monkeypatch.setenv(duck.ENV_MEMORY, "3 GB")
    assert session_memory() == "3000MB"
    with open_duckdb() as con:
        said = con.execute("SELECT current_setting('memory_limit')").fetchall()[0][0]
    assert said == "2.7 GiB"
    for words in ("lots", "0GB", "80%", "4"):
        monkeypatch.setenv(duck.ENV_MEMORY, words)
        with pytest.raises(WrongSetting, match="4GB"):
            session_memory()
    assert bytes_of("2500MB") == bytes_of("2.5g") == 2_500_000_000


def test_a_container_has_less_than_its_machine(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The limit of the container counts; "max" and what cannot be read do not."""
    whole = duck.machine_memory()
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(duck, "_LIMITS", (limit,))
    limit.write_text("max\n")
    assert duck.machine_memory() >= whole
    limit.write_text("2000000000\n")
    assert duck.machine_memory() == 2_000_000_000


def test_errors_of_arrow_are_understood_and_others_left_alone() -> None:
    """DuckDB's words inside another library's error count; a plain error stays what it was."""
    with pytest.raises(NotEnoughMemory), duck.within_memory("", "1GB"):
        raise pa.ArrowInvalid("Out of Memory Error: could not allocate block")
    with pytest.raises(duckdb.CatalogException), duck.within_memory("", "1GB"):
        duckdb.connect(":memory:").execute("SELECT * FROM nothing")


def test_what_a_folder_lies_on(tmp_path: Path) -> None:
    """dm-crypt below, also through another layer; half of it is not enough."""
    crypt = tmp_path / "crypt"
    (crypt / "dm").mkdir(parents=True)
    (crypt / "dm" / "uuid").write_text("CRYPT-LUKS2-0a0b-root\n")
    plain = tmp_path / "plain"
    plain.mkdir()
    upper = tmp_path / "upper"
    (upper / "slaves").mkdir(parents=True)
    (upper / "slaves" / "crypt").symlink_to(crypt)
    assert duck._is_crypt(crypt) and duck._is_crypt(upper) and not duck._is_crypt(plain)
    (upper / "slaves" / "plain").symlink_to(plain)
    assert not duck._is_crypt(upper)
    assert disk_of(tmp_path) in ("encrypted", "memory", "unknown")
