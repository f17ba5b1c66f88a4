"""Providers, benefits, care plans, and when a person was not there."""

from typing import ClassVar

from django.db import models

from yanglao.domain.ltci.types import (
    AbsenceKind,
    BenefitState,
    Place,
    PlanState,
    ProviderKind,
    StopCause,
)
from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData
from yanglao.foundation.secrets import SealedModel, Secret

_RETIRED = "with the person's file: ten years after death, then the row is removed"


class Provider(models.Model):
    """An organisation that has a contract with the fund (定点护理服务机构)."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    name = models.CharField(max_length=80)
    credit_code = models.CharField(max_length=18, unique=True, help_text="GB 32100-2015")
    kind = models.CharField(max_length=12, choices=ProviderKind)
    place_code = models.CharField(max_length=12, db_index=True)
    contract_from = models.DateField()
    contract_to = models.DateField(null=True)

    class Meta:
        ordering: ClassVar = ["place_code", "name", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(contract_to__isnull=True)
                | models.Q(contract_to__gte=models.F("contract_from")),
                name="ltci_provider_contract",
                violation_error_message="协议止日不能早于起日。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Benefit(SealedModel):
    """Months in which a person has the benefit, by grade and place of care."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "place", "staff"), retired=_RETIRED
    )

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    place_code = models.CharField(max_length=12)
    grading = models.ForeignKey(
        "ltci.Grading",
        on_delete=models.PROTECT,
        null=True,
        related_name="benefits",
        help_text="empty: the grade stands in a list of 医保",
    )
    level = models.SmallIntegerField()
    care_place = models.CharField(max_length=12, choices=Place)
    state = models.CharField(max_length=10, choices=BenefitState, default=BenefitState.PREPARED)
    first_month = models.DateField()
    last_month = models.DateField(null=True, help_text="last month given; empty: goes on")
    monthly_fen = models.BigIntegerField(
        null=True, help_text="what the fund pays at most a month, by the parameters"
    )
    prepared_at = models.DateTimeField()
    prepared_by_id = models.BigIntegerField(null=True)
    prepared_by = models.CharField(max_length=80)
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    stop_cause = models.CharField(max_length=10, choices=StopCause, blank=True)
    words = Secret()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["place_code", "state", "first_month"], name="ltci_benefit_place"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state__in=["prepared", "approved"]),
                name="ltci_benefit_one_open",
                violation_error_message="这个人已经有一项没有停止的长护险待遇。",
            ),
            # A benefit that ended before it began was never given.
            models.CheckConstraint(
                condition=~models.Q(state="approved")
                | models.Q(last_month__isnull=True)
                | models.Q(last_month__gte=models.F("first_month")),
                name="ltci_benefit_months",
                violation_error_message="待遇止月不能早于起月。",
            ),
        ]

    def __str__(self) -> str:
        return f"ltci benefit {self.pk}"


class CarePlan(SealedModel):
    """What one provider may deliver to a person in a month, from a day on."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "staff"), retired=_RETIRED
    )

    benefit = models.ForeignKey(Benefit, on_delete=models.CASCADE, related_name="plans")
    provider = models.ForeignKey(Provider, on_delete=models.PROTECT, related_name="+")
    care_place = models.CharField(max_length=12, choices=Place)
    level = models.SmallIntegerField()
    first = models.DateField()
    last = models.DateField(null=True)
    amount = models.IntegerField(help_text="minutes a month at home, days in an institution")
    state = models.CharField(max_length=10, choices=PlanState, default=PlanState.PREPARED)
    prepared_by_id = models.BigIntegerField(null=True)
    prepared_by = models.CharField(max_length=80)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    #: What is to be done, in the officer's words.
    tasks = Secret()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["provider", "state"], name="ltci_plan_provider")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last__isnull=True) | models.Q(last__gte=models.F("first")),
                name="ltci_plan_days",
                violation_error_message="计划止日不能早于起日。",
            ),
            models.CheckConstraint(
                condition=models.Q(amount__gt=0),
                name="ltci_plan_amount",
                violation_error_message="计划的时长要大于 0。",
            ),
        ]

    def __str__(self) -> str:
        return f"care plan {self.pk}"


class Absence(SealedModel):
    """Days on which a person was in hospital, in another institution, or away."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "place", "staff"), retired=_RETIRED
    )

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    place_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=10, choices=AbsenceKind)
    first = models.DateField()
    last = models.DateField(null=True)
    entered_by = models.CharField(max_length=80)
    words = Secret()

    class Meta:
        ordering: ClassVar = ["-first", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(last__isnull=True) | models.Q(last__gte=models.F("first")),
                name="ltci_absence_days",
                violation_error_message="止日不能早于起日。",
            ),
        ]

    def __str__(self) -> str:
        return f"absence {self.pk}"
