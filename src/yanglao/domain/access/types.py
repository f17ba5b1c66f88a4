"""Words of access: kinds of data, purposes, states of a grant."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class DataKind(TextChoices):
    """What a grant may open of a person's file."""

    IDENTITY = "identity", _("姓名、年龄、身份证号")
    CONTACT = "contact", _("电话、住址")
    FACTS = "facts", _("户籍、困难、养老金等情况")
    HEALTH = "health", _("能力评估、残疾、健康")
    RESULTS = "results", _("该享受的项目")


class GrantState(TextChoices):
    """Where a grant stands; one that has ended is still ``approved``, its last day is over."""

    ASKED = "asked", _("等待批准")
    APPROVED = "approved", _("已批准")
    REFUSED = "refused", _("没有批准")
    REVOKED = "revoked", _("已收回")


class MaskedField(TextChoices):
    """What is masked on every screen until it is opened for a stated purpose."""

    ID_NUMBER = "id_number", _("身份证号")
    PHONE = "phone", _("电话")
    ADDRESS = "address", _("详细住址")
    DIAGNOSIS = "diagnosis", _("疾病诊断")


class Purpose(TextChoices):
    """What a masked value may be opened for."""

    APPLY = "apply", _("替本人办理申请")
    CONTACT = "contact", _("联系本人或家属")
    VISIT = "visit", _("上门探访、送服务")
    VERIFY = "verify", _("核对证件和名单")
    RIGHTS = "rights", _("本人要求查看或更正")
    OTHER = "other", _("其他工作需要（请写明）")
