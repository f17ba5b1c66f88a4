"""SQL steps from statements to facts, each a DuckDB table of its own.

Between lists the later list counts (month first, then batch); in one list the later date. The
number ``k`` of a statement is the place of the last list that repeated it in that order. A
statement is *live* while no later full list of its place has left it out.
"""

# ruff: noqa: S608 - SQL made of this program's own constants; identifiers and dates only.

from collections.abc import Iterable
from datetime import date

from yanglao.domain.people.types import ELSEWHERE

_VISIBLE = "(holds_from IS NULL OR holds_from <= {day})"


#: Before any list; days are counted from here.
_FIRST_DAY = date(1800, 1, 1)
_BATCHES = 1_000_000_000


def key(month: str, batch: str) -> str:
    """Return SQL for a day and a batch in one number, so that "later" is one comparison."""
    return f"(({month} - DATE '{_FIRST_DAY.isoformat()}') * {_BATCHES} + {batch})"


def key_of(month: date, batch: int) -> int:
    """Return the same number for a day and a batch at hand."""
    return (month - _FIRST_DAY).days * _BATCHES + batch


SEEN = key("seen_to", "last_batch")


def literal(day: date) -> str:
    """Return a day as SQL."""
    return f"DATE '{day.isoformat()}'"


def live(kind: str, day: str, *, covered: bool, split: bool) -> str:
    """Return SQL for the statements of a kind that are visible on the day and live.

    Args:
        kind: List kind.
        day: The day as SQL.
        covered: Whether there is any full list of the kind; without one all are live.
        split: Whether lists came for places apart from each other, so that each statement has a
            limit of its own (table ``limit_<kind>``), not each person.
    """
    visible = _VISIBLE.format(day=day)
    if not covered:
        return f"SELECT *, {SEEN} AS k FROM {kind} WHERE {visible}"
    own, join = f"covered.{kind}", ""
    if split:
        own = "own_limit.k"
        join = f"LEFT JOIN limit_{kind} AS own_limit ON own_limit.id = s.id"
    return f"""
        SELECT s.*, {SEEN} AS k FROM {kind} AS s
        JOIN covered ON covered.person_id = s.person_id {join}
        LEFT JOIN mentioned ON mentioned.person_id = s.person_id
        WHERE {visible}
            AND ({own} IS NULL OR {SEEN} >= {own} OR mentioned.{kind} >= covered.{kind})"""


def latest(source: str, columns: str, order: str) -> str:
    """Return SQL for the one statement of each person that stands first in ``order``."""
    return (
        f"SELECT person_id, id, {columns} FROM {source} "
        f"QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY {order}) = 1"
    )


def pension(source: str) -> str:
    """The later 起领年月 counts; between equals, one that is not ended."""
    return latest(
        source,
        "pension_kind, pension_status",
        "k DESC, began_on DESC NULLS LAST, pension_status = 'terminated', id DESC",
    )


def assistance(source: str) -> str:
    """The later 保障起始日期 counts, whether it has ended by the day or not."""
    return latest(
        source,
        "assistance, support_mode, tekun_care, holds_to",
        "k DESC, holds_from DESC NULLS LAST, id DESC",
    )


def disability(source: str) -> str:
    """The card issued later counts; between equals, one that is not cancelled."""
    return latest(
        source,
        "disability_category, disability_grade, needs_long_term_care, card_status",
        "k DESC, issued_on DESC NULLS LAST, card_status = 'cancelled', id DESC",
    )


def health(source: str) -> str:
    """The last check counts, whichever live list told of it."""
    return latest(source, "health_checked_on", "health_checked_on DESC, k DESC, id DESC")


def dementia(day: str) -> str:
    """A diagnosis stays, whatever later lists leave out; the last word about it counts."""
    told = f"SELECT *, {SEEN} AS k FROM health WHERE dementia IS NOT NULL AND "
    order = "health_checked_on DESC, k DESC, id DESC"
    return latest(f"({told}{_VISIBLE.format(day=day)})", "dementia", order)


def ltci(source: str, day: str) -> str:
    """The later assessment counts; a level assessed after the day is not known yet."""
    known = f"assessed_on IS NULL OR assessed_on <= {day}"
    return latest(
        source,
        f"ltci_insured, ltci_receiving, CASE WHEN {known} THEN ltci_level END AS ltci_level, "
        f"CASE WHEN {known} THEN assessed_on END AS ltci_assessed_on",
        "k DESC, assessed_on DESC NULLS LAST, id DESC",
    )


def veterans(source: str) -> str:
    """The last list counts."""
    return latest(source, "special_contribution", "k DESC, id DESC")


def relief(source: str) -> str:
    """The later 救助日期 counts, whichever live list told of it."""
    return latest(source, "in_relief", "relief_on DESC, k DESC, id DESC")


def survey(day: str) -> str:
    """Each fact for itself: a list that leaves a cell blank does not unsay what is known."""
    names = {
        "residence_code": "residence_code <> ''",
        "living": "living <> ''",
        "supporter": "supporter <> ''",
        "family_planning_special": "family_planning_special IS NOT NULL",
    }
    columns = ", ".join(
        f"arg_max({name}, o) FILTER ({told}) AS {name}, arg_max(id, o) FILTER ({told}) AS {name}_id"
        for name, told in names.items()
    )
    visible = _VISIBLE.format(day=day)
    return f"""
        SELECT person_id, {columns}
        FROM (SELECT *, ({SEEN}, id) AS o FROM survey WHERE {visible}) GROUP BY person_id"""


def assessment(day: str, months: int) -> str:
    """The last assessment made by the day; its level only while it is valid.

    Validity counts complete months, so that one made on 29 February ends on 1 March like a
    birthday (``hetian-reading.md``).
    """
    passed = (
        f"(year({day}) * 12 + month({day})) - (year(assessed_on) * 12 + month(assessed_on)) "
        f"- CAST(day({day}) < day(assessed_on) AS INTEGER)"
    )
    made = f"SELECT *, {SEEN} AS k FROM assessment WHERE assessed_on <= {day}"
    return latest(
        f"({made})",
        f"assessed_on, CASE WHEN {passed} < {int(months)} THEN ability_level END AS ability_level",
        "assessed_on DESC, k DESC, id DESC",
    )


def deaths(day: str) -> str:
    """The earliest death told.

    Death is final: a later month's list that leaves a person out does not call him back. Only a
    full list of the same month that came later does: it corrects the one before.
    """
    inside = " OR ".join(
        f"(p.{name} >= c.low AND p.{name} < c.high)"
        for name in ("place_code", "hukou_code", "residence_code")
    )
    return f"""
        SELECT person_id, min(died_on) AS died_on, arg_min(id, (died_on, id)) AS id
        FROM deaths AS s
        WHERE NOT EXISTS (
            SELECT 1 FROM full_list AS c, person AS p
            WHERE c.kind = 'deaths' AND c.month = s.seen_to AND c.batch > s.last_batch
                AND p.id = s.person_id AND ({inside})
                AND NOT EXISTS (
                    SELECT 1 FROM batch_place AS b WHERE b.batch = s.last_batch
                        AND NOT (b.low <= c.low AND c.low < b.high)
                        AND NOT (c.low <= b.low AND b.low < c.high))
                AND NOT EXISTS (
                    SELECT 1 FROM mention AS m WHERE m.person_id = s.person_id
                        AND m.kind = 'deaths' AND m.month = c.month AND m.batch >= c.batch))
        GROUP BY person_id"""


def household_word(day: str) -> str:
    """The last word of each list and of each registered place about a person.

    In one list the later 状态日期 counts. A death or a move after the day has not happened yet.
    """
    seen = f"holds_from IS NULL OR holds_from <= {day} OR status_on <= {day}"
    order = "k DESC, status_on DESC NULLS LAST, id DESC"
    return f"""
        WITH visible AS (
            SELECT *, {SEEN} AS k, CASE WHEN status <> 'normal' AND status_on > {day}
                THEN 'normal' ELSE status END AS status_now
            FROM household WHERE {seen}),
        of_list AS (
            SELECT * FROM visible QUALIFY row_number() OVER (
                PARTITION BY person_id, coalesce(last_list, -id) ORDER BY {order}) = 1)
        SELECT * FROM of_list QUALIFY row_number() OVER (
            PARTITION BY person_id, hukou_code ORDER BY {order}) = 1"""


def household(day: str) -> str:
    """Where a person is registered, and whether the register says dead.

    The old county goes on reporting "moved away" while the new one reports "normal": a move only
    counts against a place whose own last word is older than the move. A death is taken back only
    by a later word that the person lives.
    """
    return f"""
        WITH stay AS (
            SELECT * FROM household_word WHERE status_now <> 'moved'
            QUALIFY row_number() OVER (PARTITION BY person_id
                ORDER BY seen_to DESC, status_on DESC NULLS LAST, k DESC, id DESC) = 1),
        moved AS (
            SELECT person_id, max(status_on) AS moved_on,
                max(seen_to) FILTER (status_on IS NULL) AS undated_seen,
                arg_max(id, o) AS id, arg_max(marital, o) AS marital,
                arg_max(household_id, o) AS household_id
            FROM (SELECT *, (seen_to, coalesce(status_on, DATE '0001-01-01'), k, id) AS o
                FROM household_word WHERE status_now = 'moved') GROUP BY person_id),
        dead AS (
            SELECT person_id, min(id) AS id, min(status_on) AS died_on FROM household_word AS w
            WHERE status_now = 'dead' AND NOT EXISTS (
                SELECT 1 FROM household_word AS n
                WHERE n.person_id = w.person_id AND n.status_now = 'normal'
                    AND (n.seen_to > w.seen_to OR (n.seen_to = w.seen_to
                        AND n.status_on > w.status_on AND n.status_on <= {day})))
            GROUP BY person_id),
        joined AS (
            SELECT coalesce(stay.person_id, moved.person_id) AS person_id, stay.id AS stay_id,
                stay.hukou_code, moved.id AS moved_id,
                coalesce(stay.marital, moved.marital) AS marital,
                coalesce(stay.household_id, moved.household_id) AS household_id,
                stay.person_id IS NULL OR coalesce(
                    moved.moved_on > last_day(stay.seen_to), FALSE)
                    OR coalesce(moved.undated_seen > stay.seen_to, FALSE) AS away
            FROM stay FULL JOIN moved ON moved.person_id = stay.person_id)
        SELECT joined.person_id, CASE WHEN away THEN moved_id ELSE stay_id END AS id,
            marital, household_id,
            CASE WHEN away THEN '{ELSEWHERE}' ELSE hukou_code END AS hukou_code,
            dead.person_id IS NOT NULL AS dead, dead.died_on, dead.id AS dead_id
        FROM joined LEFT JOIN dead ON dead.person_id = joined.person_id"""


def covered(kinds: Iterable[str]) -> dict[str, str]:
    """Per person and kind: the last full list of his places, and the last row that went back."""
    wide = ", ".join(f"max(k) FILTER (kind = '{kind}') AS {kind}" for kind in kinds)
    best = ", ".join(f"greatest(a.{kind}, b.{kind}, c.{kind}) AS {kind}" for kind in kinds)
    rank = key("month", "batch")
    last = ", ".join(f"max({rank}) FILTER (kind = '{kind}') AS {kind}" for kind in kinds)
    return {
        "codes": """
            SELECT place_code AS code FROM person UNION SELECT hukou_code FROM person
            UNION SELECT residence_code FROM person""",
        "code_cover": f"""
            SELECT code, {wide}
            FROM codes JOIN cover ON code >= low AND code < high GROUP BY code""",
        "covered": f"""
            SELECT person.id AS person_id, {best} FROM person
            LEFT JOIN code_cover a ON a.code = place_code
            LEFT JOIN code_cover b ON b.code = hukou_code
            LEFT JOIN code_cover c ON c.code = residence_code""",
        "mentioned": f"SELECT person_id, {last} FROM mention GROUP BY person_id",
    }


def source_cover(split: Iterable[str]) -> str:
    """Per code and place of a list: the last full list that may end what that list said.

    One county's full list says nothing about a person who stands on another county's: it ends a
    statement only if the places of the two lists overlap.
    """
    wanted = ", ".join(f"'{kind}'" for kind in sorted(split))
    return f"""
        SELECT cover.kind, source.low AS source, codes.code, max(cover.k) AS k
        FROM cover, (SELECT DISTINCT low, high FROM batch_place) AS source, codes
        WHERE cover.kind IN ({wanted}) AND codes.code >= cover.low AND codes.code < cover.high
            AND ((source.low <= cover.low AND cover.low < source.high)
                OR (cover.low <= source.low AND source.low < cover.high))
        GROUP BY ALL"""


def limits(kind: str) -> str:
    """For each statement, the key of the last full list that may end it."""
    joins = " ".join(
        f"LEFT JOIN source_cover {name} ON {name}.kind = '{kind}' AND {name}.source = b.low "
        f"AND {name}.code = p.{code}"
        for name, code in (("x", "place_code"), ("y", "hukou_code"), ("z", "residence_code"))
    )
    # What was entered by hand came with no list: any list of the person's place may end it.
    return f"""
        SELECT s.id, CASE WHEN b.batch IS NULL THEN covered.{kind}
            ELSE greatest(x.k, y.k, z.k) END AS k
        FROM {kind} AS s JOIN person AS p ON p.id = s.person_id
        JOIN covered ON covered.person_id = s.person_id
        LEFT JOIN batch_place AS b ON b.batch = s.last_batch {joins}"""
