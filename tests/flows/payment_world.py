"""A county that pays: places, rules of the engine's own tests, people with histories, two officers.

Facts are given as tables, as the door of benefits makes them; runs go through the real flows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow.compute as pc

from tests.engines.payments import histories as h
from yanglao.domain.accounts.public import ROLE_PERMISSIONS, Role
from yanglao.domain.benefits.public import version_code
from yanglao.domain.catalogue.models import PackVersion
from yanglao.domain.settlement.models import Finding
from yanglao.domain.settlement.public import (
    BankFile,
    FileState,
    PaymentRun,
    approve_run,
    decide_findings,
    finish_checks,
    hand_over,
    submit_run,
)
from yanglao.engines.payments.entitlement import History
from yanglao.flows.pay_month import begin_run, freeze_run
from yanglao.flows.send_payments import invent_returns, make_file, print_file, take_back
from yanglao.foundation import clock
from yanglao.foundation.analytics import AnalyticSession
from yanglao.foundation.scoping import Reader

#: Versions of the list and the day each is in force from.
FIRST = {"v1": date(2024, 1, 1), "v2": date(2025, 1, 1)}
COUNTY = "653222000000"
VILLAGE = "653222100200"
OURS = tuple(sorted(code for code in h.BENEFITS if code != "outside"))
_PERMISSIONS = frozenset(str(one) for one in ROLE_PERMISSIONS[Role.COUNTY])


def officer(number: int, area: str = COUNTY) -> Reader:
    """Return an officer of the county; two numbers are two people."""
    return Reader(number, f"经办{number}", "county", area, permissions=_PERMISSIONS)


MAKER, CHECKER = officer(1), officer(2)


def write_rules(folder: Path, terms: str = h.TERMS, table: str = h.TABLE) -> None:
    """Write the payment files of a pack ``t``."""
    (folder / "t").mkdir(parents=True, exist_ok=True)
    (folder / "t" / "payments.yaml").write_text(terms, encoding="utf-8")
    (folder / "t" / "compatibility.yaml").write_text(table, encoding="utf-8")


def publish(code: str, first: date) -> None:
    """Publish a version of the list by its short code."""
    PackVersion.objects.create(
        pack="t",
        title=f"试验清单 {code}",
        region_code="653200000000",
        hash=code,
        source={},
        in_force_from=first,
        published_at=clock.start_of(first),
        published_by="测试",
    )


def prepare(folder: Path, settings: Any) -> None:
    """Put the rules and their two versions into place."""
    write_rules(folder)
    settings.POLICIES = folder
    for code, first in FIRST.items():
        publish(code, first)


@dataclass
class Facts:
    """What is known of people now; ``load`` hands it to a session as benefits does."""

    people: Mapping[int, History]
    place: str = VILLAGE
    tables: dict[str, Any] = field(default_factory=dict)
    accounts: list[tuple] | None = None

    def load(self, session: AnalyticSession, region: str) -> None:
        """Make the input tables."""
        made = h.as_tables(dict(self.people))
        versions = pc.replace_substring_regex(
            made["answers"].column("version"), r"^v1$", version_code("v1", FIRST["v1"])
        )
        versions = pc.replace_substring_regex(versions, r"^v2$", version_code("v2", FIRST["v2"]))
        made["answers"] = made["answers"].set_column(2, "version", versions)
        people = [
            (p, f"虚构{p}", self.place, history.died_on, None) for p, history in self.people.items()
        ]
        made["people"] = h.rows("people", people)
        if self.accounts is not None:
            made["accounts"] = h.rows("accounts", self.accounts)
        made |= self.tables
        for name in ("answers", "approvals", "suspensions", "people", "accounts"):
            session.con.register("given", made[name])
            session.con.execute(f"CREATE TABLE in_{name} AS SELECT * FROM given")
            session.con.unregister("given")


def frozen(
    facts: Facts,
    month: str,
    *,
    benefits: tuple[str, ...] = OURS,
    start: str = "2024-01",
    day: date | None = None,
) -> PaymentRun:
    """Begin and freeze a month."""
    as_of = day or date(int(month[:4]), int(month[5:]), 20)
    run = begin_run(
        region=COUNTY, month=month, benefits=benefits, acting=MAKER, as_of=as_of, start=start
    )
    return freeze_run(run_id=run.pk, acting=MAKER, as_of=as_of, load=facts.load)


def approved(facts: Facts, month: str, *, release: bool = False, **more: Any) -> PaymentRun:
    """Bring a month to its approval; what stops money is held, or released where it can be."""
    run = frozen(facts, month, **more)
    stuck = Finding.objects.filter(run=run, stops=True, decision="").order_by("id")
    never = ("no_person", "no_account", "two_accounts")
    if release:
        free = [one.pk for one in stuck if one.code not in never]
        if free:
            decide_findings(
                run_id=run.pk, finding_ids=free, decision="released", reason="已核对", acting=MAKER
            )
    rest = list(stuck.values_list("pk", flat=True))
    if rest:
        decide_findings(
            run_id=run.pk, finding_ids=rest, decision="held", reason="待核实", acting=MAKER
        )
    finish_checks(run_id=run.pk, acting=MAKER)
    submit_run(run_id=run.pk, acting=MAKER)
    return approve_run(run_id=run.pk, acting=CHECKER, as_of=run.as_of)


def sent(run: PaymentRun, facts: Facts, day: date | None = None) -> BankFile:
    """Make the file of what is owed and say it was handed over."""
    made = make_file(run_id=run.pk, acting=MAKER, as_of=day or run.as_of, load=facts.load)
    return hand_over(bank_file_id=made.file.pk, to=FileState.HANDED, acting=MAKER)


def answered(file: BankFile, failed: dict[int, str] | None = None) -> Any:
    """Let the bank answer a file; places of lines that fail, with reasons."""
    _file, content = print_file(bank_file_id=file.pk, acting=MAKER)
    back = invent_returns(content=content, failed=failed or {})
    return take_back(bank_file_id=file.pk, content=back, acting=MAKER, as_of=file.ordered_on)


def paid_through(facts: Facts, month: str, **more: Any) -> PaymentRun:
    """Pay a month whole: approved, sent, all arrived."""
    run = approved(facts, month, **more)
    if run.figures.get("approved_fen", 0) > run.figures.get("withheld_fen", 0):
        answered(sent(run, facts))
    run.refresh_from_db()
    return run
