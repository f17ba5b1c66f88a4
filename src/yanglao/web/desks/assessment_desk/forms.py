"""Forms of the assessment desk."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanglao.domain.accounts.public import Account
from yanglao.domain.assessments.public import (
    AskedBy,
    AssessmentKind,
    Assessor,
    Background,
    Body,
    SourceKind,
)
from yanglao.web.kit.forms import DayField

_NOTE = 500


def _words(label: Any, *, rows: int = 3, required: bool = True, help_text: Any = "") -> Any:
    return forms.CharField(
        label=label,
        required=required,
        max_length=_NOTE,
        widget=forms.Textarea(attrs={"rows": rows}),
        help_text=help_text,
    )


class AskForm(forms.Form):
    """An application: who asks, of which kind, why."""

    asked_by = forms.ChoiceField(
        label=_("谁申请"),
        choices=[(one.value, one.label) for one in (AskedBy.SELF, AskedBy.FAMILY, AskedBy.VILLAGE)],
        widget=forms.RadioSelect,
        initial=AskedBy.SELF,
    )
    kind = forms.ChoiceField(
        label=_("评估种类"),
        choices=[
            ("", _("由系统判断（首次或常规）")),
            (AssessmentKind.INSTANT.value, _("即时评估（身体情况有明显变化）")),
        ],
        required=False,
        help_text=_("没有评估过的是首次评估，评估过的是常规评估。"),
    )
    asker_name = forms.CharField(label=_("申请人姓名"), max_length=40, required=False)
    asker_phone = forms.CharField(label=_("联系电话"), max_length=20, required=False)
    wish = _words(_("申请原因"), required=False, help_text=_("身体怎么样，为什么现在要评估。"))

    def clean(self) -> dict[str, Any]:
        """A family member says who he is."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("asked_by") == AskedBy.FAMILY and not cleaned.get("asker_name"):
            self.add_error("asker_name", _("家属申请要写姓名。"))
        return cleaned


class ReasonForm(forms.Form):
    """A reason that the person is told."""

    reason = _words(_("原因"), help_text=_("会告诉本人。"))


class PlanForm(forms.Form):
    """Who goes, and when."""

    first = forms.ChoiceField(label=_("评估员一"))
    second = forms.ChoiceField(label=_("评估员二"))
    on = DayField(label=_("上门日期"))

    def __init__(self, *args: Any, assessors: Iterable[Assessor], **kwargs: Any) -> None:
        """Offer the assessors of the area."""
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), assessor_words(one)) for one in assessors]
        for name in ("first", "second"):
            self.fields[name].choices = [("", _("请选择")), *choices]  # type: ignore[attr-defined]


def assessor_words(one: Assessor) -> str:
    """Return how an assessor is offered: name, background, body."""
    return f"{one.name}（{one.get_background_display()}，{one.body.name}）"


class DisputeForm(forms.Form):
    """Somebody does not agree with a result."""

    objector = forms.CharField(label=_("谁有异议"), max_length=40)
    phone = forms.CharField(label=_("联系电话"), max_length=20, required=False)
    words = _words(_("异议的内容"), help_text=_("认为哪里不对，有什么依据。"))


class AnswerForm(forms.Form):
    """How a dispute is answered without another assessment."""

    answer = _words(_("答复"), help_text=_("会告诉提出异议的人。"))


class RecognitionForm(forms.Form):
    """A result made elsewhere."""

    standard = forms.ChoiceField(
        label=_("按哪个标准评估"), choices=SourceKind.choices, widget=forms.RadioSelect
    )
    said = forms.CharField(
        label=_("等级"),
        max_length=12,
        help_text=_("能力评估写 0 到 4；长护失能写 0 到 5；残疾证写“类别-等级”，肢体二级写 4-2。"),
    )
    agency = forms.CharField(
        label=_("由哪里、哪个机构评估"), max_length=80, help_text=_("例如：乌鲁木齐市某评估中心。")
    )
    assessed_on = DayField(label=_("评估日期"))
    document = forms.CharField(label=_("报告或证件编号"), max_length=80, required=False)


class AssessorForm(forms.Form):
    """An assessor of the register."""

    name = forms.CharField(label=_("姓名"), max_length=40)
    body = forms.ChoiceField(label=_("评估机构"))
    background = forms.ChoiceField(label=_("专业背景"), choices=Background.choices)
    account = forms.ChoiceField(
        label=_("登录账号"), required=False, help_text=_("角色为评估员的账号，手机上用它登录。")
    )
    employer = forms.ChoiceField(
        label=_("另外的工作单位"),
        required=False,
        help_text=_("这个单位给老人提供服务的，他就不能评估这位老人。"),
    )
    trained_on = DayField(label=_("培训合格日期"), required=False)
    certificate = forms.CharField(label=_("证书编号"), max_length=40, required=False)
    phone = forms.CharField(label=_("电话"), max_length=20, required=False)

    def __init__(
        self,
        *args: Any,
        bodies: Iterable[Body],
        accounts: Iterable[Account],
        **kwargs: Any,
    ) -> None:
        """Offer the bodies and accounts of the area."""
        super().__init__(*args, **kwargs)
        known = list(bodies)
        fields: Any = self.fields
        fields["body"].choices = [(str(one.pk), one.name) for one in known if one.assesses]
        fields["employer"].choices = [
            ("", _("没有")),
            *((str(one.pk), one.name) for one in known if one.delivers),
        ]
        fields["account"].choices = [
            ("", _("还没有账号")),
            *((str(one.pk), str(one)) for one in accounts),
        ]


class BodyForm(forms.Form):
    """An organisation of the register."""

    name = forms.CharField(label=_("机构名称"), max_length=80)
    credit_code = forms.CharField(label=_("统一社会信用代码"), max_length=18, required=False)
    assesses = forms.BooleanField(label=_("做能力评估"), required=False)
    delivers = forms.BooleanField(
        label=_("给老人提供服务"),
        required=False,
        help_text=_("提供服务的机构不能评估自己服务的老人。"),
    )


class TieForm(forms.Form):
    """A body that delivers services to a person."""

    body = forms.ChoiceField(label=_("哪个机构"))
    since = DayField(label=_("从哪天起"))

    def __init__(self, *args: Any, bodies: Iterable[Body], **kwargs: Any) -> None:
        """Offer the bodies that deliver services."""
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["body"].choices = [(str(one.pk), one.name) for one in bodies if one.delivers]
