"""Worked cases run against the rules they belong to."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from yanglao.engines.policy.casefile import Case, read_cases
from yanglao.engines.policy.compile import compile_pack
from yanglao.engines.policy.evaluate import Outcome, evaluate
from yanglao.engines.policy.outcomes import STATUS_WORDS
from yanglao.engines.policy.pack import Pack
from yanglao.engines.policy.people import make_facts
from yanglao.engines.policy.problems import ProblemLog, Spot
from yanglao.kernel.no_spill import in_memory


@dataclass(frozen=True, slots=True)
class CaseFailure:
    """A case that came out otherwise: where it stands, and what is not as expected."""

    spot: Spot
    name: str
    what: str

    def __str__(self) -> str:
        return f"{self.spot.file}:{self.spot.line} 算例“{self.name}”：{self.what}"


@dataclass(frozen=True, slots=True)
class CaseReport:
    """How many cases ran, and those that failed."""

    ran: int
    failures: tuple[CaseFailure, ...]


def run_cases(pack: Pack, folder: Path | str) -> CaseReport:
    """Run all cases of a pack's folder against the pack.

    Args:
        folder: The pack's folder (with ``cases/`` in it), as given to ``load_pack``.

    Raises:
        PackErrors: When a case cannot be read.
    """
    path, log = Path(folder), ProblemLog()
    cases = read_cases(path.parent, path.name, pack.vocabulary, pack.items, log)
    log.raise_if_any()
    failures: list[CaseFailure] = []
    for as_of in sorted({case.as_of for case in cases}):
        failures.extend(_run_day(pack, as_of, [case for case in cases if case.as_of == as_of]))
    return CaseReport(len(cases), tuple(failures))


@dataclass(frozen=True, slots=True)
class CaseTrial:
    """What a draft says of a worked case.

    Attributes:
        file, line: Where the case stands. item: Code of the item asked.
        expected, got: ``yes``, ``no`` or ``possible``; ``got`` is empty for an item left out.
        facts: The person, as written: fact to value.
    """

    file: str
    line: int
    name: str
    item: str
    expected: str
    got: str
    facts: Mapping[str, object]


def try_cases(pack: Pack, folder: Path | str, values_day: date) -> tuple[CaseTrial, ...]:
    """Ask a draft about all cases of a folder, as if its values of a day were in force.

    Raises:
        PackErrors: When a case cannot be read, or a parameter has no value.
    """
    path, log = Path(folder), ProblemLog()
    cases = read_cases(path.parent, path.name, pack.vocabulary, None, log)
    log.raise_if_any()
    found: list[CaseTrial] = []
    for as_of in sorted({case.as_of for case in cases}):
        of_day = [case for case in cases if case.as_of == as_of]
        answers = _answers(pack, as_of, of_day, max(as_of, values_day))
        for number, case in enumerate(of_day):
            for item, expected in case.expect.items():
                got = answers.get((number, item))
                word = STATUS_WORDS[got.status] if got else "no" if item in pack.items else ""
                found.append(
                    CaseTrial(
                        case.spot.file,
                        case.spot.line,
                        case.name,
                        item,
                        expected.status,
                        word,
                        case.facts,
                    )
                )
    return tuple(found)


def _answers(
    pack: Pack, as_of: date, cases: list[Case], values_day: date
) -> dict[tuple[int, str], Outcome]:
    """Answers to cases of one day by number and item; a no is left out."""
    with duckdb.connect(":memory:", config=in_memory(threads=1)) as con:
        people = [{"person_id": number, **case.facts} for number, case in enumerate(cases)]
        make_facts(con, pack.vocabulary, people, as_of=as_of)
        compiled = compile_pack(pack, as_of, "", values_day)
        meanings = {one.key: one for one in evaluate(con, compiled)}
        rows = con.execute("SELECT person_id, item, outcome_key FROM result").fetchall()
    return {(person, item): meanings[key] for person, item, key in rows}


def _run_day(pack: Pack, as_of: date, cases: list[Case]) -> Iterable[CaseFailure]:
    """Cases of one as-of day."""
    answers = _answers(pack, as_of, cases, as_of)
    for number, case in enumerate(cases):
        for item in case.expect:
            for what in _differences(case, item, answers.get((number, item))):
                yield CaseFailure(case.spot, case.name, what)


def _differences(case: Case, item: str, got: Outcome | None) -> Iterable[str]:
    """What is not as the case says."""
    expected = case.expect[item]
    status = STATUS_WORDS[got.status] if got else "no"
    if status != expected.status:
        missing = f"（缺 {'、'.join(got.missing)}）" if got and got.missing else ""
        yield f"项目 {item} 期望 {expected.status}，实际 {status}{missing}"
        return
    if got is None:
        return
    pairs = (
        ("档次", expected.tier, got.tier),
        ("金额（分）", expected.amount, got.amount_fen),
        ("已送达", expected.delivered, got.delivered),
    )
    for label, want, have in pairs:
        if want is not None and want != have:
            yield f"项目 {item} 的{label}期望 {want}，实际 {have}"
    if expected.missing is not None and set(expected.missing) != set(got.missing):
        wanted, had = "、".join(expected.missing), "、".join(got.missing)
        yield f"项目 {item} 缺的事实期望 {wanted}，实际 {had}"
