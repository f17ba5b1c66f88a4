"""放行: a person lets a suspicious result through."""

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.entitlements.public import RunItem, held_items
from yanglao.flows.find_entitled import release_item
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.screens import screen


@screen(Permission.RELEASE_ITEMS, writes=True)
def release(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Show why an item is held, and release it on POST: its leads open."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    row: RunItem | None = held_items(reader).filter(pk=pk).first()
    if row is None:
        raise Http404(_("这个项目没有在等放行。"))
    if request.method == "POST":
        summary = release_item(run_item_id=pk, acting=reader)
        messages.success(
            request,
            _("已放行 %(item)s，生成线索 %(leads)s 条。")
            % {"item": row.item.name, "leads": f"{summary.leads_opened:,}"},
        )
        return redirect("match_desk:run", pk=row.run_id)
    return render(request, "match_desk/release.html", {"row": row})
