"""Bank accounts that benefits are paid to."""

from typing import ClassVar

from django.db import models

from yanglao.domain.benefits.types import AccountKind, AccountState
from yanglao.foundation.privacy import PersonalData
from yanglao.foundation.secrets import BlindIndexField, SealedModel, Secret


class PayAccount(SealedModel):
    """An account from a day to before another. The number is sealed; its token stands for it."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("identity", "income", "staff"),
        retired="ten years after the last payment (会计档案管理办法), then removed",
    )

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    place_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=6, choices=AccountKind)
    bank = models.CharField(max_length=60, blank=True)
    number = Secret()
    holder = Secret()
    token = BlindIndexField(of="number", db_index=True)
    tail = Secret()
    first = models.DateField()
    end = models.DateField(null=True)
    state = models.CharField(max_length=10, choices=AccountState, default=AccountState.WAITING)
    entered_at = models.DateTimeField()
    entered_by_id = models.BigIntegerField(null=True)
    entered_by = models.CharField(max_length=80)
    confirmed_by_id = models.BigIntegerField(null=True)
    confirmed_by = models.CharField(max_length=80, blank=True)
    #: List and row when it came with a list, and why it was refused.
    words = Secret()

    class Meta:
        ordering: ClassVar = ["-first", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["place_code", "state"], name="benefit_account_place"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(end=None) | models.Q(end__gt=models.F("first")),
                name="benefit_account_days",
                violation_error_message="账户的停用日期要晚于启用日期。",
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_by_id=None)
                | models.Q(entered_by_id=None)
                | ~models.Q(confirmed_by_id=models.F("entered_by_id")),
                name="benefit_account_two_people",
                violation_error_message="录入和复核不能是同一个人。",
            ),
        ]

    def __str__(self) -> str:
        return f"account {self.pk}"
