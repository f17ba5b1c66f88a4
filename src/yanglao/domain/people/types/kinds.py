"""List kinds: their names, senders, values as stored, and the date from which each holds."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from django.utils.translation import gettext_lazy as _


class Kind(StrEnum):
    """The eleven kinds of lists (``lists.md``); one statement table each."""

    HOUSEHOLD = "household"
    PENSION = "pension"
    ASSISTANCE = "assistance"
    DISABILITY = "disability"
    HEALTH = "health"
    LTCI = "ltci"
    VETERANS = "veterans"
    ASSESSMENT = "assessment"
    SURVEY = "survey"
    RELIEF = "relief"
    DEATHS = "deaths"


KIND_LABELS = {
    Kind.HOUSEHOLD: _("户籍人口"),
    Kind.PENSION: _("养老保险待遇"),
    Kind.ASSISTANCE: _("社会救助"),
    Kind.DISABILITY: _("残疾人证"),
    Kind.HEALTH: _("健康管理"),
    Kind.LTCI: _("长期护理保险"),
    Kind.VETERANS: _("优抚对象"),
    Kind.ASSESSMENT: _("能力评估"),
    Kind.SURVEY: _("入户调查"),
    Kind.RELIEF: _("流浪乞讨救助"),
    Kind.DEATHS: _("死亡登记"),
}

#: Who hands a kind in, for saying where a fact came from.
KIND_SENDERS = {
    Kind.HOUSEHOLD: _("公安"),
    Kind.PENSION: _("人社"),
    Kind.ASSISTANCE: _("民政"),
    Kind.DISABILITY: _("残联"),
    Kind.HEALTH: _("卫健"),
    Kind.LTCI: _("医保"),
    Kind.VETERANS: _("退役军人"),
    Kind.ASSESSMENT: _("评估机构"),
    Kind.SURVEY: _("村（社区）"),
    Kind.RELIEF: _("救助站"),
    Kind.DEATHS: _("公安、殡葬"),
}

#: Kinds whose full list says something about the people who are not on it.
KINDS_WITH_ABSENCE = frozenset(
    {
        Kind.PENSION,
        Kind.ASSISTANCE,
        Kind.DISABILITY,
        Kind.HEALTH,
        Kind.LTCI,
        Kind.VETERANS,
        Kind.RELIEF,
        Kind.DEATHS,
    }
)

#: Known to have moved the household registration away, place unknown.
ELSEWHERE = "elsewhere"

#: Digits below, letters above: a file laid into another lies outside every area.
_DIGITS, _LETTERS = "0123456789", "abcdefghij"


def laid_in_code(code: str) -> str:
    """Return the place code of a file laid into another: no area contains it, none is lost."""
    return code[:1].translate(str.maketrans(_DIGITS, _LETTERS)) + code[1:] if code else "a"


def end_of(pk: int, into: Mapping[int, int]) -> int:
    """Return the file that goes on in the end, when files are laid into others."""
    seen = {pk}
    while pk in into and into[pk] not in seen:
        pk = into[pk]
        seen.add(pk)
    return pk


def with_laid_in(person_ids: Iterable[int], into: Mapping[int, int]) -> list[int]:
    """Return the files themselves and those laid into them, in order."""
    wanted = set(person_ids)
    return sorted({*wanted, *(pk for pk, end in into.items() if end in wanted)})


def own_code(code: str) -> str:
    """Return the place code of a file, laid into another or not."""
    return code[:1].translate(str.maketrans(_LETTERS, _DIGITS)) + code[1:]


#: In place of the batch in a statement entered by hand: later than any list of the same day.
HAND_BATCH = 999_999_999


@dataclass(frozen=True, slots=True)
class ValueField:
    """A value of a statement.

    Attributes:
        name: Its column, or its name in the envelope.
        type: Of the value.
        required: Whether a statement must have it.
        kept: ``sealed`` lies in the row's envelope, ``masked`` is masked in ``<name>_mask``
            (decision 0005); ``clear`` stands in its column.
    """

    name: str
    type: Literal["text", "date", "bool", "int", "float"]
    required: bool = False
    kept: Literal["clear", "sealed", "masked"] = "clear"


#: Values of each kind, in the order in which they are stored and digested.
VALUE_FIELDS: dict[Kind, tuple[ValueField, ...]] = {
    Kind.HOUSEHOLD: (
        ValueField("name", "text", required=True),
        ValueField("ethnicity", "text"),
        ValueField("marital", "text"),
        ValueField("household_id", "text"),
        ValueField("relation", "text"),
        ValueField("hukou_code", "text", required=True),
        ValueField("address", "text", kept="sealed"),
        ValueField("status", "text", required=True),
        ValueField("status_on", "date"),
    ),
    Kind.PENSION: (
        ValueField("pension_kind", "text", required=True),
        ValueField("pension_status", "text", required=True),
        ValueField("monthly_fen", "int"),
        ValueField("began_on", "date"),
    ),
    Kind.ASSISTANCE: (
        ValueField("assistance", "text", required=True),
        ValueField("support_mode", "text"),
        ValueField("tekun_care", "text"),
        ValueField("holds_from", "date", required=True),
        ValueField("holds_to", "date"),
    ),
    Kind.DISABILITY: (
        ValueField("card_number", "text", required=True, kept="sealed"),
        ValueField("disability_category", "int"),
        ValueField("disability_grade", "int"),
        ValueField("needs_long_term_care", "bool"),
        ValueField("issued_on", "date"),
        ValueField("card_status", "text", required=True),
    ),
    Kind.HEALTH: (
        ValueField("health_checked_on", "date", required=True),
        ValueField("chronic", "text", kept="sealed"),
        ValueField("doctor", "text", kept="sealed"),
        ValueField("dementia", "bool", kept="masked"),
    ),
    Kind.LTCI: (
        ValueField("ltci_insured", "bool", required=True),
        ValueField("ltci_level", "int"),
        ValueField("ltci_receiving", "bool"),
        ValueField("assessed_on", "date"),
    ),
    Kind.VETERANS: (
        ValueField("veteran_category", "text"),
        ValueField("special_contribution", "bool", required=True),
    ),
    Kind.ASSESSMENT: (
        ValueField("assessed_on", "date", required=True),
        ValueField("ability_level", "int", required=True),
        ValueField("agency", "text"),
    ),
    Kind.SURVEY: (
        ValueField("residence_code", "text"),
        ValueField("living", "text"),
        ValueField("supporter", "text"),
        ValueField("family_planning_special", "bool"),
        ValueField("phone", "text", kept="sealed"),
        ValueField("contact", "text", kept="sealed"),
        ValueField("contact_phone", "text", kept="sealed"),
        ValueField("longitude", "float", kept="sealed"),
        ValueField("latitude", "float", kept="sealed"),
    ),
    Kind.RELIEF: (
        ValueField("relief_on", "date", required=True),
        ValueField("in_relief", "bool", required=True),
    ),
    Kind.DEATHS: (ValueField("died_on", "date", required=True),),
}

#: The value from which a statement holds; kinds without one hold from the month of their list.
OWN_DATES: dict[Kind, str] = {
    Kind.ASSISTANCE: "holds_from",
    Kind.DISABILITY: "issued_on",
    Kind.HEALTH: "health_checked_on",
    Kind.ASSESSMENT: "assessed_on",
    Kind.RELIEF: "relief_on",
    Kind.DEATHS: "died_on",
}
