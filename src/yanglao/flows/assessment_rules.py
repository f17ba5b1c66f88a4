"""Numbers that assessments run by, from the list in force: days of steps, validity, reminders."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from yanglao.domain.assessments.public import DayClocks
from yanglao.domain.catalogue.public import PackVersion, pack_in_force
from yanglao.engines.scoring.validity import ValidityRule, valid_period
from yanglao.flows.open_pack import NoPackInForce, open_version
from yanglao.flows.standing_region import standing_region

__all__ = ["AssessmentRules", "NoPackInForce", "NotInPack", "assessment_rules"]

_DAYS = {
    "decide": "assessment_decide_days",
    "finish": "assessment_finish_days",
    "review": "assessment_review_days",
    "notice": "assessment_notice_days",
    "answer": "assessment_answer_days",
}
_MONTHS = "assessment_valid_months"
_REMINDERS = ("assessment_first_reminder_days", "assessment_second_reminder_days")
_MOST = "assessment_most_a_day"


class NotInPack(NoPackInForce):
    """The published list lacks a number that assessments need; the message says what to do."""


@dataclass(frozen=True, slots=True)
class AssessmentRules:
    """What the list in force says.

    Attributes:
        clocks: Days of each step.
        months: How long a result holds.
        reminders: Days before the last day on which somebody is reminded, the earliest first.
        most_a_day: Most people whom an assessor visits on a day.
        notes: For each number that was not seen in a source: its label and why.
    """

    clocks: DayClocks
    months: int
    reminders: tuple[int, ...]
    most_a_day: int
    notes: tuple[str, ...]

    def last_day(self, assessed_on: date, level: int) -> date | None:
        """Return the last day on which a result holds; ``None`` without end."""
        return valid_period(assessed_on, level, ValidityRule(self.months)).last


def assessment_rules(as_of: date) -> AssessmentRules:
    """Return the numbers in force on a day.

    Raises:
        NoPackInForce: When no list is in force, or it was published without these numbers.
    """
    region = standing_region(as_of)
    version = pack_in_force(as_of, region=region)
    if version is None:
        raise NoPackInForce(f"{as_of} 还没有生效的政策清单：先运行 yanglao init。")
    return _rules(version, version.hash, as_of, region)


@lru_cache(maxsize=32)
def _rules(version: PackVersion, pack_hash: str, as_of: date, region: str) -> AssessmentRules:
    """Read the numbers of a version once a day; the hash keeps the cache honest."""
    pack = open_version(version, as_of, region).pack
    values = pack.values_on(as_of)
    names = (*_DAYS.values(), _MONTHS, *_REMINDERS, _MOST)
    missing = [name for name in names if not isinstance(values.get(name), int)]
    if missing:
        raise NotInPack(
            f"已发布的政策清单里没有能力评估的数字（{'、'.join(missing)}），请重新发布清单。"
        )
    number = {name: int(str(values[name])) for name in names}
    parameters = [pack.parameters[name] for name in names]
    return AssessmentRules(
        clocks=DayClocks(**{step: number[name] for step, name in _DAYS.items()}),
        months=number[_MONTHS],
        reminders=tuple(sorted((number[name] for name in _REMINDERS), reverse=True)),
        most_a_day=number[_MOST],
        notes=tuple(f"{one.label}：{one.note}" for one in parameters if not one.verified),
    )
