"""操作记录: who did what, when, to which thing, and why."""

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yanglao.domain.accounts.public import Permission
from yanglao.foundation.audit import audit_entries
from yanglao.foundation.models import AuditEntry
from yanglao.web.kit.excel import excel_response
from yanglao.web.kit.filters import Filter, FilterBar, bind_filters
from yanglao.web.kit.screens import render_page_or_part, screen
from yanglao.web.kit.tables import Column, TableSpec

#: The fixed words of acts, in the reader's words; an unknown one is shown as it is.
ACTS = {
    "account_opened": gettext_lazy("开设账号"),
    "signed_in": gettext_lazy("登录"),
    "sign_in_failed": gettext_lazy("登录失败"),
    "sign_in_rules_changed": gettext_lazy("改登录规则"),
    "password_set": gettext_lazy("设置密码"),
    "set_up_link_made": gettext_lazy("给一次性链接"),
    "second_factor_set": gettext_lazy("开启第二道验证"),
    "second_factor_taken_off": gettext_lazy("关闭第二道验证"),
    "backup_code_used": gettext_lazy("用备用码登录"),
    "backup_codes_renewed": gettext_lazy("换备用码"),
    "session_ended": gettext_lazy("退出其他设备"),
    "account_closed": gettext_lazy("停用账号"),
    "account_reopened": gettext_lazy("启用账号"),
    "batch_taken_in": gettext_lazy("接收一批名单"),
    "list_taken_in": gettext_lazy("接收名单"),
    "list_refused": gettext_lazy("整份退回名单"),
    "list_repeated": gettext_lazy("收到重复的名单"),
    "mapping_remembered": gettext_lazy("确认列名对应"),
    "mapping_forgotten": gettext_lazy("忘掉列名对应"),
    "fact_entered": gettext_lazy("登记情况"),
    "identity_revealed": gettext_lazy("查看证件或电话"),
    "match_run": gettext_lazy("完成比对"),
    "held_item_released": gettext_lazy("放行项目"),
    "pack_published": gettext_lazy("发布清单"),
    "divisions_loaded": gettext_lazy("载入区划"),
    "corps_tree_loaded": gettext_lazy("载入兵团单位"),
    "leads_moved": gettext_lazy("办理线索"),
    "leads_assigned": gettext_lazy("分派线索"),
    "leads_handed_back": gettext_lazy("放回线索"),
    "lead_step_undone": gettext_lazy("撤回一步"),
}

#: What acts are about, in the reader's words.
SUBJECTS = {
    "account": gettext_lazy("账号"),
    "batch": gettext_lazy("批次"),
    "lead": gettext_lazy("线索"),
    "list": gettext_lazy("名单"),
    "pack": gettext_lazy("清单"),
    "pack_version": gettext_lazy("清单版本"),
    "person": gettext_lazy("档案"),
    "run": gettext_lazy("比对"),
    "run_item": gettext_lazy("比对项目"),
    "sender": gettext_lazy("报送单位"),
}


def _act(entry: AuditEntry) -> str:
    return str(ACTS.get(entry.action, entry.action))


def _subject(entry: AuditEntry) -> str:
    word = SUBJECTS.get(entry.subject, entry.subject)
    return f"{word} {entry.subject_id}".strip()


def _detail(entry: AuditEntry) -> str:
    return "；".join(f"{key} {value}" for key, value in entry.detail.items())


AUDIT = TableSpec(
    key="audit",
    caption=gettext_lazy("操作记录"),
    columns=(
        Column("at", gettext_lazy("时间"), kind="moment", sort="id", fixed=True),
        Column("user_name", gettext_lazy("谁"), sort="user_name"),
        Column("action", gettext_lazy("做了什么"), value=_act, sort="action"),
        Column("subject", gettext_lazy("对象"), value=_subject),
        Column("reason", gettext_lazy("原因"), wide=True),
        Column("detail", gettext_lazy("细节"), value=_detail, wide=True, hidden=True),
    ),
    default_sort="-id",
    page_size=100,
)

FILTERS = (
    Filter("who", gettext_lazy("谁"), "text", hint=gettext_lazy("姓名")),
    Filter("act", gettext_lazy("做了什么"), "choice", choices=tuple(ACTS.items())),
    Filter("since", gettext_lazy("从哪天起"), "date"),
)


def _bar(request: HttpRequest) -> FilterBar:
    return bind_filters(request, FILTERS, part_id="audit-list")


@screen(Permission.SEE_AUDIT)
def audit(request: HttpRequest) -> HttpResponse:
    """List what was done, newest first."""
    bar = _bar(request)
    rows = audit_entries(
        request.reader,  # type: ignore[attr-defined]
        who=bar["who"],
        action=bar["act"],
        since=bar.day("since"),
    )
    table = AUDIT.bind(
        request,
        rows,
        export_url=reverse("system_desk:audit-export"),
        part_id="audit-list",
        empty={"title": _("没有这样的记录"), "text": _("换一个条件再找。")},
    )
    return render_page_or_part(
        request,
        "system_desk/audit.html",
        "system_desk/parts/audit.html",
        {"bar": bar, "table": table},
    )


@screen(Permission.SEE_AUDIT)
def export(request: HttpRequest) -> HttpResponseBase:
    """Give the chosen records as a sheet."""
    bar = _bar(request)
    rows = audit_entries(
        request.reader,  # type: ignore[attr-defined]
        who=bar["who"],
        action=bar["act"],
        since=bar.day("since"),
    )
    return excel_response(request, AUDIT, rows, title=_("操作记录"))
