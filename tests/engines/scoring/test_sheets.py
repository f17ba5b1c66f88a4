"""Whole files of sheets: headers in any order, bad cells, odd files; one row never stops others."""

import csv
import io
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.engines.scoring import oracle
from yanglao.engines.scoring.rows import NotText, reading
from yanglao.engines.scoring.sheets import Counts, Layout, output_header, read_header, score_rows
from yanglao.engines.scoring.tables import AbilityScale, LtcScale

COLUMNS = ["id", *oracle.BEST, *oracle.CIRCUMSTANCES]
WELL = {"id": "7", **oracle.BEST, **dict.fromkeys(oracle.CIRCUMSTANCES, 0)}
LTC_COLUMNS = ["id", *oracle.LTC_POINTS]
LTC_WELL = {"id": "7", **{code: max(points) for code, points in oracle.LTC_POINTS.items()}}


def score(
    scale: AbilityScale | LtcScale, data: bytes
) -> tuple[list[dict[str, str]], Layout, Counts]:
    """A file's bytes to rows by column, what the header said, and the counts."""
    with reading(io.BytesIO(data)) as (header, rows):
        layout, counts = read_header(scale, header), Counts()
        text = "".join(score_rows(scale, layout, rows, counts))
    names = output_header(scale)
    found = [
        dict(zip(names, row, strict=True)) for row in csv.reader(io.StringIO(text, newline=""))
    ]
    return found, layout, counts


def file_of(columns: list[str], *sheets: dict[str, object], encoding: str = "utf-8") -> bytes:
    """A file with the columns in an order."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(sheets)
    return text.getvalue().encode(encoding)


def one(scale: AbilityScale | LtcScale, **cells: object) -> dict[str, str]:
    """A file of three sheets, the middle one with other cells; the others must not mind."""
    well, columns = (WELL, COLUMNS) if isinstance(scale, AbilityScale) else (LTC_WELL, LTC_COLUMNS)
    level = "final" if isinstance(scale, AbilityScale) else "level"
    found, _, counts = score(scale, file_of(columns, well, well | {"id": "odd"} | cells, well))
    assert [row["id"] for row in found] == ["7", str(cells.get("id", "odd")), "7"]
    assert [found[0][level], found[2][level]] == ["0", "0"]
    assert counts.sheets == 3
    assert counts.with_level == 2 + bool(found[1][level])
    return found[1]


def test_header_of_the_output(ability_scale: AbilityScale, ltc_scale: LtcScale) -> None:
    """As the contract writes it."""
    assert ",".join(output_header(ability_scale)) == (
        "id,self_care,mobility,mental,sensory_social,total,preliminary,final,reasons"
    )
    assert ",".join(output_header(ltc_scale)) == "id,adl,cognition,sensory,level,reasons"


@given(st.integers(0, 2**32))
def test_a_file_says_what_the_oracle_says(ability_scale: AbilityScale, seed: int) -> None:
    """Random sheets, columns in random order: every cell behind the id."""
    chance = random.Random(seed)
    sheets = []
    for number in range(5):
        sheet = {"id": f"x{number}"} | {
            code: best if chance.random() < 0.7 else chance.randint(0, best)
            for code, best in oracle.BEST.items()
        }
        sheet |= {name: int(chance.random() < 0.2) for name in oracle.CIRCUMSTANCES}
        sheets.append(sheet | {"risk_events": chance.choice((0, 0, 1, 2, 3, 120))})
    columns = chance.sample(COLUMNS, len(COLUMNS))
    found, _, _ = score(ability_scale, file_of(columns, *sheets))
    names = output_header(ability_scale)[1:-1]
    for sheet, row in zip(sheets, found, strict=True):
        assert row["id"] == sheet["id"]
        assert [int(row[name]) for name in names] == oracle.ability(sheet)
        assert row["reasons"].count("最终等级") == 1


@given(st.integers(0, 2**32))
def test_a_file_of_ltc_says_what_the_oracle_says(ltc_scale: LtcScale, seed: int) -> None:
    """Random sheets, columns in random order."""
    chance = random.Random(seed)
    low = chance.random() < 0.5
    sheets = [
        {"id": f"x{number}"}
        | {
            code: 0 if low and chance.random() < 0.7 else chance.choice(points)
            for code, points in oracle.LTC_POINTS.items()
        }
        for number in range(5)
    ]
    columns = chance.sample(LTC_COLUMNS, len(LTC_COLUMNS))
    found, _, _ = score(ltc_scale, file_of(columns, *sheets))
    for sheet, row in zip(sheets, found, strict=True):
        values = [int(row[name]) for name in ("adl", "cognition", "sensory", "level")]
        assert values == oracle.ltc(sheet)


@pytest.mark.parametrize("code", [*oracle.BEST, *oracle.CIRCUMSTANCES])
@pytest.mark.parametrize("cell", ["", "  ", "x", "0.5", "-1", "9000000", "九", "是", "1 0"])
def test_a_bad_cell_in_any_column(ability_scale: AbilityScale, code: str, cell: str) -> None:
    """No level, the column is named, and nothing else is."""
    row = one(ability_scale, **{code: cell})
    assert (row["preliminary"], row["final"]) == ("", "")
    assert row["reasons"].startswith(f"{code}（")
    assert "；" not in row["reasons"]
    assert (row["total"] == "") == (code in oracle.BEST)


@pytest.mark.parametrize("code", [*oracle.BEST, "coma", "dementia", "mental_disorder"])
def test_one_point_too_many(ability_scale: AbilityScale, code: str) -> None:
    """The first number that is not offered."""
    row = one(ability_scale, **{code: oracle.BEST.get(code, 1) + 1})
    assert row["final"] == ""
    assert f"不能填“{oracle.BEST.get(code, 1) + 1}”" in row["reasons"]


@pytest.mark.parametrize("code", oracle.LTC_POINTS)
@pytest.mark.parametrize("cell", ["", "7", "20", "five", "2.5"])
def test_a_bad_cell_in_any_column_of_ltc(ltc_scale: LtcScale, code: str, cell: str) -> None:
    """No grade, the column is named."""
    row = one(ltc_scale, **{code: cell})
    assert row["level"] == ""
    assert row["reasons"].startswith(f"{code}（")


@pytest.mark.parametrize("cell", ["0", "０", " 0", "0 ", "0.0", "00", "\u30000"])
def test_ways_to_write_nought(ability_scale: AbilityScale, cell: str) -> None:
    """What a person sees as 0 is 0: the row has its level."""
    row = one(ability_scale, b1_1=cell, risk_events=cell)
    assert (row["self_care"], row["final"]) == ("28", "1")


def test_several_bad_cells_are_all_named(ability_scale: AbilityScale) -> None:
    """In the order of the form."""
    row = one(ability_scale, b4_5="", b1_1="x", coma="2")
    assert [part.split("（")[0] for part in row["reasons"].split("；")] == ["b1_1", "b4_5", "coma"]
    assert (row["self_care"], row["mobility"], row["sensory_social"]) == ("", "15", "")


@pytest.mark.parametrize("name", ["007", " 7 ", "=1+1", 'a"b', "a,b", "", "张 三", "a\nb"])
def test_the_id_is_kept(ability_scale: AbilityScale, name: str) -> None:
    """To the character, zeros, blanks, quotes and all."""
    assert one(ability_scale, id=name)["final"] == "0"
    assert one(ability_scale, id=name, b1_1="")["final"] == ""


def test_missing_column(ability_scale: AbilityScale) -> None:
    """Every row says so; nothing is stopped."""
    columns = [name for name in COLUMNS if name not in {"b2_2", "dementia"}]
    found, layout, counts = score(ability_scale, file_of(columns, WELL, WELL))
    assert layout.missing == ("b2_2", "dementia")
    assert [row["final"] for row in found] == ["", ""]
    assert found[0]["reasons"].startswith("b2_2（床椅转移）：文件里没有这一列；dementia")
    assert found[0]["self_care"] == "32"
    assert counts.faulty_columns["b2_2"] == 2


def test_column_given_twice(ability_scale: AbilityScale) -> None:
    """Neither of the two is believed."""
    found, layout, _ = score(ability_scale, file_of([*COLUMNS, "B1_1"], WELL | {"B1_1": 0}))
    assert layout.twice == ("b1_1",)
    assert found[0]["final"] == ""
    assert "有两列" in found[0]["reasons"]


def test_unknown_columns_are_left_aside(ability_scale: AbilityScale) -> None:
    """And named, so that a misspelt one is seen."""
    columns = ["姓名", *COLUMNS, "b1_9"]
    found, layout, _ = score(ability_scale, file_of(columns, WELL | {"姓名": "甲", "b1_9": 3}))
    assert layout.unknown == ("姓名", "b1_9")
    assert found[0]["final"] == "0"


def test_chinese_headers(ability_scale: AbilityScale, ltc_scale: LtcScale) -> None:
    """By name, or by clause as the paper form has it."""
    for scale, well in ((ability_scale, WELL), (ltc_scale, LTC_WELL)):
        names = {column.code: column.name for column in scale.columns}
        text = file_of(["id", *names], well).decode()
        header, rest = text.split("\n", 1)
        chinese = ",".join(names.get(code, code) for code in header.split(","))
        found, layout, _ = score(scale, f"{chinese}\n{rest}".encode("gb18030"))
        assert layout.missing == ()
        assert found[0].get("final", found[0].get("level")) == "0"
    clauses = [column.names[1] for column in ability_scale.columns]
    data = file_of(["id", *clauses[:26], *oracle.CIRCUMSTANCES]).decode()
    assert read_header(ability_scale, next(csv.reader([data]))).missing == ()


def test_no_two_columns_share_a_name(ability_scale: AbilityScale, ltc_scale: LtcScale) -> None:
    """A header means one column."""
    for scale in (ability_scale, ltc_scale):
        for column in scale.columns:
            for name in column.names:
                assert list(read_header(scale, ["id", name]).positions) == [column.code], name


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters(
    ability_scale: AbilityScale, encoding: str, delimiter: str
) -> None:
    """What Excel and WPS write."""
    text = file_of(COLUMNS, WELL | {"id": "甲一"}, WELL | {"b1_1": "", "id": "乙二"}).decode()
    data = text.replace(",", delimiter).replace("\n", "\r\n").encode(encoding)
    found, _, _ = score(ability_scale, data)
    assert [(row["id"], row["final"]) for row in found] == [("甲一", "0"), ("乙二", "")]


def test_everything_quoted(ability_scale: AbilityScale) -> None:
    """Cells in quotes are the same cells."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, COLUMNS, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows([WELL, WELL | {"id": 'he said "7",\nthen left'}])
    found, _, _ = score(ability_scale, text.getvalue().encode())
    assert [row["final"] for row in found] == ["0", "0"]
    assert found[1]["id"] == 'he said "7",\nthen left'


def test_an_open_quote_spoils_its_own_row_only(ability_scale: AbilityScale) -> None:
    """Two of them, with good rows between; nothing is swallowed."""
    lines = file_of(COLUMNS, *[WELL | {"id": str(number)} for number in range(6)]).decode()
    rows = lines.splitlines()
    rows[2] = rows[2].replace(",4,", ',"4,', 1)
    rows[5] = '"' + rows[5]  # an id with an open quote keeps it, full-width
    found, _, counts = score(ability_scale, "\n".join(rows).encode())
    assert counts.sheets == 6
    assert [row["final"] for row in found] == ["0", "", "0", "0", "0", "0"]
    assert "b1_1（进食）：不能填“＂4”" in found[1]["reasons"]
    assert [row["id"] for row in found] == ["0", "1", "2", "3", "＂4", "5"]


def test_short_long_and_blank_rows(ability_scale: AbilityScale) -> None:
    """Short: the rest is missing. Long: nothing is certain. Blank: no sheet."""
    good = file_of(COLUMNS, WELL).decode().splitlines()
    rows = [*good, "8,4,4", "", "," * 30, good[1] + ",,", good[1] + ",5", good[1]]
    found, _, counts = score(ability_scale, "\n".join(rows).encode())
    assert [row["final"] for row in found] == ["0", "", "0", "", "0"]
    assert found[1]["reasons"].startswith("b1_3（洗澡）：没有填写")
    assert "格数比表头多" in found[3]["reasons"]
    assert found[3]["total"] == ""
    assert counts.blank_lines == 2


def test_a_broken_byte_spoils_its_own_cell(ability_scale: AbilityScale) -> None:
    """The file is still UTF-8; the other rows have their levels."""
    data = file_of(COLUMNS, WELL | {"id": "甲"}, WELL, WELL | {"id": "乙"})
    lines = data.splitlines()
    lines[2] = lines[2].replace(b",4,", b",\xff,", 1)
    found, _, _ = score(ability_scale, b"\n".join(lines))
    assert [(row["id"], row["final"]) for row in found] == [("甲", "0"), ("7", ""), ("乙", "0")]
    assert found[1]["reasons"].startswith("b1_1（")


def test_a_line_without_end(ability_scale: AbilityScale) -> None:
    """It is cut; its row has no level; the next has."""
    rows = file_of(COLUMNS, WELL, WELL).decode().splitlines()
    rows[1] = rows[1].replace(",4,", "," + "4" * 300_000 + ",", 1)
    found, _, _ = score(ability_scale, "\n".join(rows).encode())
    assert [row["final"] for row in found] == ["", "0"]
    assert len(found[0]["reasons"]) < 2000


@pytest.mark.parametrize("data", [b"", b"\n\n", b"PK\x03\x04\x00\x00"])
def test_what_is_no_file_of_sheets(data: bytes) -> None:
    """Told at once."""
    with pytest.raises(NotText), reading(io.BytesIO(data)):
        pass


@given(st.binary(max_size=300))
def test_any_bytes_behind_the_header(ability_scale: AbilityScale, data: bytes) -> None:
    """Nothing crashes, and the sheet before the rubbish is scored."""
    good = file_of(COLUMNS, WELL | {"id": "first"})
    try:
        found, _, _ = score(ability_scale, good + data.replace(b"\x00", b"") + b"\n")
    except NotText:
        pytest.fail("a good header is a good header")
    assert (found[0]["id"], found[0]["final"]) == ("first", "0")
