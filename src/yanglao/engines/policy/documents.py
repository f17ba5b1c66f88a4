"""YAML read so that every value knows its file and line.

PyYAML's nodes are kept instead of Python values: a scalar is the very text that was written
(``06`` stays ``06``, ``yes`` stays ``yes``), a key given twice is seen, and every mistake can be
told with its place.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from yanglao.engines.policy.problems import ProblemLog, Spot, nearest

_NULLS = ("", "~", "null", "Null", "NULL")
_TRUE, _FALSE = ("true", "True"), ("false", "False")
_INTEGER = re.compile(r"-?\d+")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
#: LibYAML's where it is there: ten times as fast, same nodes and places.
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Cursor:
    """A value in a YAML file. Its readers note a problem and return something empty when wrong."""

    node: yaml.Node
    file: str
    log: ProblemLog
    label: str = ""

    @property
    def line(self) -> int:
        """Line in the file, from 1."""
        return int(self.node.start_mark.line) + 1

    @property
    def spot(self) -> Spot:
        """File and line, to keep."""
        return Spot(self.file, self.line)

    def problem(self, what: str, do: str) -> None:
        """Note a problem at this value."""
        self.log.add(self.file, self.line, what, do)

    @property
    def is_null(self) -> bool:
        """Whether nothing, or ``null``, was written."""
        plain = isinstance(self.node, yaml.ScalarNode) and not self.node.style
        return plain and self.node.value in _NULLS

    def entries(self) -> dict[str, "Cursor"]:
        """The entries of a mapping with free keys; a key given twice is a problem."""
        if not isinstance(self.node, yaml.MappingNode):
            self.problem(
                f"{self.label or '这里'}应是“键: 值”的形式", "请按同目录其他文件的格式改写"
            )
            return {}
        found: dict[str, Cursor] = {}
        for key_node, value in self.node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else ""
            here = Cursor(key_node, self.file, self.log, key)
            if not key:
                here.problem("键必须是一个名称", "请写成“名称: 值”")
            elif key in found:
                here.problem(f"“{key}”写了两次（另一处在第 {found[key].line} 行）", "请只保留一处")
            else:
                found[key] = Cursor(value, self.file, self.log, key)
        return found

    def mapping(self, keys: Mapping[str, bool]) -> dict[str, "Cursor"]:
        """The entries of a mapping with known keys; ``keys`` says whether each must be there."""
        found = self.entries()
        for key in [key for key in found if key not in keys]:
            found[key].problem(
                f"不认识的键“{key}”{nearest(key, keys)}", f"这里可以写：{'、'.join(keys)}"
            )
            del found[key]
        if isinstance(self.node, yaml.MappingNode):
            for key, required in keys.items():
                if required and (key not in found or found[key].is_null):
                    name = f"{self.label}：" if self.label else ""
                    self.problem(f"{name}缺少“{key}”", f"请补写“{key}: …”")
        return found

    def sequence(self) -> list["Cursor"]:
        """The members of a list."""
        if not isinstance(self.node, yaml.SequenceNode):
            self.problem(f"“{self.label}”应是一个列表", "请每行以“- ”开头逐条写出")
            return []
        return [Cursor(node, self.file, self.log, self.label) for node in self.node.value]

    def text(self) -> str:
        """The text as written, blanks at the ends cut."""
        scalar = isinstance(self.node, yaml.ScalarNode) and not self.is_null
        written = str(self.node.value).strip() if scalar else ""
        if not written:
            self.problem(f"“{self.label}”应是一段文字", "请填写文字")
        return written

    def integer(self) -> int:
        """A whole number."""
        written = self.text()
        if not _INTEGER.fullmatch(written):
            if written:
                self.problem(f"“{self.label}”应是整数，写的是“{written}”", "请改成整数")
            return 0
        return int(written)

    def decimal(self) -> float:
        """A number with or without a point."""
        written = self.text()
        try:
            return float(written)
        except ValueError:
            if written:
                self.problem(f"“{self.label}”应是数字，写的是“{written}”", "请改成数字")
            return 0.0

    def boolean(self) -> bool:
        """``true`` or ``false``."""
        written = self.text()
        if written in _TRUE or written in _FALSE:
            return written in _TRUE
        if written:
            self.problem(f"“{self.label}”应是 true 或 false，写的是“{written}”", "请改写")
        return False

    def day(self) -> date | None:
        """A day written 2026-11-01."""
        written = self.text()
        try:
            if not _DAY.fullmatch(written):
                raise ValueError
            return date.fromisoformat(written)
        except ValueError:
            if written:
                self.problem(f"“{self.label}”不是日期：“{written}”", "请写成 2026-11-01 的形式")
            return None

    def choice(self, options: Iterable[str]) -> str:
        """One of some words."""
        allowed = list(options)
        written = self.text()
        if written and written not in allowed:
            self.problem(
                f"“{self.label}”不能是“{written}”{nearest(written, allowed)}",
                f"可以写：{'、'.join(allowed)}",
            )
            return ""
        return written

    def texts(self) -> tuple[str, ...]:
        """A list of texts, or one text alone."""
        if isinstance(self.node, yaml.ScalarNode):
            return (self.text(),)
        return tuple(member.text() for member in self.sequence())


def read_text(file: Path, path: str, log: ProblemLog) -> str | None:
    """The text of a file (a byte-order mark is dropped), or None and a problem.

    Args:
        path: What to call the file in problems.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        log.add(path, 0, "文件不是 UTF-8 编码", "请另存为 UTF-8")
        return None


def refuse_other_endings(folder: Path, path: str, log: ProblemLog) -> None:
    """Note files that were surely meant but would not be read: ``.yml`` instead of ``.yaml``."""
    for file in sorted(folder.glob("*.yml")):
        log.add(f"{path}/{file.name}", 0, "这个文件不会被读取", "请把文件名改成以 .yaml 结尾")


def read_document(text: str, file: str, log: ProblemLog) -> Cursor | None:
    """The root of a YAML text, or None (and a problem) when it cannot be read or is empty."""
    try:
        node = yaml.compose(text, Loader=LOADER)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = getattr(error, "problem", None) or "格式错误"
        line = mark.line + 1 if mark else 0
        log.add(file, line, f"不是有效的 YAML：{reason}", "请检查缩进、冒号和引号")
        return None
    if node is None:
        log.add(file, 0, "文件是空的", "请写入内容或删除文件")
        return None
    return Cursor(node, file, log)
