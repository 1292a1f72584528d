"""What the engines of the records say when something is wrong with them, in words that a user may read."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import DBAPIError, TimeoutError

from risk_model.domain.errors import RecordRefused

# codes of SQLite
BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
FULL = frozenset({sqlite3.SQLITE_FULL})
UNREADABLE = frozenset({sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY})
# codes of PostgreSQL (its manual, appendix A): lock not available, deadlock, serialization failure
BUSY_STATES = frozenset({"55P03", "40P01", "40001"})
SLOW_STATES = frozenset({"57014", "25P03", "25P04"})
FULL_STATES = frozenset({"53100", "53200", "54000"})
READ_ONLY_STATES = frozenset({"25006", "42501"})
# classes of them: the connection, the operator's intervention, too little of something, the server's own disk
GONE_CLASSES = frozenset({"08", "57", "53", "58", "28"})

NOTHING_CHANGED = "Nothing was changed."
AGAIN = "Try again in a moment."


@contextmanager
def faults_in_words() -> Iterator[None]:
    """Whatever the engine cannot help becomes a word for the user; what is a fault of ours stays loud.

    Raises:
        RecordRefused: busy, slow, full, out of reach, or not to be written.
    """
    try:
        yield
    except TimeoutError as error:
        raise _no_connection() from error
    except DBAPIError as error:
        refusal = refusal_of(error.orig, error.connection_invalidated)
        if refusal is None:
            raise
        raise refusal from error


def refusal_of(error: object, is_gone: bool = False) -> RecordRefused | None:
    """What to tell of an error of the engine; None for one that is a fault of ours.

    Args:
        error: of the driver.
        is_gone: the connection is known to be lost.
    """
    number = getattr(error, "sqlite_errorcode", None)
    if isinstance(number, int):
        # the low byte is the code; the rest says more about the same code
        return _of_sqlite(number & 0xFF)
    if isinstance(error, sqlite3.Error):
        return None
    return _of_postgresql(error, is_gone)


def is_out_of_reach(error: DBAPIError) -> bool:
    """Whether the server went away, so that nobody knows how far it came."""
    state = _state(error.orig)
    return error.connection_invalidated or (not isinstance(error.orig, sqlite3.Error) and state[:2] in ("", "08", "57"))


def unknown_end() -> RecordRefused:
    """For a server that went away while it was told to keep a change."""
    return RecordRefused(
        "The server of the records went away, or fell silent, while it kept your change.",
        ["The change was kept whole, or not at all.", "Look whether it is there before you make it again."],
    )


def _of_sqlite(code: int) -> RecordRefused | None:
    if code in BUSY:
        return _busy()
    if code in FULL:
        return _full()
    if code in UNREADABLE:
        return RecordRefused(
            "The file of the records could not be read or written.",
            [NOTHING_CHANGED, "Check that the disk is there and has room, and that the file may be written."],
        )
    return None


def _of_postgresql(error: object, is_gone: bool) -> RecordRefused | None:
    state = _state(error)
    if getattr(error, "gave_no_answer", False):
        return RecordRefused(
            "The server of the records does not answer.",
            [NOTHING_CHANGED, f"{AGAIN} If it stays so, tell whoever looks after the database: it may hang."],
        )
    if state in BUSY_STATES:
        return _busy()
    if state in SLOW_STATES:
        return RecordRefused(
            "The server of the records took too long to answer.",
            [NOTHING_CHANGED, f"{AGAIN} If it stays slow, tell whoever looks after the database."],
        )
    if state in FULL_STATES:
        return _full()
    if state in READ_ONLY_STATES:
        return RecordRefused(
            "The server of the records lets nothing be written.",
            [NOTHING_CHANGED, "Tell whoever looks after the database: it is read only, or a right is missing."],
        )
    if is_gone or state[:2] in GONE_CLASSES or (not state and _is_operational(error)):
        return RecordRefused(
            "The server of the records cannot be reached just now.",
            [NOTHING_CHANGED, f"{AGAIN} The page finds the server by itself as soon as it is back."],
        )
    return None


def _state(error: Any) -> str:
    return getattr(error, "sqlstate", None) or ""


def _is_operational(error: object) -> bool:
    # PEP 249's word for what is not the program's fault, in every driver
    return any(one.__name__ in ("OperationalError", "InterfaceError") for one in type(error).__mro__)


def _busy() -> RecordRefused:
    return RecordRefused("Somebody else is writing to the records just now.", [NOTHING_CHANGED, AGAIN])


def _no_connection() -> RecordRefused:
    return RecordRefused(
        "No connection to the records is free: very many people work at once, or the records do not answer just now.",
        [NOTHING_CHANGED, f"{AGAIN} If it stays so, tell whoever looks after the database."],
    )


def _full() -> RecordRefused:
    return RecordRefused(
        "There is no room left where the records are kept.",
        [NOTHING_CHANGED, "Make room on that disk, or tell whoever looks after it. Then try again."],
    )
