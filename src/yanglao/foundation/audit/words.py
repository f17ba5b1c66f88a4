"""The fixed words of the record in plain Chinese: what was done, to what, which fields.

A test knows every act that the program writes down and asks for its words here.
"""

import re
from typing import Any

from django.utils.translation import gettext_lazy as _

from yanglao.foundation.models import AuditEntry

_DIGEST = re.compile(r"[0-9a-f]{32,}")

#: Act -> what it means, as one would tell the person concerned.
ACTS: dict[str, Any] = {
    "ability_opened": _("查看能力评估"),
    "assessment_begun": _("开始评估"),
    "assessment_dispute_dismissed": _("驳回评估异议"),
    "assessment_dispute_taken": _("受理评估异议"),
    "assessment_plan_taken_back": _("撤回评估安排"),
    "assessment_reminders_made": _("提醒评估到期"),
    "assessment_result_published": _("公示评估结果"),
    "assessment_results_final": _("评估结果生效"),
    "assessment_review_ordered": _("安排复评"),
    "assessment_sheet_opened": _("查看评估表"),
    "assessment_visits_planned": _("安排上门评估"),
    "assessments_accepted": _("受理评估申请"),
    "assessments_asked": _("提出评估申请"),
    "assessor_closed": _("停用评估员"),
    "assessor_kept": _("登记评估员"),
    "bank_file_taken": _("取走银行文件"),
    "claim_agreed": _("商定分期追缴"),
    "claim_offset": _("用应发款抵扣追缴"),
    "claim_repaid": _("登记退回多发款"),
    "ltci_absence_entered": _("登记离家、住院"),
    "ltci_benefit_decided": _("审批长护险待遇"),
    "ltci_benefit_prepared": _("初审长护险待遇"),
    "ltci_benefit_stopped": _("停发长护险待遇"),
    "ltci_enrolled": _("更新参保人"),
    "ltci_file_opened": _("查看长护险档案"),
    "ltci_grading_moved": _("办理失能评估"),
    "ltci_money_entered": _("登记基金收支"),
    "ltci_money_reversed": _("冲正基金收支"),
    "ltci_plan_decided": _("审批照护计划"),
    "ltci_plan_ended": _("结束照护计划"),
    "ltci_plan_prepared": _("制定照护计划"),
    "ltci_provider_saved": _("登记护理机构"),
    "ltci_record_withdrawn": _("撤回服务记录"),
    "ltci_records_taken": _("接收服务记录"),
    "ltci_sheet_saved": _("填写失能评估表"),
    "ltci_statement_approved": _("审批结算单"),
    "ltci_statement_computed": _("生成结算单"),
    "ltci_statement_paid": _("登记结算付款"),
    "ltci_statement_sent_back": _("退回结算单"),
    "ltci_statement_submitted": _("提交结算单"),
    "outside_result_accepted": _("采信外地评估结果"),
    "outside_result_brought": _("登记外地评估结果"),
    "outside_result_refused": _("不采信外地评估结果"),
    "paid_elsewhere_dropped": _("不采用别处发放名单"),
    "paid_elsewhere_told": _("接收别处发放名单"),
    "paid_elsewhere_undone": _("撤销别处发放名单"),
    "paid_elsewhere_used": _("采用别处发放名单"),
    "payment_run_approved": _("审批发放批次"),
    "payment_run_cancelled": _("取消发放批次"),
    "payment_run_checked": _("核查完发放名单"),
    "payment_run_closed": _("办结发放批次"),
    "payment_run_decided": _("处理核查提示"),
    "payment_run_file_handed": _("登记银行文件已交银行"),
    "payment_run_file_handing": _("开始把银行文件交银行"),
    "payment_run_file_made": _("生成银行文件"),
    "payment_run_frozen": _("冻结发放名单"),
    "payment_run_opened": _("建立发放批次"),
    "payment_run_recusal_answered": _("复核别人家里人的款项（回避）"),
    "payment_run_recusal_asked": _("请别人复核自己家里人的款项（回避）"),
    "payment_run_recomputed": _("用封存的输入重算发放批次"),
    "payment_run_returned": _("接收银行回盘"),
    "payment_run_sent_back": _("退回发放批次"),
    "payment_run_submitted": _("提交发放批次"),
    "service_tie_kept": _("登记服务关系"),
    "sheet_conflict_settled": _("选定不同的答案"),
    "sheet_finished": _("交评估表"),
    "sheet_photo_kept": _("保存评估照片"),
    "sheet_signed": _("在评估表上签名"),
    "write_off_asked": _("申请核销"),
    "write_off_decided": _("审批核销"),
    "access_refused": _("想打开没有权限的页面"),
    "account_approved": _("批准账号"),
    "account_closed": _("停用账号"),
    "account_opened": _("开设账号"),
    "account_person_named": _("登记工作人员本人档案"),
    "account_reopened": _("启用账号"),
    "api_evaluated": _("接口：提交资料求结果"),
    "api_key_issued": _("发放接口密钥"),
    "api_key_revoked": _("收回接口密钥"),
    "api_list_pushed": _("接口：送来名单"),
    "api_pulled": _("接口：取走数据"),
    "assessor_contact_opened": _("为上门评估打开电话和住址"),
    "assessor_work_taken": _("评估员手机取走评估表"),
    "backup_code_used": _("用备用码登录"),
    "backup_codes_renewed": _("重做备用码"),
    "batch_taken_in": _("接收一批名单"),
    "benefit_account_decided": _("复核收款账户"),
    "benefit_account_entered": _("登记收款账户"),
    "benefit_alerts_seen": _("看过待遇变动提醒"),
    "benefit_appeal_decided": _("决定待遇复核申请"),
    "benefit_case_opened": _("查看待遇个案"),
    "benefit_cases_approved": _("审批待遇"),
    "benefit_cases_effected": _("按情况变化停发或恢复待遇"),
    "benefit_cases_found": _("免申即享立案"),
    "benefit_cases_moved": _("办理待遇个案"),
    "benefit_cases_noticed": _("公示待遇"),
    "benefit_cases_prepared": _("初审待遇"),
    "benefit_dispute_answered": _("答复待遇异议"),
    "benefit_dispute_taken": _("收到待遇异议或复核申请"),
    "benefit_opened": _("受理待遇申请"),
    "benefit_restarted": _("申请重新发放待遇"),
    "benefit_resumed": _("恢复待遇"),
    "benefit_stopped": _("停发待遇"),
    "benefit_suspended": _("暂停待遇"),
    "benefits_followed": _("按情况更新待遇时段"),
    "conflict_reopened": _("重新打开矛盾"),
    "conflict_settled": _("处理名单间的矛盾"),
    "conflicts_found": _("查出名单间的矛盾"),
    "consent_given": _("登记本人同意"),
    "consent_text_published": _("发布同意书文本"),
    "consent_withdrawn": _("登记本人撤回同意"),
    "contacts_deleted": _("按本人要求删除电话"),
    "corps_tree_loaded": _("载入兵团单位"),
    "delivery_sent_again": _("接口：重新推送"),
    "divisions_loaded": _("载入区划"),
    "draft_approved": _("批准清单方案"),
    "draft_opened": _("起草清单方案"),
    "draft_published": _("发布清单方案"),
    "draft_returned": _("退回清单方案"),
    "draft_submitted": _("提交清单方案"),
    "draft_taken_back": _("收回清单方案"),
    "draft_withdrawn": _("作废清单方案"),
    "fact_entered": _("登记情况"),
    "facts_export": _("导出情况表"),
    "file_opened": _("打开档案"),
    "file_pair_opened": _("查看疑似同一人的两份档案"),
    "file_opened_by_grant": _("凭跨区授权打开档案"),
    "file_refused": _("想打开看不到的档案"),
    "files_merged": _("合并同一人的档案"),
    "findings_exported": _("导出比对结果"),
    "grant_approved": _("批准跨区查看"),
    "grant_asked": _("申请跨区查看"),
    "grant_refused": _("不批准跨区查看"),
    "grant_revoked": _("收回跨区查看"),
    "held_item_released": _("放行项目"),
    "hook_made": _("接口：登记推送地址"),
    "hook_switched": _("接口：开关推送"),
    "identity_revealed": _("打开遮盖的内容"),
    "lead_step_undone": _("撤回一步"),
    "leads_assigned": _("分派线索"),
    "leads_exported": _("导出线索"),
    "leads_handed_back": _("放回线索"),
    "index_key_added": _("更换索引密钥"),
    "leads_laid": _("把线索并到同一人的档案"),
    "leads_moved": _("办理线索"),
    "leads_put_back": _("把线索还给原来的档案"),
    "legal_hold_lifted": _("解除依法保留"),
    "legal_hold_placed": _("登记依法保留"),
    "list_exported": _("导出列表"),
    "list_refused": _("整份退回名单"),
    "list_repeated": _("收到重复的名单"),
    "list_taken_in": _("接收名单"),
    "looks_told": _("告诉本人谁看过档案"),
    "mapping_forgotten": _("忘掉列名对应"),
    "mapping_remembered": _("确认列名对应"),
    "match_run": _("完成比对"),
    "merge_undone": _("撤销合并"),
    "own_copy_given": _("给本人一份资料"),
    "pack_published": _("发布清单"),
    "pair_decided": _("判断是不是同一人"),
    "pair_reopened": _("重新判断是不是同一人"),
    "password_set": _("设置密码"),
    "people_searched": _("查找老人"),
    "record_exported": _("导出操作记录"),
    "rights_opened": _("打开个人信息申请"),
    "rights_request_answered": _("答复个人信息申请"),
    "rights_request_taken": _("受理个人信息申请"),
    "row_decided": _("处理待定的行"),
    "row_decision_taken_back": _("撤回对行的处理"),
    "second_factor_set": _("开启第二道验证"),
    "second_factor_taken_off": _("关闭第二道验证"),
    "session_ended": _("退出登录"),
    "set_up_link_made": _("发放设置密码的链接"),
    "sign_in_failed": _("登录失败"),
    "sign_in_rules_changed": _("修改登录规则"),
    "signed_in": _("登录"),
    "care_moved": _("登记筛查后的一步"),
    "screening_opened": _("查看早期发现"),
    "screening_recorded": _("登记筛查"),
    "worsening_moved": _("处理情况变差的老人"),
    "worsenings_found": _("找出情况变差的老人"),
    "status_held": _("压下大批身份结束"),
    "status_opened": _("查看身份经过"),
    "status_released": _("放行大批身份结束"),
    "status_task_moved": _("办理身份事项"),
    "status_tasks_moved": _("一起办理身份事项"),
    "statuses_followed": _("对照身份"),
    "statuses_moved": _("身份随人迁移"),
    "statements_count_again": _("恢复采信部门的说法"),
    "statements_set_aside": _("不采信部门的说法"),
    "waiting_row_opened": _("查看待定的行"),
}

#: Kind of thing -> its word.
SUBJECTS: dict[str, Any] = {
    "account": _("账号"),
    "api_key": _("接口密钥"),
    "batch": _("批次"),
    "benefit_account": _("收款账户"),
    "benefit_case": _("待遇个案"),
    "claim": _("追缴"),
    "conflict": _("矛盾"),
    "consent_text": _("同意书"),
    "delivery": _("推送"),
    "draft": _("清单方案"),
    "elsewhere_list": _("别处发放名单"),
    "export": _("导出"),
    "facts": _("情况表"),
    "file_pair": _("疑似同一人"),
    "grant": _("跨区授权"),
    "hook": _("推送地址"),
    "lead": _("线索"),
    "list": _("名单"),
    "pack": _("清单"),
    "pack_version": _("清单版本"),
    "payment_run": _("发放批次"),
    "person": _("档案"),
    "run": _("比对"),
    "run_item": _("比对项目"),
    "screen": _("页面"),
    "search": _("查找"),
    "sender": _("报送单位"),
    "sign_in_rules": _("登录规则"),
    "screening": _("筛查"),
    "status": _("身份"),
    "worsening": _("情况变差"),
    "status_task": _("身份事项"),
    "waiting_row": _("待定的行"),
}

#: Field of a detail -> its word, for those that people ask about.
FIELDS: dict[str, Any] = {
    "audit_admin": _("审计管理员"),
    "clerk": _("部门经办"),
    "assessor": _("评估员"),
    "county": _("县市民政"),
    "prefecture": _("地区（师市）平台"),
    "security_admin": _("安全管理员"),
    "system_admin": _("系统管理员"),
    "town": _("乡镇（街道）中心"),
    "village": _("村（社区）站点"),
    "address": _("详细住址"),
    "asked": _("查的内容（只留摘要）"),
    "by_digits": _("按号码的几位"),
    "by_name": _("按姓名或地名"),
    "by_name_and_digits": _("按姓名和号码的几位"),
    "by_number": _("按身份证号"),
    "by_place": _("看全村的人"),
    "before": _("原来"),
    "birth_date": _("出生日期"),
    "birth_year": _("出生年份"),
    "changes": _("改动"),
    "channel": _("方式"),
    "contact": _("电话和住址"),
    "count": _("数量"),
    "diagnosis": _("疾病诊断"),
    "died_on": _("去世日期"),
    "facts": _("各项情况"),
    "fields": _("内容"),
    "file": _("文件"),
    "found": _("找到"),
    "ground": _("原因"),
    "grants": _("授权号"),
    "health": _("健康、残疾、评估"),
    "id_number": _("身份证号"),
    "id_number_masked": _("身份证号（遮住）"),
    "identity": _("姓名年龄"),
    "in_register": _("户籍状态"),
    "in_time": _("按时"),
    "kind": _("种类"),
    "kinds": _("内容"),
    "method": _("方式"),
    "more": _("还有没列出的"),
    "name": _("姓名"),
    "name_masked": _("姓名（遮住）"),
    "phone": _("电话"),
    "pk": _("编号"),
    "place_code": _("区划"),
    "results": _("该享受的项目"),
    "role": _("角色"),
    "rows": _("行数"),
    "sex": _("性别"),
    "state": _("结果"),
    "username": _("登录名"),
    "what": _("内容"),
}

#: Key of a detail -> its word, where it differs from the field of that name.
KEYS: dict[str, Any] = {
    "address": _("来自"),
    "awaits_approval": _("等批准"),
    "device": _("设备"),
}


def act_words(action: str) -> str:
    """Return what an act means; an unknown one as it is."""
    return str(ACTS.get(action, action))


def subject_words(entry: AuditEntry) -> str:
    """Return what an entry is about: 档案 17."""
    return f"{SUBJECTS.get(entry.subject, entry.subject)} {entry.subject_id}".strip()


def field_words(name: str) -> str:
    """Return the word of a field; an unknown one as it is."""
    return str(FIELDS.get(name, name))


def detail_words(entry: AuditEntry) -> str:
    """Return the details of an entry in one line."""
    parts = []
    for key, value in entry.detail.items():
        if key == "changes" and isinstance(value, dict):
            parts += [
                f"{field_words(n)}：{_plain(p[0])} → {_plain(p[1])}" for n, p in value.items()
            ]
        else:
            parts.append(f"{KEYS.get(key) or field_words(key)}：{_plain(value)}")
    return "；".join(parts)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(_plain(one) for one in value)
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if value is None or value == "":
        return str(_("无"))
    if isinstance(value, str) and _DIGEST.fullmatch(value):
        return f"{value[:12]}…"
    return field_words(value) if isinstance(value, str) else str(value)
