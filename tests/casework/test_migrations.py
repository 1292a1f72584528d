"""From every earlier step to the newest, with data in every table, on each engine: nothing is lost or altered."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import JSON, Connection, Date, DateTime, Float, Integer, MetaData, create_engine, insert, select
from sqlalchemy.types import TypeEngine

from risk_model.casework import close_records, open_records
from risk_model.casework.audit import TRAIL
from risk_model.casework.chain import NO_HASH, hash_of_row
from risk_model.casework.note_views import VIEWS
from risk_model.casework.store import MIGRATIONS, reading
from risk_model.casework.tables import AUDIT, METADATA

STEPS = ("r0001", "r0002", "r0003", "r0004", "r0005", "r0006")
# what outcomes said of actions became actions of their own
MOVED = {("meeting_outcome", "actions")}


def migrated_to(connection: Connection, step: str) -> None:
    config = Config()
    config.set_main_option("script_location", MIGRATIONS.as_posix())
    config.attributes["connection"] = connection
    command.upgrade(config, step)


def a_value(table: str, name: str, kind: TypeEngine[Any]) -> object:
    """Something that fits a column, and is not like that of another."""
    if name == "id" or (name.endswith("_id") and isinstance(kind, Integer)):
        return 1
    if name == "withdrawn_reason":
        return None
    if isinstance(kind, JSON):
        return {"id": 1, "note": f"{table} – {name}", "days": 2.5}
    if isinstance(kind, DateTime):
        return datetime(2026, 3, 4, 5, 6, 7, 890, tzinfo=UTC)
    if isinstance(kind, Date):
        return date(2026, 3, 4)
    if isinstance(kind, Integer | Float):
        return len(name)
    return f"{name} “é”"[: getattr(kind, "length", None)]


def as_text(value: object) -> str:
    # a file keeps no time zone
    return f"{value:%Y-%m-%d %H:%M:%S.%f}" if isinstance(value, datetime) else str(value)


def rows_of(connection: Connection, names: list[str]) -> dict[str, list[dict[str, str]]]:
    found = MetaData()
    found.reflect(connection, only=names)
    return {
        name: [
            {column: as_text(value) for column, value in row.items()}
            for row in connection.execute(select(found.tables[name])).mappings()
        ]
        for name in names
    }


def fill(connection: Connection) -> list[str]:
    """One row in every table that there is at this step, in every column; their names."""
    found = MetaData()
    found.reflect(connection)
    names = [table.name for table in found.sorted_tables if table.name != "alembic_version"]
    for table in found.sorted_tables:
        if table.name in names:
            values = {column.name: a_value(table.name, column.name, column.type) for column in table.columns}
            if "previous_hash" in values:
                values |= {"salt": "s", "sealed": None, "previous_hash": NO_HASH}
                kind = TRAIL if table.name == "audit" else VIEWS
                values["hash"] = hash_of_row(NO_HASH, kind.fixed, kind.leaves, values)
            # numbered by the database, so that what comes after goes on from there
            del values["id"]
            connection.execute(insert(table).values(**values))
    return names


@pytest.mark.parametrize("step", STEPS)
def test_records_of_every_earlier_step_move_on_whole(empty_address: str, step: str) -> None:
    engine = create_engine(empty_address)
    with engine.begin() as connection:
        migrated_to(connection, step)
        names = fill(connection)
        before = rows_of(connection, names)
    engine.dispose()
    records = open_records(empty_address)
    with reading(records) as connection:
        after = rows_of(connection, names)
        trail = connection.execute(select(AUDIT).order_by(AUDIT.c.id)).mappings().all()
    for name in names:
        (was,) = before[name]
        assert {(name, column) for column in was} - {(name, column) for column in after[name][0]} <= MOVED
        kept = {column: value for column, value in after[name][0].items() if column in was}
        assert kept == {column: value for column, value in was.items() if (name, column) not in MOVED}, name
    previous = NO_HASH
    for row in trail:
        assert row["previous_hash"] == previous
        assert row["hash"] == hash_of_row(previous, TRAIL.fixed, TRAIL.leaves, dict(row))
        previous = row["hash"]
    # a step that moved actions told of it
    assert len(trail) == (2 if step < "r0004" else 1)
    close_records(records)


def test_the_steps_are_all_there_are_before_the_newest() -> None:
    files = sorted(path.name[:5] for path in (MIGRATIONS / "versions").glob("r*.py"))
    assert files[: len(STEPS)] == list(STEPS)
    assert len(METADATA.tables) > 20
