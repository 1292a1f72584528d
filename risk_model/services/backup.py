"""A backup: everything that this copy of the product keeps, in one file, made while people work; and back again."""

import hashlib
import platform
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from risk_model.casework import NewExport, close_records, record_export
from risk_model.casework.looking import records_state
from risk_model.casework.snapshot import (
    nobody_writes,
    open_for_snapshot,
    place_snapshot,
    snapshot_records,
    snapshot_revision,
)
from risk_model.domain.errors import Damaged, NotFound, NotStored
from risk_model.domain.paths import RECORDS_FILE, DataDir, records_in
from risk_model.domain.viewer import Right, Viewer, require
from risk_model.scoring.steps import made_by
from risk_model.services.copy import open_data_records
from risk_model.sources.turns import import_turn
from risk_model.warehouse.archive import Manifest, unpack_archive, write_archive
from risk_model.warehouse.builds import earlier_forms, read_builds
from risk_model.warehouse.lake import is_whole, lake_damage, read_releases
from risk_model.warehouse.storing import PARTIAL, clear_leftovers, forget, rename, storing
from risk_model.warehouse.turns import turn

# the pointer and the settings change in place, and so are copied in the same moment as the records
_CHANGING = ("builds/current.json", "lake/withdrawn/*.json", "*.toml", "*.json")
# what is kept for ever, and what people would miss; typed rows and the invented LA's files are made again from these
_FOLDERS = ("lake", "builds", "backtests", "downloads")
# a data directory may be the project's own, or the root of a disk
_NOT_OURS = {"lookups", "guide", "lost+found"}
# by what follows the mark: a lock's own journal
_NOTHING = (".lock", PARTIAL)
_TRIES = 5


@dataclass(frozen=True)
class BackupReport:
    """What a backup holds.

    Attributes:
        made_at: the moment of the records, in UTC, as text.
        bytes: of all files together, as they are unpacked.
        notes: what is not as it should be in what was kept, each in words; the backup holds it as it is.
    """

    path: Path
    made_at: str
    files: int
    bytes: int
    releases: int
    builds: int
    records_revision: str
    notes: tuple[str, ...]


def make_backup(viewer: Viewer, data: DataDir, path: Path) -> BackupReport:
    """Put the records, the releases, the builds, what each of them said, the pointer and the LA's settings into a file.

    People read and write meanwhile; imports and builds wait for it. The records, the pointer, the settings and what is
    withdrawn are of one moment. A file of that name is replaced once the new one is whole, and logged as an export.
    Records of an earlier version are kept in their form, so that a backup before an update may be made by either
    version; nothing is written to them, and so the log does not have it.

    Raises:
        NotAllowed: the viewer does not look after the records.
        NotFound: there is nothing to keep.
        NotStored: the file could not be written; one of that name is as it was.
        RecordRefused: the records cannot be reached, or are an earlier version's on a server; or it cannot be logged,
            so there is none.
        FileRefused, TurnTaken: an import or a build has been running for too long.
    """
    require(viewer, Right.ADMIN)
    if not data.root.is_dir():
        raise NotFound(f"There is nothing to back up: {data.root} is no folder.", ["RISK_DATA_DIR names another one."])
    with storing(f"The backup {path.name}"):
        path.parent.mkdir(parents=True, exist_ok=True)
        with (
            import_turn(data),
            turn(data.builds, "build"),
            tempfile.TemporaryDirectory(dir=path.parent, suffix=PARTIAL) as staging,
        ):
            made_at = _take_moment(data, Path(staging))
            revision = snapshot_revision(Path(staging) / RECORDS_FILE)
            about = {
                "what": "A backup of Schools at risk, and the support they have",
                "made_at": made_at,
                "records": revision,
                "python": platform.python_version(),
                "product": made_by(),
            }
            found = _files(data, Path(staging))
            made = Path(staging) / f"made{PARTIAL}"
            manifest = write_archive(made, found, about)
            notes = _not_whole(data)
            if revision == records_state(data.records_url).newest:
                _log(viewer, data, path.name, made)
            else:
                notes += (f"The log of exports does not have it: the records are an earlier version's ({revision}).",)
            rename(made, path)
            return _report(data, path, manifest, notes)


def _take_moment(data: DataDir, staging: Path) -> str:
    """Copy what changes in place and the records, of one moment: again, where something changed meanwhile; its time."""
    records = open_for_snapshot(data.records_url)
    try:
        for _ in range(_TRIES):
            with nobody_writes(records):
                before, moment = _changing(data), datetime.now(UTC)
                snapshot_records(records, staging / RECORDS_FILE)
            if _changing(data) == before:
                for name, content in before.items():
                    target = staging / name
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(content)
                return moment.isoformat(timespec="seconds")
            forget(staging / RECORDS_FILE)
    finally:
        close_records(records)
    raise NotStored(
        "No backup was made: builds or releases were being exchanged all the while.",
        ["Nothing was changed.", "Try again when nobody looks after the data."],
    )


def _log(viewer: Viewer, data: DataDir, name: str, made: Path) -> None:
    """That it leaves, in the log of exports: written before it has its name, and so not in the backup itself."""
    with made.open("rb") as file:
        content_hash = hashlib.file_digest(file, "sha256").hexdigest()
    records = open_data_records(data)
    try:
        record_export(records, viewer.name, NewExport(None, "backup", name[:200], content_hash))
    finally:
        close_records(records)


def _changing(data: DataDir) -> dict[str, bytes]:
    found = (path for pattern in _CHANGING for path in data.root.glob(pattern))
    return {path.relative_to(data.root).as_posix(): path.read_bytes() for path in found}


def _files(data: DataDir, staging: Path) -> list[tuple[str, Path]]:
    """(Name in the backup, where it is): what was copied aside, and beside it what never changes once it is written."""
    found = {path.relative_to(staging).as_posix(): path for path in _below(staging)}
    changing = {path for pattern in _CHANGING for path in data.root.glob(pattern)}
    for folder in _FOLDERS:
        for path in _below(data.root / folder):
            if path not in changing:
                found.setdefault(path.relative_to(data.root).as_posix(), path)
    return sorted(found.items())


def _below(folder: Path) -> Iterator[Path]:
    """Every file but locks and what was left half-written."""
    for one in folder.rglob("*"):
        if one.is_file() and not any(mark in part for part in one.relative_to(folder).parts for mark in _NOTHING):
            yield one


def _not_whole(data: DataDir) -> tuple[str, ...]:
    lost = [
        f"{one.release_id}.parquet is not as it was written." for one in read_releases(data) if not is_whole(data, one)
    ]
    return (*(one.words for one in lake_damage(data)), *lost)


def _report(data: DataDir, path: Path, manifest: Manifest, notes: tuple[str, ...]) -> BackupReport:
    return BackupReport(
        path,
        manifest.about.get("made_at", ""),
        len(manifest.members),
        sum(one.size for one in manifest.members),
        len(read_releases(data)),
        len(read_builds(data)) + len(earlier_forms(data)),
        manifest.about.get("records", ""),
        notes,
    )


def restore_backup(
    viewer: Viewer,
    data: DataDir,
    path: Path,
    *,
    is_alone: bool = False,
    progress: Callable[[str], None] = lambda _: None,
) -> BackupReport:
    """Put everything that a backup holds into a data directory in which nothing is kept yet.

    Everything is unpacked beside and checked first: a damaged backup changes nothing. The builds come last, so that
    nothing is shown before all of it is there.

    Args:
        data: where to.
        is_alone: the records go into the directory, too, whatever RECORDS_URL names: a drill, or a look at a past day.
    Raises:
        NotAllowed: the viewer does not look after the records.
        NotFound: there is no such file.
        Damaged: the backup is not as it was written.
        RecordRefused: its records are of a newer version, or there are records already.
        NotStored: the directory is not empty, or could not be written; nothing of the backup is left in it.
    """
    require(viewer, Right.ADMIN)
    if not path.is_file():
        raise NotFound(f"There is no backup {path.name}.", ["Check how the file is spelt. Nothing was changed."])
    _require_empty(data)
    with storing(f"What {path.name} holds"), _beside(data) as unpacked:
        progress("Checking and unpacking")
        manifest = unpack_archive(path, unpacked)
        snapshot = unpacked / RECORDS_FILE
        if not snapshot.is_file():
            raise Damaged(f"{path.name} was not used: it holds no records.", ["Nothing was changed."])
        snapshot_revision(snapshot)
        _require_known_places(path, manifest)
        progress("Putting it in its place")
        _move_in(data, unpacked, snapshot, records_in(data) if is_alone else data.records_url)
    return _report(data, path, manifest, _not_whole(data))


def _require_empty(data: DataDir) -> None:
    found = next((one for one in _below(data.root) if one.relative_to(data.root).parts[0] not in _NOT_OURS), None)
    if found is not None:
        raise NotStored(
            f"Nothing was restored: {data.root} is not empty ({found.relative_to(data.root)} is there).",
            [
                "Nothing was changed: a backup never replaces what is there.",
                "Name an empty folder (--into, or RISK_DATA_DIR), or move away what is in this one.",
            ],
        )


@contextmanager
def _beside(data: DataDir) -> Iterator[Path]:
    """A folder on the same disk, gone at the end; with it goes what an earlier restore left that died."""
    data.root.mkdir(parents=True, exist_ok=True)
    clear_leftovers(data.root)
    with tempfile.TemporaryDirectory(dir=data.root, prefix="restore.", suffix=PARTIAL) as folder:
        yield Path(folder)


def _require_known_places(path: Path, manifest: Manifest) -> None:
    for one in manifest.members:
        first, inside, _ = one.name.partition("/")
        is_setting = not inside and (first == RECORDS_FILE or first.endswith((".toml", ".json")))
        if not is_setting and first not in _FOLDERS:
            raise Damaged(
                f"{path.name} was not used: {one.name} is nothing that a backup holds.",
                ["Nothing was changed.", "A newer version may have made it: restore it with that one."],
            )


def _move_in(data: DataDir, unpacked: Path, snapshot: Path, records_url: str) -> None:
    """Give each part its place, the builds last; where one fails, take back what was placed."""
    parts = sorted((one for one in unpacked.iterdir() if one != snapshot), key=lambda one: one.name == "builds")
    placed: list[Path] = []
    try:
        for part in parts[:-1]:
            placed.append(_place(part, data.root / part.name))
        place_snapshot(snapshot, records_url)
        for part in parts[-1:]:
            placed.append(_place(part, data.root / part.name))
    except BaseException:
        for one in placed:
            forget(one)
        raise


def _place(part: Path, target: Path) -> Path:
    # an empty folder, or one with a lock in it alone, gives way
    if target.is_dir():
        shutil.rmtree(target)
    rename(part, target)
    return target
