"""Drafts weighed by the million way, beside one person at a time in plain Python."""

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from tests.engines.policy.interpreter import truth_of
from tests.engines.policy.oracle import years
from tests.engines.policy.people import invent_people
from yanglao.engines.payments.choosing import Claim, choose
from yanglao.engines.payments.compatibility import Compatibility, load_compatibility
from yanglao.engines.payments.months import month_of
from yanglao.engines.policy import rules
from yanglao.engines.policy.pack import Pack, read_source
from yanglao.engines.policy.people import make_facts
from yanglao.engines.policy.redraft import lay_changes
from yanglao.flows.weigh_drafts import Question, Weighed, list_changes, near_counts, weigh
from yanglao.foundation.analytics import AnalyticSession

POLICIES = Path(__file__).resolve().parents[2] / "policies"
TODAY, NEXT = date(2026, 11, 1), date(2027, 1, 1)
REGION = "653200000000"
SOURCE = read_source("hetian", POLICIES)
FROM = {"from": "2027-01-01", "document": "会议", "article": "一"}
DRAFTS = {
    "75": {
        "value:advanced_age": FROM | {"value": 75},
        "band:senior_allowance:75-79": {"from_age": 75, "to_age": 79},
        "amount:senior_allowance:653222:75-79": FROM | {"value": 5000},
        "amount:senior_allowance:653222:80-89": FROM | {"value": 8000},
    },
    "level": {
        "fact:cannot_care_for_self": {
            "label": "生活不能自理",
            "rule": "ability_level >= 2 OR tekun_care = 'full'",
            "clause": "会议",
        },
        "money:09": {"label": "护理补贴", "per": "month"},
        "amount:allowance_09:6532:": FROM | {"value": 20000},
    },
    "less": {"value:disability_allowance": FROM | {"value": 5000}, "off:12": True},
}
Answer = tuple[int, int | None]


@pytest.fixture(scope="module")
def packs() -> dict[str, Pack]:
    """The base as ``""`` and the drafts."""
    found = {"": Pack.from_source(SOURCE)}
    for name, changes in DRAFTS.items():
        found[name] = Pack.from_source(lay_changes(SOURCE, changes, "hetian", NEXT))
    return found


@pytest.fixture(scope="module")
def compatibility() -> Compatibility:
    """What goes together in Hetian."""
    return load_compatibility("hetian", POLICIES)


def one_by_one(
    pack: Pack, facts: Mapping[str, object], compatibility: Compatibility
) -> dict[str, Answer]:
    """Status and fen a month of every item with money, for one person."""
    values = pack.values_on(NEXT)
    answers: dict[str, Answer] = {}
    for code, item in pack.items.items():
        if item.amount is None and code not in compatibility.items:
            continue
        truth = truth_of(rules.resolve(item.rule, values), facts, TODAY).value
        if truth is not False:
            answers[code] = (1 if truth else 2, _fen(pack, code, facts))
    table = compatibility.in_force(month_of(NEXT))
    assert table is not None
    benefits = {code: compatibility.items[code] for code in answers if code in compatibility.items}
    priced = [
        Claim(benefits[code], answers[code][0] == 1, answers[code][1])
        for code in benefits
        if answers[code][0] == 2 or answers[code][1] is not None
    ]
    sure = any(answers[code][0] == 1 for code in benefits)
    if len(benefits) < 2 or not sure:
        return answers
    chosen = {choice.benefit: choice for choice in choose(priced, table)}
    found = {code: answer for code, answer in answers.items() if code not in benefits}
    for code, benefit in benefits.items():
        status, fen = answers[code]
        choice = chosen.get(benefit)
        if choice is None:
            rows = [(other, table.between(benefit, benefits[other])) for other in benefits]
            beats = [
                o
                for o, r in rows
                if r and r.kind == "EXCLUDE" and r.first == benefits[o] and o != code
            ]
            if any(answers[other][0] == 1 for other in beats):
                continue
            found[code] = (2, None) if beats else (1, None)
        elif choice.state == "not_paid":
            continue
        elif status == 2:
            found[code] = (2, fen)
        else:
            found[code] = (2, fen) if choice.state == "held" else (1, choice.paid)
    return found


def _fen(pack: Pack, code: str, facts: Mapping[str, object]) -> int | None:
    amount = pack.items[code].amount
    if amount is None:
        return None
    parameter = pack.parameters[amount.parameter]
    if not parameter.is_table:
        return int(str(parameter.value_on(NEXT)))
    born, place = facts.get("birth_date"), str(facts.get("place_code") or "")
    age = years(born, TODAY) if isinstance(born, date) else -1
    if not parameter.bands:
        return parameter.amount_at(place, "", NEXT)
    for band in parameter.bands:
        if band.from_age <= age and (band.to_age is None or age <= band.to_age):
            return parameter.amount_at(place, band.name, NEXT)
    return None


@pytest.fixture(scope="module")
def people(packs: dict[str, Pack]) -> list[dict[str, object]]:
    """Invented people of every kind, all served in 墨玉县 or 和田市."""
    found = []
    for number, person in enumerate(invent_people(packs[""].vocabulary, 1500, TODAY, 7), 1):
        place = "653222100200" if number % 3 else "653201001001"
        found.append({**person, "person_id": number, "place_code": place})
    return found


def weighed(
    session: AnalyticSession,
    packs: dict[str, Pack],
    people: list[dict[str, object]],
    compatibility: Compatibility,
    area: str = REGION,
) -> Weighed:
    """Weigh the drafts over the people."""
    make_facts(session.con, packs[""].vocabulary, people, as_of=TODAY)
    drafts = {name: pack for name, pack in packs.items() if name}
    return weigh(session, Question(packs[""], drafts, TODAY, NEXT, area, compatibility))


def final(found: Weighed, number: int) -> dict[int, dict[str, Answer]]:
    """Everybody's answers under a draft: the base's but for those whom it moves."""
    con = found.session.con
    moved = f"ANTI JOIN moved{number} USING (person)" if number else ""
    rows = con.execute(f"SELECT person, item, status, fen FROM final0 {moved}").fetchall()
    if number:
        rows += con.execute(f"SELECT person, item, status, fen FROM final{number}").fetchall()
    answers: dict[int, dict[str, Answer]] = {}
    for person, item, status, fen in rows:
        assert item not in answers.setdefault(person, {})
        answers[person][item] = (status, fen)
    return answers


def test_the_same_as_one_by_one(
    packs: dict[str, Pack], people: list[dict[str, object]], compatibility: Compatibility
) -> None:
    """Every person's every answer, under the base and each of three drafts."""
    session = AnalyticSession()
    found = weighed(session, packs, people, compatibility)
    alive = [person for person in people if person.get("alive") is not False]
    assert found.people == len(alive) and len(alive) > 1000
    assert found.changed["level"] == ("09",) and found.changed["75"] == ("06",)
    assert set(found.changed["less"]) == {"12", "16a", "16b"}
    for number, name in enumerate(found.names):
        fast = final(found, number)
        for person in alive:
            slow = one_by_one(packs[name], person, compatibility)
            told = {
                code: (status, fen if status == 1 else None)
                for code, (status, fen) in fast.get(int(str(person["person_id"])), {}).items()
            }
            want = {code: (s, fen if s == 1 else None) for code, (s, fen) in slow.items()}
            assert told == want, (name, person)
    session.close()


def test_who_gains_and_who_is_just_outside(
    packs: dict[str, Pack], people: list[dict[str, object]], compatibility: Compatibility
) -> None:
    """Lists and near misses are what asking everybody older, or one grade worse, says."""
    session = AnalyticSession()
    found = weighed(session, packs, people, compatibility)
    list_changes(found, 1)
    gained = {
        row[0]
        for row in session.con.execute(
            "SELECT person FROM who1 WHERE kind = 'gained' AND item = '06'"
        ).fetchall()
    }
    want, near = set(), 0
    for person in people:
        if person.get("alive") is False:
            continue
        before, after = (
            one_by_one(packs[name], person, compatibility).get("06", (0, None))[0]
            for name in ("", "75")
        )
        if before != 1 and after == 1:
            want.add(person["person_id"])
        born = person.get("birth_date")
        if after != 1 and isinstance(born, date):
            try:
                older = {**person, "birth_date": born.replace(year=born.year - 1)}
            except ValueError:
                older = {**person, "birth_date": date(born.year - 1, 2, 28)}
            near += one_by_one(packs["75"], older, compatibility).get("06", (0,))[0] == 1
    assert gained == want and len(want) > 10
    counts = {(item, kind): count for item, kind, count in near_counts(found, 1)}
    assert counts["06", "year"] == near > 0
    session.close()


def test_only_the_area_is_counted(
    packs: dict[str, Pack], people: list[dict[str, object]], compatibility: Compatibility
) -> None:
    """A county's question does not see the others."""
    session = AnalyticSession()
    found = weighed(session, packs, people, compatibility, area="653201000000")
    alive = [p for p in people if p.get("alive") is not False]
    here = {p["person_id"] for p in alive if str(p["place_code"]).startswith("653201")}
    assert found.people == len(here)
    assert set(final(found, 1)) <= here
    session.close()
