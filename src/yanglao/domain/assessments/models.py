"""Assessors and their bodies, assessments from application to result, sheets and their edits."""

from typing import ClassVar

from django.db import models

from yanglao.domain.assessments.types import (
    CLOSED_STATES,
    OPEN_STATES,
    AskedBy,
    AssessmentKind,
    AssessmentState,
    Background,
    DisputeKind,
    DisputeState,
    EditFate,
    RecognitionState,
    ResultState,
    Signer,
    SourceKind,
)
from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData
from yanglao.foundation.secrets import SealedModel, Secret

_RETIRED = "with the person's file: ten years after death, then the row is removed"
_STAFF = "closed when the assessor leaves; kept for the results that hang on it"


class Body(models.Model):
    """An organisation: one that assesses, one that delivers services, or both."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    name = models.CharField(max_length=80)
    credit_code = models.CharField(max_length=18, blank=True)
    place_code = models.CharField(max_length=12)
    assesses = models.BooleanField(default=False)
    delivers = models.BooleanField(default=False)
    active = models.BooleanField(default=True)

    class Meta:
        ordering: ClassVar = ["place_code", "name"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["place_code", "name"],
                name="body_once",
                violation_error_message="这个地方已经登记了同名的机构。",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Assessor(SealedModel):
    """Somebody who may assess: for which body, with which background, under which account."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("staff",), retired=_STAFF)

    name = models.CharField(max_length=40)
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="assessors")
    employer = models.ForeignKey(
        Body,
        on_delete=models.PROTECT,  # conflicts of interest hang on it
        null=True,
        related_name="+",
        help_text="where he works besides",
    )
    background = models.CharField(max_length=16, choices=Background)
    place_code = models.CharField(max_length=12, help_text="where he assesses")
    account = models.OneToOneField(
        "accounts.Account", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    person = models.ForeignKey(
        "people.Person",
        on_delete=models.SET_NULL,  # his own file, for the family rule; may be missing
        null=True,
        related_name="+",
        db_index=False,
    )
    trained_on = models.DateField(null=True)
    active = models.BooleanField(default=True)
    certificate = Secret()
    phone = Secret()

    class Meta:
        ordering: ClassVar = ["place_code", "id"]
        indexes: ClassVar = [models.Index(fields=["place_code"], name="assessor_place")]

    def __str__(self) -> str:
        return self.name

    @property
    def medical(self) -> bool:
        """Whether the background is medical or nursing."""
        return self.background in {Background.MEDICINE, Background.NURSING}


class ServiceTie(models.Model):
    """A body that delivers services to a person, as far as it is known here."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("health",), retired=_RETIRED)

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    body = models.ForeignKey(Body, on_delete=models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, help_text="last day; empty: still")
    place_code = models.CharField(max_length=12)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "body", "since"],
                name="service_tie_once",
                violation_error_message="这项服务关系已经登记过。",
            ),
        ]

    def __str__(self) -> str:
        return f"tie {self.pk}"


class Assessment(SealedModel):
    """One assessment of one person, from the application to the final result."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "contact", "family", "staff"), retired=_RETIRED
    )

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    place_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=10, choices=AssessmentKind)
    state = models.CharField(max_length=10, choices=AssessmentState, default=AssessmentState.ASKED)
    asked_by = models.CharField(max_length=8, choices=AskedBy)
    asked_on = models.DateField()
    lead_id = models.BigIntegerField(null=True, help_text="leads.Lead it came from")
    before = models.ForeignKey(
        "self",
        on_delete=models.SET_NULL,  # the assessment that a review looks at again
        null=True,
        related_name="+",
    )
    due_on = models.DateField(help_text="last day of the present step")
    planned_on = models.DateField(null=True)
    closed_on = models.DateField(null=True)
    #: Who asks, how to reach him, why; why it was refused or stopped.
    asker_name = Secret()
    asker_phone = Secret()
    wish = Secret()
    closing_words = Secret()

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [
            models.Index(fields=["person"], name="assessment_person"),
            models.Index(fields=["place_code", "state", "due_on"], name="assessment_place"),
            models.Index(fields=["state", "due_on"], name="assessment_state"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(closed_on__isnull=True),
                name="assessment_one_open",
                violation_error_message="这位老人已经有一次没有办完的评估。",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[str(one) for one in CLOSED_STATES], closed_on__isnull=False
                )
                | models.Q(state__in=[str(one) for one in OPEN_STATES], closed_on__isnull=True),
                name="assessment_closed_has_day",
                violation_error_message="办结的评估要有办结日期，未办结的不能有。",
            ),
        ]

    def __str__(self) -> str:
        return f"assessment {self.pk}"


class AssessmentStep(SealedModel):
    """One move of an assessment: who, when, from what to what, with which words."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="with its assessment"
    )

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80)
    from_state = models.CharField(max_length=10, blank=True)
    to_state = models.CharField(max_length=10)
    words = Secret()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"step {self.pk}"


class Assignment(models.Model):
    """That an assessor takes part in an assessment."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="with its assessment"
    )

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="assignments")
    assessor = models.ForeignKey(Assessor, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()
    given_by = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["assessment", "assessor"],
                name="assignment_once",
                violation_error_message="同一名评估员只派一次。",
            ),
        ]

    def __str__(self) -> str:
        return f"assignment {self.pk}"


class Sheet(SealedModel):
    """The one sheet of an assessment, written by two assessors on two devices."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "place"), retired="with its assessment"
    )

    id = models.CharField(primary_key=True, max_length=36, help_text="uuid text")
    assessment = models.OneToOneField(Assessment, on_delete=models.CASCADE, related_name="sheet")
    place_code = models.CharField(max_length=12)
    standard = models.CharField(max_length=12)
    version = models.CharField(max_length=12, help_text="edition of the standard")
    required = models.JSONField(help_text="names of the answers without which it is not whole")
    begun_at = models.DateTimeField(null=True, help_text="first answer, by the device's clock")
    ended_at = models.DateTimeField(null=True, help_text="last answer, by the device's clock")
    finished_at = models.DateTimeField(null=True)
    finished_by = models.CharField(max_length=80, blank=True)
    #: Longitude, latitude, accuracy in metres, words; JSON.
    place = Secret(blank=None)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"sheet {self.pk}"


class SheetEdit(SealedModel):
    """One edit of one answer; only added, never changed."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "staff"), retired="with its assessment"
    )

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="edits")
    edit_id = models.CharField(max_length=36, unique=True)
    field = models.CharField(max_length=40)
    revision = models.IntegerField()
    base = models.IntegerField()
    device = models.CharField(max_length=40)
    at = models.DateTimeField(help_text="the device's clock")
    received_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80)
    fate = models.CharField(max_length=10, choices=EditFate)
    value = Secret(blank=None)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sheet", "field", "revision"],
                name="edit_revision_once",
                violation_error_message="同一题的修改次序不能重复。",
            ),
        ]

    def __str__(self) -> str:
        return f"edit {self.edit_id}"


class SheetField(models.Model):
    """Where an answer stands: its revision, the edit that is shown, whether others contradict."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health",), retired="with its assessment"
    )

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="fields")
    field = models.CharField(max_length=40)
    revision = models.IntegerField()
    shown = models.ForeignKey(SheetEdit, on_delete=models.CASCADE, related_name="+")
    in_conflict = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["sheet", "field"],
                name="field_once",
                violation_error_message="同一题只有一个答案。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet_id} {self.field}"


class Standing(models.Model):
    """An edit that stands beside another with a different value: an open conflict."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health",), retired="with its assessment"
    )

    head = models.ForeignKey(SheetField, on_delete=models.CASCADE, related_name="standing")
    edit = models.ForeignKey(SheetEdit, on_delete=models.CASCADE, related_name="+")

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["head", "edit"],
                name="standing_once",
                violation_error_message="同一次修改只列一次。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.head_id} {self.edit_id}"


class Signature(SealedModel):
    """A signature under the sheet as it then stood; void as soon as an answer changes."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "place", "staff"), retired="with its assessment"
    )

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="signatures")
    signer = models.CharField(max_length=10, choices=Signer)
    account_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=80, blank=True, help_text="of an assessor")
    at = models.DateTimeField(help_text="the device's clock")
    received_at = models.DateTimeField()
    content = models.CharField(max_length=64, help_text="SM3 of the answers that were signed")
    void = models.BooleanField(default=False)
    #: Picture (PNG, base64), place, and the name of an informant.
    picture = Secret()
    place = Secret(blank=None)
    informant = Secret()

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"signature {self.pk}"


class Photo(SealedModel):
    """A picture taken at the visit."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("identity", "place", "staff"), retired="with its assessment"
    )

    sheet = models.ForeignKey(Sheet, on_delete=models.CASCADE, related_name="photos")
    photo_id = models.CharField(max_length=36, unique=True, help_text="made by the device")
    at = models.DateTimeField()
    received_at = models.DateTimeField()
    by_id = models.BigIntegerField(null=True)
    by_name = models.CharField(max_length=80)
    media_type = models.CharField(max_length=20)
    #: Base64, and where it was taken.
    picture = Secret()
    place = Secret(blank=None)

    class Meta:
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"photo {self.photo_id}"


class Recognition(SealedModel):
    """A result made elsewhere: taken over with its source, or refused with a reason."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "staff"), retired=_RETIRED
    )

    person = models.ForeignKey("people.Person", on_delete=models.CASCADE, related_name="+")
    place_code = models.CharField(max_length=12)
    standard = models.CharField(max_length=12, choices=SourceKind)
    said = models.CharField(max_length=12, help_text="the level or grade as it was given")
    agency = models.CharField(max_length=80)
    assessed_on = models.DateField()
    state = models.CharField(
        max_length=10, choices=RecognitionState, default=RecognitionState.WAITING
    )
    came_on = models.DateField()
    came_by = models.CharField(max_length=80)
    decided_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    document = Secret()
    reason = Secret()

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [models.Index(fields=["place_code", "state"], name="recognition_place")]

    def __str__(self) -> str:
        return f"recognition {self.pk}"


class Result(SealedModel):
    """A level, how it came about, and until when it holds."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "staff"), retired=_RETIRED
    )

    seals_blank = True

    person = models.ForeignKey(
        "people.Person", on_delete=models.CASCADE, related_name="+", db_index=False
    )
    place_code = models.CharField(max_length=12)
    assessment = models.OneToOneField(
        Assessment, on_delete=models.CASCADE, null=True, related_name="result"
    )
    recognition = models.OneToOneField(
        Recognition, on_delete=models.CASCADE, null=True, related_name="result"
    )
    state = models.CharField(max_length=10, choices=ResultState)
    level = models.SmallIntegerField()
    preliminary = models.SmallIntegerField(null=True)
    total = models.SmallIntegerField(null=True)
    standard = models.CharField(max_length=12)
    version = models.CharField(max_length=12)
    assessed_on = models.DateField()
    valid_to = models.DateField(null=True, help_text="last day; empty: without end")
    notice_from = models.DateField(null=True)
    notice_to = models.DateField(null=True, help_text="last day on which anybody may object")
    final_on = models.DateField(null=True)
    computed_at = models.DateTimeField()
    computed_by = models.CharField(max_length=80)
    #: Sums by dimension, sentences, hints, what is unverified; JSON.
    told = Secret(blank=None)

    class Meta:
        ordering: ClassVar = ["-assessed_on", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["person", "assessed_on"], name="result_person"),
            models.Index(fields=["place_code", "state", "valid_to"], name="result_place"),
            models.Index(fields=["state", "notice_to"], name="result_notice"),
        ]

    def __str__(self) -> str:
        return f"result {self.pk}"


class Reminder(models.Model):
    """That somebody is told so many days before a result runs out; once each."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health",), retired="with its result"
    )

    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="reminders")
    days = models.SmallIntegerField(help_text="days before the last day")
    made_on = models.DateField()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["result", "days"],
                name="reminder_once",
                violation_error_message="同一次提醒只发一次。",
            ),
        ]

    def __str__(self) -> str:
        return f"reminder {self.pk}"


class Dispute(SealedModel):
    """Somebody does not agree with a result: by objecting to the notice, or asking for a review."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("health", "contact", "staff"), retired=_RETIRED
    )

    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="disputes")
    place_code = models.CharField(max_length=12)
    kind = models.CharField(max_length=10, choices=DisputeKind)
    state = models.CharField(max_length=10, choices=DisputeState, default=DisputeState.OPEN)
    came_on = models.DateField()
    due_on = models.DateField()
    taken_by = models.CharField(max_length=80)
    review = models.OneToOneField(
        Assessment,
        on_delete=models.SET_NULL,  # the assessment that answers it
        null=True,
        related_name="dispute",
    )
    decided_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    #: Who objects, how to reach him, what he says; what was answered.
    objector = Secret()
    objector_phone = Secret()
    words = Secret()
    answer = Secret()

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        indexes: ClassVar = [models.Index(fields=["place_code", "state"], name="dispute_place")]

    def __str__(self) -> str:
        return f"dispute {self.pk}"
