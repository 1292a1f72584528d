"""One import at a time: two that wrote the same release at once could mix their files."""

from collections.abc import Iterator
from contextlib import contextmanager

from risk_model.domain.errors import FileRefused
from risk_model.domain.paths import DataDir
from risk_model.warehouse.turns import PATIENCE_SECONDS, TurnTaken, turn


@contextmanager
def import_turn(data: DataDir, patience_seconds: float = PATIENCE_SECONDS) -> Iterator[None]:
    """Wait until no other process stores a file, and keep the others waiting meanwhile.

    Raises:
        FileRefused: another process has not finished in time.
        NotStored: the lake cannot be written.
    """
    try:
        with turn(data.lake, "import", patience_seconds):
            yield
    except TurnTaken as taken:
        raise FileRefused(f"The file was not imported. {taken.message}", taken.details) from taken
