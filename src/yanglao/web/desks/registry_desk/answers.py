"""17 项清单，他（她）该得到什么: answers with their reasons, sources and next steps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.leads.public import OPEN_STATES, LeadState
from yanglao.domain.people.public import VALUE_FIELDS, FactLine
from yanglao.flows.look_up_person import AnswerLine, LeafAnswer
from yanglao.kernel.dates import zh_day
from yanglao.web.desks.registry_desk.forms import BY_HAND
from yanglao.web.kit.parts import Status

#: Truth of a condition -> words, icon, tone. Colour is never the only sign.
_TRUTHS: dict[bool | None, tuple[Any, str, str]] = {
    True: (gettext_lazy("符合"), "check", "success"),
    False: (gettext_lazy("不符合"), "x", "neutral"),
    None: (gettext_lazy("未知"), "circle-question-mark", "warning"),
}
_CODES = {"hukou_code", "residence_code"}
#: True of nearly everybody who is looked at; said under each item it would hide what decides.
_SELF_EVIDENT = {"alive", *_CODES}

#: Fact -> kind of statement by which an officer can tell it.
ENTRY_KINDS: dict[str, str] = {
    field.name: kind.value for kind in reversed(BY_HAND) for field in VALUE_FIELDS[kind]
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One condition of an item, with the person's own value and where it is known from."""

    words: str
    icon: str
    tone: str
    sentence: str
    value: str
    source: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """What an officer can do about an item now."""

    text: str
    url: str
    primary: bool = False


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One item for one person as drawn.

    Attributes:
        line: The answer.
        status: 应享未享, 可能, 在享, 不符合.
        reasons: Conditions that decide.
        all: Every condition.
        sources: Where the deciding facts are known from, each once.
        clause_url: Page of the item in the policy room, empty without it.
        step: Next step, ``None`` when there is nothing to do.
        note: How far the lead is.
    """

    line: AnswerLine
    status: Status
    reasons: tuple[Reason, ...]
    all: tuple[Reason, ...]
    sources: tuple[str, ...]
    clause_url: str
    step: NextStep | None
    note: str

    @property
    def is_no(self) -> bool:
        """Whether the person does not qualify."""
        return self.line.status == "no"


def answer_rows(
    answers: Iterable[AnswerLine], facts: Iterable[FactLine], pk: int
) -> list[AnswerRow]:
    """Return the answers with what is owed first, then what is open, then what is had, then no."""
    known = {fact.name: fact for fact in facts}
    rows = [_row(line, known, pk) for line in answers]
    return sorted(rows, key=lambda row: _ORDER[row.status.tone])


#: Tone of a status -> place in the list.
_ORDER = {"accent": 0, "warning": 1, "success": 2, "neutral": 3}


def answer_status(line: AnswerLine) -> Status:
    """Return the badge of an answer."""
    if line.status == "no":
        return Status(_("不符合"), "neutral")
    if line.status == "possible":
        return Status(_("可能符合"), "warning")
    return Status(_("在享"), "success") if line.has_it else Status(_("应享未享"), "accent")


def _row(line: AnswerLine, known: Mapping[str, FactLine], pk: int) -> AnswerRow:
    shown = _deciding(line)
    reasons = tuple(_reason(leaf, known) for leaf in shown)
    return AnswerRow(
        line=line,
        status=answer_status(line),
        reasons=reasons,
        all=tuple(_reason(leaf, known) for leaf in line.leaves),
        sources=tuple(dict.fromkeys(reason.source for reason in reasons if reason.source)),
        clause_url=_address("policy_room:item", line.code),
        step=_step(line, pk),
        note=_note(line),
    )


def _deciding(line: AnswerLine) -> list[LeafAnswer]:
    """Return the conditions that an answer turns on; all of them are one click away."""
    if line.status == "possible":
        told = [leaf for leaf in line.leaves if leaf.truth and leaf.fact not in _SELF_EVIDENT]
        return [*told, *(leaf for leaf in line.leaves if leaf.fact in line.missing_facts)]
    wanted = line.status == "yes"
    found = [leaf for leaf in line.leaves if leaf.truth is wanted]
    return [leaf for leaf in found if leaf.fact not in _SELF_EVIDENT] or found


def _reason(leaf: LeafAnswer, known: Mapping[str, FactLine]) -> Reason:
    words, icon, tone = _TRUTHS[leaf.truth]
    fact = known.get(leaf.fact)
    value = leaf.value
    if leaf.fact in _CODES and fact is not None:
        value = fact.value_label
    return Reason(
        words=str(words),
        icon=icon,
        tone=tone,
        sentence=leaf.sentence,
        value=value,
        source=source_words(fact) if fact is not None else "",
    )


def source_words(fact: FactLine) -> str:
    """Return where a fact is known from, in one line: 墨玉县残联 2026-10，第 12 行."""
    parts = [fact.source or str(_("没有名单说过"))]
    sheet, _mark, row = fact.row.rpartition("!")
    if row.isdigit():
        parts.append(_("%(sheet)s 第 %(row)s 行") % {"sheet": sheet, "row": row})
    return "，".join(parts)


def _step(line: AnswerLine, pk: int) -> NextStep | None:
    lead = line.lead
    if line.status == "no":
        return None
    if line.status == "possible":
        kind = next((ENTRY_KINDS[fact] for fact in line.missing_facts if fact in ENTRY_KINDS), "")
        words = _("补上：%(missing)s") % {"missing": "、".join(line.missing[:2])}
        url = reverse("registry_desk:record", args=[pk, kind]) if kind else ""
        return NextStep(words, url) if url else None
    if line.has_it or lead is None or lead.closed_on is not None:
        return None
    words = _("联系本人") if lead.state == LeadState.FOUND else _("接着办")
    return NextStep(words, _address("leads_desk:lead", lead.pk), primary=True)


def _note(line: AnswerLine) -> str:
    lead = line.lead
    if lead is None:
        return ""
    state = LeadState(lead.state).label
    if lead.state in OPEN_STATES:
        return str(_("%(state)s，%(day)s前办完") % {"state": state, "day": zh_day(lead.due_on)})
    return f"{state} {zh_day(lead.closed_on)}" if lead.closed_on else str(state)


def _address(name: str, *args: object) -> str:
    try:
        return reverse(name, args=args)
    except NoReverseMatch:
        return ""
