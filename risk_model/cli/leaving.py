"""What the command line gives away: written to a file, or printed, once the log of exports holds it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from risk_model.cli.printing import printed_once_logged
from risk_model.domain.errors import RiskModelError
from risk_model.domain.paths import data_dir
from risk_model.domain.viewer import local_viewer
from risk_model.exports.tables import as_csv, as_parquet, as_xlsx
from risk_model.services.copy import Copy, close_records, open_data_records
from risk_model.services.leaving import hand_over_text, hand_over_without_build
from risk_model.warehouse.storing import storing


@contextmanager
def leaving_as_text(copy: Copy, command: str) -> Iterator[None]:
    """What is printed inside tells of schools: it is in the log of exports before anybody reads it."""
    with printed_once_logged(lambda text: hand_over_text(local_viewer(), copy, command, text)):
        yield


def log_without_build(what: str, name: str, content: bytes, urns: Sequence[str]) -> None:
    """Log what leaves and rests on no build: its kind, its name, its content, the schools that it tells of."""
    records = open_data_records(data_dir())
    try:
        hand_over_without_build(local_viewer(), records, what, name, content, urns)
    finally:
        close_records(records)


def write(out: Path, content: bytes) -> None:
    """Write a file, in a folder that is made for it where there is none.

    Raises:
        RiskModelError: it cannot be written.
    """
    with storing(f'"{out.name}"'):
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(content)


def writer_for(out: Path) -> Any:
    """What makes a table into a file of this ending.

    Raises:
        RiskModelError: the ending is not known.
    """
    writers = {".csv": as_csv, ".parquet": as_parquet, ".xlsx": as_xlsx}
    writer = writers.get(out.suffix.lower())
    if writer is None:
        raise RiskModelError(
            f'"{out.name}" was not written: its ending is not one that is known.', ["Use .csv, .parquet or .xlsx."]
        )
    return writer
