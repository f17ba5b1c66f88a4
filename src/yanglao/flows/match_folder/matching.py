"""One run over a folder, with either engine."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from yanglao.engines.policy.compile import Compiled
from yanglao.engines.policy.people import facts_columns
from yanglao.flows.match_folder.differences import (
    COLUMNS,
    change_sql,
    difference_sql,
    seen_on_sql,
)
from yanglao.flows.match_folder.engines import Engine
from yanglao.flows.open_pack import pack_note
from yanglao.foundation.partitions import (
    Published,
    county_files,
    day_folder,
    last_day_before,
    publish,
    staging,
    write_whole,
)
from yanglao.foundation.progress import Progress, silent

_ANSWER = {"person_id": "BIGINT", "item": "VARCHAR", "status": "VARCHAR", "outcome_key": "VARCHAR"}
_STEPS = 4


class NoFacts(Exception):
    """There is nothing to match, or a file lacks facts; the message says what to do."""


@dataclass(frozen=True, slots=True)
class FolderRun:
    """A run over a folder in numbers; kept as ``results/as_of=…/runs/AREAS.json``.

    Attributes:
        areas: Divisions that were looked at; empty for all.
        pack, pack_hash, title: The list that was asked.
        compared_with: Day of the results that it was compared with; ``""`` for none.
        people: People looked at.
        items: Yes and possible by item.
        new, lost, changed: Differences.
        files: Counties whose answers were replaced, are the same, are gone.
        seconds: By step.
    """

    as_of: str
    areas: tuple[str, ...]
    engine: str
    pack: str
    pack_hash: str
    title: str
    compared_with: str
    people: int
    items: Mapping[str, Mapping[str, int]]
    new: int
    lost: int
    changed: int
    files: Mapping[str, int]
    seconds: Mapping[str, float] = field(default_factory=dict)

    @property
    def yes(self) -> int:
        """Answers that are yes."""
        return sum(counts.get("yes", 0) for counts in self.items.values())

    @property
    def possible(self) -> int:
        """Answers that are possible."""
        return sum(counts.get("possible", 0) for counts in self.items.values())


def match_folder(
    engine: Engine,
    compiled: Compiled,
    *,
    root: Path,
    areas: Sequence[str] = (),
    with_no: bool = False,
    report: Progress = silent,
) -> FolderRun:
    """Match the people of a folder and write answers and differences; safe to run again.

    Args:
        engine: See ``open_engine``.
        compiled: The pack for the day.
        root: Folder that holds ``facts``; ``results`` are written there.
        areas: Only these divisions, of 2, 4 or 6 digits; their counties alone are replaced.
        with_no: Write every no too, with its reason.
        report: Called with steps done, all steps, and what is going on.

    Raises:
        NoFacts: When there are no facts of the day, or a file lacks a column that rules need.
    """
    work = _Work(engine, compiled, root, tuple(areas), report)
    with staging(root) as draft:
        return work.run(draft, with_no=with_no)


class _Work:
    """One run."""

    def __init__(
        self,
        engine: Engine,
        compiled: Compiled,
        root: Path,
        areas: tuple[str, ...],
        report: Progress,
    ) -> None:
        self.engine, self.compiled, self.root, self.areas = engine, compiled, root, areas
        self.report = report
        self.as_of = compiled.as_of
        self.columns = facts_columns(compiled.pack.vocabulary)
        self.before = last_day_before(root, "results", self.as_of)
        self.seconds: dict[str, float] = {}
        self._last = time.perf_counter()

    def run(self, draft: Path, *, with_no: bool) -> FolderRun:
        base = day_folder(self.root, "facts", self.as_of)
        files = self._facts(base)
        self.report(0, _STEPS, "按清单逐条比对")
        answers = draft / "answers"
        self.engine.write_answers(
            self.compiled, files, base, self.columns, answers, with_no=with_no
        )
        self._done("answers")
        self.report(1, _STEPS, "与上次比较")
        self.engine.read("facts", files, base, self.columns)
        self._see("now_all", answers, ())
        self.engine.keep("counted", "SELECT item, status, count(*) AS n FROM now_all GROUP BY ALL")
        counts = self.engine.rows("SELECT item, status, n FROM counted ORDER BY item, status")
        people = int(self.engine.rows("SELECT count(*) FROM facts")[0][0])
        kinds = self._differ(draft / "differences") if self.before else {}
        self._done("differences")
        self.report(2, _STEPS, "放到位")
        target = day_folder(self.root, "results", self.as_of)
        published = publish(answers, target / "answers", self.areas)
        publish(draft / "differences", target / "differences", self.areas)
        self._done("publish")
        run = self._summary(people, counts, kinds, published)
        self._record(target, run)
        self.report(_STEPS, _STEPS, "完成")
        return run

    def _facts(self, base: Path) -> dict[str, Path]:
        """Return the files of the day.

        Raises:
            NoFacts: Unless there are some and all have what rules look at.
        """
        files = county_files(base, self.areas)
        if not files:
            raise NoFacts(f"{base} 里没有老人的情况：先运行 yanglao facts export。")
        needed = {"person_id", *self.compiled.facts_needed}
        for path in files.values():
            lacking = needed - set(pq.read_schema(path).names)
            if lacking:
                raise NoFacts(f"{path} 缺少列：{'、'.join(sorted(lacking))}；请重新导出。")
        return files

    def _see(self, view: str, base: Path, areas: Sequence[str]) -> None:
        """Make a view of answers."""
        self.engine.read(view, county_files(base, areas), base, _ANSWER)

    def _differ(self, folder: Path) -> dict[str, int]:
        """Write the differences to the results before; return how many of each kind."""
        assert self.before is not None  # noqa: S101 (asked by the caller)
        past = day_folder(self.root, "results", self.before)
        self._see("before_all", past / "answers", self.areas)
        for name in ("now", "before"):
            self.engine.keep(name, f"SELECT * FROM {name}_all WHERE status <> 'no'")
        self.engine.keep("change", change_sql())
        seen = day_folder(self.root, "facts", self.before)
        files = county_files(seen, self.areas)
        if files:
            self.engine.read("facts_past", files, seen, self.columns)
            self.engine.keep(
                "facts_before",
                f"SELECT *, {seen_on_sql(self.before)} FROM facts_past "
                "WHERE person_id IN (SELECT person_id FROM change)",
            )
        sql = difference_sql(self.compiled, note=self._note(past), with_facts=bool(files))
        self.engine.write(sql, COLUMNS, folder)
        found = self.engine.rows("SELECT kind, count(*) AS n FROM change GROUP BY kind")
        return {kind: int(number) for kind, number in found}

    def _note(self, past: Path) -> str:
        """Return what to say of another version of the pack; ``""`` when it is the same."""
        pack = self.compiled.pack
        hashes = {run["pack_hash"] for run in _runs(past) if _overlap(run["areas"], self.areas)}
        changed = bool(hashes - {pack.hash})
        return pack_note(pack.title, pack.in_force_from) if changed else ""

    def _summary(
        self,
        people: int,
        counts: list[tuple[str, str, int]],
        kinds: Mapping[str, int],
        published: Published,
    ) -> FolderRun:
        items: dict[str, dict[str, int]] = {one.item.code: {} for one in self.compiled.items}
        for item, status, number in counts:
            items[item][status] = int(number)
        pack = self.compiled.pack
        return FolderRun(
            as_of=self.as_of.isoformat(),
            areas=self.areas,
            engine=self.engine.name,
            pack=pack.code,
            pack_hash=pack.hash,
            title=pack.title,
            compared_with=self.before.isoformat() if self.before else "",
            people=people,
            items=items,
            new=kinds.get("new", 0),
            lost=kinds.get("lost", 0),
            changed=kinds.get("changed", 0),
            files=asdict(published),
            seconds=self.seconds,
        )

    def _record(self, target: Path, run: FolderRun) -> None:
        name = "-".join(self.areas) or "all"
        text = json.dumps(asdict(run), ensure_ascii=False, indent=1)
        write_whole(target / "runs" / f"{name}.json", text + "\n")

    def _done(self, name: str) -> None:
        """Note the seconds since the last step."""
        moment = time.perf_counter()
        self.seconds[name] = round(moment - self._last, 3)
        self._last = moment


def _runs(folder: Path) -> list[dict[str, Any]]:
    """Return the records of the runs that made the results of a day."""
    return [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((folder / "runs").glob("*.json"))
    ]


def _overlap(some: Sequence[str], others: Sequence[str]) -> bool:
    """Say whether two lists of divisions have any place in common; an empty list is everywhere."""
    if not some or not others:
        return True
    return any(a.startswith(b) or b.startswith(a) for a in some for b in others)
