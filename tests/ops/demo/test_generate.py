"""The files: read back cell by cell with the kernel, and held against what they should say."""

import csv
import io
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import python_calamine

from tests.ops.demo.conftest import PEOPLE, SEED
from yanglao.kernel.dates import read_date
from yanglao.kernel.disability import read_card
from yanglao.kernel.division import normalise_code
from yanglao.kernel.idnumber import IdIssue, read_id_number
from yanglao.kernel.money import yuan_to_fen
from yanglao.kernel.names import tidy_name
from yanglao.ops.demo.generate import MAPPING_FILE, generate
from yanglao.ops.demo.list_columns import COLUMNS
from yanglao.ops.demo.list_rows import rows_of
from yanglao.ops.demo.manifest import ListFile, Manifest, read_manifest

Rows = dict[tuple[int, int], list[Any]]
Verdicts = dict[str, list[dict[str, str]]]


def read_back(file: ListFile) -> Rows:
    """Return the cells of every line by (sheet, row), as a spreadsheet program shows them."""
    data = file.path.read_bytes()
    if file.path.suffix == ".csv":
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("gb18030")
        lines = list(csv.reader(io.StringIO(text)))
        return {(1, at): cells for at, cells in enumerate(lines, start=1)}
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return {
        (number, at): cells
        for number, name in enumerate(book.sheet_names, start=1)
        for at, cells in enumerate(
            book.get_sheet_by_name(name).to_python(skip_empty_area=False), start=1
        )
    }


def test_every_kind_comes_and_in_every_format(month: Manifest) -> None:
    """Eleven kinds; the register and the survey by county; workbooks and both text encodings."""
    assert {file.kind for file in month.files} == set(COLUMNS)
    assert len([f for f in month.files if f.kind == "household"]) == 8
    assert len([f for f in month.files if f.kind == "survey"]) == 8
    endings = {f.path.suffix for f in month.files}
    assert endings == {".xlsx", ".csv"}
    heads = [f.path.read_bytes() for f in month.files if f.path.suffix == ".csv"]
    assert any(head.startswith(b"\xef\xbb\xbf") for head in heads)
    assert any(not _is_utf8(head) for head in heads)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_every_file_says_that_its_people_are_invented(month: Manifest) -> None:
    """In its name, and in its title where it has one."""
    for file in month.files:
        assert "样例" in file.path.name
        text = " ".join(str(cell) for cells in read_back(file).values() for cell in cells[:1])
        assert "虚构" in text or file.kind == "ltci"
    assert "虚构" in (month.folder / "说明.txt").read_text(encoding="utf-8")


def test_two_files_need_a_mapping_and_bring_it(month: Manifest) -> None:
    """A clerk of health and one of the agencies confirm their headers once."""
    mapped = {file.kind: file.mapping for file in month.files if file.mapping}
    assert set(mapped) == {"health", "assessment"}
    for kind, mapping in mapped.items():
        assert list(mapping.values()) == [column.header for column in COLUMNS[kind]]
    assert (month.folder / MAPPING_FILE).exists()


def test_verdicts_stand_where_the_rows_stand(month: Manifest, verdicts: Verdicts) -> None:
    """Rows told accepted read back as the person meant, by the kernel's readers, cell by cell."""
    checked = 0
    for file in month.files:
        rows = read_back(file)
        for verdict in verdicts[file.path.name]:
            cells = rows[int(verdict["sheet"]), int(verdict["row"])]
            if verdict["expected"] == "accepted":
                _must_read(file.kind, cells, verdict["id_number"])
                checked += 1
    assert checked > 5 * PEOPLE


def _must_read(kind: str, cells: list[Any], id_number: str) -> None:
    for column, cell in zip(COLUMNS[kind], cells, strict=False):
        if column.form == "id":
            reading = read_id_number(cell)
            assert reading.number and reading.number.text == id_number, (kind, cell)
        elif column.form == "card":
            card = read_card(cell).card
            assert card and card.id_number.text == id_number, (kind, cell)
        elif column.form in ("date", "month"):
            assert read_date(cell) is not None or not column.required, (kind, cell)
        elif column.form == "code":
            assert len(normalise_code(cell)) == 12
        elif column.form == "money" and cell not in ("", None):
            assert yuan_to_fen(cell) > 0
        elif column.choices and column.form != "int":
            word = str(cell).strip()
            assert word in column.choices or (not word and not column.required), (kind, cell)
        elif column.form == "name":
            assert tidy_name(str(cell)), (kind, cell)


def test_rows_that_must_come_back_cannot_be_read(month: Manifest, verdicts: Verdicts) -> None:
    """Each returned row has the fault that is told of it, found without the generator's help."""
    count = 0
    for file in month.files:
        rows = read_back(file)
        for verdict in verdicts[file.path.name]:
            if verdict["expected"] == "accepted":
                continue
            cells = rows[int(verdict["sheet"]), int(verdict["row"])]
            at = [c.header for c in COLUMNS[file.kind]].index(verdict["column"])
            cell = cells[at] if at < len(cells) else None
            assert _fault(file.kind, at, cell, verdict["reason"]), (verdict, cell)
            count += 1
    assert count > 30


ID_FAULTS = {
    "号码变成科学计数": IdIssue.LOST,
    "校验位不符": IdIssue.CHECK_DIGIT,
    "校验位不符且查无此人": IdIssue.CHECK_DIGIT,
    "号码缺一位": IdIssue.MALFORMED,
    "出生日期不存在": IdIssue.BIRTH_DATE,
    "必填项为空": IdIssue.EMPTY,
}


def _fault(kind: str, at: int, cell: Any, reason: str) -> bool:
    column = COLUMNS[kind][at]
    if column.form == "card":
        return read_card(cell).card is None
    if column.form == "id" and reason in ID_FAULTS:
        return read_id_number(cell).issue is ID_FAULTS[reason]
    if column.form == "id":
        return read_id_number(cell).number is not None  # a twin: the number itself is good
    if reason == "必填项为空":
        return cell in (None, "")
    if column.form == "date":
        with pytest.raises(ValueError, match=r"日期|不存在|请写成|不合理"):
            read_date(cell)
        return True
    if column.form == "code":
        try:
            return normalise_code(cell) in ("653299999999", "653201999201")
        except ValueError:
            return True
    return str(cell) not in column.choices


def test_received_is_accepted_and_returned(month: Manifest, verdicts: Verdicts) -> None:
    """Every row has exactly one verdict, and under one in a hundred is bad."""
    bad = total = 0
    for file in month.files:
        told = verdicts[file.path.name]
        assert len(told) == file.received
        assert len({(v["sheet"], v["row"]) for v in told}) == file.received
        assert sum(v["expected"] == "returned" for v in told) == file.returned
        bad += file.returned + file.either
        total += file.received
    assert 0.005 < bad / total < 0.0125


def test_every_cell_form_occurs(month: Manifest) -> None:
    """The lists exercise each form that lists.md names."""
    cells = [cell for file in month.files for line in read_back(file).values() for cell in line]
    texts = [cell for cell in cells if isinstance(cell, str)]
    everything = "\n".join(texts)
    for sign in "·•.．・‧":
        assert f"{sign}" in everything
    assert any(isinstance(cell, date | datetime) for cell in cells)
    assert any(isinstance(cell, float) and 10000 < cell < 60000 for cell in cells)  # serials
    assert any(isinstance(cell, float) and cell > 1e15 for cell in cells)  # lost numbers
    patterns = {
        "full-width": lambda t: t.startswith("６５"),
        "apostrophe": lambda t: t.startswith("'65"),
        "grouped": lambda t: len(t) == 20 and t[6:7] == " ",
        "lower x": lambda t: len(t) == 18 and t.endswith("x"),
        "old number": lambda t: len(t) == 15 and t.isdecimal() and t.startswith("6532"),
        "scientific": lambda t: "E+17" in t,
        "zh date": lambda t: t.endswith("日") and "年" in t and len(t) < 12,
        "compact": lambda t: len(t) == 8 and t[:2] in ("19", "20") and t.isdecimal(),
        "dots": lambda t: t.count(".") == 2 and t[:2] in ("19", "20"),
        "slashes": lambda t: t.count("/") == 2 and t[:2] in ("19", "20"),
        "town code": lambda t: len(t) == 9 and t.startswith("6532") and t.isdecimal(),
    }
    for name, holds in patterns.items():
        assert any(map(holds, texts)), name


def test_history_and_copies_occur(month: Manifest) -> None:
    """People stand twice on a list: with two dates, or sent twice."""
    population = month.population
    assert population is not None
    for kind in ("assistance", "health", "assessment"):
        numbers = [row.person.id_number for row in rows_of(kind, population.people)]
        assert len(numbers) > len(set(numbers)), kind


def test_same_seed_writes_the_same_truth(month: Manifest, tmp_path: Path) -> None:
    """Byte for byte: truth, verdicts, and every list."""
    again = generate(tmp_path, people=PEOPLE, seed=SEED)
    assert again.truth.read_bytes() == month.truth.read_bytes()
    assert again.verdicts.read_bytes() == month.verdicts.read_bytes()
    for old, new in zip(month.files, again.files, strict=True):
        assert new.path.read_bytes() == old.path.read_bytes(), new.path.name


def test_the_manifest_reads_back(month: Manifest) -> None:
    """What a command needs to take the lists in is in the folder."""
    again = read_manifest(month.folder)
    assert again == month
    assert all(path.exists() for path in again.paths)


@pytest.mark.parametrize("how", ["month", "manifest", "folder"])
def test_a_second_month_is_of_the_same_people(month: Manifest, tmp_path: Path, how: str) -> None:
    """By month, by manifest or by what the folder tells: the same November."""
    previous = {"month": month.month, "manifest": month, "folder": read_manifest(month.folder)}
    later = generate(tmp_path, people=PEOPLE, seed=SEED, month="2026-11", previous=previous[how])
    assert later.as_of == date(2026, 12, 1)
    names = [file.path.name.replace("2026-11", "2026-10") for file in later.files]
    assert names == [file.path.name for file in month.files]
    before, after = _truth(month), _truth(later)
    assert before.keys() == after.keys()
    moved = sum(before[number] != after[number] for number in before)
    assert 0.01 * len(before) < moved < 0.25 * len(before)


def _truth(manifest: Manifest) -> dict[str, dict[str, str]]:
    with manifest.truth.open(encoding="utf-8", newline="") as source:
        rows = {row["id_number"]: row for row in csv.DictReader(source)}
    for row in rows.values():
        del row["doubtful_kinds"]  # slips of the pen differ from month to month
    return rows


def test_nonsense_is_refused(tmp_path: Path) -> None:
    """Too few people, a day outside the month, a month before the last."""
    with pytest.raises(ValueError, match="50"):
        generate(tmp_path, people=10)
    with pytest.raises(ValueError, match="2026-10"):
        generate(tmp_path, people=60, as_of=date(2026, 12, 2))
    with pytest.raises(ValueError, match="2026-11"):
        generate(tmp_path, people=60, month="2026-11", previous="2026-11")


def test_progress_runs_from_nothing_to_all(tmp_path: Path) -> None:
    """The bar never goes back."""
    seen: list[int] = []
    generate(tmp_path, people=60, progress=lambda done, total, what: seen.append(done))
    assert seen[0] == 0
    assert seen[-1] == 100
    assert seen == sorted(seen)
