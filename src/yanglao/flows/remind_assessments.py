"""Reminders before results run out: sixty and thirty days ahead, each once."""

from datetime import date, timedelta

from yanglao.domain.assessments.public import Reminder, record_reminders, running_out
from yanglao.engines.scoring.validity import reminder_due
from yanglao.flows.assessment_rules import assessment_rules
from yanglao.foundation.scoping import Reader
from yanglao.kernel.periods import Period


def remind_assessments(*, acting: Reader, as_of: date) -> list[Reminder]:
    """Write down the reminders that are due in an area; a few queries for any number of people.

    Whoever is late gets the nearest one only. Safe to repeat: a reminder is made once.

    Raises:
        yanglao.flows.assessment_rules.NoPackInForce: When no list is in force.
    """
    days = assessment_rules(as_of).reminders
    due = []
    for result in running_out(acting, as_of, as_of + timedelta(days=max(days))):
        sent = [one.days for one in result.reminders.all()]
        holds = Period(result.assessed_on, result.valid_to)
        one = reminder_due(holds, as_of, days, sent)
        if one is not None:
            due.append((result.pk, one))
    return record_reminders(due=due, as_of=as_of, acting=acting)
