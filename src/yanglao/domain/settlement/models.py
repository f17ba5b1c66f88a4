"""Payment runs, their lines, payments, attempts and files; claims; the books.

A row of the books (:class:`Entry`) has one amount, one debit and one credit account, so debits and
credits cannot differ, not even for a moment; :class:`Posting` shows it as two lines. Triggers keep
the books from being changed, constraints keep every act on its own two accounts.
"""

from typing import ClassVar

from django.db import models

from yanglao.domain.settlement.types import (
    SIDES,
    AttemptState,
    ClaimState,
    Decision,
    FileState,
    LineKind,
    PaymentState,
    RunState,
    Verdict,
    WriteOffState,
)
from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData
from yanglao.foundation.secrets import KeyedTextField, SealedModel, Secret

#: 会计档案管理办法: books and vouchers of public money are kept thirty years.
_KEPT = "kept thirty years as accounting records (会计档案管理办法), then removed"
_MONEY = PersonalData(kinds=("poverty", "place"), retired=_KEPT)
_STAFF = PersonalData(kinds=("staff",), retired=_KEPT)


def _person() -> models.ForeignKey:
    """Return the key to whose money it is; books outlive a file, so nothing hangs on it."""
    return models.ForeignKey(
        "people.Person",
        on_delete=models.DO_NOTHING,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )


class PaymentRun(models.Model):
    """One month's payment of some benefits in an area."""

    personal_data: ClassVar[PersonalData] = _STAFF

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


class RunStep(SealedModel):
    """One step of a run: who, when, from what to what, in which words. Only ever added to."""

    personal_data: ClassVar[PersonalData] = _STAFF

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

    personal_data: ClassVar[PersonalData] = _MONEY

    run = models.ForeignKey(
        PaymentRun, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    person = _person()
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
        kinds=("identity", "poverty", "place"), retired=_KEPT
    )

    run = models.ForeignKey(
        PaymentRun, on_delete=models.CASCADE, related_name="+", db_index=False, db_constraint=False
    )
    person = _person()
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
        kinds=("poverty", "place", "staff"), retired=_KEPT
    )

    run = models.ForeignKey(PaymentRun, on_delete=models.CASCADE, related_name="+")
    person = _person()
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


class Difference(models.Model):
    """Why a person's money differs from last month's. Who gets the same has no row."""

    personal_data: ClassVar[PersonalData] = _MONEY

    run = models.ForeignKey(PaymentRun, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = _person()
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

    personal_data: ClassVar[PersonalData] = _MONEY

    run = models.ForeignKey(PaymentRun, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = _person()
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


class PaidElsewhere(models.Model):
    """Another payer's word that he pays a person's benefit in a month."""

    personal_data: ClassVar[PersonalData] = _MONEY

    person = _person()
    place_code = models.CharField(max_length=12)
    benefit = models.CharField(max_length=40)
    month = models.IntegerField()
    payer = models.CharField(max_length=80)
    told_at = models.DateTimeField()
    told_by = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "benefit", "month"], name="paid_elsewhere_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.benefit} of {self.person_id} in {self.month}"


class BankFile(models.Model):
    """A file for the bank: written down with all its attempts before it is handed over."""

    personal_data: ClassVar[PersonalData] = _STAFF

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

    personal_data: ClassVar[PersonalData] = _MONEY

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

    personal_data: ClassVar[PersonalData] = _STAFF

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

    personal_data: ClassVar[PersonalData] = _MONEY

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


class Claim(models.Model):
    """Money that a person got and was not due: to be kept back, repaid, or written off."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("identity", "poverty", "place", "staff"), retired=_KEPT
    )

    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="+")
    person = _person()
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

    personal_data: ClassVar[PersonalData] = _MONEY

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

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("poverty", "staff"), retired=_KEPT)

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


class Entry(models.Model):
    """One booking: an amount from the credit account to the debit account. Never changed.

    ``payment_ref``, ``claim_ref``, ``attempt`` and ``source_ref`` (the repayment or write-off, or
    the payment for a claim) are nought where there is none: together with the act they are its
    key, so that nothing is booked twice.
    """

    personal_data: ClassVar[PersonalData] = _MONEY

    act = models.SmallIntegerField()
    debit = models.SmallIntegerField()
    credit = models.SmallIntegerField()
    fen = models.BigIntegerField()
    booked_on = models.DateField()
    run = models.ForeignKey(
        PaymentRun, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    person = _person()
    place_code = models.CharField(max_length=12)
    benefit = models.CharField(max_length=40)
    payment_ref = models.BigIntegerField(default=0)
    claim_ref = models.BigIntegerField(default=0)
    attempt = models.SmallIntegerField(default=0)
    source_ref = models.BigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["run", "act"], name="entry_run"),
            models.Index(
                fields=["claim_ref"], condition=models.Q(claim_ref__gt=0), name="entry_claim"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["payment_ref", "claim_ref", "act", "attempt", "source_ref"],
                name="entry_booked_once",
            ),
            models.CheckConstraint(
                condition=models.Q(fen__gt=0),
                name="entry_of_money",
                violation_error_message="记账金额必须大于零。",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    *[
                        models.Q(act=int(act), debit=int(debit), credit=int(credit))
                        for act, (debit, credit) in SIDES.items()
                    ],
                    _connector=models.Q.OR,
                ),
                name="entry_on_its_accounts",
                violation_error_message="借贷科目与业务不符。",
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"


class Posting(models.Model):
    """An entry as two lines, debit and credit: a view, only ever read."""

    personal_data: ClassVar[PersonalData] = _MONEY

    entry = models.ForeignKey(Entry, on_delete=models.DO_NOTHING, related_name="+")
    account = models.SmallIntegerField()
    debit_fen = models.BigIntegerField()
    credit_fen = models.BigIntegerField()
    booked_on = models.DateField()
    place_code = models.CharField(max_length=12)

    class Meta:
        managed = False
        db_table = "settlement_posting"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"posting {self.pk}"


class Tally(models.Model):
    """What one booking of many entries came to, by town and benefit: what pages add up.

    Written in the transaction of the entries themselves; ``queries.books.tally_gaps`` compares.
    """

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    booked_on = models.DateField()
    act = models.SmallIntegerField()
    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="+")
    benefit = models.CharField(max_length=40)
    place_code = models.CharField(max_length=12, help_text="a town")
    number = models.IntegerField()
    fen = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["booked_on", "act"], name="tally_day")]

    def __str__(self) -> str:
        return f"{self.act} {self.fen}"
