"""What differs between a pass and what stands: by combination first, then item by item.

Tables in the session:
    ``moved`` (person_id, place_code, old_place, old_set, new_set, run_from_id): people whose row
    changes; ``old_set`` or ``new_set`` is NULL for those who had or have no answer;
    ``known_outcome`` (id, item_id, status, tier, amount_fen, delivered): every answer in play;
    ``set_answer`` (answer_set_id, item_id, outcome_id): the combinations in play;
    ``item_change`` (person_id, place_code, item_id, before_id, after_id): the differences.
"""

from yanglao.domain.entitlements.actions.answers import Answers
from yanglao.domain.entitlements.models import AnswerSet, Outcome
from yanglao.domain.entitlements.queries import outcome_ids
from yanglao.foundation.analytics import Column, bulk_insert
from yanglao.foundation.scoping import area_range
from yanglao.foundation.staging import put_rows

#: Up to so many combinations are looked up by key, more are read as a whole table.
_FEW = 2000
_CHUNK = 500
_SET = {"id": "BIGINT", "key": "VARCHAR"}


class Comparison:
    """A pass beside what stands. Made inside the transaction that will write the difference."""

    def __init__(self, answers: Answers, *, region: str, close_strays: bool) -> None:
        """Find the differences; new answers and combinations are added to the database.

        Args:
            answers: The pass, with ``current`` read.
            region: Division that was looked at.
            close_strays: Also close what stands for people of the region who were not met because
                they are served elsewhere now; False when a wider run will meet them.
        """
        self.answers = answers
        self.con = answers.session.con
        self.outcome_of = self._keep_outcomes()
        self._keep_sets()
        self._find_moved(region, close_strays)

    def _keep_outcomes(self) -> dict[int, int]:
        """Add answers never given before; return number to id."""
        known = outcome_ids(one.key for one in self.answers.outcomes)
        fresh = [one for one in self.answers.outcomes if one.key not in known]
        made = Outcome.objects.bulk_create(
            [
                Outcome(
                    key=one.key,
                    item_id=one.item_id,
                    status=one.status,
                    tier=one.tier,
                    amount_fen=one.amount_fen,
                    delivered=one.delivered,
                    reason=one.reason,
                    used=dict(one.used),
                    missing=list(one.missing),
                )
                for one in fresh
            ],
            batch_size=_CHUNK,
        )
        known |= {row.key: row.pk for row in made}
        found = {no: known[one.key] for no, one in enumerate(self.answers.outcomes)}
        put_rows(self.con, "outcome_id", {"no": "INTEGER", "id": "BIGINT"}, found.items())
        return found

    def _keep_sets(self) -> None:
        """Add combinations never met before; ``set_id`` (set_no, id) names all."""
        self.con.execute(
            """CREATE TEMP TABLE set_key AS
            SELECT set_no, string_agg(CAST(id AS VARCHAR), ',' ORDER BY id) AS key
            FROM set_member JOIN outcome_id USING (no) GROUP BY set_no"""
        )
        keys = [key for (key,) in self.con.execute("SELECT key FROM set_key").fetchall()]
        self._load_known_sets(keys)
        fresh = self.con.execute(
            """SELECT set_key.key FROM set_key LEFT JOIN known_set USING (key)
            WHERE known_set.id IS NULL ORDER BY set_no"""
        ).fetchall()
        made = AnswerSet.objects.bulk_create(
            [AnswerSet(key=key) for (key,) in fresh], batch_size=_CHUNK
        )
        if made:
            put_rows(self.con, "made_set", _SET, [(row.pk, row.key) for row in made])
            self.con.execute("INSERT INTO known_set SELECT id, key FROM made_set")
        self.con.execute(
            "CREATE TABLE set_id AS SELECT set_no, id FROM set_key JOIN known_set USING (key)"
        )
        if made:
            self.con.execute(
                """SELECT set_id.id, outcome_now.item_id, outcome_id.id FROM made_set
                JOIN set_id ON set_id.id = made_set.id JOIN set_member USING (set_no)
                JOIN outcome_id USING (no) JOIN outcome_now USING (no) ORDER BY 1, 2"""
            )
            bulk_insert(
                "entitlements_answersetoutcome",
                ["answer_set_id", "item_id", "outcome_id"],
                self.con,
            )

    def _load_known_sets(self, keys: list[str]) -> None:
        columns = [Column("id", "int"), Column("key", "text")]
        if len(keys) > _FEW:
            self.answers.session.load("known_set", "entitlements_answerset", columns)
            return
        known: list[tuple[int, str]] = []
        for start in range(0, len(keys), _CHUNK):
            rows = AnswerSet.objects.filter(key__in=keys[start : start + _CHUNK])
            known += rows.order_by("id").values_list("id", "key")
        put_rows(self.con, "known_set", _SET, known)

    def _find_moved(self, region: str, close_strays: bool) -> None:
        low, high = area_range(region)
        stray = f"c.place_code >= '{low}' AND c.place_code < '{high}'" if close_strays else "FALSE"
        self.con.execute(
            f"""CREATE TABLE moved AS
            SELECT coalesce(n.person_id, c.person_id) AS person_id,
                coalesce(n.place_code, f.place_code, c.place_code) AS place_code,
                c.place_code AS old_place, c.answer_set_id AS old_set, n.new_set, c.run_from_id
            FROM (SELECT person_id, place_code, set_id.id AS new_set
                  FROM answer JOIN set_id USING (set_no)) AS n
            FULL JOIN current AS c ON n.person_id = c.person_id
            LEFT JOIN facts AS f ON f.person_id = c.person_id
            WHERE (n.new_set IS DISTINCT FROM c.answer_set_id
                   OR n.place_code IS DISTINCT FROM c.place_code)
              AND (n.person_id IS NOT NULL OR f.person_id IS NOT NULL OR {stray})"""
        )

    @property
    def size(self) -> int:
        """How many people's rows change."""
        return int(self.answers.session.rows("SELECT count(*) FROM moved")[0][0])

    def by_item(self, *, only_undelivered: bool = False) -> None:
        """Make ``item_change``.

        Args:
            only_undelivered: Only answers that somebody must act on; what a first run needs.
        """
        self._load_old_members()
        self._load_known_outcomes()
        # Whoever had an answer before is compared in full all the same.
        wanted = (
            "AND (old_set IS NOT NULL OR NOT coalesce(o.delivered, FALSE))"
            if only_undelivered
            else ""
        )
        self.con.execute(
            """CREATE TABLE set_answer AS
            SELECT answer_set_id, item_id, outcome_id FROM old_member
            UNION
            SELECT set_id.id, outcome_now.item_id, outcome_id.id FROM set_id
            JOIN set_member USING (set_no) JOIN outcome_id USING (no)
            JOIN outcome_now USING (no)"""
        )
        self.con.execute("DROP TABLE old_member")
        self.con.execute(
            f"""CREATE TABLE item_change AS
            WITH before AS (
                SELECT person_id, place_code, item_id, outcome_id
                FROM moved JOIN set_answer ON answer_set_id = old_set
                WHERE old_set IS DISTINCT FROM new_set),
            after AS (
                SELECT person_id, place_code, o.item_id, outcome_id
                FROM moved JOIN set_answer ON answer_set_id = new_set
                JOIN known_outcome AS o ON o.id = outcome_id
                WHERE old_set IS DISTINCT FROM new_set {wanted})
            SELECT coalesce(a.person_id, b.person_id) AS person_id,
                coalesce(a.place_code, b.place_code) AS place_code,
                coalesce(a.item_id, b.item_id) AS item_id,
                b.outcome_id AS before_id, a.outcome_id AS after_id
            FROM after AS a FULL JOIN before AS b
                ON a.person_id = b.person_id AND a.item_id = b.item_id
            WHERE a.outcome_id IS DISTINCT FROM b.outcome_id"""
        )

    def nothing_changed(self) -> None:
        """Make the tables of the differences without any row."""
        self.con.execute(
            "CREATE TABLE item_change (person_id BIGINT, place_code VARCHAR, item_id BIGINT, "
            "before_id BIGINT, after_id BIGINT)"
        )
        self.con.execute(
            "CREATE TABLE known_outcome (id BIGINT, item_id BIGINT, status TINYINT, "
            "tier VARCHAR, amount_fen BIGINT, delivered BOOLEAN)"
        )

    def _load_old_members(self) -> None:
        """Read the answers of combinations that people had; ``old_member``."""
        olds = [
            number
            for (number,) in self.con.execute(
                "SELECT DISTINCT old_set FROM moved WHERE old_set IS NOT NULL"
            ).fetchall()
        ]
        columns = [
            Column("answer_set_id", "int"),
            Column("item_id", "int"),
            Column("outcome_id", "int"),
        ]
        listed = ", ".join(str(int(number)) for number in olds) or "NULL"
        where = f"answer_set_id IN ({listed})" if len(olds) <= _FEW else ""
        self.answers.session.load("old_member", "entitlements_answersetoutcome", columns, where)

    def _load_known_outcomes(self) -> None:
        """Read every answer in play: the new ones and those of the combinations before."""
        old = self.con.execute("SELECT DISTINCT outcome_id FROM old_member").fetchall()
        wanted = sorted({number for (number,) in old} | set(self.outcome_of.values()))
        fields = ("id", "item_id", "status", "tier", "amount_fen", "delivered")
        known: list[tuple[object, ...]] = []
        for start in range(0, len(wanted), _CHUNK):
            rows = Outcome.objects.filter(pk__in=wanted[start : start + _CHUNK])
            known += rows.order_by("id").values_list(*fields)
        kinds = ("BIGINT", "BIGINT", "TINYINT", "VARCHAR", "BIGINT", "BOOLEAN")
        put_rows(self.con, "known_outcome", dict(zip(fields, kinds, strict=True)), known)
