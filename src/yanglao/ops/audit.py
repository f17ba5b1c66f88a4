"""``yanglao audit``: going over the record of acts, anchoring it outside, taking it out."""

import csv
import json
import time
from pathlib import Path

from yanglao.flows.note_export import noted_export
from yanglao.foundation import audit
from yanglao.foundation.progress import Progress
from yanglao.foundation.scoping import system_reader
from yanglao.foundation.secrets import KeyProblem
from yanglao.foundation.tabular import in_place
from yanglao.ops.asked import asked_day
from yanglao.ops.instance import require_instance
from yanglao.ops.says import CannotDo, progress_bar, say

_COLUMNS = (
    "id",
    "at",
    "user_id",
    "user_name",
    "kind",
    "action",
    "result",
    "subject",
    "subject_id",
    "place_code",
    "reason",
    "address",
    "device",
    "detail",
    "mark",
    "mac",
)


def verify_record(*, anchors: str | None) -> bool:
    """Go over the whole record and say what is wrong; return whether nothing is.

    Args:
        anchors: Folder with anchor files; without it those in ``YANGLAO_HOME/anchors``.

    Raises:
        CannotDo: When the keys or an anchor file cannot be read.
    """
    require_instance()
    started = time.monotonic()
    folder = Path(anchors) if anchors else None
    try:
        found = audit.read_anchors(folder or audit.default_anchors())
        with progress_bar("核对操作记录") as report:
            verdict = _verify(found, report)
    except (KeyProblem, ValueError) as problem:
        raise CannotDo(str(problem)) from problem
    audit.keep_verdict(verdict)
    seconds = time.monotonic() - started
    say(f"核对了 {verdict.entries:,} 条操作记录，{verdict.anchors} 个锚点，用时 {seconds:.1f} 秒。")
    if verdict.late:
        say(f"其中 {verdict.late} 条是上次突然停机时来不及入链的，印记无误，已补上。")
    for found_problem in verdict.problems:
        say(f"  × {found_problem.words}")
    if verdict.good:
        say("没有改动、删除、插入、调换或截短。")
        if not folder:
            say("锚点文件请另存到别处（例如审计管理员手里），再用 --anchors 核对。")
    else:
        say(f"发现 {len(verdict.problems)} 处问题：请保留现场，通知审计管理员。")
    return verdict.good


def _verify(found: list[audit.Anchor], report: Progress) -> audit.Verdict:
    return audit.verify(found, report=report)


def anchor_record(*, to: str | None) -> None:
    """Write the anchor of today.

    Raises:
        CannotDo: When there is nothing to anchor or the folder cannot be written.
    """
    require_instance()
    try:
        path, anchor = audit.write_anchor(Path(to) if to else None)
    except (LookupError, OSError) as problem:
        raise CannotDo(f"写不了锚点：{problem}") from problem
    say(f"锚点 {path}：到第 {anchor.number:,} 条。请另存到别处。")


def export_record(*, file: str, since: str | None, until: str | None) -> None:
    """Write entries of some days as CSV with everything that a check needs.

    Raises:
        CannotDo: When the file cannot be written.
    """
    require_instance()
    only = audit.EntryFilter(
        since=asked_day(since) if since else None, until=asked_day(until) if until else None
    )
    acting = system_reader(name="命令行")
    count = 0
    try:
        with (
            noted_export(acting, "record_exported", Path(file), subject="export") as leaving,
            in_place(Path(file)) as draft,
            draft.open("w", encoding="utf-8", newline="") as target,
        ):
            writer = csv.writer(target)
            writer.writerow(_COLUMNS)
            for entry in audit.export_entries(acting, only):
                row = [getattr(entry, name) for name in _COLUMNS]
                row[1] = entry.at.isoformat()
                row[13] = json.dumps(entry.detail, ensure_ascii=False, sort_keys=True)
                writer.writerow([_safe(value) for value in row])
                count += 1
            leaving.rows = count
    except OSError as problem:
        raise CannotDo(f"写不了 {file}：{problem}") from problem
    say(f"写出 {count:,} 条操作记录到 {file}。")


def _safe(value: object) -> object:
    """Keep a spreadsheet from taking text for a formula."""
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value
