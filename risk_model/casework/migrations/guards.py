"""What the database itself refuses, whoever asks: records are never deleted, the audit trail never changes.

A later step that rebuilds a table (SQLite cannot alter much) loses its triggers and must call these again.
"""

from collections.abc import Collection

import sqlalchemy as sa
from alembic import op

FUNCTION = "refuse_change_of_records"
ERASURE_FUNCTION = "refuse_all_but_erasure"
MESSAGE = "Records are never deleted, and the audit trail never changes."

# The newest entry of the audit trail is an erasure that names the row. The entry comes first, then what it tells of.
_ERASED_ON_SQLITE = """exists (
    select 1 from audit where id = (select max(id) from audit) and what = 'erased'
    and json_extract(after, '$.erased.{table}."' || old.id || '"') is not null)"""
_ERASED_ON_POSTGRESQL = """exists (
    select 1 from audit where id = (select max(id) from audit) and what = 'erased'
    and (after::jsonb #> array['erased', TG_TABLE_NAME::text, old.id::text]) is not null)"""


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


def allow_updates(*tables: str) -> None:
    """Take `forbid_updates` back, for a step that must write into rows that are there."""
    for table in tables:
        on = f' on "{table}"' if _is_postgresql() else ""
        op.execute(f'drop trigger if exists "{table}_no_update"{on}')


def forbid_updates_but_erasure(table: str, erasable: Collection[str]) -> None:
    """Refuse every UPDATE but that of these columns in a row that the newest audit entry, an erasure, names.

    Args:
        erasable: columns that erasure may write. With `sealed` among them the row is of a chain: its salt must go and
            its seal must stand.
    """
    if _is_postgresql():
        _make_erasure_function()
        told = ", ".join(f"'{name}'" for name in sorted(erasable))
        op.execute(
            f'create trigger "{table}_no_update" before update on "{table}" '
            f"for each row execute function {ERASURE_FUNCTION}({told})"
        )
        return
    names = [column["name"] for column in sa.inspect(op.get_bind()).get_columns(table)]
    same = [f'old."{name}" is new."{name}"' for name in names if name not in erasable]
    sealed = ["new.salt is null", "new.sealed is not null"] if "sealed" in erasable else []
    allowed = " and ".join([*same, *sealed, _ERASED_ON_SQLITE.format(table=table)])
    op.execute(
        f'create trigger "{table}_no_update" before update on "{table}" when not ({allowed}) '
        f"begin select raise(abort, '{MESSAGE}'); end"
    )


def _is_postgresql() -> bool:
    return op.get_context().dialect.name == "postgresql"


def _make_function() -> None:
    if _is_postgresql():
        op.execute(
            f"create or replace function {FUNCTION}() returns trigger language plpgsql as "
            f"$$ begin raise exception '{MESSAGE}'; end $$"
        )


def _make_erasure_function() -> None:
    op.execute(
        f"create or replace function {ERASURE_FUNCTION}() returns trigger language plpgsql as $$ "
        "begin "
        "if to_jsonb(old) - TG_ARGV::text[] = to_jsonb(new) - TG_ARGV::text[] "
        "and (not 'sealed' = any(TG_ARGV::text[]) or "
        "(to_jsonb(new)->'salt' = 'null'::jsonb and to_jsonb(new)->'sealed' <> 'null'::jsonb)) "
        f"and {_ERASED_ON_POSTGRESQL} "
        "then return new; end if; "
        f"raise exception '{MESSAGE}'; end $$"
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
