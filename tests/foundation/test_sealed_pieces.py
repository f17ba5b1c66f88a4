"""Long files in sealed pieces: read again as written, and nothing can be exchanged or cut."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yanglao.foundation import secrets
from yanglao.foundation.secrets import SealBroken, open_pieces, sealed_folder, writing_pieces
from yanglao.foundation.secrets import pieces as module
from yanglao.foundation.secrets.files import write_sealed

HEAD, ADDED = 17, 29


@pytest.fixture(autouse=True)
def _small_pieces(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    monkeypatch.setenv("YANGLAO_HOME", str(tmp_path))
    monkeypatch.setattr(module, "PIECE", 8)
    yield
    secrets.forget_keys()


def place(name: str = "1") -> Path:
    folder = sealed_folder("downloads") / name
    folder.mkdir(exist_ok=True)
    return folder / "file"


def written(data: bytes, name: str = "1") -> Path:
    path = place(name)
    with writing_pieces(path) as file:
        file.write(data)
    return path


def read(path: Path) -> bytes:
    with open_pieces(path) as file:
        return file.read()


def parts_of(path: Path) -> tuple[bytes, list[bytes]]:
    whole = path.read_bytes()
    body, step = whole[HEAD:], 8 + ADDED
    return whole[:HEAD], [body[at : at + step] for at in range(0, len(body), step)]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.binary(max_size=21), max_size=6))
def test_what_was_written_is_read(portions: list[bytes]) -> None:
    """Whatever the portions; no byte more than a mark and the seals is added."""
    path = place()
    with writing_pieces(path) as file:
        for portion in portions:
            file.write(portion)
    data = b"".join(portions)
    assert read(path) == data
    count = max(1, -(-len(data) // 8))
    assert path.stat().st_size == HEAD + len(data) + count * ADDED


@pytest.mark.parametrize(
    "hurt", ["swap", "cut", "cut_inside", "repeat", "drop_first", "flip", "mark"]
)
def test_no_piece_can_be_moved_or_cut(hurt: str) -> None:
    """Not even whole pieces at their borders."""
    path = written(b"abcdefgh" * 3)
    head, parts = parts_of(path)
    assert len(parts) == 3
    if hurt == "swap":
        parts[0], parts[1] = parts[1], parts[0]
    elif hurt == "cut":
        parts.pop()
    elif hurt == "cut_inside":
        parts[-1] = parts[-1][:-3]
    elif hurt == "repeat":
        parts.insert(1, parts[0])
    elif hurt == "drop_first":
        parts.pop(0)
    elif hurt == "flip":
        parts[1] = parts[1][:-1] + bytes((parts[1][-1] ^ 1,))
    else:
        head = head[:-1] + bytes((head[-1] ^ 1,))
    path.write_bytes(head + b"".join(parts))
    with pytest.raises(SealBroken):
        read(path)


def test_a_file_or_a_piece_of_another_is_not_taken() -> None:
    """Who asked for one download does not get the file of another, laid into its folder."""
    one, other = written(b"x" * 24), written(b"y" * 24, "2")
    head, parts = parts_of(one)
    _, foreign = parts_of(other)
    one.write_bytes(head + parts[0] + foreign[1] + parts[2])
    with pytest.raises(SealBroken):
        read(one)
    shutil.copy(other, one)
    with pytest.raises(SealBroken):
        read(one)


def test_what_failed_is_not_there() -> None:
    """Neither half a file nor its draft."""
    path = place()
    with pytest.raises(OSError, match="full"), writing_pieces(path) as file:
        file.write(b"z" * 100)
        raise OSError("disk full")
    assert list(path.parent.iterdir()) == []


def test_an_empty_or_foreign_file_says_so() -> None:
    """And files of this folder are never sealed as a whole."""
    path = place()
    for data in (b"", b"\x01", b"\x01" + bytes(16), b"PK\x03\x04 a workbook in the clear, once"):
        path.write_bytes(data)
        with pytest.raises((SealBroken, secrets.KeyProblem)):
            read(path)
    with pytest.raises(ValueError, match="as a whole"):
        write_sealed(path, b"whole")
