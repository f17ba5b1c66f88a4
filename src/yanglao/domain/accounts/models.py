"""Accounts, and what signing in needs: sessions, attempts, links, codes, past passwords, rules."""

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.crypto import salted_hmac

from yanglao.domain.accounts.types import ROLE_LABELS, Role
from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData
from yanglao.foundation.secrets import KeyedBytesField, SealedField


class Account(AbstractUser):
    """One officer, one account. The role says what, the area says where."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="disabled when the officer leaves; kept for the audit trail"
    )

    role = models.CharField(
        max_length=16, choices=[(role.value, ROLE_LABELS[role]) for role in Role]
    )
    area_code = models.CharField(max_length=12)
    department = models.CharField(max_length=12, blank=True)
    display_name = models.CharField(max_length=40)
    invented = models.BooleanField(default=False, help_text="demo account")
    last_address = models.CharField(max_length=45, blank=True, help_text="of the last sign-in")
    password_set_at = models.DateTimeField(null=True, blank=True)
    factor_seed = SealedField(
        sealed_for="accounts.account.factor",
        null=True,
        blank=True,
        help_text="sealed; empty: none",
    )
    factor_draft = SealedField(
        sealed_for="accounts.account.factor",
        null=True,
        blank=True,
        help_text="sealed; not confirmed yet",
    )
    factor_step = models.BigIntegerField(
        default=0, help_text="time step of the last code taken: none is taken twice"
    )
    #: Opened by the system administrator, and not let in by the security administrator yet.
    awaits_approval = models.BooleanField(default=False)
    opened_by_id = models.BigIntegerField(
        null=True, blank=True, help_text="who opened it; empty: command line"
    )
    #: Nobody decides about himself or his family: households are found from here.
    person_id = models.BigIntegerField(
        null=True, blank=True, help_text="people.Person of the officer himself, when he has a file"
    )

    class Meta:
        ordering: ClassVar = ["area_code", "username"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~models.Q(role="clerk") | ~models.Q(department=""),
                name="account_clerk_has_department",
                violation_error_message="部门经办必须写明部门。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.display_name}（{self.username}）"

    @property
    def has_second_factor(self) -> bool:
        """Whether a code is asked for besides the password."""
        return self.factor_seed is not None

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Tie sessions to more than the password: another role, area or factor ends them."""
        parts = (
            self.password,
            self.role,
            self.area_code,
            self.department,
            bytes(self.factor_seed or b"").hex(),
        )
        return salted_hmac(
            "yanglao.accounts.session", "|".join(parts), secret=secret, algorithm="sha256"
        ).hexdigest()


class SignInSession(AbstractBaseSession):
    """One browser that somebody is signed in with; the key of its cookie is kept as a digest only.

    Columns besides Django's own are what the officer sees in the list of his sessions.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="removed when it ends; not part of backups"
    )

    account = models.ForeignKey(
        Account,
        on_delete=models.CASCADE,  # a session without its account opens nothing
        null=True,
        related_name="sessions",
    )
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    idle_until = models.DateTimeField(null=True)
    address = models.CharField(max_length=45, blank=True)
    device = models.CharField(max_length=60, blank=True)

    class Meta(AbstractBaseSession.Meta):
        abstract = False

    def __str__(self) -> str:
        return f"session {self.session_key[:6]}"


class Attempts(models.Model):
    """How often signing in failed for one login name or from one address; by digest, not in clear.

    A password typed into the field of the name would otherwise stand here to be read.
    """

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="without meaning after a day; removed by the nightly sweep"
    )

    of = KeyedBytesField(max_length=16, unique=True)
    failures = models.IntegerField(default=0)
    last_at = models.DateTimeField()
    locked_until = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.failures} failures"


class SetUpLink(models.Model):
    """A way in for one account, once: to set the first password, or another after a lost one."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="of no use after 48 hours; kept for the record of acts"
    )

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="links")
    digest = models.CharField(max_length=64, unique=True, help_text="SM3 of the token")
    clears_factor = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=80)
    ends_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"link of {self.account_id}"


class BackupCode(models.Model):
    """A code on paper for the day the telephone is lost; taken once."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="when new ones are made or the second factor is taken off"
    )

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="backup_codes")
    digest = KeyedBytesField(max_length=16, unique=True)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"code of {self.account_id}"


class PastPassword(models.Model):
    """Hash of an earlier password, so that it is not taken again."""

    personal_data: ClassVar[PersonalData] = PersonalData(
        kinds=("staff",), retired="the oldest goes when there are more than are remembered"
    )

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="past_passwords")
    password = models.CharField(max_length=128)
    set_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-id"]

    def __str__(self) -> str:
        return f"past password of {self.account_id}"


class SignInSetting(models.Model):
    """A rule of signing in that differs from how the program comes."""

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    name = models.CharField(max_length=40, unique=True)
    value = models.JSONField()
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=80)

    def __str__(self) -> str:
        return self.name
