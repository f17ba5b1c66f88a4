"""A folder on DuckDB: one machine, one province after another, so that memory stays bounded."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from yanglao.engines.policy.compile import Compiled
from yanglao.engines.policy.sql import named, quoted
from yanglao.engines.policy.tables import ANSWER_COLUMNS, outcome_table
from yanglao.flows.ask_alike_once import ask_alike_once
from yanglao.foundation.partitions import LEVELS, PART, county_folder

_LEVEL_TYPES = ", ".join(f"'{name}': VARCHAR" for name in LEVELS)


class OnDuckDB:
    """Reads, asks, compares and writes with DuckDB."""

    name = "duckdb"

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        """Work on an empty DuckDB, which its owner closes."""
        self.con = con
        con.execute("SET preserve_insertion_order = false")

    def read(
        self, view: str, files: Mapping[str, Path], base: Path, columns: Mapping[str, str]
    ) -> None:
        """Make a view over the files of counties.

        Args:
            view: Its name.
            files: By code of county; the view is empty without any.
            base: Folder that holds the provinces.
            columns: DuckDB types by name; of a file that lacks one it is NULL.
        """
        self.con.execute(f"CREATE OR REPLACE VIEW {view} AS {self._over(files.values(), columns)}")

    def _over(self, files: Iterable[Path], columns: Mapping[str, str]) -> str:
        wanted = dict(columns) | dict.fromkeys(LEVELS, "VARCHAR")
        listed = ", ".join(quoted(str(path)) for path in files)
        if not listed:
            nothing = ", ".join(f"CAST(NULL AS {kind}) AS {named(n)}" for n, kind in wanted.items())
            return f"SELECT {nothing} WHERE FALSE"
        source = (
            f"read_parquet([{listed}], union_by_name = true, hive_partitioning = true, "
            f"hive_types = {{{_LEVEL_TYPES}}})"
        )
        there = {row[0] for row in self.con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()}
        chosen = ", ".join(
            f"{named(name)}::{kind} AS {named(name)}"
            if name in there
            else f"CAST(NULL AS {kind}) AS {named(name)}"
            for name, kind in wanted.items()
        )
        return f"SELECT {chosen} FROM {source}"

    def keep(self, name: str, sql: str) -> None:
        """Work out a relation once, for several uses."""
        self.con.execute(f"CREATE OR REPLACE TABLE {name} AS {sql}")

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Return the rows of a small result."""
        return self.con.execute(sql).fetchall()

    def write_answers(
        self,
        compiled: Compiled,
        files: Mapping[str, Path],
        base: Path,
        columns: Mapping[str, str],
        folder: Path,
        *,
        with_no: bool,
    ) -> None:
        """Answer for everybody and write the answers, one file a county, below a folder."""
        fields = ", ".join(f"m.{name}" for name in ANSWER_COLUMNS)
        for _province, group in groupby(files, key=lambda county: county[:2]):
            counties = list(group)
            self.read("facts", {county: files[county] for county in counties}, base, columns)
            found = ask_alike_once(self.con, compiled, with_no=with_no)
            self.con.register("meaning", outcome_table(found))
            self.con.execute(
                "CREATE TABLE of_kind AS SELECT person_id AS stands_for, no "
                "FROM result JOIN meaning USING (outcome_key)"
            )
            self.con.execute(
                "CREATE TABLE placed AS SELECT person_id, stands_for, county "
                "FROM facts JOIN alike USING (person_id) ORDER BY county"
            )
            for county in counties:
                self._copy(
                    f"SELECT person_id, {fields} FROM (SELECT person_id, stands_for FROM placed "
                    f"WHERE county = {quoted(county)}) JOIN of_kind USING (stands_for) "
                    "JOIN meaning AS m USING (no) ORDER BY person_id, m.item",
                    folder / county_folder(county),
                )
            self.con.execute(
                "DROP TABLE result; DROP TABLE alike; DROP TABLE of_kind; DROP TABLE placed"
            )
            self.con.unregister("meaning")

    def write(self, sql: str, columns: Sequence[str], folder: Path) -> None:
        """Write the rows of a query, one file a county, below a folder."""
        self.keep("written", sql)
        own = ", ".join(columns)
        for (county,) in self.rows("SELECT DISTINCT county FROM written ORDER BY county"):
            self._copy(
                f"SELECT {own} FROM written WHERE county = {quoted(county)} "
                "ORDER BY person_id, item",
                folder / county_folder(county),
            )
        self.con.execute("DROP TABLE written")

    def _copy(self, sql: str, folder: Path) -> None:
        """Write a file; none for no rows."""
        folder.mkdir(parents=True)
        target = folder / PART
        written = self.con.execute(
            f"COPY ({sql}) TO {quoted(str(target))} (FORMAT parquet, COMPRESSION zstd)"
        ).fetchone()
        if not written or not written[0]:
            target.unlink()
