"""Claims: what is to come back, how it comes, and what waits for a second person."""

from django.db.models import Count, F, QuerySet, Sum

from yanglao.domain.people.public import about_person, all_files_of
from yanglao.domain.settlement.models import Claim, Payment, Repayment, WriteOff
from yanglao.domain.settlement.types import ClaimState, WriteOffState
from yanglao.foundation.scoping import Reader, within_area


def claims(
    reader: Reader, *, state: str = "", benefit: str = "", text: str = ""
) -> QuerySet[Claim]:
    """Return claims of the area that were approved, the newest first; ``state="left"``: open."""
    rows = within_area(Claim.objects.exclude(state=ClaimState.PROPOSED), reader)
    if state == "left":
        rows = rows.exclude(state=ClaimState.SETTLED)
    elif state:
        rows = rows.filter(state=state)
    if benefit:
        rows = rows.filter(benefit=benefit)
    if text:
        rows = rows.filter(about_person(text))
    return rows.select_related("run", "person").order_by("-id")


def get_claim(reader: Reader, pk: int) -> Claim:
    """Return one claim; raises ``Claim.DoesNotExist`` outside the area."""
    return within_area(Claim.objects.select_related("run", "person"), reader).get(pk=pk)


def claims_of_run(reader: Reader, run_id: int) -> QuerySet[Claim]:
    """Return the claims that a run found, proposed ones too."""
    rows = within_area(Claim.objects.filter(run_id=run_id), reader)
    return rows.select_related("person").order_by("id")


def claims_of_person(reader: Reader, person_id: int) -> QuerySet[Claim]:
    """Return all claims on a person that were approved."""
    return claims(reader).filter(person_id__in=all_files_of([person_id]))


def claim_sums(reader: Reader) -> dict[str, int]:
    """Return how many claims are open and what they come to, in one query."""
    rows = claims(reader).order_by()
    found = rows.aggregate(
        number=Count("pk"),
        fen=Sum("fen"),
        withheld=Sum("withheld_fen"),
        repaid=Sum("repaid_fen"),
        written_off=Sum("written_off_fen"),
    )
    return {name: int(value or 0) for name, value in found.items()}


def repayments_of(claim: Claim) -> QuerySet[Repayment]:
    """Return what was brought back of a claim."""
    return claim.repayments.order_by("id")


def write_offs_of(claim: Claim) -> QuerySet[WriteOff]:
    """Return the requests to give a claim up."""
    return claim.write_offs.order_by("id")


def write_offs_waiting(reader: Reader) -> QuerySet[WriteOff]:
    """Return requests that wait for a second person."""
    rows = WriteOff.objects.filter(state=WriteOffState.ASKED).select_related("claim")
    return within_area(rows, reader, "claim__place_code").order_by("id")


def payments_to_offset(reader: Reader, claim: Claim) -> QuerySet[Payment]:
    """Return payments of the same person that did not arrive and may settle the claim."""
    rows = Payment.objects.filter(person_id__in=all_files_of([claim.person_id]), state="failed")
    rows = rows.filter(gross_fen__gt=F("withheld_fen") + F("paid_fen") + F("open_fen"))
    return within_area(rows, reader).select_related("run").order_by("id")
