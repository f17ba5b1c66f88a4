"""What is true about everybody on a day, written down independently of the platform.

Told by the definitions of the lists alone, so that a test can hold the platform's facts against it.
In the file an empty cell is unknown and ``none`` is known to have none (but of a supporter it is
the answer 无); dates are ISO, yes and no are ``true`` and ``false``. `doubtful_kinds` names the
lists whose row of the person cannot be taken in as it stands: what such a list would say is the
platform's to leave open.
"""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from pathlib import Path

from yanglao.kernel.dates import anniversary
from yanglao.ops.demo.person import Person

NONE = "none"
ELSEWHERE = "elsewhere"
TRUTH_COLUMNS = (
    "id_number",
    "name",
    "sex",
    "birth_date",
    "county",
    "in_register",
    "alive",
    "hukou_code",
    "residence_code",
    "household_id",
    "marital",
    "pension_kind",
    "pension_status",
    "assistance",
    "support_mode",
    "tekun_care",
    "disability_category",
    "disability_grade",
    "needs_long_term_care",
    "health_checked_on",
    "dementia",
    "ltci_insured",
    "ltci_level",
    "ltci_receiving",
    "ltci_assessed_on",
    "special_contribution",
    "ability_level",
    "assessed_on",
    "living",
    "supporter",
    "family_planning_special",
    "in_relief",
    "doubtful_kinds",
)
Fact = str | int | bool | date | None


def facts_of(person: Person, as_of: date) -> dict[str, Fact]:
    """Return every fact of a person on a day; None is unknown, ``none`` known to have none."""
    told_dead = person.status == "dead" and not (person.status_on and person.status_on > as_of)
    gone = person.died_on is not None and person.died_on <= as_of
    facts: dict[str, Fact] = {
        "id_number": person.id_number,
        "name": person.name,
        "sex": person.sex,
        "birth_date": person.born,
        "county": person.county,
        "in_register": person.in_register,
        "alive": not (told_dead or gone),
        "hukou_code": _hukou(person, as_of),
        "household_id": person.household_no if person.in_register else None,
        "marital": (person.marital or None) if person.in_register else None,
        "pension_kind": person.pension.kind if person.pension else NONE,
        "pension_status": person.pension.status if person.pension else NONE,
        "special_contribution": bool(person.veteran) and person.special_contribution,
        "in_relief": _in_relief(person),
    }
    facts |= _aid(person, as_of) | _card(person) | _health(person) | _care_insurance(person)
    return facts | _ability(person, as_of) | _home(person)


def _hukou(person: Person, as_of: date) -> str | None:
    if not person.in_register:
        return None
    if person.status == "moved" and person.status_on and person.status_on <= as_of:
        return ELSEWHERE
    return person.hukou_code


def _aid(person: Person, as_of: date) -> dict[str, Fact]:
    begun = [aid for aid in person.aids if aid.holds_from <= as_of]
    aid = max(begun, key=lambda aid: aid.holds_from, default=None)
    if aid is None or (aid.holds_to is not None and aid.holds_to < as_of):
        return {"assistance": NONE, "support_mode": NONE, "tekun_care": NONE}
    return {
        "assistance": aid.kind,
        "support_mode": aid.support_mode or NONE,
        "tekun_care": aid.care or NONE,
    }


def _card(person: Person) -> dict[str, Fact]:
    card = person.card
    if card is None or card.status == "cancelled":
        return {
            "disability_category": NONE,
            "disability_grade": NONE,
            "needs_long_term_care": False,
        }
    return {
        "disability_category": card.category,
        "disability_grade": card.grade,
        "needs_long_term_care": card.needs_care,
    }


def _health(person: Person) -> dict[str, Fact]:
    if not person.checks:
        return {"health_checked_on": NONE, "dementia": None}
    asked = [check for check in person.checks if check.dementia is not None]
    return {
        "health_checked_on": max(check.checked_on for check in person.checks),
        "dementia": max(asked, key=lambda check: check.checked_on).dementia if asked else None,
    }


def _care_insurance(person: Person) -> dict[str, Fact]:
    held = person.insurance
    if held is None or not held.insured:
        return {
            "ltci_insured": False,
            "ltci_level": NONE,
            "ltci_receiving": False,
            "ltci_assessed_on": NONE,
        }
    return {
        "ltci_insured": True,
        "ltci_level": held.level,
        "ltci_receiving": held.receiving,
        "ltci_assessed_on": held.assessed_on,
    }


def _ability(person: Person, as_of: date) -> dict[str, Fact]:
    made = max(person.assessments, key=lambda made: made.assessed_on, default=None)
    if made is None:
        return {"ability_level": None, "assessed_on": None}
    valid = anniversary(made.assessed_on, 1) > as_of
    return {"ability_level": made.level if valid else None, "assessed_on": made.assessed_on}


def _home(person: Person) -> dict[str, Fact]:
    told = person.survey
    return {
        "residence_code": told.residence_code if told else None,
        "living": told.living if told else None,
        "supporter": (told.supporter or None) if told else None,
        "family_planning_special": told.special_family if told else None,
    }


def _in_relief(person: Person) -> bool:
    latest = max(person.reliefs, key=lambda stay: stay.relief_on, default=None)
    return latest is not None and latest.in_station


def written(fact: Fact) -> str:
    """Return a fact as it stands in the file."""
    if fact is None:
        return ""
    if isinstance(fact, bool):
        return "true" if fact else "false"
    return str(fact)


def write_truth(
    path: Path, people: Iterable[Person], as_of: date, doubts: Mapping[str, Collection[str]]
) -> None:
    """Write one line a person; `doubts` names the doubtful kinds by ID number."""
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(TRUTH_COLUMNS)
        for person in people:
            facts = facts_of(person, as_of)
            facts["doubtful_kinds"] = ";".join(sorted(doubts.get(person.id_number, ())))
            writer.writerow([written(facts[column]) for column in TRUTH_COLUMNS])
