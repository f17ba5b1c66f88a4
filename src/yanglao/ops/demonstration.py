"""``yanglao demo``: an invented Hetian, taken in through the front door."""

import json
import shutil
import time
from datetime import date, timedelta
from pathlib import Path
from typing import Literal

from django.db import connection

from yanglao.domain.accounts.public import Role, accounts_in_area, open_account
from yanglao.domain.leads.public import progress_by_place
from yanglao.domain.places.public import division
from yanglao.flows.check_conflicts import look_for_conflicts
from yanglao.flows.find_entitled import find_entitled
from yanglao.flows.take_in_list import take_in
from yanglao.foundation import clock
from yanglao.foundation.home import home
from yanglao.foundation.scoping import system_reader
from yanglao.ops.demo.generate import MAPPING_FILE, generate
from yanglao.ops.demo.manifest import Manifest
from yanglao.ops.demo_assessments import show_assessments
from yanglao.ops.demo_benefits import show_benefits
from yanglao.ops.demo_drafts import show_drafts
from yanglao.ops.demo_insurance import show_insurance
from yanglao.ops.demo_officers import work_a_month
from yanglao.ops.demo_payments import show_payments
from yanglao.ops.demo_screenings import enter_statuses, follow_in_demo, show_screenings
from yanglao.ops.instance import make_instance
from yanglao.ops.says import CannotDo, progress_bar, say

REGION = "653200000000"
PACK = "hetian"
#: What a demo leaves beside the database.
_FOLDERS = (
    "demo-lists",
    "downloads",
    "drafts",
    "lists",
    "payments",
    "progress",
    "runs",
    "uploads",
)
#: Everybody may know it: a demo holds invented people only, and says so on every page.
PASSWORD = "yanglao-demo"  # noqa: S105 - printed on purpose


def show(*, people: int, seed: int, fresh: bool, host: str, port: int, no_serve: bool) -> None:
    """Make the demo if it is not there yet, print the accounts, and serve it."""
    started = time.monotonic()
    mark = home() / "demo.json"
    if fresh:
        _clear(mark)
    wanted = {"people": people, "seed": seed}
    if not (mark.exists() and json.loads(mark.read_text(encoding="utf-8"))["made"] == wanted):
        if mark.exists() or _has_people():
            _clear(mark)
        _make(people=people, seed=seed)
        mark.write_text(json.dumps({"made": wanted}), encoding="utf-8")
        say(f"演示准备好了，用时 {time.monotonic() - started:.0f} 秒。")
    say(f"名单文件在 {home() / 'demo-lists'}，可以用 Excel 打开看看。人物均为虚构。")
    _say_accounts()
    if no_serve:
        return
    from yanglao.ops.server import serve_pages

    serve_pages(host=host, port=port, workers=1, with_worker=True)


def _make(*, people: int, seed: int) -> None:
    """Make two months: last month's lists whole, this month's as far as today."""
    make_instance(pack=PACK, demo=True)
    today = clock.today()
    this_month = today.replace(day=1)
    last_month = (this_month - timedelta(days=1)).replace(day=1)
    before = _month(people=people, seed=seed, month=last_month, as_of=this_month)
    _open_accounts()
    # Whoever has a status now had it before: steps are asked for from here on.
    follow_in_demo(say, as_of=this_month)
    with progress_bar("办理第一个月的线索（演示）") as report:
        moved = work_a_month(
            acting=system_reader(REGION, name="演示人员"), seed=seed, report=report
        )
    say(f"办理了 {moved:,} 条。")
    _month(people=people, seed=seed, month=this_month, as_of=today, before=before)
    say("—— 办理（演示）——")
    enter_statuses(as_of=today)
    follow_in_demo(say, as_of=today)
    for show_part in (
        show_assessments,
        show_benefits,
        show_insurance,
        show_payments,
        show_drafts,
        show_screenings,
    ):
        show_part(say, as_of=today)


def _month(
    *, people: int, seed: int, month: date, as_of: date, before: Manifest | None = None
) -> Manifest:
    """Write one month's lists, take them in and match, each with its own bar."""
    where = home() / "demo-lists" / f"{month:%Y-%m}"
    acting = system_reader(REGION, name="演示")
    say(f"—— {month.year} 年 {month.month} 月 ——")
    with progress_bar("写出各部门的名单") as report:
        written = generate(
            where,
            people=people,
            seed=seed,
            month=f"{month:%Y-%m}",
            previous=before,
            as_of=as_of,
            progress=report,
        )
    content = [(one.path.name, one.path.read_bytes()) for one in written.files]
    mapping = json.loads((where / MAPPING_FILE).read_text(encoding="utf-8"))
    with progress_bar(f"接收 {len(content)} 份名单") as report:
        taken = take_in(
            content,
            acting=acting,
            division=REGION,
            month=month,
            full=True,
            mapping=mapping,
            report=report,
        )
    received = sum(entry.received for entry in taken.lists)
    returned = sum(entry.returned for entry in taken.lists)
    say(f"收到 {received:,} 行，退回 {returned:,} 行，待人工确认 {taken.waiting:,} 行。")
    with progress_bar("核对各部门的说法") as report:
        look_for_conflicts(acting=acting, report=report)
    with progress_bar("比对全部清单项目") as report:
        summary = find_entitled(region=REGION, as_of=as_of, acting=acting, report=report)
    say(
        f"{summary.people:,} 人：符合 {summary.yes:,} 人次，可能符合 {summary.possible:,} 人次，"
        f"线索 {summary.leads_opened:,} 条。"
    )
    return written


def _busiest(area: str, by: Literal["town", "village"]) -> str:
    """Return the place of the area with most open leads: there is something to see there."""
    rows = progress_by_place(system_reader(area), by)
    return max(rows, key=lambda row: (row.open, row.code)).code


def _open_accounts() -> None:
    acting = system_reader(name="演示")
    town = _busiest("653222000000", "town")
    village = _busiest(town, "village")
    wanted: list[tuple[str, Role, str, str, str]] = [
        ("xitong", Role.SYSTEM_ADMIN, REGION, "系统管理员 · 艾力", ""),
        ("anquan", Role.SECURITY_ADMIN, REGION, "安全管理员 · 李敏", ""),
        ("shenji", Role.AUDIT_ADMIN, REGION, "审计管理员 · 热娜", ""),
        ("diqu", Role.PREFECTURE, REGION, "地区民政 · 古丽", ""),
        ("moyu", Role.COUNTY, "653222000000", "墨玉县民政 · 阿依古丽", ""),
        ("xiangzhen", Role.TOWN, town, f"{division(town).name} · 努尔", ""),
        ("cun", Role.VILLAGE, village, f"{division(village).name} · 帕丽旦", ""),
        ("canlian", Role.CLERK, "653222000000", "墨玉县残联 · 王经办", "disabled"),
    ]
    for username, role, area, name, department in wanted:
        open_account(
            username=username,
            password=PASSWORD,
            role=role,
            area_code=area,
            display_name=name,
            department=department,
            acting=acting,
            invented=True,
        )


def _say_accounts() -> None:
    say(f"演示账号（密码都是 {PASSWORD}）：")
    for account in accounts_in_area(system_reader()).filter(invented=True):
        say(f"  {account.username:10} {account.get_role_display()}　{account.display_name}")


def _has_people() -> bool:
    tables = connection.introspection.table_names()
    if "people_person" not in tables:
        return False
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT 1 FROM people_person)")
        row = cursor.fetchone()
    return bool(row and row[0])


def _clear(mark: Path) -> None:
    """Remove an earlier demo; never an instance with real people.

    Raises:
        CannotDo: When the folder holds people that no demo made.
    """
    if not mark.exists() and _has_people():
        raise CannotDo(
            f"{home()} 里有不是演示的数据，不会动它：换一个文件夹，"
            "例如 YANGLAO_HOME=/tmp/yanglao-demo yanglao demo。"
        )
    connection.close()
    if connection.vendor == "sqlite":
        for path in home().glob("yanglao.sqlite3*"):
            path.unlink()
    else:
        raise CannotDo("演示数据在 PostgreSQL 里：请换一个空的数据库，或先手工清空它。")
    for name in _FOLDERS:
        shutil.rmtree(home() / name, ignore_errors=True)
    mark.unlink(missing_ok=True)
