"""Double payments taken out of everybody's outcomes, by the choice of one person's month.

Whoever has several benefits shows one of a few hundred combinations of claims; each is decided once
by ``engines.payments.choosing``, as the monthly payment decides.
"""

from collections.abc import Iterator, Mapping

import pyarrow as pa

from yanglao.engines.payments.choosing import Claim, choose
from yanglao.engines.payments.compatibility import Table
from yanglao.foundation.analytics import AnalyticSession

_YES, _POSSIBLE = 1, 2
#: Bits of a HUGEINT into which the claims of a person are packed.
_WORD_BITS = 120


def take_out(
    session: AnalyticSession,
    raw: str,
    into: str,
    table: Table | None,
    codes: Mapping[str, str],
) -> None:
    """Make a table of outcomes in which nobody is paid twice for one need.

    Args:
        raw: Table ``person, item, status, fen, missing, lacks`` (1 yes, 2 possible).
        into: Table to make, of the same columns; what waits for a rival is possible there.
        table: Relations in force; ``None``: nothing is taken out.
        codes: Items to the benefits that they are.

    Raises:
        OverflowError: When an item has more different claims than can be told apart.
    """
    con = session.con
    if table is None or not codes:
        con.execute(f"CREATE OR REPLACE TABLE {into} AS SELECT * FROM {raw}")
        return
    claims = _number_claims(session, raw, codes)
    width = _WORD_BITS // len(codes)
    # A person's claims as one number: for each item the number of what is claimed, or 0.
    shift = " ".join(f"WHEN '{code}' THEN {at * width}" for at, code in enumerate(codes))
    con.execute(
        f"""CREATE OR REPLACE TABLE several AS
        SELECT person, sum(c.number::HUGEINT << (CASE r.item {shift} END)) AS claims
        FROM {raw} r JOIN claim c ON r.item = c.item AND r.status = c.status
            AND r.fen IS NOT DISTINCT FROM c.fen AND r.lacks = c.lacks
        GROUP BY person HAVING count(*) > 1 AND count(*) FILTER (r.status = {_YES}) > 0"""
    )
    rows: list[tuple[int, str, int, int | None, str]] = []
    packed = con.execute("SELECT DISTINCT claims::VARCHAR FROM several ORDER BY 1").fetchall()
    for (text,) in packed:
        number = int(text)
        given = {
            code: claims[code][part - 1]
            for at, code in enumerate(codes)
            if (part := (number >> (at * width)) & ((1 << width) - 1))
        }
        rows += [(number, *verdict) for verdict in _verdicts(given, codes, table)]
    _put_verdicts(session, rows)
    # Only what differs is told by a verdict: status 0 is not paid at all.
    con.execute(
        f"""CREATE OR REPLACE TABLE {into} AS
        SELECT r.person, r.item, coalesce(v.status, r.status)::TINYINT AS status,
            CASE WHEN v.item IS NULL THEN r.fen ELSE v.fen END AS fen,
            CASE WHEN v.item IS NULL THEN r.missing
                ELSE len(string_split(v.lacks, ',')) END::SMALLINT AS missing,
            coalesce(v.lacks, r.lacks) AS lacks
        FROM {raw} r LEFT JOIN (
            SELECT s.person, w.* EXCLUDE (claims) FROM several s JOIN verdict w USING (claims)
        ) v ON r.person = v.person AND r.item = v.item
        WHERE v.status IS NULL OR v.status > 0"""
    )


def _number_claims(
    session: AnalyticSession, raw: str, codes: Mapping[str, str]
) -> dict[str, list[tuple[int, int | None, str]]]:
    """Number what is claimed of each item from 1 (table ``claim``); return it by item, in order.

    Raises:
        OverflowError: When an item has more different claims than fit into its part of a number.
    """
    listed = ", ".join(f"'{code}'" for code in codes)
    session.con.execute(
        f"""CREATE OR REPLACE TABLE claim AS
        SELECT item, status, fen, lacks, row_number() OVER (
            PARTITION BY item ORDER BY status, fen, lacks) AS number
        FROM (SELECT DISTINCT item, status, fen, lacks FROM {raw} WHERE item IN ({listed}))"""
    )
    found: dict[str, list[tuple[int, int | None, str]]] = {}
    rows = session.con.execute(
        "SELECT item, status, fen, lacks FROM claim ORDER BY item, number"
    ).fetchall()
    for item, status, fen, lacks in rows:
        found.setdefault(item, []).append((status, fen, lacks))
    most = 1 << (_WORD_BITS // len(codes))
    if any(len(claims) >= most for claims in found.values()):
        raise OverflowError(f"more than {most} different claims of one item")
    return found


def _put_verdicts(
    session: AnalyticSession, rows: list[tuple[int, str, int, int | None, str]]
) -> None:
    names = ("claims", "item", "status", "fen", "lacks")
    kinds = (pa.string(), pa.string(), pa.int8(), pa.int64(), pa.string())
    told = [(str(number), *rest) for number, *rest in rows]
    columns = {
        name: pa.array([row[at] for row in told], kind)
        for at, (name, kind) in enumerate(zip(names, kinds, strict=True))
    }
    session.con.register("verdicts_given", pa.table(columns))
    session.con.execute(
        "CREATE OR REPLACE TABLE verdict AS "
        "SELECT * REPLACE (claims::HUGEINT AS claims) FROM verdicts_given"
    )
    session.con.unregister("verdicts_given")


def _verdicts(
    given: Mapping[str, tuple[int, int | None, str]], benefits: Mapping[str, str], table: Table
) -> Iterator[tuple[str, int, int | None, str]]:
    """What becomes of the claims of one combination, where it is not what they say themselves."""
    # Where no amount was published nothing can be paid yet: it beats nobody by its height.
    priced = [
        Claim(benefits[item], status == _YES, fen)
        for item, (status, fen, _lacks) in given.items()
        if status == _POSSIBLE or fen is not None
    ]
    chosen = {choice.benefit: choice for choice in choose(priced, table)}
    for item, (status, fen, lacks) in given.items():
        choice = chosen.get(benefits[item])
        if choice is None:
            rivals = [other for other in given if _excludes(table, benefits, other, item)]
            sure = [other for other in rivals if given[other][0] == _YES]
            if sure:
                yield item, 0, None, ""
            elif rivals:
                yield item, _POSSIBLE, None, given[rivals[0]][2]
        elif status != _YES:
            # Held as it is, or beaten by something sure: then it is not possible either.
            if choice.state == "not_paid":
                yield item, 0, None, ""
        elif choice.state == "held":
            rival = next(o for o in given if benefits[o] in choice.against)
            yield item, _POSSIBLE, fen, given[rival][2] or lacks
        elif choice.state == "not_paid":
            yield item, 0, None, ""
        elif choice.paid != fen:
            yield item, _YES, choice.paid, lacks


def _excludes(table: Table, benefits: Mapping[str, str], one: str, other: str) -> bool:
    """Whether one item's benefit takes the other's place whatever their amounts are."""
    row = table.between(benefits[one], benefits[other]) if one != other else None
    return row is not None and row.kind == "EXCLUDE" and row.first == benefits[one]
