"""All records from one database into another, such as from the file into a server: whole, or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Table, func, insert, select, text

from risk_model.casework.chain import Head, head_of
from risk_model.casework.store import Records, writing
from risk_model.casework.tables import METADATA
from risk_model.casework.verifying import CHAINS, faults_of
from risk_model.domain.errors import RecordRefused

_AT_ONCE = 500


@dataclass(frozen=True)
class Moved:
    """What was copied.

    Attributes:
        rows: of each table, by name.
        heads: of each chain in the new place, by its table.
    """

    rows: Mapping[str, int]
    heads: Mapping[str, Head]


def copy_records(source: Records, target: Records) -> Moved:
    """Copy every table with its numbers, count and compare the rows, and verify the chains in the new place.

    Nobody can write to either place meanwhile. The source is left as it is.

    Raises:
        RecordRefused: the target holds rows; what arrived is not what was sent; the chains do not hold. Nothing was
            changed then.
    """
    with writing(source) as old, writing(target) as new:
        _refuse_filled(new)
        for table in METADATA.sorted_tables:
            _copy_rows(old, new, table)
        if new.dialect.name == "postgresql":
            _set_sequences(new)
        rows = {table.name: _compared(old, new, table) for table in METADATA.sorted_tables}
        _refuse_broken(new)
        return Moved(rows, {chained.table.name: head_of(new, chained) for chained in CHAINS})


def _refuse_filled(new: Connection) -> None:
    counted = {name: new.execute(select(func.count()).select_from(table)).scalar_one() for name, table in _tables()}
    filled = [f"{name} ({number:,})" for name, number in counted.items() if number]
    if filled:
        raise RecordRefused(
            f"The records were not copied: the target holds rows already, in {', '.join(filled)}.",
            ["Nothing was changed.", "Name an empty database: two sets of records are never mixed."],
        )


def _tables() -> list[tuple[str, Table]]:
    return sorted(METADATA.tables.items())


def _copy_rows(old: Connection, new: Connection, table: Table) -> None:
    found = old.execute(select(table).order_by(table.c.id).execution_options(yield_per=_AT_ONCE)).mappings()
    while rows := found.fetchmany(_AT_ONCE):
        new.execute(insert(table), [dict(row) for row in rows])


def _set_sequences(new: Connection) -> None:
    """So that the next record of each table gets the next number."""
    for name, _ in _tables():
        of = f"pg_get_serial_sequence('\"{name}\"', 'id')"
        new.execute(text(f'select setval({of}, max(id)) from "{name}" having max(id) is not null'))


def _compared(old: Connection, new: Connection, table: Table) -> int:
    """How many rows there are, once they are known to be the same in both places."""
    sent, arrived = _digest(old, table), _digest(new, table)
    if sent != arrived:
        raise RecordRefused(
            f"The records were not copied: of {table.name} {arrived[0]:,} rows arrived of {sent[0]:,}, "
            "or not with the same content.",
            ["Nothing was changed.", "Tell whoever looks after the two databases."],
        )
    return sent[0]


def _digest(connection: Connection, table: Table) -> tuple[int, str]:
    """How many rows there are, and the SHA-256 of all that they say."""
    read, count = sha256(), 0
    query = select(table).order_by(table.c.id).execution_options(yield_per=_AT_ONCE)
    for row in connection.execute(query):
        read.update(repr([_as_told(value) for value in row]).encode())
        count += 1
    return count, read.hexdigest()


def _as_told(value: Any) -> object:
    # the order of a JSON object's names says nothing
    return sorted(value.items(), key=repr) if isinstance(value, dict) else value


def _refuse_broken(new: Connection) -> None:
    faults = faults_of(new)
    if faults:
        raise RecordRefused(
            f"The records were not copied: their audit trail does not hold ({len(faults):,} faults).",
            ["Nothing was changed.", *(f"{one.table} {one.number} {one.problem}" for one in faults[:10])],
        )
