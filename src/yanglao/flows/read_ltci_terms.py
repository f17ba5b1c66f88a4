"""The parameters of the long-term care fund for the place: the national ones, then its own.

Beside them the words for pages: labels, sources, what nobody verified.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from django.conf import settings

from yanglao.domain.catalogue.public import pack_in_force
from yanglao.domain.ltci.public import next_month
from yanglao.engines.ltcfund.terms import Terms, read_terms
from yanglao.engines.payments.mortality import Mortality, read_mortality

_FILE = "ltci.yaml"


class NumberMissing(ValueError):
    """A number that nobody published is needed; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class TermLine:
    """A parameter in words.

    Attributes:
        label, unit, source, note: What it is and where it stands. verified: seen there.
        numbers: Key and number of the month (``None``: not published).
    """

    name: str
    label: str
    unit: str
    source: str
    note: str
    verified: bool
    numbers: tuple[tuple[str, int | None], ...]


def ltci_terms(as_of: date) -> Terms:
    """Return the parameters for the pack in force on a day.

    Raises:
        yanglao.engines.ltcfund.terms.LtcTermsErrors: When a file may not be used.
    """
    version = pack_in_force(as_of)
    texts = []
    for pack in dict.fromkeys(("national", version.pack if version else "national")):
        file = settings.POLICIES / pack / _FILE
        if file.exists():
            texts.append((pack, file.read_text(encoding="utf-8")))
    return _read(tuple(texts))


@lru_cache(maxsize=8)
def _read(texts: tuple[tuple[str, str], ...]) -> Terms:
    return read_terms(texts)


def needed(terms: Terms, name: str, month: date, key: str = "value") -> int:
    """Return a number of a month.

    Raises:
        NumberMissing: When it is not published.
    """
    value = terms.value(name, month, key)
    if value is None:
        label = terms.parameters[name].label
        raise NumberMissing(f"“{label}”{month:%Y-%m} 没有公布（{key}），请先补上参数。")
    return value


def term_lines(as_of: date) -> list[TermLine]:
    """Return every parameter with its numbers of the month, for the page of parameters."""
    terms = ltci_terms(as_of)
    return [
        TermLine(
            one.name,
            one.label,
            one.unit,
            " ".join(part for part in (one.document, one.article) if part != "无"),
            one.note,
            one.verified,
            tuple(one.on(as_of).items()),
        )
        for one in terms.parameters.values()
    ]


def doubtful(as_of: date, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the labels of parameters that nobody verified, of those that a page rests on."""
    return tuple(one.label for one in ltci_terms(as_of).unverified(names))


def months_on(month: date, number: int) -> date:
    """Return the first day of the month so many months after a day's month."""
    found = month.replace(day=1)
    for _one in range(number):
        found = next_month(found)
    return found


def month_before(day: date) -> date:
    """Return the first day of the month before a day's month."""
    return (day.replace(day=1) - timedelta(days=1)).replace(day=1)


def mortality_table() -> Mortality:
    """Return the chances of dying that forecasts use."""
    file = settings.POLICIES / "national" / "mortality.yaml"
    return read_mortality(file.read_text(encoding="utf-8"), file.name)
