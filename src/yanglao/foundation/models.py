"""Audit entries, jobs, and the outbox."""

from typing import ClassVar

from django.db import models

from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData
from yanglao.foundation.secrets.envelopes import SealedValueField
from yanglao.foundation.secrets.keys import KeyProblem
from yanglao.foundation.secrets.sealing import SealBroken, seal, unseal

#: What the reasons of the record are sealed for.
_REASON = "foundation.auditentry.reason"


class AuditEntry(models.Model):
    """One line of who did what to which thing, when, from where and why. Only ever added to.

    Triggers refuse changes (``foundation.audit.guards``); ``mark``, ``mac`` and :class:`AuditLink`
    show those that get past them.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="kept six years (GB/T 22239-2019 8.1.4.3), then archived"
    )

    at = models.DateTimeField(db_index=True)
    user_id = models.BigIntegerField(null=True, db_index=True)
    user_name = models.CharField(max_length=80)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=60, blank=True)
    subject_id = models.CharField(max_length=60, blank=True)
    place_code = models.CharField(max_length=12, blank=True)
    reason_open = models.CharField(
        max_length=200,
        blank=True,
        db_column="reason",
        help_text="of entries older than sealed_reason; empty in all others",
    )
    #: No ``SealedField``: the record is only ever added to, so a new key does not seal it anew.
    sealed_reason = models.BinaryField(null=True, help_text="purpose, in the user's words, SM4-GCM")
    kind = models.CharField(
        max_length=5, choices=[("read", "查看"), ("write", "办理")], default="write"
    )
    result = models.CharField(
        max_length=8, choices=[("done", "完成"), ("refused", "被拒绝")], default="done"
    )
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=120, blank=True)
    detail = models.JSONField(default=dict)
    mark = models.CharField(max_length=32, unique=True, help_text="random: no entry stands twice")
    key_version = models.SmallIntegerField(help_text="of the key that made mac")
    mac = models.CharField(max_length=64, help_text="HMAC-SM3 of all the above")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["subject", "subject_id"]),
            models.Index(fields=["action", "id"], name="audit_action_id"),
        ]
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.user_name} {self.action}"

    @property
    def reason(self) -> str:
        """The purpose, in the user's words; they may be about anybody, so they are sealed."""
        if self.sealed_reason is None:
            return self.reason_open
        try:
            return unseal(_REASON, self.sealed_reason)
        except (SealBroken, KeyProblem):
            return "（没有对应的密钥，打不开）"

    @reason.setter
    def reason(self, words: str) -> None:
        self.reason_open = ""
        self.sealed_reason = seal(_REASON, words) if words else None


class AuditLink(models.Model):
    """A link of the chain over the entries: their order, and that none is missing or changed."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    number = models.BigIntegerField(primary_key=True)
    # No foreign key: that its entry is gone is for the check to find, not for the database to heal.
    entry_id = models.BigIntegerField(unique=True)
    digest = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.number} {self.digest[:12]}"


class AuditHead(models.Model):
    """The one end of the chain. Only a holder of the keys can make its ``mac``."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    id = models.SmallIntegerField(primary_key=True)
    number = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    at = models.DateTimeField()
    key_version = models.SmallIntegerField()
    mac = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"head at {self.number}"


class KeyMark(models.Model):
    """Tells keys that are not this database's: sealed with each version; 0 is the index key."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    version = models.SmallIntegerField(primary_key=True)
    mark = models.BinaryField()

    class Meta:
        ordering: ClassVar = ["version"]

    def __str__(self) -> str:
        return f"key {self.version}"


class IndexChange(models.Model):
    """How far a new index key has come in one column; rows are there only while it goes on."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    table = models.CharField(max_length=80, primary_key=True)
    key_number = models.SmallIntegerField(help_text="which index key, from 1, is being added")
    after = models.BigIntegerField(null=True, help_text="primary key of the last row that has it")
    done = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["table"]

    def __str__(self) -> str:
        return f"{self.table} after {self.after}"


class Job(models.Model):
    """Work deferred by name; a worker takes it up after the transaction that asked for it."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="removed 90 days after it ended"
    )

    class State(models.TextChoices):
        """What became of a job."""

        WAITING = "waiting", "等待"
        RUNNING = "running", "进行中"
        DONE = "done", "完成"
        FAILED = "failed", "失败"

    name = models.CharField(max_length=80)
    arguments = SealedValueField(default=dict, null=True)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING, db_index=True)
    asked_at = models.DateTimeField()
    asked_by_id = models.BigIntegerField(null=True)
    asked_by_name = models.CharField(max_length=80)
    area = models.CharField(max_length=12)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    outcome = SealedValueField(default=dict, null=True)
    #: The trace of what went wrong; traces quote values.
    error = SealedValueField(default="", null=True)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})"


class OutboxEvent(models.Model):
    """Something that other systems may want to know, written in the transaction of the act."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    at = models.DateTimeField()
    kind = models.CharField(max_length=40, help_text="list_taken_in, findings_changed, lead_moved")
    place_code = models.CharField(max_length=12, help_text="whom it concerns")
    body = models.JSONField(default=dict, help_text="ids and counts; never anything of a person")
    passed_on = models.BooleanField(default=False, help_text="every subscriber has his copy")

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(
                fields=["id"], condition=models.Q(passed_on=False), name="outbox_not_passed_on"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
