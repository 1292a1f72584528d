"""This copy of the product: its data directory, the build that is current, and the records."""

import os
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from risk_model.casework import Records, WatchedRecords, close_records, cut_records, newest_entry, open_records
from risk_model.domain.errors import NotFound
from risk_model.domain.paths import RECORDS_FILE, DataDir
from risk_model.scoring.building import make_build
from risk_model.scoring.measuring import CARRIED
from risk_model.sources.catalogue import SOURCES
from risk_model.warehouse.builds import (
    Build,
    Reader,
    build_for,
    current_build,
    earlier_forms,
    last_build,
    pointer_state,
    read_builds,
)

__all__ = [
    "Build",
    "Copy",
    "Reader",
    "Records",
    "close_records",
    "cut_copy",
    "files_state",
    "open_data_records",
    "open_reader",
    "opened",
    "records_state",
    "require_build",
    "shown_state",
    "watched",
]


# SQLite's shared memory, in which whoever only reads leaves traces
_ONLY_READ = "-shm"


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
        NotFound: nothing has been built here yet, or only by an earlier version.
    """
    build = current_build(data)
    if build is None and (earlier := earlier_forms(data)):
        raise NotFound(
            f"The builds that are kept here, {len(earlier)}, were made by an earlier version of the product, and are "
            "of a form that this one does not read.",
            ["Run `python -m risk_model build`: it is made from the same files. What earlier builds said is kept."],
        )
    if build is None:
        raise NotFound(
            "Nothing has been built here yet.",
            [
                "Run `python -m risk_model demo` for the invented LA, "
                "or import files and run `python -m risk_model build`."
            ],
        )
    return build


def open_reader(data: DataDir, build_id: str, la_codes: frozenset[str] | None = None) -> Reader:
    """A build, open for reading until it is closed.

    Args:
        la_codes: the LAs whose schools' judgements are in it; None for all.
    Raises:
        NotFound: it is not kept any more.
    """
    for build in read_builds(data):
        if build.build_id == build_id:
            return Reader(build, la_codes, [one.id for one in SOURCES if one.held_by_la], CARRIED)
    raise NotFound(f"The build {build_id} is not kept any more.", ["Load the page again."])


def cut_copy(copy: Copy, reader: Reader, la_codes: frozenset[str] | None) -> Copy:
    """The same copy for a viewer of some LAs: others' judgements and records are not in it.

    Args:
        reader: of the same build, cut to the same LAs.
    """
    return replace(copy, reader=reader, records=cut_records(copy.records, la_codes))


def open_data_records(data: DataDir) -> Records:
    """The records of a data directory, migrated to the newest form."""
    data.root.mkdir(parents=True, exist_ok=True)
    return open_records(data.records_url)


def shown_state(data: DataDir) -> Hashable:
    """What changes whenever another build is shown; quicker than asking which one it is."""
    return pointer_state(data)


def watched(copy: Copy) -> tuple[Copy, Callable[[], bool]]:
    """The same copy, and a question: has anybody looked into its records since?"""
    records = WatchedRecords(copy.records)
    return replace(copy, records=records), lambda: records.was_read


def files_state(data: DataDir) -> tuple[Hashable, Hashable]:
    """What changes whenever a file changes that services read: a release, a build, a setting of the LA; the records.

    Files are told by their name, time and size, folders and those within them that matter by their time, since every
    file there comes by a rename and goes by being removed.

    Returns:
        What there is but the records, and the records' own file, where they are one: what was changed past their audit
        trail is seen, too.
    """
    with os.scandir(data.root) as found:
        files = [_file_state(entry.path) for entry in found if not entry.name.endswith(_ONLY_READ)]
    files += [_file_state(str(folder)) for folder in (data.withdrawn, data.flags)]
    begin = f"{data.root / RECORDS_FILE}"
    of_records = frozenset(one for one in files if one[0].startswith(begin))
    return frozenset(files) - of_records, of_records


def records_state(records: Records) -> Hashable:
    """What changes whenever somebody writes down something: the newest entry of the audit trail."""
    return newest_entry(records)


def _file_state(path: str) -> tuple[str, int, int]:
    # asked of the file itself, since a listing may lag behind on Windows; and not by way of a Path, which takes five
    # times as long, many times a run
    try:
        told = os.stat(path)  # noqa: PTH116
    except FileNotFoundError:
        return path, 0, 0
    return path, told.st_mtime_ns, told.st_size


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
