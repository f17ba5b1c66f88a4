"""Random histories: spells by the fast way equal what asking on every single day says.

The slow way asks the rules on each day of the window for everybody, joins equal days, and names the
cause of an end from the facts of the two days around it. It shares nothing with the fast way but
the rules themselves and the facts of a day.
"""

import os
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.flows import population as p
from tests.flows.test_follow_benefits import approved, follow
from yanglao.domain.benefits.models import Case, FollowRun, Spell
from yanglao.domain.benefits.public import spells_of, version_code
from yanglao.domain.catalogue.models import PackVersion
from yanglao.domain.catalogue.public import source_of
from yanglao.domain.people.models import Person
from yanglao.domain.people.public import ELSEWHERE, load_facts
from yanglao.engines.policy.evaluate import evaluate
from yanglao.engines.policy.pack import Pack
from yanglao.flows.benefit_terms import version_timeline
from yanglao.flows.open_pack import open_version
from yanglao.foundation import clock
from yanglao.foundation.analytics import analytic_session
from yanglao.foundation.scoping import system_reader

FIRST, LATER, AS_OF = date(2026, 9, 1), date(2026, 10, 1), date(2026, 10, 20)
LAST = date(2026, 10, 31)
CODES = {"16a": "disability_living", "16b": "disability_care", "06": "senior_allowance"}
PEOPLE = 6
#: More by hand: YANGLAO_HISTORIES=200.
EXAMPLES = int(os.environ.get("YANGLAO_HISTORIES", "2"))

DAYS = st.dates(date(2026, 7, 20), date(2026, 11, 5))
MAYBE_DAY = st.none() | DAYS
MONTHS = st.sampled_from([date(2026, 7, 1), date(2026, 8, 1), date(2026, 9, 1), date(2026, 10, 1)])
BORN = st.one_of(
    st.just(date(1946, 9, 17)),
    st.just(date(1936, 2, 29)),
    st.dates(date(1946, 7, 25), date(1946, 11, 5)),
    st.dates(date(1966, 7, 25), date(1966, 11, 5)),
    st.just(date(1940, 1, 1)),
)
STATEMENT = st.one_of(
    st.tuples(
        st.just("assistance"),
        MONTHS,
        st.fixed_dictionaries(
            {
                "assistance": st.sampled_from(["dibao", "dibao_margin"]),
                "holds_from": MAYBE_DAY,
                "holds_to": MAYBE_DAY,
            }
        ),
    ),
    st.tuples(
        st.just("disability"),
        MONTHS,
        st.fixed_dictionaries(
            {
                "disability_grade": st.sampled_from([1, 2, 3, None]),
                "card_status": st.sampled_from(["valid", "valid", "cancelled"]),
                "needs_long_term_care": st.sampled_from([True, False, None]),
                "holds_from": MAYBE_DAY,
            }
        ),
    ),
    st.tuples(st.just("deaths"), MONTHS, st.fixed_dictionaries({"died_on": DAYS})),
    st.tuples(
        st.just("survey"),
        MONTHS,
        st.fixed_dictionaries(
            {
                "living": st.sampled_from(["alone", "institution"]),
                "residence_code": st.sampled_from(["", p.FAR, "110101001001"]),
                "holds_from": MAYBE_DAY,
            }
        ),
    ),
    st.tuples(
        st.just("household"),
        MONTHS,
        st.fixed_dictionaries(
            {"status": st.sampled_from(["moved", "dead", "normal"]), "status_on": MAYBE_DAY}
        ),
    ),
)
LIFE = st.tuples(BORN, st.lists(STATEMENT, max_size=5))
COVERED = st.lists(st.tuples(st.sampled_from(p.WITH_ABSENCE), MONTHS), max_size=4, unique=True)


def another_version(first: PackVersion, in_force_from: date) -> PackVersion:
    """The same list with more money, and an amount where none was published."""
    source = dict(source_of(first.pk))
    name = next(name for name in source if name.endswith("amounts.yaml"))
    text = source[name].replace("value: 11000", "value: 12500")
    source[name] = text.replace("value: null", "value: 6000").replace(
        "verified: false\n  note: 各县", "verified: true\n  note: 各县"
    )
    pack = Pack.from_source(source)
    there = PackVersion.objects.filter(hash=pack.hash).first()
    return there or PackVersion.objects.create(
        pack=first.pack,
        title="改过的清单",
        region_code=first.region_code,
        hash=pack.hash,
        source=source,
        in_force_from=in_force_from,
        published_at=clock.now(),
        published_by="测试",
    )


def live(number: int, life: tuple[date, list[tuple[str, date, dict[str, Any]]]]) -> Person:
    """Make a person and put the statements of his life into the tables."""
    born, told = life
    person = p.elder(number, born=born, household=False)
    p.state(person, "household", hukou_code=person.place_code, month=date(2026, 7, 1))
    for kind, month, values in told:
        more = {"hukou_code": person.place_code} if kind == "household" else {}
        p.state(person, kind, month=month, by=p.batch(month, full=False), **values, **more)
    return person


Row = tuple[int, str, str, date, date | None, bool, int | None, str]


def slow(people: list[Person]) -> set[Row]:
    """Ask on every day, join equal days."""
    found: set[Row] = set()
    timeline = version_timeline(p.REGION)
    for number, one in enumerate(timeline):
        begins = FIRST if number == 0 else LATER
        ends = LAST if number == len(timeline) - 1 else LATER - timedelta(days=1)
        days = [begins + timedelta(days=n) for n in range((ends - begins).days + 1)]
        answers = {day: asked(one.version, day, people) for day in days}
        code = version_code(one.version.hash, one.version.in_force_from)
        for person in people:
            for benefit in CODES.values():
                found |= set(joined(person.pk, benefit, code, days, answers))
    return found


def asked(version: PackVersion, day: date, people: list[Person]) -> dict[Any, Any]:
    """Answers of a day by person and benefit, and the facts of each person."""
    opened = open_version(version, day, p.REGION)
    with analytic_session() as session:
        load_facts(session, as_of=day, region=p.REGION, person_ids=[one.pk for one in people])
        facts = session.con.execute("SELECT * FROM facts").fetchall()
        names = [column[0] for column in session.con.description or ()]
        told = {row[0]: dict(zip(names, row, strict=True)) for row in facts}
        for pk, row in told.items():
            places = [row["residence_code"], row["hukou_code"], row["place_code"]]
            place = next(code for code in places if code and code != ELSEWHERE)
            session.con.execute("UPDATE facts SET place_code = ? WHERE person_id = ?", [place, pk])
        outcomes = {o.key: o for o in evaluate(session.con, opened.compiled)}
        rows = session.con.execute(
            "SELECT person_id, item, status, outcome_key FROM result"
        ).fetchall()
    found: dict[Any, Any] = {
        (pk, CODES[item]): (status, outcomes[key].tier, outcomes[key].amount_fen)
        for pk, item, status, key in rows
        if item in CODES
    }
    return found | told


def joined(
    pk: int, benefit: str, code: str, days: list[date], answers: dict[date, Any]
) -> Iterator[Row]:
    begun: date | None = None
    for number, day in enumerate(days):
        now = answers[day].get((pk, benefit))
        before = answers[days[number - 1]].get((pk, benefit)) if number else None
        if now == before and number:
            continue
        if before is not None and begun is not None:
            cause = "" if now is not None else why(answers[days[number - 1]][pk], answers[day][pk])
            yield (pk, benefit, code, begun, day, before[0] == 1, before[2], cause)
        begun = day if now is not None else None
    if begun is not None:
        now = answers[days[-1]][pk, benefit]
        yield (pk, benefit, code, begun, None, now[0] == 1, now[2], "")


def why(before: dict[str, Any], after: dict[str, Any]) -> str:
    """The cause of an end from the facts of the day before and of the day."""

    def here(facts: dict[str, Any]) -> bool:
        return any(
            (facts[name] or "").startswith("6532") for name in ("hukou_code", "residence_code")
        )

    if after["alive"] is False and before["alive"] is not False:
        return "death"
    if here(before) and not here(after):
        return "move"
    if after["living"] == "institution" and before["living"] != "institution":
        return "admission"
    grades = ("ability_level", "tekun_care", "disability_grade", "needs_long_term_care")
    if any(before[name] != after[name] for name in (*grades, "ltci_level")):
        return "grade"
    return "other"


def fast() -> set[Row]:
    """What stands in the tables."""
    rows = Spell.objects.filter(until=None).order_by("id")
    return set(
        rows.values_list(
            "person_id", "benefit", "version", "first", "end", "known", "fen", "ended_by"
        )
    )


def forget_everything() -> None:
    """Leave the tables as a test found them: examples share one transaction."""
    for model in (Spell, Case, FollowRun, Person):
        if model is FollowRun:
            from yanglao.domain.benefits.models import CaseAlert

            CaseAlert.objects.all().delete()
        model.objects.all().delete()  # type: ignore[attr-defined]
    from yanglao.domain.exchange.models import Batch
    from yanglao.domain.people.models import Coverage

    Coverage.objects.all().delete()
    Batch.objects.all().delete()


@pytest.mark.django_db
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    # An example takes seconds: what fails is told as it was found.
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    lives=st.lists(LIFE, min_size=PEOPLE, max_size=PEOPLE),
    late=st.lists(st.tuples(st.integers(0, PEOPLE - 1), STATEMENT), max_size=3),
    covered=COVERED,
)
def test_spells_are_what_asking_on_every_day_says(
    db: None, lives: list[Any], late: list[Any], covered: list[Any]
) -> None:
    """Also after facts came in late: and then what was believed before can still be read."""
    forget_everything()
    first = p.publish(in_force_from=FIRST)
    another_version(first, LATER)
    for kind, month in covered:
        p.cover((kind,), month=month)
    people = [live(number + 1, life) for number, life in enumerate(lives)]
    for person in people:
        for code in CODES:
            approved(person, code, on=date(2026, 9, 3))
    follow(AS_OF)
    assert fast() == slow(people)
    believed, moment = fast(), FollowRun.objects.order_by("-id")[0].at
    for number, (kind, month, values) in late:
        person = people[number]
        more = {"hukou_code": person.place_code} if kind == "household" else {}
        p.state(person, kind, month=month, by=p.batch(month, full=False), **values, **more)
    follow(AS_OF, people=[people[number].pk for number, _ in late])
    assert fast() == slow(people)
    then = {
        (pk.pk, *_row(one))
        for pk in people
        for one in spells_of(system_reader(), pk.pk, believed_at=moment)
    }
    assert then == believed


def _row(one: Spell) -> tuple[Any, ...]:
    return (
        *(one.benefit, one.version, one.first, one.end),
        *(one.known, one.fen, one.ended_by),
    )


@pytest.mark.django_db
def test_a_future_version_changes_no_past_month(db: None) -> None:
    """Published for October: what was said of September stays word for word."""
    forget_everything()
    first = p.publish(in_force_from=FIRST)
    p.cover()
    people = [
        p.elder(number, assistance={}, disability={"holds_from": date(2026, 9, number)})
        for number in range(1, 5)
    ]
    for person in people:
        approved(person, "16a", on=date(2026, 9, 3))
    follow(date(2026, 9, 20))
    before = fast()
    another_version(first, LATER)
    follow(date(2026, 9, 20))
    assert fast() == before
    follow(AS_OF)
    old = version_code(first.hash, first.in_force_from)
    assert {row for row in fast() if row[2] == old} == before
    new = [row for row in fast() if row[2] != old]
    assert {(row[3], row[6]) for row in new} == {(LATER, 12500)}
