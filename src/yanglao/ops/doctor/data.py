"""The data itself: whether it holds together, opens with these keys, and nothing hangs."""

import os
from collections.abc import Iterator
from datetime import timedelta

from django.apps import apps
from django.conf import settings
from django.db import connection

from yanglao.domain.accounts.public import accounts_with_published_password
from yanglao.domain.catalogue.public import versions
from yanglao.foundation import audit, clock
from yanglao.foundation.home import holds_demo, home
from yanglao.foundation.jobs import jobs_of_area
from yanglao.foundation.key_marks import index_change_under_way
from yanglao.foundation.scoping import system_reader
from yanglao.foundation.secrets import KeyProblem, SealBroken, unseal_bytes
from yanglao.foundation.secrets.envelopes import SealedField, SealedValueField
from yanglao.ops.doctor.finding import Finding, good, note, wrong

#: Passwords that stand in documents and test code.
_PUBLISHED = ["yanglao-demo", "only-for-tests-2026"]
_WAITED = timedelta(minutes=30)
_SAMPLE = 5

#: What must not be there, with words for it and what to do. Each text counts the broken rows.
_BROKEN: tuple[tuple[str, str, str, str], ...] = (
    (
        "lists",
        "SELECT count(*) FROM exchange_receivedlist WHERE received <> accepted + returned",
        "份名单收到的行数不等于接收加退回",
        "请重新接收这些名单。",
    ),
    (
        "returned_rows",
        "SELECT count(*) FROM exchange_receivedlist l WHERE l.state = 'taken_in' AND l.returned <> "
        "(SELECT count(*) FROM exchange_rownote n WHERE n.received_list_id = l.id AND n.returned)",
        "份名单的退回行数和存下的不符",
        "请重新接收这些名单。",
    ),
    (
        "batches",
        "SELECT count(*) FROM exchange_batch b WHERE NOT EXISTS "
        "(SELECT 1 FROM exchange_receivedlist l WHERE l.batch_id = b.id)",
        "批名单是空的（只写了一半）",
        "请重新接收。",
    ),
    (
        "runs",
        "SELECT count(*) FROM entitlements_run WHERE finished_at IS NULL",
        "次比对没有做完",
        "请再比对一次：yanglao match。",
    ),
    (
        "answers",
        "SELECT count(*) FROM entitlements_currentanswers c WHERE NOT EXISTS "
        "(SELECT 1 FROM entitlements_answersetoutcome o WHERE o.answer_set_id = c.answer_set_id) "
        "AND (SELECT key FROM entitlements_answerset s WHERE s.id = c.answer_set_id) <> ''",
        "位老人的结果只写了一半",
        "请再比对一次：yanglao match。",
    ),
    (
        "leads",
        "SELECT count(*) FROM leads_lead WHERE closed_on IS NULL "
        "AND state IN ('delivered', 'declined', 'lapsed')",
        "条线索已办结却没有办结日期",
        "请把编号告诉维护人员。",
    ),
    (
        "lead_steps",
        "SELECT count(*) FROM leads_lead l WHERE l.state NOT IN ('found', 'lapsed') AND NOT EXISTS "
        "(SELECT 1 FROM leads_leadstep s WHERE s.lead_id = l.id)",
        "条线索改了状态却没有办理记录",
        "请把编号告诉维护人员。",
    ),
)


def look_at_consistency() -> Iterator[Finding]:
    """Is anything half-written?"""
    bad = 0
    for code, text, words, remedy in _BROKEN:
        with connection.cursor() as cursor:
            cursor.execute(text)
            count = cursor.fetchone()[0]
        if count:
            bad += 1
            yield wrong(code, f"{count} {words}。", remedy)
    if not bad:
        yield good("consistency", "名单、比对、线索互相对得上，没有写了一半的")


def look_at_files() -> Iterator[Finding]:
    """Are the files there that rows name?"""
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT file_hash FROM exchange_receivedlist WHERE file_hash <> ''")
        kept = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT facts_file FROM entitlements_run WHERE facts_file <> ''")
        seen = {row[0] for row in cursor.fetchall()}
    held = {path.name.split(".")[0] for path in (home() / "lists").glob("*")}
    gone = len(kept - held)
    runs = len({name for name in seen if not (home() / "runs" / name).exists()})
    if gone:
        yield note(
            "list_files", f"{gone} 份收到的名单原件不在了。", "退回表不能再下载；可从备份找回。"
        )
    if runs:
        yield note(
            "run_files", f"{runs} 次比对当时的情况不在了。", "结果不受影响，只是解释会粗一些。"
        )
    drafts = [*(home() / "runs").glob("*.new"), *(home() / "lists").glob(".draft-*")]
    if drafts:
        yield note(
            "drafts", f"{len(drafts)} 个写了一半的文件（上次突然停机）。", "不影响数据，可以删掉。"
        )
    if not gone and not runs:
        yield good("files", f"{len(kept)} 份名单原件和 {len(seen)} 次比对的文件都在")


def look_at_seals() -> Iterator[Finding]:
    """Do the keys that are here open what is sealed?"""
    opened = 0
    for model in apps.get_models():
        for field in model._meta.local_concrete_fields:
            if not isinstance(field, SealedField | SealedValueField):
                continue
            quote = connection.ops.quote_name
            name, column = quote(model._meta.db_table), quote(str(field.column))
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {column} FROM {name} WHERE {column} IS NOT NULL LIMIT {_SAMPLE}"  # noqa: S608
                )
                for (sealed,) in cursor.fetchall():
                    try:
                        unseal_bytes(field.purpose, sealed)
                        opened += 1
                    except (SealBroken, KeyProblem) as problem:
                        remedy = "请把加密时用的密钥文件放回来（YANGLAO_KEYS 指明它在哪里）。"
                        yield wrong("seals", f"表 {model._meta.db_table}：{problem}", remedy)
                        return
    yield good("seals", f"密钥和数据相配（试开了 {opened} 处）")


def look_at_index_key() -> Iterator[Finding]:
    """Can people be found by number: is the index made with the keys that are here?"""
    remedy = "请停下服务，运行 yanglao keys rotate --index，它会接着做完。"
    try:
        if index_change_under_way():
            yield wrong("index_key", "索引密钥换了一半，现在按证号查不到人。", remedy)
        else:
            yield good("index_key", "索引密钥和数据相配")
    except KeyProblem as problem:
        yield wrong("index_key", str(problem), "请把原来的密钥文件放回来。")


def look_at_jobs() -> Iterator[Finding]:
    """Does anything wait that should have run?"""
    jobs, now = jobs_of_area(system_reader()), clock.now()
    stuck = jobs.filter(state="waiting", asked_at__lt=now - _WAITED).count()
    failed = jobs.filter(state="failed", finished_at__gt=now - timedelta(days=7)).count()
    running = jobs.filter(state="running", started_at__lt=now - timedelta(hours=6)).count()
    if stuck:
        remedy = (
            "请看后台进程在不在运行：yanglao serve 自带一个，或 systemctl status yanglao-worker。"
        )
        yield wrong("jobs", f"{stuck} 个后台任务等了半小时以上。", remedy)
    if running:
        yield note("jobs_long", f"{running} 个后台任务做了 6 小时以上。", "重启后台进程会接着做。")
    if failed:
        yield note("jobs_failed", f"一周内有 {failed} 个后台任务失败。", "在“后台任务”页看原因。")
    if not (stuck or running or failed):
        yield good("jobs", "没有卡住的后台任务")


def look_at_record() -> Iterator[Finding]:
    """Is the record of acts whole?"""
    try:
        verdict = audit.verify(audit.read_anchors(audit.default_anchors()))
    except (KeyProblem, ValueError) as problem:
        yield wrong("record", f"操作记录核对不了：{problem}", "请找回密钥文件。")
        return
    if verdict.good:
        yield good("record", f"操作记录 {verdict.entries:,} 条，链条完整")
    else:
        yield wrong(
            "record",
            f"操作记录被动过：{verdict.problems[0].words}",
            "请保留现场，通知审计管理员；详情：yanglao audit verify。",
        )


def look_at_accounts() -> Iterator[Finding]:
    """Does any door open with a password that everybody may know?"""
    if settings.DEMO or holds_demo():
        yield note("demo_accounts", "这是演示，账号的密码是公开的。", "不要放真实的人。")
        return
    if os.environ.get("YANGLAO_FAST_DOCTOR") == "1":
        return  # Argon2 takes its time for each account; the kill tests ask some hundred times
    found = accounts_with_published_password(_PUBLISHED)
    if found:
        names = "、".join(found[:5])
        remedy = "请运行 yanglao account link 登录名，并停用不该有的账号。"
        yield wrong("passwords", f"这些账号用着公开的密码：{names}。", remedy)
    else:
        yield good("passwords", "没有账号用着公开的密码")


def look_at_catalogue() -> Iterator[Finding]:
    """Is a catalogue in force?"""
    if versions().exists():
        yield good("catalogue", "有已发布的清单")
    else:
        yield wrong("catalogue", "还没有发布清单。", "请运行 yanglao init --pack 政策包名。")


LOOKS = (
    look_at_catalogue,
    look_at_consistency,
    look_at_files,
    look_at_seals,
    look_at_index_key,
    look_at_jobs,
    look_at_record,
    look_at_accounts,
)
