"""The desk's line in the main menu."""

from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.web.kit import menu

menu.add(
    menu.MenuEntry(
        label=_("清单修订"),
        url_name="drafting_desk:board",
        icon="file-pen-line",
        permission=Permission.SEE_DRAFTS,
        order=46,
        area="drafting_desk:",
    )
)
