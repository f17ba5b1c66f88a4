"""``yanglao assess``: score a file of assessment sheets."""

import io
import os
import sys
from datetime import date
from pathlib import Path
from typing import TextIO

import click

from yanglao.flows.score_sheets import CannotScore, Scored, score_file
from yanglao.ops.asked import asked_day
from yanglao.ops.says import CannotDo

_MOST_NAMED = 5


def score(*, file: str, standard: str, export_to: str | None, as_of: str | None) -> None:
    """Score a CSV file to the standard output or to another file; the error channel gets counts.

    The other file is there whole or not at all.

    Raises:
        CannotDo: When the file cannot be read as sheets, or the target cannot be written.
    """
    day = asked_day(as_of)
    try:
        if export_to is None:
            done = _to_output(Path(file), standard, day)
        else:
            done = _to_file(Path(file), Path(export_to), standard, day)
    except CannotScore as problem:
        raise CannotDo(str(problem)) from problem
    for line in _told(done):
        click.echo(line, err=True)
    if export_to is not None:
        click.echo(f"已写出 {done.sheets:,} 行：{export_to}", err=True)


def _to_output(source: Path, standard: str, day: date) -> Scored:
    """Write to the standard output, UTF-8 without mark."""
    target = io.TextIOWrapper(sys.stdout.buffer, "utf-8", newline="")
    try:
        done = score_file(source, standard=standard, as_of=day, open_target=lambda: target)
        target.flush()
    except BrokenPipeError:
        # Whoever read (head, less) has enough: end quietly, also when Python closes the channel.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    finally:
        target.detach()
    return done


def _to_file(source: Path, to: Path, standard: str, day: date) -> Scored:
    """Write beside the target and put it in its place at the end; Excel needs the mark."""
    if not to.parent.is_dir():
        raise CannotDo(f"文件夹 {to.parent} 不存在：请先建好，或换一个地方。")
    if to.exists() and to.samefile(source):
        raise CannotDo("结果不能写到评估表自己身上：请换一个文件名。")
    draft = to.with_name(f".{to.name}.{os.getpid()}.part")
    opened: list[TextIO] = []

    def open_draft() -> TextIO:
        opened.append(draft.open("w", encoding="utf-8-sig", newline=""))
        return opened[0]

    try:
        done = score_file(source, standard=standard, as_of=day, open_target=open_draft)
        opened[0].close()
        draft.replace(to)
    except OSError as error:
        raise CannotDo(
            f"写不到 {to}：{error.strerror}。请检查磁盘空间和权限，再来一次。"
        ) from error
    finally:
        for stream in opened:
            stream.close()
        draft.unlink(missing_ok=True)
    return done


def _told(done: Scored) -> list[str]:
    """What a person should know beside the rows."""
    lines = [
        f"{done.scale}：{done.sheets:,} 份，定级 {done.with_level:,} 份，"
        f"缺答案或答案不可能 {done.sheets - done.with_level:,} 份。"
    ]
    if done.faulty:
        shown = "、".join(f"{code} {count:,} 份" for code, count in done.faulty[:_MOST_NAMED])
        lines.append(f"没有定级的，问题在：{shown}{'等' if done.faulty[_MOST_NAMED:] else ''}。")
    if done.missing:
        lines.append(f"文件里没有这些列，所以都不能定级：{'、'.join(done.missing)}。")
    if done.twice:
        lines.append(f"这些列有两列，所以都不能定级：{'、'.join(done.twice)}。")
    if done.unknown:
        lines.append(f"不是评估项目的列没有用：{'、'.join(done.unknown)}。")
    if done.blank_lines:
        lines.append(f"空行 {done.blank_lines:,} 行，没有写出。")
    lines += [f"未核实 {what}" for what in done.unverified]
    return lines
