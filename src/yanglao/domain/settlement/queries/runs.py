"""Runs, their payments, findings, differences, choices and files."""

from typing import Any

from django.db.models import Count, QuerySet, Sum

from yanglao.domain.people.public import about_person, all_files_of
from yanglao.domain.settlement.models import (
    Attempt,
    BankFile,
    Difference,
    Finding,
    Line,
    MonthChoice,
    Payment,
    PaymentRun,
    PayStart,
    ReturnFile,
    ReturnLine,
    RunStep,
)
from yanglao.domain.settlement.types import COUNTED_RUNS, MonthSum, PaymentState
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.division import contains


def runs(reader: Reader, *, state: str = "", benefit: str = "") -> QuerySet[PaymentRun]:
    """Return payment runs of the area, the latest month first."""
    rows = within_area(PaymentRun.objects.order_by("-month", "-id"), reader, "region_code")
    if state:
        rows = rows.filter(state=state)
    if benefit:
        rows = rows.filter(benefits__contains=benefit)
    return rows


def get_run(reader: Reader, pk: int) -> PaymentRun:
    """Return one run.

    Raises:
        PaymentRun.DoesNotExist: Also when it lies outside the reader's area.
    """
    return runs(reader).get(pk=pk)


def run_states(reader: Reader) -> dict[str, int]:
    """Count the runs of the area by state, in one query."""
    rows = runs(reader).order_by().values_list("state").annotate(number=Count("pk"))
    return dict(rows)


def run_before(run: PaymentRun) -> PaymentRun | None:
    """Return the run whose facts may be compared with, else ``None``.

    That is the run approved last of all that meet this one in area and benefits, and only when it
    is of the month before (or the same), the same area and the same benefits.
    """
    rows = PaymentRun.objects.filter(state__in=COUNTED_RUNS).exclude(pk=run.pk)
    for one in rows.order_by("-approved_at", "-id"):
        meets = contains(one.region_code, run.region_code) or contains(
            run.region_code, one.region_code
        )
        if meets and set(one.codes) & set(run.codes):
            same = (one.region_code, one.benefits) == (run.region_code, run.benefits)
            return one if same and run.month - 1 <= one.month <= run.month else None
    return None


def month_before(reader: Reader, run: PaymentRun) -> MonthSum | None:
    """Return what the month before came to with the same area and benefits, all its runs together.

    A month may have a second run, with what was put right: alone it says nothing of the month.
    """
    rows = runs(reader).filter(
        region_code=run.region_code,
        benefits=run.benefits,
        month=run.month - 1,
        state__in=COUNTED_RUNS,
    )
    found = list(rows)
    if not found:
        return None
    benefits: dict[str, int] = {}
    for one in found:
        for code, (_number, fen) in one.figures.get("benefits", {}).items():
            benefits[code] = benefits.get(code, 0) + fen
    return MonthSum(sum(one.out_fen for one in found), benefits)


def starts_of(region: str) -> dict[str, int]:
    """Return from which month on each benefit is paid here: the earliest of areas that meet."""
    found: dict[str, int] = {}
    for one in PayStart.objects.order_by("id"):
        if contains(one.region_code, region) or contains(region, one.region_code):
            found[one.benefit] = min(one.month, found.get(one.benefit, one.month))
    return found


def last_step(run: PaymentRun) -> int:
    """Return the number of a run's last step: whoever read before it read something older."""
    return int(run.steps.order_by("-id").values_list("id", flat=True)[0])


def steps_of(run: PaymentRun) -> QuerySet[RunStep]:
    """Return what was done on a run, the latest first."""
    return run.steps.order_by("-id")


def known_files() -> frozenset[str]:
    """Return the names of sealed files that rows name."""
    found: set[str] = set(
        PaymentRun.objects.exclude(snapshot="").values_list("snapshot", flat=True)
    )
    found |= set(BankFile.objects.values_list("file", flat=True))
    found |= set(ReturnFile.objects.values_list("file", flat=True))
    return frozenset(found)


def payments_of_run(
    reader: Reader, run: PaymentRun, *, state: str = "", benefit: str = "", text: str = ""
) -> QuerySet[Payment]:
    """Return the payments of a run in the reader's area."""
    rows = within_area(Payment.objects.filter(run=run), reader)
    if state:
        rows = rows.filter(state=state)
    if benefit:
        rows = rows.filter(benefit=benefit)
    if text:
        rows = rows.filter(about_person(text))
    return rows.order_by("id")


def payment_states(reader: Reader, run: PaymentRun) -> dict[str, tuple[int, int]]:
    """Count the payments of a run and what they send, by state, in one query."""
    rows = (
        payments_of_run(reader, run)
        .order_by()
        .values("state")
        .annotate(number=Count("pk"), gross=Sum("gross_fen"), kept=Sum("withheld_fen"))
    )
    return {row["state"]: (row["number"], row["gross"] - row["kept"]) for row in rows}


def findings_of_run(
    reader: Reader,
    run: PaymentRun,
    *,
    code: str = "",
    decision: str | None = None,
    stops: bool | None = None,
    text: str = "",
) -> QuerySet[Finding]:
    """Return what checks found in a run, with the person."""
    rows = within_area(Finding.objects.filter(run=run), reader).select_related("person")
    if code:
        rows = rows.filter(code=code)
    if decision is not None:
        rows = rows.filter(decision=decision)
    if stops is not None:
        rows = rows.filter(stops=stops)
    if text:
        rows = rows.filter(about_person(text))
    return rows.order_by("-stops", "code", "id")


def finding_counts(reader: Reader, run: PaymentRun) -> list[dict[str, Any]]:
    """Count findings by code, whether they stop money, and decision, in one query."""
    rows = within_area(Finding.objects.filter(run=run), reader).order_by()
    counted = rows.values("code", "stops", "decision").annotate(number=Count("pk"))
    return [dict(row) for row in counted.order_by("code", "decision")]


def differences_of_run(
    reader: Reader,
    run: PaymentRun,
    *,
    difference: str = "",
    code: str = "",
    benefit: str = "",
    text: str = "",
) -> QuerySet[Difference]:
    """Return who gets something else than last month, with the person."""
    rows = within_area(Difference.objects.filter(run=run), reader).select_related("person")
    for name, value in (("difference", difference), ("code", code), ("benefit", benefit)):
        if value:
            rows = rows.filter(**{name: value})
    if text:
        rows = rows.filter(about_person(text))
    return rows.order_by("id")


def choices_of_run(
    reader: Reader, run: PaymentRun, *, code: str = "", text: str = ""
) -> QuerySet[MonthChoice]:
    """Return what was chosen where benefits met, with the person."""
    rows = within_area(MonthChoice.objects.filter(run=run), reader).select_related("person")
    if code:
        rows = rows.filter(code=code)
    if text:
        rows = rows.filter(about_person(text))
    return rows.order_by("id")


def lines_of_payment(payment: Payment) -> QuerySet[Line]:
    """Return the months that a payment consists of."""
    return Line.objects.filter(
        run_id=payment.run_id, person_id=payment.person_id, benefit=payment.benefit
    ).order_by("month", "id")


def attempts_of_payment(payment: Payment) -> QuerySet[Attempt]:
    """Return the attempts to pay a payment, with their files."""
    return payment.tries.select_related("bank_file").order_by("number")


def get_payment(reader: Reader, pk: int) -> Payment:
    """Return one payment with its run; raises ``Payment.DoesNotExist`` outside the area."""
    return within_area(Payment.objects.select_related("run"), reader).get(pk=pk)


def files_of_run(run: PaymentRun) -> QuerySet[BankFile]:
    """Return the bank files of a run, the latest first."""
    return run.files.order_by("-id")


def get_bank_file(reader: Reader, pk: int) -> BankFile:
    """Return one bank file with its run; raises ``BankFile.DoesNotExist`` outside the area."""
    rows = BankFile.objects.select_related("run")
    return within_area(rows, reader, "run__region_code").get(pk=pk)


def files_in_doubt(reader: Reader) -> QuerySet[BankFile]:
    """Return files of which nobody knows whether the bank has them: ask it about exactly these."""
    rows = BankFile.objects.select_related("run").filter(state="handing").order_by("id")
    return within_area(rows, reader, "run__region_code")


def returns_of_run(run: PaymentRun) -> QuerySet[ReturnFile]:
    """Return the files that came back for a run, the latest first."""
    rows = ReturnFile.objects.filter(bank_file__run=run).select_related("bank_file")
    return rows.order_by("-id")


def get_return_file(reader: Reader, pk: int) -> ReturnFile:
    """Return one file that came back; raises ``ReturnFile.DoesNotExist`` outside the area."""
    rows = ReturnFile.objects.select_related("bank_file__run")
    return within_area(rows, reader, "bank_file__run__region_code").get(pk=pk)


def return_lines(
    reader: Reader, returned: ReturnFile, *, verdict: str = ""
) -> QuerySet[ReturnLine]:
    """Return the lines of a return file that were not simply paid, with whose payment it was."""
    rows = within_area(ReturnLine.objects.filter(returned=returned), reader)
    if verdict:
        rows = rows.filter(verdict=verdict)
    return rows.select_related("attempt__payment").order_by("place")


def county_report(reader: Reader, run: PaymentRun, digits: int) -> list[dict[str, Any]]:
    """Return what a run pays by place and benefit: dicts of place, benefit, people, fen, held.

    Args:
        digits: 6 for counties, 9 for towns.
    """
    rows = payments_of_run(reader, run).order_by()
    counted = rows.values("place_code", "benefit", "state").annotate(
        number=Count("pk"), gross=Sum("gross_fen"), kept=Sum("withheld_fen")
    )
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in counted:
        code = row["place_code"][:digits].ljust(12, "0")
        line = found.setdefault(
            (code, row["benefit"]),
            {
                **{"place": code, "benefit": row["benefit"], "people": 0, "fen": 0},
                **{"withheld": 0, "held": 0, "held_fen": 0, "paid": 0, "paid_fen": 0},
            },
        )
        net = row["gross"] - row["kept"]
        if row["state"] == PaymentState.HELD:
            line["held"] += row["number"]
            line["held_fen"] += net
            continue
        line["people"] += row["number"]
        line["fen"] += net
        line["withheld"] += row["kept"]
        if row["state"] == PaymentState.PAID:
            line["paid"] += row["number"]
            line["paid_fen"] += net
    return [found[key] for key in sorted(found)]


def payments_of_person(reader: Reader, person_id: int) -> QuerySet[Payment]:
    """Return what was paid (or is to be) to a person, the latest month first, with the run."""
    rows = Payment.objects.filter(person_id__in=all_files_of([person_id])).exclude(
        run__state="cancelled"
    )
    return within_area(rows, reader).select_related("run").order_by("-run__month", "-id")


def attempts_of_person(reader: Reader, payment_ids: list[int]) -> dict[int, str]:
    """Return the bank's word on the last attempt of each payment that did not arrive."""
    rows = Attempt.objects.filter(payment_id__in=payment_ids).exclude(reason="")
    rows = within_area(rows, reader, "payment__place_code").order_by("number")
    return dict(rows.values_list("payment_id", "reason"))


def choices_of_person(reader: Reader, person_id: int) -> QuerySet[MonthChoice]:
    """Return what was not paid to a person because of another benefit, the latest first."""
    rows = MonthChoice.objects.filter(
        person_id__in=all_files_of([person_id]), run__state__in=COUNTED_RUNS
    )
    return within_area(rows, reader).select_related("run").order_by("-month", "-run_id", "benefit")
