"""All records as one file of their own, and back: what a backup holds of them."""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

from alembic.script import ScriptDirectory
from sqlalchemy import make_url

from risk_model.casework.looking import records_state
from risk_model.casework.moving import copy_records
from risk_model.casework.store import MIGRATIONS, Records, close_records, open_as_they_are, open_records, writing
from risk_model.domain.errors import RecordRefused
from risk_model.warehouse.storing import write_whole


def open_for_snapshot(url: str) -> Records:
    """Records in the form in which they are: whoever makes a backup before an update must find the old form in it.

    Raises:
        RecordRefused: the records cannot be reached, were written by a newer version, or stand on a server in an
            earlier form, which only the version that wrote it can copy.
    """
    state = records_state(url)
    if not state.is_there or state.revision == state.newest or not state.is_known:
        return open_records(url)
    if make_url(url).get_backend_name() != "sqlite":
        raise RecordRefused(
            f"No backup was made: the records at {state.where} are of form {state.revision}, and this version's is "
            f"{state.newest}.",
            ["Nothing was changed.", "Make the backup with the version that wrote them, or with the server's pg_dump."],
        )
    return open_as_they_are(url)


@contextmanager
def nobody_writes(records: Records) -> Iterator[None]:
    """Keep others from writing, where the records are a file; a server has no such moment for everybody."""
    with writing(records) if records.engine.dialect.name == "sqlite" else nullcontext():
        yield


def snapshot_records(records: Records, target: Path) -> None:
    """Write all records into a new SQLite file, as they are at one moment, while others read.

    Args:
        target: a file that is not there yet.
    Raises:
        RecordRefused: the records on a server do not hold together, or cannot be reached.
    """
    if records.engine.dialect.name != "sqlite":
        with closing_records(records_url_of(target)) as made:
            copy_records(records, made)
        return
    source = records.engine.raw_connection()
    try:
        with closing(sqlite3.connect(target)) as copy:
            source.driver_connection.backup(copy)  # type: ignore[union-attr]
    finally:
        source.close()


def records_url_of(file: Path) -> str:
    """The address of records that are a file."""
    return f"sqlite:///{file.as_posix()}"


@contextmanager
def closing_records(url: str) -> Iterator[Records]:
    """Records, open for a while."""
    records = open_records(url)
    try:
        yield records
    finally:
        close_records(records)


def snapshot_revision(snapshot: Path) -> str:
    """By which form of the tables a snapshot was written; nothing in it is changed.

    Raises:
        RecordRefused: it holds no records, is damaged, or a newer version wrote it.
    """
    try:
        with closing(sqlite3.connect(f"{snapshot.as_uri()}?mode=ro&immutable=1", uri=True)) as connection:
            found = connection.execute("select version_num from alembic_version").fetchone()
            whole = connection.execute("pragma integrity_check").fetchone()
    except sqlite3.Error as error:
        raise RecordRefused(f"The records of the backup cannot be read: {error}.", ["Nothing was changed."]) from error
    if found is None or whole != ("ok",):
        raise RecordRefused("The records of the backup are damaged.", ["Nothing was changed."])
    known = {one.revision for one in ScriptDirectory(str(MIGRATIONS)).walk_revisions()}
    if found[0] not in known:
        raise RecordRefused(
            f"The records of the backup were written by a newer version of the product ({found[0]}).",
            ["Nothing was changed.", "Install that version, and restore with it."],
        )
    return str(found[0])


def place_snapshot(snapshot: Path, url: str) -> None:
    """Make a snapshot the records at an address.

    Args:
        url: a SQLAlchemy address, of records that do not exist yet.
    Raises:
        RecordRefused: records are there already, or the server cannot be reached.
        OSError: they could not be written.
    """
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        with closing_records(records_url_of(snapshot)) as old, closing_records(url) as new:
            copy_records(old, new)
        return
    target = Path(address.database or "")
    if target.exists():
        raise RecordRefused(
            f"There are records at {address.render_as_string(hide_password=True)} already.",
            ["Nothing was changed.", "Move them away, or name another place in RECORDS_URL."],
        )
    target.parent.mkdir(parents=True, exist_ok=True)
    write_whole(target, lambda partial: shutil.copyfile(snapshot, partial))
