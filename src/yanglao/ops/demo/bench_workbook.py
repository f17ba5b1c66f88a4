"""One big household list to time the import with."""

from __future__ import annotations

import gc
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from yanglao.ops.demo.books import INVENTED, Book, Page, PageLines
from yanglao.ops.demo.cell_forms import Habit
from yanglao.ops.demo.list_columns import COLUMNS
from yanglao.ops.demo.list_rows import Row, household
from yanglao.ops.demo.population import make_population, settlements
from yanglao.ops.demo.slips import ACCEPTED, EITHER, RETURNED
from yanglao.ops.demo.stream_workbook import HEADER, TITLE, StreamWorkbook

_LOOKS = {"title": TITLE, "header": HEADER}


@dataclass(frozen=True, slots=True)
class BenchBook:
    """What the file holds."""

    path: Path
    rows: int
    columns: int
    accepted: int
    returned: int
    either: int  # a wrong number: returned, waiting, or linked to the person meant


def bench_workbook(path: Path, rows: int = 100_000, seed: int = 2026) -> BenchBook:
    """Write a household list of the prefecture on one sheet; about one row in a hundred is bad."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        population = make_population(max(50, rows), seed)
    finally:
        if collecting:
            gc.enable()
    places = settlements(seed)
    listed: list[Row] = []
    for person in population.people:
        if person.in_register and len(listed) < rows:
            listed += household(person, places[person.county], person.hukou_code)
    header = [column.header for column in COLUMNS["household"]]
    title = f"和田地区2026年10月户籍老年人口花名册{INVENTED}"
    page = Page("户籍", title, header, listed)
    book = Book("household", path.name, "公安", "653200000000", True, Habit(), [page])
    used = {person.id_number[:17] for person in population.people}
    lines = PageLines(book, Random(f"{seed}/bench"), used)  # noqa: S311  reproducible, not secret
    counts: Counter[str] = Counter()
    with StreamWorkbook(path, path.name) as workbook:
        sheet = workbook.sheet(page.name, len(header))
        for at, line in enumerate(lines.lines(page)):
            if line.verdict:
                if sum(counts.values()) == rows:
                    continue
                counts[line.verdict.expected] += 1
            sheet.row(at, line.cells, _LOOKS.get(line.role, 0))
        sheet.close()
    return BenchBook(path, rows, len(header), counts[ACCEPTED], counts[RETURNED], counts[EITHER])
