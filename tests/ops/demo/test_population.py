"""The invented people: as many, as old and as believable as the census says, and nobody's."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from yanglao.kernel.dates import whole_years
from yanglao.kernel.idnumber import IdNumber
from yanglao.ops.demo.allocation import elders_by_cell, share_out
from yanglao.ops.demo.person import Person, Population
from yanglao.ops.demo.population import make_population, until
from yanglao.ops.demo.tables import census, counties, inside, names, shape, villages

ELDERS = 4000


@pytest.fixture(scope="module")
def population() -> Population:
    """Four thousand elders and who else is on the lists."""
    return make_population(ELDERS, seed=11)


def _living(population: Population) -> list[Person]:
    day = population.as_of
    return [p for p in population.people if p.died_on is None or p.died_on >= day]


def _elders(population: Population) -> list[Person]:
    return [p for p in _living(population) if whole_years(p.born, population.as_of) >= 60]


def test_census_of_the_generator_is_that_of_the_region() -> None:
    """The eight counties add up to what the whole-region row says of 60 and over."""
    assert sum(n for (_, _, age), n in census().items() if age >= 60) == 179_082


def test_shares_are_exact_and_leave_nobody_out() -> None:
    """Largest remainder: sums are kept and nobody is off by one or more."""
    weights = {"a": 3, "b": 3, "c": 1}
    parts = share_out(10, weights)
    assert sum(parts.values()) == 10
    assert all(abs(parts[key] - 10 * weights[key] / 7) < 1 for key in weights)
    assert share_out(0, weights) == {"a": 0, "b": 0, "c": 0}


def test_ages_and_sexes_by_county_follow_the_census(population: Population) -> None:
    """Every county, sex and five-year group has its exact share of the living elders."""
    # Moves between counties come after the people are made; people keep the number's area.
    area = {county.id_area: county.code for county in counties()}
    counted: Counter[tuple[str, int]] = Counter()
    for person in _elders(population):
        group = min(85, whole_years(person.born, population.as_of) // 5 * 5)
        counted[person.sex, group] += 1
    wanted: Counter[tuple[str, int]] = Counter()
    for (_, sex, group), people in elders_by_cell(ELDERS).items():
        wanted[sex, group] += people
    assert counted == wanted
    assert len(area) == 8


def test_counties_have_their_share(population: Population) -> None:
    """Only the few who moved within the month stand in another county."""
    counted = Counter(p.county for p in _elders(population))
    wanted: Counter[str] = Counter()
    for (county, _, _), people in elders_by_cell(ELDERS).items():
        wanted[county] += people
    assert sum(abs(counted[c] - wanted[c]) for c in wanted) <= 2 * ELDERS * 0.003


def test_numbers_are_valid_unique_and_nobodys(population: Population) -> None:
    """Numbers say birth and sex, and their area part was never allotted to a county."""
    numbers = [p.id_number for p in population.people]
    assert len(set(numbers)) == len(numbers)
    for person in population.people:
        number = IdNumber(person.id_number)
        assert (number.birth_date, number.sex) == (person.born, person.sex)
        assert re.fullmatch(r"65329[1-8]|..0099", number.region), number.region


def test_telephones_follow_the_reserved_pattern(population: Population) -> None:
    """Nobody's telephone rings."""
    for person in population.people:
        told = person.survey
        for phone in (told.phone, told.contact_phone) if told else ():
            assert not phone or re.fullmatch(r"199\d{4}0000", phone)


def test_names_are_many_enough() -> None:
    """Uyghur given names of both sexes, and Han names, each once."""
    for which, least in (("uyghur_male", 120), ("uyghur_female", 100), ("han_surnames", 80)):
        assert len(names(which)) >= least
        assert len(set(names(which))) == len(names(which))


def test_minority_share_is_near_the_census(population: Population) -> None:
    """Most people of the prefecture have Uyghur names, of the city fewer."""
    share = {
        county.code: sum(p.minority for p in population.people if p.county == county.code)
        / sum(1 for p in population.people if p.county == county.code)
        for county in counties()
    }
    for county in counties():
        assert abs(share[county.code] - county.minority_percent / 100) < 0.09, county.name
    assert share["653201"] < share["653222"]
    assert all("·" in p.name for p in population.people if p.ethnic == "维吾尔族")


def test_households_hold_one_to_three_elders(population: Population) -> None:
    """People of one household share number and village."""
    homes: dict[str, list[Person]] = {}
    for person in population.people:
        homes.setdefault(person.household_no, []).append(person)
    sizes = Counter(len(home) for home in homes.values())
    assert set(sizes) == {1, 2, 3}
    # A move within the prefecture takes one person out of the house.
    shared = [h for h in homes.values() if len({p.village for p in h}) == 1]
    assert len(shared) > 0.99 * len(homes)


def test_birthdays_stand_on_both_sides_of_the_day(population: Population) -> None:
    """Somebody turns 60, 65 and 80 on the day, somebody on the day after."""
    born = {p.born for p in population.people}
    for age in (60, 65, 80):
        turning = population.as_of.replace(year=population.as_of.year - age)
        assert turning in born
        assert turning + timedelta(days=1) in born


@pytest.mark.parametrize(
    ("what", "low", "high"),
    [
        ("surveyed", 0.82, 0.88),
        ("living alone", 0.10, 0.15),
        ("dibao", 0.09, 0.17),
        ("tekun", 0.006, 0.025),
        ("card", 0.05, 0.11),
        ("outside the register", 0.004, 0.022),
        ("valid assessment of 65 and over", 0.83, 0.91),
        ("checked this year of 65 and over", 0.87, 0.93),
    ],
)
def test_shares_are_believable(population: Population, what: str, low: float, high: float) -> None:
    """Leads are to be a believable number, so shares lie where they should."""
    elders = _elders(population)
    older = [p for p in elders if whole_years(p.born, population.as_of) >= 65]
    shares = {
        "surveyed": _share(elders, lambda p: p.survey is not None),
        "living alone": _share(
            [p for p in elders if p.survey], lambda p: p.survey.living == "alone"
        ),
        "dibao": _share(elders, lambda p: any(a.kind == "dibao" for a in p.aids)),
        "tekun": _share(elders, lambda p: any(a.kind == "tekun" for a in p.aids)),
        "card": _share(elders, lambda p: p.card is not None),
        "outside the register": _share(elders, lambda p: not p.in_register),
        "valid assessment of 65 and over": _share(
            older, lambda p: any(a.assessed_on > date(2025, 11, 1) for a in p.assessments)
        ),
        "checked this year of 65 and over": _share(
            older, lambda p: any(c.checked_on >= date(2026, 1, 1) for c in p.checks)
        ),
    }
    assert low <= shares[what] <= high, shares[what]


def _share(people, holds) -> float:  # type: ignore[no-untyped-def]
    return sum(map(holds, people)) / len(people)


def test_people_live_where_their_county_is_drawn(population: Population) -> None:
    """Points lie in or close to the schematic shape of the county; no one lives in a prison."""
    for person in population.people[::7]:
        assert person.village[6] != "4"
        told = person.survey
        if told and told.lng is not None and told.lat is not None:
            near = [
                inside(ring, told.lng + dx, told.lat + dy)
                for ring in shape(person.county)
                for dx, dy in ((0, 0), (0.04, 0), (-0.04, 0), (0, 0.04), (0, -0.04))
            ]
            assert any(near), person
    assert all(village.code[6] != "4" for village in villages("653226"))


def test_same_seed_same_people_other_seed_others() -> None:
    """Nothing depends on the hour or on the order of a set."""
    assert make_population(200, 3).people == make_population(200, 3).people
    assert make_population(200, 3).people != make_population(200, 4).people


def test_a_month_changes_some_and_leaves_the_given_alone(population: Population) -> None:
    """Deaths, aid, checks, assessments and moves happen; nobody appears or vanishes."""
    before = [p.id_number for p in population.people]
    kept = make_population(ELDERS, seed=11)
    after = until(population, "2026-11")
    assert population.people == kept.people
    assert [p.id_number for p in after.people] == before
    pairs = list(zip(population.people, after.people, strict=True))
    assert (after.month, after.as_of) == ("2026-11", date(2026, 12, 1))
    for what in ("died_on", "aids", "checks", "assessments", "survey", "pension", "county"):
        changed = sum(getattr(old, what) != getattr(new, what) for old, new in pairs)
        assert 0 < changed < 0.2 * len(pairs), what
    dead = [new for old, new in pairs if new.died_on and not old.died_on]
    assert all(date(2026, 11, 1) <= p.died_on < date(2026, 12, 1) for p in dead if p.died_on)
    ended = [new for old, new in pairs if new.aids and old.aids and old.aids[-1].holds_to is None]
    assert any(p.aids[-1].holds_to for p in ended)


def test_a_month_in_its_middle_has_nothing_of_its_end(population: Population) -> None:
    """Lists handed in on the 21st know nothing of the 22nd."""
    after = until(population, "2026-11", as_of=date(2026, 11, 21))
    old = {p.id_number: p for p in population.people}
    fresh = [
        day
        for p in after.people
        for day in [
            *(made.assessed_on for made in p.assessments),
            *(check.checked_on for check in p.checks),
            *([p.died_on] if p.died_on and old[p.id_number].died_on != p.died_on else []),
        ]
    ]
    assert max(fresh) <= date(2026, 11, 20)
    assert any(day >= date(2026, 11, 1) for day in fresh)


def test_going_back_in_time_is_refused(population: Population) -> None:
    """The next list comes after the last."""
    with pytest.raises(ValueError, match="2026-10"):
        until(population, "2026-10")
