"""``yanglao import``: lists in, unattended."""

import csv
from collections.abc import Sequence
from pathlib import Path

from yanglao.domain.catalogue.public import versions
from yanglao.flows.check_conflicts import ask_to_look
from yanglao.flows.note_export import noted_export
from yanglao.flows.take_in_list import TakenList, returned_sheet, take_in
from yanglao.foundation.scoping import Reader, system_reader
from yanglao.ops.asked import asked_division, asked_month
from yanglao.ops.instance import require_instance
from yanglao.ops.says import CannotDo, progress_bar, say


def take_in_files(
    *,
    files: tuple[str, ...],
    full: bool,
    division: str | None,
    month: str | None,
    sender: str,
    kind: str | None,
    mapping: tuple[str, ...],
    report: str | None,
) -> bool:
    """Take the files in as one batch; return whether every file could be read.

    Raises:
        CannotDo: For a wrong option, with what to do.
    """
    require_instance()
    version = versions().first()
    code = asked_division(division) if division else (version.region_code if version else "")
    first_day = asked_month(month)
    if full and first_day is None:
        raise CannotDo("完整名单要写明月份：--month 2026-10。")
    acting = system_reader(code, name="命令行")
    pairs = dict(_pair(text) for text in mapping)
    content = [(Path(name).name, Path(name).read_bytes()) for name in files]
    with progress_bar("接收名单") as bar:
        taken = take_in(
            content,
            acting=acting,
            division=code,
            month=first_day,
            full=full,
            sender=sender,
            kind=kind,
            mapping=pairs or None,
            report=bar,
            links=bool(report),
        )
    ask_to_look(code)
    for entry in taken.lists:
        say(_line(entry))
    say(
        f"共收到 {sum(e.received for e in taken.lists):,} 行 = "
        f"接收 {sum(e.accepted for e in taken.lists):,} + "
        f"退回 {sum(e.returned for e in taken.lists):,}。"
    )
    if taken.waiting:
        say(f"其中 {taken.waiting:,} 行分不清是哪一位，已收下，等工作人员在“对人核实”里确认。")
    if report:
        _write_returned(Path(report), taken.lists, acting)
        _write_links(Path(report), taken.lists, acting)
    return not any(entry.refusal for entry in taken.lists)


def _line(entry: TakenList) -> str:
    if entry.refusal:
        return f"{entry.name}：整份退回，{entry.refusal}"
    if entry.state == "repeated":
        return f"{entry.name}：这份名单已经接收过，什么都没有变。"
    return (
        f"{entry.name}（{entry.kind_label}）：收到 {entry.received:,} 行，"
        f"接收 {entry.accepted:,}，退回 {entry.returned:,}"
    )


def _write_returned(folder: Path, lists: Sequence[TakenList], acting: Reader) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for entry in lists:
        if not entry.returned:
            continue
        made = returned_sheet(acting, entry.list_id)
        target = folder / f"{Path(entry.name).stem}-{entry.kind}-退回{entry.returned}行.xlsx"
        with noted_export(acting, "list_exported", target, subject="list") as leaving:
            leaving.rows, leaving.subject_id = entry.returned, entry.list_id
            target.write_bytes(made.getvalue())
        say(f"退回的行：{target}")


def _write_links(folder: Path, lists: Sequence[TakenList], acting: Reader) -> None:
    """Write what became of every row: whose it is, and how likely."""
    target = folder / "links.csv"
    with (
        noted_export(acting, "list_exported", target, subject="list") as leaving,
        target.open("w", encoding="utf-8", newline="") as file,
    ):
        leaving.rows = sum(len(entry.links) for entry in lists)
        sheet = csv.writer(file)
        sheet.writerow(["sheet", "row", "outcome", "id_number", "probability", "candidates"])
        for entry in lists:
            for line in entry.links:
                told = "" if line.probability is None else f"{line.probability:.6f}".rstrip("0")
                sheet.writerow(
                    [
                        line.sheet,
                        line.row_no,
                        line.outcome,
                        line.id_number,
                        told.rstrip("."),
                        ";".join(line.candidates),
                    ]
                )
    say(f"每一行对应到谁：{target}")


def _pair(text: str) -> tuple[str, str]:
    left, mark, right = text.partition("=")
    if not mark or not left.strip():
        raise CannotDo(f"--map 要写成 外来列名=标准列名，现在是“{text}”。")
    return left.strip(), right.strip()
