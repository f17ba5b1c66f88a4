"""The two pages of the desk, as tabs."""

from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.health.public import HealthCounts
from yanglao.web.kit.parts import Tab


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
