"""The import: recognise each file, check it whole, store it. All good files land; a refused one changes nothing."""

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Literal

from risk_model.domain.errors import FileRefused
from risk_model.domain.paths import LOOKUPS, DataDir
from risk_model.domain.periods import academic_years_in, dates_in
from risk_model.sources import checks
from risk_model.sources.catalogue import SOURCES
from risk_model.sources.contract import Source, matched_columns, normalised
from risk_model.sources.reading import TABLE_ENDINGS, Given, Sheet, find_files, read_sheets
from risk_model.warehouse.lake import Release, read_releases, write_release

FileStatus = Literal["imported", "already loaded", "not a known kind", "refused"]
FIRST_DEMO_URN = 900_000


@dataclass(frozen=True)
class ImportOptions:
    """What the user said about the files.

    Attributes:
        period: academic year of yearly files, "2023-2024".
        as_at: the day that snapshots describe.
        published_on: from when the figures count, where the calendar should not say.
        imported_by: a label for the catalogue.
    """

    period: str | None = None
    as_at: date | None = None
    published_on: date | None = None
    imported_by: str = "local user"


@dataclass(frozen=True)
class FileReport:
    """What became of one file.

    Attributes:
        problems: notes of a file that landed.
        refusal: of one that did not: what, where, why and what to do, a line each.
    """

    name: str
    status: FileStatus
    kind: str = ""
    period: str = ""
    rows_read: int = 0
    rows_kept: int = 0
    schools: int = 0
    problems: tuple[str, ...] = ()
    refusal: tuple[str, ...] = ()
    release_id: str = ""


def import_paths(
    data: DataDir,
    paths: Sequence[Path],
    options: ImportOptions | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> list[FileReport]:
    """Import files, folders and ZIPs.

    Returns:
        One report per table found, in the order of reading.
    Raises:
        FileRefused: a path does not exist.
    """
    options = options or ImportOptions()
    reports: list[FileReport] = []
    for path in paths:
        for given in find_files(path):
            if not given.named and not given.name.lower().endswith(TABLE_ENDINGS):
                continue
            progress(PurePosixPath(given.name).name)
            reports.extend(import_given(data, given, options))
    return reports


def import_given(data: DataDir, given: Given, options: ImportOptions) -> list[FileReport]:
    """Import one file as found, and say what became of each of its tables."""
    short = PurePosixPath(given.name).name
    try:
        sheets = read_sheets(given)
    except FileRefused as refusal:
        return [FileReport(short, "refused", refusal=(refusal.message, *refusal.details))]
    return [_import_sheet(data, sheet, given, options) for sheet in sheets]


def _import_sheet(data: DataDir, sheet: Sheet, given: Given, options: ImportOptions) -> FileReport:
    short = _short_path(sheet.name)
    try:
        source = recognised(sheet)
        if source is None:
            if given.named:
                raise not_understood(sheet)
            return FileReport(short, "not a known kind", rows_read=sheet.table.num_rows)
        checks.refuse_repeated_columns(source, sheet)
        loaded = read_releases(data)
        release = describe(source, sheet, options)
        twin = next((r for r in loaded if r.release_id == release.release_id), None)
        if twin:
            return _report(short, "already loaded", source, twin, ("the same file is loaded already: nothing to do",))
        problems = checks.check_cells(source, sheet)
        checks.refuse_other_year(data, source, sheet, release, loaded)
        release = replace(release, problems=tuple([*sheet.notes, *release.problems, *problems]))
        write_release(data, release, sheet.table)
        return _report(short, "imported", source, release, release.problems)
    except FileRefused as refusal:
        return FileReport(
            short, "refused", rows_read=sheet.table.num_rows, refusal=(refusal.message, *refusal.details)
        )


def _report(
    short: str, status: FileStatus, source: Source, release: Release, problems: Iterable[str]
) -> FileReport:
    return FileReport(
        name=short,
        status=status,
        kind=source.id,
        period=release.label,
        rows_read=release.rows_read,
        rows_kept=release.rows_kept,
        schools=release.schools,
        problems=tuple(problems),
        release_id=release.release_id,
    )


def recognised(sheet: Sheet) -> Source | None:
    """The kind of a table, by its header; of several the one that reads most columns."""
    header = {normalised(column) for column in sheet.header}
    fitting: list[tuple[int, Source]] = []
    for source in SOURCES:
        found = matched_columns(source, sheet.header)
        has_required = all(name in found for name in source.required)
        has_one = not source.one_of or any(name in found for name in source.one_of)
        excluded = any(normalised(column) in header for column in source.without)
        if has_required and has_one and not excluded:
            fitting.append((len(found), source))
    return max(fitting, key=lambda pair: pair[0])[1] if fitting else None


def not_understood(sheet: Sheet) -> FileRefused:
    """Why a header is not a known kind: the nearest kind, and what it lacks."""
    short = PurePosixPath(sheet.name).name
    shown = ", ".join(sheet.header[:12]) + (", …" if len(sheet.header) > 12 else "")
    nearest, missing = _nearest(sheet)
    details = []
    if nearest is not None:
        details.append(f"It comes nearest to {nearest.title} ({nearest.id}), which also needs: {'; '.join(missing)}.")
        if nearest.advice:
            details.append(nearest.advice)
    details.append(f"Found: {shown}.")
    details.append("Import it as it was published, with its own header. Nothing was changed.")
    return FileRefused(f"{short} was not imported: its columns are of no kind that is known.", details)


def _nearest(sheet: Sheet) -> tuple[Source | None, list[str]]:
    best: tuple[int, Source, list[str]] | None = None
    for source in SOURCES:
        found = matched_columns(source, sheet.header)
        lacking = [" or ".join(source.field_named(n).columns) for n in source.required if n not in found]
        if source.one_of and not any(n in found for n in source.one_of):
            lacking.append("one of " + ", ".join(source.field_named(n).columns[0] for n in source.one_of))
        if len(found) > 1 and (best is None or len(found) > best[0]):
            best = (len(found), source, lacking)
    return (best[1], best[2]) if best else (None, [])


def describe(source: Source, sheet: Sheet, options: ImportOptions) -> Release:
    """What is known of a release: its date, what it holds, and its id.

    Raises:
        FileRefused: its date cannot be told.
    """
    counts = checks.count_rows(source, sheet)
    period = _period(source, sheet, options)
    as_at = _as_at(source, sheet, options)
    provisional = "provisional" in sheet.name.lower()
    published_on, published_by, notes = _published(source, period, as_at, options, sheet, provisional)
    sha256 = hashlib.sha256(sheet.content + sheet.name.rpartition("/")[2].encode() * (not _is_csv(sheet))).hexdigest()
    stamp = period or (as_at.isoformat() if as_at else "all")
    return Release(
        release_id=f"{source.id}-{stamp}-{sha256[:8]}",
        source_id=source.id,
        original_name=_short_path(sheet.name),
        sha256=sha256,
        period=period,
        as_at=as_at,
        published_on=published_on,
        published_by=published_by,
        provisional=provisional,
        header=tuple(name for name in sheet.table.column_names[1:]),
        rows_read=sheet.table.num_rows,
        rows_kept=counts.school_rows + counts.summary_rows,
        schools=counts.schools,
        las=counts.las,
        is_demo=counts.lowest_urn is not None and counts.lowest_urn > FIRST_DEMO_URN,
        imported_at=datetime.now(UTC).replace(microsecond=0),
        imported_by=options.imported_by,
        problems=tuple([*notes, *_absent(source, sheet), *counts.notes]),
    )


def _is_csv(sheet: Sheet) -> bool:
    return sheet.name.lower().endswith(".csv")


def _short_path(name: str) -> str:
    """The file with its folder, which often says the year; never the whole path of this machine."""
    return "/".join(PurePosixPath(name).parts[-3:])


def _absent(source: Source, sheet: Sheet) -> Iterator[str]:
    """Which columns of the kind this file lacks: a trimmed copy is taken, and said to be one."""
    found = matched_columns(source, sheet.header)
    absent = [one.columns[0] for one in source.fields if one.name not in found and source.dating == "academic year"]
    if absent:
        yield f"{len(absent)} columns are not in this file: {', '.join(absent)}"


def _period(source: Source, sheet: Sheet, options: ImportOptions) -> str | None:
    """The academic year: from inside the file, from its name or folder where that is unambiguous, or as given."""
    if source.dating != "academic year":
        return None
    if options.period:
        return options.period
    for part in reversed(PurePosixPath(sheet.name).parts):
        years = academic_years_in(part)
        if len(years) == 1:
            return years.pop()
    raise FileRefused(
        f"{PurePosixPath(sheet.name).name} was not imported: its academic year is not certain.",
        [
            'Neither the file nor its name nor its folder says it in full; a lone "2016" can mean two years.',
            "Put it into a folder such as 2023-2024, or say --period 2023-2024. Nothing was changed.",
        ],
    )


def _as_at(source: Source, sheet: Sheet, options: ImportOptions) -> date | None:
    """The day a snapshot describes: as given, from its name, or from the latest change inside it."""
    if source.dating != "as at":
        return None
    if options.as_at:
        return options.as_at
    for part in reversed(PurePosixPath(sheet.name).parts):
        days = dates_in(part)
        if len(days) == 1:
            return days.pop()
    inside = checks.latest_date(source, sheet, "last_changed")
    if inside:
        return inside
    if source.id == "localities":
        return date.today()
    raise FileRefused(
        f"{PurePosixPath(sheet.name).name} was not imported: it does not say which day it describes.",
        [
            "Neither the file nor its name has a date in full.",
            "Name it as published (…as at 31 August 2025.csv), or say --as-at 2025-08-31. Nothing was changed.",
        ],
    )


@cache
def _calendar() -> dict[tuple[str, str, bool], tuple[date, bool]]:
    with (LOOKUPS / "release_calendar.csv").open(encoding="utf-8", newline="") as file:
        return {
            (row["source"], row["period"], row["provisional"] == "yes"): (
                date.fromisoformat(row["published_on"]),
                row["exact"] == "yes",
            )
            for row in csv.DictReader(file)
        }


def _published(
    source: Source,
    period: str | None,
    as_at: date | None,
    options: ImportOptions,
    sheet: Sheet,
    provisional: bool,
) -> tuple[date, str, list[str]]:
    """From when the release counts, how that is known, and what to tell the user."""
    if options.published_on:
        return options.published_on, "given", []
    if as_at:
        return _snapshot_published(source, as_at), "usual day", []
    if period is None:
        latest = checks.latest_date(source, sheet, "publication_date") or checks.latest_date(
            source, sheet, "start_date"
        )
        return latest or date.today(), "latest inspection", []
    listed = _calendar().get((source.id, period, provisional))
    if listed:
        return listed[0], "calendar" if listed[1] else "calendar, about", []
    usual = date(int(period[5:]), 8, 31) + timedelta(days=source.usual_lag_days)
    counted = min(usual, date.today())
    note = f"its publication date is not in the calendar: taken as {counted:%d/%m/%Y}; say --published-on to correct it"
    return counted, "usual lag", [note]


def _snapshot_published(source: Source, as_at: date) -> date:
    """Ofsted publishes on about the 15th of the month after; the register on the next day."""
    if source.publisher.startswith("Ofsted"):
        following = (as_at.replace(day=1) + timedelta(days=32)).replace(day=1)
        return following.replace(day=15)
    return as_at + timedelta(days=source.usual_lag_days)
