"""People and the statements that departments made about them.

A statement (``…Entry``) is one accepted row of a list about one person: all facts of a row share
their dates and their source, so they stand in one row here, in a table per list kind. A later list
that says the same extends ``seen_to`` instead of adding a row. What the absence from a full list
means is never written down: it is computed from :class:`Coverage`.
"""

from typing import Any, ClassVar

from django.db import models

from yanglao.domain.people.types import Kind, end_of, tail_key
from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData
from yanglao.foundation.secrets import (
    BlindIndexField,
    KeyedTextField,
    MaskedField,
    SealedModel,
    Secret,
    mask_many,
    unmask_many,
)

_RETIRED = "with the person's file: ten years after death, then the row is removed"


class TailIndexField(BlindIndexField):
    """Finds people by the last four characters of their number (see ``types.tail_key``)."""

    def text_of(self, row: "Person") -> str:
        """Return the last four characters, bound to the year of birth."""
        return tail_key(row.id_number[-4:], int(row.id_number[6:10]))


class Person(SealedModel):
    """One file per person (一人一档), found by the ID number."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("identity", "place"),
        retired="ten years after death the file is removed (个人信息保护法 art. 19, 47)",
    )

    id_number = Secret()
    id_index = BlindIndexField(of="id_number", unique=True)
    tail_index = TailIndexField(of="id_tail", db_index=True, help_text="last four, for search")
    name = models.CharField(max_length=80, help_text="as the household register has it")
    name_fold = models.CharField(max_length=80)
    name_sound = models.CharField(
        max_length=80, blank=True, help_text="kernel.sounds: what spellings of the name share"
    )
    sex = models.CharField(max_length=1, choices=[("M", "男"), ("F", "女")])
    birth_date = models.DateField()
    place_code = models.CharField(
        max_length=12,
        db_index=True,
        help_text="where the person is served: residence, else registration, else the list's place",
    )
    hukou_code = models.CharField(max_length=12, blank=True, help_text="empty: unknown")
    residence_code = models.CharField(max_length=12, blank=True, help_text="empty: unknown")
    in_register = models.BooleanField(default=False, help_text="stands in a household list")
    died_on = models.DateField(null=True)
    first_list = models.ForeignKey(
        "exchange.ReceivedList",
        on_delete=models.PROTECT,  # a person's origin must stay traceable
        null=True,
        related_name="+",
        db_index=False,
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["name_fold", "birth_date"]),
            # Rows without a good number look for their person by these.
            models.Index(fields=["name_sound", "birth_date"], name="person_sound"),
            models.Index(fields=["birth_date", "place_code"], name="person_born"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def id_tail(self) -> str:
        """Last four characters of the number."""
        return str(self.id_number)[-4:]


class Merge(models.Model):
    """Two files that are of one person: the one goes on, the other is laid into it.

    Nothing of either is rewritten. The file laid in is served nowhere (its place code begins with
    a letter, see ``types.laid_in``), its statements stay its own, and whoever loads facts reads
    them as the other's. Taking the merge back is therefore exact, whatever came in meanwhile.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("identity", "place", "staff"), retired=_RETIRED
    )

    laid_in = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,  # a merge of nobody is nothing
        related_name="+",
    )
    goes_on = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    merged_at = models.DateTimeField()
    merged_by = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)
    before = models.JSONField(help_text="the rows of both as they were: places, names, died_on")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["laid_in"],
                condition=models.Q(undone_at__isnull=True),
                name="merge_once",
                violation_error_message="这份档案已经并入另一份。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.laid_in_id} into {self.goes_on_id}"

    @classmethod
    def laid_in_files(cls) -> dict[int, int]:
        """Return, for every file that is laid into another, the one that goes on in the end.

        One query; empty in most places. Merges are few: a person decides each.
        """
        rows = cls.objects.filter(undone_at=None).order_by("id")
        into = dict(rows.values_list("laid_in_id", "goes_on_id"))
        return {pk: end_of(pk, into) for pk in into}


class Entry(SealedModel):
    """What every statement carries: whose it is, when it holds, where it came from.

    ``seen_from`` and ``seen_to`` are the first days of the first and last month whose list said
    so; of a statement entered by hand they are the day itself, so that it outweighs the lists of
    its month and not those of later ones. ``holds_from`` is the first day on which the statement
    holds: its own date where the row has one, else the first day of the list's month; empty when
    neither is known (it then holds on every day). ``first_*`` and ``last_*`` name the first and
    the last list and row.

    Few indexes on purpose: lists come in by the hundred thousand rows, and a statement is only
    ever looked for by its person.
    """

    personal_data: ClassVar[PersonalData]

    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,  # statements have no life of their own
        related_name="+",
        db_index=False,  # every table has an index that begins with it
    )
    holds_from = models.DateField(null=True)
    seen_from = models.DateField()
    seen_to = models.DateField()
    first_list = models.ForeignKey(
        "exchange.ReceivedList",
        on_delete=models.PROTECT,  # what is known must stay traceable
        related_name="+",
        null=True,
        db_index=False,
    )
    first_row = models.CharField(max_length=40, help_text="sheet and row: 墨玉县!1204")
    last_batch = models.BigIntegerField(
        help_text="exchange.Batch that last said so; HAND_BATCH when entered by hand"
    )
    last_list = models.ForeignKey(
        "exchange.ReceivedList",
        on_delete=models.PROTECT,  # what is known must stay traceable
        related_name="+",
        null=True,
        db_index=False,
    )
    last_row = models.CharField(max_length=40)
    digest = KeyedTextField(
        max_length=32, help_text="keyed, of person and values, to recognise the same again"
    )
    entered_by = models.CharField(max_length=80, blank=True, help_text="when entered by hand")
    #: Columns we have no field for, JSON, as received: anything may stand there.
    extra = Secret()
    #: When entered by hand: what the officer wrote.
    entry_reason = Secret()

    class Meta:
        abstract = True


class HouseholdEntry(Entry):
    """公安户籍 (household register)."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("identity", "place", "family"), retired=_RETIRED
    )

    name = models.CharField(max_length=80)
    ethnicity = models.CharField(max_length=20, blank=True)
    marital = models.CharField(max_length=20, blank=True)
    household_id = models.CharField(max_length=40, blank=True, db_index=True)
    relation = models.CharField(max_length=20, blank=True)
    hukou_code = models.CharField(max_length=12)
    address = Secret()
    status = models.CharField(max_length=8, help_text="normal, dead or moved")
    status_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "digest"])]

    def __str__(self) -> str:
        return f"household {self.person_id}"


class PensionEntry(Entry):
    """人社 pension insurance."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("income",), retired=_RETIRED)

    pension_kind = models.CharField(max_length=10)
    pension_status = models.CharField(max_length=12)
    monthly_fen = models.BigIntegerField(null=True)
    began_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "digest"])]

    def __str__(self) -> str:
        return f"pension {self.person_id}"


class AssistanceEntry(Entry):
    """民政 social assistance; holds from 保障起始日期 to 保障终止日期, both included."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("poverty",), retired=_RETIRED)

    assistance = models.CharField(max_length=14)
    support_mode = models.CharField(max_length=10, blank=True)
    tekun_care = models.CharField(max_length=6, blank=True)
    holds_to = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "digest"])]

    def __str__(self) -> str:
        return f"assistance {self.person_id}"


class DisabilityEntry(Entry):
    """残联 disability card."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("disability",), retired=_RETIRED)

    #: Contains the ID number.
    card_number = Secret()
    disability_category = models.SmallIntegerField(null=True)
    disability_grade = models.SmallIntegerField(null=True)
    needs_long_term_care = models.BooleanField(null=True)
    issued_on = models.DateField(null=True)
    card_status = models.CharField(max_length=10, help_text="valid or cancelled")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "digest"])]

    def __str__(self) -> str:
        return f"disability {self.person_id}"


#: What the answers of ``HealthEntry.dementia`` are masked for.
DEMENTIA = "people.healthentry.dementia"


class HealthEntry(Entry):
    """卫健 health management."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("health",), retired=_RETIRED)

    seals_blank = True

    health_checked_on = models.DateField()
    #: Diagnoses as the list words them.
    chronic = Secret()
    #: Often with a telephone number.
    doctor = Secret()
    dementia_mask = MaskedField(null=True, help_text="a diagnosis that rules need; see masks")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "digest"])]

    def __str__(self) -> str:
        return f"health {self.person_id}"

    @property
    def dementia(self) -> bool | None:
        """Whether the list says that the person has dementia; ``None`` when it says nothing."""
        return unmask_many(DEMENTIA, [self.dementia_mask])[0]

    @dementia.setter
    def dementia(self, answer: bool | None) -> None:
        self.dementia_mask = mask_many(DEMENTIA, [answer])[0]


class LtciEntry(Entry):
    """医保 long-term care insurance."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("health",), retired=_RETIRED)

    ltci_insured = models.BooleanField()
    ltci_level = models.SmallIntegerField(null=True)
    ltci_receiving = models.BooleanField(null=True)
    assessed_on = models.DateField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "digest"])]

    def __str__(self) -> str:
        return f"ltci {self.person_id}"


class VeteransEntry(Entry):
    """退役军人 preferential treatment."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("service",), retired=_RETIRED)

    veteran_category = models.CharField(max_length=40, blank=True)
    special_contribution = models.BooleanField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "digest"])]

    def __str__(self) -> str:
        return f"veterans {self.person_id}"


class AssessmentEntry(Entry):
    """Ability assessment, GB/T 42195-2022."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("health",), retired=_RETIRED)

    assessed_on = models.DateField()
    ability_level = models.SmallIntegerField()
    agency = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "digest"])]

    def __str__(self) -> str:
        return f"assessment {self.person_id}"


class SurveyEntry(Entry):
    """Village survey: how the person lives and who can be called."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("family", "contact", "place"), retired=_RETIRED
    )

    residence_code = models.CharField(max_length=12, blank=True)
    living = models.CharField(max_length=14, blank=True)
    supporter = models.CharField(max_length=8, blank=True)
    family_planning_special = models.BooleanField(null=True)
    phone = Secret()
    contact = Secret()
    contact_phone = Secret()
    longitude = Secret(blank=None)
    latitude = Secret(blank=None)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "digest"])]

    def __str__(self) -> str:
        return f"survey {self.person_id}"


class ReliefEntry(Entry):
    """民政 relief of people without means on the road."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("poverty",), retired=_RETIRED)

    relief_on = models.DateField()
    in_relief = models.BooleanField(help_text="在站")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "digest"])]

    def __str__(self) -> str:
        return f"relief {self.person_id}"


class DeathsEntry(Entry):
    """Deaths reported by 公安 and 殡葬."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("identity",), retired=_RETIRED)

    died_on = models.DateField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "digest"])]

    def __str__(self) -> str:
        return f"deaths {self.person_id}"


class Coverage(models.Model):
    """A list came in for a kind, place and month.

    When it was full, who is not on it is known not to be. Supplements are noted too: they tell
    which place a batch spoke for, and how fresh a kind is.
    """

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    kind = models.CharField(max_length=12)
    division_code = models.CharField(max_length=12)
    month = models.DateField(help_text="first day")
    batch = models.BigIntegerField(help_text="exchange.Batch that brought it")
    full = models.BooleanField(default=True)
    declared_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["kind", "division_code", "month", "batch"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "division_code", "month", "batch"], name="coverage_once_per_batch"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.division_code} {self.month:%Y-%m}"


class Mention(models.Model):
    """A person stands on a list but the row went back: his absence must not be concluded.

    Without it a row returned for a slip of the pen would turn "unknown" into "known not".
    """

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("place",), retired=_RETIRED)

    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,  # a remark about nobody is nothing
        related_name="+",
        db_index=False,  # the constraint begins with it
    )
    kind = models.CharField(max_length=12)
    month = models.DateField()
    batch = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "kind", "batch"], name="mention_once_per_batch"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id} {self.month:%Y-%m}"


class SetAside(SealedModel):
    """A statement that does not count, because another department was found to be right.

    Facts leave it out, whatever later lists repeat it; a new statement of the same department
    counts again. ``value`` names the one value that does not count; empty: the whole row.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("identity", "staff"), retired="when it is taken back, or with the person's file"
    )

    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,  # a remark about nobody is nothing
        related_name="+",
    )
    kind = models.CharField(max_length=12)
    entry_id = models.BigIntegerField(help_text="the statement, in the table of its kind")
    value = models.CharField(max_length=40, blank=True)
    conflict_id = models.BigIntegerField(db_index=True, help_text="linkage.Conflict")
    by_rule = models.BooleanField(help_text="until a person has decided")
    decided_by = models.CharField(max_length=80, blank=True)
    decided_on = models.DateField()
    #: Who was found to be right, and how that was found out; in words.
    instead = Secret()
    reason = Secret()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["conflict_id", "kind", "entry_id", "value"], name="set_aside_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.entry_id} set aside"


class Contact(SealedModel):
    """A telephone number some list gave for a person, newest first on the file page."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("contact",), retired=_RETIRED)

    person = models.ForeignKey(
        Person,
        on_delete=models.CASCADE,  # nobody's number is nobody's business
        related_name="+",
        db_index=False,  # the constraint begins with it
    )
    phone = Secret()
    phone_index = BlindIndexField(of="phone")
    kind = models.CharField(max_length=12)
    last_list = models.ForeignKey(
        "exchange.ReceivedList",
        on_delete=models.PROTECT,  # where a number came from must stay traceable
        related_name="+",
        null=True,
        db_index=False,
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "phone_index"], name="contact_once_per_person"
            ),
        ]
        # Rows without a good number look for their person by it.
        indexes: ClassVar = [models.Index(fields=["phone_index"], name="contact_phone")]

    def __str__(self) -> str:
        return f"contact of {self.person_id}"


#: The statement table of each kind.
ENTRY_MODELS: dict[Kind, Any] = {
    Kind.HOUSEHOLD: HouseholdEntry,
    Kind.PENSION: PensionEntry,
    Kind.ASSISTANCE: AssistanceEntry,
    Kind.DISABILITY: DisabilityEntry,
    Kind.HEALTH: HealthEntry,
    Kind.LTCI: LtciEntry,
    Kind.VETERANS: VeteransEntry,
    Kind.ASSESSMENT: AssessmentEntry,
    Kind.SURVEY: SurveyEntry,
    Kind.RELIEF: ReliefEntry,
    Kind.DEATHS: DeathsEntry,
}
