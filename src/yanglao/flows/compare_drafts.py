"""Drafts set side by side: asked once, answered in seconds, lists of people a little later.

The first answer holds counts and money; who it is, and who is just outside, follows in a sealed
file, of which pages show only their reader's area.
"""

import hashlib
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from yanglao.domain.catalogue.public import (
    Comparison,
    Draft,
    DraftRefused,
    ask_comparison,
    fail_comparison,
    finish_comparison,
    get_comparison,
    get_draft,
    show_first_answer,
)
from yanglao.domain.entitlements.public import last_done_run
from yanglao.engines.payments.compatibility import Compatibility, load_compatibility
from yanglao.engines.payments.mortality import Mortality, read_mortality
from yanglao.engines.payments.reading import TermsErrors
from yanglao.engines.payments.whatif import MOST_DRAFTS, WhatIf, compare_drafts
from yanglao.engines.policy.pack import PackErrors
from yanglao.flows.draft_catalogue import DraftReading, read_changes
from yanglao.flows.weigh_drafts import (
    Question,
    Weighed,
    columns_of,
    drafts_of,
    list_changes,
    near_counts,
    people_file,
    seen_facts,
    weigh,
)
from yanglao.foundation import clock
from yanglao.foundation.duck import NotEnoughMemory, open_duckdb
from yanglao.foundation.jobs import defer
from yanglao.foundation.progress import Progress, silent
from yanglao.foundation.scoping import Reader, area_range
from yanglao.foundation.secrets import read_sealed, sealed_folder, write_sealed

CONFIDENCE = 0.95
_STEPS = 5
_KEPT = timedelta(days=30)
_MORTALITY = "national/mortality.yaml"
#: What a row of the lists is about, in the order of pages.
KINDS = ("gained", "lost", "raised", "lowered", "year", "grade", "document", "unknown")


def ask_to_compare(draft_ids: Sequence[int], *, acting: Reader) -> Comparison:
    """Ask for a comparison of one to four drafts; the same question is counted once.

    Args:
        draft_ids: In the order of the page. People of the place they are drafted for are counted.

    Raises:
        Draft.DoesNotExist: When one is not of the acting person's area.
        DraftRefused: For none or too many, or drafts of different lists or places.
    """
    ids = list(dict.fromkeys(draft_ids))
    if not 1 <= len(ids) <= MOST_DRAFTS:
        raise DraftRefused(f"请选 1 到 {MOST_DRAFTS} 个方案。")
    drafts = [get_draft(acting, pk) for pk in ids]
    if len({draft.base_id for draft in drafts}) > 1:
        raise DraftRefused("这几个方案不是从同一个清单版本改的，不能放在一起比。")
    if len({draft.area for draft in drafts}) > 1:
        raise DraftRefused("这几个方案不是给同一个地方写的，不能放在一起比。")
    area = drafts[0].area
    subjects = [_subject(draft) for draft in drafts]
    run = last_done_run(area)
    facts = run.facts_file if run else clock.today().isoformat()
    told = json.dumps([area, facts, subjects], ensure_ascii=False, sort_keys=True)
    key = hashlib.sha256(told.encode()).hexdigest()
    with transaction.atomic():
        found, new = ask_comparison(
            key=key, area=area, base_id=drafts[0].base_id, subjects=subjects, acting=acting
        )
        if new:
            defer("compare_drafts", acting, comparison=found.pk)
    return found


def _subject(draft: Draft) -> dict[str, Any]:
    """A draft as it is now: enough to count it again later."""
    return {
        "draft": draft.pk,
        "revision": draft.revision,
        "title": draft.title,
        "area": draft.area,
        "day": draft.in_force_from.isoformat(),
        "changes": draft.changes,
    }


def run_comparison(
    comparison_id: int, *, acting: Reader, report: Progress = silent
) -> dict[str, Any]:
    """Count a comparison that was asked for; safe to repeat.

    Raises:
        Comparison.DoesNotExist: When it is not of the acting person's area.
    """
    asked = get_comparison(acting, comparison_id)
    began = time.monotonic()
    try:
        readings = [
            read_changes(asked.base_id, one["area"], date.fromisoformat(one["day"]), one["changes"])
            for one in asked.subjects
        ]
        figures = _count(asked, readings, began, acting, report)
    except (PackErrors, TermsErrors, DraftRefused) as problem:
        fail_comparison(comparison_id=asked.pk, problem=str(problem), acting=acting)
        return {"failed": str(problem)}
    except NotEnoughMemory as problem:
        # Its sentence says what to set; trying again would end the same way.
        fail_comparison(comparison_id=asked.pk, problem=str(problem), acting=acting)
        raise
    except Exception:
        fail_comparison(comparison_id=asked.pk, problem="测算时出了错，请再试一次。", acting=acting)
        raise
    return {"people": figures["people"], "seconds": figures["first_seconds"]}


def _count(
    asked: Comparison,
    readings: Sequence[DraftReading],
    began: float,
    acting: Reader,
    report: Progress,
) -> dict[str, Any]:
    names = [str(one["draft"]) for one in asked.subjects]
    packs = {}
    for name, reading, one in zip(names, readings, asked.subjects, strict=True):
        if reading.pack is None:
            told = "；".join(str(problem) for problem in reading.problems[:3])
            raise DraftRefused(f"方案“{one['title']}”还有错误，改正后才能测算：{told}")
        packs[name] = reading.pack
    base = readings[0].base
    compatibility, mortality = _tables(base.code)
    today = clock.today()
    first = max(date.fromisoformat(one["day"]) for one in asked.subjects)
    report(0, _STEPS, "读取全部老人的情况")
    columns = columns_of([base, *packs.values()], today, first)
    region = f"{base.region:0<12}"
    with seen_facts(region, today=today, columns=columns) as (session, as_of):
        report(1, _STEPS, "逐人逐项比对各方案")
        question = Question(base, packs, as_of, max(as_of, first), asked.area, compatibility)
        found = weigh(session, question)
        report(2, _STEPS, "计算人数和金额")
        with open_duckdb(step="计算人数和金额") as con:
            answer = compare_drafts(
                found.everybody(),
                drafts_of(found),
                "",
                as_of=as_of,
                mortality=mortality,
                confidence=CONFIDENCE,
                con=con,
            )
        figures = _figures(asked, found, answer, mortality, compatibility)
        figures["first_seconds"] = round(time.monotonic() - began, 2)
        show_first_answer(
            comparison_id=asked.pk,
            figures=figures,
            seconds=figures["first_seconds"],
            acting=acting,
        )
        report(3, _STEPS, "列出涉及的人和差一点的人")
        near = [row for row in figures["near"] if row["draft"] == ""]
        for number, name in enumerate(names, start=1):
            list_changes(found, number)
            near += [
                {"draft": name, "benefit": item, "kind": kind, "people": count}
                for item, kind, count in near_counts(found, number)
            ]
        figures["near"] = near
        report(4, _STEPS, "存好名单")
        file = _keep(found)
    finish_comparison(comparison_id=asked.pk, figures=figures, file=file, acting=acting)
    sweep_files()
    report(_STEPS, _STEPS, "完成")
    return figures


def _tables(code: str) -> tuple[Compatibility | None, Mortality]:
    """Which benefits go together, and chances of dying."""
    root = settings.POLICIES
    there = (root / code / "compatibility.yaml").is_file()
    text = (root / _MORTALITY).read_text(encoding="utf-8-sig")
    return (
        load_compatibility(code, root) if there else None,
        read_mortality(text, _MORTALITY),
    )


def _figures(
    asked: Comparison,
    found: Weighed,
    answer: WhatIf,
    mortality: Mortality,
    compatibility: Compatibility | None,
) -> dict[str, Any]:
    """All counts, as JSON."""
    question = found.question
    return {
        "as_of": question.as_of.isoformat(),
        "values_day": question.values_day.isoformat(),
        "people": found.people,
        "base": question.base.title,
        "drafts": [
            {"name": str(one["draft"]), "title": one["title"], "revision": one["revision"]}
            for one in asked.subjects
        ],
        "items": found.benefits,
        "changed": {name: list(codes) for name, codes in found.changed.items()},
        "totals": answer.totals.to_pylist(),
        "places": answer.places.to_pylist(),
        "changes": answer.changes.to_pylist(),
        "overlaps": answer.overlaps.to_pylist(),
        "near": answer.near.to_pylist(),
        "missing": [
            {"draft": name, "benefit": item, "lacks": list(lacks), "people": count}
            for name, item, lacks, count in found.missing
        ],
        "labels": {name: spec.ask_for for name, spec in question.base.vocabulary.facts.items()},
        "years": [asdict(cost) for cost in answer.years],
        "confidence": CONFIDENCE,
        "mortality": {
            "title": mortality.title,
            "source": mortality.source,
            "verified": mortality.verified,
        },
        "unverified": len(compatibility.unverified()) if compatibility else 0,
    }


def _keep(found: Weighed) -> str:
    """Write who is touched to a sealed file; return its name."""
    name = f"{secrets.token_hex(12)}.parquet"
    with _in_memory() as path:
        people_file(found, path)
        with open(path, "rb") as file:
            write_sealed(sealed_folder("drafts") / name, file.read())
    return name


def sweep_files() -> int:
    """Remove lists of people of more than thirty days ago; return how many."""
    limit = clock.machine_now().timestamp() - _KEPT.total_seconds()
    gone = 0
    for path in sealed_folder("drafts").glob("*.parquet"):
        if path.stat().st_mtime < limit:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


@dataclass(frozen=True, slots=True)
class Touched:
    """A person whom a draft touches: what he gets and would get of an item, in fen a month."""

    person_id: int
    place_code: str
    item: str
    kind: str
    before: int | None
    after: int | None
    lacks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TouchedPage:
    """Some of them, and how many there are in the reader's area."""

    rows: tuple[Touched, ...]
    total: int


class ListGone(LookupError):
    """The list of people is not there (any more); the message says what to do."""


def touched_people(
    reader: Reader,
    comparison: Comparison,
    *,
    draft: str,
    kind: str = "",
    item: str = "",
    start: int = 0,
    count: int | None = None,
) -> TouchedPage:
    """Return whom a draft touches in the reader's area, place by place.

    Args:
        draft: Name of the draft in the figures. kind: One of KINDS; item: a code; empty: all.
        start, count: Which of them.

    Raises:
        ListGone: When the file is not there yet or any more.
    """
    names = [one["name"] for one in (comparison.figures or {}).get("drafts", [])]
    path = sealed_folder("drafts") / comparison.file
    if not comparison.file or not path.exists() or draft not in names:
        raise ListGone("名单还没有列好，或已超过 30 天被清除。请重新测算。")
    low, high = area_range(reader.area)
    where = "number = $number AND place_code >= $low AND place_code < $high"
    values: dict[str, Any] = {"number": names.index(draft) + 1, "low": low, "high": high}
    if kind:
        where, values = f"{where} AND kind = $kind", values | {"kind": kind}
    if item:
        where, values = f"{where} AND item = $item", values | {"item": item}
    limit = f"LIMIT {int(count)} OFFSET {int(start)}" if count is not None else ""
    with _in_memory(read_sealed(path)) as opened, open_duckdb(step="列出涉及的人") as con:
        rows = con.execute(
            f"SELECT person, place_code, item, kind, before, after, lacks, count(*) OVER () "
            f"FROM read_parquet('{opened}') WHERE {where} "
            f"ORDER BY place_code, person, item, kind {limit}",
            values,
        ).fetchall()
        total = rows[0][-1] if rows else 0
        if not rows and start:
            counted = con.execute(
                f"SELECT count(*) FROM read_parquet('{opened}') WHERE {where}", values
            ).fetchone()
            total = counted[0] if counted else 0
    return TouchedPage(
        tuple(
            Touched(
                person_id=row[0],
                place_code=row[1],
                item=row[2],
                kind=row[3],
                before=row[4],
                after=row[5],
                lacks=tuple(part for part in row[6].split(",") if part),
            )
            for row in rows
        ),
        int(total),
    )


@contextmanager
def _in_memory(data: bytes = b"") -> Iterator[str]:
    """Give the path of a file that is only in memory, for the length of a ``with`` block."""
    descriptor = os.memfd_create("yanglao-drafts")
    try:
        with os.fdopen(os.dup(descriptor), "wb") as file:
            file.write(data)
        yield f"/proc/self/fd/{descriptor}"
    finally:
        os.close(descriptor)


def figures_of(figures: Mapping[str, Any], draft: str) -> dict[str, Any]:
    """The figures of one draft and of what is in force, to be frozen with it."""
    kept = ("totals", "places", "changes", "overlaps", "near", "missing", "years")
    own = {key: [row for row in figures[key] if row["draft"] in ("", draft)] for key in kept}
    drafts = [one for one in figures["drafts"] if one["name"] == draft]
    return {**figures, **own, "drafts": drafts, "changed": {draft: figures["changed"][draft]}}
