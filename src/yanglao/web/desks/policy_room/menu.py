"""The desk's line in the main menu."""

from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.web.kit import menu

menu.add(
    menu.MenuEntry(
        label=_("政策清单"),
        url_name="policy_room:catalogue",
        icon="book-open-text",
        permission=Permission.SEE_CATALOGUE,
        order=45,
        area="policy_room:",
    )
)
