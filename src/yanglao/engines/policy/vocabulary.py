"""The fact vocabulary: every fact that a rule may use, with its type and its Chinese words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from yanglao.engines.policy.documents import Cursor
from yanglao.engines.policy.problems import Spot

TYPES = ("bool", "int", "choice", "text", "date", "code")
#: How *known not to be* stands in the facts table; NULL there is *unknown*.
NONE_TEXT, NONE_INT, NONE_DATE = "", -1, date(1, 1, 1)
#: A code outside of everything: moved away, known to be elsewhere.
ELSEWHERE = "elsewhere"
SENSITIVITIES = ("personal", "sensitive")

_KEYS = {
    "label": True,
    "type": True,
    "choices": False,
    "low": False,
    "high": False,
    "unit": False,
    "yes": False,
    "no": False,
    "ask_for": False,
    "source": True,
    "sensitivity": True,
    "has_none": False,
    "none_label": False,
    "note": False,
}
_NEEDED = {"bool": ("yes", "no"), "int": ("low", "high"), "choice": ("choices",)}
_ALLOWED = {
    "bool": ("yes", "no"),
    "int": ("low", "high", "choices", "unit"),
    "choice": ("choices",),
}
_ONLY_FOR_SOME = ("choices", "low", "high", "unit", "yes", "no")


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One fact.

    Attributes:
        name: As rules write it.
        label: As people read it.
        type: bool, int, choice (one of some texts), text, date or code (division code).
        choices: Value as stored (text) to label; for ``int`` the labels of its numbers.
        low, high: Ends of an ``int``, both included.
        unit: Behind a number, e.g. 周岁.
        yes, no: What a ``bool`` says when true and when false.
        ask_for: What is asked for when the fact is missing (出生日期 for age).
        source: Kinds of lists it comes from.
        sensitivity: ``personal`` or ``sensitive`` (as the law on personal information divides).
        has_none: Whether *known not to have it* exists (absence from a full list).
        none_label: What that is called, e.g. 没有残疾人证.
    """

    name: str
    label: str
    type: str
    choices: Mapping[str, str]
    low: int
    high: int
    unit: str
    yes: str
    no: str
    ask_for: str
    source: tuple[str, ...]
    sensitivity: str
    has_none: bool
    none_label: str
    note: str
    spot: Spot

    @property
    def kept_exact(self) -> bool:
        """Whether an answer keeps the exact value; ages, days and places would tell too much."""
        return self.type in ("bool", "choice") or (self.type == "int" and self.name != "age")

    def value_label(self, value: object) -> str:
        """A value as people read it. None is 未知; a known none has its own words."""
        if value is None:
            return "未知"
        if value in (NONE_TEXT, NONE_DATE) or (value == NONE_INT and value is not True):
            return self.none_label
        if self.type == "bool":
            return self.yes if value else self.no
        if self.type == "code":
            return "迁往外地" if value == ELSEWHERE else f"区划 {value}"
        if isinstance(value, date):
            return f"{value.year} 年 {value.month} 月 {value.day} 日"
        label = self.choices.get(str(value))
        return label or (f"{value} {self.unit}" if self.unit else str(value))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """All facts, in the order of the file (which is the order in which missing ones are told)."""

    facts: Mapping[str, FactSpec]

    def __getitem__(self, name: str) -> FactSpec:
        return self.facts[name]

    def __contains__(self, name: object) -> bool:
        return name in self.facts

    def in_order(self, names: set[str]) -> tuple[str, ...]:
        """Names sorted as the vocabulary lists them."""
        return tuple(name for name in self.facts if name in names)


def read_vocabulary(root: Cursor) -> Vocabulary:
    """The vocabulary of a file ``facts: {name: {...}}``; problems go to the cursor's log."""
    top = root.mapping({"facts": True})
    facts: dict[str, FactSpec] = {}
    if "facts" in top:
        for name, cursor in top["facts"].entries().items():
            facts[name] = _read_fact(name, cursor)
    return Vocabulary(facts)


def _read_fact(name: str, cursor: Cursor) -> FactSpec:
    """One fact of the vocabulary."""
    at = cursor.mapping(_KEYS)
    kind = at["type"].choice(TYPES) if "type" in at else ""
    for key in _NEEDED.get(kind, ()):
        if key not in at:
            cursor.problem(f"事实“{name}”缺少“{key}”", f"类型 {kind} 必须写“{key}”")
    for key in _ONLY_FOR_SOME:
        if kind and key in at and key not in _ALLOWED.get(kind, ()):
            at[key].problem(f"事实“{name}”是 {kind} 类型，不能写“{key}”", "请删去")
    choices = at["choices"].entries() if "choices" in at else {}
    words = {
        key: at[key].text() if key in at else ""
        for key in ("label", "unit", "yes", "no", "none_label", "note", "ask_for")
    }
    return FactSpec(
        name=name,
        label=words["label"],
        type=kind,
        choices={value: label.text() for value, label in choices.items()},
        low=at["low"].integer() if "low" in at else 0,
        high=at["high"].integer() if "high" in at else 0,
        unit=words["unit"],
        yes=words["yes"],
        no=words["no"],
        ask_for=words["ask_for"] or words["label"],
        source=at["source"].texts() if "source" in at else (),
        sensitivity=at["sensitivity"].choice(SENSITIVITIES) if "sensitivity" in at else "",
        has_none=at["has_none"].boolean() if "has_none" in at else False,
        none_label=words["none_label"] or "无",
        note=words["note"],
        spot=cursor.spot,
    )
