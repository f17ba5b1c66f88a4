"""Going through all looks, and telling what they found."""

import json
from collections.abc import Callable, Iterator
from dataclasses import asdict

from django.db import Error

from yanglao.ops.doctor import data, machine
from yanglao.ops.doctor.finding import Finding, Level, wrong
from yanglao.ops.says import say

_SIGNS = {Level.GOOD: "√", Level.NOTE: "!", Level.WRONG: "×"}

Look = Callable[[], Iterator[Finding]]


def examine(*, as_json: bool) -> bool:
    """Look at everything and say it; return whether nothing is wrong."""
    found = findings()
    bad = sum(one.level is Level.WRONG for one in found)
    if as_json:
        say(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
        return not bad
    for one in found:
        say(f"{_SIGNS[one.level]} {one.words}")
        if one.remedy:
            say(f"    → {one.remedy}")
    notes = sum(one.level is Level.NOTE for one in found)
    say(f"看了 {len(found)} 项：{bad} 项有错，{notes} 项要留意。")
    return not bad


def findings() -> list[Finding]:
    """Return what every look found. Without a database the looks into it are left out."""
    found: list[Finding] = []
    for look in machine.LOOKS:
        found += _safely(look)
    there = list(machine.look_at_database())
    found += there
    # Rows that break a rule of their table can still be looked at, one by one.
    if not any(one.level is Level.WRONG and one.code != "rows" for one in there):
        for look in data.LOOKS:
            found += _safely(look)
    return found


def _safely(look: Look) -> list[Finding]:
    """Return what a look found; one that breaks is a finding itself."""
    try:
        return list(look())
    except Error as problem:
        name = look.__name__.removeprefix("look_at_")
        return [wrong(name, f"检查“{name}”时数据库出错：{problem}", "请把这一行告诉维护人员。")]
