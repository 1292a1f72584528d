"""Fetch the current official files, keep them with where they came from, and import them like any file."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import pandas as pd

from risk_model.domain.errors import DownloadRefused, RiskModelError
from risk_model.domain.paths import DataDir, downloads_catalogue
from risk_model.domain.viewer import Right, Viewer, require, require_reader
from risk_model.services.preparing import import_files
from risk_model.sources.answers import Clock, NotThere, Patience, Web, opened_web
from risk_model.sources.downloads import Catalogue, Download, read_catalogue
from risk_model.sources.fetching import Fetched, NoTable, Step, Wanted, fetch
from risk_model.sources.importing import FileReport, ImportOptions
from risk_model.sources.keeping import Kept, folder_of, keep, kept_downloads, note_releases
from risk_model.sources.locating import places
from risk_model.warehouse.storing import storing
from risk_model.warehouse.turns import turn

DownloadStatus = Literal["downloaded", "unchanged", "refused"]
DownloadProgress = Callable[[str, Step], None]
_PUBLISHERS_TIME = ZoneInfo("Europe/London")
_TURN_SECONDS = 1.0


@dataclass(frozen=True)
class Offer:
    """A file that can be downloaded, and what was downloaded of it last.

    Attributes:
        address: where it is, or is sought; {date} and {year} stand for what changes.
        page: where a person finds it.
        known: how sure the address is.
        last_file: the newest file that is kept, below the source's folder of the downloads; "" for none.
        last_address: where that one came from.
    """

    id: str
    name: str
    publisher: str
    licence: str
    cadence: str
    how: str
    layouts: tuple[str, ...]
    address: str
    page: str
    known: str
    last_fetched_at: datetime | None = None
    last_file: str = ""
    last_address: str = ""


@dataclass(frozen=True)
class DownloadReport:
    """What became of one download.

    Attributes:
        file: its name below the folder of the downloads; "" where none is kept.
        size: bytes.
        notes: what to know of a file that came: interruptions, years that are not out yet.
        refusal: of one that did not, or whose import could not begin: what, where, why and what to do, a line each.
        imported: what became of its tables, where it was to be imported.
    """

    id: str
    name: str
    status: DownloadStatus
    file: str = ""
    size: int = 0
    sha256: str = ""
    address: str = ""
    notes: tuple[str, ...] = ()
    refusal: tuple[str, ...] = ()
    imported: tuple[FileReport, ...] = field(default=())

    @property
    def is_good(self) -> bool:
        """Whether the file came and, where it was to be imported, nothing of it was refused."""
        return not self.refusal and not any(report.refusal for report in self.imported)


def _silent(_: str, __: Step) -> None:
    """Say nothing."""


def download_offers(viewer: Viewer, data: DataDir, catalogue: Path | None = None) -> list[Offer]:
    """What can be downloaded, in the catalogue's order, with what is there already.

    Args:
        catalogue: another one than this copy's.
    Raises:
        NotAllowed: the viewer may not read.
        DownloadRefused: the catalogue cannot be read.
    """
    require_reader(viewer)
    known = read_catalogue(catalogue or downloads_catalogue())
    return [_offer(data, known, one) for one in known.download]


def _offer(data: DataDir, catalogue: Catalogue, download: Download) -> Offer:
    kept = kept_downloads(data, download)
    last = kept[-1] if kept else None
    return Offer(
        id=download.id,
        name=download.name,
        publisher=download.publisher,
        licence=download.licence,
        cadence=download.cadence,
        how=download.how,
        layouts=tuple(download.layouts),
        address=catalogue.address_of(download),
        page=download.page,
        known=download.known,
        last_fetched_at=last.fetched_at if last else None,
        last_file=last.file if last else "",
        last_address=last.final_address if last else "",
    )


def offers_table(offers: Sequence[Offer]) -> pd.DataFrame:
    """The offers as a table: Source, Comes out, Fetched, File, By hand, How sure the address is, Publisher."""
    return pd.DataFrame(
        {
            "Source": [one.name for one in offers],
            "Comes out": [one.cadence for one in offers],
            "Fetched": [one.last_fetched_at.date() if one.last_fetched_at else None for one in offers],
            "File": [one.last_file or "nothing yet" for one in offers],
            "By hand": [one.page for one in offers],
            "How sure the address is": [one.known for one in offers],
            "Publisher": [one.publisher for one in offers],
        }
    )


def how_far(step: Step) -> tuple[float, str]:
    """A step as a share from 0 to 1 (0 where the service does not say how much there is) and in words."""
    if step.total:
        return min(1.0, step.done / step.total), f"{step.done:,} of {step.total:,} bytes"
    return 0.0, f"{step.done:,} bytes"


def download_files(
    viewer: Viewer,
    data: DataDir,
    ids: Sequence[str],
    *,
    and_import: bool = False,
    catalogue: Path | None = None,
    progress: DownloadProgress = _silent,
    patience: Patience | None = None,
    clock: Clock | None = None,
) -> list[DownloadReport]:
    """Fetch the current issue of each source, and import it where that is wanted.

    One that cannot be had does not stop the others; what had been downloaded or imported before stays as it is.

    Args:
        ids: of the catalogue; none means all.
        catalogue: another one than this copy's.
        progress: told the source's id and how far its file has come.
    Returns:
        One report per source, in the catalogue's order.
    Raises:
        NotAllowed: the viewer may not write.
        DownloadRefused: the catalogue cannot be read, or has no such source; nothing was downloaded.
    """
    require(viewer, Right.LOAD)
    known = read_catalogue(catalogue or downloads_catalogue())
    chosen = known.chosen(list(ids))
    with opened_web(known.allowed, patience or Patience(), clock or Clock()) as web:
        return [
            _one(replace(web, page=download.page), known, download, data, viewer, progress, and_import=and_import)
            for download in chosen
        ]


def _one(
    web: Web,
    catalogue: Catalogue,
    download: Download,
    data: DataDir,
    viewer: Viewer,
    progress: DownloadProgress,
    *,
    and_import: bool,
) -> DownloadReport:
    notes: list[str] = []

    def tell(step: Step) -> None:
        if step.note:
            notes.append(step.note)
        progress(download.id, step)

    try:
        kept = _downloaded(web, catalogue, download, data, viewer, tell)
    except RiskModelError as refusal:
        return DownloadReport(download.id, download.name, "refused", notes=tuple(notes), refusal=_lines(refusal))
    report = _report(data, download, kept)
    try:
        imported = _imported(viewer, data, download, kept, tell) if and_import else ()
    except RiskModelError as refusal:
        return replace(report, notes=tuple(notes), refusal=_lines(refusal))
    return replace(report, notes=tuple(notes), imported=imported)


def _lines(refusal: RiskModelError) -> tuple[str, ...]:
    return (refusal.message, *refusal.details)


def _downloaded(
    web: Web, catalogue: Catalogue, download: Download, data: DataDir, viewer: Viewer, tell: Callable[[Step], None]
) -> Kept:
    folder = folder_of(data, download)
    # the network's faults are told as such by now: what is left of the system's errors is the disk's
    with storing(f"The download {download.id}"), turn(folder, "download", _TURN_SECONDS):
        wanted, fetched = _newest(web, catalogue, download, folder, tell)
        return keep(data, download, wanted, fetched, web.clock.now(), viewer.name)


def _newest(
    web: Web, catalogue: Catalogue, download: Download, folder: Path, tell: Callable[[Step], None]
) -> tuple[Wanted, Fetched]:
    """The first place, from the newest on, that has the file.

    A year that is not out yet may be answered with a page instead of "not there"; the step back is noted, so that
    an older year never passes for the newest in silence.
    """
    today = web.clock.now().astimezone(_PUBLISHERS_TIME).date()
    tried: list[DownloadRefused] = []
    passed_over: tuple[type[DownloadRefused], ...] = (NotThere,)
    if download.how == "yearly file":
        passed_over = (NotThere, NoTable)
    for wanted in places(web, catalogue, download, today, lambda note: tell(Step(note=note))):
        try:
            return wanted, fetch(web, wanted, folder, tell)
        except passed_over as refusal:
            tried.append(refusal)
            if wanted.period:
                instead = "is not there" if isinstance(refusal, NotThere) else "is no table yet: a page came instead"
                tell(Step(note=f"{wanted.period} {instead}"))
    if len(tried) == 1:
        raise tried[0]
    raise NotThere(
        f"{download.name} was not downloaded: none of {len(tried)} addresses has it, from the newest to the oldest.",
        [tried[0].message, tried[-1].message, *tried[0].details],
    )


def _imported(
    viewer: Viewer, data: DataDir, download: Download, kept: Kept, tell: Callable[[Step], None]
) -> tuple[FileReport, ...]:
    reports = import_files(viewer, data, [kept.path], ImportOptions(imported_by=viewer.name))
    note_releases(kept, [report.release_id for report in reports if report.release_id])
    for report in reports:
        if report.kind and report.kind not in download.layouts:
            expected = " or ".join(download.layouts)
            tell(Step(note=f"recognised as {report.kind}, where {expected} was expected"))
    return tuple(reports)


def _report(data: DataDir, download: Download, kept: Kept) -> DownloadReport:
    return DownloadReport(
        id=download.id,
        name=download.name,
        status="downloaded" if kept.is_new else "unchanged",
        file=kept.path.relative_to(data.downloads).as_posix(),
        size=kept.description.size,
        sha256=kept.description.sha256,
        address=kept.description.final_address,
    )
