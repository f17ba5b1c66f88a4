"""Runs, their lines, payments, findings, differences and choices."""

from typing import ClassVar

from django.db import models

from yanglao.domain.settlement.models.shared import KEPT, MONEY, STAFF, person_key
from yanglao.domain.settlement.types import Decision, LineKind, PaymentState, RunState
from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData
from yanglao.foundation.secrets import KeyedTextField, SealedModel, Secret


class PaymentRun(models.Model):
    """One month's payment of some benefits in an area."""

    personal_data: ClassVar[PersonalData] = STAFF

    number = models.CharField(max_length=40, unique=True, help_text="653222-202611-1")
    region_code = models.CharField(max_length=12)
    month = models.IntegerField(help_text="year * 12 + month - 1")
    benefits = models.CharField(max_length=400, help_text="codes in order, with commas between")
    state = models.CharField(max_length=10, choices=RunState, default=RunState.DRAFT)
    as_of = models.DateField(null=True, help_text="the day on which it was frozen")
    since = models.IntegerField(default=0, help_text="first past month that was asked again")
    everybody = models.BooleanField(default=True, help_text="whether everybody's past was asked")
    fingerprint = models.CharField(max_length=64, blank=True)
    rules = models.CharField(max_length=64, blank=True, help_text="of what decides past months")
    snapshot = models.CharField(max_length=60, blank=True, help_text="sealed file of the input")
    compared_with = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,  # its facts were compared
        null=True,
        related_name="+",
    )
    figures = models.JSONField(default=dict, help_text="counts and fen: see actions.runs")
    made_at = models.DateTimeField()
    made_by_id = models.BigIntegerField(null=True)
    made_by = models.CharField(max_length=80)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["-month", "-id"]
        indexes: ClassVar = [models.Index(fields=["region_code", "month"], name="payrun_place")]

    def __str__(self) -> str:
        return self.number

    @property
    def codes(self) -> tuple[str, ...]:
        """The benefits that are paid."""
        return tuple(self.benefits.split(","))

    @property
    def out_fen(self) -> int:
        """Money that goes out: all lines less what is kept back and what waits."""
        told = self.figures
        if "approved_fen" in told:
            return int(told["approved_fen"]) - int(told["withheld_fen"])
        if not told:
            return 0
        return int(told["gross_fen"]) - int(told["withheld_fen"]) - int(told["held_fen"])


class RunStep(SealedModel):
    """One step of a run: who, when, from what to what, in which words. Only ever added to."""

    personal_data: ClassVar[PersonalData] = STAFF

    run = models.ForeignKey(PaymentRun, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80)
    act = models.CharField(max_length=20)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10, blank=True)
    detail = models.JSONField(default=dict)
    words = Secret()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.act} of run {self.run_id}"


class PayStart(models.Model):
    """From which month on a benefit is paid here; months before were paid by others."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    region_code = models.CharField(max_length=12)
    benefit = models.CharField(max_length=40)
    month = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["region_code", "benefit"], name="paystart_once"),
        ]

    def __str__(self) -> str:
        return f"{self.benefit} in {self.region_code} from {self.month}"


class Line(models.Model):
    """What a run adds to (or takes from) one month of a person's benefit."""

    personal_data: ClassVar[PersonalData] = MONEY

    run = models.ForeignKey(
        PaymentRun, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    person = person_key()
    benefit = models.CharField(max_length=40)
    month = models.IntegerField()
    fen = models.BigIntegerField()
    kind = models.CharField(max_length=10, choices=LineKind)
    held = models.BooleanField(default=False, help_text="waits; does not count as paid")

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["run", "person"], name="payline_run"),
            models.Index(fields=["person"], name="payline_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.fen}"


class Payment(models.Model):
    """The money of a person and benefit in a run, and where it stands."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("identity", "poverty", "place"), retired=KEPT
    )

    run = models.ForeignKey(
        PaymentRun, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    person = person_key()
    name = models.CharField(max_length=80, blank=True, help_text="as on the list of that month")
    place_code = models.CharField(max_length=12)
    benefit = models.CharField(max_length=40)
    gross_fen = models.BigIntegerField(help_text="of all its lines that add")
    withheld_fen = models.BigIntegerField(default=0)
    paid_fen = models.BigIntegerField(default=0)
    open_fen = models.BigIntegerField(default=0, help_text="on its way to the bank")
    attempts = models.SmallIntegerField(default=0)
    token = KeyedTextField(max_length=64, blank=True, help_text="stands for an account")
    state = models.CharField(max_length=8, choices=PaymentState, default=PaymentState.READY)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["person"], name="payment_person"),
            models.Index(
                fields=["run", "state"],
                condition=models.Q(state__in=["held", "failed"]),
                name="payment_waiting",
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "person", "benefit"], name="payment_once"),
            models.CheckConstraint(
                condition=models.Q(
                    gross_fen__gte=models.F("withheld_fen")
                    + models.F("paid_fen")
                    + models.F("open_fen")
                ),
                name="payment_never_more_than_owed",
                violation_error_message="发放、在途和扣回合计不能超过应发。",
            ),
        ]

    def __str__(self) -> str:
        return f"payment {self.pk}"

    @property
    def owed_fen(self) -> int:
        """What is still to be sent."""
        return self.gross_fen - self.withheld_fen - self.paid_fen - self.open_fen

    @property
    def net_fen(self) -> int:
        """What goes to the person."""
        return self.gross_fen - self.withheld_fen


class Finding(SealedModel):
    """What a check found of a payment, and what a person said of it."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("poverty", "place", "staff"), retired=KEPT
    )

    run = models.ForeignKey(PaymentRun, on_delete=models.CASCADE, related_name="+")
    person = person_key()
    place_code = models.CharField(max_length=12)
    benefit = models.CharField(max_length=40)
    code = models.CharField(max_length=20)
    stops = models.BooleanField()
    fen = models.BigIntegerField(default=0)
    decision = models.CharField(max_length=8, choices=Decision, blank=True, default="")
    decided_by_id = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    reason = Secret()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["run", "person"], name="payfinding_person")]

    def __str__(self) -> str:
        return f"{self.code} in run {self.run_id}"


class Recusal(SealedModel):
    """Money of an approver's own household in a submitted run, and another approver's word on it.

    It counts for that submission only: what is given back and submitted again is asked anew.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("family", "poverty", "place", "staff"), retired=KEPT
    )

    run = models.ForeignKey(PaymentRun, on_delete=models.CASCADE, related_name="recusals")
    submitted = models.ForeignKey(RunStep, on_delete=models.PROTECT, related_name="+")
    person = person_key()
    name = models.CharField(max_length=80, blank=True, help_text="as on the list of that month")
    fen = models.BigIntegerField(help_text="what the run pays the person, all benefits together")
    claimed_fen = models.BigIntegerField(default=0, help_text="what the run claims back")
    asked_by_id = models.BigIntegerField(help_text="the approver whose household it is")
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()
    agreed = models.BooleanField(null=True, help_text="empty: waits for the other approver")
    decided_by_id = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    words = Secret()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "submitted", "person", "asked_by_id"], name="recusal_once"
            ),
            models.CheckConstraint(
                condition=models.Q(decided_by_id__isnull=True)
                | ~models.Q(decided_by_id=models.F("asked_by_id")),
                name="recusal_by_another",
                violation_error_message="自己家里人的款项不能由自己复核。",
            ),
        ]

    def __str__(self) -> str:
        return f"recusal {self.pk} of run {self.run_id}"


class Difference(models.Model):
    """Why a person's money differs from last month's. Who gets the same has no row."""

    personal_data: ClassVar[PersonalData] = MONEY

    run = models.ForeignKey(PaymentRun, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = person_key()
    place_code = models.CharField(max_length=12)
    benefit = models.CharField(max_length=40)
    before_fen = models.BigIntegerField()
    now_fen = models.BigIntegerField()
    difference = models.CharField(max_length=8)
    code = models.CharField(max_length=20)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["run", "difference", "code"], name="paydiff_reason")
        ]

    def __str__(self) -> str:
        return f"{self.difference} {self.code}"


class MonthChoice(models.Model):
    """What was chosen among benefits that met in a month, and the money not paid."""

    personal_data: ClassVar[PersonalData] = MONEY

    run = models.ForeignKey(PaymentRun, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = person_key()
    place_code = models.CharField(max_length=12)
    benefit = models.CharField(max_length=40)
    month = models.IntegerField()
    due_fen = models.BigIntegerField(null=True, help_text="empty: not known")
    paid_fen = models.BigIntegerField()
    state = models.CharField(max_length=8)
    code = models.CharField(max_length=16)
    against = models.CharField(max_length=200, blank=True)
    clause = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["run", "code"], name="paychoice_run"),
            models.Index(fields=["person"], name="paychoice_person"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.benefit}"
