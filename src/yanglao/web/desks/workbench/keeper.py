"""The workbench of the platform administrator: accounts, jobs, data, rules in force."""

from datetime import date
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import ROLE_LABELS, Role, accounts_in_area
from yanglao.domain.catalogue.public import pack_in_force
from yanglao.domain.entitlements.public import latest_run
from yanglao.foundation.jobs import jobs_of_area
from yanglao.foundation.models import Job
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.workbench.addresses import address
from yanglao.web.kit.formats import iso_day, moment
from yanglao.web.kit.parts import Fact, Stat, Status

_RECENT = 8
_JOB_TONES = {
    Job.State.WAITING: "neutral",
    Job.State.RUNNING: "info",
    Job.State.DONE: "success",
    Job.State.FAILED: "error",
}


def keeper_page(reader: Reader, today: date) -> dict[str, Any]:
    """Return what the page shows; a fixed number of queries."""
    accounts = accounts_in_area(reader)
    by_role = dict(
        accounts.filter(is_active=True).order_by().values_list("role").annotate(Count("pk"))
    )
    jobs = (
        jobs_of_area(reader)
        .order_by()
        .aggregate(
            waiting=Count("pk", filter=Q(state__in=[Job.State.WAITING, Job.State.RUNNING])),
            failed=Count("pk", filter=Q(state=Job.State.FAILED)),
        )
    )
    return {
        "stats": [
            Stat(
                _("在用账号"),
                sum(by_role.values()),
                _("已停用 %(number)d 个") % {"number": accounts.filter(is_active=False).count()},
                address("system_desk:accounts"),
                unit=_("个"),
            ),
            Stat(
                _("后台任务"),
                jobs["waiting"],
                _("等待和进行中"),
                address("system_desk:jobs"),
                unit=_("个"),
            ),
            Stat(
                _("出错的任务"),
                jobs["failed"],
                _("点开看原因") if jobs["failed"] else _("没有出错"),
                address("system_desk:jobs"),
                tone="error" if jobs["failed"] else "",
                unit=_("个"),
            ),
        ],
        "roles": [(ROLE_LABELS[role], by_role.get(role.value, 0)) for role in Role],
        "jobs": [
            (job, Status(job.get_state_display(), _JOB_TONES[Job.State(job.state)]))
            for job in jobs_of_area(reader)[:_RECENT]
        ],
        "state": _state(reader, today),
        "accounts_url": address("system_desk:accounts"),
        "jobs_url": address("system_desk:jobs"),
        "audit_url": address("system_desk:audit"),
    }


def _state(reader: Reader, today: date) -> list[Fact]:
    """Return what the platform runs on: rules in force, last match."""
    run = latest_run(reader)
    pack = pack_in_force(today)
    return [
        Fact(
            _("在用清单"),
            pack.title if pack else _("还没有发布"),
            _("%(day)s起施行") % {"day": iso_day(pack.in_force_from)} if pack else "",
        ),
        Fact(
            _("最近一次比对"),
            _("第 %(number)s 次") % {"number": run.pk} if run else _("还没有比对"),
            _("%(moment)s，数据截至 %(day)s")
            % {"moment": moment(run.finished_at), "day": iso_day(run.as_of)}
            if run
            else "",
        ),
        Fact(
            _("比对人数"),
            f"{run.people:,}" if run else _("无"),
            _("%(seconds)s 秒") % {"seconds": round(sum(run.timings.values()), 1)}
            if run and run.timings
            else "",
        ),
    ]
