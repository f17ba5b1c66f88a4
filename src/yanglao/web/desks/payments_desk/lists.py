"""Rows of lists of payments: whose, where, which benefit; what all of these lists share."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.places.public import town_and_village
from yanglao.domain.settlement.public import PaymentRun
from yanglao.flows.explain_payments import (
    benefit_names,
    choice_sentence,
    named,
    reason_words,
)
from yanglao.web.desks.payments_desk.words import month_title
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.tables import Column, Fetch, TableSpec

_CHUNK = 2000


@dataclass(frozen=True, slots=True)
class RunRow:
    """A row of a list with its words.

    Attributes:
        row: A payment, finding, difference, choice, claim or entry.
        place: Town and village in words. names: Benefits by code. region: Whose rules speak.
    """

    row: Any
    place: str
    names: dict[str, str]
    region: str

    @property
    def name(self) -> str:
        """Name of the person: as it stood on the list, else as it is now."""
        held = getattr(self.row, "name", "")
        if held:
            return str(held)
        person = getattr(self.row, "person", None)
        return str(person.name) if person is not None else ""

    @property
    def benefit(self) -> str:
        """The benefit's name."""
        return named([self.row.benefit], self.names)

    @property
    def reason(self) -> str:
        """Why, in a few words."""
        return reason_words(self.row.code)

    @property
    def month(self) -> str:
        """The month it is about."""
        return month_title(self.row.month)

    @property
    def sentence(self) -> str:
        """A choice as a sentence with its clause."""
        return choice_sentence(self.row, self.region)


def rows_of(found: Sequence[Any], names: dict[str, str], region: str) -> list[RunRow]:
    """Return rows with their words; one query for all places."""
    places = town_and_village(one.place_code for one in found)
    return [RunRow(one, places[one.place_code], names, region) for one in found]


def fetch_rows(rows: "QuerySet[Any]", names: dict[str, str], region: str) -> Fetch:
    """Return the function that a table cuts its page out with: two queries a page."""
    return fetch_dressed(rows, partial(rows_of, names=names, region=region))


#: Takes a row, returns a value of a cell.
Cell = Callable[[RunRow], Any]


def of(name: str) -> Cell:
    """Return what reads a field of the row itself."""
    return lambda line: getattr(line.row, name)


#: Whose row it is, with the place below.
NAME = Column(
    "name",
    gettext_lazy("姓名"),
    sort="person__name_fold",
    fixed=True,
    note=lambda line: line.place,
)
#: The place in a column of its own, for sheets.
PLACE = Column("place", gettext_lazy("地点"), hidden=True, width=28)


def find_person() -> Filter:
    """Return the filter that looks for a person."""
    return Filter("q", _("找人"), "text", hint=_("姓名或身份证号"))


def choose_benefit(run: PaymentRun) -> Filter:
    """Return the filter by a benefit of a run."""
    names = benefit_names(run.region_code)
    return Filter("benefit", _("待遇"), choices=[(c, names.get(c, c)) for c in run.codes])


def as_sheet(
    request: HttpRequest, spec: TableSpec, rows: "QuerySet[Any]", *, region: str, title: str
) -> HttpResponseBase:
    """Answer with all rows of a list as a file; ``region``: whose rules name the benefits."""
    names = benefit_names(region)
    return excel_response(
        request,
        spec,
        all_dressed(rows, spec.order_of(request), partial(rows_of, names=names, region=region)),
        title=title,
        behind=rows,
    )
