"""The two pages of the desk, as tabs."""

from django.utils.translation import gettext as _

from yanglao.domain.health.public import HealthCounts
from yanglao.web.kit.parts import Tab, desk_pages


def desk_tabs(current: str, counts: HealthCounts) -> list[Tab]:
    """Return the tabs."""
    pages = (
        ("screenings", _("筛查和跟踪"), counts.waiting),
        ("worse", _("变差的人"), counts.worse),
    )
    return desk_pages("health_desk", pages, current)
