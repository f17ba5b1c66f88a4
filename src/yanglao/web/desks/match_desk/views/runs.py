"""历次比对: every pass over everybody, newest first."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.entitlements.public import Run
from yanglao.domain.entitlements.public import runs as all_runs
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.parts import Status
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec


def _seconds(row: Run) -> str:
    if row.finished_at is None:
        return ""
    return f"{(row.finished_at - row.started_at).total_seconds():.1f}"


RUNS = TableSpec(
    key="runs",
    caption=gettext_lazy("历次比对"),
    columns=(
        Column(
            "pk",
            gettext_lazy("第几次"),
            value=lambda row: _("第 %(n)s 次") % {"n": row.pk},
            sort="id",
            fixed=True,
        ),
        Column("as_of", gettext_lazy("按哪一天算"), kind="date", sort="as_of"),
        Column(
            "state",
            gettext_lazy("性质"),
            kind="status",
            value=lambda row: (
                Status(_("正式"), "success")
                if row.state == Run.State.DONE
                else Status(_("试算"), "neutral")
            ),
        ),
        Column("people", gettext_lazy("比对人数"), kind="num", sort="people"),
        Column(
            "pack",
            gettext_lazy("政策清单"),
            value=lambda row: row.pack_version.title,
            note=lambda row: _("版本 %(hash)s") % {"hash": row.pack_hash[:12]},
        ),
        Column("run_by", gettext_lazy("谁比对的")),
        Column("finished_at", gettext_lazy("完成时间"), kind="moment", sort="finished_at"),
        Column("seconds", gettext_lazy("用时（秒）"), value=_seconds, hidden=True),
    ),
    default_sort="-id",
    row_url=lambda row: reverse("match_desk:run", args=[row.pk]),
)


@screen(Permission.SEE_RUNS)
def runs(request: HttpRequest) -> HttpResponse:
    """List the runs."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    table = RUNS.bind(
        request,
        all_runs(reader),
        part_id="runs-list",
        empty={
            "title": _("还没有比对过"),
            "text": _("名单接收以后，比对一次，就知道谁该享未享。"),
        },
    )
    return render_page_or_part(
        request,
        "match_desk/runs.html",
        "match_desk/parts/table.html",
        {"table": table, "may_run": reader.can(Permission.RUN_MATCH)},
    )
