"""The officer says which file is his own, so that he never decides about his family."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission, name_own_person, person_of_account
from yanglao.domain.people.public import family_of, find_by_numbers
from yanglao.foundation.scoping import Reader
from yanglao.kernel.idnumber import read_id_number
from yanglao.web.desks.benefits_desk.forms import OwnForm
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen


@screen(Permission.ASK_BENEFITS, writes=True)
def own(request: HttpRequest) -> HttpResponse:
    """Ask for the officer's own number once; then only who manages accounts changes it."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    named = reader.user_id is not None and person_of_account(reader.user_id) is not None
    form = OwnForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        problem = _name(reader, form.cleaned_data["id_number"])
        if not problem:
            messages.success(request, _("已登记。您和家里人的待遇会请别人办理。"))
            return redirect("benefits_desk:cases")
        form.add_error("id_number", problem)
    context: dict[str, Any] = {
        "form": None if named else form,
        "family": len(family_of(reader.user_id)),
        "trail": [Crumb(_("待遇办理"), reverse("benefits_desk:cases")), Crumb(_("家属回避"))],
    }
    return render(request, "benefits_desk/own.html", context, status=422 if form.is_bound else 200)


def _name(reader: Reader, text: str) -> str:
    number = read_id_number(text).number
    if number is None:
        return _("不是身份证号，请核对。")
    found = find_by_numbers([number.text])
    if not found or reader.user_id is None:
        return _("档案里没有这个人。不满 60 岁又不在户籍名单里的，不用登记。")
    try:
        name_own_person(account_id=reader.user_id, person_id=found[number.text].id, acting=reader)
    except PermissionError as refusal:
        return str(refusal)
    return ""
