"""Downloads are kept as they came, each beside a description of where it came from, and never overwritten."""

import json
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from risk_model.domain.errors import DownloadRefused
from risk_model.domain.paths import DataDir
from risk_model.sources.answers import short
from risk_model.sources.downloads import Download
from risk_model.sources.fetching import Fetched, Wanted, discard, sha256_of
from risk_model.sources.finding import TABLE_ENDINGS
from risk_model.sources.naming import safe_file_name
from risk_model.warehouse.storing import rename, storing, write_whole

_KEPT_ENDINGS = (*TABLE_ENDINGS, ".zip")


@dataclass(frozen=True)
class Description:
    """Where a kept file came from.

    Attributes:
        file: its name below the folder of its source.
        name_as_sent: what the service called it; data, and no path.
        sha256, size: of the file as it is kept; releases made from a CSV carry the same checksum.
        sha256_sent: of the bytes as they were sent, where they were packed.
        promised: the service's own checksums, which were compared.
        releases: the ids of the releases that were made from it.
    """

    source: str
    publisher: str
    licence: str
    file: str
    name_as_sent: str
    period: str
    address: str
    final_address: str
    fetched_at: datetime
    fetched_by: str
    etag: str
    last_modified: str
    sha256: str
    size: int
    sha256_sent: str
    promised: dict[str, str]
    releases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    """A file that is kept, whether it is new, and its description."""

    path: Path
    is_new: bool
    description: Description


def folder_of(data: DataDir, download: Download) -> Path:
    """Where a source's downloads are."""
    return data.downloads / download.id


def keep(data: DataDir, download: Download, wanted: Wanted, fetched: Fetched, at: datetime, by: str) -> Kept:
    """Give a fetched file its name and its description; one whose bytes are kept already is not kept twice.

    A file with other bytes under a name that is taken gets a number behind its name.

    Raises:
        DownloadRefused: it is an archive that cannot be opened.
        NotStored: it could not be written; what was kept before is as it was.
    """
    folder = folder_of(data, download)
    try:
        ending = _ending(fetched.path, fetched.final_address)
    except DownloadRefused:
        discard(folder)
        raise
    same = next((path for path in _kept_files(folder) if _is_same(path, fetched)), None)
    target = same or _free(folder / wanted.period / _named(fetched.name or download.file_name, ending))
    with storing(f"The download {download.id}"):
        target.parent.mkdir(parents=True, exist_ok=True)
        if same is None:
            rename(fetched.path, target)
    discard(folder)
    known = described(target)
    if same is not None and known is not None:
        return Kept(target, False, known)
    description = Description(
        source=download.id,
        publisher=download.publisher,
        licence=download.licence,
        file=target.relative_to(folder).as_posix(),
        name_as_sent=short(fetched.name),
        period=wanted.period,
        address=fetched.address,
        final_address=fetched.final_address,
        fetched_at=at.replace(microsecond=0),
        fetched_by=by,
        etag=fetched.etag,
        last_modified=fetched.last_modified,
        sha256=fetched.sha256,
        size=fetched.size,
        sha256_sent=fetched.sha256_sent,
        promised=dict(fetched.promised),
    )
    _describe(target, description)
    return Kept(target, same is None, description)


def note_releases(kept: Kept, release_ids: Sequence[str]) -> Kept:
    """Write down which releases were made from a kept file.

    Raises:
        NotStored: the description could not be written; it is as it was.
    """
    releases = tuple(dict.fromkeys([*kept.description.releases, *release_ids]))
    if releases == kept.description.releases:
        return kept
    description = replace(kept.description, releases=releases)
    _describe(kept.path, description)
    return replace(kept, description=description)


def kept_downloads(data: DataDir, download: Download) -> list[Description]:
    """The descriptions of a source's downloads, the oldest first."""
    found = [described(path) for path in _kept_files(folder_of(data, download))]
    return sorted((one for one in found if one), key=lambda one: (one.fetched_at, one.file))


def described(path: Path) -> Description | None:
    """What is known of a kept file; none where its description is missing or is not one."""
    try:
        stored = json.loads(_description_of(path).read_text("utf-8"))
        return Description(
            **{
                **stored,
                "fetched_at": datetime.fromisoformat(stored["fetched_at"]),
                "releases": tuple(stored["releases"]),
            }
        )
    except (OSError, ValueError, TypeError, KeyError):
        return None


def _description_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.json")


def _describe(path: Path, description: Description) -> None:
    text = json.dumps(asdict(description), default=str, indent=1, ensure_ascii=False)
    with storing(f"The description of the download {description.source}"):
        write_whole(_description_of(path), lambda partial: partial.write_text(text, "utf-8"))


def _kept_files(folder: Path) -> Iterator[Path]:
    found = sorted(folder.rglob("*")) if folder.is_dir() else []
    return (path for path in found if path.suffix.lower() in _KEPT_ENDINGS and path.is_file())


def _is_same(path: Path, fetched: Fetched) -> bool:
    return path.stat().st_size == fetched.size and sha256_of(path) == fetched.sha256


def _free(target: Path) -> Path:
    """A name that is not taken; the number is one that no date or year is read from."""
    candidate, number = target, 2
    while candidate.exists() or _description_of(candidate).exists():
        candidate = target.with_name(f"{target.stem} ({number}){target.suffix}")
        number += 1
    return candidate


def _named(name: str, ending: str) -> str:
    """A name from the service, safe to write, with the ending that its bytes deserve."""
    safe = safe_file_name(name)
    stem = safe
    for known in (*_KEPT_ENDINGS, ".gz"):
        if stem.lower().endswith(known):
            stem = stem[: -len(known)]
            break
    return f"{stem.strip(' .') or 'download'}{ending}"


def _ending(path: Path, address: str) -> str:
    """The ending that a file's bytes deserve, whatever the service calls it.

    Raises:
        DownloadRefused: it is an archive that cannot be opened.
    """
    with path.open("rb") as file:
        head = file.read(8)
    if head.startswith(b"PAR1"):
        return ".parquet"
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return ".xls"
    if not head.startswith(b"PK"):
        return ".csv"
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError) as error:
        raise DownloadRefused(
            f"{address} was not kept: it is an archive that cannot be opened, or not whole.",
            ["Try again later. Nothing was changed."],
        ) from error
    if "xl/workbook.xml" in names:
        return ".xlsx"
    return ".ods" if "content.xml" in names and "mimetype" in names else ".zip"
