"""The account table."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models

from yanglao.domain.accounts.types import ROLE_LABELS, Role
from yanglao.foundation.privacy import PersonalData


class Account(AbstractUser):
    """One officer, one account. The role says what, the area says where."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="disabled when the officer leaves; kept for the audit trail"
    )

    role = models.CharField(
        max_length=12, choices=[(role.value, ROLE_LABELS[role]) for role in Role]
    )
    area_code = models.CharField(max_length=12)
    department = models.CharField(max_length=12, blank=True)
    display_name = models.CharField(max_length=40)
    invented = models.BooleanField(default=False, help_text="demo account")

    class Meta:
        ordering: ClassVar = ["area_code", "username"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(role="clerk") | ~models.Q(department=""),
                name="account_clerk_has_department",
                violation_error_message="部门经办必须写明部门。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.display_name}（{self.username}）"
