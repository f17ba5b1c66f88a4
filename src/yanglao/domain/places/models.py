"""Divisions and 兵团's own units."""

from typing import ClassVar

from django.db import models

from yanglao.domain.places.types import CORPS_LABELS, LEVEL_LABELS, CorpsLevel, Level
from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData


class Division(models.Model):
    """One place of the statistical division tree, from province to village.

    ``code`` is the 12-digit 统计用区划代码; a place contains all codes that start with its
    significant digits, so containment is a range over the primary key.
    """

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    code = models.CharField(max_length=12, primary_key=True)
    name = models.CharField(max_length=60)
    level = models.CharField(max_length=10, choices=[(v.value, LEVEL_LABELS[v]) for v in Level])
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,  # a place with places below it never goes away on its own
        null=True,
        related_name="children",
    )
    full_name = models.CharField(max_length=200, help_text="from prefecture down, spaces between")
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)

    class Meta:
        ordering: ClassVar = ["code"]
        indexes: ClassVar = [models.Index(fields=["level", "code"])]

    def __str__(self) -> str:
        return self.name


class CorpsUnit(models.Model):
    """A unit of 新疆生产建设兵团: 师, 团 or 连, mapped to the area code where it stands.

    Regiments outside the twelve cities sit under host counties of Xinjiang, so this is a tree of
    its own beside :class:`Division` and not a part of it.
    """

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    code = models.CharField(max_length=24, primary_key=True)
    name = models.CharField(max_length=60)
    level = models.CharField(
        max_length=10, choices=[(v.value, CORPS_LABELS[v]) for v in CorpsLevel]
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,  # same reason as for divisions
        null=True,
        related_name="children",
    )
    area_code = models.CharField(max_length=12, blank=True, db_index=True)

    class Meta:
        ordering: ClassVar = ["code"]

    def __str__(self) -> str:
        return self.name
