"""``yanglao assess score`` from the command line: no instance, no database."""

import csv
import io
import os
from pathlib import Path
from threading import Thread

import pytest
from click.testing import CliRunner, Result

from tests.engines.scoring import oracle
from yanglao.ops import cli
from yanglao.ops.says import CannotDo

WELL = {"id": "7", **oracle.BEST, **dict.fromkeys(oracle.CIRCUMSTANCES, 0)}
LTC_WELL = {"id": "7", **{code: max(points) for code, points in oracle.LTC_POINTS.items()}}


def write(path: Path, *sheets: dict[str, object], encoding: str = "utf-8") -> Path:
    """A file of sheets."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(sheets[0]))
        writer.writeheader()
        writer.writerows(sheets)
    return path


def run(*arguments: object) -> Result:
    """The command."""
    return CliRunner().invoke(cli.program, ["assess", "score", *map(str, arguments)])


def rows_of(text: str) -> list[dict[str, str]]:
    """CSV by column."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_to_the_standard_output(tmp_path: Path) -> None:
    """Rows there and nothing else; the counts on the error channel; exit 0 with faulty rows."""
    sheets = [WELL, WELL | {"id": "008", "b1_3": ""}, WELL | {"id": "张", "dementia": 1}]
    done = run("--standard", "gbt42195", write(tmp_path / "a.csv", *sheets, encoding="gb18030"))
    assert done.exit_code == 0, done.output
    found = rows_of(done.stdout)
    assert [(row["id"], row["preliminary"], row["final"]) for row in found] == [
        ("7", "0", "0"),
        ("008", "", ""),
        ("张", "0", "1"),
    ]
    assert found[1]["reasons"] == "b1_3（洗澡）：没有填写"
    assert "3 份，定级 2 份，缺答案或答案不可能 1 份" in done.stderr
    assert "b1_3 1 份" in done.stderr
    assert "未核实" in done.stderr


def test_to_a_file(tmp_path: Path) -> None:
    """Whole, with the mark that Excel needs, nothing beside it, nothing on the standard output."""
    source, target = write(tmp_path / "a.csv", LTC_WELL), tmp_path / "out.csv"
    target.write_text("old", encoding="utf-8")
    done = run("--standard", "ltc", source, "--export", target)
    assert (done.exit_code, done.stdout) == (0, "")
    found = rows_of(target.read_text(encoding="utf-8-sig"))
    assert (found[0]["adl"], found[0]["level"]) == ("100", "0")
    assert target.read_bytes().startswith(b"\xef\xbb\xbf")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "out.csv"]


def test_what_a_person_should_know(tmp_path: Path) -> None:
    """Columns that are missing or unknown, and empty lines."""
    sheet = {**WELL, "姓名": "甲"}
    del sheet["b2_2"]
    path = write(tmp_path / "a.csv", sheet)
    path.write_text(path.read_text(encoding="utf-8") + ",,,\n", encoding="utf-8")
    done = run("--standard", "gbt42195", path)
    assert done.exit_code == 0
    assert "文件里没有这些列，所以都不能定级：b2_2。" in done.stderr
    assert "没有用：姓名。" in done.stderr
    assert "空行 1 行" in done.stderr


@pytest.mark.parametrize(
    ("content", "words"),
    [("", "空的"), ("a,b\n1,2\n", "不是评估表的列名"), ("id,name\n1,2\n", "不是评估表的列名")],
)
def test_no_sheets(tmp_path: Path, content: str, words: str) -> None:
    """Says what is wrong; an older result stays."""
    source, target = tmp_path / "a.csv", tmp_path / "out.csv"
    source.write_text(content, encoding="utf-8")
    target.write_text("old", encoding="utf-8")
    done = run("--standard", "gbt42195", source, "--export", target)
    assert isinstance(done.exception, CannotDo)
    assert words in str(done.exception)
    assert target.read_text(encoding="utf-8") == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.csv", "out.csv"]


def test_what_cannot_be_written(tmp_path: Path) -> None:
    """No folder; or the file onto itself."""
    source = write(tmp_path / "a.csv", WELL)
    before = source.read_bytes()
    for target in (tmp_path / "none" / "out.csv", source):
        done = run("--standard", "gbt42195", source, "--export", target)
        assert isinstance(done.exception, CannotDo)
    assert source.read_bytes() == before


def test_from_a_pipe(tmp_path: Path) -> None:
    """What another program writes, read once."""
    source, pipe = write(tmp_path / "a.csv", WELL, encoding="gb18030"), tmp_path / "pipe"
    os.mkfifo(pipe)
    writing = Thread(target=lambda: pipe.write_bytes(source.read_bytes()))
    writing.start()
    done = run("--standard", "gbt42195", pipe)
    writing.join()
    assert rows_of(done.stdout)[0]["final"] == "0"


def test_before_the_standard(tmp_path: Path) -> None:
    """There was no such standard yet."""
    source = write(tmp_path / "a.csv", WELL)
    done = run("--standard", "gbt42195", source, "--as-of", "2022-12-29")
    assert isinstance(done.exception, CannotDo)
    assert run("--standard", "gbt42195", source, "--as-of", "2022-12-30").exit_code == 0


def test_called_wrongly(tmp_path: Path) -> None:
    """Exit code 2."""
    source = write(tmp_path / "a.csv", WELL)
    assert run("--standard", "barthel", source).exit_code == 2
    assert run(source).exit_code == 2
    assert run("--standard", "ltc", tmp_path / "none.csv").exit_code == 2
