"""Score a file of assessment sheets into another file, with the scale in force on a day."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, TextIO

from django.conf import settings

from yanglao.engines.scoring.rows import NotText, reading
from yanglao.engines.scoring.scales import TableErrors, in_force, read_scale
from yanglao.engines.scoring.sheets import Counts, csv_line, output_header, read_header, score_rows
from yanglao.engines.scoring.tables import AbilityScale, LtcScale

_FOLDER = "national/assessment"
#: Standards that can be scored, with the names of their files.
STANDARDS = ("gbt42195", "ltc")


class CannotScore(Exception):
    """Nothing can be scored; the message says why and what to do, in Chinese."""


@dataclass(frozen=True, slots=True)
class Scored:
    """What became of a file.

    Attributes:
        scale: Title, number of the standard. unverified: What in it was not seen in a source.
        sheets: Rows scored. with_level: Of these, rows that have a level.
        blank_lines: Rows with nothing in them, left out.
        missing, twice, unknown: Columns that the file lacks, has twice, or that are no answers.
        faulty: Columns without a possible answer, by how many sheets, most first.
    """

    scale: str
    unverified: tuple[str, ...]
    sheets: int
    with_level: int
    blank_lines: int
    missing: tuple[str, ...]
    twice: tuple[str, ...]
    unknown: tuple[str, ...]
    faulty: tuple[tuple[str, int], ...]


def scales(standard: str) -> list[AbilityScale | LtcScale]:
    """Every version of a standard that the national pack holds.

    Raises:
        CannotScore: When a table may not be used.
    """
    found = []
    for file in sorted((settings.POLICIES / _FOLDER).glob(f"{standard}-*.yaml")):
        try:
            found.append(read_scale(file.read_text(encoding="utf-8"), file.name))
        except TableErrors as error:
            raise CannotScore(f"评估标准有误，请改正：{error}") from error
    return [scale for scale in found if scale.standard == standard]


def score_file(
    source: Path, *, standard: str, as_of: date, open_target: Callable[[], TextIO]
) -> Scored:
    """Score every sheet of a CSV file, in order, in constant memory.

    Args:
        source: One sheet a row; the first line names the columns.
        standard: One of ``STANDARDS``.
        as_of: Day whose version of the standard is used.
        open_target: Called once, when the header was understood; gets UTF-8 CSV.

    Raises:
        CannotScore: When no version is in force, or the file is no table of sheets.
    """
    scale = in_force(scales(standard), as_of)
    if scale is None:
        raise CannotScore(f"{as_of} 还没有生效的评估标准 {standard}。")
    with source.open("rb") as stream:
        if stream.seekable():
            return _score(stream, scale, open_target)
        # A pipe can be read once; the encoding is known only at its end.
        with TemporaryFile() as copy:
            copyfileobj(stream, copy)
            copy.seek(0)
            return _score(copy, scale, open_target)


def _score(
    stream: IO[bytes], scale: AbilityScale | LtcScale, open_target: Callable[[], TextIO]
) -> Scored:
    counts = Counts()
    try:
        with reading(stream) as (header, rows):
            layout = read_header(scale, header)
            if layout.identity is None or not layout.positions:
                raise CannotScore(
                    "第一行不是评估表的列名：应有 id 和各评估项目的列，例如 "
                    f"{'、'.join(list(scale.items)[:3])}。"
                )
            target = open_target()
            target.write(csv_line(output_header(scale)))
            target.writelines(score_rows(scale, layout, rows, counts))
    except NotText as error:
        raise CannotScore(f"{error}。") from error
    return Scored(
        scale=f"{scale.title}（{scale.number}）",
        unverified=scale.unverified(),
        sheets=counts.sheets,
        with_level=counts.with_level,
        blank_lines=counts.blank_lines,
        missing=layout.missing,
        twice=layout.twice,
        unknown=layout.unknown,
        faulty=tuple(counts.faulty_columns.most_common()),
    )
