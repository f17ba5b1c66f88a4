"""Words of personal rights (个人信息保护法 art. 13–17, 44–49)."""

from datetime import date, timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RequestKind(TextChoices):
    """What a person asks for."""

    WHO_LOOKED = "who_looked", _("谁看过我的档案")
    COPY = "copy", _("要一份自己的资料")
    CORRECT = "correct", _("更正写错的内容")
    DELETE = "delete", _("删除我的信息")
    EXPLAIN = "explain", _("解释怎么用我的信息")


class RequestState(TextChoices):
    """Where a request stands."""

    OPEN = "open", _("办理中")
    DONE = "done", _("已办理")
    PARTLY = "partly", _("部分办理")
    REFUSED = "refused", _("没有同意")


class Asker(TextChoices):
    """Who stands at the counter."""

    SELF = "self", _("本人")
    GUARDIAN = "guardian", _("监护人或委托的人")
    RELATIVE = "relative", _("去世老人的近亲属")


class Channel(TextChoices):
    """How a consent was given or taken back."""

    COUNTER = "counter", _("窗口当面")
    HOME = "home", _("上门时当面")
    PHONE = "phone", _("电话")
    PAPER = "paper", _("书面")


class HoldGround(TextChoices):
    """Why data must be kept although the person asks to have them deleted."""

    BENEFIT = "benefit", _("正在享受待遇，发放依据要保留")
    ACCOUNTS = "accounts", _("财政资金发放凭证在保管期内")
    DISPUTE = "dispute", _("正在复核、申诉或诉讼")
    INQUIRY = "inquiry", _("监察、审计或公安机关要求保留")
    ARCHIVE = "archive", _("依法归档的档案")


def working_days_after(start: date, number: int) -> date:
    """Return the day that is ``number`` working days (Monday to Friday) after ``start``.

    Public holidays are not known here: a deadline that falls on one is earlier than it need be,
    never later.
    """
    day = start
    while number > 0:
        day += timedelta(days=1)
        number -= day.weekday() < 5
    return day
