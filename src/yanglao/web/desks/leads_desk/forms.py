"""Forms of the leads desk: what came of it, and who takes it on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Account
from yanglao.domain.leads.public import DeclineReason, Lead, LeadState, moves_of
from yanglao.web.desks.leads_desk.words import act_words

_NOTE = 300


class MoveForm(forms.Form):
    """What came of a lead.

    A decline says why; a delivery by hand says by what it is proven.
    """

    to_state = forms.ChoiceField(label=_("办成什么样"), widget=forms.RadioSelect)
    decline_reason = forms.ChoiceField(
        label=_("谢绝的原因"),
        required=False,
        choices=[("", _("请选择")), *DeclineReason.choices],
        help_text=_("选“本人谢绝”时必填。"),
    )
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("怎么联系的、谁答复的；已经送达的写明凭据，如“10 月 15 日存折到账”。"),
    )

    def __init__(self, *args: Any, moves: Iterable[str], **kwargs: Any) -> None:
        """Offer only the moves that are possible."""
        super().__init__(*args, **kwargs)
        self.fields["to_state"].choices = [  # type: ignore[attr-defined]
            (str(state), act_words(state)) for state in moves
        ]

    def clean(self) -> dict[str, Any]:
        """Ask for the reason of a decline and for the proof of a delivery."""
        cleaned: dict[str, Any] = super().clean() or {}
        state = cleaned.get("to_state")
        if state == LeadState.DECLINED and not cleaned.get("decline_reason"):
            self.add_error("decline_reason", _("请选择谢绝的原因。"))
        if state == LeadState.DELIVERED and not cleaned.get("note"):
            self.add_error("note", _("请写明送达的凭据，如“10 月 15 日存折到账”。"))
        if state != LeadState.DECLINED:
            cleaned["decline_reason"] = ""
        return cleaned


class AssignForm(forms.Form):
    """Who takes leads on; nobody puts them back to the place."""

    assignee = forms.ChoiceField(label=_("交给谁办"), required=False)
    note = forms.CharField(label=_("说明"), required=False, max_length=_NOTE)

    def __init__(self, *args: Any, officers: Iterable[Account], **kwargs: Any) -> None:
        """Offer the officers of the place."""
        super().__init__(*args, **kwargs)
        self.fields["assignee"].choices = [  # type: ignore[attr-defined]
            ("", _("不指定，放回本地")),
            *((str(account.pk), _officer_words(account)) for account in officers),
        ]

    @property
    def assignee_id(self) -> int | None:
        """The account chosen, ``None`` for nobody."""
        chosen = self.cleaned_data["assignee"]
        return int(chosen) if chosen else None


def _officer_words(account: Account) -> str:
    return f"{account.display_name}（{account.get_role_display()}）"


@dataclass(frozen=True, slots=True)
class NextSteps:
    """The moves of one lead as a page offers them.

    Attributes:
        quick: State and words of the moves that take one tap.
        plain: Form with the optional note of the quick moves.
        decline: Form that asks for a reason, ``None`` when declining is not possible.
        deliver: Form that asks for a proof, ``None`` when delivering is not possible.
    """

    quick: tuple[tuple[str, str], ...]
    plain: MoveForm
    decline: MoveForm | None
    deliver: MoveForm | None


def next_steps(moves: Sequence[str], refused: MoveForm | None = None) -> NextSteps | None:
    """Return the moves of a lead as forms, the refused one with its errors; ``None``: no moves."""
    if not moves:
        return None
    asked = str(refused.data.get("to_state", "")) if refused else ""

    def form(state: str, name: str) -> MoveForm | None:
        if state not in moves:
            return None
        if refused and asked == state:
            return MoveForm(refused.data, moves=moves, auto_id=f"{name}-%s")
        return MoveForm(moves=moves, auto_id=f"{name}-%s")

    asking = (LeadState.DECLINED, LeadState.DELIVERED)
    return NextSteps(
        quick=tuple((str(state), act_words(state)) for state in moves if state not in asking),
        plain=MoveForm(moves=moves, auto_id="quick-%s"),
        decline=form(LeadState.DECLINED, "decline"),
        deliver=form(LeadState.DELIVERED, "deliver"),
    )


class VisitForm(forms.Form):
    """One visit, several leads: for each what came of it, words and reason once for all."""

    note = forms.CharField(
        label=_("这次上门的说明"),
        required=False,
        max_length=_NOTE,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写一次，每件事都记上。有一件已经送达时，请写明凭据。"),
    )
    decline_reason = forms.ChoiceField(
        label=_("谢绝的原因"),
        required=False,
        choices=[("", _("请选择")), *DeclineReason.choices],
        help_text=_("有一件本人谢绝时必填。"),
    )

    def __init__(self, *args: Any, leads: Iterable[Lead], **kwargs: Any) -> None:
        """Add a field for each lead, before the words."""
        super().__init__(*args, **kwargs)
        self._leads = {lead_field(lead): lead for lead in leads}
        for name, lead in self._leads.items():
            moves = [(str(state), act_words(state)) for state in moves_of(lead)]
            self.fields[name] = forms.ChoiceField(
                label=lead.item.name,
                required=False,
                choices=[("", _("这次没办")), *moves],
                widget=forms.Select(attrs={"class": "select k-control min-h-12"}),
            )

    def clean(self) -> dict[str, Any]:
        """Ask for at least one result, the reason of a decline and the proof of a delivery."""
        cleaned: dict[str, Any] = super().clean() or {}
        chosen = {cleaned.get(name) for name in self._leads} - {"", None}
        if not chosen and not self.errors:
            raise forms.ValidationError(_("还没有选办成了什么样，至少选一件。"))
        if LeadState.DECLINED in chosen and not cleaned.get("decline_reason"):
            self.add_error("decline_reason", _("请选择谢绝的原因。"))
        if LeadState.DELIVERED in chosen and not cleaned.get("note"):
            self.add_error("note", _("请写明送达的凭据，如“10 月 15 日存折到账”。"))
        return cleaned

    @property
    def results(self) -> list[tuple[Lead, str]]:
        """The leads that something came of, with the state each goes to."""
        return [
            (lead, self.cleaned_data[name])
            for name, lead in self._leads.items()
            if self.cleaned_data.get(name)
        ]


def lead_field(lead: Lead) -> str:
    """Return the name of a lead's field on a visit form."""
    return f"lead-{lead.pk}"
