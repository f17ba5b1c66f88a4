"""Values that the page parts draw. Desks make them, tags in ``{% load kit %}`` draw them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from yanglao.web.kit.formats import SEXES

Text = str | Promise

#: Tone -> (icon, what it is for). Colour is never the only sign: every tone has its own icon.
TONES: dict[str, str] = {
    "accent": "circle-alert",  # late, must be done: 应享未享, 已过期
    "success": "circle-check",  # in order: 在享, 已送达
    "warning": "circle-question-mark",  # something is missing: 可能, 待核实
    "error": "circle-x",  # refused, failed: 退回, 出错
    "info": "info",  # to know: 处理中
    "neutral": "circle-minus",  # closed, not applicable: 不符合, 已注销
    "plain": "",  # a mere label: 独居, 低保
}


@dataclass(frozen=True, slots=True)
class Status:
    """A state with its tone (see ``TONES``), drawn as a badge."""

    text: Text
    tone: str = "plain"

    def __post_init__(self) -> None:
        """Refuse a tone nobody knows."""
        if self.tone not in TONES:
            raise ValueError(f"unknown tone {self.tone!r}, one of {', '.join(TONES)}")


@dataclass(frozen=True, slots=True)
class Bar:
    """A share drawn as a bar in a table cell: ``done`` of ``total``."""

    done: float
    total: float
    tone: str = "primary"
    text: str = ""

    @property
    def share(self) -> float:
        """Share between 0 and 1."""
        return min(1.0, max(0.0, self.done / self.total)) if self.total else 0.0

    @property
    def label(self) -> str:
        """Text beside the bar, per cent by default."""
        return self.text or f"{self.share * 100:.0f}%"


@dataclass(frozen=True, slots=True)
class Link:
    """A link in a cell or list."""

    text: Text
    url: str


@dataclass(frozen=True, slots=True)
class Crumb:
    """One step of the page breadcrumb; the last has no ``url``."""

    text: Text
    url: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab: a link, with an optional number."""

    text: Text
    url: str
    current: bool = False
    count: int | None = None


def desk_pages(desk: str, pages: Iterable[tuple[str, Text, int | None]], current: str) -> list[Tab]:
    """Return the pages of a desk as tabs.

    Args:
        desk: Name of the desk's addresses.
        pages: Name of the address, words, and how much waits there (``None``: no number).
        current: Name of the page that is open.
    """
    return [
        Tab(text, reverse(f"{desk}:{name}"), current=name == current, count=count)
        for name, text, count in pages
    ]


@dataclass(frozen=True, slots=True)
class Stat:
    """A number that matters, with what it counts and a note; opens ``url``."""

    label: Text
    value: int | str
    note: Text = ""
    url: str = ""
    tone: str = ""
    unit: Text = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact with its source line.

    Attributes:
        label: Name of the fact (社会救助).
        value: Value in words; ``None`` is shown as 未知.
        source: One grey line: who says so, when, which row.
        detail: Rest of the value in normal weight (``"自 2021-03"``).
    """

    label: Text
    value: Text | None
    source: Text = ""
    detail: Text = ""

    @property
    def known(self) -> bool:
        """Whether there is a value."""
        return self.value is not None


@dataclass(frozen=True, slots=True)
class Event:
    """One point of a timeline, newest first by custom."""

    on: date
    title: Text
    text: Text = ""
    source: Text = ""
    tone: str = "plain"
    url: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class Action:
    """A button of a bulk bar or of a page head.

    Attributes:
        text: What happens (退回这 12 行).
        value: Sent as the button's value (bulk bar), name is ``action``.
        url: Address to go to (page head).
        tone: ``"primary"``, ``"plain"`` or ``"error"``.
        confirm: Question asked before it happens; empty asks nothing.
        icon: Lucide name.
    """

    text: Text
    value: str = ""
    url: str = ""
    tone: str = "plain"
    confirm: Text = ""
    icon: str = ""


def person_words(
    sex: str = "", age: int | None = None, place: Text = "", more: Sequence[Text] = ()
) -> str:
    """Return the line after a person's name: ``男 · 80 岁 · 喀拉喀什镇 阔纳巴扎村``."""
    words: list[str] = []
    if sex:
        words.append(str(SEXES.get(sex, sex)))
    if age is not None:
        words.append(_("%(age)d 岁") % {"age": age})
    if place:
        words.append(str(place))
    words.extend(str(word) for word in more if word)
    return " · ".join(words)
