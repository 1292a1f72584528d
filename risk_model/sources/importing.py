"""The import: recognise each file, check it whole, store it.

All good files land; a refused one changes nothing.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from risk_model.domain.errors import FileRefused
from risk_model.domain.paths import DataDir
from risk_model.sources import checks, dating
from risk_model.sources.contract import Source, matched_columns
from risk_model.sources.finding import Given, given_at, paths_at
from risk_model.sources.loaded import refuse_other_year, refuse_same_file, unknown_schools
from risk_model.sources.naming import safe_name, shown_name
from risk_model.sources.options import FileReport, FileStatus, ImportOptions
from risk_model.sources.reading import Sheet, Table, read_rows, tables_in
from risk_model.sources.recognising import nearest_kind, not_understood, recognised
from risk_model.sources.turns import import_turn
from risk_model.warehouse.engine import Connection, scratch
from risk_model.warehouse.lake import Release, read_releases, write_release

__all__ = ["FileReport", "FileStatus", "Given", "ImportOptions", "import_given", "import_paths"]

FIRST_DEMO_URN = 900_000
_NEARLY = 1  # a folder's file that lacks one column of a kind is worth a word


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
        FileRefused: a path does not exist; nothing was imported.
    """
    options = options or ImportOptions()
    found = [(inner, path) for path in paths for inner in paths_at(path)]
    reports: list[FileReport] = []
    with scratch() as con:
        for inner, path in found:
            name = shown_name(inner, path)
            progress(name)
            try:
                given = given_at(inner, path)
            except FileRefused as refusal:
                reports.append(_refused(name, refusal))
                continue
            for one in given:
                reports.extend(_import_given(con, data, one, options))
    return reports


def import_given(data: DataDir, given: Given, options: ImportOptions) -> list[FileReport]:
    """Import one file as found, and say what became of each of its tables."""
    with scratch() as con:
        return _import_given(con, data, given, options)


def _import_given(con: Connection, data: DataDir, given: Given, options: ImportOptions) -> list[FileReport]:
    try:
        tables = [(table, recognised(table.header)) for table in tables_in(given)]
    except FileRefused as refusal:
        return [_refused(safe_name(given.name), refusal)]
    if given.named and not any(source for _, source in tables):
        return [_refused(table.name, not_understood(table.name, table.header)) for table, _ in tables]
    return [_import_table(con, data, table, source, options) if source else _unknown(table) for table, source in tables]


def _unknown(table: Table) -> FileReport:
    return FileReport(table.name, "not a known kind", problems=tuple(nearest_kind(table.header, _NEARLY)))


def _refused(name: str, refusal: FileRefused, rows_read: int = 0) -> FileReport:
    return FileReport(name, "refused", rows_read=rows_read, refusal=(refusal.message, *refusal.details))


@dataclass(frozen=True)
class _Candidate:
    """A table of a known kind that may become a release, and what its name and the user say of its date."""

    source: Source
    table: Table
    options: ImportOptions
    period: str | None
    day: date | None
    sha256: str


def _import_table(con: Connection, data: DataDir, table: Table, source: Source, options: ImportOptions) -> FileReport:
    rows_read = 0
    try:
        candidate = _candidate(table, source, options)
        twin = _twin(candidate, read_releases(data))
        if twin and options.published_on in (None, twin.published_on):
            return _report(candidate, "already loaded", twin, ("it is loaded already: nothing to do",))
        sheet = read_rows(table)
        rows_read = sheet.rows.num_rows
        checks.lay_out(con, source, sheet)
        with import_turn(data):
            release = _checked(con, data, candidate, sheet)
            write_release(data, release, sheet.rows)
        return _report(candidate, "imported", release, release.problems)
    except FileRefused as refusal:
        return _refused(table.name, refusal, rows_read)


def _candidate(table: Table, source: Source, options: ImportOptions) -> _Candidate:
    """What can be said of a table before its rows are read.

    Raises:
        FileRefused: a column that matters stands twice, or its year cannot be told.
    """
    checks.refuse_repeated_columns(source, table)
    return _Candidate(
        source=source,
        table=table,
        options=options,
        period=dating.academic_year(source, table, options),
        day=dating.day_said(source, table, options),
        sha256=hashlib.sha256(table.content + table.part.encode()).hexdigest(),
    )


def _twin(candidate: _Candidate, loaded: Sequence[Release]) -> Release | None:
    """The release that is this very file.

    Raises:
        FileRefused: it is loaded under another date.
    """
    source, day = candidate.source, candidate.day
    same = [r for r in loaded if r.source_id == source.id and r.sha256 == candidate.sha256]
    for release in same:
        if release.period == candidate.period and (day is None or release.as_at == day):
            return release
    if same and not source.held_by_la:
        says = candidate.period or (f"{day:%d/%m/%Y}" if day else "another date")
        refuse_same_file(candidate.table.name, says, same[0])
    return None


def _report(candidate: _Candidate, status: FileStatus, release: Release, problems: Iterable[str]) -> FileReport:
    return FileReport(
        name=candidate.table.name,
        status=status,
        kind=candidate.source.id,
        period=release.label,
        rows_read=release.rows_read,
        rows_kept=release.rows_kept,
        schools=release.schools,
        problems=tuple(problems),
        release_id=release.release_id,
    )


def _checked(con: Connection, data: DataDir, candidate: _Candidate, sheet: Sheet) -> Release:
    """The release that a table is, once nothing stands in its way.

    Raises:
        FileRefused: its date cannot be told, or it holds what cannot be.
    """
    source = candidate.source
    release = _described(con, candidate, sheet)
    checks.check_cells(con, source, sheet)
    loaded = read_releases(data)
    refuse_other_year(con, data, source, sheet, release, loaded)
    unknown = unknown_schools(con, data, source, release, loaded)
    return replace(release, problems=(*sheet.notes, *release.problems, *unknown))


def _described(con: Connection, candidate: _Candidate, sheet: Sheet) -> Release:
    """What is known of a release: its dates, what it holds, and its id.

    Raises:
        FileRefused: no row is a school's (or an LA's), or its date cannot be told.
    """
    source, table, period = candidate.source, candidate.table, candidate.period

    def latest(field_name: str) -> date | None:
        return checks.latest_date(con, source, field_name)

    counts = checks.count_rows(con, source, sheet)
    as_at = candidate.day or dating.day_inside(source, table, latest)
    provisional = "provisional" in table.name.casefold()
    published_on, published_by, notes = dating.publication(
        source, period or checks.latest_period(con, source), as_at, candidate.options, latest, provisional=provisional
    )
    stamp = period or (as_at.isoformat() if as_at else "all")
    return Release(
        release_id=f"{source.id}-{stamp}-{candidate.sha256[:8]}",
        source_id=source.id,
        original_name=table.name,
        sha256=candidate.sha256,
        period=period,
        as_at=as_at,
        published_on=published_on,
        published_by=published_by,
        provisional=provisional,
        header=tuple(sheet.rows.column_names[1:]),
        rows_read=sheet.rows.num_rows,
        rows_kept=counts.school_rows + counts.summary_rows,
        schools=counts.schools,
        las=counts.las,
        is_demo=counts.lowest_urn is not None and counts.lowest_urn > FIRST_DEMO_URN,
        imported_at=datetime.now(UTC).replace(microsecond=0),
        imported_by=candidate.options.imported_by,
        problems=(*notes, *_dated_loosely(candidate), *_absent(source, sheet), *counts.notes),
    )


def _dated_loosely(candidate: _Candidate) -> Iterator[str]:
    """What to tell of a file of which only the month or the year is known."""
    last = dating.last_day_said(candidate.source, candidate.table)
    if last and candidate.options.as_at is None:
        yield f"its name says no day: taken as {last:%d/%m/%Y}, the last day that it can mean; --as-at corrects it"


def _absent(source: Source, sheet: Sheet) -> Iterator[str]:
    """Which columns of the kind this file lacks: a trimmed copy is taken, and said to be one."""
    found = matched_columns(source, sheet.header)
    absent = [one.columns[0] for one in source.fields if one.name not in found and source.dating == "academic year"]
    if absent:
        are = "1 column is" if len(absent) == 1 else f"{len(absent)} columns are"
        yield f"{are} not in this file: {', '.join(absent)}"
