"""Reading runs, counts, changes and findings, always as far as the reader's area goes."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Literal

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.expressions import Value
from django.db.models.functions import Concat, Substr

from yanglao.domain.entitlements.models import (
    Change,
    CurrentAnswers,
    Finding,
    HandDelivery,
    Outcome,
    PastAnswers,
    Run,
    RunItem,
    Tally,
)
from yanglao.domain.entitlements.types import Status, TallyRow
from yanglao.foundation.scoping import Reader, within_area
from yanglao.kernel.division import contains

By = Literal["county", "town", "village", "item"]

_SIGNIFICANT: dict[str, int] = {"county": 6, "town": 9, "village": 12}


def runs(reader: Reader) -> QuerySet[Run]:
    """Return runs over a region that touches the reader's area, the newest first.

    Runs that looked again at a few people only are left out; trials are in.
    """
    rows = Run.objects.filter(whole_region=True).select_related("pack_version")
    return rows.filter(_touching(reader)).order_by("-id")


def latest_run(reader: Reader) -> Run | None:
    """Return the newest recorded run over the reader's whole area, ``None`` before the first.

    Its tallies hold what stands now, later looks at parts of the area included. A reader of more
    than any run has covered gets the newest run inside his area.
    """
    rows = list(runs(reader).filter(state=Run.State.DONE)[:50])
    return next((run for run in rows if _holds(run.region_code, reader.area)), None) or (
        rows[0] if rows else None
    )


def get_run(reader: Reader, pk: int) -> Run:
    """Return a run.

    Raises:
        Run.DoesNotExist: Also when it has nothing to do with the reader's area.
    """
    return runs(reader).get(pk=pk)


def _touching(reader: Reader) -> Q:
    """Return the condition for regions that contain the reader's area or lie in it."""
    codes = {
        code
        for code in Run.objects.order_by().values_list("region_code", flat=True).distinct()
        if reader.covers(code) or _holds(code, reader.area)
    }
    return Q(region_code__in=sorted(codes))


def _holds(region: str, area: str) -> bool:
    try:
        return contains(region, area)
    except ValueError:
        return False


def last_done_run(region: str) -> Run | None:
    """Return the newest recorded run over a region or a place above it; for flows."""
    rows = Run.objects.filter(whole_region=True, state=Run.State.DONE).order_by("-id")
    return next((run for run in rows if contains(run.region_code, region)), None)


def live_runs() -> list[Run]:
    """Return the newest recorded run of each region: those whose tallies hold what stands now."""
    newest = (
        Run.objects.filter(whole_region=True, state=Run.State.DONE)
        .values("region_code")
        .annotate(newest=Max("id"))
        .order_by("region_code")
        .values_list("newest", flat=True)
    )
    return list(Run.objects.filter(pk__in=list(newest)).order_by("id"))


def standing_regions() -> list[str]:
    """Return the regions of which a run stands; one query."""
    rows = Run.objects.filter(whole_region=True, state=Run.State.DONE)
    return list(rows.order_by("region_code").values_list("region_code", flat=True).distinct())


def facts_files(region: str) -> list[str]:
    """Return the files of what runs saw of a region's people, back to one that saw all of them."""
    found = []
    rows = Run.objects.filter(state=Run.State.DONE).exclude(facts_file="").order_by("-id")
    for code, whole, name in rows.values_list("region_code", "whole_region", "facts_file"):
        found.append(name)
        if whole and contains(code, region):
            break
    return found


def newest_run_id() -> int:
    """Return the id of the last run of any sort, 0 before the first; for flows."""
    newest = Run.objects.order_by("-id").values_list("id", flat=True).first()
    return newest or 0


def run_items(run: Run) -> QuerySet[RunItem]:
    """Return a run's counts by item, in the order of the catalogue.

    They are counts of the whole run, for those who may see runs; for counts of an area: tallies.
    """
    return run.items.select_related("item").order_by("item__position", "item_id")


def held_items(reader: Reader) -> QuerySet[RunItem]:
    """Return the items that the newest run holds for a person to release."""
    run = latest_run(reader)
    rows = RunItem.objects.filter(run=run) if run else RunItem.objects.none()
    held = rows.exclude(held_reason="").filter(released_at__isnull=True)
    return held.select_related("item", "run").order_by("item__position", "item_id")


def tallies(reader: Reader, run: Run | None, by: By, *, item: int | None = None) -> list[TallyRow]:
    """Count people of the reader's area, in one query.

    Args:
        reader: Whose area.
        run: Which run; ``None`` gives no rows.
        by: ``"county"``, ``"town"``, ``"village"``: one row a place (codes of 12 digits, sorted);
            ``"item"``: one row an item, in the order of the catalogue.
        item: Id of the one item to count; all together when not given.
    """
    if run is None:
        return []
    rows = within_area(Tally.objects.filter(run=run), reader).order_by()
    if item is not None:
        rows = rows.filter(item_id=item)
    if by == "item":
        keys: dict[str, Any] = {"code": Value("")}
        named: tuple[str, ...] = ("item_id", "item__code", "item__name")
        order: tuple[str, ...] = ("item__position", "item_id")
    else:
        digits = _SIGNIFICANT[by]
        keys = {"code": Concat(Substr("place_code", 1, digits), Value("0" * (12 - digits)))}
        named, order = (), ("code",)
    counted = (
        rows.annotate(**keys)
        .values("code", *named)
        .annotate(
            yes=Sum("people", filter=Q(status=Status.YES), default=0),
            possible=Sum("people", filter=Q(status=Status.POSSIBLE), default=0),
            had=Sum("people", filter=Q(status=Status.YES, delivered=True), default=0),
        )
        .order_by(*order)
    )
    return [
        TallyRow(
            code=row["code"],
            item_id=row.get("item_id"),
            item=row.get("item__code", ""),
            item_name=row.get("item__name", ""),
            yes=row["yes"],
            possible=row["possible"],
            delivered=row["had"],
            not_delivered=row["yes"] - row["had"],
        )
        for row in counted
    ]


def changes(
    reader: Reader, run: Run | None, item: int | None = None, kind: str | None = None
) -> QuerySet[Change]:
    """Return what a run changed for people of the reader's area, with item and both answers."""
    rows = within_area(Change.objects.filter(run=run), reader)
    if item is not None:
        rows = rows.filter(item_id=item)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.select_related("person", "item", "before", "after").order_by("id")


def change_counts(reader: Reader, run: Run | None) -> list[dict[str, Any]]:
    """Count a run's changes in the reader's area: dicts of item_id, kind, people."""
    rows = within_area(Change.objects.filter(run=run), reader)
    counted = rows.values("item_id", "kind").annotate(people=Count("id"))
    return [dict(row) for row in counted.order_by("item_id", "kind")]


def changes_of(reader: Reader, person_id: int) -> QuerySet[Change]:
    """Return what runs changed for one person, the newest first."""
    rows = within_area(Change.objects.filter(person_id=person_id), reader)
    return rows.select_related("item", "run", "before", "after").order_by("-id")


def findings(
    reader: Reader,
    item: int | None = None,
    status: int | None = None,
    delivered: bool | None = None,
) -> QuerySet[Finding]:
    """Return present answers of the reader's area by place and person, one row a person and item.

    Args:
        reader: Whose area.
        item: Id of one item.
        status: ``Status.YES`` or ``Status.POSSIBLE``.
        delivered: Those who have it, by a list or an officer's word (True), or not yet (False).
    """
    rows = within_area(Finding.objects.all(), reader, "person__place_code")
    if item is not None:
        rows = rows.filter(item_id=item)
    if status is not None:
        rows = rows.filter(outcome__status=status)
    if delivered is not None:
        told = HandDelivery.objects.filter(
            person_id=OuterRef("person_id"), item_id=OuterRef("item_id")
        )
        has_it = Q(outcome__delivered=True) | Q(Exists(told))
        listed = Q(outcome__delivered=False) | Q(outcome__delivered__isnull=True)
        rows = rows.filter(has_it if delivered else listed & ~Exists(told))
    return rows.select_related("person", "item", "outcome").order_by(
        "person__place_code", "person_id", "item_id"
    )


def pulled_findings(
    reader: Reader,
    *,
    after: tuple[int, int] | None,
    item: str = "",
    status: int | None = None,
    since: datetime | None = None,
) -> QuerySet[Finding]:
    """Return present answers in an order that stays the same while answers change.

    Args:
        reader: Whose area.
        after: Person and item where the page before ended; ``None`` for the first page.
        item: Code of one item.
        status: ``Status.YES`` or ``Status.POSSIBLE``.
        since: Only people of whom any answer changed at that moment or later.
    """
    rows = within_area(Finding.objects.all(), reader, "person__place_code")
    if after is not None:
        person, last = after
        rows = rows.filter(person_id__gte=person).exclude(person_id=person, item_id__lte=last)
    if item:
        rows = rows.filter(item__code=item)
    if status is not None:
        rows = rows.filter(outcome__status=status)
    if since is not None:
        rows = rows.filter(run_from__finished_at__gte=since)
    return rows.select_related("person", "item", "outcome", "run_from").order_by(
        "person_id", "item_id"
    )


def pulled_changes(
    reader: Reader, *, after: int = 0, run_id: int | None = None, since: datetime | None = None
) -> QuerySet[Change]:
    """Return what runs changed in the reader's area, in the order in which it was written.

    Args:
        reader: Whose area.
        after: Number of the change where the page before ended.
        run_id: One run, also one that looked again at a few people only.
        since: Runs that ended at that moment or later.
    """
    rows = within_area(Change.objects.filter(pk__gt=after), reader)
    if run_id is not None:
        rows = rows.filter(run_id=run_id)
    if since is not None:
        rows = rows.filter(run__finished_at__gte=since)
    return rows.select_related("person", "item", "before", "after", "run").order_by("id")


def change_counts_of(reader: Reader, run_id: int) -> dict[str, int] | None:
    """Count what a run of any sort changed in the reader's area: kind to people.

    ``None`` when nothing, unless it was the first run over the area: all is new then.
    """
    rows = within_area(Change.objects.filter(run_id=run_id), reader)
    counted = rows.values("kind").annotate(people=Count("id")).order_by("kind")
    found = {row["kind"]: row["people"] for row in counted}
    if found:
        return found
    first = Run.objects.filter(pk=run_id, first=True).filter(_touching(reader))
    return {} if first.exists() else None


def findings_of(reader: Reader, person_id: int) -> QuerySet[Finding]:
    """Return one person's present answers in the order of the catalogue."""
    rows = within_area(Finding.objects.filter(person_id=person_id), reader, "person__place_code")
    return rows.select_related("item", "outcome", "run_from").order_by("item__position", "item_id")


def finding_of(person_id: int, item_id: int) -> Finding | None:
    """Return one answer, unscoped; for flows."""
    return (
        Finding.objects.filter(person_id=person_id, item_id=item_id)
        .select_related("outcome")
        .order_by("id")
        .first()
    )


def answers_at(run: Run) -> tuple[QuerySet[CurrentAnswers], QuerySet[PastAnswers]]:
    """Return the rows that stood right after a run: those standing still, and those replaced."""
    now = CurrentAnswers.objects.filter(run_from_id__lte=run.pk).order_by("person_id")
    past = PastAnswers.objects.filter(run_from_id__lte=run.pk, run_to_id__gt=run.pk)
    return now, past.order_by("person_id")


def baseline_counts(region: str) -> dict[int, tuple[int, int, int]]:
    """Return, per item, ``(yes, possible, people)`` of the last run that did not hold it."""
    rows = (
        RunItem.objects.filter(
            run__region_code=region, run__whole_region=True, run__state=Run.State.DONE
        )
        .filter(Q(held_reason="") | Q(released_at__isnull=False))
        .order_by("item_id", "-run_id")
        .values_list("item_id", "yes", "possible", "run__people")
    )
    found: dict[int, tuple[int, int, int]] = {}
    for item_id, yes, possible, people in rows:
        found.setdefault(item_id, (yes, possible, people))
    return found


def outcome_ids(keys: Iterable[str]) -> dict[str, int]:
    """Return the ids of known answers by key."""
    wanted = list(keys)
    found: dict[str, int] = {}
    for start in range(0, len(wanted), 500):
        found.update(
            Outcome.objects.filter(key__in=wanted[start : start + 500])
            .order_by("id")
            .values_list("key", "id")
        )
    return found


def outcomes(ids: Iterable[int]) -> dict[int, Outcome]:
    """Return answers by id."""
    return Outcome.objects.order_by("id").in_bulk(list(ids))


def as_of_of(run_id: int) -> date:
    """Return the day of a run."""
    return Run.objects.values_list("as_of", flat=True).get(pk=run_id)


def told_items(person_id: int) -> set[int]:
    """Return the items that officers have said a person has."""
    rows = HandDelivery.objects.filter(person_id=person_id).order_by("id")
    return set(rows.values_list("item_id", flat=True))
