"""The ``yanglao`` command line: what it offers; the work of each command is in a module beside it.

Exit codes: 0 done (returned rows are answers, not failures); 1 something could not be done, one
line says what and what to do; 2 the command was called wrongly.
"""

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Any

import click

from yanglao.ops.says import CannotDo, say_problem


def _with_django(command: Callable[..., Any]) -> Callable[..., Any]:
    """Start Django only when a command really runs, so that ``--help`` answers at once."""

    @wraps(command)
    def started(*args: Any, **kwargs: Any) -> Any:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yanglao.config.settings")
        import django

        django.setup()
        from yanglao.foundation.duck import NotEnoughMemory, WrongSetting

        try:
            return command(*args, **kwargs)
        except (NotEnoughMemory, WrongSetting) as problem:
            raise CannotDo(str(problem)) from problem

    return started


_ENGINES = click.Choice(["duckdb", "spark"])
_ENGINE_HELP = "计算引擎：spark 要另外安装（tools/set-up spark），结果完全一样。"


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="yanglao", message="养老 yanglao %(version)s")
def program() -> None:
    """养老服务平台：把各部门的名单变成“该享未享”的线索，送到每位老人手里。

    \b
    第一次使用：
      yanglao init --pack hetian                       建一个空的实例（区划、清单，没有人）
      yanglao import --full --division 6532 --month 2026-10 名单/*.xlsx
      yanglao match --region 6532 --as-of 2026-11-01   全部老人比对全部清单项目
      yanglao serve                                    打开 http://127.0.0.1:8000
    想先看看：
      yanglao demo                                     一个虚构的和田地区，人物均为虚构

    所有数据都在一个文件夹里：环境变量 YANGLAO_HOME，默认是当前目录下的 var/。
    """


@program.command()
@click.option("--pack", required=True, help="政策包的名字，例如 hetian（policies/ 下的文件夹）。")
@click.option("--in-force-from", default=None, help="生效日期 YYYY-MM-DD；默认按政策包所写。")
@_with_django
def init(pack: str, in_force_from: str | None) -> None:
    """建一个空的实例：数据库、区划、政策清单，没有人。可以重复执行。"""
    from yanglao.ops.instance import make_instance

    make_instance(pack=pack, in_force_from=in_force_from)


@program.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False))
@click.option("--full", is_flag=True, help="这批名单是完整的：不在名单上的人，从当月起视为没有。")
@click.option("--division", default=None, help="名单所属区划，2、4、6、9 或 12 位，例如 6532。")
@click.option("--month", default=None, help="名单所属月份，例如 2026-10。")
@click.option("--sender", default="", help="报送单位；它确认过的列名对应会自动用上。")
@click.option("--kind", default=None, help="名单种类；默认按列名自动识别。")
@click.option(
    "--map", "mapping", multiple=True, metavar="外来列名=标准列名", help="列名对应，可重复。"
)
@click.option("--report", type=click.Path(file_okay=False), default=None, help="退回的行写到这里。")
@_with_django
def take_in(**options: Any) -> None:
    """接收名单（xlsx、xls、csv）：好的行进库，坏的行带着“退回原因”写回表格。

    整批要么全部进库，要么什么都不变。收到的行数总等于接收加退回。同一份名单再来一次，什么都不变。
    """
    from yanglao.ops.lists import take_in_files

    if not take_in_files(**options):
        sys.exit(1)


@program.command()
@click.option("--region", default=None, help="比对的地区，例如 6532；默认是政策包的地区。")
@click.option("--as-of", default=None, help="按哪一天算，YYYY-MM-DD；默认今天。")
@click.option(
    "--export",
    "export_to",
    type=click.Path(dir_okay=False),
    default=None,
    help="把所有“符合”和“可能符合”写成 CSV。",
)
@click.option("--engine", type=_ENGINES, default="duckdb", show_default=True, help=_ENGINE_HELP)
@_with_django
def match(region: str | None, as_of: str | None, export_to: str | None, engine: str) -> None:
    """全部老人比对全部清单项目：谁符合、谁可能符合、缺什么、和上次有什么不同。"""
    from yanglao.ops.matching import run_match

    run_match(region=region, as_of=as_of, export_to=export_to, engine=engine)


@program.group()
def facts() -> None:
    """很多人：情况按区划写成文件（不带姓名、证号），文件夹里直接比对，不用数据库。"""


@facts.command("export")
@click.option("--to", required=True, type=click.Path(file_okay=False), help="写到这个文件夹。")
@click.option("--region", default=None, help="2、4 或 6 位区划，例如 6532；默认是政策包的地区。")
@click.option("--as-of", default=None, help="按哪一天算，YYYY-MM-DD；默认今天。")
@_with_django
def facts_export(to: str, region: str | None, as_of: str | None) -> None:
    """把每位老人当天的情况写成 Parquet：一个省一个文件夹，一个县一个文件。可以重复执行。"""
    from yanglao.ops.nation import export

    export(to=to, region=region, as_of=as_of)


@facts.command("match")
@click.argument("folder", type=click.Path(file_okay=False))
@click.option("--pack", required=True, help="政策包的名字，例如 hetian。")
@click.option("--as-of", default=None, help="按哪一天的情况算，YYYY-MM-DD；默认今天。")
@click.option("--engine", type=_ENGINES, default="duckdb", show_default=True, help=_ENGINE_HELP)
@click.option("--area", "areas", multiple=True, help="只算这个省、市或县，例如 65；可重复。")
@click.option("--with-no", is_flag=True, help="“不符合”也连同理由一起写出。")
@click.option(
    "--memory", default="", help="最多用多少内存，例如 4g；默认为机器的一半（Spark 2g）。"
)
@_with_django
def facts_match(**options: Any) -> None:
    """文件夹里的老人比对清单：结果、理由和与上次的不同，写进同一个文件夹。可以重复执行。"""
    from yanglao.ops.nation import match

    match(**options)


@program.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option(
    "--what",
    type=click.Choice(["findings", "leads"]),
    default="findings",
    help="findings 比对结果（默认），leads 线索。",
)
@click.option("--region", default=None, help="只要这个地区的，例如 653222。")
@_with_django
def export(file: str, what: str, region: str | None) -> None:
    """把最近一次比对的结果或线索导出为 CSV 或 xlsx（按文件名的后缀）。"""
    from yanglao.ops.matching import export_file

    export_file(file=file, what=what, region=region)


@program.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="监听地址。")
@click.option("--port", default=8000, show_default=True, type=int, help="端口。")
@click.option(
    "--workers",
    default=None,
    type=click.IntRange(1, 32),
    help="网页进程数；默认 SQLite 一个，PostgreSQL 两个。",
)
@click.option("--no-worker", is_flag=True, help="不带后台工作进程（另外用 yanglao work 运行）。")
@_with_django
def serve(host: str, port: int, workers: int | None, no_worker: bool) -> None:
    """打开网页服务，同时带一个后台工作进程。按 Ctrl+C 停止。"""
    from yanglao.ops.server import serve_pages

    serve_pages(host=host, port=port, workers=workers, with_worker=not no_worker)


@program.command()
@_with_django
def work() -> None:
    """只运行后台工作进程（接收名单、比对）；serve 已经自带一个。"""
    from yanglao.ops.server import work_until_stopped

    work_until_stopped()


@program.command()
@click.option(
    "--people",
    default=20_000,
    show_default=True,
    type=click.IntRange(50, 2_000_000),
    help="虚构多少位老人。",
)
@click.option("--seed", default=2026, show_default=True, type=int, help="同一个数，同一批人。")
@click.option("--fresh", is_flag=True, help="丢掉已有的演示数据，从头再来。")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True, type=int)
@click.option("--no-serve", is_flag=True, help="只准备数据，不打开网页。")
def demo(people: int, seed: int, fresh: bool, host: str, port: int, no_serve: bool) -> None:
    """一个虚构的和田地区：写出真的 xlsx 名单，从正门接收、比对、生成线索，然后打开网页。"""
    os.environ["YANGLAO_DEMO"] = "1"
    _start_demo(people=people, seed=seed, fresh=fresh, host=host, port=port, no_serve=no_serve)


@_with_django
def _start_demo(**options: Any) -> None:
    from yanglao.ops.demonstration import show

    show(**options)


@program.command("check-policy")
@click.argument("pack", required=False)
@click.option(
    "--rule-book",
    type=click.Path(dir_okay=False),
    default=None,
    help="另外把政策包写成一份人能读的规则书（Markdown）。",
)
@_with_django
def check_policy(pack: str | None, rule_book: str | None) -> None:
    """检查政策包：逐条指出哪个文件哪一行有什么问题、怎么改，并运行全部案例。"""
    from yanglao.ops.policies import check_packs

    if not check_packs(pack=pack, rule_book=rule_book):
        sys.exit(1)


@program.command()
@click.option("--to", default=None, type=click.Path(), help="写到这个文件或文件夹。")
@click.option("--keep", default=None, type=click.IntRange(1), help="文件夹里只留最新的几份。")
@click.option("--verify", is_flag=True, help="随后恢复到临时的地方，核对行数、摘要和操作记录。")
@_with_django
def backup(to: str | None, keep: int | None, verify: bool) -> None:
    """把全部数据写成一个加密的文件；不用停服务。密钥不在里面，要另外保存。"""
    from yanglao.ops.backup import make_backup
    from yanglao.ops.restore import verify_backup

    make_backup(to=to, keep=keep, verify=verify_backup if verify else None)


@program.command()
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--replace", is_flag=True, help="这里已有数据时换掉它；原来的留在旁边。")
@click.option("--verify", is_flag=True, help="只恢复到临时的地方核对，不动这里的数据。")
@_with_django
def restore(file: str, replace: bool, verify: bool) -> None:
    """把备份恢复到这里（SQLite 或 PostgreSQL 都行，和备份时不同也行）。先停服务。"""
    from pathlib import Path

    from yanglao.ops.restore import restore_backup, verify_backup

    if verify:
        verify_backup(Path(file))
    else:
        restore_backup(file=file, replace=replace)


@program.command()
@click.option("--json", "as_json", is_flag=True, help="写成 JSON，给监控用。")
@_with_django
def doctor(as_json: bool) -> None:
    """检查这个安装哪里不对、怎么办；有错误时退出码是 1。"""
    from yanglao.ops.doctor import examine

    if not examine(as_json=as_json):
        sys.exit(1)


@program.group()
def assess() -> None:
    """评估：按国家标准给评估表算分定级。"""


@assess.command("score")
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@click.option(
    "--standard",
    type=click.Choice(["gbt42195", "ltc"]),
    required=True,
    help="gbt42195 老年人能力评估，ltc 长期护理失能等级。",
)
@click.option(
    "--export", "export_to", type=click.Path(dir_okay=False), default=None, help="写到这个文件。"
)
@click.option("--as-of", default=None, help="按哪一天施行的标准，YYYY-MM-DD；默认今天。")
@_with_django
def assess_score(**options: Any) -> None:
    """给评估表（CSV，一行一份）算分定级；缺答案的那一行写明缺哪一列，不影响别的行。"""
    from yanglao.ops.assess import score

    score(**options)


@program.group()
def payments() -> None:
    """待遇发放：审计用的核对。"""


@payments.command("recompute")
@click.argument("number")
@_with_django
def payments_recompute(number: str) -> None:
    """用冻结时封存的输入重算一批（批次号如 653222-202611-1），与存下的逐笔核对。

    完全一致退出码是 0；有一处不同，逐处写出来，退出码是 1。
    """
    from yanglao.ops.paying import recompute

    if not recompute(number=number):
        sys.exit(1)


@program.group()
def service() -> None:
    """开机自动运行（systemd）：网页、后台任务、每夜备份。"""


def _service_options(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in (
        click.option("--port", default=8000, show_default=True, type=int),
        click.option("--host", default="127.0.0.1", show_default=True, help="网关在前面转发。"),
        click.option("--user", default=None, help="由哪个用户运行。"),
    ):
        command = option(command)
    return command


@service.command("show")
@_service_options
def service_show(**options: Any) -> None:
    """只打印，不写任何文件。"""
    from yanglao.ops.systemd_units import show_units

    show_units(**options)


@service.command("install")
@_service_options
def service_install(**options: Any) -> None:
    """写到 /etc/systemd/system 并启动（要 root）。"""
    from yanglao.ops.systemd_units import install_units

    install_units(**options)


@program.group()
def account() -> None:
    """账号：开设、停用、列出。"""


@account.command("add")
@click.argument("username")
@click.option(
    "--role",
    required=True,
    type=click.Choice(
        [
            "system_admin",
            "security_admin",
            "audit_admin",
            "prefecture",
            "county",
            "town",
            "village",
            "clerk",
            "assessor",
        ]
    ),
)
@click.option("--area", required=True, help="辖区代码，2 到 12 位。")
@click.option("--name", "display_name", required=True, help="显示的姓名。")
@click.option(
    "--department",
    default="",
    help="部门经办必填：police social civil disabled health insurance veterans village。",
)
@_with_django
def account_add(**options: Any) -> None:
    """开设一个账号，打印一次性链接：本人用它设置自己的密码，48 小时内有效。"""
    from yanglao.ops.instance import add_account

    add_account(**options)


@account.command("link")
@click.argument("username")
@click.option("--clear-second-factor", is_flag=True, help="手机也丢了：同时解除第二道验证。")
@_with_django
def account_link(username: str, clear_second_factor: bool) -> None:
    """再给一个账号一次性链接：忘了密码、连错被锁，或丢了手机。"""
    from yanglao.ops.instance import give_link

    give_link(username=username, clears_factor=clear_second_factor)


@account.command("list")
@_with_django
def account_list() -> None:
    """列出账号。"""
    from yanglao.ops.instance import list_accounts

    list_accounts()


@program.group()
def audit() -> None:
    """操作记录：核对有没有被改动，写锚点，导出。"""


@audit.command("verify")
@click.option(
    "--anchors",
    type=click.Path(exists=True, file_okay=False),
    default=None,
    help="另外保存的锚点文件夹；默认是 YANGLAO_HOME/anchors。",
)
@_with_django
def audit_verify(anchors: str | None) -> None:
    """从头核对操作记录：改动、删除、插入、调换、截短，都能发现。"""
    from yanglao.ops.audit import verify_record

    if not verify_record(anchors=anchors):
        sys.exit(1)


@audit.command("anchor")
@click.option("--to", type=click.Path(file_okay=False), default=None, help="写到这个文件夹。")
@_with_django
def audit_anchor(to: str | None) -> None:
    """写下今天的锚点（每天自动写一次），请另存到平台以外。"""
    from yanglao.ops.audit import anchor_record

    anchor_record(to=to)


@audit.command("export")
@click.argument("file", type=click.Path(dir_okay=False))
@click.option("--since", default=None, help="从哪天起，YYYY-MM-DD。")
@click.option("--until", default=None, help="到哪天为止，YYYY-MM-DD。")
@_with_django
def audit_export(file: str, since: str | None, until: str | None) -> None:
    """把操作记录写成 CSV。"""
    from yanglao.ops.audit import export_record

    export_record(file=file, since=since, until=until)


@program.group()
def keys() -> None:
    """密钥：新建、查看、更换。密钥不在数据库里，要单独备份。"""


@keys.command("new")
@_with_django
def keys_new() -> None:
    """没有密钥文件时建一个；已有的不会改动。"""
    from yanglao.ops.keys import new_keys

    new_keys()


@keys.command("status")
@_with_django
def keys_status() -> None:
    """每一版密钥加密了多少内容。"""
    from yanglao.ops.instance import require_instance
    from yanglao.ops.keys import show_status

    require_instance()
    show_status()


@keys.command("rotate")
@click.option("--index", is_flag=True, help="换的是索引密钥（按证号查人用的）；要先停服务。")
@_with_django
def keys_rotate(index: bool) -> None:
    """加一版新密钥，把全部内容换成用它加密；不用停机，中断后再运行会接着做。"""
    from yanglao.ops.instance import require_instance
    from yanglao.ops.keys import rotate, rotate_index

    require_instance(half_changed=index)
    (rotate_index if index else rotate)()


@program.command()
@click.option("--people", default=1_000_000, show_default=True, type=int)
@click.option("--rows", default=100_000, show_default=True, type=int)
@click.option("--repeat", default=3, show_default=True, type=int, help="每项跑几遍，取中位数。")
@click.option("--pages", is_flag=True, help="也测 200,000 位老人时的网页速度。")
@click.option("--json", "json_to", type=click.Path(dir_okay=False), default=None)
@_with_django
def bench(people: int, rows: int, repeat: int, pages: bool, json_to: str | None) -> None:
    """在这台机器上量一量：接收、比对、一个人、网页，并和 OpenFisca 同场比较。"""
    from yanglao.ops.measuring import measure

    measure(people=people, rows=rows, repeat=repeat, pages=pages, json_to=json_to)


def main() -> None:
    """Run the command line; every foreseeable problem ends in one line and exit code 1."""
    try:
        program(standalone_mode=False)
    except click.exceptions.Abort:
        say_problem("已中断，什么都没有写入一半。")
        sys.exit(130)
    except click.ClickException as problem:
        problem.show()
        sys.exit(problem.exit_code)
    except CannotDo as problem:
        say_problem(str(problem))
        sys.exit(1)


if __name__ == "__main__":
    main()
