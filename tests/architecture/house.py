"""Reads the source tree for the architecture tests.

Rooms that do not exist yet give nothing to check; a room that exists must give something, so that
a test which looks in the wrong folder fails instead of passing on nothing.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "yanglao"


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file: its path from the root of the checkout, its text and its tree."""

    path: str
    text: str
    tree: ast.Module

    def at(self, node: ast.AST) -> str:
        """Return ``path:line`` of a node."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"

    def calls(self) -> Iterator[tuple[ast.Call, str]]:
        """Yield every call with the dotted name it is written with (``timezone.now``)."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield node, dotted(node.func)


def dotted(node: ast.AST) -> str:
    """Return a name as written, ``"a.b.c"``; ``""`` for anything that is no plain name."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else f".{node.attr}"
    return ""


@cache
def read(path: Path) -> Source:
    """Parse one file."""
    text = path.read_text(encoding="utf-8")
    return Source(str(path.relative_to(ROOT)), text, ast.parse(text, filename=str(path)))


def sources(*rooms: str, migrations: bool = False) -> list[Source]:
    """Return the Python files of rooms below ``src/yanglao``: ``"web"``, ``"domain"``; ``""``: all.

    Raises:
        AssertionError: If none of the rooms that exist holds a Python file.
    """
    folders = [PACKAGE / room for room in rooms]
    found = [
        read(path)
        for folder in folders
        for path in sorted(folder.rglob("*.py"))
        if migrations or "migrations" not in path.parts
    ]
    assert found or not any(folder.exists() for folder in folders), f"nothing to read in {rooms}"
    return found


def apps() -> list[Path]:
    """Return the folders of the domain apps."""
    found = [path.parent for path in sorted((PACKAGE / "domain").glob("*/__init__.py"))]
    assert found, "no domain app found"
    return found


def desks() -> list[Path]:
    """Return the folders of the desks."""
    return [path.parent for path in sorted((PACKAGE / "web" / "desks").glob("*/__init__.py"))]


def templates() -> list[Path]:
    """Return every template."""
    found = sorted(PACKAGE.glob("**/templates/**/*.html"))
    assert found or not any(PACKAGE.glob("**/templates")), "template folders without templates"
    return found


def told(problems: list[str], sentence: str) -> None:
    """Fail with the rule in words and every place that breaks it."""
    assert not problems, f"{sentence}\n" + "\n".join(f"  {problem}" for problem in problems)
