"""Who is insured in a year, and the book of the fund."""

from typing import ClassVar

from django.db import models

from yanglao.domain.ltci.types import EntryKind, Group, Source
from yanglao.foundation.privacy import PersonalData

_RETIRED = "ten years after the year (会计档案管理办法), then the row is removed"


class Enrolment(models.Model):
    """A person insured in a year, as the lists of 医保 have it; the group decides the rates."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("poverty", "place"), retired=_RETIRED
    )

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    place_code = models.CharField(max_length=12)
    year = models.SmallIntegerField()
    insured_as = models.CharField(max_length=8, choices=Group)
    receiving = models.BooleanField(null=True, help_text="as the list says; empty: unknown")
    level = models.SmallIntegerField(null=True, help_text="grade of the list; empty: none, unknown")

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["year", "place_code", "insured_as"], name="ltci_enrolment_place"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "year"],
                name="ltci_enrolment_once",
                violation_error_message="一个人一年只参保一次。",
            ),
        ]

    def __str__(self) -> str:
        return f"enrolment {self.pk}"


class FundEntry(models.Model):
    """One amount into the fund (positive) or out of it; only ever added to.

    Money for care comes from approved settlements, each entered once. What was entered wrongly is
    taken back by an entry of its own.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("staff",), retired=_RETIRED)

    place_code = models.CharField(max_length=12)
    on = models.DateField()
    kind = models.CharField(max_length=12, choices=EntryKind)
    insured_as = models.CharField(max_length=8, choices=Group, blank=True)
    source = models.CharField(max_length=10, choices=Source, blank=True)
    fen = models.BigIntegerField()
    statement = models.OneToOneField(
        "ltci.Statement", on_delete=models.PROTECT, null=True, related_name="+"
    )
    reverses = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, related_name="reversed_by"
    )
    voucher = models.CharField(max_length=40, blank=True, help_text="number of the bank's slip")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["-on", "-id"]
        indexes: ClassVar = [models.Index(fields=["place_code", "on"], name="ltci_fund_place")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(fen=0),
                name="ltci_fund_not_zero",
                violation_error_message="金额不能是 0。",
            ),
        ]

    def __str__(self) -> str:
        return f"fund entry {self.pk}"
