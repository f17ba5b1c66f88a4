"""Runs of the match and what they found.

A finding is an interval: it stands from the run that first found it to the run that no longer
did, so a run in which nothing changed writes nothing but itself, and any past run can be read.
"""

from typing import ClassVar

from django.db import models

from yanglao.domain.entitlements.types import ChangeKind, Status
from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData

_RETIRED = "with the person's file: ten years after death, then the row is removed"


class Run(models.Model):
    """One pass of everybody (or of a few people) against the whole catalogue."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="kept: it explains decisions"
    )

    class State(models.TextChoices):
        """A run is written in one transaction; ``failed`` is kept to say why."""

        DONE = "done", "完成"
        FAILED = "failed", "失败"

    pack_version = models.ForeignKey(
        "catalogue.PackVersion",
        on_delete=models.PROTECT,  # reproducible from its pack
        related_name="+",
    )
    pack_hash = models.CharField(max_length=64)
    as_of = models.DateField()
    region_code = models.CharField(max_length=12)
    whole_region = models.BooleanField(help_text="False: only some people were looked at again")
    up_to_batch = models.BigIntegerField(default=0, help_text="last exchange.Batch it had seen")
    people = models.IntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.DONE)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    run_by_id = models.BigIntegerField(null=True)
    run_by = models.CharField(max_length=80)
    timings = models.JSONField(default=dict, help_text="seconds per step")
    first = models.BooleanField(default=False, help_text="nothing to compare with")

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"run {self.pk} as of {self.as_of}"


class RunItem(models.Model):
    """Counts of a run for one item, and whether the item is held for a person to release."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("staff",), retired="with its run")

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="items")
    item = models.ForeignKey(
        "catalogue.Item",
        on_delete=models.PROTECT,  # counts name their item
        related_name="+",
    )
    yes = models.IntegerField(default=0)
    possible = models.IntegerField(default=0)
    delivered = models.IntegerField(default=0)
    new = models.IntegerField(default=0)
    lost = models.IntegerField(default=0)
    changed = models.IntegerField(default=0)
    held_reason = models.CharField(max_length=200, blank=True)
    released_by = models.CharField(max_length=80, blank=True)
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["run", "item"], name="run_item_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} in run {self.run_id}"

    @property
    def held(self) -> bool:
        """Whether it still waits for a person."""
        return bool(self.held_reason) and self.released_at is None


class Outcome(models.Model):
    """An answer with its reason, shared by all people for whom it is word for word the same."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    key = models.CharField(max_length=40, unique=True)
    item = models.ForeignKey(
        "catalogue.Item",
        on_delete=models.PROTECT,  # an answer is about an item
        related_name="+",
    )
    status = models.SmallIntegerField(choices=Status)
    tier = models.CharField(max_length=40, blank=True)
    amount_fen = models.BigIntegerField(null=True)
    delivered = models.BooleanField()
    reason = models.TextField()
    used = models.JSONField(default=dict, help_text="fact to value it turned on")
    missing = models.JSONField(default=list, help_text="unknown facts it hangs on")

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["item", "status"])]

    def __str__(self) -> str:
        return f"{self.item_id} {self.status}"


class Finding(models.Model):
    """One person's answer for one item, from a run until (not including) another."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("poverty", "health"), retired=_RETIRED
    )

    person = models.ForeignKey(
        "people.Person",
        on_delete=models.CASCADE,  # an answer about nobody is nothing
        related_name="+",
        db_index=False,
    )
    item = models.ForeignKey(
        "catalogue.Item", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    outcome = models.ForeignKey(
        Outcome,
        on_delete=models.PROTECT,  # the reason must stay readable
        related_name="+",
        db_index=False,
    )
    run_from = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+", db_index=False)
    run_to = models.ForeignKey(
        Run, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "item"],
                condition=models.Q(run_to__isnull=True),
                name="finding_one_current",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.item_id}"


class Change(models.Model):
    """What a run changed for a person and why. Not written for the first run: all is new there."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("poverty", "health"), retired=_RETIRED
    )

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="changes")
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    place_code = models.CharField(max_length=12)
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=ChangeKind)
    before = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="+", null=True)
    after = models.ForeignKey(Outcome, on_delete=models.PROTECT, related_name="+", null=True)
    cause = models.CharField(max_length=300, help_text="which fact, or which pack version")

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["run", "item", "kind", "place_code"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id} {self.item_id}"


class Tally(models.Model):
    """How many people of a village (or town) have an answer: what pages count with."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="tallies")
    place_code = models.CharField(max_length=12)
    item = models.ForeignKey("catalogue.Item", on_delete=models.PROTECT, related_name="+")
    status = models.SmallIntegerField(choices=Status)
    delivered = models.BooleanField()
    people = models.IntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "place_code", "item", "status", "delivered"], name="tally_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_code} {self.item_id} {self.people}"
