"""Who has a status from when to when, what changed, and the steps people must take."""

from typing import ClassVar

from django.db import models

from yanglao.domain.statuses.types import Cause, Level, Occasion, TaskState
from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData
from yanglao.foundation.secrets import SealedModel, Secret

_RETIRED = "with the person's file: ten years after death, then the row is removed"


class StatusSpell(models.Model):
    """A person has a status, from the day it was noticed until it ended."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("poverty",), retired=_RETIRED)

    person = models.ForeignKey(
        "people.Person",
        on_delete=models.CASCADE,  # goes with the file
        related_name="+",
        db_index=False,
    )
    status = models.CharField(max_length=30)
    place_code = models.CharField(max_length=12)
    details = models.JSONField(default=dict, help_text="details of the status, as last known")
    began_on = models.DateField()
    found_there = models.BooleanField(
        default=False, help_text="had it when the program first looked: no steps were asked for"
    )
    ended_on = models.DateField(null=True)
    cause = models.CharField(max_length=5, choices=Cause, blank=True)

    class Meta:
        ordering: ClassVar = ["-began_on", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["status", "place_code"], name="status_spell_place"),
            models.Index(fields=["person"], name="status_spell_person"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "status"],
                condition=models.Q(ended_on__isnull=True),
                name="status_spell_one_open",
                violation_error_message="这个人已经有这种身份。",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True, cause="")
                | (models.Q(ended_on__isnull=False) & ~models.Q(cause="")),
                name="status_spell_end_has_cause",
                violation_error_message="身份结束要有原因。",
            ),
            models.CheckConstraint(
                condition=models.Q(ended_on__isnull=True)
                | models.Q(ended_on__gte=models.F("began_on")),
                name="status_spell_ends_after",
                violation_error_message="身份不能在开始之前结束。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.status} of {self.person_id}"


class StatusChange(models.Model):
    """What was noticed on a day: entered, changed, left. Never edited."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("poverty",), retired=_RETIRED)

    spell = models.ForeignKey(StatusSpell, on_delete=models.CASCADE, related_name="changes")
    occasion = models.CharField(max_length=6, choices=Occasion)
    cause = models.CharField(max_length=5, choices=Cause, blank=True)
    noticed_on = models.DateField()
    place_code = models.CharField(max_length=12)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["-noticed_on", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["noticed_on", "place_code"], name="status_change_day"),
        ]

    def __str__(self) -> str:
        return f"{self.occasion} {self.spell_id}"


class StatusTask(SealedModel):
    """A step that somebody must take because a status began, changed or ended."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("poverty", "staff"), retired=_RETIRED
    )

    change = models.ForeignKey(StatusChange, on_delete=models.CASCADE, related_name="tasks")
    person = models.ForeignKey(
        "people.Person",
        on_delete=models.CASCADE,  # goes with the file
        related_name="+",
        db_index=False,
    )
    status = models.CharField(max_length=30)
    step = models.CharField(max_length=30)
    title = models.CharField(max_length=120)
    level = models.CharField(max_length=7, choices=Level)
    place_code = models.CharField(max_length=12)
    due_on = models.DateField()
    state = models.CharField(max_length=10, choices=TaskState, default=TaskState.OPEN)
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.BigIntegerField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    #: What the officer wrote about it.
    words = Secret()

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [
            models.Index(fields=["place_code", "state", "due_on"], name="status_task_place"),
            models.Index(fields=["person"], name="status_task_person"),
            models.Index(
                fields=["closed_at"],
                condition=models.Q(closed_at__isnull=False),
                name="status_task_closed",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["change", "step"],
                name="status_task_once",
                violation_error_message="同一次变化的同一步只有一件任务。",
            ),
            models.CheckConstraint(
                condition=models.Q(state="open", closed_at__isnull=True)
                | (~models.Q(state="open") & models.Q(closed_at__isnull=False)),
                name="status_task_closed_has_time",
                violation_error_message="办结的任务要有办结时间，未办结的不能有。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.pk}"


class StatusHold(models.Model):
    """Endings of a status that were too many to believe: they wait for a person's word."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    region_code = models.CharField(max_length=12)
    status = models.CharField(max_length=30)
    people = models.IntegerField(help_text="who would leave")
    of = models.IntegerField(help_text="who has it")
    noticed_on = models.DateField()
    released_at = models.DateTimeField(null=True)
    released_by = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    gone_at = models.DateTimeField(null=True, help_text="a later pass no longer found so many")

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region_code", "status"],
                condition=models.Q(released_at__isnull=True, gone_at__isnull=True),
                name="status_hold_one",
            )
        ]

    def __str__(self) -> str:
        return f"{self.status}: {self.people} of {self.of}"
