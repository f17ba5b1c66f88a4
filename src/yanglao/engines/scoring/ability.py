"""GB/T 42195: 26 answers and four circumstances to sums, levels and reasons."""

from collections.abc import Mapping
from dataclasses import dataclass

from yanglao.engines.scoring.answers import Fault, read_answers, sums_of
from yanglao.engines.scoring.tables import AbilityScale, AdjustmentRule


@dataclass(frozen=True, slots=True)
class Conclusion:
    """What follows from a total and the circumstances.

    Attributes:
        preliminary: Level by the total (annex C.3), 0 the best.
        final: Level after adjustment (C.4, C.5); never better than preliminary.
        reasons: Chinese sentences in order, each with its clause.
    """

    preliminary: int
    final: int
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AbilityResult:
    """A scored sheet.

    Attributes:
        sums: Sum of each dimension by code; None where an answer is missing or impossible.
        total: All four together; None as above.
        preliminary, final: Levels; None unless every column has a possible answer.
        reasons: Why it is this level. faults: Why there is none.
        hints: What does not fit together and should be looked at; it changes no level.
    """

    sums: dict[str, int | None]
    total: int | None
    preliminary: int | None
    final: int | None
    reasons: tuple[str, ...]
    faults: tuple[Fault, ...]
    hints: tuple[str, ...]


def score_ability(scale: AbilityScale, answers: Mapping[str, object]) -> AbilityResult:
    """Score a sheet, whole or half filled in.

    Args:
        scale: The version in force on the day of the assessment.
        answers: Column (``b1_1`` … ``b4_5``, ``coma``, ``dementia``, ``mental_disorder``,
            ``risk_events``) to points, 0 or 1, or a count; numbers or the text of a cell.
    """
    good, faults = read_answers(scale.columns, answers)
    sums = sums_of(scale, good)
    known = [value for value in sums.values() if value is not None]
    total = sum(known) if len(known) == len(sums) else None
    if faults or total is None:
        return AbilityResult(sums, total, None, None, (), faults, ())
    found = conclude(scale, total, good)
    return AbilityResult(
        sums, total, found.preliminary, found.final, found.reasons, (), hints_of(scale, good)
    )


def conclude(scale: AbilityScale, total: int, circumstances: Mapping[str, int]) -> Conclusion:
    """The levels of a total under circumstances, with the reasons (annex C.3 to C.5).

    Args:
        total: Sum of all items. Raises ValueError when it cannot come out.
        circumstances: Column of each adjustment to 0, 1 or a count; other columns are ignored.
    """
    band = scale.levels.of(total)
    met = [rule for rule in scale.adjustments if rule.meets(circumstances[rule.code])]
    level, reasons = (
        band.rank,
        [
            f"总分 {total} 分（{band.text}），初步等级 {band.rank} 级，{band.name}"
            f"（{scale.number} {scale.levels.clause}）"
        ],
    )
    # What sets a level goes first: after it there may be nothing left to make worse.
    for rule in (rule for rule in met if rule.sets is not None):
        level = max(level, rule.sets or 0)
        reasons.append(
            f"{_told(rule, circumstances)}，直接定为 {rule.sets} 级（{scale.adjust_clause}）"
        )
    left = scale.most_steps
    for rule in (rule for rule in met if rule.sets is None):
        steps = min(rule.steps, left, scale.worst - level)
        reasons.append(f"{_told(rule, circumstances)}，{_step_words(scale, level, left, steps)}")
        level, left = level + steps, left - steps
    if not met:
        reasons.append(f"没有需要调整的情形（{scale.adjust_clause}）")
    reasons.append(f"最终等级 {level} 级，{scale.level_name(level)}（{scale.final_clause}）")
    return Conclusion(band.rank, level, tuple(reasons))


def hints_of(scale: AbilityScale, good: Mapping[str, int]) -> tuple[str, ...]:
    """Answers that do not fit a circumstance, in words: coma recorded, but found awake."""
    hints = []
    for rule in scale.adjustments:
        wanted = rule.expects
        if wanted is None or not rule.meets(good[rule.code]):
            continue
        if good[wanted.item] != wanted.points:
            item = scale.items[wanted.item]
            hints.append(
                f"请核对：记录为{rule.says}（{rule.code}），但{item.name}（{item.code}）"
                f"为 {good[wanted.item]} 分"
            )
    return tuple(hints)


def _told(rule: AdjustmentRule, circumstances: Mapping[str, int]) -> str:
    """The circumstance, how often when it is counted, and where it is recorded."""
    count = f"，记录为 {circumstances[rule.code]} 次" if rule.kind == "count" else ""
    return f"{rule.says}（{rule.evidence}{count}）"


def _step_words(scale: AbilityScale, level: int, left: int, steps: int) -> str:
    """What a circumstance does to the level at which it is met."""
    if steps:
        return f"加重 {steps} 级（{scale.adjust_clause}）"
    if level >= scale.worst:
        return f"已是最重一级，不再加重（{scale.adjust_clause}）"
    doubt = "" if scale.steps_stamp.verified else "，此规则待核实"
    return f"几种情形一共最多加重 {scale.most_steps} 级，不再加重（{scale.adjust_clause}{doubt}）"
