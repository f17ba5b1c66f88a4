"""Runs of the match and what they found.

Most people share their answers with thousands of others. So an answer (:class:`Outcome`) is kept
once, and so is every combination of answers (:class:`AnswerSet`); a person has one narrow row that
names his combination. :class:`Finding` shows the same as one row per person and item.

A run in which nothing changed writes nothing but itself; answers that were replaced are kept with
their runs, so that any past run can be read.
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
        """A run is written in one transaction; a trial counts without replacing any answer."""

        DONE = "done", "完成"
        TRIAL = "trial", "试算"

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
    facts_file = models.CharField(
        max_length=60, blank=True, help_text="what it saw, in YANGLAO_HOME/runs"
    )
    facts_key = models.CharField(
        max_length=64,
        blank=True,
        help_text="hash of day, region and state of the data; equal keys mean equal facts",
    )
    compared_with = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,  # the differences name it
        null=True,
        related_name="+",
    )

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["state", "whole_region", "id"])]

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
    delivered = models.IntegerField(default=0, help_text="of yes: have it already")
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
    delivered = models.BooleanField(null=True, help_text="empty: not known, or told by hand only")
    reason = models.TextField()
    used = models.JSONField(default=dict, help_text="fact to value it turned on")
    missing = models.JSONField(default=list, help_text="unknown facts it hangs on")

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["item", "status"])]

    def __str__(self) -> str:
        return f"{self.item_id} {self.status}"


class AnswerSet(models.Model):
    """A combination of answers, shared by all people who have just these."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    key = models.TextField(unique=True, help_text="outcome ids in order: 3,17,240")

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return self.key


class AnswerSetOutcome(models.Model):
    """One answer of a combination."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    answer_set = models.ForeignKey(
        AnswerSet, on_delete=models.CASCADE, related_name="+", db_index=False
    )
    item = models.ForeignKey(
        "catalogue.Item",
        on_delete=models.PROTECT,  # an answer is about an item
        related_name="+",
        db_index=False,
    )
    outcome = models.ForeignKey(
        Outcome,
        on_delete=models.PROTECT,  # the reason must stay readable
        related_name="+",
    )

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["answer_set", "item"], name="answer_one_per_item"),
        ]

    def __str__(self) -> str:
        return f"{self.answer_set_id}: {self.outcome_id}"


class CurrentAnswers(models.Model):
    """What a person gets or could get now: one narrow row. Nobody without an answer has one."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("poverty", "health", "place"), retired=_RETIRED
    )

    person = models.OneToOneField(
        "people.Person",
        on_delete=models.CASCADE,  # an answer about nobody is nothing
        related_name="+",
        primary_key=True,
    )
    place_code = models.CharField(max_length=12, help_text="where he was served at that run")
    answer_set = models.ForeignKey(
        AnswerSet,
        on_delete=models.PROTECT,  # the answers must stay readable
        related_name="+",
        db_index=False,
    )
    run_from = models.ForeignKey(
        Run,
        on_delete=models.PROTECT,  # since when
        related_name="+",
        db_index=False,
    )

    class Meta:
        ordering: ClassVar = ["person"]

    def __str__(self) -> str:
        return f"answers of {self.person_id}"


class PastAnswers(models.Model):
    """What a person got or could get from a run until (not including) another."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("poverty", "health", "place"), retired=_RETIRED
    )

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    place_code = models.CharField(max_length=12)
    answer_set = models.ForeignKey(
        AnswerSet,
        on_delete=models.PROTECT,  # the answers must stay readable
        related_name="+",
        db_index=False,
    )
    run_from = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+", db_index=False)
    run_to = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"answers of {self.person_id} until run {self.run_to_id}"


class Finding(models.Model):
    """One person's present answer for one item: a view over the tables above, only ever read."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("poverty", "health", "place"), retired=_RETIRED
    )

    person = models.ForeignKey("people.Person", on_delete=models.DO_NOTHING, related_name="+")
    place_code = models.CharField(max_length=12)
    item = models.ForeignKey("catalogue.Item", on_delete=models.DO_NOTHING, related_name="+")
    outcome = models.ForeignKey(Outcome, on_delete=models.DO_NOTHING, related_name="+")
    run_from = models.ForeignKey(Run, on_delete=models.DO_NOTHING, related_name="+")

    class Meta:
        managed = False
        db_table = "entitlements_finding"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.item_id}"


class HandDelivery(models.Model):
    """An officer's word that a person has an item, where no list can tell (or not yet).

    It ends when the person no longer has the answer, or is due something else than before.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("poverty", "health", "staff"), retired=_RETIRED
    )

    person = models.ForeignKey(
        "people.Person",
        on_delete=models.CASCADE,  # a word about nobody is nothing
        related_name="+",
        db_index=False,  # the constraint begins with it
    )
    item = models.ForeignKey(
        "catalogue.Item", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    told_at = models.DateTimeField()
    told_by = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "item"], name="hand_delivery_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} has {self.item_id}"


class Change(models.Model):
    """What a run changed for a person and why. Not written for the first run: all is new there."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("poverty", "health"), retired=_RETIRED
    )

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+", db_index=False)
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    place_code = models.CharField(max_length=12)
    item = models.ForeignKey(
        "catalogue.Item", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    kind = models.CharField(max_length=8, choices=ChangeKind)
    before = models.ForeignKey(
        Outcome, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    after = models.ForeignKey(
        Outcome, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )
    cause = models.CharField(max_length=300, help_text="which fact, or which pack version")

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["run", "item", "kind", "place_code"])]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id} {self.item_id}"


class Tally(models.Model):
    """How many people of a village (or town) have an answer: what pages count with.

    Kept for runs over a region; looking at a few people again adjusts those of the newest run.
    """

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="+", db_index=False)
    place_code = models.CharField(max_length=12)
    item = models.ForeignKey(
        "catalogue.Item", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    status = models.SmallIntegerField(choices=Status)
    delivered = models.BooleanField()
    people = models.IntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["run", "place_code", "item", "status", "delivered"], name="tally_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_code} {self.item_id} {self.people}"
