"""Which pairs of row and person are looked at at all.

A row meets everybody whose name sounds the same and who was born on its day, or nearly; everybody
born on its day whose name begins or ends alike, and of its town whatever the name; everybody of its
village (of its town, when it tells no birth date) whose name sounds the same; and those whom a
telephone, a household or a number one slip away has found. Each is a join by equality: a million
people are no square.
"""

import duckdb

#: A row meets at most so many people of each kind: with more, none of them can be told apart.
_MOST = 40

# claims (n, fold, sound, sex, born, place as a prefix, digits), alike (id, fold, sound, sex, born,
# place, hukou, lives), hints (n, id)
_PAIRS = f"""
    CREATE TABLE pairs AS
    WITH
    by_sound_and_day AS (
        SELECT c.n, p.id FROM claims AS c JOIN alike AS p
            ON p.sound = c.sound AND p.born = c.born),
    by_sound_and_year AS (
        SELECT c.n, p.id FROM claims AS c JOIN alike AS p
            ON p.sound = c.sound AND year(p.born) = year(c.born)
        WHERE p.born <> c.born AND (
            month(p.born) = month(c.born)
            OR hamming(strftime(p.born, '%m%d'), strftime(c.born, '%m%d')) = 1
            OR month(p.born) = day(c.born) AND day(p.born) = month(c.born))),
    by_sound_and_date AS (
        SELECT c.n, p.id FROM claims AS c JOIN alike AS p
            ON p.sound = c.sound AND month(p.born) = month(c.born) AND day(p.born) = day(c.born)
        WHERE year(p.born) <> year(c.born)
            AND hamming(year(p.born)::VARCHAR, year(c.born)::VARCHAR) = 1),
    by_day_and_beginning AS (
        SELECT c.n, p.id FROM claims AS c JOIN alike AS p
            ON p.born = c.born AND left(p.sound, 2) = left(c.sound, 2)
        WHERE p.sound <> c.sound AND abs(length(p.sound) - length(c.sound)) <= 2),
    by_day_and_end AS (
        SELECT c.n, p.id FROM claims AS c JOIN alike AS p
            ON p.born = c.born AND right(p.sound, 2) = right(c.sound, 2)
        WHERE p.sound <> c.sound AND abs(length(p.sound) - length(c.sound)) <= 2),
    by_day_and_town AS (
        SELECT c.n, p.id FROM claims AS c JOIN alike AS p
            ON p.born = c.born AND left(p.place, 9) = left(c.place, 9)
        WHERE length(c.place) >= 9),
    by_day_and_home AS (
        SELECT c.n, p.id FROM claims AS c JOIN alike AS p
            ON p.born = c.born AND left(p.hukou, 9) = left(c.place, 9)
        WHERE length(c.place) >= 9),
    by_sound_and_town AS (
        SELECT c.n, p.id FROM claims AS c JOIN alike AS p
            ON p.sound = c.sound AND left(p.place, 9) = left(c.place, 9)
        WHERE length(c.place) >= 9 AND (c.born IS NULL OR p.place = c.place)),
    by_sound_and_home AS (
        SELECT c.n, p.id FROM claims AS c JOIN alike AS p
            ON p.sound = c.sound AND left(p.hukou, 9) = left(c.place, 9)
        WHERE length(c.place) >= 9 AND (c.born IS NULL OR p.hukou = c.place)),
    by_sound_alone AS (
        SELECT c.n, p.id FROM claims AS c JOIN alike AS p
            ON p.sound = c.sound AND left(p.place, 6) = left(c.place, 6)
        WHERE length(c.place) = 6 AND c.born IS NULL
        QUALIFY count(*) OVER (PARTITION BY c.n) <= {_MOST}),
    near AS (
        SELECT n, id FROM by_sound_and_town UNION SELECT n, id FROM by_sound_and_home)
    SELECT n, id FROM by_sound_and_day UNION SELECT n, id FROM by_sound_and_year
    UNION SELECT n, id FROM by_sound_and_date
    UNION SELECT n, id FROM by_day_and_beginning UNION SELECT n, id FROM by_day_and_end
    UNION SELECT n, id FROM by_day_and_town UNION SELECT n, id FROM by_day_and_home
    UNION (SELECT n, id FROM near QUALIFY count(*) OVER (PARTITION BY n) <= {_MOST})
    UNION SELECT n, id FROM by_sound_alone
    UNION SELECT h.n, h.id FROM hints AS h JOIN alike AS p ON p.id = h.id"""  # noqa: S608 - own words


def block_pairs(con: duckdb.DuckDBPyConnection) -> int:
    """Make the table ``pairs`` (n, id); return how many there are.

    Reads ``claims``, ``alike`` and ``hints`` of the connection.
    """
    con.execute(_PAIRS)
    counted = con.execute("SELECT count(*) FROM pairs").fetchall()
    return int(counted[0][0])


def people_to_compare(con: duckdb.DuckDBPyConnection) -> list[int]:
    """Return, in order, the people in ``pairs`` whose number a row has something to hold against.

    The others' numbers say nothing about a pair and need not be opened.
    """
    rows = con.execute(
        "SELECT DISTINCT p.id FROM pairs AS p JOIN claims AS c ON c.n = p.n "
        "WHERE c.digits <> '' ORDER BY p.id"
    ).fetchall()
    return [pk for (pk,) in rows]
