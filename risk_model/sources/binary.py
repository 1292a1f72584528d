"""The rows of workbooks and Parquet files, as the text that a CSV of them would hold."""

import io
import zipfile
from collections.abc import Iterator, Sequence

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from risk_model.domain.errors import FileRefused
from risk_model.sources.finding import refuse_too_large
from risk_model.sources.text import SAVE_AS, Line

_WORKBOOKS = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")
_PARQUET = b"PAR1"


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
        _refuse_large_workbook(content, name)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = {}
        for sheet in workbook.sheet_names:
            cells = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            sheets[sheet] = [(i, [_cell_text(c) for c in row]) for i, row in enumerate(cells, start=1)]
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise FileRefused(
            f"{name} was not imported: it is not a workbook that can be opened.",
            ["It may be damaged or locked with a password.", SAVE_AS],
        ) from error
    filled = {sheet: lines for sheet, lines in sheets.items() if lines}
    if not filled:
        raise FileRefused(f"{name} was not imported: none of its sheets has a table.", [SAVE_AS])
    return filled


def _refuse_large_workbook(content: bytes, name: str) -> None:
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            refuse_too_large(name, archive.infolist())


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
        FileRefused: it cannot be opened.
    """
    try:
        return pq.ParquetFile(io.BytesIO(content))
    except (pa.ArrowInvalid, OSError) as error:
        raise FileRefused(
            f"{name} was not imported: it is not a Parquet file that can be opened.",
            ["Download it again. Nothing was changed."],
        ) from error


def parquet_columns(file: pq.ParquetFile, names: Sequence[str]) -> pa.Table | None:
    """All of its rows at once as text; None where a column holds more than text and numbers.

    Args:
        names: one for each column, none twice.
    """
    if not all(_is_plain(column) for column in file.schema_arrow.types):
        return None
    table = file.read()
    texts = [pc.fill_null(column.cast(pa.string()), "") for column in table.columns]
    return pa.Table.from_arrays(texts, names=list(names))


def _is_plain(kind: pa.DataType) -> bool:
    return any(is_kind(kind) for is_kind in (pa.types.is_string, pa.types.is_integer, pa.types.is_float64))


def parquet_lines(file: pq.ParquetFile) -> Iterator[Line]:
    """Its rows as text, numbered from 1."""
    number = 0
    for batch in file.iter_batches():
        columns = [[_cell_text(cell) for cell in column.to_pylist()] for column in batch.columns]
        for row in zip(*columns, strict=True):
            number += 1
            yield number, list(row)
