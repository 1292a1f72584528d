"""One import at a time: two that wrote the same release at once could mix their files."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager

from risk_model.domain.errors import FileRefused
from risk_model.domain.paths import DataDir

_PATIENCE_SECONDS = 300.0


@contextmanager
def import_turn(data: DataDir, patience_seconds: float = _PATIENCE_SECONDS) -> Iterator[None]:
    """Wait until no other process stores a file, and keep the others waiting meanwhile.

    SQLite's lock on an empty file is used: it works on every system, and is gone when its process dies.

    Raises:
        FileRefused: another process has not finished in time.
    """
    data.lake.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(data.lake / "import.lock", timeout=patience_seconds, isolation_level=None)) as lock:
        try:
            lock.execute("begin exclusive")
        except sqlite3.OperationalError as error:
            raise FileRefused(
                "The file was not imported: another import has been running for too long.",
                ["Wait until it has finished, or end it, and try again. Nothing was changed."],
            ) from error
        yield
