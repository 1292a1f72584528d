"""Opening the records, and the two ways to talk to them: reading and writing."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from risk_model.casework.faults import NOTHING_CHANGED, faults_in_words, is_out_of_reach, refusal_of, unknown_end
from risk_model.casework.patience import ANSWER_TIMEOUT_S, PatientConnection
from risk_model.casework.row_scope import cut, cut_statement
from risk_model.domain.errors import RecordRefused

MIGRATIONS = Path(__file__).resolve().parent / "migrations"
# how long a writer waits for another, on either engine
BUSY_TIMEOUT_MS = 10_000
# PostgreSQL alone: how long a connection may take to come about, a statement to be answered, and a transaction to be
# left open by a process that hangs; and after how long a network that takes nothing any more is given up. A server
# that says nothing at all is given up by `patience`.
CONNECT_TIMEOUT_S = 10
STATEMENT_TIMEOUT_MS = 30_000
IDLE_TIMEOUT_MS = 60_000
SILENCE_TIMEOUT_MS = 30_000
WRITES = "risk_model_writes"
# Any fixed number: on PostgreSQL it names the lock under which one transaction at a time writes, as on SQLite. What is
# checked before a write then still holds when it is written, and the audit trail is one chain.
WRITE_LOCK = 731_904
# Alembic keeps the running migration in its own module, so two threads of one process must take turns.
_ONE_MIGRATION = threading.Lock()


@dataclass(frozen=True)
class Records:
    """An open handle on the records of one copy of the product. Threads may share it."""

    engine: Engine


def cut_records(records: Records, la_codes: frozenset[str] | None) -> Records:
    """The same records, of which only those of some LAs are there; None for all of them."""
    return records if la_codes is None else Records(cut(records.engine, la_codes))


class WatchedRecords(Records):
    """Records that know whether anybody has looked into them, through this handle."""

    was_read: bool

    def __init__(self, records: Records) -> None:
        """Nobody has looked yet."""
        object.__setattr__(self, "was_read", False)
        object.__setattr__(self, "_records", records)

    @property
    def engine(self) -> Engine:
        """Whoever asks for it looks."""
        object.__setattr__(self, "was_read", True)
        records: Records = object.__getattribute__(self, "_records")
        return records.engine


def open_records(url: str) -> Records:
    """Open the records, make or migrate their tables, and hand back a handle.

    Args:
        url: a SQLAlchemy address: `sqlite:///path/records.sqlite` or `postgresql+psycopg://…`.
    Raises:
        RecordRefused: the address is not one, the place cannot be opened, or a newer version wrote it.
    """
    engine = _engine(_address(url))
    # a password may also stand behind the question mark
    shown = engine.url.set(query={}).render_as_string(hide_password=True)
    try:
        with _ONE_MIGRATION:
            _migrate(engine, shown)
    except DBAPIError as error:
        engine.dispose()
        raise RecordRefused(
            f"The records at {shown} could not be opened: {error.orig}.",
            [NOTHING_CHANGED, "Check that the place exists and may be written, then try again."],
        ) from error
    except RecordRefused:
        engine.dispose()
        raise
    return Records(engine)


def open_as_they_are(url: str) -> Records:
    """A handle on records in the form in which they are; they may be of an earlier version, and stay so.

    Args:
        url: as `open_records` takes it, of records that are there.
    Raises:
        RecordRefused: the address is not one.
    """
    return Records(_engine(_address(url)))


def close_records(records: Records) -> None:
    """Close every connection, so that the file can be moved or copied."""
    records.engine.dispose()


@contextmanager
def reading(records: Records) -> Iterator[Connection]:
    """A connection that sees one state of the records from beginning to end.

    Raises:
        RecordRefused: the engine is busy, slow or out of reach.
    """
    with faults_in_words(), records.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            yield connection


@contextmanager
def writing(records: Records) -> Iterator[Connection]:
    """One transaction: everything inside is written together, or nothing is. One at a time writes.

    Raises:
        RecordRefused: somebody else was writing for longer than the busy timeout, or the engine is slow, full or out
            of reach.
    """
    with faults_in_words(), _writing(records.engine) as connection:
        yield connection


@contextmanager
def _writing(engine: Engine) -> Iterator[Connection]:
    with engine.connect() as connection:
        connection.execution_options(**{WRITES: True})
        transaction = connection.begin()
        try:
            if connection.dialect.name == "postgresql":
                connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": WRITE_LOCK})
            yield connection
        except BaseException:
            # a server that is gone has rolled back by itself
            with suppress(DBAPIError):
                transaction.rollback()
            raise
        _commit(connection)


def _commit(connection: Connection) -> None:
    try:
        connection.commit()
    except DBAPIError as error:
        if not is_out_of_reach(error):
            with suppress(DBAPIError):
                connection.rollback()
            raise
        raise unknown_end() from error


def newest_number(records: Records, table: str) -> int:
    """The highest number of a table, 0 where there is none.

    Pages ask it many times a run, so it goes past SQLAlchemy's own objects: a tenth of the time.

    Raises:
        RecordRefused: the engine is busy, slow or out of reach.
    """
    connection = None
    try:
        connection = records.engine.raw_connection()
        cursor = connection.cursor()
        cursor.execute(f"select max(id) from {table}")
        found = cursor.fetchall()
        cursor.close()
    except Exception as error:
        # the driver's own error: SQLAlchemy's words are not around it here
        refusal = refusal_of(error)
        if refusal is None:
            raise
        if connection is not None:
            connection.invalidate()
        raise refusal from error
    finally:
        if connection is not None:
            connection.close()
    return int(found[0][0] or 0)


def _address(url: str) -> URL:
    try:
        address = make_url(url)
    except (ArgumentError, ValueError) as error:
        raise _no_address() from error
    if address.drivername in ("postgresql", "postgres"):
        return address.set(drivername="postgresql+psycopg")
    return address


def _no_address() -> RecordRefused:
    return RecordRefused(
        "The address of the records is not one.",
        ["Give it as sqlite:///path/records.sqlite or postgresql+psycopg://user@host/database."],
    )


def _engine(url: URL) -> Engine:
    engine = _engine_of(url)
    event.listen(engine, "before_execute", cut_statement, retval=True)
    return engine


def _engine_of(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return _server_engine(url)
    if url.database and url.database != ":memory:":
        _make_folder(Path(url.database).parent)
    engine = create_engine(url, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _server_engine(url: URL) -> Engine:
    if url.drivername != "postgresql+psycopg":
        raise _no_address()
    settings = {
        "lock_timeout": BUSY_TIMEOUT_MS,
        "statement_timeout": STATEMENT_TIMEOUT_MS,
        "idle_in_transaction_session_timeout": IDLE_TIMEOUT_MS,
    }
    told = [str(url.query.get("options", "")), *(f"-c {name}={value}" for name, value in settings.items())]
    arguments = {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "tcp_user_timeout": SILENCE_TIMEOUT_MS,
        "application_name": "risk_model",
        "options": " ".join(told).strip(),
    }
    # asked before each use: a connection that was dropped is replaced by itself
    engine = create_engine(url, pool_pre_ping=True, pool_timeout=CONNECT_TIMEOUT_S, connect_args=arguments)
    event.listen(engine, "do_connect", _connect_patiently)
    return engine


def _connect_patiently(_dialect: object, _record: object, given: Sequence[Any], named: Mapping[str, Any]) -> Any:
    connection = PatientConnection.connect(*given, **named)
    connection.patience_s = ANSWER_TIMEOUT_S
    return connection


@contextmanager
def _without_hurry(connection: Connection) -> Iterator[None]:
    """A step of the migrations may take as long as it takes, on a server of many records."""
    driver: Any = connection.connection.driver_connection
    patience_s, driver.patience_s = driver.patience_s, None
    try:
        connection.execute(text("set local statement_timeout = 0"))
        yield
    finally:
        driver.patience_s = patience_s


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
    # what is erased is overwritten, and does not stay in pages of the file that are free
    connection.execute("pragma secure_delete = on")


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
        config.attributes["connection"] = connection
        with _without_hurry(connection) if engine.dialect.name == "postgresql" else nullcontext():
            command.upgrade(config, "head")


def _use_write_ahead_log(engine: Engine) -> None:
    """Readers go on while somebody writes. The file remembers it, so once is enough."""
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("pragma journal_mode = wal")
    finally:
        connection.close()
