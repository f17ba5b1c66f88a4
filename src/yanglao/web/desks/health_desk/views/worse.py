"""变差的人: whose facts are worse than a year ago, and what was done about it."""

from functools import partial

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.health.public import (
    WORSE_MOVES,
    Worsening,
    WorseState,
    WrongMove,
    get_worsening,
    health_counts,
    move_worsening,
    worsenings,
)
from yanglao.domain.places.public import place_choices
from yanglao.foundation import audit, clock
from yanglao.foundation.jobs import defer
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.health_desk.lines import WORSE, lines_of
from yanglao.web.desks.health_desk.tabs import desk_tabs
from yanglao.web.desks.health_desk.words import MEASURE_WORDS
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.parts import Crumb, Text
from yanglao.web.kit.rows import all_dressed, fetch_dressed
from yanglao.web.kit.screens import render_page_or_part, screen

_PART = "worsenings"


class WorseForm(forms.Form):
    """What was done about somebody who got worse."""

    to_state = forms.ChoiceField(label=gettext_lazy("怎么处理"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("如“已帮助申请能力评估”“家庭医生 12 月 3 日上门”。"),
    )

    def __init__(self, data: object, *, state: str) -> None:
        """Offer only the moves that are possible."""
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["to_state"].choices = [  # type: ignore[attr-defined]
            (to, WorseState(to).label) for to in WORSE_MOVES[state]
        ]


@screen(Permission.SEE_SCREENINGS)
def board(request: HttpRequest) -> HttpResponse:
    """List who got worse, the heaviest first."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    bar = _bar(request, reader)
    rows = _chosen(reader, bar)
    context = {
        "tabs": desk_tabs("worse", health_counts(reader, today)),
        "bar": bar,
        "can_look": reader.can(Permission.RUN_MATCH),
        "part_id": _PART,
        "table": WORSE.bind(
            request,
            fetch_dressed(rows, partial(lines_of, today=today)),
            total=rows.count(),
            export_url=reverse("health_desk:worse-export") if reader.can("export") else "",
            empty={
                "title": _("没有待查看的人"),
                "text": _("每月初把每位老人现在的情况和一年前对照，变差的会列在这里。"),
                "icon": "circle-check",
            },
            part_id=_PART,
        ),
    }
    return render_page_or_part(
        request, "health_desk/worse.html", "health_desk/parts/list.html", context
    )


@screen(Permission.EXPORT)
def export(request: HttpRequest) -> HttpResponseBase:
    """Answer with those who got worse as an Excel sheet."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    bar = _bar(request, reader)
    found = _chosen(reader, bar)
    return excel_response(
        request,
        WORSE,
        all_dressed(found, WORSE.order_of(request), partial(lines_of, today=today)),
        title=_("情况变差的老人"),
        file_name=_("情况变差的老人 %(day)s") % {"day": today.isoformat()},
        note="；".join(f"{item.filter.label}：{item.words}" for item in bar.active),
        behind=found,
    )


@screen(Permission.RUN_MATCH, writes=True)
def look(request: HttpRequest) -> HttpResponse:
    """Ask the worker to compare everybody with a year ago."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    if request.method == "POST":
        defer("look_for_worse", reader, region=reader.area)
        messages.success(request, _("已经排上，一两分钟后刷新看结果。"))
    return redirect("health_desk:worse")


@screen(Permission.SEE_SCREENINGS, writes=True, leaves_trace=True)
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one, and take what was done."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    try:
        found = get_worsening(reader, pk)
    except Worsening.DoesNotExist as missing:
        raise Http404 from missing
    may = reader.can(Permission.RECORD_SCREENINGS)
    form = WorseForm(request.POST if request.method == "POST" else None, state=found.state)
    if request.method == "POST" and may and form.is_valid():
        try:
            move_worsening(worsening_id=pk, acting=reader, **form.cleaned_data)
        except WrongMove as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("已登记。"))
            return redirect("health_desk:worsening", pk)
    audit.read(
        reader,
        "screening_opened",
        subject_id=found.person_id,
        place_code=found.place_code,
        purpose=_("查看情况变差的老人"),
        fields=("health",),
    )
    context = {
        "row": found,
        "line": lines_of([found], clock.today())[0],
        "form": form if may and WORSE_MOVES[found.state] else None,
        "trail": [Crumb(_("变差的人"), reverse("health_desk:worse")), Crumb(found.person.name)],
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "health_desk/worsening.html", context, status=status)


def _bar(request: HttpRequest, reader: Reader) -> FilterBar:
    states: list[tuple[str, Text]] = [*WorseState.choices, ("any", _("全部"))]
    return bind_filters(
        request,
        [
            Filter("q", _("找人"), "text", hint=_("姓名或身份证号后四位")),
            Filter("measure", _("怎么变差"), choices=list(MEASURE_WORDS.items())),
            Filter("state", _("看过没有"), choices=states),
            Filter(
                "place",
                _("地点"),
                choices=place_choices(reader, own=bool(request.GET.get("place"))),
            ),
        ],
        part_id=_PART,
    )


def _chosen(reader: Reader, bar: FilterBar) -> "QuerySet[Worsening]":
    return worsenings(
        reader, state=bar["state"] or WorseState.NEW, measure=bar["measure"], text=bar["q"]
    )
