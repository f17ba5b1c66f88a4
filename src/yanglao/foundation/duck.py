"""DuckDB as this installation opens it: how much memory it may take, and where it may spill.

What does not fit into memory is nowhere written unless an administrator names a folder of an
encrypted disk (``YANGLAO_SPILL``): DuckDB 2 can seal spill files only with an extension that a
machine without network does not have. A session that reaches its limit ends with
:class:`NotEnoughMemory`, which says what was being done, how much it might take, and what to do.
"""

import logging
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import duckdb

from yanglao.kernel.no_spill import in_memory

logger = logging.getLogger(__name__)

#: How much a session may take, such as ``8GB``; and the folder for what does not fit.
ENV_MEMORY, ENV_SPILL = "YANGLAO_MEMORY", "YANGLAO_SPILL"
_MB = 1_000_000
#: Without a setting a session may take this part of the machine, and never less than so many MB.
_SHARE, _LEAST_MB = 0.5, 1_000
#: What DuckDB says; the words are all that is left of it in an error of Arrow.
_SAID = "Out of Memory Error"
_SIZE = re.compile(r"(\d+(?:\.\d+)?)\s*([kmgt])i?b?", re.IGNORECASE)
_FACTORS = {"k": 1_000, "m": _MB, "g": 1_000 * _MB, "t": 1_000_000 * _MB}
#: Where a container's limit stands: version 2, version 1.
_LIMITS = (
    Path("/sys/fs/cgroup/memory.max"),
    Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"),
)

Disk = Literal["encrypted", "memory", "unknown"]


class WrongSetting(ValueError):
    """A setting that cannot be followed; the message says how to write it."""


class NotEnoughMemory(Exception):
    """Work that does not fit into the memory it may take; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Spill:
    """The folder for what does not fit, as set.

    Attributes:
        folder: Where; ``None`` when nothing may be written.
        problem: Why the folder that was named is not used; empty when it is, or none was named.
    """

    folder: Path | None
    problem: str = ""


def bytes_of(words: str) -> int:
    """Return a size written ``2500MB``, ``4g`` in bytes.

    Raises:
        WrongSetting: For anything else.
    """
    found = _SIZE.fullmatch(words.strip())
    if found is None or float(found[1]) == 0:
        raise WrongSetting(f"内存“{words}”请写成 4GB 或 2500MB 的样子。")
    return int(float(found[1]) * _FACTORS[found[2].lower()])


def machine_memory() -> int:
    """Return the bytes that this machine has, or the container in it if that is less."""
    there = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    for path in _LIMITS:
        with suppress(OSError, ValueError):
            there = min(there, int(path.read_text()))
    return there


def session_memory() -> str:
    """Return how much a session may take: as set, else half of the machine.

    Raises:
        WrongSetting: When the setting cannot be read.
    """
    asked = os.environ.get(ENV_MEMORY, "").strip()
    if asked:
        return f"{max(1, bytes_of(asked) // _MB)}MB"
    return f"{max(_LEAST_MB, int(machine_memory() * _SHARE) // _MB)}MB"


def spill() -> Spill:
    """Return where a session may write what does not fit into memory."""
    named = os.environ.get(ENV_SPILL, "").strip()
    if not named:
        return Spill(None)
    folder = Path(named)
    try:
        told = folder.lstat()
    except OSError:
        return Spill(None, f"没有文件夹 {named}，或者不能看它。")
    if not folder.is_absolute() or not stat.S_ISDIR(told.st_mode):
        return Spill(None, f"{named} 要写成一个文件夹的完整路径，不能是链接。")
    if told.st_uid != os.getuid():
        return Spill(None, f"{named} 不属于运行本程序的用户。")
    if stat.S_IMODE(told.st_mode) != stat.S_IRWXU:
        return Spill(None, f"{named} 的权限不是 700，别人也能看。")
    return Spill(folder)


def disk_of(folder: Path) -> Disk:
    """Tell on what a folder lies; ``unknown`` also where a disk seals by itself."""
    device = folder.stat().st_dev
    here = f"{os.major(device)}:{os.minor(device)}"
    with suppress(OSError, IndexError):
        for line in Path("/proc/self/mountinfo").read_text().splitlines():
            before, _mark, after = line.partition(" - ")
            if before.split()[2] == here and after.split()[0] in ("tmpfs", "ramfs"):
                swaps = Path("/proc/swaps").read_text().splitlines()[1:]
                return "unknown" if swaps else "memory"
    return "encrypted" if _is_crypt(Path(f"/sys/dev/block/{here}")) else "unknown"


def _is_crypt(device: Path) -> bool:
    """Tell whether a block device is one of dm-crypt, or lies wholly on such."""
    with suppress(OSError):
        if (device / "dm" / "uuid").read_text().startswith("CRYPT-"):
            return True
    try:
        below = sorted((device / "slaves").iterdir())
    except OSError:
        return False
    return bool(below) and all(_is_crypt(one) for one in below)


@contextmanager
def open_duckdb(
    *, step: str = "", memory: str = "", threads: int | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """Open a DuckDB in memory for the length of a ``with`` block.

    Args:
        step: What is being done, for the error. memory, threads: As with :func:`connect`.

    Raises:
        NotEnoughMemory: When what is done in the block does not fit.
    """
    opened = connect(memory=memory, threads=threads)
    try:
        with within_memory(step, opened.memory):
            yield opened.con
    finally:
        opened.close()


@dataclass(frozen=True, slots=True)
class Opened:
    """A DuckDB in memory, how much it may take, and its own folder for what does not fit."""

    con: duckdb.DuckDBPyConnection
    memory: str
    folder: Path | None

    def close(self) -> None:
        """Give the memory back; what was spilled goes."""
        self.con.close()
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)


def connect(*, memory: str = "", threads: int | None = None, spilling: bool = True) -> Opened:
    """Open a DuckDB in memory that its owner closes.

    Args:
        memory: How much it may take; as the machine allows when not given.
        threads: How many; as many as there are cores when not given.
        spilling: Whether it may use the spill folder, if there is one.

    Raises:
        WrongSetting: When ``memory`` or the setting cannot be read.
    """
    most = f"{bytes_of(memory) // _MB}MB" if memory else session_memory()
    more: dict[str, str | int] = {"memory_limit": most, **({"threads": threads} if threads else {})}
    folder = _own_folder() if spilling else None
    settings = in_memory(**more)
    if folder is not None:
        settings["temp_directory"] = str(folder)
        del settings["max_temp_directory_size"]  # nine tenths of what is free
    return Opened(duckdb.connect(":memory:", config=settings), most, folder)


def _own_folder() -> Path | None:
    """Make a folder of this process below the spill folder; what killed ones left there goes."""
    there = spill()
    if there.problem:
        logger.warning("%s is not used: %s", ENV_SPILL, there.problem)
    if there.folder is None:
        return None
    for left in there.folder.glob("duck-*-*"):
        number = left.name.split("-")[1]
        if number.isdigit() and not _lives(int(number)):
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"duck-{os.getpid()}-", dir=there.folder))


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        pass
    return True


@contextmanager
def within_memory(step: str, memory: str) -> Iterator[None]:
    """Turn DuckDB's "out of memory" into words that say what to do.

    Args:
        step: What is being done. memory: The limit.

    Raises:
        NotEnoughMemory: When what is done in the block does not fit.
    """
    try:
        yield
    except NotEnoughMemory:
        raise
    except Exception as problem:
        if not _is_out_of_memory(problem):
            raise
        raise NotEnoughMemory(_advice(step, memory)) from problem


def _is_out_of_memory(problem: BaseException | None) -> bool:
    """Look through what caused what: Arrow and Splink wrap DuckDB's errors in their own."""
    while problem is not None:
        if isinstance(problem, duckdb.OutOfMemoryException) or _SAID in str(problem):
            return True
        problem = problem.__cause__ or problem.__context__
    return False


def _advice(step: str, memory: str) -> str:
    there = spill()
    what = f"“{step}”" if step else "这项计算"
    where = (
        f"{ENV_SPILL} 的文件夹 {there.folder} 也放不下了，请换一个大的盘"
        if there.folder
        else f"{there.problem or '这里没有可以写临时文件的地方。'}"
        f"也可以设 {ENV_SPILL}，指明加密盘上的一个文件夹（权限 700）"
    )
    return (
        f"{what}没有做完：放不进允许用的内存（{memory}）。请设 {ENV_MEMORY}（例如 8GB，"
        f"这台机器共有 {machine_memory() / 1_000 / _MB:.0f}GB）并重启服务，再做一次；{where}。"
    )
