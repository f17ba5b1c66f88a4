"""Set-based relations for the payment month: what the engine of payments asks for."""

from collections.abc import Sequence
from datetime import date

from django.db import connection

from yanglao.domain.people.public import laid_in_files
from yanglao.foundation.analytics import AnalyticSession, Column
from yanglao.foundation.scoping import area_range
from yanglao.foundation.staging import put_rows


def version_code(pack_hash: str, in_force_from: date) -> str:
    """Return the short code by which spells name a version of the catalogue."""
    return f"{pack_hash[:12]}-{in_force_from:%Y%m%d}"


def load_payment_inputs(session: AnalyticSession, *, region: str) -> None:
    """Make ``in_answers``, ``in_approvals``, ``in_suspensions``, ``in_people``, ``in_accounts``.

    Columns are those of ``SHAPES`` of the payment engine; the token of an account is its blind
    index in hexadecimal. Whose benefit lies in the region is said by the place of his case. Of
    somebody whose file was laid into another, the file that goes on is named.

    Args:
        session: An open session without tables of these names.
        region: 12-digit division.
    """
    low, high = area_range(region)
    within = f"place_code >= '{low}' AND place_code < '{high}'"
    cases = f"case_id IN (SELECT id FROM benefits_case WHERE {within})"
    put_rows(
        session.con,
        "in_merged",
        {"file": "BIGINT", "person": "BIGINT"},
        sorted(laid_in_files().items()),
    )
    _load_answers(session, within)
    person = Column("person", "int", "person_id")
    benefit = Column("benefit", "text")
    session.load(
        "raw_approvals",
        "benefits_approval",
        [
            *(person, benefit, Column("applied_on", "date"), Column("approved_on", "date")),
            Column("revoked_on", "date"),
        ],
        cases,
    )
    session.load(
        "raw_suspensions",
        "benefits_suspension",
        [
            *(person, benefit, Column("first", "date"), Column("end_on", "date", '"end"')),
            Column("cleared", "bool"),
        ],
        cases,
    )
    _load_accounts(session, f"person_id IN (SELECT person_id FROM benefits_case WHERE {within})")
    _rename(session)
    _load_people(session, within)
    for name in ("raw_answers", "raw_approvals", "raw_suspensions", "raw_accounts", "in_merged"):
        session.con.execute(f"DROP TABLE {name}")


def _load_answers(session: AnalyticSession, within: str) -> None:
    session.load(
        "raw_answers",
        "benefits_spell",
        [
            Column("person", "int", "person_id"),
            Column("benefit", "text"),
            Column("version", "text"),
            Column("first", "date"),
            Column("end_on", "date"),
            Column("known", "bool"),
            Column("fen", "int"),
            Column("tier", "text"),
            Column("ended_by", "text"),
        ],
        f"until_id IS NULL AND {within}",
    )


def _load_accounts(session: AnalyticSession, theirs: str) -> None:
    session.load(
        "raw_accounts",
        "benefits_payaccount",
        [
            Column("person", "int", "person_id"),
            Column("token", "text", _hex("token")),
            Column("first", "date"),
            Column("end_on", "date", '"end"'),
        ],
        f"state = 'confirmed' AND {theirs}",
    )


def _hex(column: str) -> str:
    """SQL of bytes in hexadecimal, on both databases."""
    return f"lower(hex({column}))" if connection.vendor == "sqlite" else f"encode({column}, 'hex')"


def _rename(session: AnalyticSession) -> None:
    """Name the file that goes on, and call the end as the engine does."""
    person = "coalesce(m.person, r.person) AS person"
    for name, columns in {
        "answers": 'benefit, version, first, end_on AS "end", known, fen, tier, ended_by',
        "approvals": "benefit, applied_on, approved_on, revoked_on",
        "suspensions": 'benefit, first, end_on AS "end", cleared',
        "accounts": 'token, first, end_on AS "end"',
    }.items():
        session.con.execute(
            f"CREATE TABLE in_{name} AS SELECT {person}, {columns} "
            f"FROM raw_{name} AS r LEFT JOIN in_merged AS m ON m.file = r.person"
        )


def _load_people(session: AnalyticSession, within: str) -> None:
    """Everybody who has an answer or an approval: name, place of the case, death and move."""
    session.load(
        "raw_cases",
        "benefits_case",
        [Column("person", "int", "person_id"), Column("place", "text", "place_code")],
        within,
    )
    session.load(
        "raw_people",
        "people_person",
        [Column("person", "int", "id"), Column("name", "text"), Column("died_on", "date")],
        f"id IN (SELECT person_id FROM benefits_case WHERE {within})",
    )
    # Gone for good: the last answer ended with a move and none came after it.
    session.con.execute(
        """
        CREATE TABLE in_people AS
        WITH wanted AS (
            SELECT coalesce(m.person, c.person) AS person, max(c.place) AS place
            FROM raw_cases AS c LEFT JOIN in_merged AS m ON m.file = c.person GROUP BY 1),
        named AS (
            SELECT coalesce(m.person, p.person) AS person,
                arg_max(p.name, m.person IS NULL) AS name, min(p.died_on) AS died_on
            FROM raw_people AS p LEFT JOIN in_merged AS m ON m.file = p.person GROUP BY 1),
        gone AS (
            SELECT person, max("end") AS moved_on FROM in_answers GROUP BY person
            HAVING bool_and("end" IS NOT NULL) AND arg_max(ended_by, "end") = 'move')
        SELECT wanted.person, named.name, wanted.place, named.died_on, gone.moved_on
        FROM wanted JOIN named ON named.person = wanted.person
        LEFT JOIN gone ON gone.person = wanted.person"""
    )
    session.con.execute("DROP TABLE raw_cases")
    session.con.execute("DROP TABLE raw_people")


def load_approved_pairs(
    session: AnalyticSession,
    *,
    region: str,
    without: Sequence[str] = (),
    people: Sequence[int] | None = None,
) -> int:
    """Make ``follow_pairs`` (person, benefit) and ``follow_people`` (person, place).

    Everybody who was ever approved, as the file that goes on; of some people also those whose
    approval has ended: their past months still count.

    Args:
        region: Where the case lies. without: Places inside that are left to others.
        people: Only these.

    Returns:
        How many people.
    """
    low, high = area_range(region)
    within = f"place_code >= '{low}' AND place_code < '{high}'"
    for code in without:
        below, above = area_range(code)
        within += f" AND NOT (place_code >= '{below}' AND place_code < '{above}')"
    where = f"{within} AND id IN (SELECT case_id FROM benefits_approval)"
    merged = sorted(laid_in_files().items())
    if people is not None:
        ends = dict(merged)
        wanted = {ends.get(pk, pk) for pk in people}
        wanted |= {file for file, end in merged if end in wanted}
        where += f" AND person_id IN ({', '.join(map(str, sorted(wanted))) or 'NULL'})"
    put_rows(session.con, "pair_merged", {"file": "BIGINT", "person": "BIGINT"}, merged)
    session.load(
        "pair_raw",
        "benefits_case",
        [
            Column("person", "int", "person_id"),
            Column("benefit", "text"),
            Column("place", "text", "place_code"),
        ],
        where,
    )
    con = session.con
    con.execute(
        "CREATE TABLE pair_all AS SELECT coalesce(m.person, r.person) AS person, r.benefit, "
        "r.place FROM pair_raw AS r LEFT JOIN pair_merged AS m ON m.file = r.person"
    )
    con.execute("CREATE TABLE follow_pairs AS SELECT DISTINCT person, benefit FROM pair_all")
    con.execute(
        "CREATE TABLE follow_people AS SELECT person, max(place) AS place FROM pair_all GROUP BY 1"
    )
    # Spells of a file that was laid into another are no longer believed of it.
    con.execute(
        "CREATE TABLE follow_files AS SELECT person FROM pair_raw UNION SELECT person FROM pair_all"
    )
    for name in ("pair_raw", "pair_all", "pair_merged"):
        con.execute(f"DROP TABLE {name}")
    return int(session.rows("SELECT count(*) FROM follow_people")[0][0])
