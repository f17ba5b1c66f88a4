"""The payment months of the bench, reckoned again slowly and held against what was stored.

Person by person, from the tables of benefits as they stand and by the pack's files read anew
(:mod:`.reckoning`), each run is repeated: what every month is due, what earlier runs accounted
for, what is added, kept back and claimed, which checks stop it, how it differs from the month
before, and the line in the bank's file. Every stored line, payment, finding, difference, claim and
line of the file must be there and say the same; nothing else may be there. No code of the payment
month is used.
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.db import transaction

from yanglao.foundation.secrets import open_pieces, sealed_folder
from yanglao.ops.bench.payments import BENEFITS, PACK, changed_after
from yanglao.ops.bench.payments_repeated import Approval, Person, Reckoner, Run, Spell, number
from yanglao.ops.bench.reckoning import read_rules
from yanglao.ops.bench.row_streams import by_person, day_of, hex_of, rows_of, stream

#: So many differences are shown.
_SHOWN = 20
#: Tables that the bench leaves empty and that this reckoning knows nothing of.
_EMPTY = (
    "benefits_suspension",
    "settlement_paidelsewhere",
    "settlement_repayment",
    "ltci_benefit",
)


_STARTS = "SELECT month FROM settlement_paystart"


class CannotReckon(Exception):
    """A database that is not one of the bench; the message says what is in the way."""


@dataclass(slots=True)
class _Tally:
    """What was compared, and what differed."""

    rows: Counter[str] = field(default_factory=Counter)
    fen: Counter[str] = field(default_factory=Counter)
    wrong: int = 0
    shown: list[str] = field(default_factory=list)

    def differ(self, words: str) -> None:
        """Count a difference; keep the first few."""
        self.wrong += 1
        if len(self.shown) < _SHOWN:
            self.shown.append(words)

    def compare(self, what: str, person: int, there: list[Any], expected: list[Any]) -> None:
        """Hold stored rows of a person against those reckoned."""
        self.rows[what] += len(expected)
        if sorted(there) != sorted(expected):
            missing = sorted((Counter(expected) - Counter(there)).elements())
            strange = sorted((Counter(there) - Counter(expected)).elements())
            self.differ(f"{what} of {person}: not stored {missing}, stored instead {strange}")


def check_payments(argument: str = "") -> dict[str, Any]:
    """Hold the months of a bench's home against a slow reckoning, row by row.

    Returns:
        ``recipients``, ``rows`` and ``fen`` compared by kind, ``differences`` (how many) and
        ``shown`` (the first of them), ``equal``.

    Raises:
        CannotReckon: When the database holds what this reckoning does not know.
    """
    with transaction.atomic():
        runs, version = _runs(), _version()
        _refuse_what_is_not_known()
        written = read_rules(PACK, settings.POLICIES)
        if any(rule.arrears_months for rules in written.rules.values() for rule in rules):
            raise CannotReckon("the pack limits arrears: that is not reckoned here")
        if any(row[0] != number(runs[0].month) for row in rows_of(_STARTS)):
            raise CannotReckon("a benefit begins in another month than that of the first run")
        reckoner = Reckoner(written, version, runs)
        people = int(rows_of("SELECT count(*) FROM people_person")[0][0])
        with ExitStack() as stack:
            shared = _shared(reckoner, runs, people)
            tally = _compare_all(reckoner, runs, shared, people, stack)
    return {
        "recipients": people,
        "runs": len(runs),
        "rows": dict(tally.rows),
        "fen": dict(tally.fen),
        "differences": tally.wrong,
        "shown": tally.shown,
        "equal": not tally.wrong,
    }


def _compare_all(
    reckoner: Reckoner,
    runs: list[Run],
    shared: Mapping[int, set[str]],
    people: int,
    stack: ExitStack,
) -> _Tally:
    tally = _Tally()
    stored = [_Stored(run) for run in runs]
    files = [stack.enter_context(_File(run)) for run in runs]
    for told in _people(len(runs), people):
        pk = told[0].number
        for place, made in enumerate(reckoner.person(told, shared)):
            name = f"{runs[place].number}"
            there = stored[place].of(pk)
            tally.compare(f"lines of run {name}", pk, there["lines"], made.lines)
            tally.compare(f"findings of run {name}", pk, there["findings"], made.findings)
            tally.compare(f"differences of run {name}", pk, there["differences"], made.differences)
            tally.compare(f"claims of run {name}", pk, there["claims"], made.claims)
            rows = [(*one[:4], one[4] if not one[5] else "", one[5]) for one in made.payments]
            kept = [
                (*one[1:5], one[5] if one[6] != "held" else "", one[6] == "held")
                for one in there["payments"]
            ]
            tally.compare(f"payments of run {name}", pk, kept, rows)
            sent = {one[0]: one[6] for one in made.payments if not one[5] and one[6] > 0}
            keys = {one[1]: one[0] for one in there["payments"]}
            for _code, _name, gross, withheld, *_rest in made.payments:
                tally.fen[f"gross of run {name}"] += gross
                tally.fen[f"withheld of run {name}"] += withheld
            tally.fen[f"claimed of run {name}"] += sum(one[3] for one in made.claims)
            for code in sorted(sent, key=lambda one: keys.get(one, 0)):
                token = next(one[4] for one in made.payments if one[0] == code)
                files[place].expect(keys.get(code, 0), token, told[place].name, sent[code], tally)
    for place, run in enumerate(runs):
        left = sum(1 for _ in stored[place].rest())
        if left:
            tally.differ(f"run {run.number}: {left} people stored who are not in the register")
        files[place].end(tally)
    return tally


class _Stored:
    """What a run stored, given person by person in order."""

    def __init__(self, run: Run) -> None:
        key = run.pk
        self._streams = {
            "lines": by_person(
                "SELECT person_id, benefit, month, fen, kind, held FROM settlement_line "
                "WHERE run_id = %s ORDER BY person_id",
                key,
                lambda row: (*row[:4], bool(row[4])),
            ),
            "payments": by_person(
                "SELECT person_id, id, benefit, name, gross_fen, withheld_fen, token, state "
                "FROM settlement_payment WHERE run_id = %s ORDER BY person_id",
                key,
                tuple,
            ),
            "findings": by_person(
                "SELECT person_id, benefit, code, stops, fen FROM settlement_finding "
                "WHERE run_id = %s ORDER BY person_id",
                key,
                lambda row: (*row[:2], bool(row[2]), row[3]),
            ),
            "differences": by_person(
                "SELECT person_id, benefit, before_fen, now_fen, difference "
                "FROM settlement_difference WHERE run_id = %s ORDER BY person_id",
                key,
                tuple,
            ),
            "claims": by_person(
                "SELECT person_id, benefit, first_month, last_month, fen FROM settlement_claim "
                "WHERE run_id = %s ORDER BY person_id",
                key,
                tuple,
            ),
        }

    def of(self, person: int) -> dict[str, list[tuple[Any, ...]]]:
        """Return the rows of a person; persons are asked for in order."""
        return {name: rows.of(person) for name, rows in self._streams.items()}

    def rest(self) -> Iterator[int]:
        """Yield persons of whom rows are left."""
        for one in self._streams.values():
            yield from one.rest()


class _File:
    """The bank's file of a run, read line by line beside the payments."""

    def __init__(self, run: Run) -> None:
        rows = rows_of(
            "SELECT file, payments, fen, digest FROM settlement_bankfile WHERE run_id = %s "
            "ORDER BY id",
            run.pk,
        )
        if len(rows) != 1:
            raise CannotReckon(f"run {run.number} has {len(rows)} bank files, not one")
        self._name, self._number, self._total, self._digest = rows[0]
        self._run = run
        self._seen, self._fen = 0, 0

    def __enter__(self) -> "_File":
        self._source = open_pieces(sealed_folder("payments") / self._name)
        self._hash = hashlib.sha256()
        self._whole = hashlib.sha256()
        self._line()  # the head
        return self

    def __exit__(self, *problem: object) -> None:
        self._source.close()

    def _line(self) -> list[str]:
        raw = self._source.readline()
        self._whole.update(raw)
        words = raw.decode("utf-8").removesuffix("\r\n").split("|")
        if words[0] != "T":
            self._hash.update(raw)
        return words

    def expect(self, payment: int, token: str, name: str, fen: int, tally: _Tally) -> None:
        """Hold the next line against what should be paid."""
        self._seen += 1
        self._fen += fen
        wanted = ["D", str(self._seen), f"P{payment}#1", token, name, str(fen)]
        tally.rows[f"lines of file {self._run.number}"] += 1
        tally.fen[f"file {self._run.number}"] += fen
        found = self._line()
        if found != wanted:
            tally.differ(f"file of run {self._run.number}: {found} instead of {wanted}")

    def end(self, tally: _Tally) -> None:
        """Hold the tail, and what the tables say of the file, against what was seen."""
        tail = ["T", str(self._seen), str(self._fen), self._hash.hexdigest()]
        found = self._line()
        if found != tail or self._source.read(1):
            tally.differ(f"file of run {self._run.number} ends with {found} instead of {tail}")
        told = (self._number, self._total, self._digest)
        if told != (self._seen, self._fen, self._whole.hexdigest()):
            tally.differ(f"file of run {self._run.number} is written down as {told}")


def _shared(reckoner: Reckoner, runs: list[Run], people: int) -> dict[int, set[str]]:
    """Return by run the accounts that too many people have whose money is on the list."""
    most = reckoner.written.account_people
    tokens = (
        "SELECT token FROM benefits_payaccount WHERE state = 'confirmed' "
        f"GROUP BY token HAVING count(DISTINCT person_id) > {int(most)}"
    )
    often = {hex_of(row[0]) for row in rows_of(tokens)}
    theirs = f"SELECT person_id FROM benefits_payaccount WHERE token IN ({tokens})"
    counts: list[Counter[str]] = [Counter() for _ in runs]
    nobody: dict[int, set[str]] = {place: set() for place in range(len(runs))}
    for told in _people(len(runs), people, theirs):
        for place, made in enumerate(reckoner.person(told, nobody)):
            usable = told[place].tokens(runs[place].last_day)
            if made.payments and usable and min(usable) in often:
                counts[place][min(usable)] += 1
    return {
        place: {token for token, number in found.items() if number > most}
        for place, found in enumerate(counts)
    }


def _people(runs: int, people: int, only: str = "") -> Iterator[dict[int, Person]]:
    """Yield everybody in order: what was known of him at each run, by the run's place.

    Args:
        runs: How many. people: Recipients of the bench. only: SQL of the persons wanted.
    """
    some = f" AND person_id IN ({only})" if only else ""
    whom = f" WHERE id IN ({only})" if only else ""
    spells = by_person(
        "SELECT person_id, benefit, version, first, end_on, known, fen, ended_by "
        f"FROM benefits_spell WHERE until_id IS NULL{some} ORDER BY person_id",
        None,
        lambda r: Spell(r[0], r[1], day_of(r[2]), day_of(r[3]), bool(r[4]), r[5], r[6]),
    )
    approvals = by_person(
        "SELECT person_id, benefit, applied_on, approved_on, revoked_on FROM benefits_approval "
        f"WHERE TRUE{some} ORDER BY person_id",
        None,
        lambda r: Approval(r[0], day_of(r[1]), day_of(r[2]), day_of(r[3])),
    )
    accounts = by_person(
        'SELECT person_id, token, first, "end" FROM benefits_payaccount '
        f"WHERE state = 'confirmed'{some} ORDER BY person_id",
        None,
        lambda r: (hex_of(r[0]), day_of(r[1]), day_of(r[2])),
    )
    query = f"SELECT id, name, died_on FROM people_person{whom} ORDER BY id"
    for pk, name, died in stream(query, None):
        last = Person(
            number=pk,
            name=name,
            died_on=day_of(died),
            answers=tuple(spells.of(pk)),
            approvals=tuple(approvals.of(pk)),
            accounts=tuple(accounts.of(pk)),
        )
        # What the bench changed between two runs was not known at the earlier.
        known = {runs - 1: last}
        for place in range(runs - 2, -1, -1):
            known[place] = _earlier(known[place + 1], people)
        yield known


def _earlier(person: Person, people: int) -> Person:
    """Return what was known before the bench changed some."""
    return replace(
        person,
        answers=tuple(
            replace(one, fen=one.fen - changed_after(person.number, one.benefit, people))
            if one.fen is not None
            else one
            for one in person.answers
        ),
    )


def _runs() -> list[Run]:
    rows = rows_of("SELECT id, month, state, benefits FROM settlement_paymentrun ORDER BY id")
    if not rows or any(row[2] in ("draft", "frozen", "checked", "submitted") for row in rows):
        raise CannotReckon("there is no run, or one that is not finished")
    if len(rows) > 2:
        raise CannotReckon("more than the two months of the bench")
    if any(set(row[3].split(",")) != set(BENEFITS) for row in rows):
        raise CannotReckon("a run pays other benefits than the bench")
    months = [row[1] for row in rows]
    if months != list(range(months[0], months[0] + len(months))):
        raise CannotReckon("the runs are not of one month after another")
    return [
        Run(pk, (month // 12, month % 12 + 1), place)
        for place, (pk, month, _state, _benefits) in enumerate(rows, start=1)
    ]


def _version() -> str:
    """The one version of the catalogue, as spells name it."""
    rows = rows_of("SELECT hash, in_force_from FROM catalogue_packversion ORDER BY id")
    if len(rows) != 1:
        raise CannotReckon(f"{len(rows)} versions of the catalogue were published, not one")
    return f"{rows[0][0][:12]}-{day_of(rows[0][1]):%Y%m%d}"


def _refuse_what_is_not_known() -> None:
    for table in _EMPTY:
        if rows_of(f"SELECT count(*) FROM {table}")[0][0]:
            raise CannotReckon(f"{table} is not empty: that is not what the bench builds")
