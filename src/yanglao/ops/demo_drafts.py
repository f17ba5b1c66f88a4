"""Drafts of the demo: four changes of the list set side by side, and a county's own amounts.

All amounts are invented and say so; nothing of them is submitted or in force.
"""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from yanglao.domain.catalogue.public import Draft, drafts, get_comparison
from yanglao.flows.compare_drafts import ask_to_compare, run_comparison
from yanglao.flows.draft_catalogue import begin_draft, change_draft
from yanglao.foundation.scoping import Reader, system_reader

_REGION, _COUNTY = "653200000000", "653222000000"
_COUNTIES = ("01", "21", "22", "23", "24", "25", "26", "27")
_BANDS = {"80-89": 6000, "90-99": 12000, "100+": 20000}
_SOURCE = {"document": "虚构的测算方案", "article": "仅供演示"}


def show_drafts(say: Callable[[str], None], *, as_of: date) -> None:
    """Write four drafts for the prefecture and one for 墨玉县, and compare the four.

    Safe to repeat: drafts that are there already are taken as they are.

    Args:
        say: Takes one line. as_of: The demo's day.
    """
    prefecture = system_reader(_REGION, name="地区民政（演示）")
    county = system_reader(_COUNTY, name="墨玉县民政（演示）")
    begin = date(as_of.year + 1, 1, 1)
    made = [
        _draft(prefecture, title, words, begin, changes)
        for title, words, changes in _prefecture(begin)
    ]
    _draft(
        county,
        "墨玉县高龄津贴标准",
        "按县财力定标准，金额为虚构。",
        begin,
        _amounts(begin, {"80-89": 8000, "90-99": 15000, "100+": 30000}, ("22",)),
    )
    asked = ask_to_compare([draft.pk for draft in made], acting=prefecture)
    run_comparison(asked.pk, acting=prefecture)
    found = get_comparison(prefecture, asked.pk)
    figures: Mapping[str, Any] = found.figures or {}
    gained = sum(row["gained"] for row in figures.get("changes", []))
    say(
        f"清单修订：{len(made)} 个方案放在一起测算了 {figures.get('people', 0):,} 位老人，"
        f"用时 {found.first_seconds or 0:.1f} 秒，合计新增 {gained:,} 人次。"
    )


def _prefecture(begin: date) -> list[tuple[str, str, dict[str, Any]]]:
    """Title, why, and changes of the prefecture's drafts."""
    day = begin.isoformat()
    base = _amounts(begin, _BANDS, _COUNTIES)
    younger = {
        "value:advanced_age": {"from": day, "value": 75, **_SOURCE},
        "band:senior_allowance:75-79": {"from_age": 75, "to_age": 79},
        **base,
        **_amounts(begin, {"75-79": 3000}, _COUNTIES),
    }
    level = {
        "fact:cannot_care_for_self": {
            "label": "生活不能自理",
            "rule": "ability_level >= 2 OR tekun_care = 'full'",
            "clause": "虚构的测算方案",
        }
    }
    return [
        ("高龄津贴写上金额", "各县市金额没有公布，先按虚构的标准测算。", base),
        ("高龄津贴从 75 周岁起", "75 到 79 周岁每月 30 元，金额为虚构。", younger),
        ("护理补贴每月 200 元", "清单没有写金额，先按虚构的标准测算。", _nursing(begin, 20000)),
        (
            "护理补贴 250 元、二级起",
            "比上一个方案多 50 元，能力等级 2 级及以上都算，金额为虚构。",
            level | _nursing(begin, 25000),
        ),
    ]


def _amounts(begin: date, bands: Mapping[str, int], counties: tuple[str, ...]) -> dict[str, Any]:
    value = {"from": begin.isoformat(), **_SOURCE}
    return {
        f"amount:senior_allowance:6532{county}:{band}": value | {"value": fen}
        for county in counties
        for band, fen in bands.items()
    }


def _nursing(begin: date, fen: int) -> dict[str, Any]:
    return {
        "money:09": {"label": "护理补贴月标准", "per": "month"},
        "amount:allowance_09:6532:": {"from": begin.isoformat(), "value": fen, **_SOURCE},
    }


def _draft(
    acting: Reader, title: str, words: str, begin: date, changes: Mapping[str, Any]
) -> Draft:
    """Write a draft, unless there is one of the title."""
    there = drafts(acting).filter(title=title, area=acting.area).first()
    if there is not None:
        return there
    draft = begin_draft(
        title=title, area=acting.area, in_force_from=begin, acting=acting, words=words
    )
    for key, value in changes.items():
        change_draft(
            draft_id=draft.pk, key=key, after=value, base_revision=len(changes), acting=acting
        )
    return draft
