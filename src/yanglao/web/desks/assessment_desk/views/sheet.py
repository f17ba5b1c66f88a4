"""The sheet of an assessment: answers, sums, history of edits, conflicts, signatures, photos."""

from base64 import b64decode
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.domain.accounts.public import Permission
from yanglao.domain.assessments.public import (
    Assessment,
    EditFate,
    FieldView,
    Photo,
    Sheet,
    SheetEdit,
    Signer,
)
from yanglao.flows.open_assessment import OpenedSheet, open_photo, open_report
from yanglao.foundation import clock
from yanglao.web.desks.assessment_desk.lines import lines_of
from yanglao.web.desks.assessment_desk.views.asking import reader_of
from yanglao.web.desks.assessment_desk.words import level_words
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen

_PURPOSE = "查看评估表"


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """A question with its answer as it stands, and whether others were given."""

    name: str
    label: str
    words: str
    by: str
    edits: int
    contested: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the form with its answers and, for scored parts, the sum."""

    title: str
    rows: list[AnswerRow]
    sum: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several answers side by side."""

    edit_id: str
    words: str
    by: str
    at: str


@dataclass(frozen=True, slots=True)
class Quarrel:
    """A question with different answers."""

    field: str
    label: str
    choices: list[Choice]


@screen(Permission.SEE_ASSESSMENTS, leaves_trace=True)
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the sheet of an assessment."""
    assessment, opened = found_sheet(request, pk, _PURPOSE)
    line = lines_of([assessment], clock.today())[0]
    context: dict[str, Any] = {
        "assessment": assessment,
        "line": line,
        "opened": opened,
        "sections": sections(opened),
        "quarrels": quarrels(opened),
        "history": [_told(opened, edit) for edit in opened.history],
        "preliminary": level_words(opened.scored.preliminary),
        "final": level_words(opened.scored.final),
        "place": place_words(opened.view.sheet.place),
        "minutes": minutes(opened.view.sheet),
        "trail": [
            Crumb(_("能力评估"), reverse("assessment_desk:board")),
            Crumb(line.name, reverse("assessment_desk:case", args=[pk])),
            Crumb(_("评估表")),
        ],
    }
    return render(request, "assessment_desk/sheet.html", context)


@screen(Permission.SEE_ASSESSMENTS, leaves_trace=True)
def photo(request: HttpRequest, photo_id: str) -> HttpResponse:
    """Answer with a picture; never kept by the browser."""
    try:
        found = open_photo(reader_of(request), photo_id, purpose=_PURPOSE)
    except Photo.DoesNotExist as missing:
        raise Http404 from missing
    answer = HttpResponse(b64decode(found.picture), content_type=found.media_type)
    answer["Cache-Control"] = "no-store"
    return answer


def found_sheet(request: HttpRequest, pk: int, purpose: str) -> tuple[Assessment, OpenedSheet]:
    """Return an assessment with its sheet opened, on record.

    Raises:
        Http404: When there is none in the reader's area.
    """
    try:
        return open_report(reader_of(request), pk, purpose=purpose)
    except (Assessment.DoesNotExist, Sheet.DoesNotExist) as missing:
        raise Http404 from missing


def sections(opened: OpenedSheet) -> list[Section]:
    """Return the answers in the order of the form, annex A first."""
    edits: dict[str, int] = {}
    for edit in opened.history:
        edits[edit.field] = edits.get(edit.field, 0) + 1
    contested = {one.field for one in opened.view.conflicts}
    form = opened.form

    def row(name: str) -> AnswerRow:
        view: FieldView | None = opened.view.fields.get(name)
        words = form.words(name, view.value) if view else ""
        return AnswerRow(
            name,
            form.label(name),
            words,
            view.by if view else "",
            edits.get(name, 0),
            name in contested,
        )

    found = [
        Section(f"{part.clause} {part.name}", [row(one.name) for one in part.fields], "")
        for part in form.form.parts
    ]
    for dimension in form.scale.dimensions:
        total = opened.scored.sums.get(dimension.code)
        words = _("没有填完") if total is None else f"{total} / {dimension.full}"
        rows = [row(item.code) for item in dimension.items]
        found.append(Section(f"{dimension.clause} {dimension.name}", rows, words))
    return found


def quarrels(opened: OpenedSheet) -> list[Quarrel]:
    """Return the questions with different answers side by side."""
    return [
        Quarrel(
            one.field,
            opened.form.label(one.field),
            [
                Choice(
                    str(choice["edit_id"]),
                    opened.form.words(one.field, choice["value"]),
                    str(choice["by"]),
                    str(choice["at"])[:16].replace("T", " "),
                )
                for choice in one.choices
            ],
        )
        for one in opened.view.conflicts
    ]


def _told(opened: OpenedSheet, edit: SheetEdit) -> dict[str, Any]:
    return {
        "label": opened.form.label(edit.field),
        "words": opened.form.words(edit.field, edit.value) or _("（清空）"),
        "by": edit.by_name,
        "device": "" if edit.fate == EditFate.SETTLES else edit.device,
        "at": edit.at,
        "fate": edit.get_fate_display(),
        "odd": edit.fate in {EditFate.CONFLICT, EditFate.SETTLES},
    }


def place_words(place: dict[str, Any] | None) -> str:
    """Return where a sheet was written, as far as the device said."""
    if not place:
        return ""
    if place.get("words"):
        return str(place["words"])
    if place.get("longitude") is None or place.get("latitude") is None:
        return ""
    return _("东经 %(lng).4f，北纬 %(lat).4f") % {
        "lng": place["longitude"],
        "lat": place["latitude"],
    }


def minutes(sheet: Sheet) -> int | None:
    """Return how long a sheet took, by the devices' clocks; ``None`` when unknown."""
    if sheet.begun_at is None or sheet.ended_at is None:
        return None
    return round((sheet.ended_at - sheet.begun_at).total_seconds() / 60)


def signer_words(signer: str) -> str:
    """Return who signs, in words."""
    return str(Signer(signer).label)
