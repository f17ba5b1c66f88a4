"""What the last check of the record found, for the page of the audit administrator."""

import json
from dataclasses import dataclass
from datetime import date, datetime

from yanglao.foundation import clock
from yanglao.foundation.audit.anchors import default_anchors
from yanglao.foundation.audit.verifying import Verdict
from yanglao.foundation.home import home

_FILE = "audit-check.json"


@dataclass(frozen=True, slots=True)
class ChainState:
    """When the record was last gone over, how far, what was wrong; and the day of the last anchor.

    ``checked_at`` is ``None`` before the first check.
    """

    checked_at: datetime | None
    checked: int
    problems: tuple[str, ...]
    anchored_on: date | None


def keep_verdict(verdict: Verdict) -> None:
    """Keep what a check found, beside the database."""
    draft = home() / f"{_FILE}.draft"
    told = {
        "at": clock.now().isoformat(),
        "entries": verdict.entries,
        "problems": [problem.words for problem in verdict.problems],
    }
    draft.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
    draft.replace(home() / _FILE)


def chain_state() -> ChainState:
    """Return what the last check found; reading a small file, no query."""
    days = sorted(path.stem.removeprefix("anchor-") for path in default_anchors().glob("anchor-*"))
    anchored = None
    if days:
        try:
            anchored = date.fromisoformat(days[-1])
        except ValueError:
            anchored = None
    try:
        told = json.loads((home() / _FILE).read_text(encoding="utf-8"))
        return ChainState(
            datetime.fromisoformat(told["at"]),
            int(told["entries"]),
            tuple(str(words) for words in told["problems"]),
            anchored,
        )
    except (OSError, ValueError, KeyError, TypeError):
        return ChainState(None, 0, (), anchored)
