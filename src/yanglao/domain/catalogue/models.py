"""Published versions of policy packs, and the items that outlive versions."""

from typing import ClassVar

from django.db import models

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
