"""Set-based relations for the payment month: what earlier runs accounted for, and what is owed."""

from collections.abc import Iterable

from yanglao.domain.people.public import all_files_of, laid_in_files
from yanglao.domain.settlement.models import Claim, PaidElsewhere, PaymentRun
from yanglao.domain.settlement.types import COUNTED_RUNS, Act, ClaimState, ElsewhereState
from yanglao.foundation.analytics import AnalyticSession, Column
from yanglao.foundation.scoping import area_range
from yanglao.foundation.staging import put_rows

#: Up to so many people are named one by one in a query; more are read with everybody.
FEW = 20_000
_PERSON = Column("person", "int", "person_id")
_LINE = (_PERSON, Column("benefit", "text"), Column("month", "int"), Column("fen", "int"))


def _counted(codes: Iterable[str], **conditions: int) -> str:
    """Return the ids of counted runs that pay any of the benefits, as SQL; ``0`` for none."""
    wanted = set(codes)
    rows = PaymentRun.objects.filter(state__in=COUNTED_RUNS, **conditions).order_by("id")
    found = [str(run.pk) for run in rows if wanted & set(run.codes)]
    return ", ".join(found) or "0"


def _name_files_that_go_on(session: AnalyticSession, table: str) -> None:
    """Name the file that goes on instead of one laid into it: both are one human being.

    What was paid under either is paid; else a merge would pay all past months again.
    """
    rows = sorted(laid_in_files().items())
    put_rows(session.con, "laid_in", {"file": "BIGINT", "person": "BIGINT"}, rows)
    session.con.execute(
        f"UPDATE {table} SET person = m.person FROM laid_in AS m WHERE m.file = {table}.person"
    )
    session.con.execute("DROP TABLE laid_in")


def load_accounted(
    session: AnalyticSession,
    *,
    codes: Iterable[str],
    month: int,
    since: int,
    touched: Iterable[int] | None,
) -> None:
    """Make ``in_accounted``: person, benefit, month, fen, all approved runs together.

    Args:
        session: With a table ``in_people``; only these people are kept.
        codes: Benefits that are paid now.
        month: The month that is paid. since: The first past month that is asked.
        touched: Whose past months are asked besides; ``None`` for everybody's.
    """
    where = "NOT held AND kind <> 'recovery'"
    of_month = f"{where} AND month = {int(month)}"
    runs = _counted(codes)
    people = None if touched is None else sorted(all_files_of(touched))
    if people is None or len(people) > FEW:
        span = f"month BETWEEN {int(since)} AND {int(month)}"
        session.load(
            "raw_accounted", "settlement_line", _LINE, f"run_id IN ({runs}) AND {where} AND {span}"
        )
    else:
        late = _counted(codes, month__gte=month)
        session.load(
            "raw_accounted", "settlement_line", _LINE, f"run_id IN ({late}) AND {of_month}"
        )
        named = ", ".join(str(int(one)) for one in people) or "0"
        session.load(
            "raw_past",
            "settlement_line",
            _LINE,
            f"run_id IN ({runs}) AND {where} AND person_id IN ({named}) "
            f"AND month BETWEEN {int(since)} AND {int(month) - 1}",
        )
        session.con.execute("INSERT INTO raw_accounted SELECT * FROM raw_past")
        session.con.execute("DROP TABLE raw_past")
    _name_files_that_go_on(session, "raw_accounted")
    session.con.execute(
        "CREATE TABLE in_accounted AS SELECT person, benefit, month, sum(fen)::BIGINT AS fen "
        "FROM raw_accounted WHERE person IN (SELECT person FROM in_people) GROUP BY ALL"
    )
    session.con.execute("DROP TABLE raw_accounted")


def load_previous(
    session: AnalyticSession, *, codes: Iterable[str], month: int, region: str
) -> None:
    """Make ``in_previous``: money of the month before as it stood on its own list, held or not."""
    wanted = sorted(set(codes))
    runs = _counted(wanted, month=month - 1)
    session.load(
        "raw_previous",
        "settlement_line",
        _LINE,
        f"run_id IN ({runs}) AND kind IN ('regular', 'correction', 'arrears') "
        f"AND month = {int(month) - 1}",
    )
    low, high = area_range(region)
    session.load(
        "raw_places",
        "settlement_payment",
        (_PERSON, Column("benefit", "text"), Column("place", "text", "place_code")),
        f"run_id IN ({runs}) AND place_code >= '{low}' AND place_code < '{high}'",
    )
    for name in ("raw_previous", "raw_places"):
        _name_files_that_go_on(session, name)
    session.con.execute(
        "CREATE TABLE in_previous AS SELECT person, benefit, sum(fen)::BIGINT AS fen "
        "FROM raw_previous SEMI JOIN raw_places USING (person, benefit) GROUP BY ALL"
    )
    for name in ("raw_previous", "raw_places"):
        session.con.execute(f"DROP TABLE {name}")


def load_outstanding(session: AnalyticSession, *, codes: Iterable[str]) -> None:
    """Make ``in_outstanding``: claims that may be kept back; claims are few beside payments."""
    rows = Claim.objects.filter(
        state__in=[ClaimState.OPEN, ClaimState.AGREED], benefit__in=sorted(set(codes))
    ).order_by("person_id", "benefit", "id")
    into = laid_in_files()
    found: dict[tuple[int, str], tuple[int, int | None]] = {}
    for one in rows:
        key = (into.get(one.person_id, one.person_id), one.benefit)
        fen, instalment = found.get(key, (0, 0))
        agreed = one.instalment_fen
        both = None if agreed is None or instalment is None else instalment + agreed
        found[key] = (fen + one.left_fen, both)
    put_rows(
        session.con,
        "in_outstanding",
        {"person": "BIGINT", "benefit": "VARCHAR", "fen": "BIGINT", "instalment": "BIGINT"},
        [(person, code, *rest) for (person, code), rest in found.items()],
    )


def load_elsewhere(session: AnalyticSession, *, month: int, region: str) -> None:
    """Make ``in_elsewhere``: what lists of other payers in use say of this and earlier months."""
    low, high = area_range(region)
    rows = PaidElsewhere.objects.filter(
        of_list__month__lte=month,
        of_list__state=ElsewhereState.CURRENT,
        place_code__gte=low,
        place_code__lt=high,
    ).order_by("id")
    put_rows(
        session.con,
        "in_elsewhere",
        {"person": "BIGINT", "benefit": "VARCHAR", "month": "INTEGER", "payer": "VARCHAR"},
        list(rows.values_list("person_id", "benefit", "of_list__month", "of_list__payer")),
    )
    _name_files_that_go_on(session, "in_elsewhere")


def load_held(session: AnalyticSession, *, run_id: int) -> None:
    """Make ``in_held``: whose payment waited in a run; it comes again as arrears."""
    session.load(
        "in_held", "settlement_payment", (_PERSON,), f"run_id = {int(run_id)} AND state = 'held'"
    )
    _name_files_that_go_on(session, "in_held")


def load_owed(session: AnalyticSession, *, run_id: int) -> None:
    """Make ``owed``: payments of a run that may be sent now, with the number of the attempt."""
    session.load(
        "owed",
        "settlement_payment",
        (
            Column("payment", "int", "id"),
            _PERSON,
            Column("name", "text"),
            Column("token", "text"),
            Column("number", "int", "attempts + 1"),
            Column("fen", "int", "gross_fen - withheld_fen - paid_fen - open_fen"),
        ),
        f"run_id = {int(run_id)} AND state IN ('owed', 'failed') AND open_fen = 0 "
        "AND gross_fen - withheld_fen - paid_fen > 0",
    )
    _name_files_that_go_on(session, "owed")


def load_stored(session: AnalyticSession, *, run_id: int) -> None:
    """Make ``kept_lines``, ``kept_payments``, ``kept_entries`` (of the approval) of a run."""
    mine = f"run_id = {int(run_id)}"
    session.load("kept_lines", "settlement_line", (*_LINE, Column("kind", "text")), mine)
    session.load(
        "kept_payments",
        "settlement_payment",
        (
            *(_PERSON, Column("benefit", "text"), Column("gross", "int", "gross_fen")),
            *(Column("withheld", "int", "withheld_fen"), Column("state", "text")),
        ),
        mine,
    )
    session.load(
        "kept_entries",
        "settlement_entry",
        (_PERSON, Column("benefit", "text"), Column("fen", "int")),
        f"{mine} AND act = {int(Act.APPROVE)}",
    )


def load_attempts(session: AnalyticSession, *, bank_file_id: int, run_id: int) -> None:
    """Make ``attempts``: attempt, payment, number, fen, state, place of a bank file."""
    session.load(
        "raw_attempts",
        "settlement_attempt",
        (
            Column("attempt", "int", "id"),
            Column("payment", "int", "payment_id"),
            Column("number", "int"),
            Column("fen", "int"),
            Column("state", "text"),
            Column("reason", "text"),
        ),
        f"bank_file_id = {int(bank_file_id)}",
    )
    session.load(
        "raw_places_of",
        "settlement_payment",
        (Column("payment", "int", "id"), Column("place", "text", "place_code")),
        f"run_id = {int(run_id)}",
    )
    session.con.execute(
        "CREATE TABLE attempts AS SELECT a.*, p.place FROM raw_attempts a "
        "JOIN raw_places_of p ON p.payment = a.payment"
    )
    session.con.execute("DROP TABLE raw_attempts")
    session.con.execute("DROP TABLE raw_places_of")
