"""The rows of workbooks and Parquet files, as the text that a CSV of them would hold."""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from xml.etree import ElementTree  # nosec B405  # for the name of its error

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from risk_model.domain.errors import FileRefused
from risk_model.sources.finding import BROKEN_ARCHIVE
from risk_model.sources.naming import shown
from risk_model.sources.shown_cells import Shown, shown_cells
from risk_model.sources.text import SAVE_AS, Line
from risk_model.sources.workbook_size import refuse_oversized

_WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
_PARQUET = b"PAR1"
MOST_PARQUET_CELLS = 60_000_000


def is_workbook(content: bytes) -> bool:
    """Whether bytes begin as XLSX, ODS or XLS do."""
    return content.startswith(_WORKBOOKS)


def is_parquet(content: bytes) -> bool:
    """Whether bytes begin as Parquet does."""
    return content.startswith(_PARQUET)


def workbook_lines(content: bytes, name: str) -> dict[str, list[Line]]:
    """Every sheet's rows, numbered from 1: {sheet: rows}; empty sheets are left out.

    Raises:
        FileRefused: it cannot be opened, or unpacks to more than this product reads.
    """
    try:
        if content.startswith(b"PK"):
            refuse_oversized(content, name)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        otherwise = shown_cells(content)
        sheets = {sheet: _lines(workbook, sheet, otherwise.get(sheet, {})) for sheet in workbook.sheet_names}
    except (CalamineError, ElementTree.ParseError, LookupError, *BROKEN_ARCHIVE) as error:
        raise _no_workbook(name) from error
    except BaseException as error:
        # how the library's Rust says that it met what it did not expect: no subclass of Exception
        if type(error).__name__ != "PanicException":
            raise
        raise _no_workbook(name) from error
    filled = {sheet: lines for sheet, lines in sheets.items() if lines}
    if not filled:
        raise FileRefused(f"{name} was not imported: none of its sheets has a table.", [SAVE_AS])
    return filled


def _lines(workbook: CalamineWorkbook, sheet: str, otherwise: Shown) -> list[Line]:
    """A sheet's rows as text, and where it shows something else than its reader gives, what it shows."""
    cells = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    lines = [(number, [_cell_text(cell) for cell in row]) for number, row in enumerate(cells, start=1)]
    for (row, column), text in otherwise.items():
        if 0 <= row < len(lines) and 0 <= column < len(lines[row][1]):
            lines[row][1][column] = text
    return lines


def _no_workbook(name: str) -> FileRefused:
    return FileRefused(
        f"{name} was not imported: it is not a workbook that can be opened.",
        ["It may be damaged or locked with a password.", SAVE_AS],
    )


def _cell_text(cell: object) -> str:
    """A cell as the text that a CSV of it would hold: 100001 for the number 100001.0."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def parquet_file(content: bytes, name: str) -> pq.ParquetFile:
    """A Parquet file, opened and not yet read.

    Raises:
        FileRefused: it cannot be opened, or says that it holds more than this product reads.
    """
    with _as_parquet(name):
        file = pq.ParquetFile(io.BytesIO(content))
        cells = file.metadata.num_rows * file.metadata.num_columns
    if cells > MOST_PARQUET_CELLS:
        raise FileRefused(
            f"{name} was not imported: it holds {cells:,} cells, and at most {MOST_PARQUET_CELLS:,} are read.",
            ["No published file has as many. Keep the years and columns that are needed. Nothing was changed."],
        )
    return file


@contextmanager
def _as_parquet(name: str) -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, ValueError, OverflowError) as error:
        raise FileRefused(
            f"{name} was not imported: it is not a Parquet file that can be read.",
            ["It may be damaged. Download it again. Nothing was changed."],
        ) from error


def parquet_columns(file: pq.ParquetFile, names: Sequence[str], name: str) -> pa.Table | None:
    """All of its rows at once as text; None where a column holds more than text and numbers.

    Args:
        names: one for each column, none twice.
        name: the file as shown.
    Raises:
        FileRefused: what it holds is not what its own description says.
    """
    if not all(_is_plain(column) for column in file.schema_arrow.types):
        return None
    with _as_parquet(name):
        table = file.read()
        texts = [pc.fill_null(column.cast(pa.string()), "") for column in table.columns]
        return pa.Table.from_arrays(texts, names=list(names))


def _is_plain(kind: pa.DataType) -> bool:
    return any(is_kind(kind) for is_kind in (pa.types.is_string, pa.types.is_integer, pa.types.is_float64))


def parquet_lines(file: pq.ParquetFile, name: str) -> Iterator[Line]:
    """Its rows as text, numbered from 1.

    Args:
        name: the file as shown.
    Raises:
        FileRefused: a column holds lists or tables, or is not what the file's own description says.
    """
    nested = [field.name for field in file.schema_arrow if pa.types.is_nested(field.type)]
    if nested:
        raise FileRefused(
            f"{name} was not imported: its column {shown(nested[0])} holds lists or tables, not single values.",
            ["A published table has one value in each cell. Save it as CSV and import that. Nothing was changed."],
        )
    number = 0
    with _as_parquet(name):
        for batch in file.iter_batches():
            columns = [[_cell_text(cell) for cell in column.to_pylist()] for column in batch.columns]
            for row in zip(*columns, strict=True):
                number += 1
                yield number, list(row)
