"""What every page of the desk has: its sections, states as badges, places and amounts in words."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.ltci.public import (
    BenefitState,
    GradingState,
    Place,
    PlanState,
    StatementState,
)
from yanglao.domain.people.public import Person
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader
from yanglao.kernel.dates import whole_years
from yanglao.kernel.money import format_yuan
from yanglao.web.kit.parts import Crumb, Stat, Status, Tab, Text

SECTIONS: tuple[tuple[str, Text], ...] = (
    ("overview", gettext_lazy("概况")),
    ("insured", gettext_lazy("参保人")),
    ("gradings", gettext_lazy("失能评估")),
    ("benefits", gettext_lazy("待遇")),
    ("plans", gettext_lazy("照护计划")),
    ("providers", gettext_lazy("护理机构")),
    ("records", gettext_lazy("服务记录")),
    ("settlements", gettext_lazy("结算")),
    ("fund", gettext_lazy("基金收支")),
    ("outlook", gettext_lazy("结余测算")),
    ("crosswalk", gettext_lazy("推定对照")),
    ("terms", gettext_lazy("参数")),
)
_GRADING = {
    GradingState.ASKED: "accent",
    GradingState.GRADING: "info",
    GradingState.SIGNED: "warning",
    GradingState.NOTICE: "info",
    GradingState.HELD: "success",
    GradingState.DISPUTED: "accent",
    GradingState.REPLACED: "neutral",
    GradingState.REFUSED: "neutral",
    GradingState.WITHDRAWN: "neutral",
}
_BENEFIT = {
    BenefitState.PREPARED: "warning",
    BenefitState.APPROVED: "success",
    BenefitState.STOPPED: "neutral",
    BenefitState.REFUSED: "neutral",
}
_PLAN = {PlanState.PREPARED: "warning", PlanState.APPROVED: "success", PlanState.REFUSED: "neutral"}
_STATEMENT = {
    StatementState.DRAFT: "info",
    StatementState.SUBMITTED: "warning",
    StatementState.APPROVED: "success",
    StatementState.PAID: "neutral",
}
_HOUR = 60
_WAN = 1_000_000


def reader_of(request: HttpRequest) -> Reader:
    """Return who looks, limited to the place chosen on the page."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    return reader


def page(
    current: str,
    title: Text,
    *,
    note: Text = "",
    last: Text = "",
    reader: Reader | None = None,
    **more: Any,
) -> dict[str, Any]:
    """Return the context that every page of the desk needs.

    Args:
        current: The section that is marked. title: The h1. last: Last crumb; empty: a section's own
            page, without crumbs. reader: Who may see less than the whole desk.
    """
    trail = []
    if last:
        label = next(label for name, label in SECTIONS if name == current)
        trail = [Crumb(label, reverse(f"insurance_desk:{current}")), Crumb(last)]
    return {
        "title": title,
        "note": note,
        "trail": trail,
        "sections": [
            Tab(label, reverse(f"insurance_desk:{name}"), current=name == current)
            for name, label in SECTIONS
            if reader is None or name == "gradings" or reader.can(Permission.SEE_INSURANCE)
        ],
        **more,
    }


def grading_status(state: str) -> Status:
    """Return where a grading stands."""
    return Status(GradingState(state).label, _GRADING[GradingState(state)])


def benefit_status(state: str) -> Status:
    """Return where a benefit stands."""
    return Status(BenefitState(state).label, _BENEFIT[BenefitState(state)])


def plan_status(state: str) -> Status:
    """Return where a care plan stands."""
    return Status(PlanState(state).label, _PLAN[PlanState(state)])


def statement_status(state: str) -> Status:
    """Return where a settlement stands."""
    return Status(StatementState(state).label, _STATEMENT[StatementState(state)])


def amount_words(place: str, amount: int | None) -> str:
    """Return minutes as hours, or days: ``20 小时 30 分``, ``31 天``."""
    if amount is None:
        return ""
    if place == Place.INSTITUTION:
        return _("%(n)d 天") % {"n": amount}
    hours, minutes = divmod(abs(amount), _HOUR)
    sign = "-" if amount < 0 else ""
    if not minutes:
        return _("%(s)s%(h)d 小时") % {"s": sign, "h": hours}
    if not hours:
        return _("%(s)s%(m)d 分钟") % {"s": sign, "m": minutes}
    return _("%(s)s%(h)d 小时 %(m)d 分") % {"s": sign, "h": hours, "m": minutes}


def money_stat(label: Text, fen: int, *, note: Text = "", url: str = "", tone: str = "") -> Stat:
    """Return an amount as a number card: short enough for a phone, exact in the grey line."""
    exact = _("%(yuan)s 元") % {"yuan": format_yuan(fen)}
    words = f"{exact} · {note}" if note else exact
    if abs(fen) >= _WAN:
        return Stat(label, f"{fen / _WAN:,.2f}", words, url, tone if fen else "", _("万元"))
    return Stat(label, f"{fen / 100:,.0f}", words, url, tone if fen else "", _("元"))


def clock_words(minutes: int) -> str:
    """Return minutes after midnight as 09:30."""
    return f"{minutes // _HOUR:02}:{minutes % _HOUR:02}"


def month_words(month: date | None) -> str:
    """Return a month as 2026-10."""
    return f"{month:%Y-%m}" if month else ""


def level_words(level: int | None) -> str:
    """Return a grade in short."""
    return "" if level is None else _("%(n)d 级") % {"n": level}


def person_words_of(person: Person, today: date) -> str:
    """Return age and sex for the grey line under a name."""
    sex = _("男") if person.sex == "M" else _("女")
    return _("%(sex)s · %(age)d 岁") % {"sex": sex, "age": whole_years(person.birth_date, today)}


def note_look(request: HttpRequest, person: Person, fields: Iterable[str]) -> None:
    """Write down that somebody looked at what the insurance keeps about a person."""
    audit.read(
        reader_of(request),
        "ltci_file_opened",
        subject_id=person.pk,
        place_code=person.place_code,
        purpose=_("长护险经办"),
        fields=fields,
    )
