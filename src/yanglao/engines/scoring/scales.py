"""Scales read from text and checked: sums, ranges without gaps, rules that only make it worse."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise, product
from typing import Any, TypeVar

from yanglao.engines.scoring.tables import (
    AbilityScale,
    AdjustmentRule,
    Band,
    Bands,
    Dimension,
    Expectation,
    Item,
    LtcScale,
    Option,
    Stamp,
)
from yanglao.engines.scoring.written import TableErrors, Written

__all__ = ["GBT42195", "LTC", "TableErrors", "in_force", "read_scale"]

GBT42195 = "gbt42195"
LTC = "ltc"
_HEAD = (
    "standard",
    "version",
    "title",
    "number",
    "in_force_from",
    "source",
    "verified",
    "note",
    "ladders",
    "dimensions",
)
_ITEM = ("code", "clause", "name", "hint", "note", "aliases", "ladder", "options")
_RULE = (
    "code",
    "name",
    "aliases",
    "kind",
    "evidence",
    "says",
    "at_least",
    "sets",
    "steps",
    "expects",
    "kinds",
)

_Dated = TypeVar("_Dated", bound=Any)


def read_scale(text: str, name: str = "") -> AbilityScale | LtcScale:
    """The scale of a YAML text.

    Args:
        text: As in ``policies/national/assessment/``.
        name: What to call the text in mistakes.

    Raises:
        TableErrors: With every mistake: an unknown key, a sum that is not what the items give, a
            sum without level, a table in which a worse answer gives a better grade.
    """
    root = Written.read(text, name)
    standard = root.at("standard").choice(GBT42195, LTC)
    root.finish()
    scale = _read_ability(root) if standard == GBT42195 else _read_ltc(root)
    root.finish()
    return scale


def in_force(versions: Iterable[_Dated], on: date) -> _Dated | None:
    """Of several versions the one in force on a day; None before the first.

    Args:
        versions: Anything with ``in_force_from``: scales, crosswalks, quality limits.
        on: The day of the assessment, not the day of asking: an old result stays as it was.
    """
    begun = [version for version in versions if version.in_force_from <= on]
    return max(begun, key=lambda version: version.in_force_from, default=None)


def read_stamp(at: Written, source: Written) -> Stamp:
    """Where the numbers of a mapping stand; its ``source`` may be that of the whole file."""
    source.keys("document", "article")
    stamp = Stamp(
        source.at("document").text(),
        source.at("article").text(),
        at.at("verified").truth(),
        at.at("note").text(""),
    )
    if not stamp.verified and not stamp.note:
        at.problem("未核实的数字要写 note，说明为什么")
    return stamp


def _read_head(root: Written) -> dict[str, Any]:
    """What every scale has."""
    ladders = {
        name: _read_options(root.at("ladders").at(name))
        for name in (root.at("ladders").value or {})
    }
    dimensions = tuple(
        _read_dimension(member, ladders, root) for member in root.at("dimensions").members()
    )
    codes = Counter(item.code for dimension in dimensions for item in dimension.items)
    codes.update(dimension.code for dimension in dimensions)
    for code, times in codes.items():
        if times > 1:
            root.at("dimensions").problem(f"编号“{code}”用了 {times} 次")
    return {
        "standard": root.at("standard").text(),
        "version": root.at("version").text(),
        "title": root.at("title").text(),
        "number": root.at("number").text(),
        "in_force_from": root.at("in_force_from").day(),
        "stamp": read_stamp(root, root.at("source")),
        "dimensions": dimensions,
    }


def _read_dimension(
    at: Written, ladders: Mapping[str, tuple[Option, ...]], root: Written
) -> Dimension:
    """One dimension; its full sum must be what its items give, its bands must hold every sum."""
    at.keys("code", "clause", "name", "full", "items", "bands")
    items = tuple(_read_item(member, ladders) for member in at.at("items").members())
    full = at.at("full").whole()
    best = sum(max(item.points, default=0) for item in items)
    if full != best:
        at.at("full").problem(f"写的是 {full} 分，各项最高分合计是 {best} 分")
    bands = None
    if not at.at("bands").missing:
        under = at.at("bands").keys("verified", "note", "rows")
        stamp = read_stamp(under, root.at("source"))
        bands = Bands(_read_bands(under.at("rows"), "rank", items), at.at("clause").text(), stamp)
    return Dimension(
        at.at("code").text(), at.at("clause").text(), at.at("name").text(), full, items, bands
    )


def _read_item(at: Written, ladders: Mapping[str, tuple[Option, ...]]) -> Item:
    """One item; its options are its own or a ladder."""
    at.keys(*_ITEM)
    if at.at("ladder").missing:
        options = _read_options(at.at("options"))
    else:
        options = ladders.get(at.at("ladder").choice(*ladders), ())
        if not at.at("options").missing:
            at.problem("ladder 和 options 只写一个")
    return Item(
        at.at("code").text(),
        at.at("clause").text(),
        at.at("name").text(),
        at.at("hint").text(""),
        at.at("aliases").texts(),
        options,
    )


def _read_options(at: Written) -> tuple[Option, ...]:
    """Options from best to worst; the worst gives 0."""
    options = tuple(
        Option(member.keys("points", "says").at("points").whole(), member.at("says").text())
        for member in at.members()
    )
    if any(one.points <= next_one.points for one, next_one in pairwise(options)):
        at.problem("选项要从高分到低分排列，得分不重复")
    if options and options[-1].points != 0:
        at.problem("最后一个选项应得 0 分")
    return options


def _read_bands(at: Written, rank: str, items: Iterable[Item]) -> tuple[Band, ...]:
    """Bands of a sum, best first: every sum that can come out lies in exactly one."""
    bands = tuple(
        Band(
            member.keys(rank, "name", "low", "high").at(rank).whole(),
            member.at("name").text(),
            member.at("low").whole(),
            member.at("high").whole(),
        )
        for member in at.members()
    )
    if [band.rank for band in bands] != list(range(len(bands))):
        at.problem("应从 0 起逐级写出")
    if any(better.low <= worse.high for better, worse in pairwise(bands)):
        at.problem("各段重叠，或没有从高分到低分排列")
    possible = _sums(items)
    for total in sorted(possible):
        if not any(band.low <= total <= band.high for band in bands):
            at.problem(f"{total} 分不在任何一段里")
    for end in [end for band in bands for end in (band.low, band.high) if end not in possible]:
        at.problem(f"{end} 分不会出现，分界请写可能出现的分数")
    return bands


def _sums(items: Iterable[Item]) -> set[int]:
    """Every sum that answers can give."""
    sums = {0}
    for item in items:
        sums = {total + points for total, points in product(sums, item.points)}
    return sums


def _read_ability(root: Written) -> AbilityScale:
    """GB/T 42195."""
    root.keys(*_HEAD, "levels", "adjustments")
    head = _read_head(root)
    items = [item for dimension in head["dimensions"] for item in dimension.items]
    levels = root.at("levels").keys("clause", "source", "verified", "note", "bands")
    adjust = root.at("adjustments").keys(
        "clause", "final_clause", "source", "verified", "note", "most_steps", "rules"
    )
    most = adjust.at("most_steps").keys("value", "verified", "note")
    scale = AbilityScale(
        **head,
        levels=Bands(
            _read_bands(levels.at("bands"), "level", items),
            levels.at("clause").text(),
            read_stamp(levels, levels.at("source")),
        ),
        adjustments=tuple(_read_rule(member) for member in adjust.at("rules").members()),
        most_steps=most.at("value").whole(),
        steps_stamp=read_stamp(most, adjust.at("source")),
        adjust_clause=adjust.at("clause").text(),
        final_clause=adjust.at("final_clause").text(),
        adjust_stamp=read_stamp(adjust, adjust.at("source")),
    )
    if not root.problems:
        _check_adjustments(scale, adjust)
    return scale


def _read_rule(at: Written) -> AdjustmentRule:
    """One circumstance; it either sets a level or adds steps."""
    at.keys(*_RULE)
    sets, steps = at.at("sets").maybe_whole(), at.at("steps").maybe_whole()
    if (sets is None) == (steps is None):
        at.problem("sets 和 steps 写其中一个")
    kind = at.at("kind").choice("yes_no", "count")
    least = at.at("at_least").maybe_whole()
    if (least is None) != (kind == "yes_no") or least == 0:
        at.problem("次数（count）要写 at_least，至少为 1；是否（yes_no）不写")
    expects = None
    if not at.at("expects").missing:
        wanted = at.at("expects").keys("item", "points")
        expects = Expectation(wanted.at("item").text(), wanted.at("points").whole())
    return AdjustmentRule(
        code=at.at("code").text(),
        name=at.at("name").text(),
        aliases=at.at("aliases").texts(),
        kind=kind,
        evidence=at.at("evidence").text(),
        says=at.at("says").text(),
        at_least=least or 1,
        sets=sets,
        steps=steps or 0,
        expects=expects,
        kinds=at.at("kinds").texts(),
    )


def _check_adjustments(scale: AbilityScale, at: Written) -> None:
    """Rules mention levels and answers that exist, under names of their own."""
    codes = Counter(rule.code for rule in scale.adjustments)
    for rule in scale.adjustments:
        if codes[rule.code] > 1 or rule.code in scale.items:
            at.problem(f"编号“{rule.code}”用了不止一次")
        if rule.sets is not None and rule.sets > scale.worst:
            at.problem(f"“{rule.name}”直接定为 {rule.sets} 级，没有这一级")
        if rule.sets is None and not 1 <= rule.steps <= scale.most_steps:
            at.problem(f"“{rule.name}”的 steps 应在 1 与 most_steps 之间")
        if rule.expects is not None:
            item = scale.items.get(rule.expects.item)
            if item is None or rule.expects.points not in item.points:
                at.problem(f"“{rule.name}”的 expects 不是评估项目里的答案")


def _read_ltc(root: Written) -> LtcScale:
    """The long-term care grading."""
    root.keys(*_HEAD, "grades", "combination")
    head = _read_head(root)
    under = root.at("combination").keys(
        "clause", "source", "verified", "note", "rows", "worse_of", "table"
    )
    grades = {
        member.keys("level", "name").at("level").whole(): member.at("name").text()
        for member in root.at("grades").members()
    }
    scale = LtcScale(
        **head,
        row=under.at("rows").text(),
        worse_of=under.at("worse_of").texts(),
        table=tuple(
            tuple(cell.whole() for cell in line.members()) for line in under.at("table").members()
        ),
        grades=grades,
        table_clause=under.at("clause").text(),
        table_stamp=read_stamp(under, under.at("source")),
    )
    if not root.problems:
        _check_table(scale, under)
    return scale


def _check_table(scale: LtcScale, at: Written) -> None:
    """The table has a cell for every pair of levels; a worse level never gives a better grade."""
    bands = {one.code: one.bands for one in scale.dimensions}
    named = (scale.row, *scale.worse_of)
    if any(bands.get(code) is None for code in named) or sorted(named) != sorted(bands):
        at.problem("rows 和 worse_of 应把每个维度各写一次，每个维度都要有分界")
        return
    ranks = {code: len(one.rows) for code, one in bands.items() if one is not None}
    width = max(ranks[code] for code in scale.worse_of)
    if [len(line) for line in scale.table] != [width] * ranks[scale.row]:
        at.at("table").problem(f"应是 {ranks[scale.row]} 行、每行 {width} 格")
        return
    if list(scale.grades) != list(range(len(scale.grades))):
        at.problem("grades 应从 0 起逐级写出")
    for line in scale.table:
        if any(grade not in scale.grades for grade in line):
            at.at("table").problem("有一格的等级不在 grades 里")
        if list(line) != sorted(line):
            at.at("table").problem("同一行里，程度越重等级应不变或越高")
    for better, worse in pairwise(scale.table):
        if any(one > other for one, other in zip(better, worse, strict=True)):
            at.at("table").problem("同一列里，程度越重等级应不变或越高")
