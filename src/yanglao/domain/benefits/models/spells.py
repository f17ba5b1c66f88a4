"""What the catalogue says of people with a benefit, day by day, and what was believed before."""

from typing import ClassVar

from django.db import models

from yanglao.domain.benefits.models.cases import Case
from yanglao.domain.benefits.types import AlertKind, StopCause
from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData

_RETIRED = "ten years after the last payment (会计档案管理办法), then with the person's file"


class FollowRun(models.Model):
    """One time that spells were brought in line with the facts."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    at = models.DateTimeField(db_index=True)
    as_of = models.DateField()
    region_code = models.CharField(max_length=12)
    people = models.IntegerField(help_text="looked at")
    begun = models.IntegerField(default=0, help_text="spells written")
    ended = models.IntegerField(default=0, help_text="spells no longer believed")
    asked_by = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"follow {self.pk}"


class Spell(models.Model):
    """Days on which a version of the catalogue gives a person a benefit (or leaves it unknown).

    Rows are only added; ``until`` names the run from which on a row is no longer believed. What
    was believed on a day are the rows whose run is not after it and whose end is.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("poverty", "health"), retired=_RETIRED
    )

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    benefit = models.CharField(max_length=24)
    version = models.CharField(max_length=24, help_text="see queries.version_code")
    first = models.DateField()
    end = models.DateField(null=True, db_column="end_on")
    known = models.BooleanField()
    fen = models.BigIntegerField(null=True)
    tier = models.CharField(max_length=20, blank=True)
    ended_by = models.CharField(max_length=10, choices=StopCause, blank=True)
    place_code = models.CharField(max_length=12)
    since = models.ForeignKey(FollowRun, on_delete=models.PROTECT, related_name="+", db_index=False)
    until = models.ForeignKey(
        FollowRun, on_delete=models.PROTECT, related_name="+", null=True, db_index=False
    )

    class Meta:
        ordering: ClassVar = ["person", "benefit", "version", "first"]
        indexes: ClassVar = [
            models.Index(fields=["person", "benefit"], name="benefit_spell_person"),
            models.Index(
                fields=["place_code"], condition=models.Q(until=None), name="benefit_spell_place"
            ),
        ]

    def __str__(self) -> str:
        return f"spell {self.pk}"


class CaseAlert(models.Model):
    """Something happened to a person with a benefit: what the program did, for a person to see."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("poverty", "staff"), retired="with its case"
    )

    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="alerts")
    place_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=10, choices=AlertKind)
    day = models.DateField(help_text="on which it happened")
    effect = models.CharField(max_length=200, help_text="what the program did")
    run = models.ForeignKey(FollowRun, on_delete=models.PROTECT, related_name="+", db_index=False)
    found_on = models.DateField()
    seen_at = models.DateTimeField(null=True)
    seen_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["place_code"], condition=models.Q(seen_at=None), name="benefit_alert_open"
            ),
        ]

    def __str__(self) -> str:
        return f"alert {self.pk}"
