"""Forms of the desk: a key, a hook, a reason."""

from datetime import timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.clients.public import EventKind, Purpose, Scope, Signing
from yanglao.domain.people.public import KIND_LABELS
from yanglao.domain.places.public import place_search
from yanglao.foundation import clock
from yanglao.foundation.ports import RefusedAddress, WebhookSender, plugged
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.forms import DayField

_LONGEST_DAYS = 366


class _PlacedForm(forms.Form):
    """A form with a place inside the reader's area."""

    def __init__(self, *args: Any, reader: Reader, **kwargs: Any) -> None:
        """Keep the reader, whose area limits what may be chosen."""
        super().__init__(*args, **kwargs)
        self.reader = reader

    def clean_area(self) -> str:
        """Return the 12-digit code of the one place meant."""
        text = self.cleaned_data["area"]
        found = list(place_search(self.reader, text)[:6])
        exact = [place for place in found if text in (place.name, place.code, place.full_name)]
        if len(exact) == 1 or len(found) == 1:
            return (exact or found)[0].code
        if not found:
            raise ValidationError(_("在您的辖区里没有找到这个地方。"))
        raise ValidationError(_("有几个地方叫这个名字，请写全名或 12 位代码。"))


class KeyForm(_PlacedForm):
    """A key for one system."""

    name = forms.CharField(
        label=gettext_lazy("系统名称"),
        max_length=40,
        help_text=gettext_lazy("例如：县医保局业务系统"),
    )
    area = forms.CharField(
        label=gettext_lazy("辖区"),
        max_length=60,
        help_text=gettext_lazy("只能读写这里的内容。写区划名称或 12 位代码。"),
    )
    scopes = forms.MultipleChoiceField(
        label=gettext_lazy("能做什么"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    purposes = forms.MultipleChoiceField(
        label=gettext_lazy("数据用途"),
        choices=Purpose.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("只要读取完整姓名和号码时才用选。"),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("能报送的名单"),
        choices=[(kind.value, label) for kind, label in KIND_LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("不选就是各种都可以。"),
    )
    per_minute = forms.IntegerField(
        label=gettext_lazy("每分钟最多请求"), min_value=1, max_value=10_000, initial=60
    )
    per_day = forms.IntegerField(
        label=gettext_lazy("每天最多请求"), min_value=1, max_value=10_000_000, initial=10_000
    )
    expires_on = DayField(
        label=gettext_lazy("用到哪一天"), help_text=gettext_lazy("最长一年，到期再开一个新的。")
    )

    def clean_expires_on(self) -> Any:
        """Return a day after today and within a year."""
        day, today = self.cleaned_data["expires_on"], clock.today()
        if not today < day <= today + timedelta(days=_LONGEST_DAYS):
            raise ValidationError(_("要晚于今天，最长一年。"))
        return day

    def clean(self) -> dict[str, Any]:
        """Ask for a purpose where names and numbers are opened."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if Scope.IDENTITY in data.get("scopes", []) and not data.get("purposes"):
            self.add_error("purposes", _("要读取完整姓名和号码，请选用途。"))
        return data


class HookForm(_PlacedForm):
    """An address that is told of events."""

    name = forms.CharField(label=gettext_lazy("系统名称"), max_length=40)
    url = forms.CharField(
        label=gettext_lazy("推送地址"), max_length=500, help_text=gettext_lazy("https:// 开头。")
    )
    area = forms.CharField(
        label=gettext_lazy("辖区"),
        max_length=60,
        help_text=gettext_lazy("只推送这里的事。写区划名称或 12 位代码。"),
    )
    events = forms.MultipleChoiceField(
        label=gettext_lazy("推送什么"),
        choices=EventKind.choices,
        widget=forms.CheckboxSelectMultiple,
    )
    signing = forms.ChoiceField(label=gettext_lazy("签名算法"), choices=Signing.choices)

    def clean_url(self) -> str:
        """Return an address that may be called."""
        url: str = self.cleaned_data["url"]
        try:
            plugged(WebhookSender).check(url)  # type: ignore[type-abstract]
        except RefusedAddress as problem:
            raise ValidationError(str(problem)) from problem
        return url


class ReasonForm(forms.Form):
    """Why a key ends."""

    reason = forms.CharField(
        label=gettext_lazy("原因"),
        max_length=200,
        help_text=gettext_lazy("例如：系统下线、密钥外泄"),
    )
