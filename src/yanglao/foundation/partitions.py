"""Folders of Parquet by division: a province is a folder, a county is a file.

``ROOT/facts/as_of=2026-11-01/province=65/city=6532/county=653222/part-0.parquet``, and the same
below ``results/as_of=…/answers`` and ``…/differences``. Files are written in a folder beside, and
each is moved into its place at once when all are there; one that says the same as before stays
untouched. So a run that was broken off, or comes again, leaves only whole counties.
"""

import filecmp
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

#: Levels of folders: name and digits of the code.
LEVELS = {"province": 2, "city": 4, "county": 6}
PART = "part-0.parquet"
_DAY = "as_of="


@dataclass(frozen=True, slots=True)
class Published:
    """What became of the files of counties: replaced or new, the same as before, gone."""

    replaced: int
    same: int
    removed: int


def day_folder(root: Path, kind: str, as_of: date) -> Path:
    """Return where the files of a kind (``facts``, ``results``) and a day are."""
    return root / kind / f"{_DAY}{as_of.isoformat()}"


def last_day_before(root: Path, kind: str, as_of: date) -> date | None:
    """Return the last day before this one of which there are files."""
    found = (path.name.removeprefix(_DAY) for path in (root / kind).glob(f"{_DAY}*"))
    days = [date.fromisoformat(name) for name in found]
    return max((day for day in days if day < as_of), default=None)


def level_columns(place: str) -> dict[str, str]:
    """Return SQL (DuckDB's) of the levels out of a division code; unknown is ``000000``."""
    whole = f"(coalesce({place}, '') || '000000')"
    return {name: f"substr({whole}, 1, {digits})" for name, digits in LEVELS.items()}


def county_folder(county: str) -> Path:
    """Return the folder of a county, relative to that of a day."""
    return Path(*(f"{name}={county[:digits]}" for name, digits in LEVELS.items()))


def county_files(base: Path, areas: Iterable[str] = ()) -> dict[str, Path]:
    """Return the files of counties by code, in order.

    Args:
        base: Folder that holds the provinces.
        areas: Only counties in these, of 2, 4 or 6 digits; all when empty.
    """
    wanted = tuple(areas)
    found = {
        path.parent.name.removeprefix("county="): path
        for path in base.glob(f"province=*/city=*/county=*/{PART}")
    }
    return {
        county: path
        for county, path in sorted(found.items())
        if not wanted or county.startswith(wanted)
    }


@contextmanager
def staging(root: Path) -> Iterator[Path]:
    """Give a folder on the same disk to write in, gone afterwards; what earlier runs left, too.

    The state holds people: nobody but this program's user may read it.
    """
    root.mkdir(parents=True, exist_ok=True, mode=0o700)
    folder = Path(tempfile.mkdtemp(prefix=".staging-", dir=root))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def publish(staged: Path, base: Path, areas: Iterable[str] = ()) -> Published:
    """Move the files of counties into their places; remove those of counties that have none now.

    Args:
        staged: Folder that holds the provinces as they were written.
        base: Where they belong.
        areas: What was written: counties outside are not touched. Everywhere when empty.
    """
    written = county_files(staged)
    before = county_files(base, areas)
    replaced = same = 0
    for county, draft in sorted(written.items()):
        target = base / county_folder(county) / PART
        if target.exists() and filecmp.cmp(draft, target, shallow=False):
            same += 1
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        draft.chmod(0o600)
        os.replace(draft, target)
        replaced += 1
    gone = set(before) - set(written)
    for county in gone:
        before[county].unlink()
        before[county].parent.rmdir()
    return Published(replaced, same, len(gone))


def name_parts(staged: Path) -> None:
    """Give the one file of each county the name that it has in its place.

    Raises:
        RuntimeError: When a county was written as more than one file.
    """
    for folder in sorted(staged.glob("province=*/city=*/county=*")):
        parts = sorted(folder.glob("*.parquet"))
        if len(parts) != 1:
            raise RuntimeError(f"{folder.name} was written as {len(parts)} files")
        os.replace(parts[0], folder / PART)


def write_whole(path: Path, text: str) -> None:
    """Write a small file at once: never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    draft.write_text(text, encoding="utf-8")
    os.replace(draft, path)
