"""Service records as providers hand them in, and the settlements made from them."""

from typing import ClassVar

from django.db import models

from yanglao.domain.ltci.types import Place, StatementState
from yanglao.foundation.privacy import PersonalData
from yanglao.foundation.secrets import KeyedTextField, SealedModel, Secret

_RETIRED = "ten years after the month (会计档案管理办法: 凭证), then the row is removed"


class RecordBatch(SealedModel):
    """One file of service records: what was taken, and the rows that went back."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "staff"), retired=_RETIRED
    )

    provider = models.ForeignKey("ltci.Provider", on_delete=models.PROTECT, related_name="+")
    place_code = models.CharField(max_length=12, db_index=True, help_text="of the provider")
    month = models.DateField()
    digest = KeyedTextField(max_length=64, help_text="keyed digest of the file")
    received = models.IntegerField()
    accepted = models.IntegerField()
    repeated = models.IntegerField(help_text="rows that were known already")
    sent_at = models.DateTimeField()
    sent_by_id = models.BigIntegerField(null=True)
    sent_by = models.CharField(max_length=80)
    #: Name of the file; the header; rows that went back as [where, [cells], reason].
    file_name = Secret()
    header = Secret(blank=[])
    returned_rows = Secret(blank=[])

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"batch {self.pk}"

    @property
    def returned(self) -> int:
        """How many rows went back."""
        return self.received - self.accepted - self.repeated


class ServiceRecord(models.Model):
    """One visit, or one day in an institution."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "place"), retired=_RETIRED
    )

    batch = models.ForeignKey(RecordBatch, on_delete=models.CASCADE, related_name="records")
    provider = models.ForeignKey("ltci.Provider", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    place_code = models.CharField(max_length=12)
    care_place = models.CharField(max_length=12, choices=Place)
    day = models.DateField()
    start = models.IntegerField(help_text="minutes after midnight; 0 in an institution")
    amount = models.IntegerField(help_text="minutes, or 1 day")
    task = models.CharField(max_length=40, blank=True)
    row = models.CharField(max_length=60, help_text="sheet and row")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)
    payable = models.IntegerField(null=True, help_text="of the last computation; empty: none yet")
    verdict = models.CharField(max_length=20, blank=True, help_text="why less than the amount")
    paid_in = models.ForeignKey(
        "ltci.Statement", on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["day", "start", "id"]
        indexes: ClassVar = [
            models.Index(fields=["provider", "day"], name="ltci_record_provider"),
            models.Index(fields=["person", "day"], name="ltci_record_person"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "person", "care_place", "day", "start"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="ltci_record_once",
                violation_error_message="这条服务记录已经有了。",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0),
                name="ltci_record_amount",
                violation_error_message="服务时长要大于 0。",
            ),
        ]

    def __str__(self) -> str:
        return f"record {self.pk}"


class Statement(models.Model):
    """A settlement of a provider's month; the second and later ones bring what changed since."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("staff",), retired=_RETIRED)

    provider = models.ForeignKey("ltci.Provider", on_delete=models.PROTECT, related_name="+")
    place_code = models.CharField(max_length=12, help_text="of the provider")
    month = models.DateField()
    number = models.IntegerField(help_text="counts the settlements of the month from 1")
    state = models.CharField(max_length=10, choices=StatementState, default=StatementState.DRAFT)
    computed_at = models.DateTimeField()
    prepared_by_id = models.BigIntegerField(null=True)
    prepared_by = models.CharField(max_length=80)
    submitted_at = models.DateTimeField(null=True)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    paid_on = models.DateField(null=True)
    fingerprint = KeyedTextField(max_length=64, help_text="keyed digest of all lines")
    people = models.IntegerField(default=0)
    deducted_fen = models.BigIntegerField(default=0)
    fee_fen = models.BigIntegerField(default=0)
    fund_fen = models.BigIntegerField(default=0)
    person_fen = models.BigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-month", "provider_id", "-number"]
        indexes: ClassVar = [
            models.Index(fields=["place_code", "month", "state"], name="ltci_statement_place"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["provider", "month", "number"], name="ltci_statement_number"
            ),
            models.UniqueConstraint(
                fields=["provider", "month"],
                condition=models.Q(state__in=["draft", "submitted"]),
                name="ltci_statement_one_open",
                violation_error_message="这家机构这个月已经有一张没办完的结算单。",
            ),
            models.CheckConstraint(
                condition=models.Q(fee_fen=models.F("fund_fen") + models.F("person_fen")),
                name="ltci_statement_balanced",
                violation_error_message="基金和个人两部分之和应等于费用。",
            ),
        ]

    def __str__(self) -> str:
        return f"statement {self.pk}"


class StatementLine(models.Model):
    """One person under one plan: the whole month's due, and what this settlement adds to it.

    ``fee_fen``, ``fund_fen``, ``person_fen`` are what is added (negative: taken back);
    ``due_…`` is the month as known now; the difference was in earlier settlements.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "poverty"), retired=_RETIRED
    )

    statement = models.ForeignKey(Statement, on_delete=models.CASCADE, related_name="lines")
    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="+")
    plan = models.ForeignKey("ltci.CarePlan", on_delete=models.PROTECT, null=True, related_name="+")
    care_place = models.CharField(max_length=12, choices=Place)
    level = models.SmallIntegerField()
    claimed = models.IntegerField()
    approved = models.IntegerField()
    payable = models.IntegerField()
    due_fee_fen = models.BigIntegerField()
    due_fund_fen = models.BigIntegerField()
    due_person_fen = models.BigIntegerField()
    over_ceiling_fen = models.BigIntegerField(default=0)
    fee_fen = models.BigIntegerField()
    fund_fen = models.BigIntegerField()
    person_fen = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["statement_id", "person_id", "id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["statement", "person", "plan", "care_place"], name="ltci_line_once"
            ),
            models.CheckConstraint(
                condition=models.Q(fee_fen=models.F("fund_fen") + models.F("person_fen"))
                & models.Q(due_fee_fen=models.F("due_fund_fen") + models.F("due_person_fen")),
                name="ltci_line_balanced",
                violation_error_message="基金和个人两部分之和应等于费用。",
            ),
        ]

    def __str__(self) -> str:
        return f"line {self.pk}"


class Deduction(models.Model):
    """A part of a person's month that is not paid, and why."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("health",), retired=_RETIRED)

    line = models.ForeignKey(StatementLine, on_delete=models.CASCADE, related_name="deductions")
    code = models.CharField(max_length=20)
    amount = models.IntegerField()
    fen = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["line_id", "id"]

    def __str__(self) -> str:
        return f"deduction {self.pk}"
