"""The desk's line in the main menu."""

from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.web.kit import menu

menu.add(
    menu.MenuEntry(
        label=_("老人档案"),
        url_name="registry_desk:search",
        icon="users-round",
        permission=Permission.SEE_PEOPLE,
        order=30,
        area="registry_desk:",
    )
)
