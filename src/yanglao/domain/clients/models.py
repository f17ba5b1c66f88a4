"""Keys, kept answers, hooks and their deliveries."""

from typing import ClassVar

from django.db import models

from yanglao.domain.clients.types import DeliveryState, Signing
from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData
from yanglao.foundation.secrets import SealedField


class ApiKey(models.Model):
    """What another system shows to be let in. Only a digest of the secret is kept."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="kept six years after it ended: the audit trail names it"
    )

    name = models.CharField(max_length=40, help_text="which system")
    handle = models.CharField(max_length=12, unique=True, help_text="public part of the key")
    digest = models.CharField(max_length=64, help_text="SM3 of the whole key")
    scopes = models.JSONField(default=list)
    purposes = models.JSONField(default=list)
    kinds = models.JSONField(default=list, help_text="list kinds it may push; empty: all")
    area_code = models.CharField(max_length=12)
    per_minute = models.IntegerField(default=60)
    per_day = models.IntegerField(default=10_000)
    expires_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=80, blank=True)
    last_used_at = models.DateTimeField(null=True)
    minute = models.CharField(max_length=16, blank=True, help_text="the minute counted now")
    minute_count = models.IntegerField(default=0)
    day_count = models.IntegerField(default=0, help_text="requests of the day of that minute")

    class Meta:
        ordering: ClassVar = ["area_code", "id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.handle})"


class KeptAnswer(models.Model):
    """A request that must not act twice, and the ids of what came of it; kept for seven days."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    key = models.ForeignKey(ApiKey, on_delete=models.CASCADE, related_name="kept")
    idempotency_key = models.CharField(max_length=120)
    asked = models.CharField(max_length=64, help_text="SM3 of method, address and body")
    outcome = models.JSONField(null=True, help_text="ids; empty while the act goes on")
    made_at = models.DateTimeField(db_index=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["key", "idempotency_key"], name="kept_answer_once"),
        ]

    def __str__(self) -> str:
        return f"{self.key_id} {self.idempotency_key}"


class Hook(models.Model):
    """An address of another system that is told what happens in an area."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="kept six years after it ended: the audit trail names it"
    )

    name = models.CharField(max_length=40)
    url = models.CharField(max_length=500)
    area_code = models.CharField(max_length=12)
    events = models.JSONField(default=list)
    signing = models.CharField(max_length=8, choices=Signing, default=Signing.SHA256)
    sealed_secret = SealedField(sealed_for="webhook")
    active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["area_code", "id"]

    def __str__(self) -> str:
        return self.name


class Delivery(models.Model):
    """One event for one hook: what is sent, how often it was tried, what became of it."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    event_id = models.BigIntegerField(help_text="foundation.OutboxEvent")
    kind = models.CharField(max_length=40)
    body = models.JSONField(default=dict)
    state = models.CharField(max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    tries = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    status = models.IntegerField(default=0, help_text="last HTTP status; 0: nobody answered")
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["state", "next_at"], name="delivery_due")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["hook", "event_id"], name="delivery_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.hook_id}"
