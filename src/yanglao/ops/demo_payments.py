"""Payment months of the demo: every month since the first approval but the last is paid.

Of the first some payments fail and are sent again to the same invented accounts; two deaths become
known late and are claimed back; the last month waits for approval. All people are invented.
"""

from collections.abc import Callable
from datetime import date

from yanglao.domain.accounts.public import accounts_in_area, reader_of
from yanglao.domain.settlement.public import (
    Claim,
    Decision,
    FileState,
    PaymentRun,
    Refused,
    approve_run,
    ask_write_off,
    claims,
    close_run,
    decide_findings,
    findings_of_run,
    finish_checks,
    hand_over,
    payments_of_run,
    record_repayment,
    submit_run,
)
from yanglao.flows.explain_payments import benefits_of
from yanglao.flows.follow_benefits import follow_benefits
from yanglao.flows.follow_leads import enter_and_recheck
from yanglao.flows.pay_month import begin_run, freeze_run
from yanglao.flows.send_payments import invent_returns, make_file, print_file, take_back
from yanglao.flows.take_elsewhere import take_in_elsewhere
from yanglao.foundation.scoping import Reader, system_reader

_COUNTY = "653222000000"
_REGION = "653200000000"
_MAKER, _CHECKER = "moyu-chushen", "moyu"
#: Every so-manieth line of the first file does not arrive.
_FAILS = 23


def show_payments(say: Callable[[str], None], *, as_of: date, months: int = 2) -> None:
    """Pay the months before this one and leave this one waiting for approval.

    Args:
        say: Takes one line. as_of: The day of the demo.
        months: How many months in all, this one counted.
    """
    known = {one.username: one for one in accounts_in_area(system_reader(_COUNTY))}
    maker, checker = reader_of(known[_MAKER]), reader_of(known[_CHECKER])
    last = as_of.year * 12 + as_of.month - 1
    paid, run = 0, None
    for month in range(last - months + 1, last + 1):
        day = min(as_of, date(month // 12, month % 12 + 1, 25))
        run = _checked(month, day, maker)
        if month == last:
            break
        paid += _paid(run, day, maker, checker, fails=paid == 0)
        if _late_deaths(run, as_of, maker):
            # Put right in a second run of the same month: nothing new is due, two claims begin.
            paid += _paid(_checked(month, day, maker), day, maker, checker, fails=False)
    if run is not None:
        submit_run(run_id=run.pk, acting=maker, reason="本月核查完成，请审批")
        _elsewhere(run, maker)
    found = claims(maker, state="left")
    _brought_back(list(found[:2]), as_of, maker)
    say(f"发放：{months - 1} 个月已发 {paid:,} 笔，本月待审批；追缴 {found.count()} 笔。")


def _brought_back(found: list[Claim], as_of: date, maker: Reader) -> None:
    """One family brought half of it back; for another it is asked to give the claim up."""
    for claim in found[:1]:
        half, proof = claim.left_fen // 2, "演示收据 0001"
        record_repayment(claim_id=claim.pk, fen=half, paid_on=as_of, proof=proof, acting=maker)
    for claim in found[1:]:
        ask_write_off(claim_id=claim.pk, why="独居，没有家属和遗产（虚构）", acting=maker)


def _elsewhere(run: PaymentRun, maker: Reader) -> None:
    """Another payer's list of two people and a number that is none, waiting to be looked at."""
    few = payments_of_run(maker, run).select_related("person")[:2]
    rows = [f"{one.person.name},{one.person.id_number},{one.benefit}" for one in few]
    if rows:
        text = "\n".join(["姓名,身份证号,待遇", *rows, "写错的人,6532001,"])
        take_in_elsewhere(
            month=f"{run.month // 12:04}-{run.month % 12 + 1:02}",
            payer="洛浦县民政局（虚构）",
            benefit=run.codes[0],
            file_name="洛浦县发放名单.csv",
            data=text.encode(),
            acting=maker,
        )


def _checked(month: int, day: date, maker: Reader) -> PaymentRun:
    """Freeze a month and decide what was found: odd accounts are let go, the rest waits."""
    run = begin_run(
        region=_COUNTY,
        month=f"{month // 12:04}-{month % 12 + 1:02}",
        benefits=list(benefits_of(_COUNTY)),
        acting=maker,
        as_of=day,
    )
    run = freeze_run(run_id=run.pk, acting=maker, as_of=day)
    waiting = findings_of_run(maker, run, stops=True, decision="")
    free = list(waiting.filter(code="over_limit").values_list("pk", flat=True))
    if free:
        decide_findings(
            run_id=run.pk,
            finding_ids=free,
            decision=Decision.RELEASED,
            reason="含补发，金额已核对",
            acting=maker,
        )
    rest = list(findings_of_run(maker, run, stops=True, decision="").values_list("pk", flat=True))
    if rest:
        decide_findings(
            run_id=run.pk,
            finding_ids=rest,
            decision=Decision.HELD,
            reason="待村里补登账户后补发",
            acting=maker,
        )
    return finish_checks(run_id=run.pk, acting=maker)


def _paid(run: PaymentRun, day: date, maker: Reader, checker: Reader, *, fails: bool) -> int:
    """Approve, send and answer a month; return how many payments went out."""
    submit_run(run_id=run.pk, acting=maker)
    approve_run(run_id=run.pk, acting=checker, as_of=day)
    try:
        made = make_file(run_id=run.pk, acting=maker, as_of=day)
    except Refused:
        close_run(run_id=run.pk, acting=maker)
        return 0
    number = made.file.payments
    failed = {n: "账户状态异常" for n in range(_FAILS, number + 1, _FAILS)} if fails else {}
    _answered(made.file.pk, day, maker, failed)
    if failed:
        # The accounts were put right at the bank (invented): the same go again.
        try:
            again = make_file(run_id=run.pk, acting=maker, as_of=day)
        except Refused:
            return number
        _answered(again.file.pk, day, maker, {1: "户名与账号不符"})
    else:
        close_run(run_id=run.pk, acting=maker)
    return number


def _answered(file_id: int, day: date, maker: Reader, failed: dict[int, str]) -> None:
    hand_over(bank_file_id=file_id, to=FileState.HANDED, acting=maker)
    _file, content = print_file(bank_file_id=file_id, acting=maker)
    back = invent_returns(content=content, failed=failed)
    take_back(bank_file_id=file_id, content=back, acting=maker, as_of=day)


def _late_deaths(run: PaymentRun, as_of: date, maker: Reader) -> bool:
    """Two people turn out to have died before the month that was paid to them; once."""
    if claims(maker).exists():
        return False
    rows = payments_of_run(maker, run, state="paid").order_by("-id")
    people = list(dict.fromkeys(rows.values_list("person_id", flat=True)[:40]))[:2]
    died = date(run.month // 12, run.month % 12 + 1, 1).replace(day=1)
    earlier = date.fromordinal(died.toordinal() - 9)
    for person in people:
        enter_and_recheck(
            person_id=person,
            kind="deaths",
            values={"died_on": earlier},
            as_of=as_of,
            acting=maker,
            reason="公安死亡名单补报",
        )
    if people:
        follow_benefits(
            region=_REGION, as_of=as_of, acting=system_reader(name="演示"), people=people
        )
    return bool(people)
