"""The lake: one Parquet file per release, written once, with what is known of it beside it.

A release is there when its description is there: the Parquet is written and renamed first, the description
last, so a crash at any point leaves the earlier state whole.
"""

import contextlib
import hashlib
import json
from collections.abc import Mapping, Sequence, Set
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from risk_model.domain.errors import Damaged
from risk_model.domain.paths import DataDir
from risk_model.warehouse.storing import storing, write_whole

ROW = "_row"
HASH_IN_NAME = 8  # so many characters of its file's hash end a release's id


@dataclass(frozen=True)
class Release:
    """One dated issue of a source, as it was imported.

    Attributes:
        release_id: source, period or as-at date, and the start of the content's hash.
        period: academic year "2023-2024", where the source is a yearly one.
        as_at: the day that the file describes, where the source is a snapshot.
        published_on: from when it counts; published_by says how that is known.
        header: the column names as published, in order.
        problems: what a data officer should know, in words.
        blank_rows: rows with nothing in any cell, which are not among those read; None where nobody counted them.
        rows_sha256: of the Parquet file, so that a damaged one is told; None where an older version wrote it.
    """

    release_id: str
    source_id: str
    original_name: str
    sha256: str
    period: str | None
    as_at: date | None
    published_on: date
    published_by: str
    provisional: bool
    header: tuple[str, ...]
    rows_read: int
    rows_kept: int
    schools: int
    las: int
    is_demo: bool
    imported_at: datetime
    imported_by: str
    problems: tuple[str, ...] = field(default=())
    blank_rows: int | None = None
    rows_sha256: str | None = None

    @property
    def label(self) -> str:
        """What a screen calls its date: the academic year, or "as at" the day."""
        return self.period or (f"as at {self.as_at:%d/%m/%Y}" if self.as_at else "history")


def parquet_path(data: DataDir, release_id: str) -> Path:
    """Where a release's rows are."""
    return data.lake / f"{release_id}.parquet"


def write_release(data: DataDir, release: Release, table: pa.Table) -> None:
    """Store a release: its rows first, then its description, each by rename.

    Raises:
        NotStored: it could not be written; the lake is as it was.
    """
    target = parquet_path(data, release.release_id)
    with storing(f"The release {release.release_id}"):
        data.lake.mkdir(parents=True, exist_ok=True)
        write_whole(target, lambda partial: _write_rows(table, partial))
        described = replace(release, rows_sha256=_hash(target))
        write_whole(target.with_suffix(".json"), lambda partial: partial.write_text(_as_json(described), "utf-8"))


def _write_rows(table: pa.Table, target: Path) -> None:
    # of three hundred columns of text nobody asks for the least and the greatest; LZ4 takes a third of Zstandard's time
    pq.write_table(table, target, compression="lz4", write_statistics=[ROW])


def _as_json(described: Any) -> str:
    return json.dumps(asdict(described), default=str, indent=1, ensure_ascii=False)


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_releases(data: DataDir) -> list[Release]:
    """Every release of the lake that can be read, by source and date; `lake_damage` names what cannot be.

    Raises:
        Damaged: the lake itself cannot be read.
    """
    return [found for found in _read_lake(data) if isinstance(found, Release)]


def releases_of_file(data: DataDir, sha256: str) -> list[Release]:
    """The releases that were made from a file with this hash, as `read_releases` gives them.

    Raises:
        Damaged: the lake itself cannot be read.
    """
    named = [path for path in _listed(data) if path.stem.endswith(sha256[:HASH_IN_NAME])]
    found = [one for one in _read_descriptions(named) if isinstance(one, Release)]
    return [one for one in found if one.sha256 == sha256]


@dataclass(frozen=True)
class Damage:
    """A file of the lake that is not as the product wrote it.

    Attributes:
        file: its name in the lake.
        words: what is wrong with it and what to do, in one sentence each.
        is_release: it is, or was, a release's: without it a school may be judged by less than was imported.
    """

    file: str
    words: str
    is_release: bool


def lake_damage(data: DataDir) -> list[Damage]:
    """What is in the lake and is no whole release: damaged descriptions, lost rows, files from elsewhere.

    Raises:
        Damaged: the lake itself cannot be read.
    """
    found = _read_lake(data)
    whole = {one.release_id for one in found if isinstance(one, Release)}
    unread = {Path(one.file).stem for one in found if isinstance(one, Damage)}
    alone = [path for path in _listed(data) if path.suffix == ".parquet" and path.stem not in whole | unread]
    damaged = [one for one in found if isinstance(one, Damage)]
    return sorted([*damaged, *map(_without_description, alone)], key=lambda one: one.file)


def require_whole(data: DataDir, releases: Sequence[Release]) -> None:
    """Let a build go on only where every release is there, byte for byte as it was written.

    Raises:
        Damaged: files are damaged or lost; each is named, with what to do.
    """
    broken = [one.words for one in lake_damage(data) if one.is_release]
    broken += [_not_as_written(release) for release in releases if not is_whole(data, release)]
    if broken:
        raise Damaged(
            f"{len(broken)} {'file' if len(broken) == 1 else 'files'} of the lake ({data.lake}) cannot be used, "
            "and schools would be judged by less than was imported.",
            [*broken, "Nothing was changed: the current build stays, and every other release is whole."],
        )


def is_whole(data: DataDir, release: Release) -> bool:
    """Whether a release's rows are byte for byte as they were written."""
    path = parquet_path(data, release.release_id)
    try:
        if release.rows_sha256 is not None:
            return _hash(path) == release.rows_sha256
        return int(pq.read_metadata(path).num_rows) == release.rows_read
    except (OSError, pa.ArrowException):
        return False


def _not_as_written(release: Release) -> str:
    return (
        f"{release.release_id}.parquet is not as it was written: import {release.original_name} again, "
        "which replaces it."
    )


def _without_description(path: Path) -> Damage:
    words = (
        f"{path.name} has no description beside it, most likely because its import was cut short: it does not count. "
        "Import its file again, or remove it."
    )
    return Damage(path.name, words, is_release=False)


def _listed(data: DataDir) -> list[Path]:
    try:
        return sorted(data.lake.iterdir(), key=lambda path: path.name)
    except FileNotFoundError:
        return []
    except OSError as error:
        raise Damaged(
            f"The lake ({data.lake}), where imported files are kept, cannot be read ({error.strerror}).",
            ["Check that it is a folder that you may read, or name another data directory (RISK_DATA_DIR)."],
        ) from error


def _read_lake(data: DataDir) -> list[Release | Damage]:
    """Every description of the lake, read; releases by source and date, then what is damaged."""
    return _read_descriptions(_listed(data))


def _read_descriptions(listed: Sequence[Path]) -> list[Release | Damage]:
    found: list[Release | Damage] = []
    rows = {path.stem for path in listed if path.suffix == ".parquet"}
    for path in listed:
        if path.suffix != ".json":
            continue
        # one that another process takes away between the look and the reading is not there
        with contextlib.suppress(FileNotFoundError):
            found.append(_read_description(path, rows))
    return sorted(found, key=_order)


def _order(one: Release | Damage) -> tuple[str, ...]:
    if isinstance(one, Damage):
        return ("~", one.file)
    return (one.source_id, one.period or str(one.as_at or ""), one.release_id)


def _read_description(path: Path, rows: Set[str]) -> Release | Damage:
    try:
        release = _release(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        raise
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        return _unreadable(path, error, rows)
    if release.release_id != path.stem:
        return Damage(
            path.name, f"{path.name} describes another release ({release.release_id}): remove it.", is_release=False
        )
    if path.stem not in rows:
        words = f"{path.stem}.parquet is gone: import {release.original_name} again, or remove {path.name}."
        return Damage(path.name, words, is_release=True)
    return release


def _unreadable(path: Path, error: Exception, rows: Set[str]) -> Damage:
    if path.stem in rows:
        words = (
            f"{path.name}, the description of a release, cannot be read ({type(error).__name__}): "
            f"remove it and {path.stem}.parquet, and import the file again."
        )
        return Damage(path.name, words, is_release=True)
    return Damage(path.name, f"{path.name} is no description of a release: remove it.", is_release=False)


def _release(stored: Mapping[str, Any]) -> Release:
    return Release(
        **{
            **stored,
            "as_at": date.fromisoformat(stored["as_at"]) if stored["as_at"] else None,
            "published_on": date.fromisoformat(stored["published_on"]),
            "imported_at": datetime.fromisoformat(stored["imported_at"]),
            "header": tuple(stored["header"]),
            "problems": tuple(stored["problems"]),
        }
    )


@dataclass(frozen=True)
class Withdrawal:
    """A release that no longer counts: who took it out, when and why. Its rows stay in the lake."""

    release_id: str
    withdrawn_by: str
    withdrawn_at: datetime
    reason: str


def read_withdrawals(data: DataDir) -> dict[str, Withdrawal]:
    """The releases that are withdrawn, by their id.

    Raises:
        Damaged: nobody could say whether a release counts.
    """
    read = [_read_withdrawal(path) for path in sorted(_withdrawn(data).glob("*.json"))]
    return {one.release_id: one for one in read if one is not None}


def _read_withdrawal(path: Path) -> Withdrawal | None:
    try:
        stored = json.loads(path.read_text("utf-8"))
        return Withdrawal(**{**stored, "withdrawn_at": datetime.fromisoformat(stored["withdrawn_at"])})
    except FileNotFoundError:
        return None  # restored by another process between the look and the reading
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise Damaged(
            f"{path} cannot be read ({type(error).__name__}): it says who took the release {path.stem} out, and why.",
            ["Remove it, and withdraw the release again if it should not count. Nothing was changed."],
        ) from error


def mark_withdrawn(data: DataDir, withdrawal: Withdrawal) -> None:
    """Let a release count no longer, from the next build on.

    Raises:
        NotStored: it could not be written; the release still counts.
    """
    folder = _withdrawn(data)
    with storing(f"The withdrawal of {withdrawal.release_id}"):
        folder.mkdir(parents=True, exist_ok=True)
        target = folder / f"{withdrawal.release_id}.json"
        write_whole(target, lambda partial: partial.write_text(_as_json(withdrawal), "utf-8"))


def mark_restored(data: DataDir, release_id: str) -> None:
    """Let a withdrawn release count again, from the next build on.

    Raises:
        NotStored: the system did not let its mark be removed.
    """
    with storing(f"The return of {release_id}"):
        (_withdrawn(data) / f"{release_id}.json").unlink(missing_ok=True)


def read_standing(data: DataDir) -> list[Release]:
    """The releases that count: those of the lake that are not withdrawn."""
    withdrawn = read_withdrawals(data)
    return [release for release in read_releases(data) if release.release_id not in withdrawn]


def read_row(data: DataDir, release_id: str, row: int) -> dict[str, str | None]:
    """One row of a release as it stands in the file: {column as published: cell}; empty where there is none.

    Args:
        release_id: of a release that `read_releases` lists; never a text from outside.
        row: the line of the file, counted as a spreadsheet does.
    """
    found = pq.read_table(parquet_path(data, release_id), filters=[(ROW, "=", row)]).to_pylist()
    return {name: cell for name, cell in found[0].items() if name != ROW} if found else {}


def _withdrawn(data: DataDir) -> Path:
    # a folder of its own: the lake's descriptions are all releases
    return data.withdrawn
