"""``yanglao match`` and ``yanglao export``."""

from pathlib import Path

from yanglao.domain.catalogue.public import versions
from yanglao.flows.find_entitled import export_findings, find_entitled
from yanglao.flows.follow_leads import export_leads
from yanglao.flows.open_spark import NoSpark
from yanglao.foundation.scoping import system_reader
from yanglao.ops.asked import asked_day, asked_division
from yanglao.ops.instance import require_instance
from yanglao.ops.says import CannotDo, progress_bar, say


def run_match(
    *, region: str | None, as_of: str | None, export_to: str | None, engine: str = "duckdb"
) -> None:
    """Match everybody of a region on a day, print the counts, and export when asked."""
    require_instance()
    code = asked_region(region)
    day = asked_day(as_of)
    acting = system_reader(code, name="命令行")
    if export_to:
        _check_target(Path(export_to))
    try:
        with progress_bar("比对") as report:
            summary = find_entitled(
                region=code, as_of=day, acting=acting, report=report, engine=engine
            )
    except NoSpark as problem:
        raise CannotDo(str(problem)) from problem
    say(
        f"第 {summary.run_id} 次比对，按 {day} 计：{summary.people:,} 人，"
        f"符合 {summary.yes:,} 人次，可能符合 {summary.possible:,} 人次；"
        f"新增 {summary.new:,}，不再符合 {summary.lost:,}，有变化 {summary.changed:,}；"
        f"用时 {summary.seconds:.1f} 秒。"
    )
    for held in summary.held:
        say(f"注意：{held}")
    if export_to:
        rows = export_findings(Path(export_to), run_id=summary.run_id, reader=acting)
        say(f"已写出 {rows:,} 行：{export_to}")


def export_file(*, file: str, what: str, region: str | None) -> None:
    """Export the newest findings or the leads."""
    require_instance()
    target = Path(file)
    _check_target(target)
    reader = system_reader(asked_region(region), name="命令行")
    if what == "leads":
        rows = export_leads(target, reader=reader)
    else:
        rows = export_findings(target, run_id=None, reader=reader)
    say(f"已写出 {rows:,} 行：{file}")


def asked_region(text: str | None) -> str:
    """Return the 12-digit region typed; that of the published list when nothing was typed.

    Raises:
        CannotDo: When it is no division, or no list was published.
    """
    if text:
        return asked_division(text)
    version = versions().first()
    if version is None:
        raise CannotDo("还没有发布政策清单：先运行 yanglao init --pack hetian。")
    return version.region_code


def _check_target(path: Path) -> None:
    if not path.parent.is_dir():
        raise CannotDo(f"文件夹 {path.parent} 不存在：请先建好，或换一个地方。")
