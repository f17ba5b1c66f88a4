"""What the sender says about a batch, checked; and its files, kept and read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from yanglao.domain.exchange.public import keep_file, mappings
from yanglao.domain.places.public import code_checker, known_codes
from yanglao.engines.intake.kinds import KINDS
from yanglao.flows.take_in_list.reading import ReadFile, read_file
from yanglao.flows.take_in_list.types import CannotTakeIn
from yanglao.foundation.progress import Progress
from yanglao.foundation.scoping import Reader
from yanglao.kernel.division import prefix

#: Of a bar from 0 to 100, how far reading the files brings it.
READ_SHARE = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """What the sender says about the batch."""

    acting: Reader
    division: str
    month: date | None
    full: bool
    sender: str
    mapping: Mapping[str, str]


@dataclass(slots=True)
class KeptFile:
    """A file of the batch: as read, and where it is kept."""

    read: ReadFile
    file_hash: str


def check_asked(
    acting: Reader,
    division: str,
    month: date | None,
    full: bool,
    sender: str,
    mapping: Mapping[str, str] | None,
    kind: str | None,
    files: Sequence[tuple[str, bytes]],
) -> Asked:
    if not acting.can("take_in_lists"):
        raise PermissionError("没有接收名单的权限。")
    try:
        code = prefix(division).ljust(12, "0")
    except ValueError as problem:
        raise CannotTakeIn(f"看不懂区划“{division}”：请写 2、4、6、9 或 12 位数字。") from problem
    if not acting.covers(code):
        raise PermissionError("只能接收自己辖区的名单。")
    if code not in known_codes():
        raise CannotTakeIn(
            f"没有区划 {division} 的数据：请核对代码，或先用 yanglao init 载入区划。"
        )
    if full and month is None:
        raise CannotTakeIn("完整名单要写明月份，例如 2026-10。")
    if kind is not None and kind not in KINDS:
        raise CannotTakeIn(f"没有“{kind}”这种名单，可用的有：{'、'.join(KINDS)}。")
    if not files:
        raise CannotTakeIn("没有文件。")
    names = {column.name for one in KINDS.values() for column in one.all_columns} | {""}
    wrong = [name for name in (mapping or {}).values() if name not in names]
    if wrong:
        raise CannotTakeIn(f"没有叫“{'”“'.join(wrong)}”的标准列，请核对列名对应。")
    first = month.replace(day=1) if month else None
    return Asked(acting, code, first, full, sender, mapping or {})


def read_files(
    files: Sequence[tuple[str, bytes]], asked: Asked, kind: str | None, report: Progress
) -> list[KeptFile]:
    """Keep and read every file; nothing is written to the database."""
    places = code_checker()
    known = {"": dict(asked.mapping)} | (mappings(asked.sender) if asked.sender else {})
    whole = sum(len(data) for _, data in files) or 1
    done, read = 0, []
    for name, data in files:
        report(READ_SHARE * done // whole, 100, f"读取 {name}")
        file_hash = keep_file(data, acting=asked.acting)
        found = read_file(
            name,
            data,
            reader=asked.acting,
            places=places,
            mappings=known,
            kind=kind,
            full=asked.full,
        )
        read.append(KeptFile(found, file_hash))
        done += len(data)
    return read
