"""Forms of the benefits desk, one for each act."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanglao.domain.benefits.public import (
    AccountKind,
    Applicant,
    DisputeState,
    StopCause,
    SuspendCause,
)
from yanglao.domain.rights.public import Asker, Channel
from yanglao.web.kit.forms import DayField

_WORDS = 500


def _words(label: Any, *, required: bool = True, hint: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        max_length=_WORDS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=hint,
    )


class WordsForm(forms.Form):
    """An act that needs a reason and nothing else."""

    words = _words(_("原因"), hint=_("会记入办理记录。"))


class MaybeWordsForm(forms.Form):
    """An act that may have a note."""

    words = _words(_("说明"), required=False)


class DayForm(forms.Form):
    """What all forms with a day share: it cannot lie ahead."""

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        """Offer today."""
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.initial = today


class SuspendForm(DayForm):
    """From when and why money is held back."""

    first = DayField(label=_("从哪天起暂停"))
    cause = forms.ChoiceField(label=_("为什么"), choices=SuspendCause.choices)
    words = _words(_("说明"), hint=_("写明怎么发现的。"))


class ResumeForm(DayForm):
    """From when money flows again, and whether anything was found."""

    end = DayField(label=_("从哪天起恢复"))
    cleared = forms.ChoiceField(
        label=_("核实结果"),
        choices=[("yes", _("没有问题，暂停期间照规定补发")), ("no", _("有问题，暂停期间不补"))],
        widget=forms.RadioSelect,
    )
    words = _words(_("说明"), required=False)


class StopForm(DayForm):
    """From when and why a benefit ends."""

    on = DayField(label=_("从哪天起停发"))
    cause = forms.ChoiceField(
        label=_("为什么"),
        choices=[(one.value, one.label) for one in (StopCause.REVOKED, StopCause.OTHER)]
        + [(one.value, one.label) for one in (StopCause.ADMISSION, StopCause.GRADE)]
        + [(one.value, one.label) for one in (StopCause.MOVE, StopCause.DEATH)],
        help_text=_("去世、迁出、等级变化一般由名单自动停发；名单还没来时才手工停发。"),
    )
    words = _words(_("说明"), hint=_("要告诉本人或家属，并告诉他可以申请复核。"))


class DisputeForm(forms.Form):
    """What somebody objects to, or appeals against."""

    asker = forms.CharField(
        label=_("谁提的"), required=False, max_length=80, help_text=_("可以不写姓名。")
    )
    words = _words(_("理由"))


class DecideForm(forms.Form):
    """The outcome, with the answer that is given."""

    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=[
            (one.value, one.label)
            for one in (DisputeState.REJECTED, DisputeState.UPHELD, DisputeState.WITHDRAWN)
        ],
        widget=forms.RadioSelect,
    )
    answer = _words(_("答复"), hint=_("写明查了什么、依据哪一条。"))


class ApplyForm(forms.Form):
    """Who applies."""

    applicant = forms.ChoiceField(
        label=_("谁来申请"), choices=Applicant.choices, widget=forms.RadioSelect
    )
    words = _words(_("说明"), required=False, hint=_("代办的写明是谁、什么关系。"))


class ConsentForm(forms.Form):
    """How people consented."""

    given_by = forms.ChoiceField(
        label=_("谁同意的"),
        choices=[
            (Asker.SELF.value, Asker.SELF.label),
            (Asker.GUARDIAN.value, Asker.GUARDIAN.label),
        ],
    )
    channel = forms.ChoiceField(label=_("怎么同意的"), choices=Channel.choices)
    agreed = forms.BooleanField(label=_("勾选的人都已听清同意书的内容，并且同意"))


class AccountForm(DayForm):
    """An account that money goes to."""

    kind = forms.ChoiceField(label=_("种类"), choices=AccountKind.choices)
    bank = forms.CharField(label=_("开户银行"), max_length=60, required=False)
    number = forms.CharField(
        label=_("账号"),
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
        help_text=_("加密保存，页面上只显示后四位。"),
    )
    holder = forms.CharField(label=_("户名"), max_length=40)
    first = DayField(label=_("从哪天起用"))


class AccountsForm(DayForm):
    """A list of accounts."""

    file = forms.FileField(label=_("账户表"))
    kind = forms.ChoiceField(label=_("种类"), choices=AccountKind.choices)
    first = DayField(label=_("从哪天起用"))


class OwnForm(forms.Form):
    """The officer's own ID number."""

    id_number = forms.CharField(
        label=_("您本人的身份证号"),
        max_length=18,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("只用来认出您和您的家人，号码不保存在账号里。"),
    )
