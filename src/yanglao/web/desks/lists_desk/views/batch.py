"""一次报送: every list of it, what came in and what went back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.exchange.public import ListState, lists
from yanglao.domain.places.public import full_names_of
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.lists_desk.received import LISTS, dressed, sums
from yanglao.web.desks.lists_desk.words import full_words, joined, month_words
from yanglao.web.kit.formats import moment
from yanglao.web.kit.parts import Crumb, Stat
from yanglao.web.kit.rows import fetch_dressed
from yanglao.web.kit.screens import screen


@screen(Permission.SEE_LISTS)
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what became of the files that came together, and what to do next."""
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    chosen = lists(reader).filter(batch_id=pk)
    rows = list(chosen)
    if not rows:
        raise Http404(_("没有这次报送，或者它不在您的辖区和部门里。"))
    head = rows[0].batch
    counted = sums(chosen)
    place = full_names_of([head.division_code]).get(head.division_code, head.division_code)
    taken = any(row.state == ListState.TAKEN_IN and row.accepted for row in rows)
    context = {
        "note": joined(
            [
                head.sender,
                place,
                month_words(head.month),
                full_words(head.full),
                _("%(who)s %(when)s 接收") % {"who": head.taken_by, "when": moment(head.taken_at)},
            ]
        ),
        "stats": _stats(counted),
        "taken": taken,
        "refused": [row for row in rows if row.state == ListState.REFUSED],
        "repeated": [row for row in rows if row.state == ListState.REPEATED],
        "returned": counted["returned"],
        "may_run": reader.can(Permission.RUN_MATCH) and taken,
        "table": LISTS.bind(
            request, fetch_dressed(chosen, dressed), total=len(rows), without=("sent",)
        ),
        "trail": [Crumb(_("名单接收"), reverse("lists_desk:lists")), Crumb(_("接收结果"))],
    }
    return render(request, "lists_desk/batch.html", context)


def _stats(counted: dict[str, int]) -> list[Stat]:
    return [
        Stat(_("收到"), counted["received"], _("等于接收加退回"), unit=_("行")),
        Stat(_("接收"), counted["accepted"], unit=_("行")),
        Stat(
            _("退回"),
            counted["returned"],
            tone="accent" if counted["returned"] else "",
            unit=_("行"),
        ),
        Stat(_("新建档案"), counted["people_new"], unit=_("人")),
    ]
