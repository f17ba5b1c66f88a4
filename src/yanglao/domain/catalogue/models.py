"""Published versions of packs, items that outlive versions, drafts and what they would cost."""

from typing import ClassVar

from django.db import models

from yanglao.domain.catalogue.types import ComparisonState, DraftState, EditKind
from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData


class PackVersion(models.Model):
    """A pack as published: the whole text, its hash, and from when it is in force.

    The text is stored whole, so that any past run can be repeated from the database alone.
    """

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    pack = models.CharField(max_length=40, help_text="hetian")
    title = models.CharField(max_length=120)
    region_code = models.CharField(max_length=12)
    hash = models.CharField(max_length=64)
    source = models.JSONField(help_text="path to text, inherited packs included")
    in_force_from = models.DateField()
    published_at = models.DateTimeField()
    published_by = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["pack", "-in_force_from", "-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["pack", "hash", "in_force_from"],
                name="version_published_once",
                violation_error_message="这个版本已经发布过。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pack} {self.in_force_from}"


class Item(models.Model):
    """An item of a catalogue (清单项目), the same thing through all versions."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    pack = models.CharField(max_length=40)
    code = models.CharField(max_length=8, help_text="06, 16a")
    name = models.CharField(max_length=60)
    position = models.SmallIntegerField()

    class Meta:
        ordering: ClassVar = ["pack", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["pack", "code"], name="item_code_once_per_pack"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class Draft(models.Model):
    """A change of a catalogue that is not in force: what it changes of a published version.

    ``changes`` is what all entries of the history come to: a key naming the place (``"item:09"``)
    to the value there. What a change means is known to the flow that lays it over the pack's text.
    A submitted draft is frozen together with its figures.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="with the catalogue versions: kept, names of officers only"
    )

    title = models.CharField(max_length=80)
    words = models.TextField(blank=True, help_text="why, for the meeting")
    pack = models.CharField(max_length=40, help_text="the pack whose list it changes")
    area = models.CharField(max_length=12, help_text="for whom it is drafted")
    base = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="+")
    in_force_from = models.DateField()
    state = models.CharField(max_length=12, choices=DraftState, default=DraftState.DRAFTING)
    changes = models.JSONField(default=dict)
    revision = models.IntegerField(default=0)
    made_by_id = models.BigIntegerField(null=True)
    made_by = models.CharField(max_length=80)
    made_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)
    changed_at = models.DateTimeField()
    submitted_by_id = models.BigIntegerField(null=True)
    submitted_by = models.CharField(max_length=80, blank=True)
    submitted_at = models.DateTimeField(null=True)
    figures = models.JSONField(null=True, help_text="what the meeting sees, frozen")
    figures_hash = models.CharField(max_length=64, blank=True)
    source_hash = models.CharField(max_length=64, blank=True)
    decided_by_id = models.BigIntegerField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)
    published = models.ForeignKey(
        PackVersion, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["-changed_at", "-id"]
        indexes: ClassVar = [models.Index(fields=["area", "state"], name="draft_area_state")]

    def __str__(self) -> str:
        return self.title


class DraftEdit(models.Model):
    """One entry of a draft's history; only added to, so that nothing is lost."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("staff",), retired="with its draft")

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="edits")
    number = models.IntegerField()
    kind = models.CharField(max_length=6, choices=EditKind, default=EditKind.EDIT)
    key = models.CharField(max_length=120)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    undoes = models.IntegerField(null=True)
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["draft", "number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["draft", "number"],
                name="draft_edit_number_once",
                violation_error_message="这一步已经记下了。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.key}"


class Comparison(models.Model):
    """Drafts set side by side over the facts of a day: their figures, and a file of who changes.

    ``key`` is the same for the same question over the same facts, so that it is counted once.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",),
        retired="figures are counts; the sealed file of who changes goes after 30 days",
    )

    key = models.CharField(max_length=64)
    area = models.CharField(max_length=12)
    base = models.ForeignKey(PackVersion, on_delete=models.PROTECT, related_name="+")
    subjects = models.JSONField(help_text="drafts with their revision, in order")
    state = models.CharField(max_length=8, choices=ComparisonState, default=ComparisonState.WAITING)
    figures = models.JSONField(null=True)
    file = models.CharField(max_length=60, blank=True)
    first_seconds = models.FloatField(null=True)
    problem = models.TextField(blank=True)
    asked_by = models.CharField(max_length=80)
    asked_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area", "key"],
                name="comparison_asked_once",
                violation_error_message="这几个方案已经比较过。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.area} {self.key[:8]}"
