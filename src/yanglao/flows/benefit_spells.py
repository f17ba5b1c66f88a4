"""Spells: what the catalogue gives to people with an approval, day by day, version by version.

Facts are constant between the days on which they can turn (``people.load_turning_days``), so it is
enough to ask on these days. Everybody is asked on days that turn for all (lists, versions,
parameters). Between two of those a person's answer holds from one day of his own until the next, so
that any day between will do: as few days are asked about as have one in everybody's every stretch.
The slow way (every day for everybody) gives the same: ``tests/flows/test_benefit_histories.py``.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from yanglao.domain.people.public import (
    ELSEWHERE,
    facts_on,
    forget_statements,
    keep_statements,
    load_turning_days,
    months_of_lists,
)
from yanglao.engines.payments.months import first_day, last_day, month_of
from yanglao.engines.policy import rules
from yanglao.engines.policy.compile import Compiled
from yanglao.engines.policy.evaluate import evaluate
from yanglao.engines.policy.parameters import Dated, Parameter
from yanglao.flows.benefit_terms import BenefitTerms
from yanglao.flows.open_pack import OpenPack, item_rule, open_version
from yanglao.foundation.analytics import AnalyticSession
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.staging import put_rows
from yanglao.kernel.division import prefix

#: Up to so many people are looked up by their numbers; above that the whole region is read.
FEW = 10_000
_ASSESSED = "assessed_on"
_DAY = timedelta(days=1)
#: Kinds that money seldom hangs on, with all facts that follow from them.
_SELDOM = {
    "health": {"health_checked_on", "dementia"},
    "veterans": {"special_contribution"},
    "relief": {"in_relief"},
}
#: What a grade is: a change of one of these that ends a benefit is a change of grade.
_GRADES = (
    *("ability_level", "tekun_care", "disability_grade", "needs_long_term_care", "ltci_level"),
)


@dataclass(frozen=True, slots=True)
class _Window:
    """A version and the days it decides, both included."""

    code: str
    first: date
    last: date


def make_spells(
    session: AnalyticSession,
    terms: BenefitTerms,
    *,
    as_of: date,
    people: Sequence[int] | None,
    report: Progress = silent,
) -> None:
    """Make ``next_spells`` for the pairs of ``follow_pairs`` (person, benefit).

    The last day asked about is the end of the month of ``as_of``: whoever turns 80 on the 25th is
    seen in the month's run. What lies after it has no end yet.

    Args:
        people: The people of the pairs when they are few, else ``None``.
    """
    con = session.con
    con.execute(
        "CREATE TABLE next_spells (person BIGINT, benefit VARCHAR, version VARCHAR, first DATE, "
        '"end" DATE, known BOOLEAN, fen BIGINT, tier VARCHAR, ended_by VARCHAR)'
    )
    horizon = last_day(month_of(as_of))
    listed = people if people is not None and len(people) <= FEW else None
    # Read once: everybody is asked about dozens of days.
    keep_statements(session, region=terms.region, person_ids=listed)
    windows = list(_windows(terms, horizon))
    for number, (window, opened) in enumerate(windows):
        report(number, len(windows), "按每个版本核对每位领取人的情况")
        asker = _Asker(session, terms, opened, window, listed)
        asker.ask()
        con.execute(_SPELLS, {"version": window.code})
        con.execute("DROP TABLE seen")
        con.execute("DROP TABLE points")
    forget_statements(session)


def _windows(terms: BenefitTerms, horizon: date) -> Iterator[tuple[_Window, OpenPack]]:
    """The versions in force up to the horizon, with the days that each decides."""
    following = [first_day(one.first_month) for one in terms.versions[1:]] + [date.max]
    for one, after in zip(terms.versions, following, strict=True):
        first = first_day(one.first_month)
        last = min(horizon, after - _DAY)
        if first <= last:
            opened = open_version(one.version, first, terms.region)
            yield _Window(one.code, first, last), opened


class _Asker:
    """Asks one version about everybody on the days on which something can turn."""

    def __init__(
        self,
        session: AnalyticSession,
        terms: BenefitTerms,
        opened: OpenPack,
        window: _Window,
        people: Sequence[int] | None,
    ) -> None:
        self.session, self.con = session, session.con
        self.terms, self.opened, self.window = terms, opened, window
        self.people = people
        self.money = {
            code: terms.benefit_of(code) for code in opened.pack.items if terms.benefit_of(code)
        }

    def ask(self) -> None:
        """Make ``seen`` (facts that tell causes) and ``points`` (answers), by person and day."""
        self.con.execute(
            "CREATE TABLE seen (person BIGINT, day DATE, alive BOOLEAN, here BOOLEAN, "
            "institution BOOLEAN, grade VARCHAR)"
        )
        self.con.execute(
            "CREATE TABLE points (person BIGINT, day DATE, benefit VARCHAR, status TINYINT, "
            "tier VARCHAR, fen BIGINT)"
        )
        load_turning_days(
            self.session,
            first=self.window.first,
            last=self.window.last,
            region=self.terms.region,
            person_ids=self.people,
            ages=self._ages(),
            terms=self._terms(),
            without=self._kinds_not_asked(),
        )
        days = self._days_of_all()
        for day, after in zip(days, [*days[1:], self.window.last + _DAY], strict=True):
            self._ask_on(day)
            self._ask_between(day, after)
        self.con.execute("DROP TABLE turning")

    def _ask_between(self, day: date, after: date) -> None:
        """Ask whoever has days of his own after ``day`` and before ``after``.

        From one day of his own until the next (or ``after``) nothing turns for a person: any day
        of that stretch will do. So few days are chosen that every stretch has one of them.
        """
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE stretches AS SELECT t.person_id, t.day, "
            f"coalesce(lead(t.day) OVER own, DATE '{after}') AS until FROM turning AS t "
            "WHERE t.person_id IN (SELECT person FROM follow_people) "
            f"AND t.day > DATE '{day}' AND t.day < DATE '{after}' "
            "WINDOW own AS (PARTITION BY t.person_id ORDER BY t.day)"
        )
        found = self.con.execute("SELECT DISTINCT day, until FROM stretches ORDER BY until, day")
        probes = _days_in_all(found.fetchall())
        put_rows(self.con, "probes", {"probe": "DATE"}, [(one,) for one in probes])
        self.con.execute(
            "CREATE OR REPLACE TEMP TABLE stabbed AS SELECT s.person_id, s.day, p.probe "
            "FROM stretches AS s ASOF JOIN probes AS p ON s.day <= p.probe"
        )
        for probe in probes:
            self.con.execute(
                "CREATE OR REPLACE TEMP TABLE told AS SELECT person_id, day FROM stabbed "
                f"WHERE probe = DATE '{probe}'"
            )
            self._ask_on(probe, told_of="told")
        self.con.execute("DROP TABLE probes; DROP TABLE stabbed; DROP TABLE stretches")

    def _days_of_all(self) -> list[date]:
        """Days on which something turns for everybody of a place."""
        first, last = self.window.first, self.window.last
        found = {first, *months_of_lists(first, last), *self._days_of_parameters()}
        if any(isinstance(leaf, rules.SameYear) for leaf in self._leaves()):
            found |= {date(year, 1, 1) for year in range(first.year, last.year + 1)}
        return sorted(day for day in found if first <= day <= last)

    def _days_of_parameters(self) -> set[date]:
        """First days of all values of the pack's parameters."""
        return {
            dated.first
            for parameter in self.opened.pack.parameters.values()
            for dated in _values(parameter)
        }

    def _leaves(self) -> list[rules.Leaf]:
        compiled = _money_only(self.opened.compiled, self.money)
        return [leaf for one in compiled.items for leaf in one.leaves]

    def _ages(self) -> set[int]:
        """Ages at which the rules of this version turn, on any day it decides."""
        found: set[int] = set()
        for day in {self.window.first, self.window.last, *self._days_of_parameters()}:
            if self.window.first <= day <= self.window.last:
                opened = open_version(self.opened.version, day, self.terms.region)
                for one in _money_only(opened.compiled, self.money).items:
                    found |= set(item_rule(opened.compiled, one, 0).ages)
        return found

    def _terms(self) -> set[tuple[str, int]]:
        """Facts that are days, with the months after which they no longer count."""
        found = {(_ASSESSED, self.opened.assessment_months)}
        for leaf in self._leaves():
            if isinstance(leaf, rules.Recent) and isinstance(leaf.months, rules.Literal):
                found.add((leaf.fact, int(str(leaf.months.value))))
        return found

    def _kinds_not_asked(self) -> set[str]:
        """Kinds of list whose facts no money rule looks at: their days turn nothing."""
        compiled = _money_only(self.opened.compiled, self.money)
        texts = [compiled.columns[name] for one in compiled.items for name in one.columns]
        words = set(re.findall(r"\w+", " ".join(texts)))
        words |= {name for one in compiled.items for name in one.exact}
        return {kind for kind, facts in _SELDOM.items() if words.isdisjoint(facts)}

    def _ask_on(self, day: date, *, told_of: str = "") -> None:
        """Add what the version says on a day of all wanted people.

        Args:
            told_of: Table of person_id and day: only these are asked about, and the answers are
                noted for that day instead.
        """
        said, join, among = f"DATE '{day}'", "", "follow_people"
        if told_of:
            said, join = "told.day", f"JOIN {told_of} AS told ON told.person_id = own.person_id"
            among = f"(SELECT person_id AS person FROM {told_of})"
        opened = open_version(self.opened.version, day, self.terms.region)
        facts_on(
            self.session,
            as_of=day,
            among=among,
            assessment_valid_months=opened.assessment_months,
        )
        # Where the person was served on that day, not where he is served now.
        self.con.execute(_PLACE_OF_DAY)
        compiled = _money_only(opened.compiled, self.money)
        found = evaluate(self.con, compiled)
        rows = [(o.key, self.money[o.item], o.tier, o.amount_fen) for o in found]
        columns = {"key": "VARCHAR", "benefit": "VARCHAR", "tier": "VARCHAR", "fen": "BIGINT"}
        put_rows(self.con, "meaning", columns, rows)
        self.con.execute(
            f"INSERT INTO points SELECT own.person_id, {said}, m.benefit, own.status, m.tier, "
            f"m.fen FROM result AS own JOIN meaning AS m ON m.key = own.outcome_key {join}"
        )
        grade = ", ".join(f"coalesce(CAST({name} AS VARCHAR), '?')" for name in _GRADES)
        low = prefix(self.terms.region)
        self.con.execute(
            f"INSERT INTO seen SELECT own.person_id, {said}, alive, "
            f"coalesce(starts_with(hukou_code, '{low}'), FALSE) "
            f"OR coalesce(starts_with(residence_code, '{low}'), FALSE), "
            f"living = 'institution', concat_ws('|', {grade}) FROM facts AS own {join}"
        )
        for table in ("facts", "result", "meaning"):
            self.con.execute(f"DROP TABLE {table}")


_PLACE_OF_DAY = f"""
    UPDATE facts SET place_code = CASE
        WHEN residence_code <> '' AND residence_code <> '{ELSEWHERE}' THEN residence_code
        WHEN hukou_code <> '' AND hukou_code <> '{ELSEWHERE}' THEN hukou_code
        ELSE place_code END"""


def _days_in_all(stretches: Iterable[tuple[date, date]]) -> list[date]:
    """Return the fewest days of which every stretch has one.

    Args:
        stretches: First day, and the day after the last; by the latter.
    """
    found: list[date] = []
    for first, until in stretches:
        # Ends come in order: a day chosen before lies in this stretch unless it begins later.
        if not found or found[-1] < first:
            found.append(until - _DAY)
    return found


def _values(parameter: Parameter) -> Iterator[Dated]:
    yield from parameter.values
    for row in parameter.rows:
        yield from row.values


def _money_only(compiled: Compiled, money: Collection[str]) -> Compiled:
    """The same pack, asked about its money items alone."""
    kept = [one for one in compiled.items if one.item.code in money]
    items = tuple(replace(one, position=number) for number, one in enumerate(kept))
    return replace(compiled, items=items)


#: Islands of equal answers; an end before a no has its cause from what turned on that day.
_SPELLS = """
    INSERT INTO next_spells
    WITH state AS (
        SELECT s.person, p.benefit, s.day, coalesce(a.status, 0) AS status, a.tier, a.fen,
            s.alive, s.here, s.institution, s.grade
        FROM seen AS s JOIN follow_pairs AS p ON p.person = s.person
        LEFT JOIN points AS a
            ON a.person = s.person AND a.day = s.day AND a.benefit = p.benefit),
    marked AS (
        SELECT *,
            lag(status) OVER before AS old_status, lag(tier) OVER before AS old_tier,
            lag(fen) OVER before AS old_fen,
            CASE
                WHEN alive IS FALSE AND lag(alive) OVER before IS DISTINCT FROM FALSE THEN 'death'
                WHEN NOT here AND lag(here) OVER before THEN 'move'
                WHEN institution AND lag(institution) OVER before IS DISTINCT FROM TRUE
                    THEN 'admission'
                WHEN grade IS DISTINCT FROM lag(grade) OVER before THEN 'grade'
                ELSE 'other' END AS cause
        FROM state WINDOW before AS (PARTITION BY person, benefit ORDER BY day)),
    turns AS (
        SELECT *, lead(day) OVER later AS next_day, lead(status) OVER later AS next_status,
            lead(cause) OVER later AS next_cause
        FROM marked
        WHERE old_status IS NULL OR status <> old_status
            OR tier IS DISTINCT FROM old_tier OR fen IS DISTINCT FROM old_fen
        WINDOW later AS (PARTITION BY person, benefit ORDER BY day))
    SELECT person, benefit, $version, day, next_day, status = 1, fen, coalesce(tier, ''),
        CASE WHEN next_status = 0 THEN next_cause ELSE '' END
    FROM turns WHERE status > 0"""
