"""Set-based relations over what stands, for other passes: into DuckDB, never back."""

from yanglao.domain.entitlements.models import Outcome
from yanglao.foundation.analytics import AnalyticSession, Column
from yanglao.foundation.scoping import area_range
from yanglao.foundation.staging import put_rows

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
