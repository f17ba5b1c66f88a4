"""Claims: what was overpaid, how it comes back, and what is given up."""

from typing import ClassVar

from django.db import models

from yanglao.domain.settlement.models.runs import PaymentRun
from yanglao.domain.settlement.models.shared import KEPT, MONEY, person_key
from yanglao.domain.settlement.types import ClaimState, WriteOffState
from yanglao.foundation.privacy import PersonalData
from yanglao.foundation.secrets import SealedModel, Secret


class Claim(models.Model):
    """Money that a person got and was not due: to be kept back, repaid, or written off."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("identity", "poverty", "place", "staff"), retired=KEPT
    )

    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="+")
    person = person_key()
    name = models.CharField(max_length=80, blank=True)
    place_code = models.CharField(max_length=12)
    benefit = models.CharField(max_length=40)
    first_month = models.IntegerField()
    last_month = models.IntegerField()
    fen = models.BigIntegerField()
    withheld_fen = models.BigIntegerField(default=0)
    repaid_fen = models.BigIntegerField(default=0)
    written_off_fen = models.BigIntegerField(default=0)
    cause = models.CharField(max_length=20, help_text="code of why nothing was due")
    state = models.CharField(max_length=8, choices=ClaimState, default=ClaimState.OPEN)
    instalment_fen = models.BigIntegerField(null=True, help_text="a month; empty: the most allowed")
    agreed_on = models.DateField(null=True)
    agreed_by = models.CharField(max_length=80, blank=True)
    opened_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["person"], name="payclaim_person"),
            models.Index(fields=["place_code", "state"], name="payclaim_place"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "person", "benefit"], name="claim_once"),
            models.CheckConstraint(
                condition=models.Q(
                    fen__gte=models.F("withheld_fen")
                    + models.F("repaid_fen")
                    + models.F("written_off_fen")
                ),
                name="claim_never_over",
                violation_error_message="扣回、退回和核销合计不能超过应追缴的金额。",
            ),
        ]

    def __str__(self) -> str:
        return f"claim {self.pk}"

    @property
    def left_fen(self) -> int:
        """What is still open."""
        return self.fen - self.withheld_fen - self.repaid_fen - self.written_off_fen


class Repayment(SealedModel):
    """Money that a person brought back himself."""

    personal_data: ClassVar[PersonalData] = MONEY

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="repayments")
    fen = models.BigIntegerField()
    paid_on = models.DateField()
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=80)
    proof_key = models.CharField(max_length=60, help_text="number of the receipt, once a claim")
    words = Secret()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["claim", "proof_key"], name="repayment_once"),
        ]

    def __str__(self) -> str:
        return f"repayment {self.pk}"


class WriteOff(SealedModel):
    """A request to give a claim up, and the other person's answer."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("poverty", "staff"), retired=KEPT)

    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="write_offs")
    fen = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=WriteOffState, default=WriteOffState.ASKED)
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    why = Secret()
    answer = Secret()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["claim"],
                condition=models.Q(state="asked"),
                name="write_off_one_open",
                violation_error_message="这一笔已有一个待审批的核销申请。",
            ),
        ]

    def __str__(self) -> str:
        return f"write-off {self.pk}"
