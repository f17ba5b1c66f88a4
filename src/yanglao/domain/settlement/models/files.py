"""Bank files, attempts to pay, and what came back."""

from typing import ClassVar

from django.db import models

from yanglao.domain.settlement.models.runs import Payment, PaymentRun
from yanglao.domain.settlement.models.shared import MONEY, STAFF
from yanglao.domain.settlement.types import AttemptState, FileState, Verdict
from yanglao.foundation.privacy import PersonalData
from yanglao.foundation.secrets import KeyedTextField


class BankFile(models.Model):
    """A file for the bank: written down with all its attempts before it is handed over."""

    personal_data: ClassVar[PersonalData] = STAFF

    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="files")
    number = models.CharField(max_length=48, unique=True)
    ordered_on = models.DateField()
    payer = models.CharField(max_length=80)
    encoding = models.CharField(max_length=8)
    payments = models.IntegerField()
    fen = models.BigIntegerField()
    digest = models.CharField(max_length=64, help_text="SHA-256 of the bytes")
    file = models.CharField(max_length=60, help_text="in the folder of sealed files")
    state = models.CharField(max_length=8, choices=FileState, default=FileState.MADE)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    handed_at = models.DateTimeField(null=True)
    handed_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return self.number


class Attempt(models.Model):
    """One attempt to pay one payment."""

    personal_data: ClassVar[PersonalData] = MONEY

    payment = models.ForeignKey(
        Payment, on_delete=models.PROTECT, related_name="tries", db_index=False, db_constraint=False
    )
    number = models.SmallIntegerField()
    bank_file = models.ForeignKey(
        BankFile, on_delete=models.PROTECT, related_name="+", db_constraint=False
    )
    fen = models.BigIntegerField()
    token = KeyedTextField(max_length=64)
    state = models.CharField(max_length=8, choices=AttemptState, default=AttemptState.OPEN)
    reason = models.CharField(max_length=120, blank=True, help_text="the bank's word")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["payment", "number"], name="attempt_once"),
            models.UniqueConstraint(
                fields=["payment"],
                condition=models.Q(state="open"),
                name="attempt_one_open",
                violation_error_message="这一笔还有一次发放在途。",
            ),
            models.CheckConstraint(
                condition=models.Q(fen__gt=0),
                name="attempt_of_money",
                violation_error_message="发放金额必须大于零。",
            ),
        ]

    def __str__(self) -> str:
        return f"attempt {self.number} of payment {self.payment_id}"


class ReturnFile(models.Model):
    """A file that came back from the bank."""

    personal_data: ClassVar[PersonalData] = STAFF

    bank_file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="returns")
    digest = models.CharField(max_length=64)
    file = models.CharField(max_length=60)
    counts = models.JSONField(default=dict, help_text="lines by verdict")
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bank_file", "digest"], name="return_once"),
        ]

    def __str__(self) -> str:
        return f"answer to {self.bank_file_id}"


class ReturnLine(models.Model):
    """A line that came back and was not simply paid."""

    personal_data: ClassVar[PersonalData] = MONEY

    returned = models.ForeignKey(ReturnFile, on_delete=models.CASCADE, related_name="lines")
    place = models.IntegerField(help_text="number of the line in the file, from 1")
    key = models.CharField(max_length=60)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, null=True, related_name="+")
    place_code = models.CharField(max_length=12)
    fen = models.BigIntegerField()
    verdict = models.CharField(max_length=12, choices=Verdict)
    reason = models.CharField(max_length=120, blank=True, help_text="the bank's word")

    class Meta:
        ordering: ClassVar = ["place"]

    def __str__(self) -> str:
        return f"{self.verdict} line {self.place}"
