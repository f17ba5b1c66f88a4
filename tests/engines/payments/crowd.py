"""A million invented recipients, made inside DuckDB: for figures, and for the slow comparison."""

import duckdb

_ANSWERS = """
CREATE TABLE in_answers AS
WITH p AS (SELECT range AS n, (hash(range) >> 2)::BIGINT AS h FROM range(1, {people} + 1))
SELECT n AS person, 'age' AS benefit, 'v1' AS version,
  DATE '2024-01-01' - (h % 900)::INTEGER AS first,
  CASE WHEN h % 40 = 0 THEN DATE '2024-09-01' + (h % 200)::INTEGER END AS end,
  h % 997 <> 0 AS known, [5000, 8000, 10000][1 + h % 3] AS fen, '80' AS tier,
  CASE WHEN h % 40 = 0 THEN 'move' ELSE '' END AS ended_by FROM p
UNION ALL
SELECT n, 'nursing', 'v1', DATE '2023-06-01' + (h % 500)::INTEGER, NULL, TRUE,
  [11000, 20000][1 + (h // 7) % 2], '3', '' FROM p WHERE h % 5 = 0
UNION ALL
SELECT n, 'disability', 'v1', DATE '2023-03-01', NULL, TRUE, 11000, '1', '' FROM p WHERE h % 9 = 0
UNION ALL
SELECT n, 'outside', '', DATE '2024-03-01', NULL, h % 11 <> 0, 9000, '', ''
FROM p WHERE h % 50 = 0
"""
_OTHERS = (
    "CREATE TABLE in_approvals AS SELECT person, benefit, DATE '2023-05-01' AS applied_on, "
    "DATE '2023-05-20' + (hash(person) % 60)::INTEGER AS approved_on, NULL::DATE AS revoked_on "
    "FROM in_answers WHERE benefit <> 'outside'",
    "CREATE TABLE in_suspensions AS SELECT person, benefit, DATE '2024-06-10' AS first, "
    'NULL::DATE AS "end", FALSE AS cleared FROM in_answers WHERE hash(person, benefit) % 300 = 0',
    "CREATE TABLE in_people AS SELECT range AS person, '虚构' || range AS name, "
    "'6532' || (1 + range % 8)::VARCHAR AS place, CASE WHEN hash(range, 1) % 60 = 0 THEN "
    "DATE '2024-05-01' + (hash(range) % 240)::INTEGER END AS died_on, NULL::DATE AS moved_on "
    "FROM range(1, {people} + 1)",
    "CREATE TABLE in_accounts AS SELECT range AS person, CASE WHEN hash(range, 2) % 2000 = 0 "
    "THEN 'SHARED' || range % 50 ELSE 'T' || range END AS token, NULL::DATE AS first, "
    'NULL::DATE AS "end" FROM range(1, {people} + 1) WHERE hash(range, 3) % 700 <> 0',
    "CREATE TABLE in_touched AS SELECT range AS person FROM range(1, {people} + 1) "
    "WHERE hash(range, 4) % 50 = 0",
)


def make_crowd(con: duckdb.DuckDBPyConnection, people: int) -> dict[str, str]:
    """Make the input tables; returns the engine's names of them."""
    con.execute(_ANSWERS.format(people=people))
    for query in _OTHERS:
        con.execute(query.format(people=people))
    names = ("answers", "approvals", "suspensions", "people", "accounts", "touched")
    return {name: f"in_{name}" for name in names}
