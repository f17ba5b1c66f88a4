"""A run is written whole or not at all, one after another, and repeats itself exactly."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.flows import population as p
from yanglao.domain.entitlements.models import (
    AnswerSetOutcome,
    Change,
    CurrentAnswers,
    Finding,
    Outcome,
    PastAnswers,
    Run,
    Tally,
)
from yanglao.domain.entitlements.public import latest_run
from yanglao.domain.leads.models import Lead, LeadStep
from yanglao.domain.people.models import Person
from yanglao.flows import find_entitled as flow
from yanglao.foundation import snapshots
from yanglao.foundation.scoping import system_reader

READER = system_reader(p.REGION, name="测试")

WRITTEN = (Run, CurrentAnswers, PastAnswers, Outcome, AnswerSetOutcome, Change, Tally, Lead)


def match(as_of: date = p.AS_OF) -> flow.RunSummary:
    return flow.find_entitled(region=p.REGION, as_of=as_of, acting=READER)


def standing() -> set[tuple[int, str, str]]:
    """Return what stands: person, item and the key of the answer."""
    rows = Finding.objects.order_by("id")
    return set(rows.values_list("person_id", "item__code", "outcome__key"))


def counted() -> dict[tuple[Any, ...], int]:
    found: dict[tuple[Any, ...], int] = {}
    for row in Finding.objects.select_related("outcome").order_by("id"):
        key = (row.place_code, row.item_id, row.outcome.status, bool(row.outcome.delivered))
        found[key] = found.get(key, 0) + 1
    return found


def tallied() -> dict[tuple[Any, ...], int]:
    return {
        (row.place_code, row.item_id, row.status, row.delivered): row.people
        for row in Tally.objects.filter(run=latest_run(READER)).order_by("id")
    }


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", ["leads", "facts"])
def test_killed_in_the_middle_nothing_is_left(where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    p.publish()
    p.cover()
    p.elder(1, date(1940, 3, 5), survey={})

    def dies(*_args: Any, **_kwargs: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(
            *((flow, "open_and_close") if where == "leads" else (snapshots, "keep")), dies
        )
        with pytest.raises(KeyboardInterrupt):
            match()
    assert [model.objects.count() for model in WRITTEN] == [0] * len(WRITTEN)
    summary = match()
    assert summary.yes > 0
    assert tallied() == counted()


@pytest.mark.django_db(transaction=True)
def test_what_came_in_meanwhile_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    p.publish()
    p.cover()
    person = p.elder(1, date(1950, 3, 5), survey={})
    real, times = flow.ask_alike_once, []

    def slow(*args: Any, **kwargs: Any) -> Any:
        times.append(1)
        if len(times) == 1:
            p.batch()
            p.state(person, "assistance")
        return real(*args, **kwargs)

    monkeypatch.setattr(flow, "ask_alike_once", slow)
    match()
    assert len(times) == 2
    assert "11" in {code for _person, code, _key in standing()}


@pytest.mark.django_db(transaction=True)
def test_a_run_between_reading_and_writing_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    p.publish()
    p.cover()
    person = p.elder(1, date(1950, 3, 5), survey={}, assistance={})
    match()
    real, times = flow.ask_alike_once, []

    def slow(*args: Any, **kwargs: Any) -> Any:
        times.append(1)
        if len(times) == 1:
            flow.recheck_people([person.pk], as_of=p.AS_OF, acting=READER)
        return real(*args, **kwargs)

    monkeypatch.setattr(flow, "ask_alike_once", slow)
    match()
    # The run, the look at one person inside it, and the run again.
    assert len(times) == 3
    assert tallied() == counted()


@pytest.mark.django_db(transaction=True)
def test_an_untouched_run_takes_the_facts_of_the_last(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connection

    from yanglao.flows import load_seen_facts as seen

    p.publish()
    p.cover()
    person = p.elder(1, date(1950, 3, 5), survey={}, assistance={})
    real, times = seen.load_facts, []

    def counting(*args: Any, **kwargs: Any) -> int:
        times.append(1)
        return real(*args, **kwargs)

    monkeypatch.setattr(seen, "_program", lambda: "this")
    monkeypatch.setattr(seen, "load_facts", counting)
    match()
    before = standing()
    match()
    known = connection.vendor == "sqlite"
    assert len(times) == (1 if known else 2)
    assert standing() == before
    # A single value changed by anybody, by whatever way, is seen.
    Person.objects.filter(pk=person.pk).update(birth_date=date(1940, 3, 5))
    match()
    assert len(times) == (2 if known else 3)
    assert "06" in {code for _person, code, _key in standing()}
    match(date(2026, 11, 2))
    assert len(times) == (3 if known else 4)


@pytest.mark.django_db
def test_the_same_data_gives_the_same_answers() -> None:
    p.publish()
    p.cover()
    for number in range(1, 9):
        p.elder(number, date(1930 + 4 * number, 3, 5), survey={"living": "alone"})
    match()
    before = standing()
    Run.objects.update(compared_with=None)
    for model in (LeadStep, Lead, Change, PastAnswers, CurrentAnswers, Tally):
        model.objects.all().delete()
    Run.objects.all().delete()
    match()
    assert standing() == before


_CHANGES = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(
            [
                ("assistance", {"assistance": "dibao"}),
                ("assistance", {"assistance": "tekun", "support_mode": "central"}),
                ("disability", {"disability_grade": 1}),
                ("disability", {"disability_grade": 3}),
                ("assessment", {"ability_level": 0}),
                ("assessment", {"ability_level": 4}),
                ("survey", {"living": "alone"}),
                ("survey", {"living": "institution"}),
                ("pension", {"pension_status": "unclaimed"}),
                ("pension", {"pension_status": "normal"}),
                ("deaths", {}),
                ("move", {}),
                ("forget", {}),
            ]
        ),
        st.booleans(),
    ),
    min_size=1,
    max_size=6,
)


@pytest.mark.django_db
@pytest.mark.slow
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(changes=_CHANGES)
def test_steps_and_a_fresh_start_agree(changes: list[Any], django_db_blocker: Any) -> None:
    """Whatever changes, what stands is what a run from nothing finds; tallies are its counts."""
    from django.db import transaction

    with transaction.atomic():
        p.publish()
        p.cover()
        people = [
            p.elder(n, date(1938 + n * 4, 3, 5), place=(p.VILLAGE, p.FAR)[n % 2])
            for n in range(1, 5)
        ]
        match()
        for who, (kind, values), whole in changes:
            _apply(people[who], kind, values)
            if whole:
                match()
            else:
                flow.recheck_people([people[who].pk], as_of=p.AS_OF, acting=READER)
            assert tallied() == counted()
        stepwise = standing()
        for model in (LeadStep, Lead, Change, PastAnswers, CurrentAnswers, Tally):
            model.objects.all().delete()
        Run.objects.update(compared_with=None)
        Run.objects.all().delete()
        match()
        assert standing() == stepwise
        transaction.set_rollback(True)


def _apply(person: Person, kind: str, values: dict[str, Any]) -> None:
    if kind == "move":
        place = p.FAR if person.place_code == p.VILLAGE else p.VILLAGE
        person.place_code = place
        person.save(update_fields=["place_code"])
    elif kind == "forget":
        for one in ("assistance", "disability", "survey"):
            p.forget(person, one)
    else:
        p.state(person, kind, **values)
