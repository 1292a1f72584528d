"""What a workbook shows where its reader gives another value: errors, and numbers shown as percentages.

The reader of workbooks gives a cell with "#DIV/0!" as an empty one, and a cell that shows 63% as 0.63. Both would be
read wrongly, and silently: so they are looked up in the workbook's own XML, as ECMA-376 (XLSX) and OpenDocument 1.2
(ODS) define it.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree  # nosec B405  # parts that declare texts of their own are refused before
from xml.etree.ElementTree import Element  # nosec B405  # a type, which parses nothing

Shown = dict[tuple[int, int], str]

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_PERCENT_FORMATS = {9, 10}  # 0% and 0.00%, which need no format of their own
_ODF = "{urn:oasis:names:tc:opendocument:xmlns:%s:1.0}"
_TABLE, _OFFICE, _TEXT = (_ODF % name for name in ("table", "office", "text"))
_EXTENDED_TYPE = "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}value-type"
_SIGNS = (b'"percentage"', b'"error"', b">#", b">Err:")  # without any of them nothing is shown otherwise
_MOST_REPEATED = 100_000  # a cell repeated to the sheet's edge is a background, not a table


def shown_cells(content: bytes) -> dict[str, Shown]:
    """The cells that a workbook shows otherwise than its reader gives them: {sheet: {(row, column): text}}.

    Rows and columns are counted from 0. An old XLS, which is no archive, has none.

    Raises:
        zipfile.BadZipFile, xml.etree.ElementTree.ParseError: the workbook is damaged.
    """
    if not content.startswith(b"PK"):
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = set(archive.namelist())
        if "content.xml" in names:
            return _of_opendocument(archive)
        return _of_xlsx(archive) if "xl/workbook.xml" in names else {}


def _of_xlsx(archive: zipfile.ZipFile) -> dict[str, Shown]:
    percent = _percent_styles(archive)
    return {
        sheet: dict(_xlsx_cells(archive, part, percent))
        for sheet, part in _parts(archive)
        if part in archive.namelist() and (percent or b't="e"' in archive.read(part))
    }


def _parts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """Each sheet and the part of the archive that holds it."""
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # nosec B314  # see the import
    targets = {one.get("Id"): one.get("Target", "") for one in relations}
    for sheet in ElementTree.fromstring(archive.read("xl/workbook.xml")).iter(f"{_MAIN}sheet"):  # nosec B314  # as above
        target = targets.get(sheet.get(_RELATION), "")
        yield sheet.get("name", ""), posixpath.normpath(posixpath.join("/xl", target)).lstrip("/")


def _percent_styles(archive: zipfile.ZipFile) -> set[str]:
    """The styles, by their place in the list, that show a number as a percentage."""
    if "xl/styles.xml" not in archive.namelist():
        return set()
    styles = ElementTree.fromstring(archive.read("xl/styles.xml"))  # nosec B314  # see the import
    own = {one.get("numFmtId"): one.get("formatCode", "") for one in styles.iter(f"{_MAIN}numFmt")}
    formats = {number for number, code in own.items() if "%" in re.sub(r'"[^"]*"|\\.', "", code)}
    formats |= {str(number) for number in _PERCENT_FORMATS}
    cells = styles.find(f"{_MAIN}cellXfs")
    return {str(place) for place, one in enumerate([] if cells is None else cells) if one.get("numFmtId") in formats}


def _xlsx_cells(archive: zipfile.ZipFile, part: str, percent: set[str]) -> Iterator[tuple[tuple[int, int], str]]:
    at_row = -1
    with archive.open(part) as file:
        for _, row in ElementTree.iterparse(file):  # nosec B314  # see the import
            if row.tag != f"{_MAIN}row":
                continue
            at_row = int(row.get("r", at_row + 2)) - 1
            at_column = -1
            for cell in row:
                at_column = _column(cell.get("r", "")) if cell.get("r") else at_column + 1
                value = cell.findtext(f"{_MAIN}v", "")
                kind = cell.get("t", "n")
                if kind == "e":
                    yield (at_row, at_column), value
                elif kind == "n" and value and cell.get("s") in percent:
                    yield (at_row, at_column), _percentage(value)
            row.clear()


def _column(reference: str) -> int:
    """The column of a cell, counted from 0: 1 for B5. Some programs leave the reference out."""
    column = 0
    for letter in reference.rstrip("0123456789"):
        column = column * 26 + ord(letter) - ord("A") + 1
    return column - 1


def _percentage(value: str) -> str:
    """What a cell shows as a percentage: "63%" for 0.63."""
    shown = round(float(value) * 100, 10)
    return f"{int(shown) if shown.is_integer() else shown}%"


def _of_opendocument(archive: zipfile.ZipFile) -> dict[str, Shown]:
    found: dict[str, Shown] = {}
    content = archive.read("content.xml")
    if not any(sign in content for sign in _SIGNS):
        return found
    with io.BytesIO(content) as file:
        for _, table in ElementTree.iterparse(file):  # nosec B314  # see the import
            if table.tag == f"{_TABLE}table":
                found[table.get(f"{_TABLE}name", "")] = dict(_opendocument_cells(table))
                table.clear()
    return found


def _opendocument_cells(table: Element) -> Iterator[tuple[tuple[int, int], str]]:
    at_row = 0
    for row in table.iter(f"{_TABLE}table-row"):
        rows = int(row.get(f"{_TABLE}number-rows-repeated", "1"))
        at_column = 0
        for cell in row:
            columns = int(cell.get(f"{_TABLE}number-columns-repeated", "1"))
            shown = _opendocument_shows(cell)
            if shown and rows * columns <= _MOST_REPEATED:
                for r in range(at_row, at_row + rows):
                    for c in range(at_column, at_column + columns):
                        yield (r, c), shown
            at_column += columns
        at_row += rows


def _opendocument_shows(cell: Element) -> str | None:
    """What a cell shows where its reader gives something else; None where it does not."""
    if cell.get(f"{_OFFICE}value-type") == "percentage":
        return _percentage(cell.get(f"{_OFFICE}value", "0"))
    text = "".join(part for paragraph in cell.iter(f"{_TEXT}p") for part in paragraph.itertext())
    is_error = cell.get(_EXTENDED_TYPE) == "error" or (cell.get(f"{_TABLE}formula") and text.startswith(("#", "Err:")))
    return text if is_error and text else None
