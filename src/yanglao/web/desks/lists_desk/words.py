"""Words for kinds, states and places of lists; the same on every page of the desk."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _

from yanglao.domain.exchange.public import STATE_LABELS, ListState
from yanglao.domain.people.public import KIND_LABELS, Kind
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.parts import Status, Text

_TONES = {
    ListState.TAKEN_IN: "success",
    ListState.REFUSED: "error",
    ListState.REPEATED: "neutral",
}


def kind_label(code: str) -> str:
    """Return the Chinese name of a kind of list; 认不出 for one that could not be told."""
    return str(KIND_LABELS[Kind(code)]) if code else _("认不出的表格")


def kind_choices(reader: Reader) -> list[tuple[str, Text]]:
    """Return the kinds that a reader may hand in: his own if he is a clerk, else all."""
    return [
        (kind.value, label)
        for kind, label in KIND_LABELS.items()
        if not reader.kinds or kind.value in reader.kinds
    ]


def state_of(state: str, returned: int) -> Status:
    """Return what became of a list: taken in whole, in part, or not at all."""
    found = ListState(state)
    if found == ListState.TAKEN_IN and returned:
        return Status(_("有退回的行"), "warning")
    return Status(STATE_LABELS[found], _TONES[found])


def month_words(month: date | None) -> str:
    """Return a month as ``2026 年 10 月``; empty for none."""
    return f"{month.year} 年 {month.month} 月" if month else ""


def full_words(full: bool) -> str:
    """Say whether a list is whole or a supplement."""
    return _("完整名单") if full else _("补充名单")


def joined(words: Iterable[str]) -> str:
    """Join words with the dot of the interface, blanks left out."""
    return " · ".join(word for word in words if word)
