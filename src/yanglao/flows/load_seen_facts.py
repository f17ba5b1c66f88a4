"""Facts for a run: as the last run saw them when nothing can have changed, else from statements.

Equal keys mean equal facts: the same day, region, validity of assessments, program and data, where
the state of the data is counted by the database itself (``foundation.versions``).
"""

import hashlib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from yanglao.domain.entitlements.public import last_done_run
from yanglao.domain.people.public import load_facts
from yanglao.foundation import snapshots
from yanglao.foundation.analytics import AnalyticSession
from yanglao.foundation.versions import versions

#: The tables that facts follow from; migrations of ``entitlements`` and ``people`` count
#: their changes.
TABLES = (
    "people_assessmententry",
    "people_assistanceentry",
    "people_coverage",
    "people_deathsentry",
    "people_disabilityentry",
    "people_healthentry",
    "people_householdentry",
    "people_ltcientry",
    "people_mention",
    "people_pensionentry",
    "people_person",
    "people_reliefentry",
    "people_setaside",
    "people_surveyentry",
    "people_veteransentry",
)


@dataclass(frozen=True, slots=True)
class SeenFacts:
    """Where the facts of a session came from.

    Attributes:
        key: Equal keys mean equal facts; ``""`` when that cannot be known.
        file: File of the earlier run they were taken from; ``""`` when made from statements.
        state: How often the tables had changed before they were read; ``None``: not known.
    """

    key: str
    file: str
    state: tuple[int, ...] | None

    def still_so(self) -> bool:
        """Say whether the data is still as it was read, as far as can be known."""
        return self.state is None or versions(TABLES) == self.state


def load_seen_facts(
    session: AnalyticSession,
    *,
    as_of: date,
    region: str,
    months: int,
    person_ids: list[int] | None = None,
) -> SeenFacts:
    """Make ``facts``; see ``people.public.load_facts``.

    Args:
        session: An open session without a table of this name.
        as_of: The day.
        region: 12-digit division.
        months: How long an ability assessment holds.
        person_ids: Only these people; always made from their statements.
    """
    state = versions(TABLES)
    key = _key(as_of, region, months, state) if state is not None and person_ids is None else ""
    before = last_done_run(region)
    same = before is not None and bool(key) and before.facts_key == key
    if same and before and snapshots.load_run(session.con, name=before.facts_file):
        return SeenFacts(key, before.facts_file, state)
    load_facts(
        session,
        as_of=as_of,
        region=region,
        person_ids=person_ids,
        assessment_valid_months=months,
    )
    return SeenFacts(key, "", state)


def _key(as_of: date, region: str, months: int, state: tuple[int, ...]) -> str:
    told = (as_of.isoformat(), region, months, state, _program())
    return hashlib.sha256(repr(told).encode()).hexdigest()


@cache
def _program() -> str:
    """Return a hash of the program that makes facts: another program may make others."""
    folder = Path(load_facts.__code__.co_filename).parent
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
