"""The two pages of the desk, as tabs."""

from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.health.public import HealthCounts
from yanglao.domain.places.public import children, names_of
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.parts import Tab, Text


def desk_tabs(current: str, counts: HealthCounts) -> list[Tab]:
    """Return the tabs."""
    return [
        Tab(
            _("筛查和跟踪"),
            reverse("health_desk:screenings"),
            current=current == "screenings",
            count=counts.waiting,
        ),
        Tab(
            _("变差的人"),
            reverse("health_desk:worse"),
            current=current == "worse",
            count=counts.worse,
        ),
    ]


def place_choices(reader: Reader, chosen: str) -> list[tuple[str, Text]]:
    """Offer the present place and the places below it."""
    below: list[tuple[str, Text]] = [(place.code, place.name) for place in children(reader.area)]
    if not chosen:
        return below
    here = names_of([reader.area]).get(reader.area, reader.area)
    return [(reader.area, _("%(place)s（全部）") % {"place": here}), *below]
