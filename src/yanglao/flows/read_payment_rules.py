"""The payment rules of a region as written in its pack: terms, relations, versions of the list."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from yanglao.engines.payments.compatibility import Compatibility
from yanglao.engines.payments.entitlement import CatalogueVersion
from yanglao.engines.payments.months import Month
from yanglao.engines.payments.reading import TermsErrors
from yanglao.engines.payments.terms import PaymentTerms
from yanglao.flows.benefit_terms import benefit_terms


class NoPaymentRules(Exception):
    """A region whose money cannot be computed; the message says what to do, in Chinese."""


@dataclass(frozen=True)
class PaymentRules:
    """What a payment month is computed by.

    Attributes:
        pack: Name of the pack. terms, compatibility: Of its files.
        versions: Published versions of the list, by the first month in which each is in force.
    """

    pack: str
    terms: PaymentTerms
    compatibility: Compatibility
    versions: tuple[CatalogueVersion, ...]

    @property
    def payable(self) -> dict[str, str]:
        """Benefits that are paid here and have terms: code to name."""
        return {
            code: one.name
            for code, one in self.compatibility.benefits.items()
            if one.paid_here and code in self.terms.by_benefit
        }

    def of_past(self, month: Month) -> str:
        """Return a hash of all that decides months before ``month``."""
        before = [f"{v.code}@{v.first_month}" for v in self.versions if v.first_month < month]
        told = "|".join((self.terms.hash, self.compatibility.hash, *before))
        return hashlib.sha256(told.encode()).hexdigest()

    def unverified(self) -> int:
        """Count the rules that were not seen in a source."""
        return len(self.terms.unverified()) + len(self.compatibility.unverified())


def read_payment_rules(region: str, *, known_at: datetime | None = None) -> PaymentRules:
    """Return the rules for paying in a region.

    Args:
        known_at: As it was known at this moment; see ``benefit_terms``.

    Raises:
        NoPaymentRules: When no pack was published for it, or its payment files are missing or
            wrong.
    """
    try:
        found = benefit_terms(region, known_at=known_at)
    except LookupError as missing:
        raise NoPaymentRules(str(missing.args[0])) from missing
    except TermsErrors as wrong:
        raise NoPaymentRules(f"发放规定有错，不能发放：{wrong}") from wrong
    return PaymentRules(found.pack, found.terms, found.compatibility, found.catalogue_versions)
