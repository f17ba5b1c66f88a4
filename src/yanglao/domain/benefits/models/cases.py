"""Cases, the steps taken on them, notices, disputes, approvals and suspensions."""

from typing import ClassVar

from django.db import models

from yanglao.domain.benefits.types import (
    Applicant,
    CaseAct,
    CaseState,
    CaseWay,
    DisputeKind,
    DisputeState,
    StopCause,
    SuspendCause,
)
from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData
from yanglao.foundation.secrets import SealedModel, Secret

_RETIRED = "ten years after the last payment (会计档案管理办法), then with the person's file"


class Notice(models.Model):
    """A public notice of cases of one item in one place, from its first to its last day."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    place_code = models.CharField(max_length=12, db_index=True)
    item = models.ForeignKey(
        "catalogue.Item",
        on_delete=models.PROTECT,  # what was posted must stay readable
        related_name="+",
    )
    from_on = models.DateField()
    to_on = models.DateField(help_text="last day")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(to_on__gte=models.F("from_on")),
                name="benefit_notice_days",
                violation_error_message="公示的截止日不能早于起始日。",
            ),
        ]

    def __str__(self) -> str:
        return f"notice {self.pk}"


class Case(SealedModel):
    """One person's claim to one money item: asked for, or found without asking (免申即享).

    The facts it rests on are frozen in the envelope as they stood, each with list and date.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("poverty", "health", "staff"), retired=_RETIRED
    )

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    benefit = models.CharField(max_length=24, help_text="code of compatibility.yaml")
    place_code = models.CharField(max_length=12)
    way = models.CharField(max_length=8, choices=CaseWay)
    applicant = models.CharField(max_length=8, choices=Applicant)
    state = models.CharField(max_length=10, choices=CaseState, default=CaseState.OPEN)
    state_on = models.DateField(help_text="since when it stands there")
    applied_on = models.DateField()
    due_on = models.DateField(null=True, help_text="of the step that waits")
    judged_on = models.DateField()
    version = models.ForeignKey(
        "catalogue.PackVersion",
        on_delete=models.PROTECT,  # by which version it was judged
        related_name="+",
        db_index=False,
    )
    status = models.CharField(max_length=8, help_text="yes, possible, no")
    tier = models.CharField(max_length=20, blank=True)
    fen = models.BigIntegerField(null=True, help_text="a month; empty: not published")
    opened_by_id = models.BigIntegerField(null=True)
    opened_by = models.CharField(max_length=80)
    prepared_by_id = models.BigIntegerField(null=True)
    prepared_by = models.CharField(max_length=80, blank=True)
    approved_by_id = models.BigIntegerField(null=True)
    approved_by = models.CharField(max_length=80, blank=True)
    approved_on = models.DateField(null=True)
    notice = models.ForeignKey(Notice, on_delete=models.PROTECT, null=True, related_name="+")
    consent = models.ForeignKey(
        "rights.Consent",
        on_delete=models.SET_NULL,  # consents end earlier than accounts; the step names it
        null=True,
        related_name="+",
        db_index=False,
    )
    lead_id = models.BigIntegerField(null=True, help_text="lead it came from")
    stop_cause = models.CharField(max_length=10, choices=StopCause, blank=True)
    stopped_on = models.DateField(null=True)
    stopped_by_hand = models.BooleanField(default=False, help_text="facts alone do not undo it")
    #: Facts used, reason, sentence, clause, missing, source of the amount: a Judgement.
    judged = Secret({})
    #: Who applied for another, and what the officer noted.
    words = Secret()

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [
            models.Index(fields=["place_code", "state", "due_on"], name="benefit_case_place"),
            models.Index(fields=["state", "benefit"], name="benefit_case_state"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "item"],
                condition=~models.Q(state__in=["stopped", "refused", "withdrawn"]),
                name="benefit_case_one_open",
                violation_error_message="这个人的这一项已经有一件没有办结的个案。",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="stopped") | ~models.Q(stop_cause=""),
                name="benefit_case_stopped_cause",
                violation_error_message="停发要写明原因。",
            ),
            models.CheckConstraint(
                condition=models.Q(approved_by_id=None)
                | models.Q(prepared_by_id=None)
                | ~models.Q(approved_by_id=models.F("prepared_by_id")),
                name="benefit_case_two_people",
                violation_error_message="初审和审批不能是同一个人。",
            ),
        ]

    def __str__(self) -> str:
        return f"case {self.pk}"


class CaseStep(SealedModel):
    """One step of a case: who, when, what, from which state to which, with which words."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("staff",), retired="with its case")

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80)
    act = models.CharField(max_length=10, choices=CaseAct)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    words = Secret()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"step {self.pk}"


class Dispute(SealedModel):
    """An objection of somebody to a notice, or an appeal against a decision; with a clock."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("identity", "contact", "staff"), retired=_RETIRED
    )

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="disputes")
    place_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=10, choices=DisputeKind)
    state = models.CharField(max_length=10, choices=DisputeState, default=DisputeState.OPEN)
    made_on = models.DateField()
    due_on = models.DateField()
    taken_by_id = models.BigIntegerField(null=True)
    taken_by = models.CharField(max_length=80)
    decided_on = models.DateField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    #: Who made it (may stay unnamed), what he says, what was answered.
    asker = Secret()
    words = Secret()
    answer = Secret()

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [
            models.Index(fields=["place_code", "state", "due_on"], name="benefit_dispute_place")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Approval(models.Model):
    """From when to when a case is approved; stopping and restarting add rows, nothing is lost."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("poverty", "staff"), retired=_RETIRED
    )

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="approvals")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    benefit = models.CharField(max_length=24)
    applied_on = models.DateField()
    approved_on = models.DateField()
    revoked_on = models.DateField(null=True)
    approved_by_id = models.BigIntegerField(null=True)
    approved_by = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["case"],
                condition=models.Q(revoked_on=None),
                name="benefit_approval_one_open",
                violation_error_message="这件个案已经审批。",
            ),
        ]

    def __str__(self) -> str:
        return f"approval {self.pk}"


class Suspension(SealedModel):
    """Money held back from a day to before another; cleared when nothing was found wrong."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("poverty", "staff"), retired=_RETIRED
    )

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="suspensions")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    benefit = models.CharField(max_length=24)
    first = models.DateField()
    end = models.DateField(null=True)
    cleared = models.BooleanField(default=False)
    cause = models.CharField(max_length=10, choices=SuspendCause)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80)
    words = Secret()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(end=None) | models.Q(end__gt=models.F("first")),
                name="benefit_suspension_days",
                violation_error_message="恢复的日期要晚于暂停的日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"suspension {self.pk}"
