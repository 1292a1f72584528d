"""From a file's bytes to tables of text, nothing lost: the header first, the rows when they are wanted."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import pyarrow as pa

from risk_model.domain.errors import FileRefused
from risk_model.sources.binary import is_parquet, is_workbook, parquet_lines, workbook_lines
from risk_model.sources.finding import Given
from risk_model.sources.naming import safe_name
from risk_model.sources.text import SAVE_AS, Line, decoded, lines_of
from risk_model.warehouse.lake import ROW

MAX_COLUMNS = 3_000
_LINES_ABOVE = 10
_BATCH_ROWS = 2_000


@dataclass(frozen=True)
class Table:
    """A table of which only the header has been read, so that a file of no known kind costs little.

    Attributes:
        name: the file as shown, with the member of a ZIP or the sheet of a workbook.
        content: the bytes of the file; `part` is the sheet among them.
        header: column names as published.
        lines: gives the rows below the header, each with its line in the file, counted from 1.
        named: whether the user named this very file.
        notes: what was mended on the way in, in words.
    """

    name: str
    content: bytes
    header: tuple[str, ...]
    lines: Callable[[], Iterable[Line]]
    named: bool = True
    part: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """A table with its rows.

    Attributes:
        header: column names as published.
        rows: every column as text, and `_row`, the line or row in the file, counted from 1.
        notes: what was mended on the way in, in words.
    """

    name: str
    header: tuple[str, ...]
    rows: pa.Table
    notes: tuple[str, ...] = ()


def tables_in(given: Given) -> list[Table]:
    """The tables of a file, told by its bytes whatever its name ends in.

    Raises:
        FileRefused: it is empty, a picture or another kind of file, or has too many columns.
    """
    name = safe_name(given.name)
    if not given.content.strip():
        raise FileRefused(f"{name} was not imported: it is empty.", ["Download it again. Nothing was changed."])
    if is_parquet(given.content):
        header, lines = parquet_lines(given.content, name)
        return [Table(name, given.content, tuple(header), lambda: lines, given.named)]
    if is_workbook(given.content):
        return [
            _headed(Given(f"{name}/{sheet}", given.content, given.named), lines.__iter__, part=sheet)
            for sheet, lines in workbook_lines(given.content, name).items()
        ]
    text, encoding = decoded(given.content, name)
    notes = (f"read as {encoding}",) if encoding else ()
    return [_headed(Given(name, given.content, given.named), lambda: lines_of(text, name), notes=notes)]


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
        given.named,
        part,
        notes,
    )


def _header_position(first: Sequence[Sequence[str]]) -> int:
    """Where the header stands: some inspection files have title lines above it."""
    for position, row in enumerate(first):
        if any(cell.casefold() == "urn" for cell in row):
            return position
    return next((position for position, row in enumerate(first) if any(row)), 0)


def read_rows(table: Table) -> Sheet:
    """Read a table's rows.

    Raises:
        FileRefused: it has no rows, or rows that cannot be read.
    """
    ragged = _Ragged([], [], [])
    names = [ROW, *_unique(table.header)]
    batches = [_batch(names, lines) for lines in _batches(_aligned(table.lines(), len(table.header), ragged))]
    if not batches:
        raise FileRefused(
            f"{table.name} was not imported: it has a header and no rows.",
            [
                "A release without schools would hide the ones that are there.",
                "Download it again. Nothing was changed.",
            ],
        )
    return Sheet(table.name, table.header, pa.Table.from_batches(batches), (*table.notes, *ragged.notes()))


@dataclass(frozen=True)
class _Ragged:
    """The lines that needed something to be as wide as the header."""

    shorter: list[int]
    longer: list[int]
    blank: list[int]

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


def _aligned(lines: Iterable[Line], width: int, ragged: _Ragged) -> Iterator[Line]:
    """Rows as wide as the header, without blank ones; what was done is written into `ragged`."""
    for number, row in lines:
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
