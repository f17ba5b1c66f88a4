"""Other payers' words: lists of who is paid what by somebody else in a month."""

from typing import ClassVar

from django.db import models

from yanglao.domain.settlement.models.shared import KEPT, MONEY, STAFF, person_key
from yanglao.domain.settlement.types import ElsewhereState
from yanglao.foundation.privacy import PersonalData
from yanglao.foundation.secrets import KeyedTextField, SealedModel, Secret


class ElsewhereList(SealedModel):
    """One payer's list for a month; of an area, month and payer one is in use at a time.

    A list that another replaced is kept and in use again when the later one is undone.
    """

    personal_data: ClassVar[PersonalData] = STAFF

    region_code = models.CharField(max_length=12, help_text="area of the officer who took it in")
    month = models.IntegerField(help_text="year * 12 + month - 1")
    payer = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=ElsewhereState, default=ElsewhereState.WAITING)
    digest = KeyedTextField(max_length=64, blank=True, help_text="keyed digest of the file")
    received = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    taken_at = models.DateTimeField()
    taken_by_id = models.BigIntegerField(null=True)
    taken_by = models.CharField(max_length=80)
    moved_at = models.DateTimeField(null=True, help_text="put to use, undone or dropped")
    moved_by = models.CharField(max_length=80, blank=True)
    #: Name of the file; its header; rows that went back as [where, [cells], reason]; why undone.
    file_name = Secret()
    header = Secret(blank=[])
    returned_rows = Secret(blank=[])
    words = Secret()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["region_code", "month", "payer"],
                condition=models.Q(state="current"),
                name="elsewhere_list_one_in_use",
                violation_error_message="同一地区、月份和发放单位只能有一份在用的名单。",
            ),
        ]

    def __str__(self) -> str:
        return f"list {self.pk} of {self.payer}"

    @property
    def returned(self) -> int:
        """How many rows went back."""
        return self.received - self.accepted


class PaidElsewhere(models.Model):
    """A row of such a list: a person's benefit that another pays."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=MONEY.kinds, retired=KEPT)

    of_list = models.ForeignKey(ElsewhereList, on_delete=models.CASCADE, related_name="rows")
    row = models.IntegerField(default=0, help_text="line of the sheet")
    person = person_key()
    place_code = models.CharField(max_length=12)
    benefit = models.CharField(max_length=40)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["of_list", "person", "benefit"], name="paid_elsewhere_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.benefit} of {self.person_id}"
