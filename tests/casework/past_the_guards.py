"""What no user can do: past the guards of the database, on each engine."""

from sqlalchemy import text

from risk_model.casework import Records
from risk_model.casework.store import writing


def is_file(records: Records) -> bool:
    """Whether the records are in a file."""
    return records.engine.dialect.name == "sqlite"


def went_past(records: Records, *statements: str) -> None:
    """Run statements past the audit trail."""
    with writing(records) as connection:
        for statement in statements:
            connection.execute(text(statement))


def lift_guard(records: Records, table: str, act: str) -> None:
    """Take a guard away: "update" or "delete" of a table."""
    went_past(records, f"drop trigger {table}_no_{act}" + ("" if is_file(records) else f" on {table}"))


def break_audit(records: Records, table: str | None = None) -> None:
    """Let the audit trail take no entry any more, or none of one table."""
    of_table = "" if table is None else f" when (new.\"table\" = '{table}')"
    if is_file(records):
        began = f"create trigger broken before insert on audit{of_table}"
        went_past(records, f"{began} begin select raise(abort, 'broken'); end")
        return
    went_past(
        records,
        "create function broken() returns trigger language plpgsql as $$ begin raise exception 'broken'; end $$",
        f"create trigger broken before insert on audit for each row{of_table} execute function broken()",
    )
