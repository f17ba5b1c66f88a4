"""后台任务: what the worker is doing and has done."""

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.foundation.jobs import jobs_of_area
from yanglao.foundation.models import Job
from yanglao.web.kit.parts import Status
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

NAMES = {
    "take_in_list": gettext_lazy("接收名单"),
    "find_entitled": gettext_lazy("比对全部老人"),
    "follow_benefits": gettext_lazy("按情况更新待遇"),
    "recheck_people": gettext_lazy("重新比对个别老人"),
    "look_for_worse": gettext_lazy("找情况变差的老人"),
    "follow_statuses": gettext_lazy("对照救助供养身份"),
    "enrol_insured": gettext_lazy("更新长护险参保人"),
    "settle_insurance_month": gettext_lazy("核对长护险一个月"),
    "make_download": gettext_lazy("写出长名单"),
    "send_webhooks": gettext_lazy("推送给对接系统"),
}

_TONES = {
    Job.State.WAITING: "neutral",
    Job.State.RUNNING: "info",
    Job.State.DONE: "success",
    Job.State.FAILED: "error",
}


def _seconds(job: Job) -> str:
    if job.started_at is None or job.finished_at is None:
        return ""
    return f"{(job.finished_at - job.started_at).total_seconds():.1f}"


JOBS = TableSpec(
    key="jobs",
    caption=gettext_lazy("后台任务"),
    columns=(
        Column("name", gettext_lazy("任务"), value=lambda j: NAMES.get(j.name, j.name), fixed=True),
        Column(
            "state",
            gettext_lazy("状态"),
            kind="status",
            value=lambda j: Status(j.get_state_display(), _TONES[Job.State(j.state)]),
        ),
        Column("asked_at", gettext_lazy("提出时间"), kind="moment", sort="id"),
        Column("asked_by_name", gettext_lazy("提出人")),
        Column("seconds", gettext_lazy("用时（秒）"), value=_seconds),
        Column(
            "error", gettext_lazy("问题"), value=lambda j: j.error.split("\n")[0][:120], wide=True
        ),
    ),
    default_sort="-id",
)


@screen(Permission.SEE_RUNS)
def jobs(request: HttpRequest) -> HttpResponse:
    """List jobs, newest first."""
    table = JOBS.bind(
        request,
        jobs_of_area(request.reader),  # type: ignore[attr-defined]
        part_id="jobs-list",
        empty={"title": _("没有后台任务"), "text": _("接收名单、比对时会出现在这里。")},
    )
    return render_page_or_part(
        request, "system_desk/jobs.html", "system_desk/parts/jobs.html", {"table": table}
    )
