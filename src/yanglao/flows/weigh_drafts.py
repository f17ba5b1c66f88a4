"""Drafts over everybody's facts: who would have what, with double payments taken out.

Only items that a draft changes are asked anew; of all others the base's answers count. People
whose answers a draft does not move keep the base's choice among benefits too. Facts stay in
columns between questions, so that a second one begins at once.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import date
from threading import Lock

import pyarrow as pa

from yanglao.domain.entitlements.public import Run, last_done_run
from yanglao.domain.people.public import load_facts
from yanglao.engines.payments.compatibility import Compatibility, Table
from yanglao.engines.payments.months import month_of
from yanglao.engines.payments.whatif import Draft
from yanglao.engines.policy.compile import Compiled, CompiledItem, compile_pack
from yanglao.engines.policy.evaluate import evaluate
from yanglao.engines.policy.outcomes import Outcome
from yanglao.engines.policy.pack import Pack
from yanglao.flows.open_pack import NoPackInForce, open_pack
from yanglao.flows.take_out_double_payments import take_out
from yanglao.foundation import snapshots
from yanglao.foundation.analytics import AnalyticSession
from yanglao.foundation.duck import within_memory
from yanglao.kernel.division import prefix

#: A month's share of what is paid by the year; what is paid once has no monthly cost.
_MONTHS = {"month": 1, "year": 12}
#: Columns of facts that every question looks at: who, where, how old, and what shifts change.
_ALWAYS = (
    "person_id",
    "place_code",
    "birth_date",
    "sex",
    "alive",
    "ability_level",
    "ltci_level",
    "disability_grade",
)
_YES, _POSSIBLE = 1, 2
#: How long an assessment holds where no catalogue is in force that says it.
_ASSESSMENT_MONTHS = 12
#: What near misses are tried with: how the facts of everybody are changed for it.
SHIFTS = {
    "year": "birth_date - INTERVAL 1 YEAR AS birth_date",
    "grade": (
        "CASE WHEN ability_level >= 0 THEN ability_level + 1 ELSE ability_level END "
        "AS ability_level, CASE WHEN ltci_level >= 0 THEN ltci_level + 1 ELSE ltci_level END "
        "AS ltci_level, CASE WHEN disability_grade > 1 THEN disability_grade - 1 "
        "ELSE disability_grade END AS disability_grade"
    ),
}


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        base: The pack that others are told against. drafts: Name to pack, in the order shown.
        as_of: The day of the facts and ages. values_day: The day whose parameters count.
        area: Only people served there.
        compatibility: Which benefits go together; ``None``: nothing is taken out.
    """

    base: Pack
    drafts: Mapping[str, Pack]
    as_of: date
    values_day: date
    area: str
    compatibility: Compatibility | None


@dataclass(slots=True)
class Weighed:
    """Everybody's outcomes for a question, in tables of the session.

    Attributes:
        changed: Name of a draft to the codes of items that it changes, adds or leaves out.
        benefits: Code of every item that was asked to its name.
        missing: ``(draft, item, facts that are missing, people)``; the base is ``""``.
        people: How many alive people of the area were looked at.
    """

    question: Question
    session: AnalyticSession
    changed: dict[str, tuple[str, ...]] = field(default_factory=dict)
    benefits: dict[str, str] = field(default_factory=dict)
    missing: list[tuple[str, str, tuple[str, ...], int]] = field(default_factory=list)
    people: int = 0

    @property
    def names(self) -> list[str]:
        """The base (``""``) and the drafts, in order: their place is their number."""
        return ["", *self.question.drafts]

    def outcomes(self, number: int) -> Draft:
        """Outcomes of a draft as the payment engine wants them; 0 is the base."""
        rows = self._table(
            f"SELECT person, item AS benefit, status, fen, missing FROM final{number}"
        )
        moved = self._table(f"SELECT person FROM moved{number}") if number else None
        return Draft(rows, {}, moved)

    def everybody(self) -> pa.Table:
        """The people: person, county (6 digits), sex, born."""
        return self._table(
            "SELECT person_id AS person, left(place_code, 6) AS county, sex, birth_date AS born "
            "FROM asked_facts"
        )

    def _table(self, query: str) -> pa.Table:
        return self.session.con.cursor().sql(query).to_arrow_table()


class _Kept:
    """The facts of the last question of this process, in columns."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.key = ""
        self.day = date.min
        self.columns: set[str] = set()
        self.session: AnalyticSession | None = None

    def forget(self) -> None:
        if self.session is not None:
            self.session.close()
        self.session, self.key, self.columns = None, "", set()


_kept = _Kept()


@contextmanager
def seen_facts(
    region: str, *, today: date, columns: Iterable[str]
) -> Iterator[tuple[AnalyticSession, date]]:
    """Give a session with everybody's ``facts``, and the day they are of.

    They are those that the last match over the region saw; without one, those of today, made from
    the statements. Those of the last question are still there. One question at a time: another
    waits.

    Args:
        region: 12-digit division. columns: Facts that rules will look at.
    """
    needed = {*_ALWAYS, *columns}
    with _kept.lock:
        run = last_done_run(region)
        key = run.facts_file if run else ""
        if not key or key != _kept.key or not needed <= _kept.columns:
            needed |= _kept.columns if key == _kept.key else set()
            _kept.forget()
            _kept.session = AnalyticSession()
            try:
                with within_memory("读取全部老人的情况", _kept.session.memory):
                    _kept.day = _load(_kept.session, region, run, today, needed)
            except BaseException:
                _kept.forget()
                raise
            _kept.key, _kept.columns = key, needed
        session = _kept.session
        if session is None:  # pragma: no cover - said for the type checker
            raise RuntimeError("no session")
        try:
            with within_memory("测算清单修订", session.memory):
                yield session, _kept.day
        finally:
            _clear(session)


def _load(
    session: AnalyticSession, region: str, run: Run | None, today: date, columns: set[str]
) -> date:
    """Make ``facts``; return the day they are of."""
    if run and snapshots.load_run(session.con, name=run.facts_file, columns=sorted(columns)):
        return run.as_of
    months = _ASSESSMENT_MONTHS
    with suppress(NoPackInForce):
        months = open_pack(today, region).assessment_months
    load_facts(session, as_of=today, region=region, assessment_valid_months=months)
    return today


def forget_facts() -> None:
    """Give the memory of kept facts back."""
    with _kept.lock:
        _kept.forget()


def _clear(session: AnalyticSession) -> None:
    """Leave only the facts in a session."""
    rows = session.con.execute(
        "SELECT table_name, table_type FROM information_schema.tables ORDER BY 1"
    ).fetchall()
    for name, kind in rows:
        if name != "facts":
            session.con.execute(f'DROP {"VIEW" if kind == "VIEW" else "TABLE"} IF EXISTS "{name}"')


def weigh(session: AnalyticSession, question: Question) -> Weighed:
    """Answer a question over the ``facts`` of a session.

    Raises:
        yanglao.engines.policy.pack.PackErrors: When a parameter has no value on the day.
    """
    con = session.con
    low = prefix(question.area)
    con.execute(
        "CREATE OR REPLACE VIEW asked_facts AS SELECT * FROM facts "
        f"WHERE starts_with(place_code, '{low}') AND alive IS NOT FALSE"
    )
    found = Weighed(question, session)
    base = _compiled(question.base, question)
    drafts = {name: _compiled(pack, question) for name, pack in question.drafts.items()}
    for name, draft in drafts.items():
        found.changed[name] = changed_items(base, draft)
    asked = _money_items([base, *drafts.values()], question.compatibility)
    asked |= {code for codes in found.changed.values() for code in codes}
    for compiled in [*drafts.values(), base]:
        found.benefits |= {c: i.name for c, i in compiled.pack.items.items() if c in asked}
    _ask(session, base, asked, "raw0")
    take_out(session, "raw0", "final0", *_relations(question))
    for number, (name, draft) in enumerate(drafts.items(), start=1):
        _weigh_draft(session, draft, found.changed[name], number, question)
    for number, name in enumerate(["", *drafts]):
        found.missing += _count_missing(session, number, name)
    row = con.execute("SELECT count(*) FROM asked_facts").fetchone()
    found.people = int(row[0]) if row else 0
    return found


def list_changes(found: Weighed, number: int) -> None:
    """Make ``who<number>``: everybody whom a draft touches, one row a person, item and kind.

    Kinds: ``gained lost raised lowered unknown`` and near misses ``year grade document``. Double
    payments are not taken out of near misses: it is told who would *qualify*.
    """
    con = found.session.con
    codes = found.changed[found.names[number]]
    con.execute(
        f"""CREATE OR REPLACE TABLE who{number} AS
        WITH a AS (SELECT * FROM final0 SEMI JOIN moved{number} USING (person)
            WHERE status = {_YES}),
        b AS (SELECT * FROM final{number} WHERE status = {_YES})
        SELECT coalesce(a.person, b.person) AS person, coalesce(a.item, b.item) AS item,
            CASE WHEN a.person IS NULL THEN 'gained' WHEN b.person IS NULL THEN 'lost'
                WHEN coalesce(b.fen, 0) > coalesce(a.fen, 0) THEN 'raised'
                ELSE 'lowered' END AS kind,
            a.fen AS before, b.fen AS after, '' AS lacks
        FROM a FULL JOIN b ON a.person = b.person AND a.item = b.item
        WHERE a.person IS NULL OR b.person IS NULL OR a.fen IS DISTINCT FROM b.fen"""
    )
    con.execute(
        f"""INSERT INTO who{number}
        SELECT person, item, CASE WHEN missing = 1 THEN 'document' ELSE 'unknown' END,
            NULL, fen, lacks
        FROM new{number} WHERE status = {_POSSIBLE}"""
    )
    compiled = _compiled(found.question.drafts[found.names[number]], found.question)
    for kind, change in SHIFTS.items():
        con.execute(
            f"CREATE OR REPLACE VIEW shifted_facts AS SELECT * REPLACE ({change}) FROM asked_facts"
        )
        _ask(found.session, compiled, set(codes), "shifted", "shifted_facts")
        con.execute(
            f"""INSERT INTO who{number}
            SELECT person, item, '{kind}', NULL, fen, '' FROM shifted s
            ANTI JOIN (SELECT person, item FROM new{number} WHERE status = {_YES}) n
                ON s.person = n.person AND s.item = n.item
            WHERE s.status = {_YES}"""
        )


def near_counts(found: Weighed, number: int) -> list[tuple[str, str, int]]:
    """Near misses of a draft: item, kind, people. ``list_changes`` was called before."""
    rows = found.session.con.execute(
        f"SELECT item, kind, count(*) FROM who{number} WHERE kind IN ('year', 'grade', 'document') "
        "GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    return [(str(item), str(kind), int(count)) for item, kind, count in rows]


def people_file(found: Weighed, path: str) -> None:
    """Write who is touched by the drafts to a Parquet file: with places, without names."""
    union = " UNION ALL ".join(
        f"SELECT {number}::TINYINT AS number, * FROM who{number}"
        for number in range(1, len(found.names))
    )
    found.session.con.execute(
        f"""COPY (SELECT w.*, f.place_code, f.sex, f.birth_date FROM ({union}) w
            JOIN asked_facts f ON f.person_id = w.person
            ORDER BY number, item, kind, place_code, person)
        TO '{path}' (FORMAT parquet, COMPRESSION zstd, USE_TMP_FILE false)"""
    )


def drafts_of(found: Weighed) -> dict[str, Draft]:
    """The outcomes by name, the base first as ``""``, for ``whatif.compare_drafts``."""
    return {name: found.outcomes(number) for number, name in enumerate(found.names)}


def columns_of(question_packs: Iterable[Pack], as_of: date, values_day: date) -> set[str]:
    """Facts that rules of packs look at."""
    return {
        name
        for pack in question_packs
        for name in compile_pack(pack, as_of, "", values_day).facts_needed
    }


def _compiled(pack: Pack, question: Question) -> Compiled:
    return compile_pack(pack, question.as_of, question.area, question.values_day)


def changed_items(base: Compiled, draft: Compiled) -> tuple[str, ...]:
    """Codes of items of which somebody may get another answer or other money."""
    before = {one.item.code: _substance(base, one) for one in base.items}
    after = {one.item.code: _substance(draft, one) for one in draft.items}
    codes = dict.fromkeys([*before, *after])
    return tuple(code for code in codes if before.get(code) != after.get(code))


def _substance(compiled: Compiled, one: CompiledItem) -> tuple[object, ...]:
    """What an item's answers and money follow from."""
    if one.item.amount is None:
        return (one.sql,)
    parameter = compiled.pack.parameters[one.item.amount.parameter]
    day = compiled.values_day
    bands = [band.name for band in parameter.bands] or [""]
    money = tuple(
        (place, band, parameter.amount_at(place, band, day))
        for place in parameter.places_on(day)
        for band in bands
    )
    edges = tuple((band.name, band.from_age, band.to_age) for band in parameter.bands)
    return (one.sql, one.item.amount.per, parameter.value_on(day), money, edges if money else ())


def _money_items(packs: Iterable[Compiled], compatibility: Compatibility | None) -> set[str]:
    """Items that end in money, and those that other money depends on."""
    known = set(compatibility.items) if compatibility else set()
    return {
        one.item.code
        for compiled in packs
        for one in compiled.items
        if one.item.amount is not None or one.item.code in known
    }


def _ask(
    session: AnalyticSession,
    compiled: Compiled,
    codes: set[str],
    into: str,
    facts: str = "asked_facts",
) -> None:
    """Make a table of answers to some items: person, item, status, fen, missing, facts."""
    con = session.con
    items = {code: item for code, item in compiled.pack.items.items() if code in codes}
    if not items:
        con.execute(
            f"CREATE OR REPLACE TABLE {into} (person BIGINT, item VARCHAR, status TINYINT, "
            "fen BIGINT, missing SMALLINT, lacks VARCHAR)"
        )
        return
    part = compile_pack(
        replace(compiled.pack, items=items),
        compiled.as_of,
        compiled.region,
        compiled.values_day,
    )
    meanings = evaluate(con, part, facts=facts, into="answers")
    _put_meanings(session, compiled.pack, meanings)
    con.execute(
        f"CREATE OR REPLACE TABLE {into} AS SELECT a.person_id AS person, a.item, a.status, "
        "m.fen, m.missing, m.lacks FROM answers a JOIN meaning m ON a.outcome_key = m.key"
    )
    con.execute("DROP TABLE answers")


def _put_meanings(session: AnalyticSession, pack: Pack, meanings: list[Outcome]) -> None:
    table = pa.table(
        {
            "key": pa.array([one.key for one in meanings], pa.string()),
            "fen": pa.array([_monthly(pack, one) for one in meanings], pa.int64()),
            "missing": pa.array([len(one.missing) for one in meanings], pa.int16()),
            "lacks": pa.array([",".join(one.missing) for one in meanings], pa.string()),
        }
    )
    session.con.register("meaning_given", table)
    session.con.execute("CREATE OR REPLACE TABLE meaning AS SELECT * FROM meaning_given")
    session.con.unregister("meaning_given")


def _monthly(pack: Pack, one: Outcome) -> int | None:
    """Fen a month."""
    amount = pack.items[one.item].amount
    months = _MONTHS.get(amount.per) if amount else None
    if one.amount_fen is None or months is None:
        return None
    return round(one.amount_fen / months)


def _weigh_draft(
    session: AnalyticSession,
    draft: Compiled,
    changed: tuple[str, ...],
    number: int,
    question: Question,
) -> None:
    """Make ``moved<number>``, whom the draft moves, and ``final<number>``, their outcomes."""
    con = session.con
    _ask(session, draft, set(changed), f"new{number}")
    codes = ", ".join(f"'{code}'" for code in changed) or "''"
    con.execute(
        f"""CREATE OR REPLACE TABLE moved{number} AS
        SELECT DISTINCT coalesce(a.person, b.person) AS person
        FROM (SELECT * FROM raw0 WHERE item IN ({codes})) a
        FULL JOIN new{number} b ON a.person = b.person AND a.item = b.item
        WHERE a.status IS DISTINCT FROM b.status OR a.fen IS DISTINCT FROM b.fen"""
    )
    con.execute(
        f"""CREATE OR REPLACE TABLE raw{number} AS
        SELECT * FROM raw0 SEMI JOIN moved{number} USING (person) WHERE item NOT IN ({codes})
        UNION ALL SELECT * FROM new{number} SEMI JOIN moved{number} USING (person)"""
    )
    take_out(session, f"raw{number}", f"final{number}", *_relations(question))


def _relations(question: Question) -> tuple[Table | None, dict[str, str]]:
    """The table of the month, and benefits by item."""
    compatibility = question.compatibility
    if compatibility is None:
        return None, {}
    return compatibility.in_force(month_of(question.values_day)), dict(compatibility.items)


def _count_missing(
    session: AnalyticSession, number: int, name: str
) -> list[tuple[str, str, tuple[str, ...], int]]:
    """Who is only possible, by what is missing; of a draft, over the base and those it moves."""
    rest = ""
    if number:
        rest = (
            f"UNION ALL SELECT item, lacks, -1 FROM final0 SEMI JOIN moved{number} USING (person) "
            f"WHERE status = {_POSSIBLE} "
            f"UNION ALL SELECT item, lacks, 1 FROM final{number} WHERE status = {_POSSIBLE}"
        )
    rows = session.con.execute(
        f"SELECT item, lacks, sum(sign)::BIGINT FROM (SELECT item, lacks, 1 AS sign FROM final0 "
        f"WHERE status = {_POSSIBLE} {rest}) GROUP BY ALL HAVING sum(sign) > 0 ORDER BY ALL"
    ).fetchall()
    return [(name, item, tuple(lacks.split(",")), count) for item, lacks, count in rows]
