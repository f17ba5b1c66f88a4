"""What the national pack says about linking and about conflicts, read once a change."""

from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yanglao.domain.people.public import ENTRIES_COLUMNS, SAID_COLUMNS, VALUE_FIELDS, Kind
from yanglao.engines.linkage import (
    ConflictRules,
    Thresholds,
    WrongRules,
    read_conflict_rules,
    read_thresholds,
)

_FOLDER = "national"


def linkage_thresholds() -> Thresholds:
    """Return from when on a link is sure, and worth a person's look.

    Raises:
        yanglao.engines.linkage.WrongRules: If the file cannot be used.
    """
    return read_thresholds(_text("linkage.yaml"))


def conflict_rules() -> ConflictRules:
    """Return the rules about what departments cannot both say.

    Raises:
        yanglao.engines.linkage.WrongRules: If the file cannot be used.
    """
    return read_conflict_rules(
        _text("conflicts.yaml"),
        SAID_COLUMNS,
        {kind.value: [field.name for field in VALUE_FIELDS[kind]] for kind in Kind},
        ENTRIES_COLUMNS,
    )


def problems_of_rules() -> list[str]:
    """Return what is wrong with either file, in Chinese; empty when nothing is."""
    found: list[str] = []
    for read in (linkage_thresholds, conflict_rules):
        try:
            read()
        except WrongRules as wrong:
            found += wrong.messages
    return found


def _text(name: str) -> str:
    path = Path(settings.POLICIES) / _FOLDER / name
    return _read(str(path), path.stat().st_mtime_ns)


@lru_cache(maxsize=8)
def _read(path: str, changed: int) -> str:
    return Path(path).read_text("utf-8")
