"""Writing that is whole or not there: under another name first, renamed at the end, with a word where it fails."""

import contextlib
import os
import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from risk_model.domain.errors import NotStored

PARTIAL = ".partial"
# by what follows the mark: a database's log, the folder that DuckDB uses where memory does not suffice
_LEFTOVERS = (f"*{PARTIAL}*", "*.overflow")
_TRIES = 20
_PAUSE_SECONDS = 0.05


@contextmanager
def storing(what: str) -> Iterator[None]:
    """Say in words why something could not be written; only writing belongs inside.

    Args:
        what: the thing, as the beginning of a sentence: "The release ks2-2023-2024".
    Raises:
        NotStored: the system did not let it be written (disk full, read-only, a file where a folder should be).
    """
    try:
        yield
    except OSError as error:
        raise not_stored(what, error) from error


def not_stored(what: str, error: OSError) -> NotStored:
    """Why something could not be written: the system's own word and, where it says so, the file."""
    reason = error.strerror or str(error).splitlines()[0]
    where = f" at {error.filename}" if error.filename else ""
    return NotStored(
        f"{what} was not stored: the system refused to write{where} ({reason}).",
        [
            "What was stored before is whole and stays as it is.",
            "Make room on the disk, and check that it is a place that you may write to (RISK_DATA_DIR names the data "
            "directory); then try again.",
        ],
    )


def write_whole(target: Path, write: Callable[[Path], object]) -> None:
    """Let a file be written under a name of its own, then give it its real one: readers see all of it or nothing.

    Args:
        write: writes the file at the path that it is given, and closes it.
    Raises:
        OSError: it could not be written; nothing of it is left.
    """
    partial = target.with_name(f"{target.name}.{uuid.uuid4().hex[:6]}{PARTIAL}")
    try:
        write(partial)
        rename(partial, target)
    except BaseException:
        forget(partial)
        raise


def rename(source: Path, target: Path) -> None:
    """Give a closed file another's place; on Windows that has to wait while somebody reads the other.

    Raises:
        OSError: it could not be done.
    """
    for _ in range(_TRIES):
        try:
            os.replace(source, target)
        except PermissionError:
            time.sleep(_PAUSE_SECONDS)
        else:
            return
    os.replace(source, target)


def clear_leftovers(folder: Path) -> None:
    """Remove what a process that died left half-written; only whoever holds the folder's turn may call this."""
    for pattern in _LEFTOVERS:
        for left in folder.glob(pattern):
            forget(left)


def forget(path: Path) -> None:
    """Remove a file, or a folder of temporary ones; what is open elsewhere stays for the next time."""
    with contextlib.suppress(OSError):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
