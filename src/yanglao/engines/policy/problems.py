"""What is wrong with a pack: where, what, and what to do. Officers read these."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any


@dataclass(frozen=True, slots=True, order=True)
class PackProblem:
    """One mistake in a pack.

    Attributes:
        file: Path below the folder of packs, e.g. ``hetian/catalogue.yaml``.
        line: Line in that file, counted from 1; 0 when the whole file or folder is meant.
        what: What is wrong, in Chinese.
        do: What to do about it, in Chinese.
    """

    file: str
    line: int
    what: str
    do: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line} {self.what}。{self.do}。"


class PackErrors(Exception):
    """A pack that may not be used. ``problems`` holds every mistake, by file and line."""

    def __init__(self, problems: Iterable[PackProblem]) -> None:
        self.problems: tuple[PackProblem, ...] = tuple(sorted(set(problems)))
        super().__init__("\n".join(str(problem) for problem in self.problems))

    def __reduce__(self) -> tuple[type["PackErrors"], tuple[tuple[PackProblem, ...]]]:
        return type(self), (self.problems,)


@dataclass(slots=True)
class ProblemLog:
    """Where readers of a pack put the mistakes they find, so that all are told at once."""

    problems: list[PackProblem] = field(default_factory=list)

    def add(self, file: str, line: int, what: str, do: str) -> None:
        """Note a mistake."""
        self.problems.append(PackProblem(file, line, what, do))

    def raise_if_any(self) -> None:
        """Raise PackErrors when there is a mistake."""
        if self.problems:
            raise PackErrors(self.problems)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a pack, for problems found long after the file was read."""

    file: str
    line: int

    def note(self, log: ProblemLog, what: str, do: str) -> None:
        """Note a mistake at this place."""
        log.add(self.file, self.line, what, do)


def nearest(word: str, known: Iterable[Any]) -> str:
    """``，是不是“x”`` for the known name most like a word, or nothing."""
    close = get_close_matches(word, [str(name) for name in known], n=1)
    return f"，是不是“{close[0]}”" if close else ""
