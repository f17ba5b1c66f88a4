"""Other payers' lists and their rows."""

from django.db.models import Exists, OuterRef, QuerySet

from yanglao.domain.people.public import about_person
from yanglao.domain.settlement.models import ElsewhereList, Line, PaidElsewhere
from yanglao.domain.settlement.types import COUNTED_RUNS, ElsewhereState
from yanglao.foundation.scoping import Reader, within_area


def elsewhere_lists(reader: Reader, *, state: str = "") -> QuerySet[ElsewhereList]:
    """Return the lists of the area, the latest first."""
    rows = within_area(ElsewhereList.objects.all(), reader, "region_code")
    if state:
        rows = rows.filter(state=state)
    return rows.select_related("replaces").order_by("-id")


def get_elsewhere(reader: Reader, pk: int) -> ElsewhereList:
    """Return one list; raises ``ElsewhereList.DoesNotExist`` outside the area."""
    return elsewhere_lists(reader).get(pk=pk)


def elsewhere_rows(
    reader: Reader, found: ElsewhereList, *, text: str = "", twice: bool = False
) -> QuerySet[PaidElsewhere]:
    """Return the rows of a list in the area, with the person, and whether we paid it too.

    Args:
        text: A name or a whole ID number. twice: Only what was paid here as well (``paid_here``).
    """
    rows = within_area(PaidElsewhere.objects.filter(of_list=found), reader)
    ours = Line.objects.filter(
        person_id=OuterRef("person_id"),
        benefit=OuterRef("benefit"),
        month=found.month,
        fen__gt=0,
        held=False,
        run__state__in=COUNTED_RUNS,
    )
    rows = rows.annotate(paid_here=Exists(ours))
    if twice:
        rows = rows.filter(paid_here=True)
    if text:
        rows = rows.filter(about_person(text))
    return rows.select_related("person").order_by("row", "id")


def elsewhere_in_use(reader: Reader, found: ElsewhereList) -> ElsewhereList | None:
    """Return the list that this one would replace."""
    rows = elsewhere_lists(reader, state=ElsewhereState.CURRENT).exclude(pk=found.pk)
    return rows.filter(region_code=found.region_code, month=found.month, payer=found.payer).first()


def payers_known(reader: Reader) -> list[str]:
    """Return the payers named before, by name."""
    rows = elsewhere_lists(reader).order_by("payer").values_list("payer", flat=True)
    return list(rows.distinct())
