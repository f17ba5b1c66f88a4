"""What must be true of an instance whose server was killed: asked of its database, in a child."""

from collections.abc import Callable, Iterator
from typing import Any

from tests.ops.killing import ROWS, Told

#: Rows of one push.
PUSHED = 20


def look_and_tell(acked: list[dict[str, Any]], tried: list[int], told: Told) -> None:
    """Tell everything that is not as it should be.

    Args:
        acked: What answers of the server had acknowledged.
        tried: Serial numbers of lists that were handed in, acknowledged or not.
        told: Takes the answer.
    """
    from yanglao.ops.doctor import findings

    problems = [f"doctor: {one.words}" for one in findings() if one.level == "wrong"]
    problems += _lists(acked, tried)
    problems += _rows(acked)
    problems += _notes(acked)
    told({"problems": problems})


def _counting() -> Callable[..., int]:
    from django.db import connection

    def count(text: str, *values: object) -> int:
        with connection.cursor() as cursor:
            cursor.execute(text, values)
            return int(cursor.fetchone()[0])

    return count


def _lists(acked: list[dict[str, Any]], tried: list[int]) -> Iterator[str]:
    """Is every list there as a whole or not at all, and every acknowledged one there?"""
    count = _counting()
    asked_for = {one["serial"] for one in acked if "job" in one and "serial" in one}
    for serial in tried:
        people = count("SELECT count(*) FROM people_person WHERE name = %s", f"杀{serial:05}")
        taken = count(
            "SELECT count(*) FROM exchange_receivedlist"
            " WHERE file_name = %s AND state = 'taken_in'",
            f"kill-{serial}.xlsx",
        )
        if people != taken * ROWS:
            yield f"half-written: {people} people of {taken} lists of {serial}"
        gone = any(one.get("gone") for one in acked if one.get("serial") == serial)
        if (serial in asked_for or gone) and not people:
            yield f"lost: list {serial}"
    for one in acked:
        if "pushed" in one:
            name = f"推{one['pushed']:05}"
            people = count("SELECT count(*) FROM people_person WHERE name = %s", name)
            if people != PUSHED:
                yield f"lost: {people} people of push {one['pushed']}"


def _rows(acked: list[dict[str, Any]]) -> Iterator[str]:
    """Are the runs, jobs and lists there whose numbers were told?"""
    count = _counting()
    asked = {
        "run": "SELECT count(*) FROM entitlements_run WHERE id = %s AND finished_at IS NOT NULL",
        "job": "SELECT count(*) FROM foundation_job WHERE id = %s AND state = 'done'",
        "list": "SELECT count(*) FROM exchange_receivedlist WHERE id = %s AND state = 'taken_in'",
    }
    for one in acked:
        for key, text in asked.items():
            if key in one and not count(text, one[key]):
                yield f"lost: {key} {one[key]}"


def _notes(acked: list[dict[str, Any]]) -> list[str]:
    """Are the words there that officers wrote? They are sealed: models open them."""
    from yanglao.domain.leads.models import LeadStep

    told = {one["note"] for one in acked if "note" in one}
    leads = {one["lead"] for one in acked if "note" in one}
    if told:
        told -= {str(step.words) for step in LeadStep.objects.filter(lead_id__in=leads)}
    return [f"lost: note {note}" for note in sorted(told)]
