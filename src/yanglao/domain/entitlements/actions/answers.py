"""What a pass over people found, held in an analytic session until it is written.

Most people share their answers word for word, so 4 million answers of a million people come down
to some thousand combinations. Everything after the grouping works on combinations.

Tables in the session:
    ``facts`` and ``result`` come from people and the policy engine. Made here:
    ``outcome_now`` (no, key, item_id, status, delivered): the distinct answers;
    ``set_now`` (set_no, nos) and ``set_member`` (set_no, no): the distinct combinations;
    ``answer`` (person_id, place_code, set_no): one row a person who has any answer;
    ``current`` and ``had``: what stands in the database, and officers' words about deliveries;
    ``tally_now`` (place_code, item_id, status, delivered, people): the counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from yanglao.domain.entitlements.types import NewOutcome, Status
from yanglao.foundation.analytics import AnalyticSession, Column
from yanglao.foundation.staging import put_rows

_CURRENT = [
    Column("person_id", "int"),
    Column("place_code", "text"),
    Column("answer_set_id", "int"),
    Column("run_from_id", "int"),
]
_HAD = [Column("id", "int"), Column("person_id", "int"), Column("item_id", "int")]


@dataclass(frozen=True, slots=True)
class ItemCounts:
    """People of a run with an answer for one item."""

    yes: int = 0
    possible: int = 0
    delivered: int = 0


class Answers:
    """The answers of a pass, in the session that holds its ``facts`` and ``result``."""

    def __init__(self, session: AnalyticSession, outcomes: Sequence[NewOutcome]) -> None:
        """Group the results of the pass by person and by combination."""
        self.session = session
        self.outcomes = tuple(outcomes)
        self._number_outcomes()
        self._group()

    def _number_outcomes(self) -> None:
        put_rows(
            self.session.con,
            "outcome_now",
            {
                "no": "INTEGER",
                "key": "VARCHAR",
                "item_id": "BIGINT",
                "status": "TINYINT",
                "delivered": "BOOLEAN",
            },
            [
                (no, one.key, one.item_id, one.status, bool(one.delivered))
                for no, one in enumerate(self.outcomes)
            ],
        )

    def _group(self) -> None:
        con = self.session.con
        con.execute(
            """CREATE TEMP TABLE grouped AS
            SELECT person_id, list_sort(list(no)) AS nos
            FROM result JOIN outcome_now ON key = outcome_key GROUP BY person_id"""
        )
        con.execute(
            """CREATE TABLE set_now AS
            SELECT CAST(row_number() OVER () AS INTEGER) AS set_no, nos
            FROM (SELECT DISTINCT nos FROM grouped)"""
        )
        con.execute("CREATE TABLE set_member AS SELECT set_no, unnest(nos) AS no FROM set_now")
        con.execute(
            """CREATE TABLE answer AS SELECT person_id, place_code, set_no
            FROM grouped JOIN set_now USING (nos) JOIN facts USING (person_id)"""
        )
        con.execute("DROP TABLE grouped")

    def count(self) -> None:
        """Make ``tally_now``; by combination first, then the few that officers told about."""
        con = self.session.con
        con.execute(
            """CREATE TEMP TABLE told AS
            SELECT place_code, item_id, status, count(*) AS n FROM had
            JOIN answer USING (person_id) JOIN set_member USING (set_no)
            JOIN outcome_now USING (no, item_id) WHERE NOT delivered GROUP BY ALL"""
        )
        con.execute(
            """CREATE TABLE tally_now AS
            SELECT place_code, item_id, status, delivered, CAST(sum(n) AS BIGINT) AS people FROM (
                SELECT place_code, item_id, status, delivered, n
                FROM (SELECT place_code, set_no, count(*) AS n FROM answer GROUP BY ALL)
                JOIN set_member USING (set_no) JOIN outcome_now USING (no)
                UNION ALL SELECT place_code, item_id, status, TRUE, n FROM told
                UNION ALL SELECT place_code, item_id, status, FALSE, -n FROM told)
            GROUP BY ALL HAVING people > 0"""
        )
        con.execute("DROP TABLE told")

    @property
    def people(self) -> int:
        """How many people were looked at."""
        return int(self.session.rows("SELECT count(*) FROM facts")[0][0])

    @property
    def living(self) -> int:
        """How many of them are not known to have died."""
        return int(self.session.rows("SELECT count(*) FROM facts WHERE alive IS NOT FALSE")[0][0])

    def counts(self) -> dict[int, ItemCounts]:
        """Return the number of people per item."""
        rows = self.session.rows(
            f"""SELECT item_id,
                coalesce(sum(people) FILTER (status = {Status.YES}), 0),
                coalesce(sum(people) FILTER (status = {Status.POSSIBLE}), 0),
                coalesce(sum(people) FILTER (status = {Status.YES} AND delivered), 0)
            FROM tally_now GROUP BY item_id"""
        )
        return {item: ItemCounts(int(a), int(b), int(c)) for item, a, b, c in rows}

    def read_current(self, person_ids: Sequence[int] | None) -> None:
        """Read what stands in the database now into ``current``; of a few people when given."""
        where = ""
        if person_ids is not None:
            where = f"person_id IN ({', '.join(str(int(pk)) for pk in person_ids) or 'NULL'})"
        self.session.load("current", "entitlements_currentanswers", _CURRENT, where)
        self.session.load("had", "entitlements_handdelivery", _HAD, where)
