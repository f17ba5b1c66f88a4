"""``yanglao facts``: facts out as Parquet, and a folder of them matched, on either engine."""

from pathlib import Path

from yanglao.flows.export_facts import export_facts
from yanglao.flows.match_folder import NoFacts, match_folder, open_engine, open_folder_pack
from yanglao.flows.open_pack import NoPackInForce
from yanglao.flows.open_spark import NoSpark
from yanglao.foundation.partitions import staging
from yanglao.foundation.scoping import system_reader
from yanglao.kernel.division import prefix
from yanglao.ops.asked import asked_day, asked_division
from yanglao.ops.instance import require_instance
from yanglao.ops.matching import asked_region
from yanglao.ops.says import CannotDo, progress_bar, say


def export(*, to: str, region: str | None, as_of: str | None) -> None:
    """Write the facts of a region below a folder and say what was written."""
    require_instance()
    code, day = asked_region(region), asked_day(as_of)
    acting = system_reader(code, name="命令行")
    try:
        with progress_bar("导出") as report:
            done = export_facts(region=code, as_of=day, acting=acting, to=Path(to), report=report)
    except (NoPackInForce, ValueError) as problem:
        raise CannotDo(str(problem)) from problem
    files = done.files
    say(
        f"按 {day} 计，{done.people:,} 人的情况写在 {to}/facts："
        f"{files.replaced} 个县的文件有更新，{files.same} 个不变，{files.removed} 个已没有人。"
    )


def match(
    *,
    folder: str,
    pack: str,
    as_of: str | None,
    engine: str,
    areas: tuple[str, ...],
    with_no: bool,
    memory: str,
) -> None:
    """Match the people of a folder and say what was found."""
    root, day = Path(folder), asked_day(as_of)
    wanted = [prefix(asked_division(area)) for area in areas]
    if any(len(area) > 6 for area in wanted):
        raise CannotDo("按县（市、区）写文件：地区请写 2、4 或 6 位，例如 65。")
    if not root.is_dir():
        raise CannotDo(f"文件夹 {root} 不存在：先运行 yanglao facts export --to {root}。")
    try:
        compiled = open_folder_pack(pack, day)
        with (
            staging(root) as spill,
            open_engine(engine, spill=spill, memory=memory) as opened,
            progress_bar("比对") as report,
        ):
            run = match_folder(
                opened, compiled, root=root, areas=wanted, with_no=with_no, report=report
            )
    except (LookupError, NoFacts, NoSpark) as problem:
        raise CannotDo(str(problem)) from problem
    compared = f"和 {run.compared_with} 的结果相比：" if run.compared_with else "没有以前的结果："
    say(
        f"按 {day} 计（{engine}）：{run.people:,} 人，符合 {run.yes:,} 人次，"
        f"可能符合 {run.possible:,} 人次；{compared}"
        f"新增 {run.new:,}，不再符合 {run.lost:,}，有变化 {run.changed:,}；"
        f"用时 {sum(run.seconds.values()):.1f} 秒。"
    )
    say(f"结果写在 {root}/results/as_of={day}：每个县一个文件，一个省一个文件夹。")
