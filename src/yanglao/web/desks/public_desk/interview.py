"""Where somebody is in the questions. All of it comes from the page and goes back into it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.http import QueryDict
from django.utils.translation import gettext as _

from yanglao.flows.answer_public import UNSURE, Option, Question


@dataclass(frozen=True, slots=True)
class Place:
    """Where somebody is.

    Attributes:
        answers: Question key to the option chosen; only what is asked and offered.
        at: Index of the question to show; the number of questions when all are answered.
        decade: First year of the ten whose years are shown, ``None`` when tens are.
    """

    answers: dict[str, str]
    at: int
    decade: int | None = None


def place_of(sent: QueryDict, asked: Sequence[Question]) -> Place:
    """Read where somebody is from a sent form.

    ``to`` asks for a question by number (from 1); else the one after ``answered`` comes.
    """
    answers = _answers(sent, asked)
    keys = [question.key for question in asked]
    to = sent.get("to", "")
    if to.isascii() and to.isdigit() and 1 <= int(to[:3]) <= len(asked):
        return Place(answers, int(to[:3]) - 1)
    answered = sent.get("answered", "")
    at = keys.index(answered) if answered in keys else 0
    if asked[at].kind == "year" and asked[at].key not in answers:
        return Place(answers, at, _decade(sent.get("decade", "")))
    if answered not in answers:
        return Place(answers, at)
    return Place(answers, at + 1)


def decades(question: Question) -> list[Option]:
    """Return the tens of years of a question, the latest first, for two easy steps."""
    firsts = sorted({_ten(option.value) for option in years(question)}, reverse=True)
    return [
        Option(str(first), _("%(first)s 到 %(last)s 年") % {"first": first, "last": first + 9})
        for first in firsts
    ]


def years(question: Question, decade: int | None = None) -> list[Option]:
    """Return the years to choose from, of one ten when given, the earliest first."""
    found = [option for option in question.options if option.value != UNSURE]
    if decade is not None:
        found = [option for option in found if _ten(option.value) == decade]
    return sorted(found, key=lambda option: option.value)


def words_of(question: Question, answers: Mapping[str, str]) -> str:
    """Return the words of the option chosen, empty when none is."""
    chosen = answers.get(question.key)
    return next((option.label for option in question.options if option.value == chosen), "")


def _answers(sent: QueryDict, asked: Sequence[Question]) -> dict[str, str]:
    """Return what was answered: the last word counts, since a button follows the hidden fields."""
    found = {}
    for question in asked:
        value = sent.get(question.key, "")
        if any(option.value == value for option in question.options):
            found[question.key] = value
    return found


def _decade(text: str) -> int | None:
    return int(text) if len(text) == 4 and text.isascii() and text.isdigit() else None


def _ten(year: str) -> int:
    return int(year) // 10 * 10
