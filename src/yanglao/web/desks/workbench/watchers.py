"""The workbenches of the security and the audit administrator: what waits, what was refused."""

from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from yanglao.domain.access.public import GrantState, grants_seen
from yanglao.domain.accounts.public import accounts_in_area
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.workbench.addresses import address
from yanglao.web.kit.formats import iso_day, moment
from yanglao.web.kit.parts import Stat

_RECENT = timedelta(days=7)


def security_page(reader: Reader, today: date) -> dict[str, Any]:
    """Return what the security administrator's page shows; a fixed number of queries."""
    accounts = accounts_in_area(reader)
    waiting = accounts.filter(awaits_approval=True).count()
    grants = grants_seen(reader)
    standing = grants.filter(
        state=GrantState.APPROVED, starts_on__lte=today, ends_on__gte=today
    ).count()
    return {
        "note": _("谁能登录，谁能看到辖区以外。"),
        "stats": [
            Stat(
                _("等您批准的账号"),
                waiting,
                _("批准以后才能登录") if waiting else _("没有等着的"),
                address("system_desk:accounts"),
                tone="accent" if waiting else "",
                unit=_("个"),
            ),
            Stat(
                _("在用账号"),
                accounts.filter(is_active=True).count(),
                _("发现异常可以停用"),
                address("system_desk:accounts"),
                unit=_("个"),
            ),
            Stat(
                _("正在生效的跨区授权"),
                standing,
                _("可以随时收回"),
                address("privacy_desk:grants"),
                unit=_("个"),
            ),
        ],
    }


def audit_page(reader: Reader, today: date) -> dict[str, Any]:
    """Return what the audit administrator's page shows; a fixed number of queries."""
    done = audit.audit_entries(reader, only=audit.EntryFilter(since=today)).count()
    since = today - _RECENT
    refused = audit.audit_entries(
        reader, only=audit.EntryFilter(since=since, result="refused")
    ).count()
    state = audit.chain_state()
    checked = _("还没有核对过")
    if state.checked_at is not None:
        checked = _("%(when)s核对") % {"when": moment(state.checked_at)}
    return {
        "note": _("谁做了什么，有没有不该做的，记录有没有被动过。"),
        "stats": [
            Stat(_("今天的记录"), done, _("全部"), address("system_desk:audit"), unit=_("条")),
            Stat(
                _("七天内被拒绝的"),
                refused,
                _("点开看是谁"),
                address("system_desk:audit", result="refused", since=iso_day(since)),
                tone="accent" if refused else "",
                unit=_("条"),
            ),
            Stat(
                _("记录被动过的地方"),
                # Nobody has looked yet: that is not "none found".
                len(state.problems) if state.checked_at is not None else "",
                checked,
                address("system_desk:audit"),
                tone="error" if state.problems else "",
                unit=_("处") if state.checked_at is not None else "",
            ),
        ],
    }
