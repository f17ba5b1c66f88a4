"""The books are only ever added to: triggers on both databases, and postings as a view."""

from typing import Any

from django.db import migrations

_BOOKS = ("settlement_entry", "settlement_tally", "settlement_runstep")
_WORDS = "the books are only ever added to"

_VIEW = """
CREATE VIEW settlement_posting AS
SELECT id * 2 AS id, id AS entry_id, debit AS account, fen AS debit_fen, 0 AS credit_fen,
  booked_on, place_code FROM settlement_entry
UNION ALL
SELECT id * 2 + 1, id, credit, 0, fen, booked_on, place_code FROM settlement_entry
"""


def _guard(apps: Any, schema_editor: Any) -> None:
    run = schema_editor.execute
    if schema_editor.connection.vendor != "sqlite":
        run(
            "CREATE OR REPLACE FUNCTION yanglao_books_refuse() RETURNS trigger LANGUAGE plpgsql "
            f"AS $$ BEGIN RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'insufficient_privilege'; "
            "END $$"
        )
    for table in _BOOKS:
        for what in ("update", "delete"):
            head = f"CREATE TRIGGER {table}_no_{what} BEFORE {what.upper()} ON {table} "
            if schema_editor.connection.vendor == "sqlite":
                run(f"{head}BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END")
            else:
                run(f"{head}FOR EACH ROW EXECUTE FUNCTION yanglao_books_refuse()")


def _lift(apps: Any, schema_editor: Any) -> None:
    for table in _BOOKS:
        for what in ("update", "delete"):
            tail = "" if schema_editor.connection.vendor == "sqlite" else f" ON {table}"
            schema_editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{what}{tail}")


class Migration(migrations.Migration):
    """See the text above."""

    dependencies = [("settlement", "0001_initial")]

    operations = [
        migrations.RunPython(_guard, _lift),
        migrations.RunSQL(_VIEW, "DROP VIEW settlement_posting"),
    ]
