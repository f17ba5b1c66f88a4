"""Forms of the desk: applications, plans, providers, files, money."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.ltci.public import (
    BY_HAND,
    AbsenceKind,
    Applicant,
    EntryKind,
    GradingKind,
    Group,
    Place,
    ProviderKind,
    Source,
    StopCause,
)
from yanglao.kernel.money import yuan_to_fen
from yanglao.web.kit.forms import DayField
from yanglao.web.kit.parts import Text

_WORDS = 300
_EMPTY: tuple[str, Text] = ("", gettext_lazy("请选择"))


class MonthField(forms.CharField):
    """A month, with the browser's own control; cleaned to its first day."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-10"})

    def clean(self, value: Any) -> date | None:
        """Return the first day of the month.

        Raises:
            ValidationError: For something that is no month.
        """
        text = super().clean(value)
        if not text:
            return None
        try:
            return date.fromisoformat(f"{text}-01")
        except ValueError:
            raise ValidationError(_("请写成 2026-10 这样的年月。")) from None


class MoneyField(forms.CharField):
    """An amount in yuan; cleaned to whole fen."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def clean(self, value: Any) -> int:
        """Return the amount in fen.

        Raises:
            ValidationError: For what is no amount, or none above zero.
        """
        try:
            fen = yuan_to_fen(super().clean(value))
        except ValueError as problem:
            raise ValidationError(str(problem)) from problem
        if fen <= 0:
            raise ValidationError(_("金额要大于 0。"))
        return fen


class AskForm(forms.Form):
    """An application for grading."""

    kind = forms.ChoiceField(
        label=gettext_lazy("评估类别"),
        choices=[one for one in GradingKind.choices if one[0] != GradingKind.REVIEW],
    )
    applicant = forms.ChoiceField(
        label=gettext_lazy("谁来申请的"), choices=[_EMPTY, *Applicant.choices]
    )
    wish = forms.CharField(
        label=gettext_lazy("申请理由"),
        required=False,
        max_length=_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("失能多久了，哪些事做不了。"),
    )


class PlanGradingForm(forms.Form):
    """Who grades, and when."""

    one = forms.ChoiceField(label=gettext_lazy("评估员一"))
    two = forms.ChoiceField(label=gettext_lazy("评估员二"))
    planned_on = DayField(label=gettext_lazy("计划哪天上门"))

    def __init__(self, *args: Any, graders: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """Offer those who may grade this person."""
        super().__init__(*args, **kwargs)
        for name in ("one", "two"):
            self.fields[name].choices = [_EMPTY, *graders]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask for two different people."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("one") and cleaned.get("one") == cleaned.get("two"):
            self.add_error("two", _("两名评估员不能是同一个人。"))
        return cleaned


class ProposeForm(forms.Form):
    """A benefit to prepare."""

    care_place = forms.ChoiceField(
        label=gettext_lazy("在哪里护理"), choices=Place.choices, widget=forms.RadioSelect
    )
    words = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=_WORDS)


class StopForm(forms.Form):
    """Why a benefit stops."""

    cause = forms.ChoiceField(label=gettext_lazy("为什么停"), choices=[_EMPTY, *StopCause.choices])
    happened_on = DayField(label=gettext_lazy("事情发生在哪天"))
    reason = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=_WORDS)


class AbsenceForm(forms.Form):
    """Days on which nobody can be cared for at the usual place."""

    kind = forms.ChoiceField(label=gettext_lazy("原因"), choices=AbsenceKind.choices)
    first = DayField(label=gettext_lazy("从哪天"))
    last = DayField(
        label=gettext_lazy("到哪天"), required=False, help_text=gettext_lazy("还没有结束就空着。")
    )
    words = forms.CharField(label=gettext_lazy("说明"), required=False, max_length=_WORDS)


class PlanForm(forms.Form):
    """What a provider may deliver in a month."""

    provider = forms.ChoiceField(label=gettext_lazy("护理机构"))
    first = DayField(label=gettext_lazy("从哪天起"))
    last = DayField(label=gettext_lazy("到哪天"), required=False)
    amount = forms.IntegerField(min_value=1, max_value=744)
    tasks = forms.CharField(
        label=gettext_lazy("做些什么"),
        required=False,
        max_length=_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(
        self,
        *args: Any,
        providers: Sequence[tuple[str, str]],
        unit: str,
        most: str,
        **kwargs: Any,
    ) -> None:
        """Offer providers under contract; say the unit and the most that is allowed."""
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = [_EMPTY, *providers]  # type: ignore[attr-defined]
        self.fields["amount"].label = unit
        self.fields["amount"].help_text = most


class EndForm(forms.Form):
    """The last day of a plan."""

    last = DayField(label=gettext_lazy("最后一天"))


class ProviderForm(forms.Form):
    """An organisation under contract."""

    name = forms.CharField(label=gettext_lazy("机构名称"), max_length=80)
    credit_code = forms.CharField(
        label=gettext_lazy("统一社会信用代码"),
        max_length=30,
        help_text=gettext_lazy("18 位，最后一位会核对。"),
    )
    kind = forms.ChoiceField(label=gettext_lazy("服务类别"), choices=ProviderKind.choices)
    place = forms.ChoiceField(label=gettext_lazy("所在县（市）或乡镇"))
    contract_from = DayField(label=gettext_lazy("协议从哪天起"))
    contract_to = DayField(
        label=gettext_lazy("协议到哪天"), required=False, help_text=gettext_lazy("没有写明就空着。")
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        """Offer the reader's place and those below it."""
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]


class UploadForm(forms.Form):
    """A file of service records."""

    provider = forms.ChoiceField(label=gettext_lazy("哪家机构"))
    month = MonthField(label=gettext_lazy("哪个月"))
    file = forms.FileField(
        label=gettext_lazy("把服务记录表拖到这里，或点这里选择"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={"required": gettext_lazy("请先选择服务记录表。")},
    )

    def __init__(self, *args: Any, providers: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """Offer the providers of the area."""
        super().__init__(*args, **kwargs)
        self.fields["provider"].choices = [_EMPTY, *providers]  # type: ignore[attr-defined]


class RunForm(forms.Form):
    """Which month to settle."""

    month = MonthField(label=gettext_lazy("结算哪个月"))


class MoneyForm(forms.Form):
    """Money into the fund or out of it, by the bank's slip."""

    place = forms.ChoiceField(label=gettext_lazy("哪里的基金"))
    on = DayField(label=gettext_lazy("哪天"))
    kind = forms.ChoiceField(
        label=gettext_lazy("收支类别"),
        choices=[_EMPTY, *((kind.value, EntryKind(kind).label) for kind in BY_HAND)],
    )
    insured_as = forms.ChoiceField(
        label=gettext_lazy("参保类别"),
        required=False,
        choices=[_EMPTY, *Group.choices],
        help_text=gettext_lazy("筹资收入必填。"),
    )
    source = forms.ChoiceField(
        label=gettext_lazy("资金来源"),
        required=False,
        choices=[_EMPTY, *Source.choices],
        help_text=gettext_lazy("筹资收入必填。"),
    )
    amount = MoneyField(label=gettext_lazy("金额（元）"))
    voucher = forms.CharField(
        label=gettext_lazy("凭证号"),
        max_length=40,
        help_text=gettext_lazy("同一张凭证的同一笔只能记一次。"),
    )

    def __init__(self, *args: Any, places: Sequence[tuple[str, Text]], **kwargs: Any) -> None:
        """Offer the reader's place and those below it."""
        super().__init__(*args, **kwargs)
        self.fields["place"].choices = list(places)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Ask contributions for group and source."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") == EntryKind.CONTRIBUTION:
            for name in ("insured_as", "source"):
                if not cleaned.get(name):
                    self.add_error(name, _("筹资收入要写明。"))
        return cleaned


class ReasonForm(forms.Form):
    """Why something is taken back."""

    words = forms.CharField(
        label=gettext_lazy("为什么撤回"),
        max_length=_WORDS,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
