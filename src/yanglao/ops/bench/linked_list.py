"""A list of the invented register's people in which numbers are wrong or missing, and its truth.

What goes wrong is what goes wrong in villages: a digit, two exchanged, one left out, none at all;
a name spelt otherwise; day and month exchanged; a place of which only the county is told. One in
twenty of the rows without a good number is about somebody who is in no register.
"""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random

import duckdb

from yanglao.kernel.idnumber import check_digit
from yanglao.ops.bench.naming import draw_name
from yanglao.ops.demo.cell_forms import Cell
from yanglao.ops.demo.stream_workbook import HEADER, StreamWorkbook

HEADERS = (
    "姓名",
    "公民身份号码",
    "性别",
    "出生日期",
    "常住地区划代码",
    "居住状况",
    "联系电话",
    "户号",
)
#: The part of rows without a good number that are about nobody of the register.
_STRANGERS = 0.05
_LIVING = ("独居", "空巢", "与子女同住")
_DOTS = ("·", "•", ".", "．", " ", "", "・")
#: Ways in which the same sounds are written by different clerks.
_SPELLINGS = (
    ("买买提", "麦麦提", "买麦提", "麦买提"),
    ("吐尔逊", "图尔荪", "吐尔孙", "图尔逊"),
    ("阿不都", "阿卜杜", "阿布都"),
    ("热合曼", "热赫曼", "热和曼"),
    ("古丽", "古力", "姑丽"),
    ("玉素甫", "玉苏甫", "玉素普"),
    ("依明", "伊明", "依敏"),
    ("托合提", "托乎提"),
    ("努尔", "奴尔"),
    ("阿依", "阿伊"),
    ("艾合买提", "艾赫买提"),
)
_CHARACTERS = "伟芳娜敏静秀丽强磊军洋勇艳杰涛明超兰霞平刚桂英华玉珍建文志春梅荣德福生贵林海"


@dataclass(frozen=True, slots=True)
class _Human:
    """Somebody of the register, or nobody's neighbour."""

    number: str
    name: str
    sex: str
    born: date
    place: str
    household: str
    phone: str


@dataclass(frozen=True, slots=True)
class Truth:
    """Who is meant by a row; ``number`` is empty for a stranger."""

    number: str
    good: bool


def write_linked_list(
    con: duckdb.DuckDBPyConnection,
    phones: dict[int, str],
    path: Path,
    *,
    rows: int,
    without: float,
    seed: int,
) -> None:
    """Write the list as xlsx, and the truth beside it as ``.json``: Excel row to number, good.

    Args:
        con: Connection with the table ``elder``.
        phones: Person to telephone.
        path: Of the workbook.
        rows: How many.
        without: The part of rows that have no valid number.
        seed: The same seed gives the same list.
    """
    rng = Random(f"{seed}/{without}")  # noqa: S311  reproducible, not secret
    people = con.execute(
        """SELECT id_number, name, sex, birth_date, place_code, coalesce(household_id, ''),
            person_id
        FROM elder WHERE length(place_code) = 12 ORDER BY hash(person_id + ?) LIMIT ?""",
        [seed, rows],
    ).fetchall()
    villages = sorted({row[4] for row in people})
    truth: dict[int, tuple[str, bool]] = {}
    with StreamWorkbook(path, path.name) as workbook:
        sheet = workbook.sheet("调查", len(HEADERS))
        sheet.row(0, list(HEADERS), HEADER)
        for at, (number, name, sex, born, place, household, pk) in enumerate(people):
            one = _Human(number, name, sex, born, place, household, phones.get(pk, ""))
            good = rng.random() >= without
            known = good or rng.random() >= _STRANGERS
            if not known:
                one = _stranger(rng, one)
            sheet.row(at + 1, _good(rng, one) if good else _row(rng, one, villages), 0)
            truth[at + 2] = (one.number if known else "", good)
        sheet.close()
    path.with_suffix(".json").write_text(json.dumps(truth))


def read_truth(path: Path) -> dict[int, Truth]:
    """Return who is meant by each Excel row of a list that was written here."""
    kept = json.loads(path.with_suffix(".json").read_text())
    return {int(row): Truth(*told) for row, told in kept.items()}


def _stranger(rng: Random, one: _Human) -> _Human:
    """Return somebody of the same village who is in no register."""
    born = date(rng.randrange(1930, 1966), rng.randrange(1, 13), rng.randrange(1, 29))
    body = f"{one.place[:6]}{born:%Y%m%d}{rng.randrange(1000):03d}"
    number = body + check_digit(body)
    return _Human(number, draw_name(rng, one.sex), one.sex, born, one.place, "", "")


def _good(rng: Random, one: _Human) -> list[Cell]:
    return [one.name, one.number, "", None, one.place, rng.choice(_LIVING), one.phone, ""]


def _row(rng: Random, one: _Human, villages: list[str]) -> list[Cell]:
    digits = _number(rng, one.number)
    born: date | None = one.born if rng.random() < 0.6 or not digits else None
    sex = {"M": "男", "F": "女"}[one.sex] if rng.random() < 0.7 else ""
    place = _told(rng, one.place)
    if rng.random() < 0.03:
        place = rng.choice(villages)
    return [
        _name(rng, one.name),
        digits,
        sex,
        _day(rng, born),
        place,
        rng.choice(_LIVING),
        one.phone if rng.random() < 0.4 else "",
        one.household if rng.random() < 0.3 else "",
    ]


def _told(rng: Random, village: str) -> str:
    """Return as much of a place as a list tells."""
    roll = rng.random()
    return village if roll < 0.7 else f"{village[:9]}000" if roll < 0.85 else f"{village[:6]}000000"


def _number(rng: Random, text: str) -> str:
    """Return the number with a slip, or nothing."""
    roll = rng.random()
    if roll < 0.35:
        return ""
    if roll < 0.75:
        at = rng.randrange(17)
        return text[:at] + str((int(text[at]) + rng.randrange(1, 10)) % 10) + text[at + 1 :]
    if roll < 0.85:
        at = rng.choice([k for k in range(16) if text[k] != text[k + 1]])
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]
    if roll < 0.95:
        return text[:17] + rng.choice([d for d in "0123456789X" if d != text[17]])
    at = rng.randrange(6, 17)
    return text[:at] + text[at + 1 :]


def _name(rng: Random, name: str) -> str:
    name = name.replace("·", rng.choice(_DOTS))
    if rng.random() < 0.25:
        name = _respelt(rng, name)
    if rng.random() < 0.06:
        at = rng.randrange(len(name))
        name = name[:at] + rng.choice(_CHARACTERS) + name[at + 1 :]
    if len(name) > 4 and rng.random() < 0.02:
        at = rng.randrange(1, len(name))
        name = name[:at] + name[at + 1 :]
    return name


def _respelt(rng: Random, name: str) -> str:
    for group in _SPELLINGS:
        for one in group:
            if one in name:
                return name.replace(one, rng.choice(group), 1)
    return name


def _day(rng: Random, born: date | None) -> date | None:
    if born is None:
        return None
    roll = rng.random()
    if roll < 0.02 and born.day <= 12:
        return date(born.year, born.day, born.month)
    if roll < 0.05:
        return date(born.year, born.month, (born.day + rng.choice((1, 10))) % 28 + 1)
    return born
