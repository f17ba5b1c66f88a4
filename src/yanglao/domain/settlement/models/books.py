"""The books.

A row (:class:`Entry`) has one amount, one debit and one credit account, so debits and credits
cannot differ, not even for a moment; :class:`Posting` shows it as two lines. Triggers keep the
books from being changed, constraints keep every act on its own two accounts.
"""

from typing import ClassVar

from django.db import models

from yanglao.domain.settlement.models.runs import PaymentRun
from yanglao.domain.settlement.models.shared import MONEY, person_key
from yanglao.domain.settlement.types import SIDES
from yanglao.foundation.privacy import NO_PERSONAL_DATA, PersonalData


class Entry(models.Model):
    """One booking: an amount from the credit account to the debit account. Never changed.

    ``payment_ref``, ``claim_ref``, ``attempt`` and ``source_ref`` (the repayment or write-off, or
    the payment for a claim) are nought where there is none: together with the act they are its
    key, so that nothing is booked twice.
    """

    personal_data: ClassVar[PersonalData] = MONEY

    act = models.SmallIntegerField()
    debit = models.SmallIntegerField()
    credit = models.SmallIntegerField()
    fen = models.BigIntegerField()
    booked_on = models.DateField()
    run = models.ForeignKey(
        PaymentRun, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    person = person_key()
    place_code = models.CharField(max_length=12)
    benefit = models.CharField(max_length=40)
    payment_ref = models.BigIntegerField(default=0)
    claim_ref = models.BigIntegerField(default=0)
    attempt = models.SmallIntegerField(default=0)
    source_ref = models.BigIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [
            models.Index(fields=["run", "act"], name="entry_run"),
            models.Index(
                fields=["claim_ref"], condition=models.Q(claim_ref__gt=0), name="entry_claim"
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["payment_ref", "claim_ref", "act", "attempt", "source_ref"],
                name="entry_booked_once",
            ),
            models.CheckConstraint(
                condition=models.Q(fen__gt=0),
                name="entry_of_money",
                violation_error_message="记账金额必须大于零。",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    *[
                        models.Q(act=int(act), debit=int(debit), credit=int(credit))
                        for act, (debit, credit) in SIDES.items()
                    ],
                    _connector=models.Q.OR,
                ),
                name="entry_on_its_accounts",
                violation_error_message="借贷科目与业务不符。",
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"


class Posting(models.Model):
    """An entry as two lines, debit and credit: a view, only ever read."""

    personal_data: ClassVar[PersonalData] = MONEY

    entry = models.ForeignKey(Entry, on_delete=models.DO_NOTHING, related_name="+")
    account = models.SmallIntegerField()
    debit_fen = models.BigIntegerField()
    credit_fen = models.BigIntegerField()
    booked_on = models.DateField()
    place_code = models.CharField(max_length=12)

    class Meta:
        managed = False
        db_table = "settlement_posting"
        ordering: ClassVar = ["id"]

    def __str__(self) -> str:
        return f"posting {self.pk}"


class Tally(models.Model):
    """What one booking of many entries came to, by town and benefit: what pages add up.

    Written in the transaction of the entries themselves; ``queries.books.tally_gaps`` compares.
    """

    personal_data: ClassVar[PersonalData] = NO_PERSONAL_DATA

    booked_on = models.DateField()
    act = models.SmallIntegerField()
    run = models.ForeignKey(PaymentRun, on_delete=models.PROTECT, related_name="+")
    benefit = models.CharField(max_length=40)
    place_code = models.CharField(max_length=12, help_text="a town")
    number = models.IntegerField()
    fen = models.BigIntegerField()

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["booked_on", "act"], name="tally_day")]

    def __str__(self) -> str:
        return f"{self.act} {self.fen}"
