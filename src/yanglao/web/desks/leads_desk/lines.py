"""Leads as rows of a list: whose, what, why, where, until when."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.leads.public import Lead, LeadKind
from yanglao.domain.places.public import town_and_village
from yanglao.kernel.dates import whole_years
from yanglao.web.desks.leads_desk.words import due_status, kind_status, state_status, why_words
from yanglao.web.kit.columns import Column
from yanglao.web.kit.parts import Status, person_words
from yanglao.web.kit.rows import NAME, PLACE, WHO
from yanglao.web.kit.tables import TableSpec


@dataclass(frozen=True, slots=True)
class LeadLine:
    """One lead as listed on a day.

    Attributes:
        lead: The lead with its person, item and outcome.
        place: Town and village in words.
        today: The day the page is made for.
    """

    lead: Lead
    place: str
    today: date

    @property
    def name(self) -> str:
        """Name of the person."""
        return str(self.lead.person.name)

    @property
    def age(self) -> int:
        """Age in whole years."""
        return whole_years(self.lead.person.birth_date, self.today)

    @property
    def who(self) -> str:
        """Sex and age in words."""
        return person_words(self.lead.person.sex, self.age)

    @property
    def item(self) -> str:
        """What the person should have."""
        return str(self.lead.item.name)

    @property
    def why(self) -> str:
        """The reason in one short line; for a possible one, what is missing."""
        return why_words(self.lead.outcome.reason)

    @property
    def reasons(self) -> list[str]:
        """The whole reason, one condition each."""
        return why_words(self.lead.outcome.reason, whole=True).split("；")

    @property
    def state(self) -> Status:
        """Where it stands."""
        return state_status(self.lead.state)

    @property
    def kind(self) -> Status:
        """Why there is a lead."""
        return kind_status(self.lead.kind)

    @property
    def due(self) -> Status:
        """How long there is."""
        return due_status(self.lead.due_on, self.lead.closed_on, self.today)

    @property
    def officer(self) -> str:
        """Who works on it."""
        return self.lead.assignee.display_name if self.lead.assignee else str(_("未分派"))

    @property
    def intro(self) -> str:
        """How the item's name is led in: 应享, or 可能符合."""
        return str(_("应享") if self.lead.kind == LeadKind.ENTITLED else _("可能符合"))


def lines_of(leads: Sequence[Lead], today: date) -> list[LeadLine]:
    """Return leads as lines; one query for all place names."""
    places = town_and_village(lead.place_code for lead in leads)
    return [LeadLine(lead, places[lead.place_code], today) for lead in leads]


LEADS = TableSpec(
    key="leads",
    caption=gettext_lazy("线索"),
    default_sort="due_on",
    page_size=25,
    row_key=lambda line: line.lead.pk,
    row_url=lambda line: reverse("leads_desk:lead", args=[line.lead.pk]),
    row_label=lambda line: f"{line.name} {line.item}",
    columns=(
        NAME,
        WHO,
        Column(
            "item",
            gettext_lazy("项目和原因"),
            sort="item__position",
            note=lambda line: line.why,
            wide=True,
            fixed=True,
            width=24,
        ),
        Column("due", gettext_lazy("期限"), kind="status", sort="due_on", width=14),
        Column("state", gettext_lazy("办到哪一步"), kind="status", sort="state", width=12),
        PLACE,
        Column("officer", gettext_lazy("经办人"), sort="assignee__display_name"),
        Column("kind", gettext_lazy("类别"), kind="status", hidden=True, width=12),
        Column(
            "opened",
            gettext_lazy("发现日期"),
            kind="date",
            value=lambda line: line.lead.opened_on,
            sort="opened_on",
            hidden=True,
        ),
        Column(
            "due_on",
            gettext_lazy("到期日"),
            kind="date",
            value=lambda line: line.lead.due_on,
            hidden=True,
        ),
        Column(
            "id_number",
            gettext_lazy("身份证号"),
            kind="id",
            value=lambda line: line.lead.person.id_number,
            hidden=True,
        ),
        Column("why", gettext_lazy("原因"), hidden=True, wide=True, width=60),
    ),
)
