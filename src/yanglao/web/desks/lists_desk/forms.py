"""Forms of the lists desk: what comes in, and what its columns mean."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.foundation import clock
from yanglao.web.kit.forms import ManyFilesField
from yanglao.web.kit.parts import Text

ENDINGS = (".xlsx", ".xls", ".csv")
_FILES_AT_MOST = 40
_FIRST_YEAR = 2000


class MonthField(forms.CharField):
    """A month, with the browser's own control; cleaned to its first day."""

    widget = forms.TextInput(attrs={"type": "month", "placeholder": "2026-10"})

    def clean(self, value: Any) -> date | None:
        """Return the first day of the month, ``None`` for none.

        Raises:
            ValidationError: For something that is no month, or none that can be meant.
        """
        text = super().clean(value)
        if not text:
            return None
        try:
            month = date.fromisoformat(f"{text}-01")
        except ValueError:
            raise ValidationError(_("请写成 2026-10 这样的年月。")) from None
        if month.year < _FIRST_YEAR or month > clock.today():
            raise ValidationError(_("这个月份还没到，或者太早，请再看一眼。"))
        return month


class UploadForm(forms.Form):
    """Files, and what they are lists of."""

    lists = ManyFilesField(
        label=gettext_lazy("把表格拖到这里，或点这里选择"),
        endings=ENDINGS,
        largest=settings.LIST_MAX_BYTES,
        error_messages={"required": gettext_lazy("请先选择要接收的表格。")},
    )
    sender = forms.CharField(
        label=gettext_lazy("报送单位"),
        max_length=40,
        help_text=gettext_lazy("谁报来的，例如“墨玉县残联”。他们自己的列名按单位记住。"),
    )
    division = forms.ChoiceField(
        label=gettext_lazy("这是哪里的名单"),
        help_text=gettext_lazy("名单管到哪里就选哪里。"),
    )
    month = MonthField(
        label=gettext_lazy("月份"),
        required=False,
        help_text=gettext_lazy("名单是截至哪个月的。完整名单必填。"),
    )
    full = forms.ChoiceField(
        label=gettext_lazy("完整还是补充"),
        widget=forms.RadioSelect,
        choices=[
            ("yes", gettext_lazy("完整名单：不在上面的人，从当月起视为没有")),
            ("no", gettext_lazy("补充名单：不在上面的人，不受影响")),
        ],
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("名单种类"),
        required=False,
        help_text=gettext_lazy("一般不用选，按列名自动认。"),
    )

    def __init__(
        self,
        *args: Any,
        places: Sequence[tuple[str, Text]],
        kinds: Sequence[tuple[str, Text]],
        **kwargs: Any,
    ) -> None:
        """Offer the places and kinds that the reader may hand in."""
        super().__init__(*args, **kwargs)
        self.fields["division"].choices = list(places)  # type: ignore[attr-defined]
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            ("", _("自动识别")),
            *kinds,
        ]

    def clean_lists(self) -> Any:
        """Refuse more files than one batch should have."""
        files = self.cleaned_data["lists"]
        if len(files) > _FILES_AT_MOST:
            raise ValidationError(
                _("一次最多传 %(most)d 份，现在是 %(now)d 份，请分几次传。")
                % {"most": _FILES_AT_MOST, "now": len(files)}
            )
        return files

    def clean(self) -> dict[str, Any]:
        """Ask for the month of a full list: from then on absence means something."""
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("full") == "yes" and "month" in data and data["month"] is None:
            self.add_error("month", _("完整名单要写明月份。"))
        return data
