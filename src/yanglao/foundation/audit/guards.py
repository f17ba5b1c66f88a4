"""Triggers that refuse to change or remove the record, on both databases.

A migration puts them in; :func:`missing_guards` says which are gone: ``yanglao audit verify``
asks.
"""

from typing import Any

_APPEND_ONLY = ("foundation_auditentry", "foundation_auditlink")
_HEAD = "foundation_audithead"
_WORDS = "the record of acts is only ever added to"


def guard_statements(vendor: str) -> list[str]:
    """Return the statements that put the triggers in."""
    return _of_sqlite() if vendor == "sqlite" else _of_postgresql()


def lift_statements(vendor: str) -> list[str]:
    """Return what takes the triggers away: for undoing the migration, and for tests."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name, _table in _names("sqlite")]
    return [f"DROP TRIGGER IF EXISTS {name} ON {table}" for name, table in _names("postgresql")]


def missing_guards(connection: Any) -> list[str]:
    """Return the names of triggers that should be there and are gone or turned off."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
            )
        there = {name for (name,) in cursor.fetchall()}
    return [name for name, _table in _names(connection.vendor) if name not in there]


def _names(vendor: str) -> list[tuple[str, str]]:
    found = []
    for table in (*_APPEND_ONLY, _HEAD):
        found += [(f"{table}_no_update", table), (f"{table}_no_delete", table)]
        if vendor != "sqlite":
            found.append((f"{table}_no_truncate", table))
    return found


def _of_sqlite() -> list[str]:
    found = []
    for table in (*_APPEND_ONLY, _HEAD):
        when = "WHEN NEW.number < OLD.number OR NEW.id <> OLD.id " if table == _HEAD else ""
        found += [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {when}"
            f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
            f"BEGIN SELECT RAISE(ABORT, '{_WORDS}'); END",
        ]
    return found


def _of_postgresql() -> list[str]:
    found = [
        "CREATE OR REPLACE FUNCTION yanglao_audit_refuses() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{_WORDS}' USING ERRCODE = 'insufficient_privilege'; END $$"
    ]
    does = "EXECUTE FUNCTION yanglao_audit_refuses()"
    for table in (*_APPEND_ONLY, _HEAD):
        when = "WHEN (NEW.number < OLD.number OR NEW.id <> OLD.id) " if table == _HEAD else ""
        found += [
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {when}{does}",
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {does}",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            f"FOR EACH STATEMENT {does}",
        ]
    return found
