"""What is known of one person's ability: the result that holds, or what may be inferred instead."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from yanglao.domain.assessments.public import (
    Assessment,
    Dispute,
    Recognition,
    RecognitionState,
    Result,
    ResultState,
    ServiceTie,
    SourceKind,
    assessments_of,
    disputes_of,
    recognitions_of,
    results_of,
    ties_of,
)
from yanglao.domain.people.public import FactLine, Person, person_facts, reachable_person
from yanglao.engines.scoring.crosswalk import (
    Crosswalk,
    Evidence,
    Inference,
    infer_ability,
    read_crosswalk,
)
from yanglao.engines.scoring.scales import in_force
from yanglao.foundation.scoping import Reader

_FOLDER = "national/assessment"
_GRADES = {1, 2, 3, 4}


@dataclass(frozen=True, slots=True)
class AbilityStatus:
    """One person's ability as of a day.

    Attributes:
        person: Whose.
        level: The level that holds by an assessment; ``None`` when none does.
        source: In words: whence the level is known.
        result: The result behind it, when it was made or taken over here.
        valid_to: Its last day, when known. assessed_on: Its day.
        inference: What is inferred where no valid assessment exists; never a result.
        open: The assessment that is under way.
        assessments, results, recognitions, disputes, ties: All there is, the newest first.
    """

    person: Person
    level: int | None
    source: str
    result: Result | None
    assessed_on: date | None
    valid_to: date | None
    inference: Inference | None
    open: Assessment | None
    assessments: tuple[Assessment, ...]
    results: tuple[Result, ...]
    recognitions: tuple[Recognition, ...]
    disputes: tuple[Dispute, ...]
    ties: tuple[ServiceTie, ...]


def ability_status(reader: Reader, person_id: int, as_of: date) -> AbilityStatus:
    """Return what is known of a person's ability; an inference only where no assessment holds.

    Raises:
        Person.DoesNotExist: When the reader may not look at the person.
    """
    person = reachable_person(reader, person_id)
    facts = {line.name: line for line in person_facts(reader, person, as_of)}
    found = results_of(reader, person)
    holding = next((one for one in found if _holds(one, as_of)), None)
    fact = facts.get("ability_level")
    level = holding.level if holding else _level(fact)
    day = holding.assessed_on if holding else _day(facts.get("assessed_on"))
    brought = recognitions_of(reader, person)
    made = assessments_of(reader, person)
    return AbilityStatus(
        person=person,
        level=level,
        source=_source(holding, fact) if level is not None else "",
        result=holding,
        assessed_on=day if level is not None else None,
        valid_to=holding.valid_to if holding else None,
        inference=_inferred(facts, brought, valid=level is not None, as_of=as_of),
        open=next((one for one in made if one.closed_on is None), None),
        assessments=tuple(made),
        results=tuple(found),
        recognitions=tuple(brought),
        disputes=tuple(disputes_of(one.pk for one in found)),
        ties=tuple(ties_of(reader, person)),
    )


def inferred_ability(
    reader: Reader, person: Person, facts: dict[str, FactLine], as_of: date
) -> Inference | None:
    """Return what may be inferred of a person's level where no list and no assessment tells it.

    Args:
        reader: Who looks. person: Whose. facts: His facts as of the day, by name.
        as_of: The day.
    """
    if _level(facts.get("ability_level")) is not None:
        return None
    brought = recognitions_of(reader, person)
    return _inferred(facts, brought, valid=False, as_of=as_of)


def _holds(result: Result, as_of: date) -> bool:
    if result.state != ResultState.FINAL or result.assessed_on > as_of:
        return False
    return result.valid_to is None or as_of <= result.valid_to


def _source(holding: Result | None, fact: FactLine | None) -> str:
    """Return in words whence a level is known that holds."""
    if holding is not None and holding.recognition is not None:
        return f"采信的外来结果：{holding.recognition.agency}"
    if holding is not None:
        return "本平台评估"
    return "" if fact is None else fact.source or fact.entered_by


def _level(fact: FactLine | None) -> int | None:
    """Return a level that a list told and that still holds on the day."""
    value = fact.value if fact is not None and fact.known else None
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else None


def _day(fact: FactLine | None) -> date | None:
    value = fact.value if fact is not None else None
    return value if isinstance(value, date) else None


def _inferred(
    facts: dict[str, FactLine], brought: list[Recognition], *, valid: bool, as_of: date
) -> Inference | None:
    """Infer from a long-term care grade, a disability card, and evidence from elsewhere."""
    table = in_force(_crosswalks(), as_of)
    if table is None:
        return None
    evidence = [
        Evidence(one.standard, one.said, one.assessed_on)
        for one in brought
        if one.state == RecognitionState.ACCEPTED and one.standard != SourceKind.GBT42195
    ]
    grade = _level(facts.get("ltci_level"))
    if grade is not None:
        evidence.append(Evidence("ltc", str(grade), _day(facts.get("ltci_assessed_on"))))
    category, degree = (
        _level(facts.get("disability_category")),
        _level(facts.get("disability_grade")),
    )
    if category and degree in _GRADES:
        evidence.append(Evidence("disability", f"{category}-{degree}", None))
    return infer_ability(table, evidence, has_valid_assessment=valid, as_of=as_of)


def _crosswalks() -> tuple[Crosswalk, ...]:
    files = sorted((Path(settings.POLICIES) / _FOLDER).glob("crosswalk-*.yaml"))
    return _read(tuple((str(file), file.stat().st_mtime_ns) for file in files))


@lru_cache(maxsize=4)
def _read(files: tuple[tuple[str, int], ...]) -> tuple[Crosswalk, ...]:
    texts = [(Path(path).read_text(encoding="utf-8"), Path(path).name) for path, _ in files]
    return tuple(read_crosswalk(text, name) for text, name in texts)
