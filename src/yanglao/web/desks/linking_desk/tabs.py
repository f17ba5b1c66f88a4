"""The four pages of the desk, as tabs with how much waits on each."""

from django.http import HttpRequest
from django.utils.translation import gettext as _

from yanglao.domain.linkage.public import DeskCounts, desk_counts
from yanglao.foundation.scoping import Reader
from yanglao.web.kit.parts import Tab, desk_pages


def desk_tabs(request: HttpRequest, current: str) -> list[Tab]:
    """Return the tabs; three queries for the counts. A department's clerk has rows and quality."""
    reader: Reader = request.reader  # type: ignore[attr-defined]
    counts: DeskCounts = desk_counts(reader)
    pages = (
        ("rows", _("分不清的行"), counts.rows),
        ("pairs", _("疑似重复档案"), counts.pairs),
        ("conflicts", _("部门说法矛盾"), counts.conflicts),
        ("quality", _("名单质量"), None),
    )
    shown = (page for page in pages if page[0] in {"rows", "quality"} or not reader.kinds)
    return desk_pages("linking_desk", shown, current)
