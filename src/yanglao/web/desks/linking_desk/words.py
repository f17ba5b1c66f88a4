"""What the engine found, in plain Chinese: evidence with its weight, and values side by side."""

from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from yanglao.web.kit.formats import masked_phone
from yanglao.web.kit.parts import Bar

_WORDS: dict[str, dict[str, str | Promise]] = {
    "name": {
        "same_rare": _("同名，这个名字很少见"),
        "same_usual": _("同名"),
        "same_common": _("同名，叫这个名字的人不少"),
        "same_very_common": _("同名，叫这个名字的人很多"),
        "sounds_same": _("名字读音相同，写法不同"),
        "near": _("名字只差一个字"),
        "sounds_alike": _("名字读音相近"),
        "alike": _("名字有些像"),
        "other": _("名字不同"),
    },
    "born": {
        "same": _("同一天出生"),
        "swapped": _("生日的月和日写反了"),
        "one_digit": _("生日只差一个数字"),
        "same_month": _("同年同月出生，日子不同"),
        "same_year": _("同年出生，月日不同"),
        "other": _("生日不同"),
    },
    "sex": {"same": _("性别相同"), "other": _("性别不同")},
    "place": {
        "village": _("同一个村、社区"),
        "town": _("同一个乡镇、街道"),
        "county": _("同一个县市"),
        "prefecture": _("同一个地区"),
        "other": _("不在同一个地区"),
    },
    "number": {
        "slip_alone": _("号码只写错一处"),
        "slip_before": _("号码只写错一处"),
        "slip_behind": _("号码只在后四位写错一处"),
        "two_behind": _("号码后四位有两处不同"),
        "two_slips": _("号码有两处不同"),
        "same_start": _("号码只有前十四位相同"),
        "other": _("号码完全不同"),
        "same": _("名单上写的就是这个号码"),
        "differs": _("两个号码都有效，但不同"),
    },
    "phone": {"same": _("电话相同"), "other": _("电话没有对上")},
    "household": {"same": _("同一个户号"), "other": _("户号没有对上")},
}
#: Bits of evidence that fill the whole bar.
_FULL_BAR = 20.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """One thing that speaks for or against one person, with a bar for how much."""

    words: str | Promise
    speaks_for: bool
    bar: Bar


def evidence(levels: dict[str, str], weights: dict[str, float]) -> list[Evidence]:
    """Return what speaks for and against, the strongest first; what is unknown says nothing."""
    found = []
    for name, level in levels.items():
        words = _WORDS.get(name, {}).get(level)
        if words is None:
            continue
        weight = weights.get(name, 0.0)
        share = min(_FULL_BAR, abs(weight))
        tone = "primary" if weight >= 0 else "accent"
        bar = Bar(share, _FULL_BAR, tone, " ")
        found.append((abs(weight), Evidence(words, weight >= 0, bar)))
    return [one for _weight, one in sorted(found, key=lambda pair: -pair[0])]


@dataclass(frozen=True, slots=True)
class Line:
    """One value on both sides.

    Attributes:
        label: What it is.
        left, right: What each says; ``None`` is unknown.
        differs: Whether both are known and differ.
    """

    label: str | Promise
    left: str | None
    right: str | None

    @property
    def differs(self) -> bool:
        """Whether both are known and differ."""
        return bool(self.left) and bool(self.right) and self.left != self.right


def compared_numbers(left: str, right: str) -> tuple[str, str]:
    """Return two numbers of which only ends and differing digits can be read.

    The middle of an ID number is nobody's business; which digit differs is what the clerk needs.
    """
    if not left or not right:
        return _ends(left), _ends(right)
    pairs = list(zip_longest(left, right, fillvalue=""))
    last = len(pairs) - 4

    def shown(at: int, mine: str, other: str) -> str:
        return mine if at < 4 or at >= last or mine != other else "*"

    return (
        "".join(shown(at, one, two) for at, (one, two) in enumerate(pairs)),
        "".join(shown(at, two, one) for at, (one, two) in enumerate(pairs)),
    )


def _ends(text: str) -> str:
    return text if len(text) < 9 else text[:4] + "*" * (len(text) - 8) + text[-4:]


def day_words(day: date | str | None) -> str | None:
    """Return a day as it is shown, ``None`` when it is unknown."""
    if not day:
        return None
    return day if isinstance(day, str) else day.isoformat()


def phone_words(phone: str) -> str | None:
    """Return a covered telephone number."""
    return str(masked_phone(phone)) if phone else None


def likely(probability: float) -> str | Promise:
    """Return in words how likely it is."""
    if probability >= 0.99:
        return _("很可能是同一人")
    if probability >= 0.5:
        return _("可能是同一人")
    return _("不太像，但不能排除")
