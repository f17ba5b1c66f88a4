"""YAML in which every value knows its line, and mistakes that are all told at once.

Engines do not know each other, so this room reads its own files; the form of a problem (file,
line, what is wrong, what to do) is the one that officers know from the policy packs.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import yaml

from yanglao.engines.payments.months import Month, read_month

_NULLS = ("", "~", "null")


@dataclass(frozen=True, slots=True, order=True)
class TermsProblem:
    """One mistake: file, line (from 1; 0 for the whole file), what is wrong, what to do."""

    file: str
    line: int
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.what}。{self.do}。"


class TermsErrors(Exception):
    """A file of payment terms that may not be used; ``problems`` holds every mistake."""

    def __init__(self, problems: Iterable[TermsProblem]) -> None:
        self.problems: tuple[TermsProblem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(slots=True)
class Problems:
    """Where readers put mistakes."""

    found: list[TermsProblem] = field(default_factory=list)

    def raise_if_any(self) -> None:
        """Raise TermsErrors when there is a mistake."""
        if self.found:
            raise TermsErrors(self.found)


@dataclass(frozen=True, slots=True)
class Value:
    """A value of a file; a reader notes a problem and gives something empty when it is wrong."""

    node: yaml.Node
    file: str
    log: Problems
    label: str = ""

    @property
    def line(self) -> int:
        """Line in the file, from 1."""
        return int(self.node.start_mark.line) + 1

    def problem(self, what: str, do: str) -> None:
        """Note a mistake here."""
        self.log.found.append(TermsProblem(self.file, self.line, what, do))

    @property
    def is_null(self) -> bool:
        """Whether nothing, or null, was written."""
        scalar = isinstance(self.node, yaml.ScalarNode) and not self.node.style
        return scalar and self.node.value in _NULLS

    def entries(self) -> dict[str, "Value"]:
        """The entries of a mapping; a key given twice is a mistake."""
        if not isinstance(self.node, yaml.MappingNode):
            self.problem(f"“{self.label or '这里'}”应是“键: 值”的形式", "请按同目录其他文件改写")
            return {}
        found: dict[str, Value] = {}
        for key_node, value in self.node.value:
            key = str(key_node.value)
            if key in found:
                Value(key_node, self.file, self.log).problem(f"“{key}”写了两次", "请只保留一处")
            found[key] = Value(value, self.file, self.log, key)
        return found

    def mapping(self, keys: Mapping[str, bool]) -> dict[str, "Value"]:
        """The entries of a mapping with known keys; ``keys`` says which must be there."""
        found = self.entries()
        for key in [key for key in found if key not in keys]:
            close = get_close_matches(key, keys, n=1)
            hint = f"，是不是“{close[0]}”" if close else ""
            found.pop(key).problem(f"不认识的键“{key}”{hint}", f"这里可以写：{'、'.join(keys)}")
        if isinstance(self.node, yaml.MappingNode):
            for key, needed in keys.items():
                if needed and (key not in found or found[key].is_null):
                    self.problem(f"{self.label}缺少“{key}”", f"请补写“{key}: …”")
        return {key: value for key, value in found.items() if not value.is_null}

    def members(self) -> Iterator["Value"]:
        """The members of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.problem(f"“{self.label}”应是一个列表", "请每行以“- ”开头逐条写出")
            return
        for node in self.node.value:
            yield Value(node, self.file, self.log, self.label)

    def text(self) -> str:
        """The text as written."""
        written = str(self.node.value).strip() if isinstance(self.node, yaml.ScalarNode) else ""
        if not written:
            self.problem(f"“{self.label}”应是一段文字", "请填写文字")
        return written

    def integer(self, low: int, high: int) -> int:
        """A whole number within bounds."""
        written = self.text()
        try:
            number = int(written)
        except ValueError:
            number = low - 1
        if not low <= number <= high:
            self.problem(f"“{self.label}”不能是“{written}”", f"请写 {low} 到 {high} 的整数")
            return low
        return number

    def boolean(self) -> bool:
        """true or false."""
        return self.choice(("true", "false")) == "true"

    def choice(self, options: Iterable[str]) -> str:
        """One of some words."""
        allowed, written = list(options), self.text()
        if written and written not in allowed:
            close = get_close_matches(written, allowed, n=1)
            hint = f"，是不是“{close[0]}”" if close else ""
            self.problem(f"“{self.label}”不能是“{written}”{hint}", f"可以写：{'、'.join(allowed)}")
            return ""
        return written

    def month(self) -> Month:
        """A month written 2026-03."""
        try:
            return read_month(self.text())
        except ValueError as error:
            self.problem(f"“{self.label}”：{error}", "请改写月份")
            return 0


def read_root(text: str, file: str, log: Problems) -> Value | None:
    """The root of a YAML text; None and a problem when it cannot be read or is empty."""
    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        log.found.append(
            TermsProblem(
                file, mark.line + 1 if mark else 0, "不是有效的 YAML", "请检查缩进、冒号和引号"
            )
        )
        return None
    if node is None:
        log.found.append(TermsProblem(file, 0, "文件是空的", "请写入内容"))
        return None
    return Value(node, file, log)
