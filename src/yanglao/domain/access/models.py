"""Grants to look outside one's area, whom they name, and masked values that were opened."""

from typing import ClassVar

from django.db import models

from yanglao.domain.access.types import GrantState, Purpose
from yanglao.foundation.privacy import PersonalData
from yanglao.foundation.secrets import SealedModel, Secret


class Grant(SealedModel):
    """An officer may look at people of another area: for a purpose, some data, from day to day."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="kept six years after its last day, with the record of acts"
    )

    account = models.ForeignKey(
        "accounts.Account",
        on_delete=models.PROTECT,  # who looked must stay traceable
        related_name="+",
    )
    account_area = models.CharField(max_length=12, help_text="of the account when it asked")
    owner_area = models.CharField(
        max_length=12, db_index=True, help_text="whose people they are; its officers decide"
    )
    whole_area = models.BooleanField(default=False, help_text="all people of owner_area")
    kinds = models.JSONField(default=list)
    #: What for, in the asker's words, which may name a person.
    purpose = Secret()
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=8, choices=GrantState, default=GrantState.ASKED)
    numbers_asked = models.IntegerField(
        default=0, help_text="ID numbers given; which of them are people is for the owner to see"
    )
    asked_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by_name = models.CharField(max_length=80, blank=True)
    decision_note = Secret()
    ended_at = models.DateTimeField(null=True, help_text="when it was taken back")
    ended_by_name = models.CharField(max_length=80, blank=True)
    end_reason = Secret()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(fields=["account", "state", "ends_on"], name="access_grant_of_account")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")),
                name="access_grant_days",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return f"grant {self.pk} {self.account_area} -> {self.owner_area}"


class GrantPerson(models.Model):
    """A person whom a grant names."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("identity",), retired="with the grant, or with the person's file"
    )

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="people")
    person = models.ForeignKey(
        "people.Person",
        on_delete=models.CASCADE,  # there is nobody left to look at
        related_name="+",
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["grant", "person"], name="access_person_once")
        ]

    def __str__(self) -> str:
        return f"{self.grant_id}: {self.person_id}"


class Opening(SealedModel):
    """Masked values of one person that an account has opened, for a purpose and a short while."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="of no use after its end; the record of acts keeps who and why"
    )

    account_id = models.BigIntegerField()
    person = models.ForeignKey(
        "people.Person",
        on_delete=models.CASCADE,  # there is nobody left to look at
        related_name="+",
    )
    fields = models.JSONField(default=list)
    purpose = models.CharField(max_length=10, choices=Purpose)
    note = Secret()
    opened_at = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["account_id", "person", "until"], name="access_opening_valid")
        ]

    def __str__(self) -> str:
        return f"{self.account_id} sees {self.person_id} until {self.until:%H:%M}"
