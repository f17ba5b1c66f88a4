"""What a result of another kind lets us infer, where no valid assessment exists.

An inference is never an assessment: it finds people and reminds; whoever shows it says so.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from yanglao.engines.scoring.scales import read_stamp
from yanglao.engines.scoring.tables import Stamp
from yanglao.engines.scoring.validity import months_later
from yanglao.engines.scoring.written import TableErrors, Written

__all__ = ["Crosswalk", "Evidence", "Inference", "TableErrors", "infer_ability", "infer_ltc"]

LTC = "ltc"
DISABILITY = "disability"
ABILITY = "ability"
INFERRED = "推定，不是评估结果"
_WORST = {ABILITY: 4, LTC: 5}


@dataclass(frozen=True, slots=True)
class Line:
    """What one value says: the level to take (None: none), and between which levels it lies."""

    take: int | None
    at_least: int
    at_most: int


@dataclass(frozen=True, slots=True)
class Table:
    """What the values of one kind of evidence say. ``valid_months`` None: however old."""

    name: str
    valid_months: int | None
    lines: Mapping[str, Line]


@dataclass(frozen=True, slots=True)
class Crosswalk:
    """A pack's crosswalk. ``order``: kinds of evidence, the most telling first."""

    code: str
    version: str
    title: str
    in_force_from: date
    stamp: Stamp
    order: tuple[str, ...]
    to_ability: Mapping[str, Table]
    from_ability: Table


@dataclass(frozen=True, slots=True)
class Evidence:
    """Something known of a person.

    Attributes:
        kind: ``ltc``, ``disability``; ``ability`` for ``infer_ltc``.
        value: A grade (``"3"``), or category and grade of a card (``"4-2"``).
        since: Day of the result or of the card; None when unknown.
    """

    kind: str
    value: str
    since: date | None = None


@dataclass(frozen=True, slots=True)
class Inference:
    """An inferred level; show ``says`` wherever the level is shown.

    Attributes:
        level: The level taken; None when the evidence only gives bounds.
        at_least, at_most: Between which levels it lies.
        evidence: On what it rests. says: All of it in Chinese, beginning with 推定.
        against: Evidence that does not go together with it, in words.
        verified: Whether the crosswalk was seen in a source.
    """

    level: int | None
    at_least: int
    at_most: int
    evidence: Evidence
    says: str
    against: tuple[str, ...]
    verified: bool


def read_crosswalk(text: str, name: str = "") -> Crosswalk:
    """The crosswalk of a YAML text.

    Raises:
        TableErrors: With every mistake: a level that does not exist, bounds the wrong way round,
            a table of grades in which a worse grade says something better.
    """
    root = Written.read(text, name).keys(
        "crosswalk",
        "version",
        "title",
        "in_force_from",
        "source",
        "verified",
        "note",
        "order",
        "to_ability",
        "from_ability",
    )
    under = root.at("to_ability").keys(LTC, DISABILITY)
    tables = {kind: _read_table(under.at(kind), _WORST[ABILITY]) for kind in under.value or {}}
    order = root.at("order").texts()
    if sorted(order) != sorted(tables):
        root.at("order").problem(f"应把 {'、'.join(tables)} 各写一次")
    found = Crosswalk(
        root.at("crosswalk").text(),
        root.at("version").text(),
        root.at("title").text(),
        root.at("in_force_from").day(),
        read_stamp(root, root.at("source")),
        order,
        tables,
        _read_table(root.at("from_ability"), _WORST[LTC]),
    )
    root.finish()
    _check_rising(found, root)
    root.finish()
    return found


def _read_table(at: Written, worst: int) -> Table:
    at.keys("name", "valid_months", "rows")
    lines: dict[str, Line] = {}
    for member in at.at("rows").members():
        member.keys("when", "take", "at_least", "at_most")
        key = str(member.at("when").value)
        line = Line(
            member.at("take").maybe_whole(),
            member.at("at_least").whole(),
            member.at("at_most").whole(),
        )
        if key in lines:
            member.problem(f"“{key}”写了两次")
        if not line.at_least <= line.at_most <= worst:
            member.problem(f"at_least 不大于 at_most，at_most 不大于 {worst}")
        if line.take is not None and not line.at_least <= line.take <= line.at_most:
            member.problem("take 应在 at_least 和 at_most 之间")
        lines[key] = line
    return Table(at.at("name").text(), at.at("valid_months").maybe_whole(), lines)


def _check_rising(found: Crosswalk, root: Written) -> None:
    """A worse grade never says something better; of a card, grade 1 is the worst."""
    scales = [list(found.from_ability.lines.items())]
    for kind, table in found.to_ability.items():
        if kind == DISABILITY:
            for category in sorted({key.split("-")[0] for key in table.lines}):
                chosen = [one for one in table.lines.items() if one[0].split("-")[0] == category]
                scales.append(sorted(chosen, reverse=True))
        else:
            scales.append(sorted(table.lines.items()))
    for lines in scales:
        for (better, one), (worse, other) in pairwise(lines):
            if one.at_least > other.at_least or one.at_most > other.at_most:
                root.problem(f"“{worse}”比“{better}”重，却说明程度更轻")
            if one.take is not None and other.take is not None and one.take > other.take:
                root.problem(f"“{worse}”比“{better}”重，推定的等级却更轻")


def infer_ability(
    crosswalk: Crosswalk,
    evidence: Iterable[Evidence],
    *,
    has_valid_assessment: bool,
    as_of: date,
) -> Inference | None:
    """What is inferred about the ability level; None where it was assessed, or nothing is known.

    Args:
        crosswalk: Of the pack in force for the person on the day.
        evidence: Whatever is known; too old, later than the day, or unknown to the table: ignored.
        has_valid_assessment: Whether an assessment holds on the day; then nothing is inferred.
        as_of: The day for which the level is wanted.
    """
    if has_valid_assessment:
        return None
    known = list(evidence)
    telling = [
        (one, crosswalk.to_ability[one.kind].lines[one.value])
        for kind in crosswalk.order
        for one in evidence_of(kind, known)
        if _tells(crosswalk.to_ability[kind], one, as_of)
    ]
    if not telling:
        return None
    # Evidence that gives a level goes before evidence that only gives bounds.
    first = next((pair for pair in telling if pair[1].take is not None), telling[0])
    against = tuple(
        f"{_named(crosswalk.to_ability[one.kind], one)}的范围是 {_range(line)}，与推定不一致"
        for one, line in telling
        if one is not first[0] and _apart(line, first[1])
    )
    return _inference(crosswalk, crosswalk.to_ability[first[0].kind], first, "能力等级", against)


def infer_ltc(
    crosswalk: Crosswalk, ability_level: int, assessed_on: date, *, has_valid_grade: bool
) -> Inference | None:
    """What a valid ability level lets us infer about the long-term care grade.

    None where a grade holds, or the table says nothing. The fund pays on grades only: this finds
    people who should be graded.
    """
    line = crosswalk.from_ability.lines.get(str(ability_level))
    if has_valid_grade or line is None:
        return None
    one = Evidence(ABILITY, str(ability_level), assessed_on)
    return _inference(crosswalk, crosswalk.from_ability, (one, line), "长护失能等级", ())


def evidence_of(kind: str, evidence: Iterable[Evidence]) -> list[Evidence]:
    """The evidence of one kind, the newest first, undated last."""
    chosen = [one for one in evidence if one.kind == kind]
    return sorted(chosen, key=lambda one: (one.since or date.min, one.value), reverse=True)


def _tells(table: Table, one: Evidence, as_of: date) -> bool:
    if one.value not in table.lines or (one.since is not None and one.since > as_of):
        return False
    if table.valid_months is None:
        return True
    return one.since is not None and as_of < months_later(one.since, table.valid_months)


def _inference(
    crosswalk: Crosswalk,
    table: Table,
    first: tuple[Evidence, Line],
    what: str,
    against: tuple[str, ...],
) -> Inference:
    one, line = first
    level = f"{what} {line.take} 级" if line.take is not None else f"不能推定{what}"
    doubt = "" if crosswalk.stamp.verified else "，对照表待核实"
    says = (
        f"{INFERRED}：{level}（{_range(line)}）；依据{_named(table, one)}，"
        f"{crosswalk.title}（{crosswalk.stamp.document}{doubt}）"
    )
    return Inference(
        line.take, line.at_least, line.at_most, one, says, against, crosswalk.stamp.verified
    )


def _named(table: Table, one: Evidence) -> str:
    dated = f"（{one.since:%Y-%m-%d}）" if one.since else ""
    return f"{table.name} {one.value}{dated}"


def _range(line: Line) -> str:
    if line.at_least == line.at_most:
        return f"{line.at_least} 级"
    return f"{line.at_least}～{line.at_most} 级"


def _apart(one: Line, other: Line) -> bool:
    return one.at_most < other.at_least or other.at_most < one.at_least
