"""How large a workbook would be once it is open, told from its parts before anything opens it.

A few bytes can say that a cell stands in the last row of the last column, or that it is repeated a thousand million
times: a reader that makes room for the whole rectangle would take all memory.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from risk_model.domain.errors import FileRefused
from risk_model.sources.finding import refuse_too_large
from risk_model.sources.text import SAVE_AS

MOST_CELLS = 15_000_000
_CHUNK = 1_000_000
_ODS_CONTENT = "content.xml"
_BINARY_WORKBOOK = "xl/workbook.bin"
# a cell that holds something: one without content ends in "/>"
_CELL = re.compile(rb"<c(?=[\s>])([^>]*)(?<!/)>")
_REFERENCE = re.compile(rb"""\sr\s*=\s*["']([A-Za-z]{1,3})([0-9]{1,7})["']""")
_SHARED_TEXTS = re.compile(rb"""<sst(?=[\s>])([^>]*)>""")
_COUNTED = re.compile(rb"""[cC]ount\s*=\s*["']([0-9]+)["']""")
_DECLARED = re.compile(rb"<!(DOCTYPE|ENTITY)")
_FEWEST_BYTES_OF_A_TEXT = 5  # "<si/>"
_ODS_TAG = re.compile(rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*)>")
_ROWS_REPEATED = re.compile(rb"""number-rows-repeated\s*=\s*["']([0-9]+)["']""")
_CELLS_REPEATED = re.compile(rb"""number-columns-repeated\s*=\s*["']([0-9]+)["']""")


def refuse_oversized(content: bytes, name: str) -> None:
    """Refuse a workbook that says more than it can hold, or whose sheets are larger than this product reads.

    Every part is unpacked once on the way, to be thrown away: one that lies about its size is found out.

    Raises:
        FileRefused: it is too large, or of the binary kind.
        zipfile.BadZipFile: a part is not what the archive's list says.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = archive.infolist()
        refuse_too_large(name, members)
        if any(member.filename.lower() == _BINARY_WORKBOOK for member in members):
            raise FileRefused(f"{name} was not imported: it is a binary workbook (XLSB).", [SAVE_AS])
        cells = sum(_cells(archive, member, name) for member in members)
    if cells > MOST_CELLS:
        raise FileRefused(
            f"{name} was not imported: its sheets have room for {cells:,} cells, and at most {MOST_CELLS:,} are read.",
            ["A cell far below or beside the table makes a sheet that large: remove it.", SAVE_AS],
        )


def _cells(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> int:
    """How many cells the rectangle has that one part asks for."""
    sheet, texts, spread = _Sheet(), 0, _Spread()
    is_ods = member.filename == _ODS_CONTENT
    is_xml = member.filename.lower().endswith((".xml", ".rels"))
    for piece in _pieces(archive, member):
        # in other bytes than ASCII's it could not be looked for
        if _DECLARED.search(piece) or (is_xml and b"\0" in piece):
            raise FileRefused(
                f"{name} was not imported: {member.filename} in it declares texts of its own, as no spreadsheet does.",
                ["It may be made to do harm.", SAVE_AS],
            )
        if is_ods:
            spread = spread.after(piece)
            continue
        sheet = sheet.after(piece)
        for found in _SHARED_TEXTS.finditer(piece):
            texts = max([texts, *(int(count) for count in _COUNTED.findall(found[1]))])
    # each use of a shared text is a cell of some sheet, and a workbook has not more of them than cells
    if texts > max(MOST_CELLS, member.file_size // _FEWEST_BYTES_OF_A_TEXT):
        raise FileRefused(
            f"{name} was not imported: it says that it holds {texts:,} texts, and cannot.",
            ["It is damaged, or made to do harm.", SAVE_AS],
        )
    return spread.cells if is_ods else sheet.cells


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part's bytes, some at a time, never cut within a tag."""
    rest = b""
    with archive.open(member) as part:
        while chunk := part.read(_CHUNK):
            text = rest + chunk
            cut = text.rfind(b"<")
            # a tag that does not end within a chunk is none that we look for
            cut = len(text) if cut < 0 or len(text) - cut > _CHUNK else cut
            rest = text[cut:]
            yield text[:cut]
    yield rest


@dataclass(frozen=True)
class _Sheet:
    """The rectangle of an XLSX sheet so far: the furthest column and row, and cells that do not say their place."""

    columns: int = 0
    rows: int = 0
    placeless: int = 0

    def after(self, piece: bytes) -> "_Sheet":
        columns, rows, placeless = self.columns, self.rows, self.placeless
        for attributes in _CELL.findall(piece):
            place = _REFERENCE.search(attributes)
            if place is None:
                placeless += 1
            else:
                columns, rows = max(columns, _column_number(place[1])), max(rows, int(place[2]))
        return _Sheet(columns, rows, placeless)

    @property
    def cells(self) -> int:
        """Cells without a place follow one another: they are as many as the file has, in rows as it says."""
        return self.columns * self.rows + self.placeless


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


@dataclass(frozen=True)
class _Spread:
    """The rectangles of an ODS file's sheets so far; repeated cells and rows count as often as they are repeated."""

    before: int = 0
    row: int = 0
    column: int = 0
    repeated: int = 1
    height: int = 0
    width: int = 0

    def after(self, piece: bytes) -> "_Spread":
        before, row, column, repeated = self.before, self.row, self.column, self.repeated
        height, width = self.height, self.width
        for tag, attributes in _ODS_TAG.findall(piece):
            if tag == b"table":
                before, row, column, repeated, height, width = before + height * width, 0, 0, 0, 0, 0
            elif tag == b"table-row":
                row, column = row + repeated, 0
                repeated = _number(_ROWS_REPEATED, attributes)
            else:
                column += _number(_CELLS_REPEATED, attributes)
                if not attributes.endswith(b"/") or b"value" in attributes:
                    height, width = max(height, row + repeated), max(width, column)
        return _Spread(before, row, column, repeated, height, width)

    @property
    def cells(self) -> int:
        return self.before + self.height * self.width


def _number(pattern: re.Pattern[bytes], attributes: bytes) -> int:
    found = pattern.search(attributes)
    return int(found[1]) if found else 1
