"""Loading the division trees and 兵团's own tree from the tables that come with the program."""

import csv
from collections.abc import Iterator, Mapping
from pathlib import Path

from django.db import transaction

from yanglao.domain.places.models import CorpsUnit, Division
from yanglao.domain.places.queries import forget_codes
from yanglao.domain.places.types import PACK_REGIONS, PLACEHOLDERS, CorpsLevel, Level
from yanglao.foundation import audit
from yanglao.foundation.scoping import Reader, system_reader

DATA = Path(__file__).parent / "data"

#: Further tables of a pack beside ``<pack>.csv``: regiments that stand under host counties.
_FURTHER_TABLES = {"bingtuan": ("bingtuan_hosts.csv",)}
_CORPS_PACK = "bingtuan"
#: 北京, 天津, 上海, 重庆: their province is a city, so a full name begins there.
_CITY_PROVINCES = frozenset({"11", "12", "31", "50"})
_CHUNK = 500


@transaction.atomic
def load_divisions(pack: str, *, acting: Reader | None = None) -> int:
    """Bring the divisions of a pack into the database; return how many stand there now.

    May be repeated: a place that is there already gets the name, parent and point of the table.
    Nothing is ever removed, because people and lists refer to places by code.

    Args:
        pack: One of :data:`PACK_REGIONS` (``"hetian"``).
        acting: Who asked; the program itself when left out.

    Raises:
        ValueError: For a pack without divisions; the message names those that have some.
    """
    if pack not in PACK_REGIONS:
        raise ValueError(f"没有“{pack}”的区划数据，可用的有：{'、'.join(PACK_REGIONS)}。")
    points = _points()
    rows: dict[str, dict[str, str]] = {}
    for name in (f"{pack}.csv", *_FURTHER_TABLES.get(pack, ())):
        rows.update((row["code"], row) for row in _table(DATA / name))
    full_names = _full_names(rows)
    Division.objects.bulk_create(
        [
            Division(
                code=code,
                name=row["name"],
                level=Level(row["level"]).value,
                parent_id=row["parent"] or None,
                full_name=full_names[code],
                longitude=points.get(code, (None, None))[0],
                latitude=points.get(code, (None, None))[1],
            )
            for code, row in rows.items()
        ],
        batch_size=_CHUNK,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "level", "parent", "full_name", "longitude", "latitude"],
    )
    if pack == _CORPS_PACK:
        load_corps_tree(acting=acting)
    forget_codes()
    audit.record(
        acting or system_reader(),
        "divisions_loaded",
        subject="pack",
        subject_id=pack,
        place_code=PACK_REGIONS[pack],
        detail={"divisions": len(rows)},
    )
    return len(rows)


@transaction.atomic
def load_corps_tree(path: Path | None = None, *, acting: Reader | None = None) -> int:
    """Bring 兵团's own tree (师, 团, 连) into the database; return how many units it has.

    Args:
        path: A corrected table in place of the one that comes with the program: UTF-8 CSV with
            the columns ``code,name,level,parent,area_code``, parents before children.
        acting: Who asked; the program itself when left out.

    Raises:
        ValueError: With the line and what is wrong, when the table is no tree.
    """
    units = _read_corps(path or DATA / "bingtuan_tree.csv")
    CorpsUnit.objects.bulk_create(
        units,
        batch_size=_CHUNK,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["name", "level", "parent", "area_code"],
    )
    audit.record(
        acting or system_reader(),
        "corps_tree_loaded",
        subject="pack",
        subject_id=_CORPS_PACK,
        place_code=PACK_REGIONS[_CORPS_PACK],
        detail={"units": len(units)},
    )
    return len(units)


def _read_corps(path: Path) -> list[CorpsUnit]:
    units: dict[str, CorpsUnit] = {}
    for line, row in enumerate(_table(path), start=2):
        code, parent, area = row["code"], row["parent"], row["area_code"]
        wrong = ""
        if not code or code in units:
            wrong = f"代码“{code}”为空或重复"
        elif parent and parent not in units:
            wrong = f"上级“{parent}”应排在下级之前"
        elif row["level"] not in {level.value for level in CorpsLevel}:
            wrong = f"层级“{row['level']}”应为 corps、division、regiment 或 company"
        elif area and not (len(area) == 12 and area.isascii() and area.isdigit()):
            wrong = f"区划代码“{area}”应为 12 位数字，或留空"
        if wrong:
            raise ValueError(f"{path.name} 第 {line} 行：{wrong}。")
        units[code] = CorpsUnit(
            code=code,
            name=row["name"],
            level=row["level"],
            parent_id=parent or None,
            area_code=area,
        )
    return list(units.values())


def _table(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file)


def _points() -> dict[str, tuple[float, float]]:
    return {
        row["code"]: (float(row["lng"]), float(row["lat"])) for row in _table(DATA / "points.csv")
    }


def _full_names(rows: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """Give each place its name with those above it, from the prefecture down."""
    names: dict[str, str] = {}

    def full_name(code: str) -> str:
        if code in names:
            return names[code]
        row = rows[code]
        above = row["parent"]
        parts = [] if row["name"] in PLACEHOLDERS else [row["name"]]
        if above and _is_named(rows[above]["level"], code):
            parts = [full_name(above), *parts]
        names[code] = " ".join(part for part in parts if part)
        return names[code]

    # A place that is only a gap in the code still needs a name of its own on screens.
    return {code: full_name(code) or rows[code]["name"] for code in rows}


def _is_named(level: str, code: str) -> bool:
    return level != Level.PROVINCE or code[:2] in _CITY_PROVINCES
