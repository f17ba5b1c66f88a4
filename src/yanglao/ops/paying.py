"""``yanglao payments``."""

from yanglao.domain.settlement.public import PaymentRun, Refused, month_words, runs
from yanglao.flows.explain_payments import benefit_names, named
from yanglao.flows.recompute_month import Gap, recompute_month
from yanglao.foundation.scoping import system_reader
from yanglao.kernel.money import format_yuan
from yanglao.ops.instance import require_instance
from yanglao.ops.says import CannotDo, progress_bar, say, say_problem

_WHERE = {"line": "明细", "payment": "款项", "entry": "入账"}


def recompute(*, number: str) -> bool:
    """Compute a run again from its sealed input; say whether everything is the same.

    Raises:
        CannotDo: When there is no such run, or its input is not there.
    """
    require_instance()
    acting = system_reader(name="命令行")
    try:
        run = runs(acting).get(number=number)
        with progress_bar("重算") as report:
            done = recompute_month(run_id=run.pk, acting=acting, report=report)
    except PaymentRun.DoesNotExist as missing:
        raise CannotDo(f"没有批次 {number}：批次号在批次页的标题下面。") from missing
    except Refused as refusal:
        raise CannotDo(str(refusal)) from refusal
    if done.same:
        say(
            f"完全一致：{number} 重算 {done.lines:,} 行明细，与存下的明细、款项、入账相同；"
            f"{done.files} 个银行文件逐字节相同。"
        )
        return True
    if not done.same_input:
        say_problem("输入或发放规定与冻结时的印记不同。")
    for gap in done.named:
        say_problem(_words(gap, run))
    if done.gaps > len(done.named):
        say_problem(f"还有 {done.gaps - len(done.named):,} 处没有列出。")
    for file in done.broken_files:
        say_problem(f"银行文件 {file} 打不开或被改动过。")
    return False


def _words(gap: Gap, run: PaymentRun) -> str:
    """One difference in a line; people by the number of their file, never by name."""
    benefit = named([gap.benefit], benefit_names(run.region_code))
    month = f" {month_words(gap.month)}" if gap.month is not None else ""
    return (
        f"{_WHERE.get(gap.where, gap.where)} 档案 {gap.person_id} {benefit}{month}："
        f"重算 {_yuan(gap.computed)}，存下的 {_yuan(gap.stored)}"
    )


def _yuan(fen: int | None) -> str:
    return "没有" if fen is None else f"{format_yuan(fen)} 元"
