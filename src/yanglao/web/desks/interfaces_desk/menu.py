"""Menu entry of the desk."""

from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.web.kit.menu import MenuEntry, add

add(
    MenuEntry(_("对接系统"), "interfaces_desk:keys", "plug", Permission.MANAGE_CLIENTS, order=83),
)
