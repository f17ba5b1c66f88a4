"""Forms of the payments desk."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanglao.kernel.money import yuan_to_fen
from yanglao.web.kit.forms import DayField

_REASON = 300
_LARGEST = 500 * 1024 * 1024


class MonthField(forms.RegexField):
    """A month as its text (2026-11), with the browser's own control."""

    def __init__(self, **kwargs: Any) -> None:
        """Take what every field takes."""
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"type": "month", "class": "input k-control"})
        )
        kwargs.setdefault("error_messages", {"invalid": _("请写成 2026-11 的形式。")})
        super().__init__(r"^\d{4}-(0[1-9]|1[0-2])$", **kwargs)


class NewRunForm(forms.Form):
    """Which month, which benefits."""

    month = MonthField(
        label=_("发放月份"),
    )
    benefits = forms.MultipleChoiceField(
        label=_("发哪些待遇"),
        widget=forms.CheckboxSelectMultiple,
        help_text=_("一批可以发几项；同一人的几项会一起核对能不能并领。"),
    )
    start = MonthField(
        label=_("从哪个月开始在平台发放"),
        required=False,
        help_text=_("只在第一次发某项待遇时填。以前的月份已由别处发过，就不填。"),
    )

    def __init__(self, *args: Any, benefits: dict[str, str], **kwargs: Any) -> None:
        """Offer the benefits that are paid here."""
        super().__init__(*args, **kwargs)
        self.fields["benefits"].choices = list(benefits.items())  # type: ignore[attr-defined]


class ReasonForm(forms.Form):
    """Why; some acts ask for it."""

    reason = forms.CharField(
        label=_("原因"),
        required=False,
        max_length=_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class DecideForm(forms.Form):
    """What becomes of findings."""

    decision = forms.ChoiceField(
        label=_("怎么办"),
        choices=[("held", _("暂缓不发，下月自动补发")), ("released", _("核对无误，放行"))],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("原因"),
        max_length=_REASON,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("写明核对了什么，如“村里电话核实，本人健在，账户本人持有”。"),
    )


class ReturnsForm(forms.Form):
    """The file that came back from the bank."""

    file = forms.FileField(label=_("银行回盘文件"))

    def clean_file(self) -> bytes:
        """Read it; refuse what is far too long."""
        given = self.cleaned_data["file"]
        if given.size > _LARGEST:
            raise forms.ValidationError(_("文件太大，请核对是不是回盘文件。"))
        content: bytes = given.read()
        return content


class ElsewhereForm(forms.Form):
    """Another payer's list: which month, who pays, and the file."""

    month = MonthField(
        label=_("哪个月的"),
    )
    payer = forms.CharField(
        label=_("谁在发"),
        max_length=80,
        widget=forms.TextInput(attrs={"list": "payers", "autocomplete": "off"}),
        help_text=_("如“洛浦县民政局”“县医保局”。同一单位同一个月再传一份，就替换原来那份。"),
    )
    benefit = forms.ChoiceField(
        label=_("哪一项待遇"),
        required=False,
        help_text=_("表里有“待遇”一列的，可以不选。"),
    )
    file = forms.FileField(
        label=_("把名单拖到这里，或点这里选择"),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.xls,.csv"}),
        error_messages={"required": _("请先选择名单。")},
    )

    def __init__(self, *args: Any, benefits: dict[str, str], **kwargs: Any) -> None:
        """Offer the benefits that the area's rules speak of."""
        super().__init__(*args, **kwargs)
        choices = [("", _("按表里写的")), *benefits.items()]
        self.fields["benefit"].choices = choices  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Refuse what is far too long."""
        given = self.cleaned_data["file"]
        if given.size > _LARGEST:
            raise forms.ValidationError(_("文件太大，请分开上传。"))
        return given


class FileForm(forms.Form):
    """How the bank's file is written."""

    encoding = forms.ChoiceField(
        label=_("文件编码"),
        choices=[("utf-8", "UTF-8"), ("gbk", "GBK")],
        help_text=_("问银行要哪一种。姓名有生僻字时用 UTF-8。"),
    )


class AgreeForm(forms.Form):
    """In how many months a claim is kept back."""

    months = forms.IntegerField(label=_("分几个月扣回"), min_value=1, max_value=120)
    reason = forms.CharField(label=_("说明"), required=False, max_length=_REASON)


class RepayForm(forms.Form):
    """Money brought back."""

    yuan = forms.CharField(label=_("退回金额（元）"), max_length=20)
    paid_on = DayField(label=_("到账日期"))
    proof = forms.CharField(label=_("收据或缴款凭证编号"), max_length=60)
    words = forms.CharField(label=_("说明"), required=False, max_length=_REASON)

    def clean_yuan(self) -> int:
        """Return the amount in fen."""
        try:
            return yuan_to_fen(self.cleaned_data["yuan"])
        except ValueError as wrong:
            raise forms.ValidationError(str(wrong)) from wrong


class WriteOffForm(forms.Form):
    """Why a claim is to be given up."""

    why = forms.CharField(
        label=_("申请核销的原因"), max_length=_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )


class AnswerForm(forms.Form):
    """What the second person says."""

    agree = forms.ChoiceField(
        label=_("审批意见"),
        choices=[("yes", _("同意核销")), ("no", _("不同意"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=_("说明"), required=False, max_length=_REASON)


def pairs_of(names: Iterable[tuple[str, Any]]) -> list[tuple[str, str]]:
    """Return choices as text."""
    return [(str(code), str(label)) for code, label in names]


def first_of_month(day: date) -> str:
    """Return the month of a day as a form takes it."""
    return f"{day:%Y-%m}"
