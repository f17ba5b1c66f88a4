"""清单版本: what was published, when, in force from when."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.catalogue.public import versions
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen
from yanglao.web.kit.tables import Column, TableSpec

VERSIONS = TableSpec(
    key="versions",
    caption=gettext_lazy("清单版本"),
    columns=(
        Column("title", gettext_lazy("清单"), fixed=True, note=lambda row: row.pack),
        Column("in_force_from", gettext_lazy("生效日期"), kind="date", sort="in_force_from"),
        Column("published_at", gettext_lazy("发布时间"), kind="moment", sort="id"),
        Column("published_by", gettext_lazy("谁发布的")),
        Column("hash", gettext_lazy("指纹"), value=lambda row: row.hash[:16]),
    ),
    default_sort="-in_force_from",
)


@screen(Permission.SEE_CATALOGUE)
def versions_page(request: HttpRequest) -> HttpResponse:
    """List published versions, the newest in force first."""
    context = {
        "table": VERSIONS.bind(
            request,
            versions(),
            empty={
                "title": _("还没有发布清单"),
                "text": _("运行 yanglao init --pack hetian 发布。"),
            },
        ),
        "trail": [Crumb(_("政策清单"), reverse("policy_room:catalogue")), Crumb(_("版本"))],
    }
    return render(request, "policy_room/versions.html", context)
