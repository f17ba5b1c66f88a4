"""One task: what, for whom, why, until when, and what came of it."""

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.domain.statuses.public import (
    MOVES,
    StatusTask,
    TaskState,
    WrongMove,
    get_task,
    move_task,
)
from yanglao.foundation import audit, clock
from yanglao.foundation.scoping import Reader
from yanglao.web.desks.status_desk.lines import lines_of
from yanglao.web.desks.status_desk.words import difference_words, status_names
from yanglao.web.kit.parts import Crumb
from yanglao.web.kit.screens import screen

_ACTS = {
    TaskState.DONE: gettext_lazy("已经办了"),
    TaskState.NOT_NEEDED: gettext_lazy("不需要办"),
    TaskState.OPEN: gettext_lazy("改回待办"),
}


class TaskForm(forms.Form):
    """What came of a task."""

    to_state = forms.ChoiceField(label=gettext_lazy("办成什么样"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("说明"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("什么时候、谁、怎么办的；不需要办的写明原因。"),
    )

    def __init__(self, data: object, *, state: str) -> None:
        """Offer only the moves that are possible."""
        super().__init__(data)  # type: ignore[arg-type]
        self.fields["to_state"].choices = [  # type: ignore[attr-defined]
            (to, _ACTS[TaskState(to)]) for to in MOVES[state]
        ]


@screen(Permission.SEE_STATUSES, leaves_trace=True)
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one task."""
    return _page(request, _found(request, pk))


@screen(Permission.WORK_STATUSES, writes=True)
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Record what came of a task."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    found = _found(request, pk)
    if request.method != "POST":
        return redirect("status_desk:task", pk)
    form = TaskForm(request.POST, state=found.state)
    if not form.is_valid():
        return _page(request, found, form=form, status=422)
    try:
        move_task(task_id=pk, acting=reader, **form.cleaned_data)
    except WrongMove as refusal:
        form.add_error(None, str(refusal))
        return _page(request, found, form=form, status=422)
    messages.success(request, _("已登记。可以改回待办。"))
    return redirect("status_desk:task", pk)


def _found(request: HttpRequest, pk: int) -> StatusTask:
    try:
        return get_task(request.reader, pk)  # type: ignore[attr-defined]
    except StatusTask.DoesNotExist as missing:
        raise Http404 from missing


def _page(
    request: HttpRequest, found: StatusTask, *, form: TaskForm | None = None, status: int = 200
) -> HttpResponse:
    reader: Reader = request.reader  # type: ignore[attr-defined]
    today = clock.today()
    names = status_names(today)
    audit.read(
        reader,
        "status_opened",
        subject_id=found.person_id,
        place_code=found.place_code,
        purpose=_("办理救助供养事项"),
        fields=("facts",),
    )
    line = lines_of([found], names, today)[0]
    may = reader.can(Permission.WORK_STATUSES) and MOVES[TaskState(found.state)]
    if form is None and may:
        form = TaskForm(None, state=found.state)
    context = {
        "task": found,
        "line": line,
        "why": difference_words(found.change),
        "form": form if may else None,
        "trail": [Crumb(_("救助供养"), reverse("status_desk:tasks")), Crumb(found.title)],
    }
    return render(request, "status_desk/task.html", context, status=status)
