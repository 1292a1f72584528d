"""The import: recognise each file, check it whole, store it.

All good files land; a refused one changes nothing. To look at files before they are stored is the same way, but for
its last step.
"""

import hashlib
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path

import pyarrow as pa

from risk_model.domain.errors import Damaged, DateUnknown, FileRefused, NotStored
from risk_model.domain.paths import DataDir
from risk_model.sources import checks, dating
from risk_model.sources.changing import what_changes
from risk_model.sources.contract import Source, columns_absent
from risk_model.sources.desk import Desk, open_desk
from risk_model.sources.finding import Given, given_at, given_in, paths_at
from risk_model.sources.laying import lay_out
from risk_model.sources.loaded import refuse_other_year, refuse_same_file, refuse_withdrawn, unknown_schools
from risk_model.sources.naming import safe_name, shown_name
from risk_model.sources.national_rows import check_national_rows
from risk_model.sources.options import FileReport, FileStatus, ImportOptions
from risk_model.sources.reading import Sheet, Table, read_rows, tables_in
from risk_model.sources.recognising import nearest_kind, not_understood, recognised, without_explanations
from risk_model.sources.repeated_years import refuse_contradicted_year
from risk_model.sources.turns import import_turn
from risk_model.warehouse.engine import Connection, undamaged
from risk_model.warehouse.lake import (
    HASH_IN_NAME,
    Release,
    is_whole,
    read_standing,
    read_withdrawals,
    releases_of_file,
    write_release,
)

__all__ = [
    "FileReport",
    "FileStatus",
    "Given",
    "ImportOptions",
    "import_given",
    "import_paths",
    "import_uploaded",
    "look_at_uploaded",
]

FIRST_DEMO_URN = 900_000
_AHEAD = 2  # tables that are read while another is stored; more would only take memory
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
    with open_desk() as desk:
        acts = (act for inner, path in found for act in _begin_file(desk, data, inner, path, options, progress))
        with closing(_in_order(acts)) as begun:
            return [_end(desk, data, one, _store) for one in begun]


def import_given(data: DataDir, given: Given, options: ImportOptions) -> list[FileReport]:
    """Import one file as found, and say what became of each of its tables."""
    return _take(data, given, options, _store)


def import_uploaded(data: DataDir, name: str, content: bytes, options: ImportOptions) -> list[FileReport]:
    """Import a file that came as bytes, and say what became of each of its tables."""
    return _take_uploaded(data, name, content, options, _store)


def look_at_uploaded(data: DataDir, name: str, content: bytes, options: ImportOptions) -> list[FileReport]:
    """Say what would become of each table of a file, and what it would change. Nothing is stored."""
    return _take_uploaded(data, name, content, options, _leave)


def _take_uploaded(
    data: DataDir, name: str, content: bytes, options: ImportOptions, finish: "_Finish"
) -> list[FileReport]:
    try:
        given = given_in(name, content)
    except FileRefused as refusal:
        return [_refused(safe_name(name), refusal)]
    return [report for one in given for report in _take(data, one, options, finish)]


def _take(data: DataDir, given: Given, options: ImportOptions, finish: "_Finish") -> list[FileReport]:
    with open_desk() as desk:
        return [_end(desk, data, begin(), finish) for begin in _begin(desk, data, given, options)]


def _in_order(acts: Iterable["_Act"]) -> Generator["_Begun"]:
    """Do the acts, some ahead of the one that is asked for, and give what came of them in their order."""
    with ThreadPoolExecutor(_AHEAD, "reading") as readers:
        waiting: deque[Future[_Begun]] = deque()
        for act in acts:
            waiting.append(readers.submit(act))
            if len(waiting) > _AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _begin_file(
    desk: Desk, data: DataDir, inner: Path, path: Path, options: ImportOptions, progress: Callable[[str], None]
) -> Iterator["_Act"]:
    """How to begin with each table of a file, told when its turn comes."""
    name = shown_name(inner, path)
    progress(name)
    try:
        given = given_at(inner, path)
    except FileRefused as refusal:
        yield partial(_refused, name, refusal)
        return
    for one in given:
        yield from _begin(desk, data, one, options)


def _begin(desk: Desk, data: DataDir, given: Given, options: ImportOptions) -> list["_Act"]:
    """How to begin with each table of a file: read it, and check it by itself."""
    try:
        tables = [(table, recognised(table.header)) for table in without_explanations(tables_in(given))]
    except FileRefused as refusal:
        return [partial(_refused, safe_name(given.name), refusal)]
    if given.named and not any(source for _, source in tables):
        return [partial(_refused, table.name, not_understood(table.name, table.header)) for table, _ in tables]
    return [
        partial(_read, desk, data, table, source, options.of(table.name)) if source else partial(_unknown, table)
        for table, source in tables
    ]


def _unknown(table: Table) -> FileReport:
    return FileReport(table.name, "not a known kind", problems=tuple(nearest_kind(table.header, _NEARLY)))


def _refused(name: str, refusal: FileRefused, rows_read: int = 0) -> FileReport:
    said = (refusal.message, *refusal.details)
    if not isinstance(refusal, DateUnknown):
        return FileReport(name, "refused", rows_read=rows_read, refusal=said)
    status: FileStatus = "needs a year" if refusal.asked == "year" else "needs a day"
    return FileReport(name, status, rows_read=rows_read, refusal=said, candidates=refusal.candidates)


@dataclass(frozen=True)
class _Candidate:
    """A table of a known kind that may become a release, and what its name and the user say of its date."""

    source: Source
    table: Table
    options: ImportOptions
    period: str | None
    day: date | None
    sha256: str


@dataclass(frozen=True)
class _Read:
    """A table that nothing of its own stands in the way of.

    Attributes:
        con: the place on the desk where it is laid out, closed when the table is done with.
        release: what is known of it by itself.
    """

    candidate: _Candidate
    sheet: Sheet
    con: Connection
    release: Release


@dataclass(frozen=True)
class _Checked:
    """A table that nothing stands in the way of: the release that it is, its rows, and what it changes."""

    release: Release
    rows: pa.Table
    change: tuple[str, ...]


# what has become of a table before it meets what is loaded, and how to find out
_Begun = _Read | FileReport
_Act = Callable[[], _Begun]
# the last step: what is done with a table, given how to check it
_Finish = Callable[[DataDir, Callable[[], _Checked]], tuple[_Checked, FileStatus]]


def _store(data: DataDir, check: Callable[[], _Checked]) -> tuple[_Checked, FileStatus]:
    """Check a table against what is loaded and store it, while nobody else stores anything."""
    with import_turn(data):
        checked = check()
        write_release(data, checked.release, checked.rows)
    return checked, "imported"


def _leave(_: DataDir, check: Callable[[], _Checked]) -> tuple[_Checked, FileStatus]:
    """Check a table against what is loaded, and leave it."""
    return check(), "can be imported"


def _read(desk: Desk, data: DataDir, table: Table, source: Source, options: ImportOptions) -> _Begun:
    """Read a table and check it by itself; nothing that is loaded matters yet, but whether it is that very table."""
    rows_read = 0
    con = desk.place()
    try:
        candidate = _candidate(table, source, options)
        if loaded := _loaded_already(data, candidate):
            con.close()
            return loaded
        sheet = read_rows(table)
        rows_read = sheet.rows.num_rows
        checks.refuse_longer_rows(source, sheet)
        lay_out(con, source, sheet)
        release = _described(con, candidate, sheet)
        kept_out = checks.check_cells(con, source, sheet)
        release = replace(release, problems=(*sheet.notes, *release.problems, *kept_out))
        return _Read(candidate, sheet, con, release)
    except FileRefused as refusal:
        con.close()
        return _refused(table.name, refusal, rows_read)


def _end(desk: Desk, data: DataDir, begun: _Begun, finish: _Finish) -> FileReport:
    """Check a table that was read beside what is loaded, and do the last step."""
    if isinstance(begun, FileReport):
        return begun
    candidate, name = begun.candidate, begun.candidate.table.name
    with begun.con:
        try:
            # it may have come in a moment ago, from another file of the same folder
            if loaded := _loaded_already(data, candidate):
                return loaded
            checked, status = finish(data, lambda: _checked(desk, data, begun))
            return _report(candidate, status, checked.release, checked.release.problems, checked.change)
        except FileRefused as refusal:
            return _refused(name, refusal, begun.sheet.rows.num_rows)
        except NotStored as failure:
            words = [failure.message, *failure.details]
            said = FileRefused(f"{name} was not imported: it could not be stored.", words)
            return _refused(name, said, begun.sheet.rows.num_rows)


def _loaded_already(data: DataDir, candidate: _Candidate) -> FileReport | None:
    """The report on a table that is loaded already, as it is.

    Raises:
        FileRefused: it is loaded under another date, or was withdrawn.
    """
    twin = _twin(data, candidate, releases_of_file(data, candidate.sha256))
    if twin and candidate.options.published_on in (None, twin.published_on) and is_whole(data, twin):
        return _report(candidate, "already loaded", twin, ("it is loaded already: nothing to do",))
    return None


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


def _twin(data: DataDir, candidate: _Candidate, of_file: Sequence[Release]) -> Release | None:
    """The release that is this very file.

    Raises:
        FileRefused: it is loaded under another date, or was withdrawn.
    """
    source, day = candidate.source, candidate.day
    withdrawn = read_withdrawals(data)
    same = [release for release in of_file if release.source_id == source.id]
    for release in same:
        same_year = release.period == candidate.period or dating.rows_say_years(source, candidate.table)
        if same_year and (day is None or release.as_at == day):
            if release.release_id in withdrawn:
                refuse_withdrawn(candidate.table.name, release, withdrawn[release.release_id])
            return release
    # what was withdrawn because of its date may come back under the right one
    standing = [release for release in same if release.release_id not in withdrawn]
    if standing and not source.held_by_la:
        says = candidate.period or (f"{day:%d/%m/%Y}" if day else "another date")
        refuse_same_file(candidate.table.name, says, standing[0])
    return None


def _report(
    candidate: _Candidate,
    status: FileStatus,
    release: Release,
    problems: Iterable[str],
    change: Iterable[str] = (),
) -> FileReport:
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
        change=tuple(change),
    )


def _checked(desk: Desk, data: DataDir, read: _Read) -> _Checked:
    """The release that a table is, once nothing that is loaded stands in its way.

    Raises:
        FileRefused: it holds the figures of another year.
    """
    # to the microsecond: of two files with the same line the later counts
    release = replace(read.release, imported_at=datetime.now(UTC))
    loaded = read_standing(data)
    try:
        with undamaged(data.lake, "Import it again."):
            return _beside_loaded(desk, read, data, release, loaded)
    except Damaged:
        # a damaged release is mended by importing its file again: it must not stand in the way of that
        return _beside_loaded(desk, read, data, release, [one for one in loaded if is_whole(data, one)])


def _beside_loaded(desk: Desk, read: _Read, data: DataDir, release: Release, loaded: Sequence[Release]) -> _Checked:
    """The release beside what is loaded: what is odd about it then, and what it changes.

    Raises:
        FileRefused: it holds the figures of another year.
    """
    con, source, sheet = read.con, read.candidate.source, read.sheet
    refuse_other_year(desk, con, data, source, sheet, release, loaded)
    refuse_contradicted_year(desk, con, data, source, sheet, release, loaded)
    national = tuple(check_national_rows(con, source, sheet.name, release.period))
    unknown = unknown_schools(desk, con, data, source, release, loaded)
    release = replace(release, problems=(*release.problems, *national, *unknown))
    return _Checked(release, sheet.rows, tuple(what_changes(desk, con, data, source, release, loaded)))


def _described(con: Connection, candidate: _Candidate, sheet: Sheet) -> Release:
    """What is known of a release: its dates, what it holds, and its id.

    Raises:
        FileRefused: no row is a school's (or an LA's), or its date cannot be told.
    """
    source, table = candidate.source, candidate.table
    period = candidate.period or dating.year_of_rows(table, candidate.options, checks.periods_of_rows(con, source))

    def latest(field_name: str) -> date | None:
        return checks.latest_date(con, source, field_name)

    counts = checks.count_rows(con, source, sheet)
    as_at = candidate.day or dating.day_inside(source, table, latest)
    checks.refuse_later_happenings(con, source, sheet, as_at)
    provisional = "provisional" in table.name.casefold()
    published_on, published_by, notes = dating.publication(
        source, period or checks.latest_period(con, source), as_at, candidate.options, latest, provisional=provisional
    )
    stamp = period or (as_at.isoformat() if as_at else "all")
    return Release(
        release_id=f"{source.id}-{stamp}-{candidate.sha256[:HASH_IN_NAME]}",
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
        blank_rows=sheet.blank_rows,
        rows_kept=counts.school_rows + counts.summary_rows,
        schools=counts.schools,
        las=counts.las,
        is_demo=counts.lowest_urn is not None and counts.lowest_urn > FIRST_DEMO_URN,
        imported_at=datetime.now(UTC),
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
    names = [one.name for one in source.fields] if source.dating == "academic year" else []
    absent = [column.split(" or ")[0] for column in columns_absent(source, sheet.header, names)]
    if absent:
        are = "1 column is" if len(absent) == 1 else f"{len(absent)} columns are"
        yield f"{are} not in this file: {', '.join(absent)}"
