"""Screenings with what follows, and people whose state got worse."""

from typing import ClassVar

from django.db import models

from yanglao.domain.health.types import CareStep, WorseState
from yanglao.foundation.privacy import PersonalData
from yanglao.foundation.secrets import SealedModel, Secret

_RETIRED = "with the person's file: ten years after death, then the row is removed"


class Screening(SealedModel):
    """One screening of a person. Answers lie in the envelope; which domains failed is needed to
    find people and stands open, like the levels of assessments."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "staff"), retired=_RETIRED
    )

    person = models.ForeignKey(
        "people.Person",
        on_delete=models.CASCADE,  # goes with the file
        related_name="+",
        db_index=False,
    )
    place_code = models.CharField(max_length=12)
    scale = models.CharField(max_length=30, help_text="code and edition of the questions")
    screened_on = models.DateField()
    failed = models.JSONField(default=list, help_text="domains with a problem")
    unclear = models.JSONField(default=list, help_text="domains that were not asked to the end")
    failed_count = models.SmallIntegerField()
    step = models.CharField(max_length=8, choices=CareStep)
    due_on = models.DateField(help_text="until when the next step, or the next screening, is due")
    newest = models.BooleanField(default=True, help_text="the person's latest screening")
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()
    #: Answers by question, and what the officer noted.
    answers = Secret(blank=None)
    note = Secret()

    class Meta:
        ordering: ClassVar = ["-screened_on", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["place_code", "newest", "step", "due_on"], name="screening_place"),
            models.Index(fields=["person"], name="screening_person"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "scale", "screened_on"],
                name="screening_once_a_day",
                violation_error_message="这位老人这一天已经筛过，要改请先撤销那一次。",
            ),
            models.UniqueConstraint(
                fields=["person", "scale"],
                condition=models.Q(newest=True),
                name="screening_one_newest",
            ),
            models.CheckConstraint(
                condition=models.Q(failed_count=0, step="none")
                | (models.Q(failed_count__gt=0) & ~models.Q(step="none")),
                name="screening_problem_has_step",
                violation_error_message="有问题的筛查要有下一步。",
            ),
        ]

    def __str__(self) -> str:
        return f"screening {self.pk}"


class CareMove(SealedModel):
    """A step taken after a screening: who, when, with which words."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "staff"), retired="with its screening"
    )

    screening = models.ForeignKey(Screening, on_delete=models.CASCADE, related_name="moves")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80)
    from_step = models.CharField(max_length=8, choices=CareStep)
    to_step = models.CharField(max_length=8, choices=CareStep)
    due_on = models.DateField()
    words = Secret()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"move {self.pk}"


class Worsening(SealedModel):
    """Somebody whose state got worse by one measure; found by comparing the facts of two days."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "staff"), retired=_RETIRED
    )

    person = models.ForeignKey(
        "people.Person",
        on_delete=models.CASCADE,  # goes with the file
        related_name="+",
        db_index=False,
    )
    place_code = models.CharField(max_length=12)
    measure = models.CharField(max_length=20)
    is_now = models.CharField(max_length=20, help_text="coded value of the fact")
    was = models.CharField(max_length=20)
    weight = models.SmallIntegerField()
    found_on = models.DateField()
    since = models.DateField(help_text="the earlier day that was compared")
    state = models.CharField(max_length=7, choices=WorseState, default=WorseState.NEW)
    closed_at = models.DateTimeField(null=True)
    closed_by_id = models.BigIntegerField(null=True)
    closed_by = models.CharField(max_length=80, blank=True)
    words = Secret()

    class Meta:
        ordering: ClassVar = ["-weight", "-found_on", "id"]
        indexes: ClassVar = [
            models.Index(fields=["place_code", "state"], name="worsening_place"),
            models.Index(fields=["person"], name="worsening_person"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "measure", "was", "is_now"],
                condition=models.Q(state__in=["new", "looked"]),
                name="worsening_told_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.measure} of {self.person_id}"
