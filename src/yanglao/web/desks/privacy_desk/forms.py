"""Forms of the privacy desk."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanglao.domain.access.public import DataKind
from yanglao.domain.rights.public import Asker, Channel, HoldGround, RequestKind, RequestState
from yanglao.web.kit.forms import DayField


class TakeForm(forms.Form):
    """What somebody asks for at the counter."""

    kind = forms.ChoiceField(label=_("要求什么"), choices=RequestKind.choices)
    asker = forms.ChoiceField(label=_("谁来办"), choices=Asker.choices, widget=forms.RadioSelect)
    identity_seen = forms.CharField(
        label=_("看了什么证件"), max_length=80, help_text=_("如：本人身份证原件、委托书。")
    )
    wish = forms.CharField(
        label=_("具体要求"), max_length=400, widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerForm(forms.Form):
    """The answer to a request."""

    state = forms.ChoiceField(
        label=_("怎么办的"),
        choices=[(s.value, s.label) for s in RequestState if s != RequestState.OPEN],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("给本人的答复"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写清办了什么；没有办的，写清为什么、可以向哪里申诉。"),
    )
    erase_contacts = forms.BooleanField(
        label=_("删除登记过的电话和联系人（不能撤销）"), required=False
    )


class ConsentForm(forms.Form):
    """A consent given."""

    text = forms.TypedChoiceField(label=_("同意书"), coerce=int)
    given_by = forms.ChoiceField(label=_("谁同意的"), choices=Asker.choices)
    channel = forms.ChoiceField(label=_("怎么同意的"), choices=Channel.choices)
    note = forms.CharField(label=_("说明"), required=False, max_length=200)

    def __init__(self, *args: Any, texts: list[tuple[int, str]], **kwargs: Any) -> None:
        """Offer the newest versions."""
        super().__init__(*args, **kwargs)
        self.fields["text"].choices = texts  # type: ignore[attr-defined]


class WithdrawForm(forms.Form):
    """A consent taken back."""

    channel = forms.ChoiceField(label=_("怎么撤回的"), choices=Channel.choices)


class TextForm(forms.Form):
    """A new version of a consent text."""

    code = forms.SlugField(
        label=_("代号"), max_length=40, help_text=_("字母和短横线；代号相同就是新版本。")
    )
    title = forms.CharField(label=_("标题"), max_length=80)
    body = forms.CharField(
        label=_("全文"), max_length=8000, widget=forms.Textarea(attrs={"rows": 10})
    )


class HoldForm(forms.Form):
    """A reason of law to keep data."""

    ground = forms.ChoiceField(label=_("为什么要保留"), choices=HoldGround.choices)
    basis = forms.CharField(label=_("依据"), max_length=200, help_text=_("文件和条款，或案号。"))
    starts_on = DayField(label=_("从哪天起"))
    ends_on = DayField(label=_("到哪天为止"), required=False, help_text=_("不写：到解除为止。"))


class LiftForm(forms.Form):
    """Why a hold is lifted."""

    reason = forms.CharField(label=_("为什么解除"), max_length=200)


class GrantForm(forms.Form):
    """Ask to look at people of another area."""

    owner_area = forms.CharField(
        label=_("他们归哪个地区"),
        max_length=40,
        help_text=_("写区划全名（如“和田地区 墨玉县”）或 12 位代码。"),
    )
    numbers = forms.CharField(
        label=_("身份证号，一行一个"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "autocomplete": "off"}),
        help_text=_("最多 50 个。不写就是申请看这个地区的所有老人，请写清为什么需要。"),
    )
    kinds = forms.MultipleChoiceField(
        label=_("要看哪些内容"), choices=DataKind.choices, widget=forms.CheckboxSelectMultiple
    )
    purpose = forms.CharField(
        label=_("用来做什么"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("对方地区、本人和审计都看得到。"),
    )
    starts_on = DayField(label=_("从哪天起"))
    ends_on = DayField(label=_("到哪天为止"))


class DecideForm(forms.Form):
    """Approve, refuse or take back."""

    note = forms.CharField(label=_("说明"), required=False, max_length=200)
