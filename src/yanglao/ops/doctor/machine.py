"""The machine around the data: Python, disk, keys, settings, clock, database, front end."""

import os
import shutil
import sqlite3
import sys
import time
from collections.abc import Iterator
from datetime import timedelta

from django.conf import settings
from django.contrib.staticfiles.finders import find
from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from yanglao.foundation import clock
from yanglao.foundation.backups import newest_backup
from yanglao.foundation.duck import (
    ENV_MEMORY,
    ENV_SPILL,
    WrongSetting,
    bytes_of,
    disk_of,
    machine_memory,
    session_memory,
    spill,
)
from yanglao.foundation.home import holds_demo, home
from yanglao.foundation.secrets import KeyProblem, key_file, key_ring
from yanglao.ops.doctor.finding import Finding, good, note, wrong

_LEAST_FREE_MB = 2048
_OLDEST_SQLITE = (3, 35)
_OLDEST_POSTGRES = 140000
_GB = 1_000_000_000
#: A match of a county's elders.
_LEAST_MEMORY = 2 * _GB
_BACKUP_AGE = timedelta(days=2)


def look_at_python() -> Iterator[Finding]:
    """Which is it?"""
    told = ".".join(str(part) for part in sys.version_info[:3])
    yield good("python", f"Python {told}")  # an older one would not have come this far


def look_at_disk() -> Iterator[Finding]:
    """Is there room, and may we write?"""
    folder = home()
    free = shutil.disk_usage(folder).free // 1024 // 1024
    if not os.access(folder, os.W_OK):
        yield wrong("disk", f"不能写 {folder}。", "请把它的所有者改成运行本程序的用户。")
    elif free < _LEAST_FREE_MB:
        yield wrong("disk", f"{folder} 只剩 {free:,} MB。", "请腾出至少 2 GB，或换一个大的盘。")
    else:
        yield good("disk", f"{folder} 可写，还有 {free / 1024:,.0f} GB")
    if folder.stat().st_mode & 0o007:
        yield note(
            "home_mode", f"这台机器上的任何人都能进 {folder}。", f"请运行 chmod o= {folder}。"
        )
    for left in sorted(folder.glob("restoring-*")):
        yield wrong(
            "restore",
            f"上次恢复没有做完：{left.name}。",
            "请重新运行 yanglao restore。",
        )


def look_at_memory() -> Iterator[Finding]:
    """How much may a computation take, and where may it write what does not fit?"""
    try:
        most = bytes_of(session_memory())
    except WrongSetting as problem:
        yield wrong("memory", f"{ENV_MEMORY} 读不懂：{problem}", "请改好，再重启服务。")
        return
    there = machine_memory()
    words = f"一次计算最多用 {most / _GB:.1f} GB 内存（机器共 {there / _GB:.1f} GB）"
    if most > there * 0.9:
        yield note("memory", words + "，太多，机器会很慢。", f"请把 {ENV_MEMORY} 改小。")
    elif most < _LEAST_MEMORY:
        yield note(
            "memory",
            words + "，全县比对可能不够。",
            f"请设 {ENV_MEMORY} 为 2GB 以上，或换内存大的机器。",
        )
    else:
        yield good("memory", words)
    yield from _spill()


def _spill() -> Iterator[Finding]:
    where = spill()
    if where.problem:
        yield wrong(
            "spill",
            f"{ENV_SPILL} 不能用：{where.problem}",
            "请用加密盘上的文件夹，属于运行本程序的用户，权限 700；在这以前不写临时文件。",
        )
    elif where.folder is None:
        yield good("spill", "计算不写临时文件，放不进内存时会停下并说明")
    elif disk_of(where.folder) == "unknown":
        yield note(
            "spill",
            f"放不进内存的计算会写到 {where.folder}，写的是明文，看不出这个盘是不是加密的。",
            f"请确认这个盘是加密的；不是的话，去掉 {ENV_SPILL}，再重启服务。",
        )
    else:
        on = "加密盘" if disk_of(where.folder) == "encrypted" else "内存"
        yield good("spill", f"放不进内存的计算会写到 {where.folder}（在{on}上）")


def look_at_keys() -> Iterator[Finding]:
    """Are they there, ours alone, and kept apart from the backups?"""
    try:
        ring = key_ring()
    except KeyProblem as problem:
        yield wrong("keys", str(problem), "没有密钥，加密的数据打不开。请找回密钥文件的副本。")
        return
    yield good("keys", f"密钥可用，第 {ring.newest.number} 版")
    path = key_file()
    if os.environ.get("YANGLAO_KEYRING") or not path.exists():
        return
    status = path.stat()
    if status.st_uid not in {os.getuid(), 0}:
        yield wrong(
            "key_owner", f"密钥文件 {path} 属于别的用户。", "请把它的所有者改成运行本程序的用户。"
        )
    if path.parent == home():
        yield note(
            "key_place",
            "密钥文件和数据在同一个文件夹里，整个文件夹被拿走就能打开。",
            "请把它移到别处（权限 600），用 YANGLAO_KEYS 指明。",
        )


def look_at_settings() -> Iterator[Finding]:
    """Is this a demo, is it open to others, and how?"""
    demo_mark = holds_demo()
    if settings.DEBUG:
        yield wrong("debug", "调试方式开着，出错页会露出内部情况。", "去掉 YANGLAO_DEBUG。")
    if settings.DEMO and not demo_mark:
        yield wrong(
            "demo", "YANGLAO_DEMO=1，但这里不是演示数据。", "去掉 YANGLAO_DEMO，再重启服务。"
        )
    path = home() / "secret_key"
    if not os.environ.get("YANGLAO_SECRET_KEY") and path.exists() and path.stat().st_mode & 0o077:
        yield wrong("secret_key", f"别人也能读 {path}。", f"请运行 chmod 600 {path}，再重启服务。")
    if "*" in settings.ALLOWED_HOSTS:
        yield wrong("hosts", "YANGLAO_HOSTS 是 *，谁都能冒用域名。", "写明域名，用逗号分开。")
    if settings.ADDRESS and not settings.HTTPS:
        yield note(
            "https",
            f"地址 {settings.ADDRESS} 不是 https，密码在网上是明的。",
            "请在前面放一个支持 https（国密）的网关，把 YANGLAO_ADDRESS 改成 https://…。",
        )
    elif settings.HTTPS and not settings.TRUSTED_PROXIES:
        yield note(
            "proxies",
            "用了 https，但没有写网关的地址：会一直跳转，登录限制也会按网关的地址算。",
            "请设 YANGLAO_PROXIES，例如 127.0.0.1。",
        )
    else:
        yield good("settings", f"设置正常，可以从 {'、'.join(settings.ALLOWED_HOSTS)} 打开")


def look_at_clock() -> Iterator[Finding]:
    """Is the day right, and not pinned?"""
    pinned = os.environ.get("YANGLAO_TODAY")
    if pinned and not holds_demo():
        yield wrong("clock", f"日期被固定在 {pinned}。", "去掉 YANGLAO_TODAY，再重启服务。")
    if clock.machine_now().year < 2026:
        yield wrong(
            "clock",
            f"机器的时间是 {clock.machine_now():%Y-%m-%d}，不对。",
            "请校准时间。",
        )
    else:
        here = time.tzname[0]
        now = clock.machine_now().astimezone(clock.BEIJING)
        yield good("clock", f"北京时间 {now:%Y-%m-%d %H:%M}（机器时区 {here}，不影响）")


def look_at_front_end() -> Iterator[Finding]:
    """Were style and scripts built?"""
    if find("kit/dist/app.css") and find("kit/dist/app.js"):
        yield good("front_end", "网页的样式和脚本都在")
    else:
        yield wrong(
            "front_end", "网页的样式没有生成，页面会很难看。", "请运行 make setup（联网的机器上）。"
        )


def look_at_backups() -> Iterator[Finding]:
    """Is there one, and how old is it?"""
    found = newest_backup()
    if found is None:
        yield note("backup", "还没有备份。", "请运行 yanglao backup --verify，并每天定时做。")
        return
    age = clock.machine_now() - found[1]
    words = f"最近的备份：{found[0].name}，{age.days} 天前" if age.days else "今天有备份"
    if age > _BACKUP_AGE:
        yield note("backup", words + "。", "请看定时备份为什么没有做（systemctl status）。")
    else:
        yield good("backup", words)


LOOKS = (
    look_at_python,
    look_at_disk,
    look_at_memory,
    look_at_keys,
    look_at_settings,
    look_at_clock,
    look_at_front_end,
    look_at_backups,
)


def look_at_database() -> Iterator[Finding]:
    """Does it answer, is it new enough, whole, and at the state of this program?"""
    try:
        connection.ensure_connection()
        yield from _sqlite() if connection.vendor == "sqlite" else _postgres()
        yield from _migrations()
    except Error as problem:
        yield wrong(
            "database",
            f"打不开数据库：{str(problem).strip()}",
            "请看 DATABASE_URL 对不对、数据库服务在不在运行。",
        )


def _sqlite() -> Iterator[Finding]:
    if sqlite3.sqlite_version_info < _OLDEST_SQLITE:
        yield wrong("database", f"SQLite {sqlite3.sqlite_version} 太旧。", "请升级系统。")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = cursor.fetchone()[0]
        cursor.execute("PRAGMA integrity_check(5)")
        said = [row[0] for row in cursor.fetchall()]
        cursor.execute("PRAGMA foreign_key_check")
        loose = cursor.fetchmany(5)
    if mode != "wal":
        yield wrong(
            "journal",
            f"SQLite 的日志方式是 {mode}，不是 wal。",
            "数据要放在本机的盘上。",
        )
    if said != ["ok"] and all(one.startswith("CHECK constraint") for one in said):
        yield wrong("rows", f"有的行不合表的规则：{said[0]}", "请联系维护人员，或用备份恢复。")
    elif said != ["ok"]:
        yield wrong("integrity", f"数据库文件损坏：{said[0]}", "请停服务，用最近的备份恢复。")
    elif loose:
        yield wrong("foreign_keys", f"表 {loose[0][0]} 有对不上的行。", "请停服务，用备份恢复。")
    else:
        yield good("database", f"SQLite {sqlite3.sqlite_version}，文件完整")


def _postgres() -> Iterator[Finding]:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        version = cursor.fetchone()[0]
        cursor.execute("SHOW fsync")
        fsync = cursor.fetchone()[0]
        cursor.execute("SELECT conrelid::regclass::text FROM pg_constraint WHERE NOT convalidated")
        loose = cursor.fetchall()
        cursor.execute("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'before_restore_%%'")
        aside = [row[0] for row in cursor.fetchall()]
    if connection.pg_version < _OLDEST_POSTGRES:  # type: ignore[attr-defined]
        yield wrong("database", f"PostgreSQL {version} 太旧。", "请用 14 或更新的。")
    else:
        yield good("database", f"PostgreSQL {version}，可用")
    if fsync != "on":
        yield wrong("fsync", "PostgreSQL 的 fsync 关着，断电会丢数据。", "请在它的设置里打开。")
    for (table,) in loose:
        yield wrong("foreign_keys", f"表 {table} 有没核对过的约束。", "请联系维护人员。")
    for name in aside:
        yield note(
            "restore", f"恢复前的数据还留着：{name}。", f"确认无误后：DROP SCHEMA {name} CASCADE;"
        )


def _migrations() -> Iterator[Finding]:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    newer = set(executor.loader.applied_migrations) - set(executor.loader.graph.nodes)
    ours = [node for node in newer if node[0] in executor.loader.migrated_apps]
    if ours:
        yield wrong("migrations", "数据库来自更新的程序版本。", "请升级程序，或用旧的备份。")
    elif waiting:
        remedy = "请运行 yanglao init --pack 政策包名（不会动已有的数据）。"
        yield wrong("migrations", f"有 {len(waiting)} 步数据库升级没有做。", remedy)
    else:
        yield good("migrations", "数据库和程序版本一致")
