"""Statuses of findings and kinds of change."""

from django.db import models


class Status(models.IntegerChoices):
    """What the rules answer; ``no`` is never stored."""

    YES = 1, "符合"
    POSSIBLE = 2, "可能符合"


class ChangeKind(models.TextChoices):
    """How a person's answer differs from the run before."""

    NEW = "new", "新增"
    LOST = "lost", "不再符合"
    CHANGED = "changed", "有变化"
