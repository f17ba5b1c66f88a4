"""Lists as received, rows as returned, and mappings as remembered."""

from typing import ClassVar

from django.db import models

from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData
from yanglao.foundation.secrets import KeyedTextField, SealedModel, Secret


class Batch(models.Model):
    """One handing-over: the files that came together, by one sender, for one month.

    ``full`` says that together they are complete for their kinds, place and month.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("staff",), retired="with its lists")

    sender = models.CharField(max_length=40, blank=True, help_text="department or village")
    division_code = models.CharField(max_length=12)
    month = models.DateField(null=True, help_text="first day; empty when not told")
    full = models.BooleanField()
    taken_at = models.DateTimeField()
    taken_by_id = models.BigIntegerField(null=True)
    taken_by = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"batch {self.pk}"


class ReceivedList(SealedModel):
    """One kind in one file: counted, kept, and answered for row by row."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("identity",), retired="the file is removed two years after receipt; counts stay"
    )

    batch = models.ForeignKey(
        Batch,
        on_delete=models.PROTECT,  # a list without its batch could not be explained
        related_name="lists",
    )
    kind = models.CharField(max_length=12, blank=True)
    place_code = models.CharField(max_length=12, db_index=True)
    file_name = models.CharField(max_length=200)
    file_hash = KeyedTextField(
        max_length=64, db_index=True, help_text="keyed digest of the file, which is kept under it"
    )
    state = models.CharField(max_length=10)
    #: Why the list went back whole; may quote what stands in it.
    refusal = Secret()
    #: Per sheet: name, kind, title, header row, rows left out. Titles and notes may hold anything.
    sheets = Secret(blank=())
    received = models.IntegerField(default=0)
    accepted = models.IntegerField(default=0)
    returned = models.IntegerField(default=0)
    flagged = models.IntegerField(default=0, help_text="accepted with a warning")
    people_new = models.IntegerField(default=0)
    facts_new = models.IntegerField(default=0)
    facts_same = models.IntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["kind", "place_code"])]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(received=models.F("accepted") + models.F("returned")),
                name="list_received_is_accepted_plus_returned",
                violation_error_message="收到的行数必须等于接收加退回的行数。",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name


class RowNote(SealedModel):
    """A row that went back with its reason, or came in with a warning."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("identity",), retired="with its list"
    )

    received_list = models.ForeignKey(
        ReceivedList,
        on_delete=models.CASCADE,  # notes belong to their list
        related_name="notes",
    )
    returned = models.BooleanField()
    sheet = models.CharField(max_length=60)
    row_no = models.IntegerField(help_text="as the spreadsheet counts")
    #: In a row that went wrong anything may stand in the column of names.
    name = Secret()
    #: One per line; they quote what is wrong.
    reasons = Secret()
    #: The row as received.
    cells = Secret(blank=())

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["received_list", "returned"])]

    def __str__(self) -> str:
        return f"row {self.row_no}"


class ColumnMapping(models.Model):
    """A sender's own column name and the canonical column it means, confirmed once."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    sender = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    foreign_name = models.CharField(max_length=80)
    column_name = models.CharField(max_length=80, help_text="empty: confirmed as extra")
    confirmed_by = models.CharField(max_length=80)
    confirmed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sender", "kind", "foreign_name"],
                name="mapping_once_per_sender",
                violation_error_message="这个单位的这一列已经确认过。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.foreign_name} = {self.column_name}"
