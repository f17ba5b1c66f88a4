"""Sheets as the phone gets them: plain values for JSON, no ID number, no telephone, no address."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from yanglao.domain.assessments.public import (
    ConflictView,
    FieldView,
    SheetView,
    SignatureView,
)
from yanglao.domain.people.public import Person
from yanglao.engines.scoring.forms import Form
from yanglao.engines.scoring.tables import AbilityScale, Bands
from yanglao.foundation import clock
from yanglao.foundation.scoping import Reader
from yanglao.kernel.dates import whole_years

#: Written out for whoever reads the sheet.
_SEXES = {"M": "男", "F": "女"}


def sheet_told(
    view: SheetView, reader: Reader, *, as_of: date, places: Mapping[str, str]
) -> dict[str, Any]:
    """Return a whole sheet."""
    assessment = view.sheet.assessment
    planned = assessment.planned_on
    return {
        "id": view.sheet.pk,
        "person": _person(assessment.person, as_of, places),
        "planned_on": planned.isoformat() if planned else "",
        "kind": str(assessment.get_kind_display()),
        "state": assessment.state,
        "scale": view.sheet.version,
        "form": view.sheet.version,
        "assessors": [
            {"name": one.name, "mine": one.account_id == reader.user_id} for one in view.assessors
        ],
        **standing_told(view, reader),
    }


def standing_told(view: SheetView, reader: Reader) -> dict[str, Any]:
    """Return what changes while a sheet is written: answers, conflicts, signatures, photos."""
    return {
        "fields": {name: field_told(one) for name, one in view.fields.items()},
        "conflicts": [conflict_told(one) for one in view.conflicts],
        "signatures": [signature_told(one, reader) for one in view.signatures],
        "photos": len(view.photos),
    }


def _person(person: Person, as_of: date, places: Mapping[str, str]) -> dict[str, Any]:
    return {
        "name": person.name,
        "sex": _SEXES.get(person.sex, ""),
        "age": whole_years(person.birth_date, as_of),
        # Town and village: the assessor knows which county he is in.
        "village": " ".join(places.get(person.place_code, "").split()[-2:]),
    }


def field_told(one: FieldView) -> dict[str, Any]:
    """Return an answer with the revision that an edit of it names as its base."""
    return {"value": one.value, "revision": one.revision, "by": one.by, "at": one.at}


def conflict_told(one: ConflictView) -> dict[str, Any]:
    """Return the answers that stand side by side."""
    return {"field": one.field, "choices": [dict(choice) for choice in one.choices]}


def signature_told(one: SignatureView, reader: Reader) -> dict[str, Any]:
    """Return a signature without its picture."""
    return {
        "signer": one.signer,
        "name": one.name,
        "at": one.at.astimezone(clock.BEIJING).isoformat(),
        "valid": one.valid,
        "mine": one.account_id is not None and one.account_id == reader.user_id,
    }


def scale_told(scale: AbilityScale) -> dict[str, Any]:
    """Return the table by which the phone adds up and finds the level."""
    return {
        "standard": scale.standard,
        "number": scale.number,
        "title": scale.title,
        "dimensions": [
            {
                "code": one.code,
                "clause": one.clause,
                "name": one.name,
                "full": one.full,
                "items": [
                    {
                        "code": item.code,
                        "clause": item.clause,
                        "name": item.name,
                        "hint": item.hint,
                        "options": [
                            {"points": option.points, "says": option.says}
                            for option in item.options
                        ],
                    }
                    for item in one.items
                ],
            }
            for one in scale.dimensions
        ],
        "levels": _levels(scale.levels),
        "adjustments": _adjustments(scale),
        "most_steps": scale.most_steps,
        "steps_verified": scale.steps_stamp.verified,
        "adjust_clause": scale.adjust_clause,
        "final_clause": scale.final_clause,
        "unverified": list(scale.unverified()),
    }


def _levels(levels: Bands) -> dict[str, Any]:
    rows = [
        {"rank": one.rank, "name": one.name, "low": one.low, "high": one.high}
        for one in levels.rows
    ]
    return {"clause": levels.clause, "bands": rows}


def _adjustments(scale: AbilityScale) -> list[dict[str, Any]]:
    return [
        {
            "code": rule.code,
            "name": rule.name,
            "kind": rule.kind,
            "evidence": rule.evidence,
            "says": rule.says,
            "at_least": rule.at_least,
            "sets": rule.sets,
            "steps": rule.steps,
            "expects": (
                {"item": rule.expects.item, "points": rule.expects.points} if rule.expects else None
            ),
        }
        for rule in scale.adjustments
    ]


def form_told(form: Form) -> dict[str, Any]:
    """Return annex A: parts, questions, choices, and from which the circumstances follow."""
    return {
        "parts": [
            {"code": part.code, "clause": part.clause, "name": part.name, "fields": fields}
            for part, fields in ((part, list(_fields(part.fields))) for part in form.parts)
        ],
        "circumstances": {
            code: {"sum": list(rule.sum)} if rule.sum else {"field": rule.field, "has": rule.has}
            for code, rule in form.circumstances.items()
        },
    }


def _fields(fields: Iterable[Any]) -> Iterable[dict[str, Any]]:
    for field in fields:
        told: dict[str, Any] = {
            "name": field.name,
            "clause": field.clause,
            "label": field.label,
            "kind": field.kind,
        }
        extra = {
            name: getattr(field, name)
            for name in ("hint", "optional", "unit", "low", "high", "longest", "long", "inputmode")
        }
        told |= {name: value for name, value in extra.items() if value not in ("", None, False)}
        if field.options:
            told["options"] = [
                {"code": one.code, "says": one.says, "counts": one.counts, "alone": one.alone}
                for one in field.options
            ]
        yield told
