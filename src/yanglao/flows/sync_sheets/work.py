"""What an assessor takes along: his sheets of the coming days, with the form and the scale."""

import json
from base64 import b64encode
from datetime import date
from hashlib import sha256
from typing import Any

from django.utils.crypto import salted_hmac

from yanglao.domain.assessments.public import SheetView, sheets_of_assessor
from yanglao.domain.places.public import full_names_of
from yanglao.flows.read_assessment_form import ability_form
from yanglao.flows.sync_sheets.told import form_told, scale_told, sheet_told
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader

_SECRET_BYTES = 32


def work_for(reader: Reader, as_of: date, *, seen: str = "") -> dict[str, Any]:
    """Return the assessor's work; only that nothing changed when the phone has it already.

    A constant number of queries. That personal data went to a phone is put on record whenever it
    did.

    Args:
        reader: The assessor.
        as_of: The day.
        seen: ``digest`` of the answer that the phone has.

    Returns:
        ``account`` and ``seal`` (from which the phone makes the key of what lies on it), ``name``,
        ``as_of``, ``digest``; and unless unchanged ``sheets``, ``scales``, ``forms``.
    """
    views = sheets_of_assessor(reader, as_of)
    places = full_names_of({one.sheet.assessment.person.place_code for one in views})
    content = {
        "sheets": [sheet_told(one, reader, as_of=as_of, places=places) for one in views],
        **_tables(views, as_of),
    }
    written = json.dumps([as_of.isoformat(), reader.name, content], sort_keys=True)
    digest = sha256(written.encode()).hexdigest()[:32]
    told = {
        "as_of": as_of.isoformat(),
        "account": f"a{reader.user_id}",
        "seal": phone_secret(reader),
        "name": reader.name,
        "digest": digest,
    }
    if seen == digest:
        return {**told, "unchanged": True}
    audit.read(
        reader,
        "assessor_work_taken",
        subject="assessment",
        place_code=reader.area,
        purpose="评估员手机取当天的评估表",
        fields=("name", "sex", "age", "village", "answers"),
        detail={"sheets": len(views)},
    )
    return {**told, **content}


def _tables(views: list[SheetView], as_of: date) -> dict[str, Any]:
    """Return the scales and forms of the sheets, by edition: each once, not with every sheet."""
    scales: dict[str, Any] = {}
    forms: dict[str, Any] = {}
    for one in views:
        version = one.sheet.version
        if version not in scales:
            whole = ability_form(one.sheet.assessment.planned_on or as_of)
            scales[version] = scale_told(whole.scale)
            forms[version] = form_told(whole.form)
    return {"scales": scales, "forms": forms}


def phone_secret(reader: Reader) -> str:
    """Return the account's secret for what lies on a phone, base64.

    The phone makes a key of it that cannot be read out, and throws the key away on sign-out and
    when another account signs in; the same account gets the same secret again, and with it what
    was not sent yet.
    """
    made = salted_hmac("assessor phone", str(reader.user_id), algorithm="sha256")
    return b64encode(made.digest()[:_SECRET_BYTES]).decode()
