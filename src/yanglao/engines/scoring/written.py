"""YAML as written, read with the place of every mistake, all mistakes told at once."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import yaml


class TableErrors(Exception):
    """A table that may not be used. ``problems`` holds every mistake, in Chinese, with place."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(dict.fromkeys(problems))
        super().__init__("\n".join(self.problems))


_Safe: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Strict(_Safe):
    """The safe loader, which would silently keep the last of two equal keys; this one refuses."""


def _mapping(loader: Any, node: yaml.MappingNode) -> dict[object, object]:
    keys = [loader.construct_object(key, deep=True) for key, _ in node.value]
    for key in keys:
        if keys.count(key) > 1:
            raise yaml.constructor.ConstructorError(None, None, f"“{key}”写了两次", node.start_mark)
    return {
        key: loader.construct_object(value, deep=True)
        for key, (_, value) in zip(keys, node.value, strict=True)
    }


_Strict.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)
# ``<<`` is a key like any other: only tables that say so take anything over from another mapping.
_Strict.add_constructor("tag:yaml.org,2002:merge", lambda loader, node: "<<")


class Written:
    """A value of a file and the path to it. Wrong values are noted and read as something empty."""

    def __init__(self, value: Any, path: str, problems: list[str]) -> None:
        self.value = value
        self.path = path
        self.problems = problems

    @classmethod
    def read(cls, text: str, name: str) -> "Written":
        """The root of a file.

        Raises:
            TableErrors: When it is no YAML or has a key twice.
        """
        try:
            # A SafeLoader with one more refusal.
            return cls(yaml.load(text, Loader=_Strict), name, [])  # noqa: S506
        except (yaml.YAMLError, ValueError) as error:
            mark = getattr(error, "problem_mark", None)
            line = f"第 {mark.line + 1} 行" if mark else ""
            what = getattr(error, "problem", None) or str(error)
            raise TableErrors([f"{name}{line}：无法读取，{what}"]) from error

    def problem(self, what: str) -> None:
        """Note a mistake here."""
        self.problems.append(f"{self.path}：{what}")

    def finish(self) -> None:
        """Raise TableErrors when mistakes were noted."""
        if self.problems:
            raise TableErrors(self.problems)

    def at(self, key: str) -> "Written":
        """The entry of a mapping; None's place when it is missing."""
        found = self.value.get(key) if isinstance(self.value, dict) else None
        return Written(found, f"{self.path} › {key}", self.problems)

    def keys(self, *allowed: str) -> "Written":
        """This mapping, which may hold no other keys. Returns itself."""
        if not isinstance(self.value, dict):
            self.problem("应是“键: 值”的形式")
            return self
        for key in self.value:
            if key not in allowed:
                self.problem(f"不认识的键“{key}”，可以写：{'、'.join(allowed)}")
        return self

    def members(self) -> list["Written"]:
        """The members of a list, which may not be empty."""
        if not isinstance(self.value, list) or not self.value:
            self.problem("应是一个列表，至少一条")
            return []
        return [
            Written(value, f"{self.path}[{number}]", self.problems)
            for number, value in enumerate(self.value, 1)
        ]

    @property
    def missing(self) -> bool:
        """Whether nothing was written."""
        return self.value is None

    def text(self, default: str | None = None) -> str:
        """A text; ``default`` when nothing was written and nothing need be."""
        if self.value is None and default is not None:
            return default
        if not isinstance(self.value, str) or not self.value.strip():
            self.problem("应是一段文字")
            return ""
        return self.value.strip()

    def texts(self) -> tuple[str, ...]:
        """A list of texts, or nothing."""
        return () if self.value is None else tuple(member.text() for member in self.members())

    def whole(self) -> int:
        """A whole number, not negative."""
        if isinstance(self.value, bool) or not isinstance(self.value, int) or self.value < 0:
            self.problem(f"应是不小于 0 的整数，写的是“{self.value}”")
            return 0
        return self.value

    def decimal(self) -> float:
        """A number, not negative."""
        if isinstance(self.value, bool) or not isinstance(self.value, int | float):
            self.problem(f"应是数字，写的是“{self.value}”")
            return 0.0
        if not self.value >= 0:
            self.problem(f"不能小于 0，写的是“{self.value}”")
        return float(self.value)

    def maybe_whole(self) -> int | None:
        """A whole number, or nothing."""
        return None if self.value is None else self.whole()

    def truth(self) -> bool:
        """``true`` or ``false``."""
        if not isinstance(self.value, bool):
            self.problem("应是 true 或 false")
        return self.value is True

    def day(self) -> date:
        """A day."""
        if type(self.value) is not date:
            self.problem(f"应是日期，例如 2026-01-01，写的是“{self.value}”")
            return date.max
        return self.value

    def choice(self, *options: str) -> str:
        """One of some words."""
        if self.value not in options:
            self.problem(f"应是 {'、'.join(options)} 之一，写的是“{self.value}”")
            return ""
        return str(self.value)
