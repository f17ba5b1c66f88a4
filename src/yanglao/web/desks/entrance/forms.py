"""A new password, asked for twice: for the first one by a link, and for another one later."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class NewPasswordForm(forms.Form):
    """The new password, twice."""

    new_password1 = forms.CharField(
        label=gettext_lazy("新密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("至少 10 位；不能全是数字，不能有登录名或姓名，不能是常见密码。"),
    )
    new_password2 = forms.CharField(
        label=gettext_lazy("再写一遍新密码"),
        strip=False,
        max_length=200,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, object]:
        """Check that both are the same."""
        data: dict[str, object] = super().clean() or self.cleaned_data
        if data.get("new_password1") != data.get("new_password2"):
            self.add_error("new_password2", _("两次写的新密码不一样。"))
        return data
