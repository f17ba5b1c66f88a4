"""What a pass over people found, held in an analytic session until it is written.

Most people share their answers word for word, so 4 million answers of a million people come down
to some thousand combinations. Everything after the grouping works on combinations.

Tables in the session:
    ``facts`` comes from people, ``result`` from the policy engine; ``alike`` (person_id,
    stands_for) names for everybody the person in ``result`` who has the same answers. Made here:
    ``outcome_now`` (no, key, item_id, status, delivered): the distinct answers;
    ``set_now`` (set_no, w0 …) and ``set_member`` (set_no, no): the distinct combinations;
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
#: Bits of a word that are used; DuckDB's BIGINT has 63 besides the sign.
_WORD_BITS = 62
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
        codes = _codes([one.item_id for one in self.outcomes])
        self.words = 1 + max((word for word, _shift, _code in codes), default=0)
        rows = []
        for no, (one, (word, shift, code)) in enumerate(zip(self.outcomes, codes, strict=True)):
            own = [0] * self.words
            own[word] = code << shift
            rows.append((no, one.key, one.item_id, one.status, bool(one.delivered), *own))
        columns = {
            "no": "INTEGER",
            "key": "VARCHAR",
            "item_id": "BIGINT",
            "status": "TINYINT",
            "delivered": "BOOLEAN",
        }
        columns |= {f"w{word}": "BIGINT" for word in range(self.words)}
        put_rows(self.session.con, "outcome_now", columns, rows)

    def _group(self) -> None:
        """Put each person's answers into whole numbers, and number the distinct ones.

        Every item has some bits of its own, and a person has one answer for an item at most; so
        the numbers are exact, and much faster to gather than lists.
        """
        con = self.session.con
        words = [f"w{word}" for word in range(self.words)]
        gathered = ", ".join(f"bit_or({word}) AS {word}" for word in words)
        con.execute(
            f"""CREATE TEMP TABLE gathered AS SELECT person_id, {gathered}
            FROM result JOIN outcome_now ON key = outcome_key GROUP BY person_id"""
        )
        con.execute(
            f"""CREATE TABLE set_now AS
            SELECT CAST(row_number() OVER (ORDER BY {", ".join(words)}) AS INTEGER) AS set_no, *
            FROM (SELECT DISTINCT {", ".join(words)} FROM gathered)"""
        )
        masks = _masks([one.item_id for one in self.outcomes])
        put_rows(
            con,
            "outcome_mask",
            {"item_id": "BIGINT"} | dict.fromkeys((f"m{n}" for n in range(self.words)), "BIGINT"),
            [(item, *_spread(mask, self.words)) for item, mask in masks.items()],
        )
        same = " AND ".join(f"(s.w{n} & m.m{n}) = o.w{n}" for n in range(self.words))
        con.execute(
            f"""CREATE TABLE set_member AS SELECT set_no, no
            FROM outcome_now AS o JOIN outcome_mask AS m USING (item_id)
            JOIN set_now AS s ON {same}"""
        )
        con.execute(
            f"""CREATE TABLE answer AS SELECT person_id, place_code, set_no
            FROM (SELECT person_id AS stands_for, set_no
                FROM gathered JOIN set_now USING ({", ".join(words)}))
            JOIN alike USING (stands_for) JOIN facts USING (person_id)"""
        )
        con.execute("DROP TABLE gathered; DROP TABLE outcome_mask")

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


def _codes(items: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return for each answer (of the given item) its word, the shift in it, and its code from 1."""
    found: list[tuple[int, int, int]] = []
    seen: dict[int, int] = {}
    places = _places(items)
    for item in items:
        seen[item] = seen.get(item, 0) + 1
        word, shift, _bits = places[item]
        found.append((word, shift, seen[item]))
    return found


def _places(items: Sequence[int]) -> dict[int, tuple[int, int, int]]:
    """Return for each item its word, shift and number of bits."""
    found: dict[int, tuple[int, int, int]] = {}
    word = shift = 0
    for item in sorted(set(items)):
        bits = items.count(item).bit_length()
        if shift + bits > _WORD_BITS:
            word, shift = word + 1, 0
        found[item] = (word, shift, bits)
        shift += bits
    return found


def _masks(items: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Return for each item its word and the bits of it that are its own."""
    return {
        item: (word, ((1 << bits) - 1) << shift)
        for item, (word, shift, bits) in _places(items).items()
    }


def _spread(mask: tuple[int, int], words: int) -> list[int]:
    """Return a mask as one number for each word."""
    return [mask[1] if word == mask[0] else 0 for word in range(words)]
