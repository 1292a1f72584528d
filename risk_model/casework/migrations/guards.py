"""What the database itself refuses, whoever asks: records are never deleted, the audit trail never changes.

A later step that rebuilds a table (SQLite cannot alter much) loses its triggers and must call these again.
"""

from alembic import op

FUNCTION = "refuse_change_of_records"
MESSAGE = "Records are never deleted, and the audit trail never changes."


def forbid_deletes(*tables: str) -> None:
    """Refuse every DELETE on these tables (and TRUNCATE, on PostgreSQL)."""
    _make_function()
    for table in tables:
        _forbid(table, "delete")
        if _is_postgresql():
            op.execute(
                f'create trigger "{table}_no_truncate" before truncate on "{table}" '
                f"for each statement execute function {FUNCTION}()"
            )


def forbid_updates(*tables: str) -> None:
    """Refuse every UPDATE on these tables."""
    _make_function()
    for table in tables:
        _forbid(table, "update")


def _is_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"


def _make_function() -> None:
    if _is_postgresql():
        op.execute(
            f"create or replace function {FUNCTION}() returns trigger language plpgsql as "
            f"$$ begin raise exception '{MESSAGE}'; end $$"
        )


def _forbid(table: str, act: str) -> None:
    if _is_postgresql():
        op.execute(
            f'create trigger "{table}_no_{act}" before {act} on "{table}" for each row execute function {FUNCTION}()'
        )
        return
    op.execute(
        f'create trigger "{table}_no_{act}" before {act} on "{table}" begin select raise(abort, \'{MESSAGE}\'); end'
    )
