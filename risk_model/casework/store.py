"""Opening the records, and the two ways to talk to them: reading and writing."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, OperationalError

from risk_model.domain.errors import RecordRefused

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
BUSY_TIMEOUT_MS = 10_000
WRITES = "risk_model_writes"
# Any fixed number: on PostgreSQL it names the lock under which one server at a time migrates.
MIGRATION_LOCK = 731_904
SQLITE_BUSY_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
# Alembic keeps the running migration in its own module, so two threads of one process must take turns.
_ONE_MIGRATION = threading.Lock()


@dataclass(frozen=True)
class Records:
    """An open handle on the records of one copy of the product. Threads may share it."""

    engine: Engine


def open_records(url: str) -> Records:
    """Open the records, make or migrate their tables, and hand back a handle.

    Args:
        url: a SQLAlchemy address: `sqlite:///path/records.sqlite` or `postgresql+psycopg://…`.
    Raises:
        RecordRefused: the address is not one, the place cannot be opened, or a newer version wrote it.
    """
    engine = _engine(_address(url))
    shown = engine.url.render_as_string(hide_password=True)
    try:
        with _ONE_MIGRATION:
            _migrate(engine, shown)
    except DBAPIError as error:
        engine.dispose()
        raise RecordRefused(
            f"The records at {shown} could not be opened: {error.orig}.",
            ["Nothing was changed.", "Check that the place exists and may be written, then try again."],
        ) from error
    except RecordRefused:
        engine.dispose()
        raise
    return Records(engine)


def close_records(records: Records) -> None:
    """Close every connection, so that the file can be moved or copied."""
    records.engine.dispose()


@contextmanager
def reading(records: Records) -> Iterator[Connection]:
    """A connection that sees one state of the records from beginning to end."""
    with records.engine.connect() as connection, connection.begin():
        yield connection


@contextmanager
def writing(records: Records) -> Iterator[Connection]:
    """One transaction: everything inside is written together, or nothing is.

    Raises:
        RecordRefused: somebody else was writing for longer than the busy timeout.
    """
    try:
        with _writing(records.engine) as connection:
            yield connection
    except OperationalError as error:
        if not _is_busy(error):
            raise
        raise RecordRefused(
            "Somebody else is writing to the records just now.",
            ["Nothing was changed.", "Try again in a moment."],
        ) from error


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        connection.execution_options(**{WRITES: True})
        with connection.begin():
            yield connection


def _is_busy(error: DBAPIError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", None)
    # The low byte is the code; the rest says more about the same code.
    return isinstance(code, int) and code & 0xFF in SQLITE_BUSY_CODES


def _address(url: str) -> URL:
    try:
        return make_url(url)
    except ArgumentError as error:
        raise RecordRefused(
            "The address of the records is not one.",
            ["Give it as sqlite:///path/records.sqlite or postgresql+psycopg://user@host/database."],
        ) from error


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url, pool_pre_ping=True)
    if url.database and url.database != ":memory:":
        _make_folder(Path(url.database).parent)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordRefused(
            f"The folder of the records, {folder}, could not be made: {error.strerror}.",
            ["Nothing was changed.", "Name a data directory that may be written."],
        ) from error


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # Python's own handling begins a transaction only before the first write: too late for a read that a
    # change rests on. We say BEGIN ourselves, in _begin_sqlite.
    connection.isolation_level = None
    connection.execute("pragma foreign_keys = on")
    connection.execute(f"pragma busy_timeout = {BUSY_TIMEOUT_MS}")
    # Without it, "insert or replace" would delete rows behind the back of the triggers that forbid it.
    connection.execute("pragma recursive_triggers = on")


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock before it reads: two writers queue, and neither finds its read out of date.
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("begin immediate" if writes else "begin")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", MIGRATIONS.as_posix().replace("%", "%%"))
    return config


def _migrate(engine: Engine, shown: str) -> None:
    config = _config()
    script = ScriptDirectory.from_config(config)
    known = {revision.revision for revision in script.walk_revisions()}
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in known:
        raise RecordRefused(
            f"The records at {shown} were written by a newer version of the product ({current}).",
            ["Nothing was changed.", "Install that version, or restore a backup from before the update."],
        )
    if current == script.get_current_head():
        return
    if engine.dialect.name == "sqlite":
        _use_write_ahead_log(engine)
    with _writing(engine) as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _use_write_ahead_log(engine: Engine) -> None:
    """Readers go on while somebody writes. The file remembers it, so once is enough."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("pragma journal_mode = wal")
    finally:
        connection.close()
