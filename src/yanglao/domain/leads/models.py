"""Leads and the steps taken on them."""

from typing import ClassVar

from django.db import models

from yanglao.domain.leads.types import DeclineReason, LeadAct, LeadKind, LeadState
from yanglao.foundation.privacy import PersonalData
from yanglao.foundation.secrets import SealedModel, Secret

_RETIRED = "with the person's file: ten years after death, then the row is removed"


class Lead(models.Model):
    """A person who should have (or may have) an item and has it not yet.

    One open lead a person and item. A lapsed lead that is found again goes on; after a delivery a
    new round is a new lead.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("poverty", "health", "staff"), retired=_RETIRED
    )

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    item = models.ForeignKey(
        "catalogue.Item", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    outcome = models.ForeignKey(
        "entitlements.Outcome",
        on_delete=models.PROTECT,  # the reason told to the person
        related_name="+",
        db_index=False,
    )
    place_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=14, choices=LeadKind)
    state = models.CharField(max_length=10, choices=LeadState, default=LeadState.FOUND)
    due_on = models.DateField()
    assignee = models.ForeignKey(
        "accounts.Account",
        on_delete=models.SET_NULL,  # when an officer leaves, the lead goes back to the place
        null=True,
        related_name="+",
        db_index=False,
    )
    opened_run = models.ForeignKey(
        "entitlements.Run", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    opened_on = models.DateField()
    closed_on = models.DateField(null=True)
    decline_reason = models.CharField(max_length=14, choices=DeclineReason, blank=True)
    proof = models.CharField(max_length=200, blank=True, help_text="list and row, or by hand")

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [
            models.Index(fields=["person"], name="lead_person"),
            # Narrow places page through the first, whole regions through the second.
            models.Index(
                fields=["place_code", "state", "kind", "due_on", "opened_on"], name="lead_place"
            ),
            models.Index(
                fields=["due_on"], condition=models.Q(closed_on__isnull=True), name="lead_due"
            ),
            models.Index(
                fields=["closed_on"],
                condition=models.Q(closed_on__isnull=False),
                name="lead_closed",
            ),
            models.Index(
                fields=["assignee", "state"],
                condition=models.Q(assignee__isnull=False),
                name="lead_assignee",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "item"],
                condition=models.Q(closed_on__isnull=True),
                name="lead_one_open",
                violation_error_message="这个人的这一项已经有一条未办结的线索。",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="declined") | ~models.Q(decline_reason=""),
                name="lead_declined_has_reason",
                violation_error_message="谢绝要写明原因。",
            ),
            # Written out one by one: SQLite builds a table for every IN list, row for row.
            models.CheckConstraint(
                condition=models.Q(state="found", closed_on__isnull=True)
                | models.Q(state="contacted", closed_on__isnull=True)
                | models.Q(state="confirmed", closed_on__isnull=True)
                | models.Q(state="declined", closed_on__isnull=False)
                | models.Q(state="delivered", closed_on__isnull=False)
                | models.Q(state="lapsed", closed_on__isnull=False),
                name="lead_closed_has_day",
                violation_error_message="办结的线索要有办结日期，未办结的不能有。",
            ),
        ]

    def __str__(self) -> str:
        return f"lead {self.pk}"


class LeadStep(SealedModel):
    """One move of a lead: who, when, from what to what, with which words."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("staff",), retired="with its lead")

    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80)
    act = models.CharField(max_length=10, choices=LeadAct)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10, blank=True)
    from_assignee = models.BigIntegerField(null=True, help_text="account before, for undo")
    to_assignee = models.BigIntegerField(null=True)
    decline_reason = models.CharField(max_length=14, choices=DeclineReason, blank=True)
    note = models.CharField(max_length=300, blank=True, help_text="what the program says")
    #: What an officer wrote: who was called, under which number, how he is.
    words = Secret()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"step {self.pk}"

    @property
    def said(self) -> str:
        """What an officer wrote, else what the program says."""
        return str(self.words or self.note)
