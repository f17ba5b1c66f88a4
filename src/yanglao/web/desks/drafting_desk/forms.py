"""Forms of the desk: a new draft, an item, an amount, an age band, a meaning, a reason."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

KINDS = ("物质帮助", "照护服务", "关爱服务")
MODES = (("found", _("主动找到，免申请")), ("applied", _("本人申请")), ("on_sight", _("出示证件")))
PER = (("month", _("每月")), ("year", _("每年")))
_MONTHS_AHEAD = 24
_CODE = r"^[0-9]{2}[a-z]?$"


def months_ahead(today: date) -> list[tuple[str, str]]:
    """Return the first days of the coming months, to choose from."""
    found = []
    year, month = today.year, today.month
    for _number in range(_MONTHS_AHEAD):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
        first = date(year, month, 1)
        found.append((first.isoformat(), f"{year} 年 {month} 月 1 日"))
    return found


class DraftForm(forms.Form):
    """What a draft is called, from when it should hold, and why."""

    title = forms.CharField(
        label=_("方案名称"), max_length=80, help_text=_("例如：高龄津贴从 75 周岁起")
    )
    in_force_from = forms.ChoiceField(
        label=_("从哪天起生效"), help_text=_("只能从某月 1 日起，已经开始的月份不能改")
    )
    words = forms.CharField(
        label=_("为什么要改"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, today: date, **options: Any) -> None:
        super().__init__(*args, **options)
        choices = months_ahead(today)
        given = self.initial.get("in_force_from")
        if given and given not in dict(choices):
            choices.insert(0, (given, given))
        self.fields["in_force_from"].choices = choices  # type: ignore[attr-defined]


#: What a pack writes for how one is known to have an item, besides a rule.
DELIVERED = (
    ("by_hand", _("由工作人员登记")),
    ("true", _("在名单上就是")),
    ("always", _("不需要送达")),
)


class DeliveredField(forms.CharField):
    """How one is known to have an item: one of three ways in words, or a rule."""

    #: Id of the list of ways, which the page writes once.
    ways = "delivered-ways"

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """Offer the ways."""
        return {**super().widget_attrs(widget), "list": self.ways, "spellcheck": "false"}

    def prepare_value(self, value: Any) -> Any:
        """Show a way in words."""
        return dict(DELIVERED).get(str(value), value)

    def to_python(self, value: Any) -> str:
        """Return a way as the pack writes it, a rule as it is."""
        text = str(super().to_python(value) or "")
        return {str(words): way for way, words in DELIVERED}.get(text, text)


class ItemForm(forms.Form):
    """An item as officers see it; the rule is the text that decides."""

    name = forms.CharField(label=_("名称"), max_length=60)
    who = forms.CharField(
        label=_("谁可以享受（规则）"),
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"}),
        help_text=_("改完马上给出读法；写错了会指出错在哪里"),
    )
    delivered = DeliveredField(
        label=_("怎样算已经享受"), help_text=_("从下拉里选一种，或像上面一样写一条规则")
    )
    object = forms.CharField(label=_("服务对象"), max_length=200)
    content = forms.CharField(label=_("服务内容"), widget=forms.Textarea(attrs={"rows": 2}))
    kind = forms.ChoiceField(label=_("服务类型"), choices=[(kind, kind) for kind in KINDS])
    standard = forms.CharField(label=_("服务标准"), widget=forms.Textarea(attrs={"rows": 2}))
    mode = forms.ChoiceField(label=_("办理方式"), choices=MODES)
    lead_days = forms.IntegerField(label=_("线索几天内办完"), min_value=1, max_value=365)
    funder = forms.CharField(label=_("支出责任"), max_length=200)
    lead = forms.CharField(label=_("牵头部门"), max_length=200)
    clause = forms.CharField(label=_("依据条款"), max_length=200)
    reading = forms.CharField(
        label=_("对规则的解读"), widget=forms.Textarea(attrs={"rows": 2}), max_length=600
    )


class NewItemForm(ItemForm):
    """A further item with its number."""

    code = forms.RegexField(_CODE, label=_("编号"), help_text=_("两位数字，例如 18"), initial="18")
    field_order = ("code", "name")


class ValueForm(forms.Form):
    """A number from a day on, and where it stands."""

    value = forms.DecimalField(label=_("数值"), decimal_places=2, max_digits=9, min_value=0)
    first = forms.ChoiceField(label=_("从哪天起"))
    document = forms.CharField(
        label=_("出处（文件名、文号）"), max_length=120, help_text=_("没有文件就写会议、批示")
    )
    article = forms.CharField(label=_("第几条"), max_length=120, required=False)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)

    def __init__(self, *args: Any, today: date, is_money: bool, unit: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["first"].choices = months_ahead(today)  # type: ignore[attr-defined]
        given = self.initial.get("first")
        if given and given not in dict(months_ahead(today)):
            self.fields["first"].choices = [(given, given), *months_ahead(today)]  # type: ignore[attr-defined]
        self.is_money = is_money
        self.fields["value"].help_text = unit.replace("分", "元", 1) if is_money else unit

    def clean_value(self) -> int:
        """Return fen for money, else a whole number."""
        value: Decimal = self.cleaned_data["value"]
        whole = value * 100 if self.is_money else value
        if whole != int(whole):
            raise forms.ValidationError(_("请写整数。"))
        return int(whole)

    def dated(self) -> dict[str, Any]:
        """Return the value as a change keeps it."""
        cleaned = self.cleaned_data
        return {
            "from": cleaned["first"],
            "value": cleaned["value"],
            "document": cleaned["document"],
            "article": cleaned["article"],
            "note": cleaned["note"],
        }


class MoneyForm(forms.Form):
    """An item gets an amount."""

    label = forms.CharField(label=_("金额叫什么"), max_length=40)
    per = forms.ChoiceField(label=_("多久发一次"), choices=PER)


class BandForm(forms.Form):
    """A further age band of an amount table."""

    from_age = forms.IntegerField(label=_("从几周岁"), min_value=0, max_value=120)
    to_age = forms.IntegerField(
        label=_("到几周岁（含）"), min_value=0, max_value=120, required=False
    )

    def clean(self) -> dict[str, Any]:
        """Refuse a band that ends before it begins."""
        cleaned = super().clean() or {}
        low, high = cleaned.get("from_age"), cleaned.get("to_age")
        if low is not None and high is not None and high < low:
            raise forms.ValidationError(_("止岁比起岁小。"))
        return cleaned


class MeaningForm(forms.Form):
    """What a word of the list means."""

    label = forms.CharField(label=_("词"), max_length=40)
    rule = forms.CharField(
        label=_("规则"), widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
    )
    clause = forms.CharField(label=_("依据"), max_length=200)


class ReasonForm(forms.Form):
    """Why something is decided."""

    reason = forms.CharField(label=_("原因"), max_length=300, widget=forms.Textarea)
