"""Long-term care grading (医保办发〔2021〕37号): 17 answers, three dimensions, a table, reasons."""

from collections.abc import Mapping
from dataclasses import dataclass

from yanglao.engines.scoring.answers import Fault, read_answers, sums_of
from yanglao.engines.scoring.tables import Band, LtcScale


@dataclass(frozen=True, slots=True)
class Grading:
    """What follows from the three sums: the grade, 0 the best, and Chinese reasons."""

    level: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LtcResult:
    """A scored sheet.

    Attributes:
        sums: Sum of each dimension by code; None where an answer is missing or impossible.
        level: The grade; None unless every column has a possible answer.
        reasons: Why it is this grade. faults: Why there is none.
    """

    sums: dict[str, int | None]
    level: int | None
    reasons: tuple[str, ...]
    faults: tuple[Fault, ...]


def score_ltc(scale: LtcScale, answers: Mapping[str, object]) -> LtcResult:
    """Score a sheet, whole or half filled in.

    Args:
        scale: The version in force on the day of the assessment.
        answers: Column (``adl_1`` … ``sen_3``) to points; numbers or the text of a cell.
    """
    good, faults = read_answers(scale.columns, answers)
    sums = sums_of(scale, good)
    if faults:
        return LtcResult(sums, None, (), faults)
    found = grade(scale, {code: value for code, value in sums.items() if value is not None})
    return LtcResult(sums, found.level, found.reasons, ())


def grade(scale: LtcScale, sums: Mapping[str, int]) -> Grading:
    """The grade of the three sums by the combination table, with the reasons.

    Raises:
        ValueError: For a sum that cannot come out.
    """
    bands: dict[str, Band] = {}
    reasons: list[str] = []
    for dimension in scale.dimensions:
        if dimension.bands is None:
            raise ValueError(f"{dimension.code} has no bands")
        band = bands[dimension.code] = dimension.bands.of(sums[dimension.code])
        reasons.append(
            f"{dimension.name} {sums[dimension.code]} 分，{band.name}"
            f"（{band.text}，{dimension.clause}）"
        )
    names = {dimension.code: dimension.name for dimension in scale.dimensions}
    column = max(scale.worse_of, key=lambda code: bands[code].rank)
    level = scale.table[bands[scale.row].rank][bands[column].rank]
    between = "与".join(names[code] for code in scale.worse_of)
    reasons.append(f"{between}取较重的一项：{bands[column].name}")
    reasons.append(
        f"按组合表为 {level} 级，{scale.grades[level]}（{scale.number} {scale.table_clause}）"
    )
    doubts = [name for name, stamp in scale.stamps() if not stamp.verified]
    if doubts:
        reasons.append(f"未见原文、待核实：{'、'.join(doubts)}")
    return Grading(level, tuple(reasons))
