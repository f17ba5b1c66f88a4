"""Set-based relations over what stands, for other passes: into DuckDB, never back."""

from collections.abc import Mapping, Sequence
from datetime import date

from yanglao.domain.entitlements.models import Outcome
from yanglao.domain.entitlements.types import FactWords, ItemRule
from yanglao.foundation.analytics import AnalyticSession, Column
from yanglao.foundation.scoping import area_range
from yanglao.foundation.staging import put_rows

#: Letters of a cause that are kept, and what is said of files that are new or gone.
_LONGEST = 300
_NEW_FILE = "新建档案"
_NO_FILE = "档案不在本次范围内"

_OUTCOME = ("id", "item_id", "status", "tier", "amount_fen", "delivered")
_OUTCOME_TYPES = ("BIGINT", "BIGINT", "TINYINT", "VARCHAR", "BIGINT", "BOOLEAN")

_ANSWER = (
    Column("person_id", "int"),
    Column("place_code", "text"),
    Column("answer_set_id", "int"),
)


def load_standing(session: AnalyticSession, *, item_id: int, region: str) -> int:
    """Make the tables of a comparison as if all present answers for an item were new.

    ``item_change``, ``known_outcome``, ``moved`` (empty) and ``change_cause`` (empty); see
    ``actions.compare``. For releasing a held result.

    Args:
        session: An open session without tables of these names.
        item_id: The item.
        region: 12-digit division of the run that held it.

    Returns:
        How many people have an answer for it.
    """
    low, high = area_range(region)
    count = session.load(
        "standing",
        "entitlements_finding",
        [
            Column("person_id", "int"),
            Column("place_code", "text"),
            Column("outcome_id", "int"),
        ],
        f"item_id = {int(item_id)} AND place_code >= '{low}' AND place_code < '{high}'",
    )
    session.con.execute(
        f"""CREATE TABLE item_change AS
        SELECT person_id, place_code, {int(item_id)}::BIGINT AS item_id,
            NULL::BIGINT AS before_id, outcome_id AS after_id FROM standing"""
    )
    put_rows(
        session.con,
        "known_outcome",
        dict(zip(_OUTCOME, _OUTCOME_TYPES, strict=True)),
        Outcome.objects.filter(item_id=item_id).order_by("id").values_list(*_OUTCOME),
    )
    session.con.execute(
        "CREATE TABLE moved (person_id BIGINT, place_code VARCHAR, old_place VARCHAR)"
    )
    session.con.execute(
        "CREATE TABLE change_cause (person_id BIGINT, item_id BIGINT, cause VARCHAR)"
    )
    return count


def load_current(session: AnalyticSession, *, region: str) -> int:
    """Make ``standing_answer`` (person_id, place_code, answer_set_id) of what stands now."""
    low, high = area_range(region)
    return session.load(
        "standing_answer",
        "entitlements_currentanswers",
        list(_ANSWER),
        f"place_code >= '{low}' AND place_code < '{high}'",
    )


def load_answers_at(session: AnalyticSession, *, run_id: int, region: str) -> int:
    """Make ``standing_answer`` as it stood right after a run."""
    low, high = area_range(region)
    place = f"place_code >= '{low}' AND place_code < '{high}'"
    number = int(run_id)
    session.load(
        "standing_now",
        "entitlements_currentanswers",
        list(_ANSWER),
        f"{place} AND run_from_id <= {number}",
    )
    session.load(
        "standing_then",
        "entitlements_pastanswers",
        list(_ANSWER),
        f"{place} AND run_from_id <= {number} AND run_to_id > {number}",
    )
    session.con.execute(
        """CREATE TABLE standing_answer AS
        SELECT * FROM standing_now UNION ALL SELECT * FROM standing_then"""
    )
    return int(session.rows("SELECT count(*) FROM standing_answer")[0][0])


def cause_sql(as_of: date, pack_note: str) -> str:
    """SQL of the cause, over ``f`` and ``o`` (the person now and before), ``seen_on``, ``told``.

    Args:
        as_of: The day of this run.
        pack_note: What to say when another version of the pack is the cause, else ``""``.
    """
    day, note = f"DATE '{as_of.isoformat()}'", as_text(pack_note)
    passed = f"'日期推移：' || strftime(seen_on, '%Y-%m-%d') || ' → {as_of.isoformat()}'"
    return f"""left(CASE
        WHEN f IS NULL THEN {as_text(_NO_FILE)}
        WHEN o IS NULL THEN {as_text(_NEW_FILE)}
        WHEN told <> '' AND {note} <> '' THEN told || '；' || {note}
        WHEN told <> '' THEN told
        WHEN {note} <> '' THEN {note}
        WHEN seen_on <> {day} THEN {passed}
        ELSE '名单有更新' END, {_LONGEST})"""


def told_parts(rule: ItemRule, words: Mapping[str, FactWords], as_of: date) -> Mapping[str, str]:
    """SQL of each thing that may have changed for an item, over facts now ``n`` and before ``o``.

    Args:
        rule: Which facts and ages matter.
        words: By fact name.
        as_of: The day of this run; ``o.seen_on`` is that of the run before.

    Returns:
        In telling order, by a name that is the same for the same thing in every item; NULL where
        nothing changed.
    """
    facts = {f"fact_{name}": _told(words[name]) for name in rule.facts if name in words}
    return facts | {f"age_{age}": _birthday(age, as_of) for age in rule.ages}


def told_sql(parts: Sequence[str]) -> str:
    """SQL of what changed, out of the parts that concern an item; may be ``''``."""
    return f"concat_ws('；', {', '.join(parts)})" if parts else "''"


def _told(words: FactWords) -> str:
    """Return SQL that tells a fact's old and new value when they differ, else NULL."""
    old, new = (_value(words, f'{side}."{words.name}"') for side in ("o", "n"))
    return (
        f'CASE WHEN o."{words.name}" IS DISTINCT FROM n."{words.name}" '
        f"THEN {as_text(words.label + '：')} || {old} || ' → ' || {new} END"
    )


def _value(words: FactWords, column: str) -> str:
    """Return SQL for a value as people read it."""
    known = "".join(
        f" WHEN {as_text(value)} THEN {as_text(label)}" for value, label in words.values.items()
    )
    none = as_text(words.none or "无")
    unit = f" || {as_text(words.unit)}" if words.unit else ""
    nones = "".join(f" WHEN '{value}' THEN {none}" for value in ("", "-1", "0001-01-01"))
    text = f"CAST({column} AS VARCHAR)"
    return f"CASE {text}{known}{nones} ELSE coalesce({text}{unit}, '未知') END"


def _birthday(age: int, as_of: date) -> str:
    """Return SQL that tells a birthday which reached an age, else NULL."""
    now, then = _years(f"DATE '{as_of.isoformat()}'"), _years("o.seen_on")
    return (
        f"CASE WHEN {then} < {age} AND {now} >= {age} THEN '年满 {age} 周岁' "
        f"WHEN {then} >= {age} AND {now} < {age} THEN '未满 {age} 周岁' END"
    )


def _years(day: str) -> str:
    """Return SQL for whole years from ``n.birth_date``; of 29 February reached on 1 March."""
    born = "n.birth_date"
    return (
        f"(year({day}) - year({born}) - CAST(month({day}) * 100 + day({day}) "
        f"< month({born}) * 100 + day({born}) AS INTEGER))"
    )


def as_text(words: str) -> str:
    """Return an SQL literal."""
    return "'" + words.replace("'", "''") + "'"
