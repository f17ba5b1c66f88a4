"""A draft opened for a page: what it reads as, who may do what, names for its places."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.catalogue.public import Draft, DraftRefused, DraftState, Saved, get_draft
from yanglao.flows.draft_catalogue import DraftReading, change_draft, read_draft
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.drafting_desk.words import place_words, value_words
from yanglao.web.kit.parts import Crumb

#: Numbers of rows have fewer digits.
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Opened:
    """A draft and what it reads as."""

    draft: Draft
    reading: DraftReading
    reader: Reader

    @property
    def may_change(self) -> bool:
        """Whether the reader may draft it now."""
        return self.draft.state == DraftState.DRAFTING and self.reader.can(
            Permission.DRAFT_CATALOGUE
        )

    @property
    def names(self) -> dict[str, str]:
        """Codes to names, for telling places of changes."""
        pack = self.reading.pack or self.reading.base
        return {
            **{code: f"{code} {item.name}" for code, item in self.reading.base.items.items()},
            **{code: f"{code} {item.name}" for code, item in pack.items.items()},
            **{name: one.label for name, one in pack.parameters.items()},
            **{name: fact.label for name, fact in pack.facts.items()},
            **pack.areas,
        }

    def trail(self, *more: Crumb) -> list[Crumb]:
        """Return where the page stands."""
        return [
            Crumb(_("清单修订"), reverse("drafting_desk:board")),
            Crumb(self.draft.title, reverse("drafting_desk:draft", args=[self.draft.pk])),
            *more,
        ]


def open_draft_page(request: HttpRequest, pk: int) -> Opened:
    """Open a draft of the reader's area.

    Raises:
        Http404: When there is none.
    """
    reader: Reader = request.full_reader  # type: ignore[attr-defined]
    try:
        draft = get_draft(reader, pk)
    except Draft.DoesNotExist as problem:
        raise Http404(_("没有这个方案。")) from problem
    return Opened(draft, read_draft(draft), reader)


def keep(request: HttpRequest, opened: Opened, key: str, after: Any, base: int) -> Saved | None:
    """Save a change; say what became of it. ``None``: it was refused.

    Args:
        base: The revision that the page had.
    """
    try:
        saved = change_draft(
            draft_id=opened.draft.pk,
            key=key,
            after=after,
            base_revision=base,
            acting=opened.reader,
        )
    except DraftRefused as problem:
        messages.error(request, str(problem))
        return None
    if saved.conflict is not None:
        messages.warning(
            request,
            _(
                "%(who)s 刚改过“%(place)s”：%(now)s。您的修改没有覆盖它，"
                "已另外存着（修改记录第 %(n)d 条），可以再决定用哪个。"
            )
            % {
                "who": saved.conflict.by_name,
                "place": place_words(key, opened.names),
                "now": value_words(key, saved.conflict.after),
                "n": saved.aside,
            },
        )
    else:
        messages.success(request, _("已保存：%s") % place_words(key, opened.names))
    return saved


def mistakes_of(form: Form) -> list[str]:
    """Return what is wrong with a form, each with the name of its field."""
    if not form.is_bound:
        return []
    return [
        f"{form.fields[name].label}：{error}" if name in form.fields else str(error)
        for name, errors in form.errors.items()
        for error in errors
    ]


def base_of(request: HttpRequest, opened: Opened) -> int:
    """Return the revision that the page which posts was drawn with."""
    found = small_number(request.POST.get("base", ""))
    return opened.draft.revision if found is None else found


def small_number(text: str) -> int | None:
    """Return a number that a page sent, ``None`` when it is none or none of ours."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < _DIGITS else None


def acted(
    request: HttpRequest, pk: int, act: Callable[[], object], done: str, *, to: str = ""
) -> HttpResponseBase:
    """Do something with a draft, say how it went, and go back to its page.

    Raises:
        PermissionDenied: When the reader may not.
    """
    try:
        act()
    except DraftRefused as problem:
        messages.error(request, str(problem))
    except PermissionError as problem:
        raise PermissionDenied(str(problem)) from problem
    else:
        messages.success(request, done)
    return redirect(to or reverse("drafting_desk:draft", args=[pk]))
