"""Gradings and the steps taken on them."""

from typing import ClassVar

from django.db import models

from yanglao.domain.ltci.types import Applicant, GradingKind, GradingState
from yanglao.foundation.privacy import PersonalData
from yanglao.foundation.secrets import SealedModel, Secret

_RETIRED = "with the person's file: ten years after death, then the row is removed"


class Grading(SealedModel):
    """One grading of one person: the form, two signatures, the notice, the result."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "place", "staff"), retired=_RETIRED
    )

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    place_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=8, choices=GradingKind, default=GradingKind.FIRST)
    review_of = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="reviews"
    )
    state = models.CharField(max_length=10, choices=GradingState, default=GradingState.ASKED)
    applicant = models.CharField(max_length=10, choices=Applicant)
    asked_on = models.DateField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=80)
    planned_on = models.DateField(null=True)
    grader_one = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    grader_two = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, null=True, related_name="+"
    )
    edition = models.CharField(max_length=20, blank=True, help_text="version of the standard")
    level = models.SmallIntegerField(null=True)
    graded_on = models.DateField(null=True)
    one_signed_at = models.DateTimeField(null=True)
    two_signed_at = models.DateTimeField(null=True)
    notice_from = models.DateField(null=True)
    notice_to = models.DateField(null=True)
    concluded_on = models.DateField(null=True)
    valid_to = models.DateField(null=True)
    disputed_on = models.DateField(null=True)
    #: Points by item, the three sums, the reasons of the engine.
    answers = Secret(blank={})
    sums = Secret(blank={})
    reasons = Secret(blank=[])
    #: Why it is asked for; what the objection says.
    wish = Secret()
    objection = Secret()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["place_code", "state", "asked_on"], name="ltci_grading_place"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state__in=["asked", "grading", "signed", "notice"]),
                name="ltci_grading_one_open",
                violation_error_message="这个人已经有一次没办完的失能评估。",
            ),
            models.CheckConstraint(
                condition=models.Q(grader_one__isnull=True)
                | models.Q(grader_two__isnull=True)
                | ~models.Q(grader_one=models.F("grader_two")),
                name="ltci_grading_two_graders",
                violation_error_message="两名评估员不能是同一个人。",
            ),
            models.CheckConstraint(
                condition=models.Q(level__isnull=True) | models.Q(level__gte=0, level__lte=5),
                name="ltci_grading_level",
                violation_error_message="失能等级是 0 到 5 级。",
            ),
        ]

    def __str__(self) -> str:
        return f"ltci grading {self.pk}"


class GradingStep(SealedModel):
    """One step of a grading: who, when, from what to what, with which words."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="with its grading"
    )

    grading = models.ForeignKey(Grading, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80)
    act = models.CharField(max_length=20, help_text="fixed word")
    from_state = models.CharField(max_length=10, choices=GradingState, blank=True)
    to_state = models.CharField(max_length=10, choices=GradingState)
    words = Secret()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"step {self.pk}"
