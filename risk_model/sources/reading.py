"""From a file's bytes to tables of text, nothing lost: the header first, the rows when they are wanted."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

import pyarrow as pa
import pyarrow.compute as pc

from risk_model.domain.errors import FileRefused
from risk_model.sources.binary import (
    is_parquet,
    is_workbook,
    parquet_columns,
    parquet_file,
    parquet_lines,
    workbook_lines,
)
from risk_model.sources.finding import Given
from risk_model.sources.naming import safe_name
from risk_model.sources.text import SAVE_AS, Line, columns_of, decoded, lines_of
from risk_model.warehouse.lake import ROW

MAX_COLUMNS = 3_000
_LINES_ABOVE = 10
# "LA num" heads the statistical neighbours, below two rows of numbers
_HEADER_MARKS = ("urn", "school_urn", "la num", "time_period")
_BATCH_ROWS = 2_000


@dataclass(frozen=True)
class Table:
    """A table of which only the header has been read, so that a file of no known kind costs little.

    Attributes:
        name: the file as shown, with the member of a ZIP or the sheet of a workbook.
        content: the bytes of the file; `part` is the sheet among them.
        header: column names as published.
        lines: gives the rows below the header, each with its line in the file, counted from 1.
        columns: gives all of them at once, under the names given, where the file is a plain one; None otherwise.
        lines_above: how many lines of the file come before the first row.
        named: whether the user named this very file.
        notes: what was mended on the way in, in words.
        titles: the lines above the header.
        is_open_ended: a text file that does not end in a line end, as one does that was cut off.
    """

    name: str
    content: bytes
    header: tuple[str, ...]
    lines: Callable[[], Iterable[Line]]
    columns: Callable[[Sequence[str]], pa.Table | None] = lambda _: None
    lines_above: int = 0
    named: bool = True
    part: str = ""
    notes: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    is_open_ended: bool = False


@dataclass(frozen=True)
class Sheet:
    """A table with its rows.

    Attributes:
        header: column names as published.
        rows: every column as text, and `_row`, the line or row in the file, counted from 1.
        notes: what was mended on the way in, in words.
        blank_rows: how many rows had nothing in any cell, and were left out.
        longer_rows: the rows that have filled cells beyond the last column, by their line.
    """

    name: str
    header: tuple[str, ...]
    rows: pa.Table
    notes: tuple[str, ...] = ()
    blank_rows: int = 0
    longer_rows: tuple[int, ...] = ()


def tables_in(given: Given) -> list[Table]:
    """The tables of a file, told by its bytes whatever its name ends in.

    Raises:
        FileRefused: it is empty, a picture or another kind of file, or has too many columns.
    """
    name = safe_name(given.name)
    if not given.content.strip():
        raise FileRefused(f"{name} was not imported: it is empty.", ["Download it again. Nothing was changed."])
    if is_parquet(given.content):
        return [_of_parquet(name, given)]
    if is_workbook(given.content):
        return [
            _headed(Given(f"{name}/{sheet}", given.content, given.named), lines.__iter__, part=sheet)
            for sheet, lines in workbook_lines(given.content, name).items()
        ]
    text, encoding = decoded(given.content, name)
    notes = (f"read as {encoding}",) if encoding else ()
    table = _headed(Given(name, given.content, given.named), lambda: lines_of(text, name), notes=notes)
    open_ended = not text.endswith(("\n", "\r"))
    return [replace(table, columns=lambda names: columns_of(text, names, table.lines_above), is_open_ended=open_ended)]


def _of_parquet(name: str, given: Given) -> Table:
    file = parquet_file(given.content, name)
    return Table(
        name,
        given.content,
        tuple(file.schema_arrow.names),
        lambda: parquet_lines(file, name),
        lambda names: parquet_columns(file, names, name),
        named=given.named,
    )


def _headed(given: Given, lines: Callable[[], Iterable[Line]], *, part: str = "", notes: tuple[str, ...] = ()) -> Table:
    first = [[cell.replace("\ufeff", "").strip() for cell in row] for _, row in islice(lines(), _LINES_ABOVE)]
    at = _header_position(first)
    header = first[at] if first else []
    while header and not header[-1]:
        header.pop()
    if len(header) > MAX_COLUMNS:
        raise FileRefused(
            f"{given.name} was not imported: it has {len(header):,} columns.",
            [f"No published file has more than {MAX_COLUMNS:,}: it may have lost its line ends.", SAVE_AS],
        )
    if at:
        notes = (*notes, f"{at} line{'s' * (at > 1)} above the header left out")
    return Table(
        given.name,
        given.content,
        tuple(header),
        lambda: islice(lines(), at + 1, None),
        lines_above=at + 1,
        named=given.named,
        part=part,
        notes=notes,
        titles=tuple(" ".join(cell for cell in row if cell) for row in first[:at]),
    )


def _header_position(first: Sequence[Sequence[str]]) -> int:
    """Where the header stands: some files have title lines or column numbers above it."""
    for position, row in enumerate(first):
        if any(cell.casefold() in _HEADER_MARKS for cell in row):
            return position
    return next((position for position, row in enumerate(first) if any(row)), 0)


def read_rows(table: Table) -> Sheet:
    """Read a table's rows.

    Raises:
        FileRefused: it has no rows, or rows that cannot be read.
    """
    ragged = _Ragged([], [], [], [])
    names = _unique(table.header)
    columns = table.columns(names)
    found = _row_by_row(table, names, ragged) if columns is None else _numbered(columns, table.lines_above, ragged)
    if not found.num_rows:
        raise FileRefused(
            f"{table.name} was not imported: it has a header and no rows.",
            [
                "A release without schools would hide the ones that are there.",
                "Download it again. Nothing was changed.",
            ],
        )
    if table.is_open_ended and ragged.ends_short(len(names)):
        raise FileRefused(
            f"{table.name} was not imported: it is cut off in the middle of its last row.",
            ["Schools would be missing without a word. Download it again. Nothing was changed."],
        )
    notes = (*table.notes, *ragged.notes())
    return Sheet(table.name, tuple(names), found, notes, len(ragged.blank), tuple(ragged.longer))


@dataclass(frozen=True)
class _Ragged:
    """The lines that needed something to be as wide as the header, and how wide the last two lines were."""

    shorter: list[int]
    longer: list[int]
    blank: list[int]
    widths: list[int]

    def ends_short(self, width: int) -> bool:
        """Whether the last row has fewer cells than the header and the row before it."""
        return len(self.widths) > 1 and self.widths[1] < min(width, self.widths[0])

    def notes(self) -> Iterable[str]:
        if self.shorter:
            yield f"{_rows(self.shorter)} shorter than the header: what is not there is blank"
        if self.longer:
            yield f"{_rows(self.longer)} longer than the header: what has no column name is left out"
        if self.blank:
            yield f"{_rows(self.blank)} blank: left out"


def _rows(lines: Sequence[int]) -> str:
    if len(lines) == 1:
        return f"1 row (line {lines[0]}) is"
    return f"{len(lines):,} rows (the first is line {lines[0]}) are"


def _row_by_row(table: Table, names: list[str], ragged: _Ragged) -> pa.Table:
    """The rows of a file that is not a plain one; what was done to them is written into `ragged`."""
    schema = pa.schema([(ROW, pa.int32()), *((name, pa.string()) for name in names)])
    aligned = _aligned(table.lines(), len(names), ragged)
    return pa.Table.from_batches([_batch(schema.names, lines) for lines in _batches(aligned)], schema)


def _numbered(columns: pa.Table, lines_above: int, ragged: _Ragged) -> pa.Table:
    """The rows of a plain file with their lines, without blank ones, which are written into `ragged`."""
    first = lines_above + 1
    lines = pa.arange(first, first + columns.num_rows).cast(pa.int32())
    numbered = columns.add_column(0, ROW, lines)
    blank = None
    for column in columns.columns:
        empty = pc.equal(pc.utf8_trim_whitespace(column), "")
        blank = empty if blank is None else pc.and_(blank, empty)
        if not pc.any(blank).as_py():
            return numbered
    ragged.blank.extend(numbered.column(ROW).filter(blank).to_pylist())
    return numbered.filter(pc.invert(blank))


def _aligned(lines: Iterable[Line], width: int, ragged: _Ragged) -> Iterator[Line]:
    """Rows as wide as the header, without blank ones; what was done is written into `ragged`."""
    for number, row in lines:
        ragged.widths[:] = [*ragged.widths[-1:], len(row)]
        if not any(map(str.strip, row)):
            ragged.blank.append(number)
        elif len(row) < width:
            ragged.shorter.append(number)
            yield number, [*row, *[""] * (width - len(row))]
        elif len(row) == width:
            yield number, row
        else:
            if any(map(str.strip, row[width:])):
                ragged.longer.append(number)
            yield number, row[:width]


def _batches(lines: Iterator[Line]) -> Iterator[list[Line]]:
    """A few thousand rows at a time: a big file's rows are never all in memory as lists of texts."""
    while batch := list(islice(lines, _BATCH_ROWS)):
        yield batch


def _batch(names: list[str], lines: list[Line]) -> pa.RecordBatch:
    numbers = pa.array([number for number, _ in lines], pa.int32())
    columns = zip(*(row for _, row in lines), strict=True)
    return pa.RecordBatch.from_arrays([numbers, *(pa.array(c, pa.string()) for c in columns)], names=names)


def _unique(header: Sequence[str]) -> list[str]:
    """Column names that a table can hold: a repeated one gets its number (one that is read is refused)."""
    taken = {ROW}
    unique = []
    for position, column in enumerate(header, start=1):
        name = column
        while not name or name.casefold() in taken:
            name = f"{name} (column {position})"
        taken.add(name.casefold())
        unique.append(name)
    return unique
