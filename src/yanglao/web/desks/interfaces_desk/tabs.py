"""The two halves of the desk."""

from django.urls import reverse
from django.utils.translation import gettext as _

from yanglao.web.kit.parts import Tab


def tabs(current: str) -> list[Tab]:
    """Return the two halves of the desk."""
    return [
        Tab(_("接口密钥"), reverse("interfaces_desk:keys"), current == "keys"),
        Tab(_("推送"), reverse("interfaces_desk:hooks"), current == "hooks"),
    ]
