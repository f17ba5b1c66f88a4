"""The desk's line in the main menu: the way into the app that is put on the phone."""

from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.web.kit import menu

menu.add(
    menu.MenuEntry(
        label=_("上门评估"),
        url_name="assessor_phone:page",
        icon="clipboard-list",
        permission=Permission.ASSESS,
        order=22,
        area="assessor_phone:",
    )
)
