"""Consents with the versions of their texts, requests of people, legal holds.

What is written about a person in somebody's words lies in envelopes; a consent's text does not: it
is the same for everybody and lies open on the counter.
"""

from typing import ClassVar

from django.db import models

from yanglao.domain.rights.types import Asker, Channel, HoldGround, RequestKind, RequestState
from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData
from yanglao.foundation.secrets import SealedModel, Secret

_RETIRED = "six years after it ended or was answered, unless held longer"


class ConsentText(models.Model):
    """A version of a text that people consent to. Never edited: a new version is a new row."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    code = models.SlugField(max_length=40)
    version = models.IntegerField()
    title = models.CharField(max_length=80)
    body = models.TextField()
    digest = models.CharField(max_length=64, help_text="SM3 of title and body")
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)

    class Meta:
        ordering: ClassVar = ["code", "-version"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "version"], name="rights_text_version")
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class Consent(SealedModel):
    """A person's consent to one version of a text, and when it was taken back."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("identity",), retired=_RETIRED)

    person = models.ForeignKey(
        "people.Person",
        on_delete=models.CASCADE,  # goes with the file
        related_name="+",
    )
    text = models.ForeignKey(
        ConsentText,
        on_delete=models.PROTECT,  # what was consented to must stay readable
        related_name="+",
    )
    given_on = models.DateField()
    given_by = models.CharField(max_length=10, choices=Asker)
    channel = models.CharField(max_length=10, choices=Channel)
    note = Secret()
    recorded_by = models.CharField(max_length=80)
    withdrawn_on = models.DateField(null=True)
    withdrawn_channel = models.CharField(max_length=10, choices=Channel, blank=True)
    withdrawn_by = models.CharField(max_length=80, blank=True)

    class Meta:
        ordering: ClassVar = ["-id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["person", "text"],
                condition=models.Q(withdrawn_on=None),
                name="rights_consent_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person_id} to {self.text_id}"


class RightsRequest(SealedModel):
    """What a person asked for about his data, and the answer."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("identity",), retired=_RETIRED)

    person = models.ForeignKey(
        "people.Person",
        on_delete=models.CASCADE,  # goes with the file
        related_name="+",
    )
    place_code = models.CharField(max_length=12, db_index=True)
    kind = models.CharField(max_length=10, choices=RequestKind)
    asker = models.CharField(max_length=10, choices=Asker)
    #: By what the asker proved himself, and what he wants in his words.
    identity_seen = Secret()
    wish = Secret()
    asked_on = models.DateField()
    due_on = models.DateField()
    taken_by = models.CharField(max_length=80)
    state = models.CharField(max_length=8, choices=RequestState, default=RequestState.OPEN)
    decided_on = models.DateField(null=True)
    decided_by = models.CharField(max_length=80, blank=True)
    answer = Secret()
    #: What was done, and what is kept and why: a list of sentences.
    effect = Secret(())

    class Meta:
        ordering: ClassVar = ["-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["place_code", "due_on"],
                condition=models.Q(state="open"),
                name="rights_open_by_place",
            ),
            models.Index(fields=["person"], name="rights_request_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.person_id}"


class LegalHold(SealedModel):
    """Why a person's data must be kept for now."""

    personal_data: ClassVar[PersonalData] = PersonalData(kinds=("identity",), retired=_RETIRED)

    person = models.ForeignKey(
        "people.Person",
        on_delete=models.CASCADE,  # a file under hold is never removed while the hold stands
        related_name="+",
    )
    ground = models.CharField(max_length=10, choices=HoldGround)
    #: Document, clause, or number of the case.
    basis = Secret()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, help_text="empty: until lifted")
    placed_by = models.CharField(max_length=80)
    lifted_on = models.DateField(null=True)
    lifted_by = models.CharField(max_length=80, blank=True)
    lift_reason = Secret()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"hold on {self.person_id} ({self.ground})"
