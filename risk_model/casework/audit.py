"""The audit trail: who did what to which record, when, with the record before and after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from risk_model.casework.chain import Chained, append
from risk_model.casework.checks import Values
from risk_model.casework.store import Records, newest_number, reading
from risk_model.casework.tables import AUDIT
from risk_model.casework.words import What
from risk_model.domain.errors import RecordRefused

MOST_ENTRIES = 10_000
TRAIL = Chained(AUDIT, ("id", "at", "what", "table", "record_id"), ("who", "before", "after", "reason"))


@dataclass(frozen=True)
class AuditEntry:
    """One act on one record.

    Attributes:
        at: when, in UTC.
        before: the record as it was, dates as yyyy-mm-dd; None when it was created.
        after: the record as it became.
    """

    id: int
    at: datetime
    who: str
    what: What
    table: str
    record_id: int
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None
    reason: str | None


def write_audit(
    connection: Connection,
    who: str,
    what: What,
    table: str,
    *,
    before: Values | None,
    after: Values,
    reason: str | None,
) -> None:
    """Add one entry to the chain, inside the transaction of the change that it tells of."""
    entry = {
        "at": datetime.now(UTC),
        "who": who,
        "what": what.value,
        "table": table,
        "record_id": after["id"],
        "before": None if before is None else as_image(before),
        "after": as_image(after),
        "reason": reason,
    }
    append(connection, TRAIL, entry)


def all_entries() -> Select[Any]:
    """The query of all entries: what they say, without what chains them."""
    return select(*(AUDIT.c[name] for name in (*TRAIL.fixed, *TRAIL.leaves)))


def as_entry(row: Mapping[str, Any]) -> AuditEntry:
    """An entry of a row of that query."""
    return AuditEntry(**{**row, "what": What(row["what"])})


def audit_trail(
    records: Records, *, table: str | None = None, record_id: int | None = None, limit: int = 200
) -> list[AuditEntry]:
    """What was done, the newest first.

    Args:
        table: only this table, such as "allocation"; all when None.
        record_id: only this record; say the table too, since each table counts from one.
        limit: at most so many entries, from 1 to 10,000.
    Raises:
        RecordRefused: a limit outside these, or a record without its table.
    """
    if not 1 <= limit <= MOST_ENTRIES:
        raise RecordRefused(f"A limit of {limit} cannot be.", [f"Give a number from 1 to {MOST_ENTRIES}."])
    if record_id is not None and table is None:
        raise RecordRefused("The record's table is missing.", ["Each table counts from one: name the table too."])
    query = all_entries().order_by(AUDIT.c.id.desc()).limit(limit)
    if table is not None:
        query = query.where(AUDIT.c.table == table)
    if record_id is not None:
        query = query.where(AUDIT.c.record_id == record_id)
    with reading(records) as connection:
        return [as_entry(dict(row)) for row in connection.execute(query).mappings()]


def newest_entry(records: Records) -> int:
    """The number of the newest entry, 0 where there is none: whoever has seen it has seen every change.

    What was changed past the audit trail it does not see: that is for `verify_records` to find.
    """
    return newest_number(records, AUDIT.name)


def as_image(values: Values) -> Values:
    """A row as the audit trail keeps it: days and moments as text."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}
