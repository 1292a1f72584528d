"""From a file's bytes to a table of text, nothing lost: CSV in any of the encodings seen, ZIP, XLSX."""

import csv
import io
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
from python_calamine import CalamineError, CalamineWorkbook

from risk_model.domain.errors import FileRefused
from risk_model.warehouse.lake import ROW

TABLE_ENDINGS = (".csv", ".xlsx", ".xls", ".ods")
MAX_BYTES = 400_000_000
_SAVE_AS = "Open it in the program that made it, save it as CSV UTF-8 and import that."


@dataclass(frozen=True)
class Sheet:
    """One table as it stands in a file.

    Attributes:
        name: the file's path, with the member of a ZIP or the sheet of a workbook.
        content: the bytes it was read from.
        header: column names as published.
        table: every column as text, and `_row`, the line or row in the file, counted from 1.
        notes: what was mended on the way in, in words.
    """

    name: str
    content: bytes
    header: tuple[str, ...]
    table: pa.Table
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """A file as found: its bytes, and whether the user named it or it was met in a folder."""

    name: str
    content: bytes
    named: bool


def find_files(path: Path) -> Iterator[Given]:
    """The files at a path: itself, a folder's files in order of name, a ZIP's members.

    Raises:
        FileRefused: there is nothing there, or it cannot be read.
    """
    if path.is_dir():
        for inner in sorted(p for p in path.rglob("*") if p.is_file() and not p.name.startswith(".")):
            yield from _opened(inner, named=False)
        return
    if not path.exists():
        raise FileRefused(f"{path} was not imported: there is no such file or folder.", ["Check the path."])
    yield from _opened(path, named=True)


def _opened(path: Path, *, named: bool) -> Iterator[Given]:
    if path.suffix.lower() == ".zip":
        yield from _members(path, named=named)
        return
    if path.stat().st_size > MAX_BYTES:
        raise FileRefused(f"{path.name} was not imported: it is larger than {MAX_BYTES // 1_000_000} MB.")
    yield Given(path.as_posix(), path.read_bytes(), named)


def _members(path: Path, *, named: bool) -> Iterator[Given]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = [m for m in archive.infolist() if not m.is_dir()]
            if sum(m.file_size for m in members) > MAX_BYTES:
                raise FileRefused(
                    f"{path.name} was not imported: unpacked it is larger than {MAX_BYTES // 1_000_000} MB."
                )
            for member in members:
                yield Given(f"{path.as_posix()}/{member.filename}", archive.read(member), named)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError) as error:
        raise FileRefused(
            f"{path.name} was not imported: it is not a ZIP file that can be opened.",
            ["Download it again, or unpack it and import the folder."],
        ) from error


def read_sheets(given: Given) -> list[Sheet]:
    """The tables of a file.

    Raises:
        FileRefused: it is empty, a picture or another kind of file, or has no header and rows.
    """
    name = Path(given.name).name
    if not given.content.strip():
        raise FileRefused(f"{name} was not imported: it is empty.", ["Download it again."])
    if given.name.lower().endswith(".csv"):
        return [_csv_sheet(given)]
    return _workbook_sheets(given)


def decoded(content: bytes, name: str) -> tuple[str, str | None]:
    """A CSV's text, and what encoding it was in where that was not UTF-8.

    Published files are UTF-8, with or without a byte-order mark, or Windows-1252; a spreadsheet's
    "Unicode text" is UTF-16.

    Raises:
        FileRefused: the bytes are not text.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return content.decode("utf-16"), "UTF-16"
        except UnicodeDecodeError:
            raise _not_text(name) from None
    if b"\x00" in content[:4096]:
        raise _not_text(name)
    try:
        return content.decode("utf-8-sig"), None
    except UnicodeDecodeError:
        pass
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise _not_text(name) from None
    if sum(ord(c) < 32 and c not in "\t\r\n" for c in text[:4096]) > 8:
        raise _not_text(name)
    return text, "Windows-1252"


def _not_text(name: str) -> FileRefused:
    return FileRefused(
        f"{name} was not imported: it is not a table of text, whatever its name says.",
        ["Expected a CSV file, but found a picture, a document or another binary file.", _SAVE_AS],
    )


def _csv_sheet(given: Given) -> Sheet:
    name = Path(given.name).name
    text, encoding = decoded(given.content, name)
    sample = text[:20_000]
    delimiter = "\t" if sample.count("\t") > sample.count(",") else ";" if ";" in sample and "," not in sample else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        numbered = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise FileRefused(f"{name} was not imported: line {reader.line_num} cannot be read ({error}).", [_SAVE_AS]) from error
    notes = [f"read as {encoding}"] if encoding else []
    return _sheet(given, given.name, numbered, notes)


def _workbook_sheets(given: Given) -> list[Sheet]:
    name = Path(given.name).name
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(given.content))
        sheets = []
        for sheet_name in workbook.sheet_names:
            cells = workbook.get_sheet_by_name(sheet_name).to_python(skip_empty_area=False)
            numbered = [(i, [_cell_text(c) for c in row]) for i, row in enumerate(cells, start=1)]
            if len(numbered) > 1:
                sheets.append(_sheet(given, f"{given.name}/{sheet_name}", numbered, []))
    except (CalamineError, OSError, ValueError) as error:
        raise FileRefused(f"{name} was not imported: it is not a workbook that can be opened.", [_SAVE_AS]) from error
    if not sheets:
        raise FileRefused(f"{name} was not imported: it has no table.", [_SAVE_AS])
    return sheets


def _cell_text(cell: object) -> str:
    """A workbook's cell as the text that a CSV of it would hold."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _sheet(given: Given, name: str, numbered: list[tuple[int, list[str]]], notes: list[str]) -> Sheet:
    short = Path(name).name
    start = _header_position([row for _, row in numbered[:10]])
    header = [column.replace("\ufeff", "").strip() for column in numbered[start][1]] if numbered else []
    while header and not header[-1]:
        header.pop()
    body = [(line, row) for line, row in numbered[start + 1 :] if any(cell.strip() for cell in row)]
    if not header:
        raise FileRefused(f"{short} was not imported: it has no header.", ["The first line must name the columns."])
    if not body:
        raise FileRefused(
            f"{short} was not imported: it has a header and no rows.",
            ["A release without schools would hide the ones that are there. Download it again."],
        )
    width = len(header)
    padded, longer, shorter = [], 0, 0
    for _, row in body:
        longer += any(cell.strip() for cell in row[width:])
        shorter += len(row) < width
        padded.append(row[:width] if len(row) >= width else row + [""] * (width - len(row)))
    if shorter:
        notes.append(f"{shorter:,} rows are shorter than the header: what they lack is blank")
    if longer:
        notes.append(f"{longer:,} rows are longer than the header: what has no column name is left out")
    columns = list(zip(*padded, strict=True))
    named = {ROW: pa.array([line for line, _ in body], pa.int32())}
    for column, values in zip(_unique(header), columns, strict=True):
        named[column] = pa.array(values, pa.string())
    return Sheet(name, given.content, tuple(header), pa.table(named), tuple(notes))


def _header_position(first_rows: list[list[str]]) -> int:
    """Where the header stands: some inspection files have title lines above it."""
    for position, row in enumerate(first_rows):
        if any(cell.replace("\ufeff", "").strip().casefold() == "urn" for cell in row):
            return position
    return 0


def _unique(header: list[str]) -> list[str]:
    """Column names that a table can hold: a repeated one gets its number (the importer refuses one it reads)."""
    seen: dict[str, int] = {ROW: 1}
    unique = []
    for position, column in enumerate(header):
        key = column.casefold()
        seen[key] = seen.get(key, 0) + 1
        unique.append(column if column and seen[key] == 1 else f"{column} (column {position + 1})")
    return unique
