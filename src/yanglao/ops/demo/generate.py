"""Write a month of invented lists into a folder, and beside them what is true."""

from __future__ import annotations

import csv
import gc
import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from random import Random

from yanglao.kernel.dates import first_of_month
from yanglao.ops.demo.books import Book, PageLines
from yanglao.ops.demo.file_writers import write_book
from yanglao.ops.demo.manifest import TRUTH_FOLDER, ListFile, Manifest, save
from yanglao.ops.demo.month_books import FOREIGN_ASSESSMENT, FOREIGN_HEALTH, MonthBooks
from yanglao.ops.demo.passing import month_after
from yanglao.ops.demo.person import Population
from yanglao.ops.demo.population import FIRST_MONTH, make_population, settlements, until
from yanglao.ops.demo.slips import ACCEPTED, EITHER, RETURNED, Verdict
from yanglao.ops.demo.truth import write_truth

#: Called with (done, total, what is being done now).
Progress = Callable[[int, int, str], None]
#: Foreign headers and ours, as a clerk would confirm them, for both files that need it.
MAPPING_FILE = "列名对应.json"
VERDICT_COLUMNS = (
    "file",
    "sheet",
    "sheet_name",
    "row",
    "expected",
    "reason",
    "column",
    "id_number",
)
READ_ME = """这里的表格是样例：人物、号码、电话均由程序虚构，不对应任何真人。
公民身份号码的前六位是从未启用过的代码，电话均为 199****0000。
每个文件都按真实名单的样子做了标题、合并单元格、空行、合计，并混入了少量错行。
列名对应.json 是两份外来表头与规范列名的对应。
truth 文件夹里是核对用的真实情况（truth.csv）和逐行预期（verdicts.csv），不要导入。
"""


def generate(
    folder: Path,
    *,
    people: int = 20000,
    seed: int = 2026,
    month: str = FIRST_MONTH,
    previous: Population | Manifest | str | None = None,
    as_of: date | None = None,
    progress: Progress | None = None,
) -> Manifest:
    """Write the lists of one month and their truth; return what was written.

    The same arguments write the same truth, byte for byte.

    Args:
        folder: Where the files go; made when missing, files of the same names overwritten.
        people: Living people of 60 and over in the first month; the lists name about 15 % more.
        seed: Of everything random.
        month: Of the lists, "2026-10".
        previous: What was before: the population, manifest or month ("2026-09") of a first list of
            the same people and seed. Its people get older by the months between. Without it, new
            people are made for this month.
        as_of: A day of the month, or the first day after it (the default): from it on nothing has
            happened, and the truth is told for it.
        progress: Called while at work.

    Raises:
        ValueError: when there are too few people to have anything, when `month` is not after
            `previous`, or when `as_of` lies outside the month.
    """
    if people < 50:
        raise ValueError(f"样例至少需要 50 位老年人，收到的是 {people}")
    first = first_of_month(month)
    if as_of is not None and not first <= as_of <= month_after(first):
        raise ValueError(f"{as_of} 不在 {month} 之内")
    report = progress or _silent
    report(0, 100, "生成虚构人物")
    collecting = gc.isenabled()
    gc.disable()  # a million small objects that all stay: looking for garbage costs a fifth
    try:
        population = _population(people, seed, month, previous, as_of)
        return _write_month(folder, population, report)
    finally:
        if collecting:
            gc.enable()


def _silent(done: int, total: int, what: str) -> None:
    """Report to nobody."""


def _population(
    people: int,
    seed: int,
    month: str,
    previous: Population | Manifest | str | None,
    as_of: date | None,
) -> Population:
    if previous is None:
        return make_population(people, seed, month, as_of)
    if isinstance(previous, str):
        previous = make_population(people, seed, previous)
    if isinstance(previous, Manifest):
        previous = previous.population or _made_again(previous)
    return until(previous, month, as_of)


def _made_again(manifest: Manifest) -> Population:
    """Return the people of a manifest that was read from its folder."""
    made = make_population(manifest.elders, manifest.seed, manifest.made_in)
    return made if manifest.month == manifest.made_in else until(made, manifest.month)


def _write_month(folder: Path, population: Population, report: Progress) -> Manifest:
    beside = folder / TRUTH_FOLDER
    beside.mkdir(parents=True, exist_ok=True)
    (folder / "说明.txt").write_text(READ_ME, encoding="utf-8")
    mappings = FOREIGN_HEALTH | FOREIGN_ASSESSMENT
    text = json.dumps(mappings, ensure_ascii=False, indent=1)
    (folder / MAPPING_FILE).write_text(text + "\n", encoding="utf-8")
    used = {person.id_number[:17] for person in population.people}
    doubts: dict[str, set[str]] = {}
    books = list(MonthBooks(population, settlements(population.seed)).all())
    files = []
    with (beside / "verdicts.csv").open("w", encoding="utf-8", newline="") as target:
        verdicts = csv.writer(target, lineterminator="\n")
        verdicts.writerow(VERDICT_COLUMNS)
        for number, book in enumerate(books):
            report(30 + 65 * number // len(books), 100, f"写出 {book.file_name}")
            counts: Counter[str] = Counter()

            def landed(
                sheet: int,
                sheet_name: str,
                row: int,
                verdict: Verdict,
                book: Book = book,
                counts: Counter[str] = counts,
            ) -> None:
                verdicts.writerow((book.file_name, sheet, sheet_name, row, *verdict))
                counts[verdict.expected] += 1
                if verdict.expected != ACCEPTED and verdict.id_number:
                    doubts.setdefault(verdict.id_number, set()).add(book.kind)

            rng = Random(f"{population.seed}/{population.month}/{book.file_name}")  # noqa: S311
            write_book(book, folder / book.file_name, PageLines(book, rng, used), landed)
            files.append(_listed(folder, book, counts))
    report(96, 100, "写出核对用的真实情况")
    write_truth(beside / "truth.csv", population.people, population.as_of, doubts)
    manifest = Manifest(
        folder=folder,
        month=population.month,
        made_in=population.made_in,
        seed=population.seed,
        elders=population.elders,
        people=len(population.people),
        as_of=population.as_of,
        files=tuple(files),
        truth=beside / "truth.csv",
        verdicts=beside / "verdicts.csv",
        population=population,
    )
    save(manifest)
    report(100, 100, "样例名单已写好")
    return manifest


def _listed(folder: Path, book: Book, counts: Counter[str]) -> ListFile:
    return ListFile(
        path=folder / book.file_name,
        kind=book.kind,
        sender=book.sender,
        division=book.division,
        full=book.full,
        mapping=book.mapping,
        received=sum(counts.values()),
        returned=counts[RETURNED],
        either=counts[EITHER],
    )
