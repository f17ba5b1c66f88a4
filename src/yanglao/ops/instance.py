"""Making an instance, and the accounts of it."""

from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import OperationalError
from django.urls import reverse

from yanglao.domain.accounts.public import (
    Account,
    Role,
    accounts_in_area,
    make_link,
    open_account,
)
from yanglao.domain.catalogue.public import versions
from yanglao.domain.places.public import load_divisions
from yanglao.flows.publish_catalogue import PolicyRefused, publish_from_folder
from yanglao.foundation import clock
from yanglao.foundation.home import home
from yanglao.foundation.presence import InUse, be_present
from yanglao.foundation.scoping import system_reader
from yanglao.foundation.secrets import key_file
from yanglao.ops.asked import asked_day, asked_division
from yanglao.ops.keys import check_keys, make_keys, mark_keys
from yanglao.ops.says import CannotDo, say


def make_instance(*, pack: str, in_force_from: str | None = None, demo: bool = False) -> None:
    """Make (or bring up to date) keys, the database, the divisions and the published pack."""
    folder = settings.POLICIES / pack
    if not folder.is_dir():
        known = sorted(path.parent.name for path in settings.POLICIES.glob("*/catalogue.yaml"))
        raise CannotDo(f"没有政策包“{pack}”。现有：{'、'.join(known)}。")
    made = make_keys(demo=demo)
    call_command("migrate", verbosity=0, interactive=False)
    mark_keys()
    if made:
        say(f"密钥文件在 {key_file()}：请另外备份一份，丢了它数据就再也打不开。")
    places = load_divisions(pack)
    day: date | None = asked_day(in_force_from) if in_force_from else None
    try:
        version, new = publish_from_folder(
            pack, in_force_from=day, acting=system_reader(name="命令行")
        )
    except PolicyRefused as problem:
        raise CannotDo(str(problem)) from problem
    say(
        f"实例在 {home()}：区划 {places:,} 个，{version.title}（{version.in_force_from} 起生效，"
        f"{'新发布' if new else '已发布过'}，{version.hash[:12]}）。"
    )


def require_instance(*, half_changed: bool = False) -> None:
    """Raise a clear error unless the database is there and up to date; be present at it.

    Args:
        half_changed: Whether it may be one whose index key is half-way to a new one.

    Raises:
        CannotDo: Saying which command brings it.
    """
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except OperationalError as problem:
        raise CannotDo(f"打不开数据库（{home()}）：{problem}") from problem
    if waiting or not versions().exists():
        raise CannotDo(
            f"{home()} 里还没有可用的实例：先运行 yanglao init --pack hetian"
            "（或 yanglao demo 看演示）。"
        )
    if not half_changed:
        check_keys()
    try:
        be_present()
    except InUse as problem:
        raise CannotDo("正在更换索引密钥，别的事要等它做完。") from problem


def add_account(*, role: str, area: str, **fields: Any) -> None:
    """Open an account from the command line."""
    require_instance()
    try:
        account = open_account(
            role=Role(role),
            area_code=asked_division(area),
            acting=system_reader(name="命令行"),
            **fields,
        )
    except ValidationError as problem:
        raise CannotDo("；".join(problem.messages)) from problem
    say(f"已开设 {account}。")
    _say_link(account)


def give_link(*, username: str, clears_factor: bool) -> None:
    """Print a one-time link for an account.

    Raises:
        CannotDo: When there is no such account, or it is closed.
    """
    require_instance()
    account = accounts_in_area(system_reader()).filter(username=username).first()
    if account is None:
        raise CannotDo(f"没有账号“{username}”。现有的：yanglao account list")
    _say_link(account, clears_factor=clears_factor)


def _say_link(account: Account, *, clears_factor: bool = False) -> None:
    acting, now = system_reader(name="命令行"), clock.machine_now()
    try:
        token = make_link(
            account_id=account.pk, now=now, acting=acting, clears_factor=clears_factor
        )
    except PermissionError as problem:
        raise CannotDo(str(problem)) from problem
    address = settings.ADDRESS or "http://127.0.0.1:8000"
    say("请把下面的链接当面或可靠地交给本人，只能用一次，本人用它设置自己的密码：")
    say(f"  {address}{reverse('login_link_token', args=[token])}")
    say(f"  （或在登录页点“在这里输入口令”，输入 {token}）")


def list_accounts() -> None:
    """Print every account."""
    require_instance()
    for account in accounts_in_area(system_reader()):
        state = "" if account.is_active else "（已停用）"
        say(
            f"{account.username:16} {account.role:12} {account.area_code} "
            f"{account.display_name}{state}"
        )
