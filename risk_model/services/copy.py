"""This copy of the product: its data directory, the build that is current, and the records."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from risk_model.casework import Records, close_records, open_records
from risk_model.domain.errors import NotFound
from risk_model.domain.paths import DataDir
from risk_model.scoring.building import make_build
from risk_model.warehouse.builds import Build, Reader, build_for, current_build, last_build, read_builds

__all__ = [
    "Build",
    "Copy",
    "Reader",
    "Records",
    "close_records",
    "open_data_records",
    "open_reader",
    "opened",
    "require_build",
]


@dataclass(frozen=True)
class Copy:
    """What a service reads: an open build and the records. Threads may share it.

    Attributes:
        reader: the build, open for reading; evidence and judgements come from here alone.
        records: what users wrote.
    """

    data: DataDir
    reader: Reader
    records: Records

    @property
    def build(self) -> Build:
        """The build that is shown."""
        return self.reader.build


def require_build(data: DataDir) -> Build:
    """The current build.

    Raises:
        NotFound: nothing has been built here yet.
    """
    build = current_build(data)
    if build is None:
        raise NotFound(
            "Nothing has been built here yet.",
            [
                "Run `python -m risk_model demo` for the invented LA, "
                "or import files and run `python -m risk_model build`."
            ],
        )
    return build


def open_reader(data: DataDir, build_id: str) -> Reader:
    """A build, open for reading until it is closed.

    Raises:
        NotFound: it is not kept any more.
    """
    for build in read_builds(data):
        if build.build_id == build_id:
            return Reader(build)
    raise NotFound(f"The build {build_id} is not kept any more.", ["Load the page again."])


def open_data_records(data: DataDir) -> Records:
    """The records of a data directory, migrated to the newest form."""
    data.root.mkdir(parents=True, exist_ok=True)
    return open_records(data.records_url)


@contextmanager
def opened(data: DataDir, as_at: date | None = None, rules_folder: Path | None = None) -> Iterator[Copy]:
    """Open the copy for a short while, on the current build or on one of a date (made where there is none)."""
    build = require_build(data) if as_at is None else _build_of(data, as_at)
    records = open_data_records(data)
    try:
        with build.reader() as reader:
            yield Copy(data, reader, records)
    finally:
        close_records(records)


def _build_of(data: DataDir, as_at: date) -> Build:
    current = last_build(data)
    if current is not None and current.as_at == as_at:
        return current
    return build_for(data, as_at) or make_build(data, as_at, make_current=False).build
