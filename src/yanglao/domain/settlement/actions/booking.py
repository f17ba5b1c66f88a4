"""Booking many entries at once, and what they come to; part of the caller's transaction."""

from datetime import date

from django.db import connection

from yanglao.domain.settlement.types import SIDES, Act
from yanglao.foundation.scoping import Reader
from yanglao.foundation.staging import one_writer, run_sql

#: Nobody else books while entries of one act are added up.
BOOKS_LOCK = "settlement_books"

_INSERT = """
INSERT INTO settlement_entry (act, debit, credit, fen, booked_on, run_id, person_id, place_code,
  benefit, payment_ref, claim_ref, attempt, source_ref)
SELECT {act}, {debit}, {credit}, {columns} FROM {source}
"""

_TALLY = """
INSERT INTO settlement_tally (booked_on, act, run_id, benefit, place_code, number, fen)
SELECT booked_on, act, run_id, benefit, substr(place_code, 1, 9) || '000', count(*), sum(fen)
FROM settlement_entry WHERE id > %s GROUP BY 1, 2, 3, 4, 5 ORDER BY 3, 2, 4, 5
"""


class Booking:
    """Entries of one act of an officer: add them with :meth:`add`, then :meth:`close`."""

    def __init__(self, *, booked_on: date, acting: Reader) -> None:
        """Begin; from here on nobody else books until the transaction ends."""
        one_writer(BOOKS_LOCK)
        self._on = booked_on
        self._acting = acting
        self._after = _last_entry()
        self.number = 0

    def add(
        self,
        act: Act,
        source: str,
        *,
        fen: str,
        payment: str = "0",
        claim: str = "0",
        attempt: str = "0",
        reference: str = "0",
        rows: str = "p",
        values: tuple[object, ...] = (),
    ) -> int:
        """Book one entry a row of a query; return how many.

        Args:
            act: What is booked; its accounts follow from it.
            source: SQL after FROM, with an ORDER BY so that entries stand in a fixed order.
            fen: SQL of the amount; ``payment``, ``claim``, ``attempt``, ``reference`` likewise.
            rows: Alias of the table that has run, person, place and benefit.
            values: For the placeholders of the source.
        """
        debit, credit = SIDES[act]
        # A typed date: PostgreSQL takes a bare parameter of a SELECT for text.
        day = f"CAST('{self._on.isoformat()}' AS date)"
        if connection.vendor == "sqlite":
            day = f"'{self._on.isoformat()}'"
        columns = ", ".join(
            (
                *(fen, day, f"{rows}.run_id", f"{rows}.person_id", f"{rows}.place_code"),
                *(f"{rows}.benefit", payment, claim, attempt, reference),
            )
        )
        text = _INSERT.format(
            act=int(act), debit=int(debit), credit=int(credit), columns=columns, source=source
        )
        count = run_sql(text, values)
        self.number += count
        return count

    def close(self) -> None:
        """Write down what the entries came to, by town and benefit."""
        if self.number:
            run_sql(_TALLY, (self._after,))


def _last_entry() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM settlement_entry")
        return int(cursor.fetchone()[0])
