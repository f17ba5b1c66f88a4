"""What lists say about leads: which lead still waits for one, which list proves delivery."""

from collections.abc import Iterable
from datetime import date

from yanglao.domain.entitlements.public import outcomes
from yanglao.domain.exchange.public import lists
from yanglao.domain.leads.public import Occasion, PossibleLeads, Prove, sort_awaiting
from yanglao.engines.policy import rules
from yanglao.engines.policy.catalogue import Item
from yanglao.flows.open_pack import OpenPack
from yanglao.foundation.analytics import AnalyticSession, Column
from yanglao.foundation.scoping import Reader, area_range, system_reader
from yanglao.foundation.staging import put_rows

#: Up to so many people their statements are looked up one by one, above that read whole.
_FEW = 5000
_BY_HAND = "人工登记"
_PAIRS_OF_CHANGES = """
    SELECT DISTINCT after_id AS outcome_id, place_code FROM item_change
    JOIN known_outcome ON id = after_id WHERE status = 2"""
_PAIRS_OF_LEADS = "SELECT DISTINCT outcome_id, place_code FROM possible_lead"


def load_awaiting(session: AnalyticSession, opened: OpenPack, as_of: date) -> None:
    """Make ``awaiting`` (outcome_id, place_code) for the answers that a run changed.

    An answer waits for a list when each fact it misses comes from kinds of lists whose absence
    would settle it, and no full list of these kinds has come for the place by the day.
    """
    _make_awaiting(session, opened, as_of, _PAIRS_OF_CHANGES)


def sort_awaiting_leads(
    session: AnalyticSession, opened: OpenPack, occasion: Occasion, region: str, acting: Reader
) -> int:
    """Tell leads of a region whose list has come since that they miss facts of the person now."""
    if not PossibleLeads.load(session, region):
        return 0
    session.con.execute("DROP TABLE IF EXISTS awaiting")
    _make_awaiting(session, opened, occasion.as_of, _PAIRS_OF_LEADS)
    return sort_awaiting(session=session, occasion=occasion, acting=acting)


def _make_awaiting(session: AnalyticSession, opened: OpenPack, as_of: date, pairs: str) -> None:
    con = session.con
    con.execute(f"CREATE OR REPLACE TEMP TABLE await_pair AS {pairs}")
    ids = [pk for (pk,) in con.execute("SELECT DISTINCT outcome_id FROM await_pair").fetchall()]
    needs = [
        (pk, kind)
        for pk, one in outcomes(ids).items()
        for kind in _kinds_that_settle(opened, one.missing)
    ]
    con.execute("DROP TABLE IF EXISTS await_need")
    put_rows(con, "await_need", {"outcome_id": "BIGINT", "kind": "VARCHAR"}, needs)
    con.execute("DROP TABLE IF EXISTS await_cover")
    put_rows(
        con,
        "await_cover",
        {"kind": "VARCHAR", "low": "VARCHAR", "high": "VARCHAR"},
        _full_lists(session, as_of),
    )
    con.execute(
        """CREATE TABLE awaiting AS
        WITH place_cover AS (
            SELECT DISTINCT place_code, kind
            FROM (SELECT DISTINCT place_code FROM await_pair)
            JOIN await_cover ON place_code >= low AND place_code < high)
        SELECT p.outcome_id, p.place_code FROM await_pair AS p
        JOIN await_need AS n USING (outcome_id)
        LEFT JOIN place_cover AS c ON c.place_code = p.place_code AND c.kind = n.kind
        GROUP BY ALL HAVING count(c.kind) = 0"""
    )


def _kinds_that_settle(opened: OpenPack, missing: Iterable[str]) -> set[str]:
    """Return the kinds of lists that would settle all missing facts; none if any would not be."""
    vocabulary = opened.pack.vocabulary
    facts = [vocabulary[fact] for fact in missing if fact in vocabulary]
    if not all(spec.has_none for spec in facts):
        return set()
    return {kind for spec in facts for kind in spec.source}


def _full_lists(session: AnalyticSession, as_of: date) -> list[tuple[str, str, str]]:
    """Return kind and range of codes of every full list known on the day."""
    session.load(
        "cover_read",
        "people_coverage",
        [
            Column("kind", "text"),
            Column("division_code", "text"),
            Column("month", "date"),
            Column("is_full", "bool", '"full"'),
        ],
    )
    found = session.con.execute(
        "SELECT DISTINCT kind, division_code FROM cover_read WHERE is_full AND month <= ?", [as_of]
    ).fetchall()
    session.con.execute("DROP TABLE cover_read")
    return [(kind, *area_range(code)) for kind, code in found]


def prove_by_lists(opened: OpenPack) -> Prove:
    """Return what gives the proof of delivered leads: the list and row that show it."""
    kinds = {
        opened.item_ids[code]: _kinds_of_delivery(opened, item)
        for code, item in opened.pack.items.items()
    }

    def prove(session: AnalyticSession) -> None:
        session.con.execute(
            "CREATE TABLE lead_proof (person_id BIGINT, item_id BIGINT, proof VARCHAR)"
        )
        found = session.rows("SELECT DISTINCT item_id FROM lead_proven ORDER BY item_id")
        wanted: dict[str, list[int]] = {}
        for (item_id,) in found:
            for kind in kinds.get(item_id, ())[:1]:
                wanted.setdefault(kind, []).append(item_id)
        for kind, items in wanted.items():
            _prove_by_kind(session, kind, items)

    return prove


def _kinds_of_delivery(opened: OpenPack, item: Item) -> tuple[str, ...]:
    """Return the kinds of lists that can show a person has an item, the most telling first."""
    vocabulary = opened.pack.vocabulary
    rule = item.delivered.rule if item.delivered.rule is not None else item.who
    specs = [vocabulary[fact] for fact in vocabulary.in_order(rules.facts_of(rule))]
    telling = sorted(specs, key=lambda spec: not spec.has_none)
    return tuple(dict.fromkeys(kind for spec in telling for kind in spec.source))


def _prove_by_kind(session: AnalyticSession, kind: str, items: list[int]) -> None:
    """Add to ``lead_proof`` the newest statement of a kind about each person."""
    con = session.con
    listed = ", ".join(str(item) for item in items)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE proof_wanted AS "
        f"SELECT person_id, item_id FROM lead_proven WHERE item_id IN ({listed})"
    )
    people = [pk for (pk,) in session.rows("SELECT DISTINCT person_id FROM proof_wanted")]
    where = f"person_id IN ({', '.join(map(str, people))})" if len(people) <= _FEW else ""
    session.load(
        "proof_read",
        f"people_{kind}entry",
        [
            Column("id", "int"),
            Column("person_id", "int"),
            Column("seen_to", "date"),
            Column("list_id", "int", "last_list_id"),
            Column("row", "text", "last_row"),
        ],
        where,
    )
    ids = [pk for (pk,) in session.rows("SELECT DISTINCT list_id FROM proof_read") if pk]
    names = lists(system_reader()).filter(pk__in=ids).values_list("pk", "file_name")
    con.execute("DROP TABLE IF EXISTS proof_list")
    put_rows(con, "proof_list", {"id": "BIGINT", "name": "VARCHAR"}, names)
    con.execute(
        f"""INSERT INTO lead_proof
        SELECT person_id, item_id, coalesce(l.name || ' ' || r.row, '{_BY_HAND}')
        FROM proof_wanted JOIN (
            SELECT * FROM proof_read
            QUALIFY row_number() OVER (PARTITION BY person_id ORDER BY seen_to DESC, id DESC) = 1
        ) AS r USING (person_id) LEFT JOIN proof_list AS l ON l.id = r.list_id"""
    )
    con.execute("DROP TABLE proof_read")
