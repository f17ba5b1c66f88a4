"""One person's rights: requests, consents, holds; who looked; a copy of everything."""

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.people.public import Person
from yanglao.domain.rights.public import consents_of, holds_of, requests_of_person
from yanglao.flows.tell_person import Look, own_data, who_looked
from yanglao.foundation import audit, clock
from yanglao.foundation.audit.words import act_words, field_words
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.privacy_desk.finding import found_person, trail_of
from yanglao.web.desks.privacy_desk.words import request_status
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen
from yanglao.web.kit.tables import Column, TableSpec


@screen(Permission.KEEP_RIGHTS, leaves_trace=True)
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show what stands about a person's rights, and what can be done at the counter."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    found = found_person(request, pk)
    today = clock.today()
    audit.read(
        reader,
        "rights_opened",
        subject_id=pk,
        place_code=found.place_code,
        purpose=_("受理本人申请"),
        fields=["identity"],
    )
    context = {
        "person": found,
        "trail": [*trail_of(found)[:-1], Crumb(_("个人信息"))],
        "requests": [(one, request_status(one, today)) for one in requests_of_person(reader, pk)],
        "consents": consents_of(pk),
        "holds": holds_of(pk, today),
        "can_decide": reader.can(Permission.DECIDE_RIGHTS),
    }
    return render(request, "privacy_desk/person.html", context)


@screen(Permission.KEEP_RIGHTS, leaves_trace=True)
def looked(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the sheet that tells a person who looked at the file, to be printed."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    try:
        found, looks = who_looked(reader, pk)
    except Person.DoesNotExist as missing:
        raise Http404 from missing
    context = {
        "person": found,
        "own": [_told(look) for look in looks if not look.around],
        "around": [_told(look) for look in looks if look.around],
        "today": clock.today(),
        "reader": reader,
        "trail": trail_of(found, _("谁看过我的档案")),
    }
    return render(request, "privacy_desk/who_looked.html", context)


def _told(look: Look) -> dict[str, Any]:
    act = act_words(look.action)
    return {
        "at": look.at,
        "who": look.who,
        "act": _("%(act)s（被拒绝）") % {"act": act} if look.refused else act,
        "purpose": look.purpose,
        "fields": "、".join(field_words(name) for name in look.fields),
    }


COPY = TableSpec(
    key="own-copy",
    caption=gettext_lazy("本人资料"),
    columns=(
        Column("part", gettext_lazy("部分"), width=14),
        Column("name", gettext_lazy("内容"), width=24),
        Column("value", gettext_lazy("是什么"), width=50),
        Column("source", gettext_lazy("来源或时间"), width=40),
    ),
)
#: Part of the copy -> its word; what may stand for name, value and source in its rows.
_PARTS: dict[str, tuple[Any, tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "contacts": (gettext_lazy("联系方式"), ("whose",), ("phone",), ("source",)),
    "facts": (gettext_lazy("情况"), ("label",), ("value",), ("source", "since")),
    "history": (gettext_lazy("经过"), ("what",), ("detail",), ("on", "source")),
    "results": (gettext_lazy("清单结果"), ("name",), ("status", "reason"), ("clause",)),
    "consents": (gettext_lazy("同意"), ("text",), ("version",), ("given_on", "withdrawn_on")),
    "requests": (gettext_lazy("申请"), ("kind",), ("wish", "state", "answer"), ("asked_on",)),
    "kept_by_law": (gettext_lazy("依法保留"), ("ground",), ("basis",), ("until",)),
    "seen_by_others": (gettext_lazy("外地查看"), ("who",), ("purpose",), ("from", "to")),
}
_OWN = {
    "name": gettext_lazy("姓名"),
    "id_number": gettext_lazy("身份证号"),
    "sex": gettext_lazy("性别"),
    "birth_date": gettext_lazy("出生日期"),
    "place_code": gettext_lazy("地区代码"),
}


@screen(Permission.KEEP_RIGHTS, leaves_trace=True)
def copy_sheet(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Give the person a copy of everything as a sheet."""
    data = _data(request, pk)
    name = data["person"]["name"]
    return excel_response(
        request,
        COPY,
        list(_rows(data)),
        title=_("%(name)s的个人资料") % {"name": name},
        note=_("应本人要求提供（个人信息保护法第四十五条）"),
        masked=False,
    )


@screen(Permission.KEEP_RIGHTS, leaves_trace=True)
def copy_plain(request: HttpRequest, pk: int) -> HttpResponse:
    """Give the person a copy of everything for another program (art. 45: 转移)."""
    answer = JsonResponse(_data(request, pk), json_dumps_params={"ensure_ascii": False})
    answer["Content-Disposition"] = f'attachment; filename="own-data-{pk}.json"'
    return answer


def _data(request: HttpRequest, pk: int) -> dict[str, Any]:
    try:
        return own_data(request.reader, pk, clock.today())  # type: ignore[attr-defined]
    except Person.DoesNotExist as missing:
        raise Http404 from missing


def _rows(data: dict[str, Any]) -> Iterator[dict[str, str]]:
    for key, label in _OWN.items():
        yield _row(_("本人"), str(label), str(data["person"][key]), "")
    for key, words in (("addresses", _("住址")), ("diagnoses", _("疾病诊断"))):
        for one in data[key]:
            yield _row(_("本人"), words, one, "")
    for key, (part, name, value, source) in _PARTS.items():
        for row in data[key]:
            yield _row(str(part), *(_joined(row, names) for names in (name, value, source)))


def _row(part: str, name: str, value: str, source: str) -> dict[str, str]:
    return {"part": part, "name": name, "value": value, "source": source}


def _joined(row: dict[str, Any], names: tuple[str, ...]) -> str:
    return "，".join(str(row[name]) for name in names if row[name] not in (None, ""))
