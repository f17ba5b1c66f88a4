"""The workbench of those who bring services to people: prefecture, county, town, village."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission, Role
from yanglao.domain.entitlements.public import (
    Run,
    TallyRow,
    change_counts,
    held_items,
    latest_run,
    tallies,
)
from yanglao.domain.exchange.public import lists
from yanglao.domain.leads.public import Lead, LeadCounts, LeadKind, lead_counts, leads
from yanglao.domain.places.public import names_of
from yanglao.foundation.scoping import Reader
from yanglao.kernel.dates import whole_years
from yanglao.kernel.division import level_of
from yanglao.web.desks.workbench.addresses import address
from yanglao.web.desks.workbench.places import place_rows, places_chart, places_map
from yanglao.web.kit.charts import Chart, bar_chart
from yanglao.web.kit.formats import masked_name, number
from yanglao.web.kit.parts import Stat, Status, person_words

_FIRST = 8
_CHARTED = 8
_PRESSING_DAYS = 3
#: Roles whose page is shown on walls and projectors: names are masked there.
_MASKING = {Role.PREFECTURE, Role.COUNTY}
#: Conditions of whom a list serves at all; they stand last in a reason.
_COMMON = re.compile(r"(健在|户籍地|常住地)")
#: Level of the reader's area -> what the places below it are called.
_LEVEL_WORDS = {
    "prefecture": gettext_lazy("各县市"),
    "county": gettext_lazy("各乡镇"),
    "town": gettext_lazy("各村、社区"),
}


def officer_page(reader: Reader, today: date) -> dict[str, Any]:
    """Return what the page shows; a fixed number of queries."""
    run = latest_run(reader)
    counts = lead_counts(reader, today)
    by_item = tallies(reader, run, "item")
    places = place_rows(reader, run)
    map_ = places_map(reader, places)
    return {
        "run": run,
        "run_url": address("match_desk:run", run.pk) if _sees_runs(reader) and run else "",
        "changed": _changed(reader, run),
        "stats": _stats(reader, counts, by_item),
        "counts": counts,
        "first": first_things(reader, today),
        "board_url": _board(reader),
        "places": places,
        "level": _LEVEL_WORDS.get(level_of(reader.area), ""),
        "progress_url": address("leads_desk:progress", **_place(reader)),
        "map": map_,
        "places_chart": None if map_ else places_chart(places),
        "items_chart": _items_chart(by_item),
        "held": list(held_items(reader)) if reader.can(Permission.RELEASE_ITEMS) else [],
        "held_url": address("match_desk:run", run.pk) if run else "",
        "begin": _begin(reader, run),
    }


@dataclass(frozen=True, slots=True)
class FirstThing:
    """A lead that is due soon, in one line."""

    lead: Lead
    name: str
    who: str
    why: str
    due: Status
    url: str

    @property
    def possible(self) -> bool:
        """Whether facts are missing."""
        return self.lead.kind != LeadKind.ENTITLED


def first_things(reader: Reader, today: date) -> list[FirstThing]:
    """Return the leads that are due first, with the place in words; two queries."""
    found = list(leads(reader, state="open").exclude(kind=LeadKind.AWAITING_LIST)[:_FIRST])
    codes = {code for lead in found for code in (lead.place_code, _town(lead.place_code))}
    names = names_of(codes)
    masked = reader.role in _MASKING
    return [_first(lead, names, today, masked) for lead in found]


def _first(lead: Lead, names: dict[str, str], today: date, masked: bool) -> FirstThing:
    person = lead.person
    words = (names.get(_town(lead.place_code), ""), names.get(lead.place_code, ""))
    place = " ".join(dict.fromkeys(word for word in words if word))
    return FirstThing(
        lead=lead,
        name=masked_name(person.name) if masked else person.name,
        who=person_words(person.sex, whole_years(person.birth_date, today), place),
        why=_why(lead.outcome.reason),
        due=_due(lead.due_on, today),
        url=address("leads_desk:lead", lead.pk),
    )


def _why(reason: str) -> str:
    """Return what an answer turned on, or what is missing, without what is true of everybody."""
    _item, mark, missing = reason.partition("，缺：")
    if mark:
        return str(_("缺 %(missing)s") % {"missing": missing})
    parts = reason.split("；")
    return "；".join([part for part in parts if not _COMMON.match(part)] or parts)


def _due(due_on: date, today: date) -> Status:
    days = (due_on - today).days
    if days < 0:
        return Status(_("已过期 %(days)d 天") % {"days": -days}, "accent")
    if days == 0:
        return Status(_("今天到期"), "accent")
    tone = "warning" if days <= _PRESSING_DAYS else "plain"
    return Status(_("还有 %(days)d 天") % {"days": days}, tone)


def _town(code: str) -> str:
    return f"{code[:9]}000"


def _sees_runs(reader: Reader) -> bool:
    return reader.can(Permission.SEE_RUNS)


def _place(reader: Reader) -> dict[str, str]:
    return {"place": reader.area}


def _board(reader: Reader, **query: str) -> str:
    return address("leads_desk:board", **query, **_place(reader))


def _stats(reader: Reader, counts: LeadCounts, by_item: Sequence[TallyRow]) -> list[Stat]:
    found = [
        Stat(
            _("该享未享"),
            counts.entitled,
            _("本月新增 %(number)s 条") % {"number": number(counts.new_this_month)},
            _board(reader, kind="entitled"),
            unit=_("条"),
        ),
        Stat(
            _("只差一项信息"),
            counts.possible,
            _most_possible(by_item),
            _board(reader, kind="possible"),
            unit=_("条"),
        ),
        Stat(
            _("七天内到期"),
            counts.due_soon,
            _("另有 %(number)s 条已过期") % {"number": number(counts.overdue)}
            if counts.overdue
            else _("没有过期的"),
            _board(reader, due="overdue" if counts.overdue else "week"),
            tone="accent" if counts.overdue or counts.due_soon else "",
            unit=_("条"),
        ),
    ]
    if reader.can(Permission.SEE_LISTS):
        found.append(returned_stat(reader))
    else:
        found.append(
            Stat(
                _("本月已送达"),
                counts.delivered_this_month,
                _("已联系本人 %(number)d 条") % {"number": counts.contacted},
                _board(reader, state="delivered"),
                unit=_("条"),
            )
        )
    return found


def returned_stat(reader: Reader) -> Stat:
    """Return how many lists have rows that went back; one query."""
    counted = (
        lists(reader)
        .order_by()
        .aggregate(
            lists=Count("pk", filter=Q(returned__gt=0)),
            rows=Sum("returned", default=0),
        )
    )
    return Stat(
        _("退回名单"),
        counted["lists"],
        _("%(number)d 行待改") % {"number": counted["rows"]}
        if counted["rows"]
        else _("没有要改的行"),
        address("lists_desk:lists"),
        unit=_("份"),
    )


def _most_possible(by_item: Sequence[TallyRow]) -> str:
    most = max(by_item, key=lambda row: row.possible, default=None)
    if most is None or not most.possible:
        return str(_("补上就能定"))
    return str(_("最多：%(item)s") % {"item": most.item_name})


def _items_chart(by_item: Sequence[TallyRow]) -> Chart | None:
    """Return the items that most miss out on, ``None`` when nobody does."""
    ranked = sorted((r for r in by_item if r.not_delivered), key=lambda row: -row.not_delivered)
    if not ranked:
        return None
    return bar_chart(
        _("%(item)s漏得最多，%(number)s 人")
        % {"item": ranked[0].item_name, "number": number(ranked[0].not_delivered)},
        _("各项该享未享人数"),
        [(row.item_name, row.not_delivered) for row in ranked[:_CHARTED]],
        label_title=_("项目"),
        value_title=_("该享未享"),
        unit=_("人"),
    )


def _changed(reader: Reader, run: Run | None) -> dict[str, int] | None:
    """Return how many answers the last run changed, ``None`` where that is not to be seen."""
    if run is None or run.first or not _sees_runs(reader):
        return None
    found = {"new": 0, "lost": 0, "changed": 0}
    for row in change_counts(reader, run):
        found[row["kind"]] += row["people"]
    return found


def _begin(reader: Reader, run: Run | None) -> str:
    """Return what to do first on an installation without a run: ``lists``, ``match``, ``wait``."""
    if run is not None:
        return ""
    if not reader.can(Permission.SEE_LISTS):
        return "wait"
    if not lists(reader).exists():
        return "lists"
    return "match" if reader.can(Permission.RUN_MATCH) else "wait_match"
