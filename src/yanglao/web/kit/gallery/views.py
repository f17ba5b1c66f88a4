"""The gallery's screens. Routed only while developing, and in tests."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import FilterBar, bind_filters
from yanglao.web.kit.forms import DayField, ManyFilesField
from yanglao.web.kit.gallery import sample
from yanglao.web.kit.parts import Action, Crumb, Tab
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Table

_ACTIONS = (
    Action("分派给村里", value="assign", tone="primary", icon="user-plus"),
    Action("退回", value="return", tone="error", confirm="退回选中的 %d 条？此操作不能撤销。"),
)


class SampleForm(forms.Form):
    """A form with a field of each kind."""

    name = forms.CharField(label="姓名", max_length=20, help_text="与身份证上的一致")
    born = DayField(label="出生日期")
    town = forms.ChoiceField(
        label="乡镇", choices=[("", "请选择"), *((town, town) for town, _l, _s in sample.TOWNS)]
    )
    living = forms.ChoiceField(
        label="居住状况",
        widget=forms.RadioSelect,
        choices=[("alone", "独居"), ("children", "和子女住"), ("unknown", "不清楚")],
    )
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    told = forms.BooleanField(label="已电话告知本人", required=False)
    lists = ManyFilesField(
        label="把名单拖到这里，或点这里选文件",
        endings=(".xlsx", ".xls", ".csv"),
        largest=50 * 1024 * 1024,
        required=False,
    )


def _list(request: HttpRequest) -> tuple[FilterBar, Table]:
    bar = bind_filters(request, sample.FILTERS, part_id="gallery-list")
    rows = [
        person
        for person in sample.people()
        if (not bar["town"] or person.town == bar["town"])
        and bar["q"] in person.name
        and (not bar["late"] or person.due_on < sample.DAY)
    ]
    table = sample.PEOPLE.bind(
        request,
        rows,
        export_url=reverse("kit:gallery-export"),
        actions=_ACTIONS,
        action_url=reverse("kit:gallery-act"),
        part_id="gallery-list",
        empty={"title": "没有符合条件的人", "text": "放宽筛选条件再试。"},
    )
    return bar, table


@screen(None, public=True)
def page(request: HttpRequest) -> HttpResponse:
    """Show every part of a staff page."""
    bar, table = _list(request)
    context: dict[str, Any] = {
        "bar": bar,
        "table": table,
        "people": sample.people(3),
        "day": sample.DAY,
        "stats": sample.STATS,
        "facts": sample.FACTS,
        "events": sample.EVENTS,
        "bars": sample.BARS,
        "chart": sample.charts()[0],
        "trail": [Crumb("老人档案", "#"), Crumb("样例")],
        "tabs": [
            Tab("全部", "#", current=True, count=327),
            Tab("已联系", "#", count=12),
            Tab("已送达", "#"),
        ],
    }
    return render_page_or_part(request, "kit/gallery/page.html", "kit/gallery/list.html", context)


@screen(None, public=True)
def pictures(request: HttpRequest) -> HttpResponse:
    """Show every kind of chart and map."""
    context = {
        "trail": [Crumb("部件总览", reverse("kit:gallery")), Crumb("图和地图")],
        "charts": sample.charts(),
        "maps": sample.maps(),
    }
    return render(request, "kit/gallery/pictures.html", context)


@screen(None, public=True)
def export(request: HttpRequest) -> HttpResponseBase:
    """Give the list as Excel."""
    return excel_response(request, sample.PEOPLE, sample.people(), title="样例名单")


@screen(None, public=True)
def progress_part(request: HttpRequest) -> HttpResponse:
    """Show a job that moves on by each asking."""
    done = min(100_000, int(request.GET.get("done", "0") or 0) + 20_000)
    context = {
        "done": done,
        "finished": done == 100_000,
        "left": (100_000 - done) / 20_000,
        "poll_url": f"{reverse('kit:gallery-progress')}?done={done}",
    }
    return render(request, "kit/gallery/progress.html", context)


@screen(None, writes=True, public=True)
def act(request: HttpRequest) -> HttpResponse:
    """Take the bulk action and say so."""
    chosen = request.POST.getlist("chosen")
    messages.success(request, f"已办 {len(chosen)} 条。")
    return redirect("kit:gallery")


@screen(None, writes=True, public=True)
def form_page(request: HttpRequest) -> HttpResponse:
    """Show a form, and its errors after sending."""
    form = SampleForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        messages.success(request, "已保存。")
        return redirect("kit:gallery-form")
    return render(request, "kit/gallery/form.html", {"form": form})


@screen(None, public=True)
def elder_page(request: HttpRequest) -> HttpResponse:
    """Show one question of a public page."""
    return render(request, "kit/gallery/elder.html", {})
