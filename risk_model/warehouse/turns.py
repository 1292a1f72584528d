"""One at a time: two processes that wrote the same thing at once could mix their files."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from risk_model.domain.errors import NotStored, RiskModelError
from risk_model.warehouse.storing import clear_leftovers, storing

PATIENCE_SECONDS = 300.0


class TurnTaken(RiskModelError):
    """Somebody else has had the turn for longer than one waits."""


@contextmanager
def turn(folder: Path, act: str, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Wait until no other process does this here, and keep the others waiting meanwhile.

    SQLite's lock on an empty file is used: it works on every system, and is gone when its process dies. Whoever
    has the turn clears away what a dead one left half-written.

    Args:
        act: what takes turns, in a word that names the lock's file: "import", "build".
    Raises:
        TurnTaken: another process has not finished in time.
        NotStored: the folder or the lock's file cannot be written.
    """
    with storing(f"What the {act} makes"):
        folder.mkdir(parents=True, exist_ok=True)
    lock_file = folder / f"{act}.lock"
    with closing(_opened(lock_file, act, patience_seconds)) as lock:
        try:
            lock.execute("begin exclusive")
        except sqlite3.Error as error:
            raise _refused(lock_file, act, error) from error
        clear_leftovers(folder)
        yield


def _opened(lock_file: Path, act: str, patience_seconds: float) -> sqlite3.Connection:
    try:
        return sqlite3.connect(lock_file, timeout=patience_seconds, isolation_level=None)
    except sqlite3.Error as error:
        raise _refused(lock_file, act, error) from error


def _refused(lock_file: Path, act: str, error: sqlite3.Error) -> RiskModelError:
    # the low byte is the code; the rest says more about the same code
    if (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return TurnTaken(
            f"Nothing was stored: another {act} has been running for too long.",
            ["Wait until it has finished, or end it, and try again. Nothing was changed."],
        )
    return NotStored(
        f"Nothing was stored: the file {lock_file}, by which each {act} waits for the other, cannot be used ({error}).",
        [
            "Nothing was changed.",
            "Check that the data directory (RISK_DATA_DIR) may be written to, and remove that file if it is not "
            "empty; then try again.",
        ],
    )
