"""On which days the facts of a person may turn: between them everything is as it was.

What turns for everybody of a place at once (a full list of a month, whose absences count from its
first day on) is told apart from what turns for one person (a date of his own statements).
"""

# ruff: noqa: S608 - SQL made of this program's own constants; identifiers and dates only.

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from yanglao.domain.people.facts.load import _wanted
from yanglao.domain.people.models import Coverage, Merge
from yanglao.domain.people.types import with_laid_in
from yanglao.foundation.analytics import AnalyticSession, Column
from yanglao.foundation.staging import put_rows

#: Kind of list to its columns that hold a day on which something turns.
_DAYS: Mapping[str, tuple[str, ...]] = {
    "household": ("holds_from", "status_on"),
    "pension": ("holds_from",),
    "assistance": ("holds_from", "holds_to"),
    "disability": ("holds_from",),
    "health": ("holds_from",),
    "ltci": ("holds_from", "assessed_on"),
    "veterans": ("holds_from",),
    "assessment": ("holds_from", "assessed_on"),
    "survey": ("holds_from",),
    "relief": ("holds_from",),
    "deaths": ("died_on",),
}
#: Facts that are days: kind of list and column.
TERM_FACTS: Mapping[str, tuple[str, str]] = {
    "health_checked_on": ("health", "health_checked_on"),
    "ltci_assessed_on": ("ltci", "assessed_on"),
    "assessed_on": ("assessment", "assessed_on"),
}


def months_of_lists(first: date, last: date) -> list[date]:
    """Return the first days of months, within the days given, of which a full list came."""
    rows = Coverage.objects.filter(full=True, month__gte=first, month__lte=last)
    return list(rows.order_by("month").values_list("month", flat=True).distinct())


def load_turning_days(
    session: AnalyticSession,
    *,
    first: date,
    last: date,
    region: str,
    person_ids: Sequence[int] | None,
    ages: Collection[int],
    terms: Collection[tuple[str, int]],
    without: Collection[str] = (),
) -> None:
    """Make ``turning`` (person_id, day): days after ``first``, up to ``last``, each once.

    Args:
        session: An open session without a table of that name.
        region: Whose people, when ``person_ids`` names none.
        ages: Ages at which a rule turns.
        terms: Facts that are days, with the months after which a rule no longer looks at them.
        without: Kinds of list of whose facts nobody asks.
    """
    into = Merge.laid_in_files()
    if person_ids is not None:
        ends = {into.get(pk, pk) for pk in person_ids}
        person_ids = with_laid_in(ends, into)
    people, theirs = _wanted(session, region, person_ids, into)
    con = session.con
    columns = {"file": "BIGINT", "goes_on": "BIGINT"}
    put_rows(con, "turning_merged", columns, sorted(into.items()))
    con.execute("CREATE TABLE turning_raw (person_id BIGINT, day DATE)")
    for kind, names in _DAYS.items():
        if kind in without:
            continue
        of_terms = {column for own, column in TERM_FACTS.values() if own == kind}
        days = [Column(name, "date") for name in sorted({*names, *of_terms})]
        session.load(
            "turning_in", f"people_{kind}entry", [Column("person_id", "int"), *days], theirs
        )
        for name in names:
            # What is helped until a day is no longer helped on the next.
            day = f"{name} + 1" if name == "holds_to" else name
            con.execute(f"INSERT INTO turning_raw SELECT person_id, {day} FROM turning_in")
        for fact, months in sorted(terms):
            if TERM_FACTS[fact][0] == kind:
                end = _end_of_months(TERM_FACTS[fact][1], months)
                con.execute(f"INSERT INTO turning_raw SELECT person_id, {end} FROM turning_in")
        con.execute("DROP TABLE turning_in")
    columns_of_person = [Column("id", "int"), Column("birth_date", "date")]
    session.load("turning_in", "people_person", columns_of_person, people)
    for age in sorted(ages):
        con.execute(
            f"INSERT INTO turning_raw SELECT id, {_end_of_months('birth_date', age * 12)} "
            "FROM turning_in"
        )
    con.execute("DROP TABLE turning_in")
    con.execute(
        "CREATE TABLE turning AS SELECT DISTINCT coalesce(m.goes_on, r.person_id) AS person_id, "
        "r.day FROM turning_raw AS r LEFT JOIN turning_merged AS m ON m.file = r.person_id "
        f"WHERE r.day > DATE '{first}' AND r.day <= DATE '{last}'"
    )
    con.execute("DROP TABLE turning_raw; DROP TABLE turning_merged")


def _end_of_months(column: str, months: int) -> str:
    """SQL of the day on which so many months are full: of 29 February, 1 March in other years."""
    full = f"CAST({column} + INTERVAL {int(months)} MONTH AS DATE)"
    return f"CASE WHEN day({full}) < day({column}) THEN {full} + 1 ELSE {full} END"
