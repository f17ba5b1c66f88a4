"""The form around a scale: what is asked besides the scored items, and what follows from it.

Annex A of GB/T 42195 is data (``form-gbt42195-*.yaml``). The circumstances of C.4 are never ticked
as such: they follow from what annex A records, and stay unknown where it does not.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from yanglao.engines.scoring.scales import read_stamp
from yanglao.engines.scoring.tables import AbilityScale, Stamp
from yanglao.engines.scoring.written import TableErrors, Written

__all__ = ["Form", "FormField", "FormOption", "FormPart", "TableErrors", "read_form"]

_KINDS = ("one", "many", "text", "number", "lines")
_FIELD = (
    "name",
    "clause",
    "label",
    "hint",
    "kind",
    "options",
    "optional",
    "unit",
    "low",
    "high",
    "longest",
    "long",
    "inputmode",
)
_LONGEST = 500


@dataclass(frozen=True, slots=True)
class FormOption:
    """A choice: its code, what it says, how often it counts, whether it excludes all others."""

    code: str
    says: str
    counts: int | None
    alone: bool


@dataclass(frozen=True, slots=True)
class FormField:
    """A question of annex A.

    Attributes:
        kind: ``one``, ``many``, ``text``, ``number`` or ``lines``.
        low, high: For numbers. longest: For texts and lines, in characters.
    """

    name: str
    clause: str
    label: str
    hint: str
    kind: str
    options: tuple[FormOption, ...]
    optional: bool
    unit: str
    low: float | None
    high: float | None
    longest: int
    long: bool
    inputmode: str

    def refuses(self, value: Any) -> str:
        """Return why a value is no answer, in Chinese; empty when it is one, or is taken back."""
        if value is None:
            return ""
        codes = {option.code for option in self.options}
        if self.kind == "one":
            known = isinstance(value, str) and value in codes
            return "" if known else f"{self.label}：没有这个选项"
        if self.kind == "many":
            return self._refuses_many(value, codes)
        if self.kind == "number":
            right = isinstance(value, int | float) and not isinstance(value, bool)
            if not right or not (self.low or 0) <= value <= (self.high or value):
                return f"{self.label}：应在 {self.low:g} 到 {self.high:g} 之间"
            return ""
        lines = value if isinstance(value, list) else [value]
        if not all(isinstance(line, str) and len(line) <= self.longest for line in lines):
            return f"{self.label}：应是不超过 {self.longest} 个字的文字"
        return ""

    def _refuses_many(self, value: Any, codes: set[str]) -> str:
        known = isinstance(value, list) and all(isinstance(one, str) for one in value)
        if not known or not set(value) <= codes:
            return f"{self.label}：没有这个选项"
        alone = {option.code for option in self.options if option.alone}
        if len(value) > 1 and alone & set(value):
            return f"{self.label}：这一项不能与其他项一起选"
        return ""

    def words(self, value: Any) -> str:
        """Return an answer as people read it; empty for none."""
        if value is None or value == [] or value == "":
            return ""
        said = {option.code: option.says for option in self.options}
        if self.kind in {"one", "many"}:
            chosen = value if isinstance(value, list) else [value]
            return "、".join(said.get(str(one), str(one)) for one in chosen)
        if isinstance(value, list):
            return "；".join(str(one) for one in value)
        return f"{value} {self.unit}".strip()


@dataclass(frozen=True, slots=True)
class FormPart:
    """A section of the form."""

    code: str
    clause: str
    name: str
    fields: tuple[FormField, ...]


@dataclass(frozen=True, slots=True)
class Circumstance:
    """How a circumstance follows: an answer ``has`` a code, or counts are summed."""

    field: str
    has: str
    sum: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """A form with its parts, and the circumstances that follow from it."""

    form: str
    version: str
    in_force_from: date
    stamp: Stamp
    parts: tuple[FormPart, ...]
    circumstances: Mapping[str, Circumstance]

    @cached_property
    def fields(self) -> dict[str, FormField]:
        """Questions by name, in order."""
        return {one.name: one for part in self.parts for one in part.fields}

    def required(self, scale: AbilityScale) -> list[str]:
        """Return the names of the answers without which a sheet is not whole."""
        own = [one.name for one in self.fields.values() if not one.optional]
        return [*own, *scale.items]

    def refuses(self, scale: AbilityScale, field: str, value: Any) -> str:
        """Return why a value is no answer to a question, in Chinese; empty when it is one."""
        asked = self.fields.get(field)
        if asked is not None:
            return asked.refuses(value)
        item = scale.items.get(field)
        if item is None:
            return f"没有“{field[:40]}”这一题"
        if value is None or (type(value) is int and value in item.points):
            return ""
        offered = "、".join(str(points) for points in sorted(item.points))
        return f"{item.clause} {item.name}：只能选 {offered} 分"

    def answers(self, scale: AbilityScale, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is scored: items and circumstances; what is unknown is left out."""
        found = {code: values[code] for code in scale.items if values.get(code) is not None}
        for code in self.circumstances:
            count = self._circumstance(code, values)
            if count is not None:
                found[code] = count
        return found

    def _circumstance(self, code: str, values: Mapping[str, Any]) -> int | None:
        rule = self.circumstances[code]
        if rule.sum:
            counts = [self._count(name, values.get(name)) for name in rule.sum]
            known = [count for count in counts if count is not None]
            return sum(known) if len(known) == len(counts) else None
        value = values.get(rule.field)
        if value is None or value == []:
            return None
        return int(rule.has in value if isinstance(value, list) else value == rule.has)

    def _count(self, name: str, value: Any) -> int | None:
        for option in self.fields[name].options:
            if option.code == value:
                return option.counts
        return None


def read_form(text: str, name: str = "") -> Form:
    """Return the form of a YAML text.

    Raises:
        TableErrors: With every mistake: an unknown key, a name twice, a circumstance from nowhere.
    """
    root = Written.read(text, name).keys(
        "form",
        "version",
        "title",
        "in_force_from",
        "source",
        "verified",
        "note",
        "parts",
        "circumstances",
    )
    found = Form(
        root.at("form").text(),
        root.at("version").text(),
        root.at("in_force_from").day(),
        read_stamp(root, root.at("source")),
        tuple(_read_part(member) for member in root.at("parts").members()),
        dict(_read_circumstances(root.at("circumstances"))),
    )
    root.finish()
    _check(found, root)
    root.finish()
    return found


def _read_part(at: Written) -> FormPart:
    at.keys("code", "clause", "name", "fields")
    fields = tuple(_read_field(_merged(member)) for member in at.at("fields").members())
    return FormPart(at.at("code").text(), at.at("clause").text(), at.at("name").text(), fields)


def _merged(at: Written) -> Written:
    """Return a mapping with what it takes over from another by ``<<``."""
    base = at.value.get("<<") if isinstance(at.value, dict) else None
    if not isinstance(base, dict):
        return at
    own = {key: value for key, value in at.value.items() if key != "<<"}
    return Written({**base, **own}, at.path, at.problems)


def _read_field(at: Written) -> FormField:
    at.keys(*_FIELD)
    kind = at.at("kind").choice(*_KINDS)
    options: tuple[FormOption, ...] = ()
    if kind in {"one", "many"}:
        options = tuple(_read_option(member) for member in at.at("options").members())
    low, high = at.at("low"), at.at("high")
    if kind == "number" and (low.missing or high.missing):
        at.problem("数字题要写 low 和 high")
    return FormField(
        name=at.at("name").text(),
        clause=at.at("clause").text(),
        label=at.at("label").text(),
        hint=at.at("hint").text(""),
        kind=kind,
        options=options,
        optional=not at.at("optional").missing and at.at("optional").truth(),
        unit=at.at("unit").text(""),
        low=None if low.missing else low.decimal(),
        high=None if high.missing else high.decimal(),
        longest=at.at("longest").maybe_whole() or _LONGEST,
        long=not at.at("long").missing and at.at("long").truth(),
        inputmode=at.at("inputmode").text(""),
    )


def _read_option(at: Written) -> FormOption:
    at.keys("code", "says", "counts", "alone")
    return FormOption(
        at.at("code").text(),
        at.at("says").text(),
        at.at("counts").maybe_whole(),
        not at.at("alone").missing and at.at("alone").truth(),
    )


def _read_circumstances(at: Written) -> Iterator[tuple[str, Circumstance]]:
    for code in at.value or {}:
        one = at.at(code).keys("field", "has", "sum")
        yield (
            str(code),
            Circumstance(one.at("field").text(""), one.at("has").text(""), one.at("sum").texts()),
        )


def _check(found: Form, root: Written) -> None:
    """Refuse names given twice, and circumstances that nothing on the form gives."""
    names = [one.name for part in found.parts for one in part.fields]
    for name in names:
        if names.count(name) > 1:
            root.problem(f"“{name}”用了两次")
    for code, rule in found.circumstances.items():
        for name in (*rule.sum, *([rule.field] if rule.field else [])):
            field = found.fields.get(name)
            if field is None:
                root.at("circumstances").problem(f"“{code}”用到的“{name}”不在表上")
            elif rule.sum and any(option.counts is None for option in field.options):
                root.at("circumstances").problem(f"“{name}”的选项没有写次数 counts")
            elif rule.has and rule.has not in {option.code for option in field.options}:
                root.at("circumstances").problem(f"“{name}”没有“{rule.has}”这个选项")
        if not rule.sum and not (rule.field and rule.has):
            root.at("circumstances").problem(f"“{code}”要写 field 和 has，或 sum")
