"""People's facts as Parquet by division: what a nation's run starts from.

A file a county, a row a person: a key, the division, the birth date and the facts of a day. No
name, no ID number, no phone, no address. The key is the number of the file in this installation
behind the code of the installation, so that folders of many installations can lie in one.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from django.db import transaction

from yanglao.domain.people.public import load_facts
from yanglao.engines.policy.people import facts_columns
from yanglao.engines.policy.sql import named, quoted
from yanglao.flows.open_pack import open_pack
from yanglao.foundation import audit
from yanglao.foundation.analytics import AnalyticSession, analytic_session
from yanglao.foundation.partitions import (
    PART,
    Published,
    county_folder,
    day_folder,
    level_columns,
    publish,
    staging,
)
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.scoping import Reader
from yanglao.kernel.division import prefix

#: A key is the first six digits of the installation's division times this, plus the file's number.
KEY_FACTOR = 10**12
_COUNTY_DIGITS = 6


@dataclass(frozen=True, slots=True)
class FactsExport:
    """What was written: people, and what became of the files of counties."""

    people: int
    files: Published


def export_facts(
    *, region: str, as_of: date, acting: Reader, to: Path, report: Progress = silent
) -> FactsExport:
    """Write the facts of a region as of a day below ``to``; safe to run again.

    Args:
        region: 12-digit division; only its counties' files are replaced.
        as_of: The day.
        acting: Who asks for it; must cover the region.
        to: Folder of facts and results.
        report: Called with steps done, all steps, and what is going on.

    Raises:
        PermissionError: When the region lies outside the acting area.
        ValueError: For a part of a county: a file holds a whole one.
        yanglao.flows.open_pack.NoPackInForce: When no pack is in force on the day.
    """
    if not acting.covers(region):
        raise PermissionError("只能导出自己辖区内的老人。")
    area = prefix(region)
    if len(area) > _COUNTY_DIGITS:
        raise ValueError("按县（市、区）写文件：地区请写 2、4 或 6 位，例如 6532。")
    opened = open_pack(as_of, region)
    columns = facts_columns(opened.pack.vocabulary)
    source = int(opened.version.region_code[:_COUNTY_DIGITS]) * KEY_FACTOR
    with analytic_session(step="导出每位老人的情况") as session, staging(to) as draft:
        report(0, 3, "读取每位老人的情况")
        people = load_facts(
            session,
            as_of=as_of,
            region=region,
            assessment_valid_months=opened.assessment_months,
        )
        report(1, 3, "按县写成文件")
        _write(session, columns, source, draft)
        report(2, 3, "放到位")
        with transaction.atomic():
            audit.record(
                acting,
                "facts_export",
                subject="facts",
                place_code=region,
                detail={"as_of": as_of.isoformat(), "people": people, "file": to.name},
            )
            files = publish(draft, day_folder(to, "facts", as_of), [area])
    report(3, 3, "完成")
    return FactsExport(people, files)


def _write(session: AnalyticSession, columns: dict[str, str], source: int, folder: Path) -> None:
    """Write one file a county, in order of people."""
    con = session.con
    con.execute(
        f"CREATE TABLE county_of AS SELECT person_id, "
        f"{level_columns('place_code')['county']} AS county FROM facts ORDER BY county"
    )
    there = {row[0] for row in con.execute("DESCRIBE facts").fetchall()}
    chosen = ", ".join(
        f"CAST({f'f.{named(name)}' if name in there else 'NULL'} AS {kind}) AS {named(name)}"
        for name, kind in columns.items()
        if name != "person_id"
    )
    for (county,) in session.rows("SELECT DISTINCT county FROM county_of ORDER BY county"):
        target = folder / county_folder(county)
        target.mkdir(parents=True)
        con.execute(
            f"COPY (SELECT f.person_id + {source} AS person_id, {chosen} FROM facts AS f "
            f"JOIN county_of AS c USING (person_id) WHERE c.county = {quoted(county)} "
            f"ORDER BY person_id) TO {quoted(str(target / PART))} "
            "(FORMAT parquet, COMPRESSION zstd)"
        )
