"""Rows that wait, pairs of files, conflicts."""

from typing import ClassVar

from django.db import models

from yanglao.domain.linkage.types import ConflictState, PairState, RowState, Why
from yanglao.foundation.privacy import PersonalData
from yanglao.foundation.secrets import KeyedBytesField, KeyedTextField, SealedModel, Secret

_RETIRED = "with its list; what was decided stays as long as the person's file"


class WaitingRow(SealedModel):
    """A row whose person a clerk must name; kept whole until then, and remembered afterwards.

    ``told`` holds the row: ``values`` (coded, by field), ``extra``, ``written`` (the number as
    far as it can be read), ``born``, ``sex``, ``place``, ``phone``, ``household``.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("identity", "contact", "place", "staff"), retired=_RETIRED
    )

    received_list = models.ForeignKey(
        "exchange.ReceivedList",
        on_delete=models.CASCADE,  # a row has no life without its list
        related_name="+",
    )
    kind = models.CharField(max_length=12)
    month = models.DateField(null=True)
    batch = models.BigIntegerField()
    sheet = models.CharField(max_length=60)
    row_no = models.IntegerField()
    row = models.CharField(max_length=40, help_text="sheet and row: 墨玉县!1204")
    place_code = models.CharField(max_length=12, help_text="contains the row and all candidates")
    name = models.CharField(max_length=80)
    why = models.CharField(max_length=12, choices=Why)
    key = KeyedBytesField(max_length=16, db_index=True, help_text="the same row next month")
    state = models.CharField(max_length=10, choices=RowState, default=RowState.WAITING)
    person = models.ForeignKey(
        "people.Person",
        on_delete=models.SET_NULL,  # the row outlives a removed file
        null=True,
        related_name="+",
        db_index=False,
    )
    came_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    undo = models.JSONField(default=dict, help_text="statements as they were before the decision")
    #: The row itself, JSON.
    told = Secret()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "place_code", "id"], name="waiting_place"),
        ]

    def __str__(self) -> str:
        return f"waiting row {self.pk}"


class Candidate(models.Model):
    """Somebody whom a waiting row may be about, with what speaks for it."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("identity",), retired=_RETIRED)

    waiting_row = models.ForeignKey(
        WaitingRow,
        on_delete=models.CASCADE,  # part of the row
        related_name="candidates",
    )
    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    rank = models.SmallIntegerField()
    probability = models.FloatField()
    weight = models.FloatField(help_text="bits")
    levels = models.JSONField(default=dict)

    class Meta:
        ordering: ClassVar = ["waiting_row", "rank"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["waiting_row", "person"], name="candidate_once"),
        ]

    def __str__(self) -> str:
        return f"candidate {self.pk}"


class FilePair(models.Model):
    """Two files that may be of one person, found by a sweep or when the second was opened."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("identity", "staff"), retired=_RETIRED
    )

    one = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    place_code = models.CharField(max_length=12, help_text="contains both")
    probability = models.FloatField()
    weight = models.FloatField()
    levels = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=PairState, default=PairState.WAITING)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    reason = models.CharField(max_length=200, blank=True)
    merge_id = models.BigIntegerField(null=True, help_text="people.Merge")
    moved = models.JSONField(default=dict, help_text="leads and words of officers that moved")

    class Meta:
        ordering: ClassVar = ["-weight", "id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "place_code"], name="pair_place"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["one", "other"],
                name="pair_once",
                violation_error_message="这两份档案已经在比对名单上。",
            ),
        ]

    def __str__(self) -> str:
        return f"pair {self.pk}"


class Conflict(SealedModel):
    """What two departments say of one person and cannot both be true."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("identity", "place", "poverty", "disability", "staff"), retired=_RETIRED
    )

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    rule = models.CharField(max_length=40, help_text="code in policies/national/conflicts.yaml")
    place_code = models.CharField(max_length=12)
    state = models.CharField(max_length=10, choices=ConflictState, default=ConflictState.OPEN)
    digest = KeyedTextField(max_length=64, help_text="of what is said, to ask once")
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    choice = models.SmallIntegerField(null=True, help_text="which side is right; empty: neither")
    undo = models.JSONField(default=dict, help_text="the statement entered by hand, if any")
    #: What each says, JSON: words, source, wins.
    sides = Secret()
    #: The clerk's words.
    reason = Secret()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["state", "place_code", "rule"], name="conflict_place"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "rule", "digest"],
                name="conflict_once",
                violation_error_message="这个矛盾已经在名单上。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.person_id}"
