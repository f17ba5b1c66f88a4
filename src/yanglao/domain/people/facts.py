"""What is known about everybody on a day: one wide row a person, for the policy engine.

Statements say what lists said; this module says what follows from them on the day ``as_of``:
which statement is in force, what the absence from a full list means, and what stays unknown.
One pass over everybody; one person is the same pass with one row.

The DuckDB table ``facts`` has a column for every fact of the vocabulary. In it NULL is *unknown*;
*known not to be* is ``''`` for texts, ``-1`` for numbers, ``0001-01-01`` for dates, FALSE.
Sources: ``lists.md`` (what each list means, absence), ``hetian-reading.md`` (validity).
"""

from collections.abc import Sequence
from datetime import date

from yanglao.domain.people.types import ELSEWHERE, KINDS_WITH_ABSENCE
from yanglao.foundation.analytics import AnalyticSession, Column
from yanglao.foundation.scoping import area_range

#: Grain: one row a person. Every column but the first three is a fact of the vocabulary.
FACT_COLUMNS: dict[str, str] = {
    "person_id": "BIGINT",
    "place_code": "VARCHAR",
    "birth_date": "DATE",
    "sex": "VARCHAR",
    "alive": "BOOLEAN",
    "hukou_code": "VARCHAR",
    "residence_code": "VARCHAR",
    "household_id": "VARCHAR",
    "marital": "VARCHAR",
    "pension_kind": "VARCHAR",
    "pension_status": "VARCHAR",
    "assistance": "VARCHAR",
    "support_mode": "VARCHAR",
    "tekun_care": "VARCHAR",
    "disability_category": "BIGINT",
    "disability_grade": "BIGINT",
    "needs_long_term_care": "BOOLEAN",
    "health_checked_on": "DATE",
    "dementia": "BOOLEAN",
    "ltci_insured": "BOOLEAN",
    "ltci_level": "BIGINT",
    "ltci_receiving": "BOOLEAN",
    "ltci_assessed_on": "DATE",
    "special_contribution": "BOOLEAN",
    "ability_level": "BIGINT",
    "assessed_on": "DATE",
    "living": "VARCHAR",
    "supporter": "VARCHAR",
    "family_planning_special": "BOOLEAN",
    "in_relief": "BOOLEAN",
}

_ENTRY = (
    Column("id", "int"),
    Column("person_id", "int"),
    Column("holds_from", "date"),
    Column("seen_to", "date"),
    Column("last_batch", "int"),
)

_VALUES: dict[str, tuple[Column, ...]] = {
    "household": (
        Column("marital", "text"),
        Column("household_id", "text"),
        Column("hukou_code", "text"),
        Column("status", "text"),
        Column("status_on", "date"),
    ),
    "pension": (
        Column("pension_kind", "text"),
        Column("pension_status", "text"),
        Column("began_on", "date"),
    ),
    "assistance": (
        Column("assistance", "text"),
        Column("support_mode", "text"),
        Column("tekun_care", "text"),
        Column("holds_to", "date"),
    ),
    "disability": (
        Column("disability_category", "int"),
        Column("disability_grade", "int"),
        Column("needs_long_term_care", "bool"),
        Column("issued_on", "date"),
        Column("card_status", "text"),
    ),
    "health": (Column("health_checked_on", "date"), Column("dementia", "bool")),
    "ltci": (
        Column("ltci_insured", "bool"),
        Column("ltci_level", "int"),
        Column("ltci_receiving", "bool"),
        Column("assessed_on", "date"),
    ),
    "veterans": (Column("special_contribution", "bool"),),
    "assessment": (Column("assessed_on", "date"), Column("ability_level", "int")),
    "survey": (
        Column("residence_code", "text"),
        Column("living", "text"),
        Column("supporter", "text"),
        Column("family_planning_special", "bool"),
    ),
    "relief": (Column("relief_on", "date"), Column("in_relief", "bool")),
    "deaths": (Column("died_on", "date"),),
}

#: A month and a batch in one number, so that "later list" is one comparison.
_KEY = "((year({month}) * 12 + month({month})) * 1000000000 + {batch})"


def load_facts(
    session: AnalyticSession,
    *,
    as_of: date,
    region: str,
    person_ids: Sequence[int] | None = None,
    assessment_valid_months: int = 12,
) -> int:
    """Make the DuckDB table ``facts`` as of a day; return the number of people in it.

    Args:
        session: An open analytic session without tables of these names.
        as_of: The day; both what lists say and what their absence means is taken as of it.
        region: 12-digit division whose people are wanted (by the place they are served).
        person_ids: Only these people, when given.
        assessment_valid_months: How long an ability assessment holds (pack parameter); it ends
            the day before its anniversary.
    """
    _load_tables(session, region, person_ids)
    _make_coverage(session, as_of)
    day = f"DATE '{as_of.isoformat()}'"
    steps = _STATEMENT_STEPS | {"assessment_now": _ASSESSMENT}
    for name, text in steps.items():
        filled = text.format(day=day, months=int(assessment_valid_months), elsewhere=ELSEWHERE)
        session.con.execute(f"CREATE TEMP TABLE {name} AS {filled}")
    session.con.execute(f"CREATE TABLE facts AS {_FACTS.format(day=day)}")
    for name in (*steps, *_VALUES, "person", "coverage", "covered", "mention", "mentioned"):
        session.con.execute(f"DROP TABLE {name}")
    counted = session.con.execute("SELECT count(*) FROM facts").fetchone()
    return int(counted[0]) if counted else 0


def _load_tables(session: AnalyticSession, region: str, person_ids: Sequence[int] | None) -> None:
    """Read people, statements, coverage and mentions; only what the wanted people need."""
    low, high = area_range(region)
    inside = f"place_code >= '{low}' AND place_code < '{high}'"
    if person_ids is not None:
        listed = ", ".join(str(int(pk)) for pk in person_ids) or "NULL"
        inside = f"id IN ({listed})"
        theirs = f"person_id IN ({listed})"
    elif low:
        theirs = f"person_id IN (SELECT id FROM people_person WHERE {inside})"
        outside = session.load(
            "outside",
            "people_person",
            [Column("id", "int")],
            f"place_code < '{low}' OR place_code >= '{high}'",
        )
        session.con.execute("DROP TABLE outside")
        theirs = theirs if outside else ""
    else:
        theirs = ""
    session.load(
        "person",
        "people_person",
        [
            Column("id", "int"),
            Column("place_code", "text"),
            Column("hukou_code", "text"),
            Column("residence_code", "text"),
            Column("birth_date", "date"),
            Column("sex", "text"),
        ],
        inside,
    )
    for kind, values in _VALUES.items():
        session.load(kind, f"people_{kind}entry", [*_ENTRY, *values], theirs)
    session.load(
        "coverage",
        "people_coverage",
        [
            Column("kind", "text"),
            Column("division_code", "text"),
            Column("month", "date"),
            Column("batch", "int"),
        ],
    )
    session.load(
        "mention",
        "people_mention",
        [
            Column("kind", "text"),
            Column("person_id", "int"),
            Column("month", "date"),
            Column("batch", "int"),
        ],
        theirs,
    )


def _make_coverage(session: AnalyticSession, as_of: date) -> None:
    """Make ``covered``: per person and kind, the key of the last full list of his place.

    A full list covers a person when its division contains the place where he is served, where he
    is registered or where he lives. Few codes, many people: covered per code first.
    """
    key = _KEY.format(month="month", batch="batch")
    rows = session.con.execute(
        f"SELECT kind, division_code, max({key}) FROM coverage WHERE month <= ? GROUP BY ALL",
        [as_of],
    ).fetchall()
    session.con.execute(
        "CREATE TEMP TABLE cover (kind VARCHAR, low VARCHAR, high VARCHAR, k BIGINT)"
    )
    if rows:
        session.con.executemany(
            "INSERT INTO cover VALUES (?, ?, ?, ?)",
            [(kind, *area_range(code), k) for kind, code, k in rows],
        )
    kinds = sorted(KINDS_WITH_ABSENCE)
    wide = ", ".join(f"max(k) FILTER (kind = '{kind}') AS {kind}" for kind in kinds)
    session.con.execute(
        f"""CREATE TEMP TABLE code_cover AS
        SELECT code, {wide} FROM (
            SELECT place_code AS code FROM person UNION SELECT hukou_code FROM person
            UNION SELECT residence_code FROM person) AS codes
        JOIN cover ON code >= low AND code < high GROUP BY code"""
    )
    best = ", ".join(f"greatest(a.{kind}, b.{kind}, c.{kind}) AS {kind}" for kind in kinds)
    session.con.execute(
        f"""CREATE TABLE covered AS SELECT person.id AS person_id, {best} FROM person
        LEFT JOIN code_cover a ON a.code = place_code
        LEFT JOIN code_cover b ON b.code = hukou_code
        LEFT JOIN code_cover c ON c.code = residence_code"""
    )
    keyed = _KEY.format(month="month", batch="batch")
    lasts = ", ".join(f"max({keyed}) FILTER (kind = '{kind}') AS {kind}" for kind in kinds)
    session.con.execute(
        f"CREATE TABLE mentioned AS SELECT person_id, {lasts} FROM mention GROUP BY person_id"
    )
    session.con.execute("DROP TABLE cover; DROP TABLE code_cover")


_SEEN = _KEY.format(month="seen_to", batch="last_batch")
_VISIBLE = "(holds_from IS NULL OR holds_from <= {day})"


def _latest(table: str, columns: str, order: str, visible: str = _VISIBLE) -> str:
    """Return SQL for the statement of each person that stands first in ``order``."""
    return (
        f"SELECT person_id, {_SEEN} AS k, {columns} FROM {table} WHERE {visible} "
        f"QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY {order}) = 1"
    )


# In one list the later date wins; between lists the later list does (lists.md, duplicates).
_STATEMENT_STEPS: dict[str, str] = {
    # Per registered place the last word first; then places against each other, because the old
    # county reports "moved away" while the new one reports "normal".
    "household_word": f"""
        SELECT person_id, seen_to, {_SEEN} AS k, id, marital, household_id, hukou_code, status_on,
            CASE WHEN status <> 'normal' AND status_on > {{day}} THEN 'normal' ELSE status END
                AS status_now
        FROM household
        WHERE holds_from IS NULL OR holds_from <= {{day}} OR status_on <= {{day}}
        QUALIFY row_number() OVER (
            PARTITION BY person_id, hukou_code
            ORDER BY k DESC, status_on DESC NULLS LAST, id DESC) = 1""",
    "household_now": """
        WITH newest AS (
            SELECT * FROM household_word
            QUALIFY seen_to = max(seen_to) OVER (PARTITION BY person_id)),
        deaths_told AS (
            SELECT person_id,
                max(coalesce(status_on, DATE '0001-01-01')) FILTER (status_now = 'dead') AS dead_on,
                max(status_on) FILTER (status_now = 'normal' AND status_on <= {day}) AS normal_on
            FROM newest GROUP BY person_id)
        SELECT person_id, marital, household_id,
            CASE WHEN status_now = 'moved' THEN '{elsewhere}' ELSE hukou_code END AS hukou_code,
            dead_on IS NOT NULL AND (normal_on IS NULL OR dead_on >= normal_on) AS dead
        FROM newest JOIN deaths_told USING (person_id)
        QUALIFY row_number() OVER (
            PARTITION BY person_id
            ORDER BY CASE WHEN status_now = 'moved' THEN coalesce(status_on, DATE '0001-01-01')
                ELSE coalesce(status_on, DATE '9999-12-31') END DESC, k DESC, id DESC) = 1""",
    "pension_now": _latest(
        "pension",
        "pension_kind, pension_status",
        f"{_SEEN} DESC, began_on DESC NULLS LAST, pension_status = 'terminated', id DESC",
    ),
    "assistance_now": _latest(
        "assistance",
        "assistance, support_mode, tekun_care, holds_to",
        f"{_SEEN} DESC, holds_from DESC NULLS LAST, id DESC",
    ),
    "disability_now": _latest(
        "disability",
        "disability_category, disability_grade, needs_long_term_care, card_status",
        f"{_SEEN} DESC, issued_on DESC NULLS LAST, card_status = 'cancelled', id DESC",
    ),
    "health_now": f"""
        SELECT person_id, max({_SEEN}) AS k, max(health_checked_on) AS health_checked_on,
            arg_max(dementia, health_checked_on) FILTER (dementia IS NOT NULL) AS dementia
        FROM health WHERE {_VISIBLE} GROUP BY person_id""",
    "ltci_now": _latest(
        "ltci",
        "ltci_insured, ltci_receiving, "
        "CASE WHEN assessed_on > {day} THEN NULL ELSE ltci_level END AS ltci_level, "
        "CASE WHEN assessed_on > {day} THEN NULL ELSE assessed_on END AS ltci_assessed_on",
        f"{_SEEN} DESC, assessed_on DESC NULLS LAST, id DESC",
    ),
    "veterans_now": _latest("veterans", "special_contribution", f"{_SEEN} DESC, id DESC"),
    "survey_now": f"""
        SELECT person_id,
            arg_max(residence_code, o) FILTER (residence_code <> '') AS residence_code,
            arg_max(living, o) FILTER (living <> '') AS living,
            arg_max(supporter, o) FILTER (supporter <> '') AS supporter,
            arg_max(family_planning_special, o) FILTER (family_planning_special IS NOT NULL)
                AS family_planning_special
        FROM (SELECT *, ({_SEEN}, id) AS o FROM survey WHERE {_VISIBLE}) GROUP BY person_id""",
    "relief_now": f"""
        SELECT person_id, max(k) AS k, arg_max(in_relief, o) AS in_relief
        FROM (SELECT person_id, in_relief, {_SEEN} AS k, (relief_on, {_SEEN}, id) AS o
              FROM relief WHERE {_VISIBLE}) GROUP BY person_id""",
    "death_now": """
        SELECT person_id, min(died_on) AS died_on FROM deaths GROUP BY person_id""",
}

# "Only while valid": complete months since the assessment, so that one made on 29 February ends
# on 1 March like a birthday (hetian-reading.md).
_ASSESSMENT = f"""
    SELECT person_id, assessed_on,
        CASE WHEN (year({{day}}) * 12 + month({{day}})) - (year(assessed_on) * 12
                + month(assessed_on)) - CAST(day({{day}}) < day(assessed_on) AS INTEGER) < {{months}}
            THEN ability_level END AS ability_level
    FROM assessment WHERE assessed_on <= {{day}}
    QUALIFY row_number() OVER (
        PARTITION BY person_id ORDER BY assessed_on DESC, {_SEEN} DESC, id DESC) = 1"""


def _told(kind: str, table: str, value: str, none: str) -> str:
    """Return SQL: the value if a statement stands, ``none`` if absence says so, else unknown.

    A statement stands against a full list that came later only if that list (or a later one)
    repeated it. A row that went back says that the person *is* on the list: no absence then.
    """
    on_list = f"coalesce({table}.k >= covered.{kind} OR mentioned.{kind} >= covered.{kind}, FALSE)"
    return (
        f"CASE WHEN {table}.person_id IS NOT NULL AND (covered.{kind} IS NULL OR {on_list}) "
        f"THEN {value} WHEN covered.{kind} IS NOT NULL AND NOT {on_list} THEN {none} END"
    )


_HELPED = "assistance_now.holds_to IS NULL OR assistance_now.holds_to >= {day}"
_TEKUN = f"assistance_now.assistance = 'tekun' AND ({_HELPED})"
_VALID_CARD = "disability_now.card_status <> 'cancelled'"

_FACTS = f"""
    SELECT person.id AS person_id, person.place_code, person.birth_date,
        nullif(person.sex, '') AS sex,
        CASE WHEN death_now.died_on <= {{day}} OR household_now.dead THEN FALSE
             WHEN household_now.person_id IS NOT NULL OR death_now.died_on > {{day}}
                  OR (covered.deaths IS NOT NULL
                      AND NOT coalesce(mentioned.deaths >= covered.deaths, FALSE))
             THEN TRUE END AS alive,
        nullif(household_now.hukou_code, '') AS hukou_code,
        survey_now.residence_code,
        nullif(household_now.household_id, '') AS household_id,
        nullif(household_now.marital, '') AS marital,
        {_told("pension", "pension_now", "pension_now.pension_kind", "''")} AS pension_kind,
        {_told("pension", "pension_now", "pension_now.pension_status", "''")} AS pension_status,
        {
    _told(
        "assistance",
        "assistance_now",
        f"CASE WHEN {_HELPED} THEN assistance_now.assistance ELSE '' END",
        "''",
    )
}
            AS assistance,
        {
    _told(
        "assistance",
        "assistance_now",
        f"CASE WHEN {_TEKUN} THEN nullif(support_mode, '') ELSE '' END",
        "''",
    )
}
            AS support_mode,
        {
    _told(
        "assistance",
        "assistance_now",
        f"CASE WHEN {_TEKUN} THEN nullif(tekun_care, '') ELSE '' END",
        "''",
    )
} AS tekun_care,
        {
    _told(
        "disability",
        "disability_now",
        f"CASE WHEN {_VALID_CARD} THEN disability_category ELSE -1 END",
        "-1",
    )
}
            AS disability_category,
        {
    _told(
        "disability",
        "disability_now",
        f"CASE WHEN {_VALID_CARD} THEN disability_grade ELSE -1 END",
        "-1",
    )
}
            AS disability_grade,
        {
    _told(
        "disability",
        "disability_now",
        f"CASE WHEN {_VALID_CARD} THEN needs_long_term_care ELSE FALSE END",
        "FALSE",
    )
}
            AS needs_long_term_care,
        CASE WHEN health_now.health_checked_on IS NOT NULL THEN health_now.health_checked_on
             WHEN covered.health IS NOT NULL
                  AND coalesce(mentioned.health < covered.health, TRUE)
             THEN DATE '0001-01-01' END AS health_checked_on,
        health_now.dementia,
        {_told("ltci", "ltci_now", "ltci_insured", "FALSE")} AS ltci_insured,
        {
    _told(
        "ltci",
        "ltci_now",
        "CASE WHEN ltci_insured THEN ltci_level ELSE coalesce(ltci_level, -1) END",
        "-1",
    )
}
            AS ltci_level,
        {
    _told("ltci", "ltci_now", "CASE WHEN ltci_insured THEN ltci_receiving ELSE FALSE END", "FALSE")
}
            AS ltci_receiving,
        {_told("ltci", "ltci_now", "ltci_assessed_on", "DATE '0001-01-01'")} AS ltci_assessed_on,
        {_told("veterans", "veterans_now", "veterans_now.special_contribution", "FALSE")}
            AS special_contribution,
        assessment_now.ability_level, assessment_now.assessed_on,
        survey_now.living, survey_now.supporter, survey_now.family_planning_special,
        {_told("relief", "relief_now", "relief_now.in_relief", "FALSE")} AS in_relief
    FROM person
    JOIN covered ON covered.person_id = person.id
    LEFT JOIN mentioned ON mentioned.person_id = person.id
    LEFT JOIN household_now ON household_now.person_id = person.id
    LEFT JOIN pension_now ON pension_now.person_id = person.id
    LEFT JOIN assistance_now ON assistance_now.person_id = person.id
    LEFT JOIN disability_now ON disability_now.person_id = person.id
    LEFT JOIN health_now ON health_now.person_id = person.id
    LEFT JOIN ltci_now ON ltci_now.person_id = person.id
    LEFT JOIN veterans_now ON veterans_now.person_id = person.id
    LEFT JOIN assessment_now ON assessment_now.person_id = person.id
    LEFT JOIN survey_now ON survey_now.person_id = person.id
    LEFT JOIN relief_now ON relief_now.person_id = person.id
    LEFT JOIN death_now ON death_now.person_id = person.id"""
