"""Forms of the registry desk: a fact learnt by hand, and the purpose of looking at a number."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yanglao.domain.access.public import MaskedField, Purpose
from yanglao.domain.people.public import VALUE_FIELDS, Kind, field_label, value_label
from yanglao.domain.places.public import Division
from yanglao.kernel.money import yuan_to_fen
from yanglao.web.kit.forms import DayField

#: Kinds an officer may know of himself; the register and relief lists come from their offices.
BY_HAND = (
    Kind.SURVEY,
    Kind.ASSESSMENT,
    Kind.HEALTH,
    Kind.ASSISTANCE,
    Kind.DISABILITY,
    Kind.LTCI,
    Kind.PENSION,
    Kind.VETERANS,
    Kind.DEATHS,
)

#: What a kind is about, for the page that offers them.
HINTS = {
    Kind.SURVEY: _("住在哪里、和谁住、有没有人赡养、电话"),
    Kind.ASSESSMENT: _("能力评估的日期和等级"),
    Kind.HEALTH: _("体检日期、慢性病、确诊痴呆"),
    Kind.ASSISTANCE: _("低保、特困、低保边缘、支出型困难"),
    Kind.DISABILITY: _("残疾人证的类别和等级"),
    Kind.LTCI: _("长期护理保险参保和失能等级"),
    Kind.PENSION: _("领哪种养老金，领没领上"),
    Kind.VETERANS: _("定期抚恤补助"),
    Kind.DEATHS: _("去世日期"),
}

#: Coded values in the order in which a form offers them (``CODED_VALUES`` has none).
CHOICES: dict[str, tuple[Any, ...]] = {
    "living": ("alone", "empty_nest", "left_behind", "with_children", "institution"),
    "supporter": ("yes", "none", "unable"),
    "ability_level": (0, 1, 2, 3, 4),
    "ltci_level": (0, 1, 2, 3, 4, 5),
    "pension_kind": ("resident", "employee"),
    "pension_status": ("normal", "unclaimed", "suspended", "terminated"),
    "assistance": ("dibao", "tekun", "dibao_margin", "expense"),
    "support_mode": ("dispersed", "central"),
    "tekun_care": ("self", "half", "full"),
    "disability_category": (1, 2, 3, 4, 5, 6, 7),
    "disability_grade": (1, 2, 3, 4),
    "card_status": ("valid", "cancelled"),
}

#: Coordinates are taken by devices, not typed.
_NOT_TYPED = {"longitude", "latitude"}
_GROUNDS = (
    ("visit", _("上门看到、问到的")),
    ("paper", _("看了证件或文书")),
    ("phone", _("电话问的")),
    ("office", _("部门告知的")),
)


class FactForm(forms.Form):
    """What an officer has learnt, for one kind. What is left empty stays as it was."""

    ground = forms.ChoiceField(label=_("怎么知道的"), choices=_GROUNDS, widget=forms.RadioSelect)
    remark = forms.CharField(
        label=_("补充说明"),
        required=False,
        max_length=150,
        help_text=_("如：残疾人证原件，女儿在场。"),
    )

    def __init__(
        self, *args: Any, kind: Kind, today: date, villages: Iterable[Division], **kwargs: Any
    ) -> None:
        """Add the fields of the kind before the grounds."""
        super().__init__(*args, **kwargs)
        self.kind = kind
        own = {
            value.name: _field(value.name, value.type, value.required, today, villages)
            for value in VALUE_FIELDS[kind]
            if value.name not in _NOT_TYPED
        }
        self.fields = {**own, **self.fields}
        self._own = tuple(own)

    def clean(self) -> dict[str, Any]:
        """Ask for at least one value."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not self.errors and all(cleaned.get(name) in (None, "") for name in self._own):
            raise forms.ValidationError(_("一项都没有填。"))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """The values given, coded as they are stored."""
        return {
            name: self.cleaned_data[name]
            for name in self._own
            if self.cleaned_data[name] not in (None, "")
        }

    @property
    def reason(self) -> str:
        """Where the officer knows it from, in words."""
        ground = dict(_GROUNDS)[self.cleaned_data["ground"]]
        return "，".join(str(part) for part in (ground, self.cleaned_data["remark"]) if part)


class _Fen(forms.CharField):
    """An amount in yuan, as integer fen."""

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        try:
            return yuan_to_fen(text)
        except ValueError as problem:
            raise forms.ValidationError(str(problem)) from problem


def _field(
    name: str, type_: str, required: bool, today: date, villages: Iterable[Division]
) -> forms.Field:
    """Return the form field for a value of a statement."""
    label = field_label(name)
    if name == "residence_code":
        places = [(place.code, place.full_name.split(" ", 1)[-1]) for place in villages]
        return forms.ChoiceField(
            label=label, required=required, choices=[("", _("没有变")), *places]
        )
    if name in CHOICES:
        codes = CHOICES[name]
        return forms.TypedChoiceField(
            label=label,
            required=required,
            choices=[("", _("不清楚")), *((code, value_label(name, code)) for code in codes)],
            coerce=int if isinstance(codes[0], int) else str,
            empty_value=None,
        )
    if type_ == "bool":
        return forms.TypedChoiceField(
            label=label,
            required=required,
            choices=[("", _("不清楚")), ("yes", _("是")), ("no", _("否"))],
            coerce=lambda text: text == "yes",
            empty_value=None,
        )
    if type_ == "date":
        latest = {} if name in {"holds_to", "holds_from"} else {"max": today.isoformat()}
        field = DayField(label=label, required=required)
        field.widget.attrs.update(latest)
        return field
    if name == "monthly_fen":
        return _Fen(label=_("月待遇（元）"), required=required, max_length=12)
    attrs = {"inputmode": "tel"} if name.endswith("phone") else {}
    return forms.CharField(
        label=label, required=required, max_length=80, widget=forms.TextInput(attrs=attrs)
    )


class PurposeForm(forms.Form):
    """Why something masked is to be seen; it is written down."""

    what = forms.ChoiceField(choices=MaskedField.choices)
    purpose = forms.ChoiceField(
        label=_("用来做什么"), choices=Purpose.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=_("说明"),
        required=False,
        max_length=120,
        help_text=_("选“其他工作需要”时必须写明。"),
    )

    def clean(self) -> dict[str, Any]:
        """Ask for words where the list of purposes has none."""
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("purpose") == Purpose.OTHER and not cleaned.get("note", "").strip():
            self.add_error("note", _("请写明用来做什么。"))
        return cleaned
