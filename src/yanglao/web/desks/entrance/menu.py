"""Menu entries of the entrance."""

from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.web.kit.menu import MenuEntry, add

add(
    MenuEntry(
        _("登录规则"), "sign_in_rules", "shield-check", Permission.APPROVE_ACCOUNTS, order=81
    ),
)
