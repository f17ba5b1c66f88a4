"""Menu entries of the system desk."""

from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Permission
from yanglao.web.kit.menu import MenuEntry, add

add(
    MenuEntry(_("账号"), "system_desk:accounts", "users", Permission.SEE_ACCOUNTS, order=80),
    MenuEntry(_("区划"), "system_desk:places", "map", None, order=82),
    MenuEntry(_("后台任务"), "system_desk:jobs", "list-checks", Permission.SEE_RUNS, order=84),
    MenuEntry(_("操作记录"), "system_desk:audit", "scroll-text", Permission.SEE_AUDIT, order=86),
)
