"""Who is insured in a year, from the facts of everybody; and what contributions that means."""

from dataclasses import dataclass
from datetime import date

from yanglao.domain.ltci.public import (
    Group,
    Source,
    contributions,
    enrol,
    enrolment_counts,
)
from yanglao.domain.people.public import load_facts
from yanglao.flows.read_ltci_terms import ltci_terms
from yanglao.foundation.analytics import analytic_session
from yanglao.foundation.scoping import Reader

_ROWS = """
    SELECT person_id, place_code,
           CASE WHEN assistance IN ('tekun', 'dibao') THEN 'assisted'
                WHEN pension_kind = 'employee' THEN 'employee'
                WHEN pension_kind = 'resident' THEN 'resident'
                WHEN pension_kind = '' AND assistance = '' THEN 'resident'
                ELSE 'unknown' END,
           ltci_receiving, CASE WHEN ltci_level >= 0 THEN ltci_level END
    FROM facts WHERE ltci_insured AND alive IS NOT FALSE ORDER BY person_id
"""


def enrol_insured(*, acting: Reader, as_of: date) -> int:
    """Write who of the acting person's area is insured in the year of a day; again replaces.

    Groups: on 特困 or 低保 with public money; else by the kind of pension; neither: residents; what
    is not known stays unknown and counts for no contribution.
    """
    with analytic_session(step="长护险参保登记") as session:
        load_facts(session, as_of=as_of, region=acting.area)
        rows = session.rows(_ROWS)
    return enrol(year=as_of.year, rows=rows, acting=acting)


@dataclass(frozen=True, slots=True)
class ContributionLine:
    """A group and source in a year: people, rate, what is due and what came in, in fen."""

    group: str
    source: str
    people: int
    rate_fen: int | None
    due_fen: int | None
    received_fen: int


def contribution_lines(reader: Reader, year: int) -> list[ContributionLine]:
    """Return contributions of a year by group and source; without a rate nothing is due yet."""
    january = date(year, 1, 1)
    terms, people = ltci_terms(january), enrolment_counts(reader, year)
    received = contributions(reader, year)
    found = []
    for group in Group:
        if group == Group.UNKNOWN:
            continue
        for source in Source:
            rate = terms.value("contribution", january, f"{group.value}/{source.value}")
            count = people.get(group, 0)
            got = received.get((group, source), 0)
            if rate == 0 and not got:
                continue
            due = None if rate is None else rate * count
            found.append(
                ContributionLine(str(group.label), str(source.label), count, rate, due, got)
            )
    return found
