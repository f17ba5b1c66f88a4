"""What each department said last of everybody: one row a person, for finding contradictions."""

# ruff: noqa: S608 - SQL made of this program's own constants; identifiers and codes only.

from yanglao.domain.people.models import Merge
from yanglao.foundation.analytics import AnalyticSession, Column
from yanglao.foundation.scoping import Reader, area_range
from yanglao.foundation.staging import put_rows

#: Columns that a rule about contradictions may use, with their types in DuckDB.
SAID_COLUMNS: dict[str, str] = {
    "died_on": "DATE",
    "household_status": "VARCHAR",
    "household_seen": "DATE",
    "pension_kind": "VARCHAR",
    "pension_status": "VARCHAR",
    "pension_fen": "BIGINT",
    "pension_yuan": "VARCHAR",
    "pension_seen": "DATE",
    "assistance": "VARCHAR",
    "assistance_seen": "DATE",
    "living": "VARCHAR",
    "supporter": "VARCHAR",
    "survey_seen": "DATE",
    "residences": "BIGINT",
    "residence_1": "VARCHAR",
    "residence_2": "VARCHAR",
    "grades": "BIGINT",
    "grade_1": "BIGINT",
    "grade_2": "BIGINT",
}
#: Columns with the ids of the statements that say so: what does not count when another is right.
ENTRIES_COLUMNS = frozenset(
    {
        *(f"{kind}_entries" for kind in ("household", "deaths", "pension", "assistance")),
        *(f"{kind}_entries" for kind in ("survey", "disability")),
        "grade_1_entries",
        "grade_2_entries",
    }
)

_HEAD = (
    Column("id", "int"),
    Column("person_id", "int"),
    Column("seen_to", "date"),
    Column("last_batch", "int"),
)
_READ: dict[str, tuple[Column, ...]] = {
    "household": (Column("status", "text"),),
    "deaths": (Column("died_on", "date"),),
    "pension": (
        Column("pension_kind", "text"),
        Column("pension_status", "text"),
        Column("monthly_fen", "int"),
    ),
    "assistance": (
        Column("assistance", "text"),
        Column("holds_from", "date"),
        Column("holds_to", "date"),
    ),
    "disability": (Column("disability_grade", "int"), Column("card_status", "text")),
    "survey": (
        Column("residence_code", "text"),
        Column("living", "text"),
        Column("supporter", "text"),
    ),
}

_SAID = """
    CREATE TABLE said AS
    WITH last_household AS (SELECT * FROM household_said QUALIFY row_number() OVER (
            PARTITION BY person_id ORDER BY seen_to DESC, last_batch DESC, id DESC) = 1),
    first_death AS (SELECT person_id, min(died_on) AS died_on FROM deaths_said GROUP BY person_id),
    {entries}
    last_pension AS (SELECT * FROM pension_said QUALIFY row_number() OVER (
            PARTITION BY person_id ORDER BY seen_to DESC, last_batch DESC, id DESC) = 1),
    last_assistance AS (SELECT * FROM assistance_said WHERE holds_to IS NULL OR holds_to >= seen_to
        QUALIFY row_number() OVER (
            PARTITION BY person_id ORDER BY seen_to DESC, last_batch DESC, id DESC) = 1),
    newest_survey AS (SELECT * FROM survey_said
        QUALIFY rank() OVER (
            PARTITION BY person_id ORDER BY date_trunc('month', seen_to) DESC) = 1),
    by_hand AS (SELECT person_id, max(seen_to) AS told FROM newest_survey
        WHERE last_batch = 999999999 GROUP BY person_id),
    last_survey AS (SELECT s.person_id, max(s.seen_to) AS seen_to,
            arg_max(s.living, (s.seen_to, s.last_batch)) FILTER (s.living <> '') AS living,
            arg_max(s.supporter, (s.seen_to, s.last_batch)) FILTER (s.supporter <> '') AS supporter,
            count(DISTINCT s.residence_code) FILTER (s.residence_code <> '') AS residences,
            min(s.residence_code) FILTER (s.residence_code <> '') AS residence_1,
            max(s.residence_code) FILTER (s.residence_code <> '') AS residence_2
        FROM newest_survey AS s LEFT JOIN by_hand AS b ON b.person_id = s.person_id
        WHERE b.told IS NULL OR s.last_batch = 999999999 GROUP BY s.person_id),
    newest_cards AS (SELECT * FROM disability_said WHERE card_status = 'valid'
        QUALIFY rank() OVER (PARTITION BY person_id ORDER BY seen_to DESC) = 1),
    last_cards AS (SELECT person_id, count(DISTINCT disability_grade) AS grades,
            min(disability_grade) AS grade_1, max(disability_grade) AS grade_2,
            list(id ORDER BY id) FILTER (disability_grade = low) AS grade_1_entries,
            list(id ORDER BY id) FILTER (disability_grade = high) AS grade_2_entries
        FROM (SELECT *, min(disability_grade) OVER (PARTITION BY person_id) AS low,
            max(disability_grade) OVER (PARTITION BY person_id) AS high FROM newest_cards)
        GROUP BY person_id)
    SELECT p.id AS person_id, p.place_code, d.died_on, h.status AS household_status,
        h.seen_to AS household_seen, e.pension_kind, e.pension_status,
        e.monthly_fen AS pension_fen, printf('%.2f', e.monthly_fen / 100.0) AS pension_yuan,
        e.seen_to AS pension_seen, a.assistance, a.seen_to AS assistance_seen, s.living,
        s.supporter, s.seen_to AS survey_seen, s.residences, s.residence_1, s.residence_2,
        c.grades, c.grade_1, c.grade_2, c.grade_1_entries, c.grade_2_entries, {columns}
    FROM person_said AS p
    LEFT JOIN last_household AS h ON h.person_id = p.id
    LEFT JOIN first_death AS d ON d.person_id = p.id
    LEFT JOIN last_pension AS e ON e.person_id = p.id
    LEFT JOIN last_assistance AS a ON a.person_id = p.id
    LEFT JOIN last_survey AS s ON s.person_id = p.id
    LEFT JOIN last_cards AS c ON c.person_id = p.id {joins}"""


def _said() -> str:
    """Return the whole statement, with the ids of each kind's statements about a person."""
    return _SAID.format(
        entries="\n".join(
            f"of_{kind} AS (SELECT person_id, list(id ORDER BY id) AS ids "
            f"FROM {kind}_said GROUP BY person_id),"
            for kind in _READ
        ),
        columns=", ".join(f"of_{kind}.ids AS {kind}_entries" for kind in _READ),
        joins=" ".join(f"LEFT JOIN of_{kind} ON of_{kind}.person_id = p.id" for kind in _READ),
    )


def load_said(session: AnalyticSession, reader: Reader) -> int:
    """Make the DuckDB table ``said`` for the people of the reader's area; return how many.

    Columns: ``person_id``, ``place_code``, :data:`SAID_COLUMNS`, :data:`ENTRIES_COLUMNS`. What was
    said of a file that is laid into another counts as said of that one.
    """
    low, high = area_range(reader.area)
    inside = f"place_code >= '{low}' AND place_code < '{high}'"
    people = [Column("id", "int"), Column("place_code", "text")]
    count = session.load("person_said", "people_person", people, inside)
    into = Merge.laid_in_files()
    columns = {"file_id": "BIGINT", "goes_on": "BIGINT"}
    put_rows(session.con, "laid_in_said", columns, sorted(into.items()))
    for kind, values in _READ.items():
        session.load(f"{kind}_own", f"people_{kind}entry", (*_HEAD, *values))
        session.con.execute(
            f"CREATE TABLE {kind}_said AS SELECT o.* REPLACE "
            f"(coalesce(l.goes_on, o.person_id) AS person_id) FROM {kind}_own AS o "
            "LEFT JOIN laid_in_said AS l ON l.file_id = o.person_id"
        )
        session.con.execute(f"DROP TABLE {kind}_own")
    session.con.execute(_said())
    return count
