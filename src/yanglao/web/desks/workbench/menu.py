"""The desk's line in the main menu."""

from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.web.kit import menu

menu.add(
    menu.MenuEntry(
        label=_("工作台"),
        url_name="workbench",
        icon="layout-dashboard",
        permission=Permission.SEE_WORKBENCH,
        order=10,
    )
)
